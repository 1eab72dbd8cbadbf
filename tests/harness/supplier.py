"""The supplier simulator as a process of its own, with its side doors; ended by its own pid."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

READY_WITHIN = 30.0


@dataclass
class Simulator:
    """One running simulator: `access` is what its access.json says."""

    home: Path
    process: subprocess.Popen[bytes]
    access: dict[str, Any]
    side: httpx.Client = field(repr=False)

    @property
    def data_dir(self) -> Path:
        """The data directory of a house that has this simulator: a registry finds both suppliers there."""
        return self.home.parent

    def ask(self, method: str, path: str, json: Any = None, **query: Any) -> Any:
        """A side door's answer; anything but success is an AssertionError with its words."""
        answer = self.side.request(method, path, json=json, params=query)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    def arm(self, name: str, step: str, when: str = "before", **more: Any) -> str:
        """Puts a fault in force and says which it is."""
        return str(self.ask("POST", "/faults", {"name": name, "step": step, "when": when, **more})["id"])

    def hits(self, fault: str) -> int:
        """How often it has hit."""
        return int(next(each["hits"] for each in listed(self.ask("GET", "/faults")) if each["id"] == fault))

    def calm(self) -> None:
        """No fault is in force any more, and the port that one of them closed is open again."""
        self.ask("DELETE", "/faults")
        until = time.monotonic() + 5
        while True:
            try:
                httpx.get(self.access["duffel"]["base"] + "/", timeout=0.3, trust_env=False)
            except httpx.HTTPError:
                assert time.monotonic() < until, "the simulator's port does not open again"
                time.sleep(0.02)
            else:
                return

    def orders(self, **query: Any) -> list[dict[str, Any]]:
        """What really exists: the orders with this key, locator …, whole."""
        return [self.order(each["locator"]) for each in listed(self.ask("GET", "/truth/orders", **query))]

    def order(self, locator: str) -> dict[str, Any]:
        """One order as it really is."""
        return dict(self.ask("GET", f"/truth/orders/{locator}"))


def listed(answer: Any) -> list[dict[str, Any]]:
    """A list, bare or under the only name of its wrapping."""
    return answer if isinstance(answer, list) else next(part for part in answer.values() if isinstance(part, list))


@contextmanager
def running(home: Path, *options: str) -> Iterator[Simulator]:
    """The simulator on free ports with its data in `home`, until the block ends."""
    home.mkdir(parents=True, exist_ok=True)
    (home / "access.json").unlink(missing_ok=True)
    with (home / "simulator.log").open("ab") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "simulator", "--port", "0", "--data-dir", str(home), *options],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
        )
    try:
        access = opened(process, home)
        with httpx.Client(base_url=access["control"], timeout=10, trust_env=False) as side:
            yield Simulator(home, process, access, side)
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def opened(process: subprocess.Popen[bytes], home: Path) -> dict[str, Any]:
    """What it says of itself once it is open."""
    until = time.monotonic() + READY_WITHIN
    while time.monotonic() < until and process.poll() is None:
        if (home / "access.json").exists():
            return dict(json.loads((home / "access.json").read_text()))
        time.sleep(0.02)
    words = (home / "simulator.log").read_text(errors="replace")[-2000:]
    raise AssertionError(f"The simulator does not open: {words}")
