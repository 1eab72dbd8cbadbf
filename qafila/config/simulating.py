"""The supplier simulator beside the demo agency: a kept process that `qafila air` finds by its access.json."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from urllib.parse import urlsplit

from qafila.config.children import Child

HOST = "127.0.0.1"


class Simulator(Child):
    """The simulator on `place`. Started again, it takes the port it had, so that what was told about it stays true."""

    def __init__(self, place: Path, log: Path, port: int) -> None:
        super().__init__("supplier simulator", [], log)
        self.place, self.port, self.had = place, port, 0

    def start(self) -> None:
        """On the port that was asked for, else on the last one, else (somebody took that meanwhile) on any."""
        again = self.had if self.failures <= 1 else 0
        self.command = [
            sys.executable,
            "-m",
            "simulator",
            f"--host={HOST}",
            f"--port={self.port or again}",
            f"--data-dir={self.place}",
        ]
        super().start()

    def address(self) -> str:
        """Where it listens, once it does; empty before."""
        try:
            told = json.loads((self.place / "access.json").read_text())
        except (OSError, ValueError):
            return ""
        if self.process is None or told.get("pid") != self.process.pid:  # of one that died
            return ""
        base = str(told["duffel"]["base"])
        self.had = urlsplit(base).port or 0
        return base
