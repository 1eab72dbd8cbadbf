"""A process that `qafila up` runs to its end: what it says is relayed, why it failed is one sentence."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from qafila.config.spawning import die_with_parent, uninterrupted
from qafila.config.trouble import Trouble


class Errand:
    """`python -m <words>`, started at once; several may run side by side."""

    def __init__(self, name: str, words: Sequence[str], logs: Path, say: Callable[[str], None]) -> None:
        self.say, self.log, self.answer = say, logs / f"{name}.log", logs / f"{name}.out"
        logs.mkdir(parents=True, exist_ok=True)
        self.told = 0
        with self.log.open("wb") as complaints, self.answer.open("wb") as printed, uninterrupted():
            self.process = subprocess.Popen(
                [sys.executable, "-m", *words],
                stdin=subprocess.DEVNULL,
                stdout=printed,
                stderr=complaints,
                start_new_session=True,
                # We have one thread, so a function between fork and exec is safe.
                preexec_fn=die_with_parent(),  # noqa: PLW1509
            )

    def finish(self) -> str:
        """What it printed, at its end. Refuses: it failed; the sentence is the last thing it said."""
        while self.process.poll() is None:
            self.relay()
            time.sleep(0.02)
        self.relay(last=True)
        if self.process.returncode != 0:
            lines = [line for line in self.log.read_text(errors="replace").splitlines() if line.strip()]
            reason = lines[-1] if lines else "no reason given"
            raise Trouble(f"Qafila could not start: {reason} (all of it: {self.log})")
        printed = self.answer.read_text(errors="replace")
        self.answer.unlink()  # it may hold log-ins
        return printed

    def relay(self, last: bool = False) -> None:
        """Shows the whole lines that are new; a traceback goes to the log alone."""
        text = self.log.read_text(errors="replace")
        whole = len(text) if last else text.rfind("\n") + 1
        for line in text[self.told : whole].splitlines():
            if line.strip() and self.process.returncode in (None, 0):
                self.say(line)
        self.told = max(whole, self.told)

    def cancel(self) -> None:
        """Ends it if it still runs."""
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait()
        with suppress(FileNotFoundError):
            self.answer.unlink()
