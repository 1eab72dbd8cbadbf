"""`make bench` (or `qafila bench`): one table, the product beside PostgreSQL's own limit. README.md says how."""

from __future__ import annotations

import argparse
import os
import platform
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from benchmarks.place import Place, opened
from benchmarks.table import Row, table
from tests.harness.live import Live


@dataclass(frozen=True)
class Size:
    """How much is measured."""

    bookings: int = 2400
    rounds: int = 3
    contended: int = 1500
    groups: int = 64
    customers: int = 2000


SIZES = {
    "full": Size(),
    "short": Size(bookings=960, rounds=1, contended=600, customers=1000),
    "tiny": Size(bookings=48, rounds=1, contended=32, groups=4, customers=120),
}


def measured(place: Place, size: Size) -> dict[str, Callable[[Live], Iterator[Row]]]:
    """What can be measured, by name, in the order in which it is."""
    from benchmarks import bookings, world

    made = world.build(size.groups, size.customers)

    def of_bookings(live: Live) -> Iterator[Row]:
        yield bookings.spread(place, made, live, size.bookings, size.rounds)

    def of_one_group(live: Live) -> Iterator[Row]:
        yield bookings.contended(place, made, live, size.contended)

    return {"bookings": of_bookings, "contended": of_one_group}


def main() -> None:
    """Measures what is asked and prints the table."""
    reader = argparse.ArgumentParser(prog="qafila bench", description=__doc__)
    sizes = reader.add_mutually_exclusive_group()
    sizes.add_argument("--short", dest="size", action="store_const", const="short", help="under 3 minutes")
    sizes.add_argument("--tiny", dest="size", action="store_const", const="tiny", help="only shows that it runs")
    reader.add_argument("--only", metavar="NAME", action="append", help="one of the rows by its name; may be repeated")
    asked = reader.parse_args()
    begun = time.monotonic()
    rows: list[Row] = []
    with opened() as place:
        say("The agency is founded …")
        jobs = measured(place, SIZES[asked.size or "full"])
        unknown = set(asked.only or ()) - set(jobs)
        if unknown:
            sys.exit(f"{', '.join(unknown)}: choose from {', '.join(jobs)}.")
        with place.web() as live:
            for name, job in jobs.items():
                if not asked.only or name in asked.only:
                    say(f"{time.monotonic() - begun:4.0f} s  {name} …")
                    rows += job(live)
        durability = place.durability()
    print(table(rows))
    print(
        f"\nPython {platform.python_version()}, {os.cpu_count()} cores shared by server, database and load, "
        f"{durability}; load average at the end {os.getloadavg()[0]:.1f}; {time.monotonic() - begun:.0f} s in all."
    )


def say(text: str) -> None:
    """Progress: standard error, so that standard output is the table."""
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
