"""Balanced six-line journals: many in one statement, and one by one through the API."""

from __future__ import annotations

import itertools
import json
import time
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from benchmarks.cpu import Meter
from benchmarks.limit import pgbench, places
from benchmarks.load import CONNECTIONS, play, request
from benchmarks.place import Place
from benchmarks.table import Row
from benchmarks.world import World
from tests.harness.live import Live

if TYPE_CHECKING:
    from qafila.ledger.types import Entry

PATH = "/api/v1/finance/journals"
BATCH = 100
SIDES = (("1101", 10500), ("4022", -9000), ("2061-C", -225), ("2061-S", -225), ("4031", -900), ("2065", -150))
POST = "SELECT count(*) FROM ledger_post((SELECT asked::jsonb FROM bench.journal WHERE n = :n), NULL, 'Bench', false);"
_keys = itertools.count(1)


def batch(place: Place, world: World, batches: int, rounds: int) -> Row:
    """`ledger.steps.post_many` of a hundred entries a transaction, one process beside one pgbench client."""
    _prepare(place, world, [n for turn in range(rounds) for n in places(1, batches, turn * batches)], BATCH)
    product, limit = [], []
    _post_many(world, 2)
    for turn in range(rounds):
        product.append(_post_many(world, batches))
        limit.append(BATCH * pgbench(place, POST, clients=1, each=batches, first=turn * batches))
    return _row(f"6-line journals, {BATCH} in a batch", product, limit, 0.5, "one process, one pgbench client")


def singly(place: Place, world: World, live: Live, count: int, rounds: int) -> Row:
    """POST /finance/journals, one entry each, beside pgbench posting the entry alone (no audit, no search, no key)."""
    each = max(1, count // CONNECTIONS)
    _prepare(place, world, [n for turn in range(rounds) for n in places(CONNECTIONS, each, turn * each)], 1)
    port = int(live.url.rsplit(":", 1)[1])
    product, limit, p99, cost = [], [], 0.0, [0.0, 0.0]
    play(port, _requests(world, 2 * CONNECTIONS))
    for turn in range(rounds):
        meter = Meter(place, live)
        heard = play(port, _requests(world, count))
        cost[0] = meter.each(count)
        if heard.codes:
            raise RuntimeError(f"Journals were refused: {heard.codes}")
        product.append(heard.rate)
        p99 = max(p99, heard.p99)
        meter = Meter(place)
        limit.append(pgbench(place, POST, clients=CONNECTIONS, each=each, first=turn * each))
        cost[1] = meter.each(each * CONNECTIONS)
    return _row(
        "6-line journals over HTTP, 16 clients",
        product,
        limit,
        0.25,
        f"p99 {p99:.0f} ms; processor time each: {cost[0]:.1f} ms, pgbench {cost[1]:.1f} ms",
    )


def _row(work: str, product: list[float], limit: list[float], target: float, note: str) -> Row:
    ours, theirs = sum(product) / len(product), sum(limit) / len(limit)
    ratio = ours / theirs
    return Row(work, f"{ours:.0f}/s", f"{theirs:.0f}/s", ratio, f">= {target:.2f}", ratio >= target, note)


def _requests(world: World, count: int) -> list[bytes]:
    sides = [
        {
            "account": code,
            "debit" if amount > 0 else "credit": str(abs(amount)),
            "party_id": world.customers[0] if code == "1101" else None,
        }
        for code, amount in SIDES
    ]
    body = {"narration": "Six lines", "lines": sides}
    return [request("POST", PATH, world.token, body, f"journal-{next(_keys)}") for _ in range(count)]


def _entries(world: World, count: int) -> list[Entry]:
    from qafila.kernel import clock
    from qafila.ledger.types import Entry, Line

    today = clock.today()
    made = []
    for _ in range(count):
        lines = tuple(
            Line(
                account=code,
                debit=Decimal(max(amount, 0)),
                credit=Decimal(max(-amount, 0)),
                party_id=world.customers[next(_keys) % len(world.customers)] if code == "1101" else None,
            )
            for code, amount in SIDES
        )
        made.append(Entry("bench", "posted", f"b{next(_keys)}", today, "Six lines", lines))
    return made


def _post_many(world: World, batches: int) -> float:
    """Entries a second, building them left out, reading their ids in."""
    from django.db import transaction

    from qafila.identity.queries import actor_of
    from qafila.ledger.steps import post_many

    actor = actor_of(world.user_id)
    prepared = [_entries(world, BATCH) for _ in range(batches)]
    begun = time.perf_counter()
    for entries in prepared:
        with transaction.atomic():
            post_many(actor, entries)
    return batches * BATCH / (time.perf_counter() - begun)


def _prepare(place: Place, world: World, numbers: list[int], size: int) -> None:
    """What `ledger_post` is asked, as the product asks it, each with keys of its own."""
    asked = _asked(world, size)
    with place.owner() as connection:
        connection.execute("DROP TABLE IF EXISTS bench.journal")
        connection.execute("CREATE TABLE bench.journal (n bigint PRIMARY KEY, asked text)")
        connection.execute("GRANT SELECT ON bench.journal TO qafila_app")
        with connection.cursor().copy("COPY bench.journal FROM STDIN") as copy:
            for n in numbers:
                for entry in asked["entries"]:
                    entry["key"] = f"limit-{size}-{n}-{entry['e']}"
                copy.write_row((n, json.dumps(asked)))
        connection.execute("VACUUM ANALYZE bench.journal")


def _asked(world: World, size: int) -> dict[str, Any]:
    from django.db import connection, transaction

    from qafila.identity.queries import actor_of
    from qafila.ledger.steps import post_many

    seen: list[str] = []

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if "ledger_post" in sql:
            seen.append(params[0])
        return execute(sql, params, many, context)

    with transaction.atomic(), connection.execute_wrapper(watch):
        post_many(actor_of(world.user_id), _entries(world, size))
        transaction.set_rollback(True)
    found: dict[str, Any] = json.loads(seen[0])
    return found
