"""`make bench` runs: with tiny numbers, because what it measures depends on the machine and is asserted nowhere."""

from __future__ import annotations

import os
import subprocess
import sys

from benchmarks.table import Row, table
from tests.harness.server import ROOT

ROWS = ("bookings", "contended", "batch", "journals")


def measured(*names: str) -> str:
    """What the bench prints of these, in its tiny size."""
    inherited = {
        k: v for k, v in os.environ.items() if not k.startswith(("QAFILA_", "DATABASE_", "DJANGO_", "PYTEST_"))
    }
    command = [sys.executable, "-m", "benchmarks", "--tiny", *(f"--only={name}" for name in names)]
    done = subprocess.run(command, cwd=ROOT, env=inherited, capture_output=True, text=True, check=False, timeout=240)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_bench_prints_its_table_and_sells_no_seat_twice() -> None:
    printed = measured(*ROWS)
    heads, rule, *lines = printed.splitlines()
    assert heads.split() == ["work", "product", "pgbench", "ratio", "target", "met"]
    assert set(rule) == {"-", " "}
    assert [line.split("  ")[0] for line in lines[: len(ROWS)]] == [
        "package booking over HTTP, 16 clients",
        "the same, all on one departure",
        "6-line journals, 100 in a batch",
        "6-line journals over HTTP, 16 clients",
    ]
    assert "rows a booking, product and limit: the same" in printed
    assert "96 of 96 seats sold to 32 bookings, 96 in the movements, 16 refused for want of seats" in printed
    assert "fsync on" in printed


def test_the_bench_measures_the_suppliers_without_a_database() -> None:
    printed = measured("suppliers")
    rows, _, notes = printed.partition("\n\n")
    lines = rows.splitlines()[2:]
    assert [line.split("  ")[0] for line in lines] == [
        "simulator: PNR reads, stateless",
        "simulator: PNR reads, in a session",
        "simulator: Duffel order reads",
        "simulator: Amadeus search, a family there and back",
        "simulator: Duffel search, the same",
        "Amadeus search, a family there and back",
        "Amadeus order held, priced and issued, 1 thread",
        "Amadeus order held, priced and issued, 8 threads",
        "masking one exchange, Amadeus order",
        "Duffel search, a family there and back",
        "Duffel order held, priced and issued, 1 thread",
        "Duffel order held, priced and issued, 8 threads",
        "masking one exchange, Duffel order",
    ]
    assert [line.endswith((" yes", " NO")) for line in lines] == [True] * 5 + [False] * 8
    orders = [note for note in notes.splitlines() if " order held, " in note]
    assert len(orders) == 4
    assert all(share in note for note in orders for share in ("client", "masking", "reading", "the rest"))
    assert "fsync" not in printed


def test_what_is_not_met_is_not_hidden() -> None:
    drawn = table([Row("work", "10/s", "100/s", 0.1, ">= 0.40", False, "why"), Row("more", "1 ms", met=True)])
    assert "0.10   >= 0.40  NO" in drawn
    assert "work: why" in drawn
