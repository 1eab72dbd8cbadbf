"""What the work cost in processor time: on a machine that others use too it says more than the clock."""

from __future__ import annotations

import os
import resource
from pathlib import Path

from benchmarks.place import Place
from qafila.config.keeper import postmaster
from tests.harness.live import Live

TICKS = os.sysconf("SC_CLK_TCK")


class Meter:
    """Processor seconds of server and web processes (the load left out) or of server and pgbench, since the start."""

    def __init__(self, place: Place, live: Live | None = None) -> None:
        self.roots = [postmaster(place.running.cluster), *([live.process.pid] if live else [])]
        self.pgbench = live is None
        self.begun = self._spent()

    def each(self, times: int) -> float:
        """Milliseconds a time."""
        return 1000 * (self._spent() - self.begun) / times

    def _spent(self) -> float:
        total = 0.0
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                told = stat.read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(stat.parent.name) in self.roots:  # with those of its children that have ended
                total += sum(map(int, told[11:15])) / TICKS
            elif int(told[1]) in self.roots:
                total += sum(map(int, told[11:13])) / TICKS
        if self.pgbench:
            used = resource.getrusage(resource.RUSAGE_CHILDREN)
            total += used.ru_utime + used.ru_stime
        return total
