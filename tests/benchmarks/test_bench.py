"""`make bench` runs: with tiny numbers, because what it measures depends on the machine and is asserted nowhere."""

from __future__ import annotations

import os
import subprocess
import sys

from benchmarks.table import Row, table
from tests.harness.server import ROOT

ROWS = ("bookings", "contended", "batch", "journals")


def test_the_bench_prints_its_table_and_sells_no_seat_twice() -> None:
    inherited = {
        k: v for k, v in os.environ.items() if not k.startswith(("QAFILA_", "DATABASE_", "DJANGO_", "PYTEST_"))
    }
    command = [sys.executable, "-m", "benchmarks", "--tiny", *(f"--only={name}" for name in ROWS)]
    done = subprocess.run(command, cwd=ROOT, env=inherited, capture_output=True, text=True, check=False, timeout=240)
    assert done.returncode == 0, done.stdout + done.stderr
    heads, rule, *lines = done.stdout.splitlines()
    assert heads.split() == ["work", "product", "pgbench", "ratio", "target", "met"]
    assert set(rule) == {"-", " "}
    assert [line.split("  ")[0] for line in lines[: len(ROWS)]] == [
        "package booking over HTTP, 16 clients",
        "the same, all on one departure",
        "6-line journals, 100 in a batch",
        "6-line journals over HTTP, 16 clients",
    ]
    assert "rows a booking, product and limit: the same" in done.stdout
    assert "96 of 96 seats sold to 32 bookings, 96 in the movements, 16 refused for want of seats" in done.stdout
    assert "fsync on" in done.stdout


def test_what_is_not_met_is_not_hidden() -> None:
    drawn = table([Row("work", "10/s", "100/s", 0.1, ">= 0.40", False, "why"), Row("more", "1 ms", met=True)])
    assert "0.10   >= 0.40  NO" in drawn
    assert "work: why" in drawn
