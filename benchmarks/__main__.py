"""`make bench` (or `qafila bench`): one table, the product beside PostgreSQL's own limit. README.md says how."""

from __future__ import annotations

import argparse
import os
import platform
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

from benchmarks import bookings, books, imports, journals, lists, papers, start, suppliers
from benchmarks import world as worlds
from benchmarks.place import Place, opened
from benchmarks.table import Row, table
from benchmarks.world import World
from tests.harness.live import Live


@dataclass(frozen=True)
class Size:
    """How much is measured."""

    bookings: int = 2400
    rounds: int = 3
    contended: int = 1500
    groups: int = 64
    customers: int = 2000
    batches: int = 30
    journals: int = 2400
    lines: int = 5_000_000
    listed: int = 100_000
    imported: int = 10_000
    papers: int = 200
    reads: int = 8000
    searches: int = 250
    orders: int = 120


NAMES = ("suppliers", "bookings", "contended", "batch", "journals", "papers", "import", "lists", "books", "start")
SIZES = {
    "full": Size(),
    "short": Size(
        bookings=960,
        rounds=1,
        contended=600,
        customers=1000,
        batches=10,
        journals=960,
        lines=120_000,
        listed=5000,
        imported=2000,
        papers=50,
        reads=3000,
        searches=80,
        orders=32,
    ),
    "tiny": Size(
        bookings=48,
        rounds=1,
        contended=32,
        groups=4,
        customers=120,
        batches=1,
        journals=48,
        lines=12_000,
        listed=400,
        imported=40,
        papers=4,
        reads=40,
        searches=4,
        orders=3,
    ),
}


Job = Callable[[World, Live], Iterable[Row]]


def jobs_on(place: Place, size: Size) -> dict[str, Job]:
    """What can be measured, by name, in the order in which it is."""
    return {
        "bookings": lambda world, live: [bookings.spread(place, world, live, size.bookings, size.rounds)],
        "contended": lambda world, live: [bookings.contended(place, world, live, size.contended)],
        "batch": lambda world, live: [journals.batch(place, world, size.batches, size.rounds)],
        "journals": lambda world, live: [journals.singly(place, world, live, size.journals, size.rounds)],
        "papers": lambda world, live: [papers.invoices(world, live, size.papers)],
        "import": lambda world, live: [imports.passengers(place, world, live, size.imported)],
        "lists": lambda world, live: lists.many(place, world, live, size.listed),
        "books": lambda world, live: books.thick(place, world, live, size.lines),
        "start": lambda world, live: [start.cold(place.home)],
    }


def main() -> None:
    """Measures what is asked and prints the table."""
    reader = argparse.ArgumentParser(prog="qafila bench", description=__doc__)
    sizes = reader.add_mutually_exclusive_group()
    sizes.add_argument("--short", dest="size", action="store_const", const="short", help="under 3 minutes")
    sizes.add_argument("--tiny", dest="size", action="store_const", const="tiny", help="only shows that it runs")
    reader.add_argument("--only", metavar="NAME", action="append", choices=NAMES, help="only this; may be repeated")
    asked = reader.parse_args()
    size = SIZES[asked.size or "full"]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # whoever ends us leaves no server and no directory behind
    names = asked.only or NAMES
    begun = time.monotonic()
    rows: list[Row] = []
    around = ""
    if "suppliers" in names:  # before there is a database: beside nothing else
        rows += tried("suppliers", begun, lambda: suppliers.side(size.reads, size.searches, size.orders))
    if set(names) - {"suppliers"}:
        with opened() as place:
            world = worlds.build(size.groups, size.customers)
            with place.web() as live:
                for name, job in jobs_on(place, size).items():
                    if name in names:
                        rows += tried(name, begun, partial(job, world, live))
            around = f"{place.durability()}; "
    print(table(rows))
    print(
        f"\nPython {platform.python_version()}, {os.cpu_count()} cores shared by server, database and load, "
        f"{around}load average at the end {os.getloadavg()[0]:.1f}; {time.monotonic() - begun:.0f} s in all."
    )
    sys.exit(any(row.product == "BROKEN" for row in rows))


def tried(name: str, begun: float, job: Callable[[], Iterable[Row]]) -> list[Row]:
    """The rows of a job; one that breaks is a row that says so, and the others are still measured."""
    say(f"{time.monotonic() - begun:4.0f} s  {name} …")
    try:
        return list(job())
    except Exception as fault:
        traceback.print_exc()
        return [Row(name, "BROKEN", met=False, note=f"{type(fault).__name__}: {fault}"[:400])]


def say(text: str) -> None:
    """Progress: standard error, so that standard output is the table."""
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
