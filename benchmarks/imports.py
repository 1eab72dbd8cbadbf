"""The import of a departure list of ten thousand passengers."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from benchmarks import world as worlds
from benchmarks.load import play, request
from benchmarks.place import Place
from benchmarks.table import Row
from benchmarks.world import World, travellers
from tests.harness.live import Live

PATH = "/api/v1/sales/bookings/import"
A_REQUEST = 250  # bookings
HEADS = 4


def passengers(place: Place, world: World, live: Live, count: int) -> Row:
    """Through POST /sales/bookings/import, a request after the other, and how much larger the web processes grew."""
    bookings = count // HEADS
    groups = worlds.departures(max(1, -(-count // worlds.SEATS)))
    port = int(live.url.rsplit(":", 1)[1])
    asked = [
        request("POST", PATH, world.token, _body(begin, min(bookings, begin + A_REQUEST), groups))
        for begin in range(0, bookings, A_REQUEST)
    ]
    begun = time.perf_counter()
    play(port, asked[:1], connections=1, limit=120)
    after_one = _memory(live)
    heard = play(port, asked[1:], connections=1, limit=300)
    seconds = time.perf_counter() - begun
    grown = _memory(live) - after_one
    if heard.codes:
        raise RuntimeError(f"Imports were refused: {heard.codes}")
    with place.app() as connection:
        found = connection.execute(
            "SELECT count(*) FROM sales_passenger JOIN sales_packagesale s USING (booking_id)"
            " WHERE s.group_id = ANY(%s)",
            [groups],
        ).fetchone()
    assert found == (bookings * HEADS,), found
    return Row(
        f"import of {bookings * HEADS:,} passengers",
        f"{seconds:.1f} s, +{grown:.0f} MB",
        target="< 20 s, constant memory" if count >= 10_000 else "in proportion",
        met=seconds * 10_000 / count < 20 and grown < 32,
        note=f"{bookings} bookings in {len(asked)} requests, one after the other; memory: both web processes together,"
        " from after the first request to the end",
    )


def _body(begin: int, end: int, groups: list[int]) -> dict[str, Any]:
    bookings = [
        {
            "booking_ref": f"IMP-{n}",
            "customer_phone": f"+9198{n:08d}",
            "booking_type": "umrah",
            "passengers": [
                {**person, "passport_no": f"{'ABDEFGHJ'[head]}{n:07d}"}
                for head, person in enumerate(travellers(n, HEADS))
            ],
        }
        for n in range(begin, end)
    ]
    return {"group_id": groups[begin * HEADS // worlds.SEATS], "bookings": bookings}


def _memory(live: Live) -> float:
    """Megabytes that the web processes hold."""
    total = 0
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            told = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
        except OSError:
            continue
        if told.get("PPid", "").strip() == str(live.process.pid):
            total += int(told["VmRSS"].split()[0])
    return total / 1024
