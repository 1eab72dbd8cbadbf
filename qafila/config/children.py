"""A process that `qafila up` keeps running: started so that it cannot outlive us, restarted when it dies."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from qafila.config.spawning import die_with_parent, uninterrupted

STEADY = 60.0  # seconds after which a child is no longer suspected
LONGEST_PAUSE = 30.0
MOST_FAILURES = 8
LOG_LIMIT = 20 * 1024 * 1024


def end_when_orphaned(grace: float) -> None:
    """Ends this process `grace` seconds after its parent died, even when it cannot finish (the database went too)."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        time.sleep(grace)
        os._exit(1)

    threading.Thread(target=watch, name="orphan watch", daemon=True).start()


@dataclass
class Child:
    """One kept process with its log; `failures` counts deaths in a row."""

    name: str
    command: list[str]
    log: Path
    failures: int = 0
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    due: float = field(default=0.0)

    def start(self) -> None:
        """Starts it, in a session of its own: Ctrl-C at the keyboard reaches us, and we stop it in order."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as out, uninterrupted():
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
                # We have one thread, so a function between fork and exec is safe.
                preexec_fn=die_with_parent(),  # noqa: PLW1509
            )
        self.started = time.monotonic()

    def died(self) -> int | None:
        """Its exit status when it is gone, else None."""
        return self.process.poll() if self.process else None

    def bury(self) -> float:
        """After a death: ends what is left of its family and says in how many seconds to start it again."""
        self.kill()
        self.failures = 1 if time.monotonic() - self.started > STEADY else self.failures + 1
        pause = min(0.25 * 2.0**self.failures, LONGEST_PAUSE)
        self.due = time.monotonic() + pause
        self.process = None
        return pause

    def ask_to_stop(self) -> None:
        """SIGTERM: finish what you are doing."""
        if self.process and self.process.poll() is None:
            self.process.terminate()

    def kill(self) -> None:
        """SIGKILL to it and to everything it started."""
        if self.process:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def last_words(self) -> str:
        """The last line of its log."""
        try:
            lines = self.log.read_text(errors="replace")[-4000:].strip().splitlines()
        except OSError:
            return ""
        return lines[-1] if lines else ""
