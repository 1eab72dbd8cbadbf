"""The simulator from the outside: started, asked at its side doors, ended."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Any

import httpx


class Simulated:
    """A running simulator. `access` is what it tells its clients, `data_dir` the house it stands in."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self.access: dict[str, Any] = {}

    def __enter__(self) -> Simulated:
        home = self.data_dir / "simulator"
        self.process = subprocess.Popen(  # noqa: S603 - our own simulator
            [sys.executable, "-m", "simulator", "--port", "0", "--data-dir", str(home)],
            stdout=subprocess.DEVNULL,
            cwd=Path(__file__).parents[4],
        )
        until = time.monotonic() + 60
        while not (home / "access.json").exists():
            assert self.process.poll() is None, "the simulator ended at once"
            assert time.monotonic() < until, "the simulator did not open"
            time.sleep(0.05)
        self.access = json.loads((home / "access.json").read_text())
        self.doors = httpx.Client(base_url=self.access["control"], trust_env=False, timeout=30)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.doors.close()
        self.process.terminate()
        self.process.wait(30)

    def ask(self, method: str, path: str, told: object = None) -> Any:
        """What a side door answers."""
        reply = self.doors.request(method, path, json=told)
        assert reply.status_code < 300, reply.text
        return reply.json() if reply.content else None

    def fault(self, name: str, step: str, when: str, **told: Any) -> None:
        """Arms a fault, once unless told otherwise."""
        self.ask("POST", "/faults", {"name": name, "step": step, "when": when, "times": 1} | told)

    def truth(self, key: str) -> list[dict[str, Any]]:
        """What really happened to the orders made with this key."""
        found = self.ask("GET", f"/truth/orders?key={key}")
        orders: list[dict[str, Any]] = found["orders"] if isinstance(found, dict) else found
        return orders
