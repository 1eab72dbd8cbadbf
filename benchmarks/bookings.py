"""Bookings over HTTP: spread over many departures, and all on one."""

from __future__ import annotations

import json
from typing import Any

from benchmarks import world as worlds
from benchmarks.cpu import Meter
from benchmarks.limit import Rows, named, pgbench, places
from benchmarks.load import CONNECTIONS, Heard, play, request
from benchmarks.place import Place
from benchmarks.table import Row
from benchmarks.world import World, booking, passport, travellers
from tests.harness.live import Live

PATH = "/api/v1/sales/bookings"
TEMPLATE = 99_999_999  # the booking whose document the limit's own are copied from


def spread(place: Place, world: World, live: Live, count: int, rounds: int) -> Row:
    """Bookings on every departure in turn, product and limit taking turns too."""
    product, limit, rows = _taking_turns(place, world, live, world.groups, count, rounds)
    ratio = _mean([heard.rate for heard in product]) / _mean(limit)
    p99 = max(heard.p99 for heard in product)
    return Row(
        "package booking over HTTP, 16 clients",
        f"{_mean([h.rate for h in product]):.0f}/s, p99 {p99:.0f} ms",
        f"{_mean(limit):.0f}/s",
        ratio,
        ">= 0.40, p99 < 150 ms",
        ratio >= 0.40 and p99 < 150,
        f"p50 {product[-1].p50:.1f} ms; the load took {product[-1].cpu:.0%} of a core; rows a booking, product"
        f" and limit: {rows}",
    )


def contended(place: Place, world: World, live: Live, count: int) -> Row:
    """Everybody wants the same departure: more ask than there are seats, and exactly the seats are sold."""
    from qafila.groups.models import GroupSeatMovement, TravelGroup
    from qafila.reports.verify import verify_all

    (group,) = worlds.departures(1, seats=count * worlds.HEADS)
    heard = _sell(world, live, (group,), count + CONNECTIONS, warm=0, first=50_000_000)
    row = TravelGroup.objects.get(pk=group)
    moved = sum(GroupSeatMovement.objects.filter(group_id=group).values_list("seats", flat=True))
    differences = verify_all()
    sound = row.booked_count == moved == row.total_capacity == heard.ok * worlds.HEADS and not differences
    if set(heard.codes) - {"SEATS_EXHAUSTED"}:
        raise RuntimeError(f"Bookings were refused: {heard.codes}")
    open_groups = worlds.departures(1)
    _prepare(place, world, open_groups, places(CONNECTIONS, max(1, count // CONNECTIONS), 600_000))
    limit = _limit(place, world, max(1, count // CONNECTIONS), first=600_000)
    return Row(
        "the same, all on one departure",
        f"{heard.rate:.0f}/s, p99 {heard.p99:.0f} ms",
        f"{limit:.0f}/s",
        heard.rate / limit,
        ">= 150/s, never oversold",
        heard.rate >= 150 and sound,
        f"{row.booked_count} of {row.total_capacity} seats sold to {heard.ok} bookings, {moved} in the movements,"
        f" {sum(heard.codes.values())} refused for want of seats, {len(differences)} differences"
        " found by qafila verify",
    )


def _taking_turns(
    place: Place, world: World, live: Live, groups: tuple[int, ...], count: int, rounds: int
) -> tuple[list[Heard], list[float], str]:
    each = max(1, count // CONNECTIONS)
    warm = 2 * CONNECTIONS
    product, limit = [], []
    _prepare(place, world, groups, [n for turn in range(rounds) for n in places(CONNECTIONS, each, turn * each)])
    _sell(world, live, groups, warm, warm=0, first=rounds * count)
    counted = Rows(place)
    same = "the same"
    for turn in range(rounds):
        meter = Meter(place, live)
        heard = _sell(world, live, groups, count, warm=0, first=turn * count)
        cost = [meter.each(count)]
        if heard.codes:
            raise RuntimeError(f"Bookings were refused: {heard.codes}")
        ours = counted.gained(heard.ok)
        product.append(heard)
        meter = Meter(place)
        limit.append(_limit(place, world, each, first=turn * each))
        cost.append(meter.each(each * CONNECTIONS))
        theirs = counted.gained(each * CONNECTIONS)
        if ours != theirs:
            different = sorted(name for name in {*ours, *theirs} if ours.get(name) != theirs.get(name))
            same = "DIFFERENT in " + ", ".join(f"{n} {ours.get(n, 0)}/{theirs.get(n, 0)}" for n in different)
    rows = f"{same}, {sum(ours.values()):.0f}" if same == "the same" else same
    rows += f"; processor time a booking: {cost[0]:.1f} ms, pgbench {cost[1]:.1f} ms"
    return product, limit, rows


def _sell(world: World, live: Live, groups: tuple[int, ...], count: int, *, warm: int, first: int) -> Heard:
    port = int(live.url.rsplit(":", 1)[1])
    asked = (
        request("POST", PATH, world.token, booking(world, first + n, groups), f"b{first + n}") for n in range(count)
    )
    return play(port, list(asked), warm=warm)


# -- the limit --------------------------------------------------------------------------------------------------------


def _prepare(place: Place, world: World, groups: tuple[int, ...] | list[int], numbers: list[int] | Any) -> None:
    """The documents that the limit writes: the product's own for one booking, with other people's names on it."""
    document = document_of_one(world, groups[0])
    with place.owner() as connection:
        connection.execute("DROP TABLE IF EXISTS bench.sale")
        connection.execute(
            "CREATE TABLE bench.sale (n bigint PRIMARY KEY, group_id bigint, body_hash text, sale text, answer text)"
        )
        connection.execute("GRANT SELECT ON bench.sale TO qafila_app")
        answer = json.dumps({"id": 1, "number": "BK-2026-000001", "passengers": travellers(1)})
        with connection.cursor().copy("COPY bench.sale FROM STDIN") as copy:
            for at, n in enumerate(numbers):
                group, customer = groups[at % len(groups)], world.customers[-1 - at // len(groups)]
                copy.write_row((n, group, "0" * 64, _retold(document, n, group, customer), answer))
        connection.execute("VACUUM ANALYZE bench.sale")


def document_of_one(world: World, group: int) -> str:
    """What the product hands to its own SQL function for one booking; taken back afterwards."""
    from django.db import connection

    from qafila.identity.queries import actor_of
    from qafila.kernel.transaction import rehearse
    from qafila.sales.actions.create_booking import create_booking
    from qafila.sales.schemas import BookingIn

    seen: list[str] = []

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if "sales_create_booking" in sql:
            seen.append(params[0])
        return execute(sql, params, many, context)

    asked = {"group_id": group, "customer_id": world.customers[-1], "passengers": travellers(TEMPLATE)}
    with connection.execute_wrapper(watch):
        rehearse(create_booking, actor=actor_of(world.user_id), booking=BookingIn.model_validate(asked))
    return seen[0]


def _retold(document: str, n: int, group: int, customer: int) -> str:
    for head in range(worlds.HEADS):
        old, new = passport(TEMPLATE, head), f"{'KLMNOP'[head]}{n:08d}"
        document = document.replace(old, new).replace(old.lower(), new.lower())
    told = json.loads(document)
    told["booking"]["customer_id"], told["package"]["group_id"] = customer, group
    return json.dumps(told)


def _limit(place: Place, world: World, each: int, first: int) -> float:
    """The statements with which the product writes a booking; its reads (who asks, what is offered) are left out."""
    from qafila.groups.steps import TAKE

    take = named(
        TAKE,
        seats=str(worlds.HEADS),
        group=":group",
        day="current_date",
        reason="'booking'",
        booking=":made",
        user=str(world.user_id),
        name="'Bench'",
    )
    script = f"""
BEGIN;
INSERT INTO kernel_idempotencykey (user_id, key, route, body_hash)
SELECT {world.user_id}, 'limit-' || n, 'POST {PATH}', body_hash FROM bench.sale WHERE n = :n
    ON CONFLICT (user_id, key) DO NOTHING RETURNING id;
SELECT (sales_create_booking(sale::jsonb) ->> 'id')::bigint AS made, group_id AS group
  FROM bench.sale WHERE n = :n \\gset
{take.strip()};
UPDATE kernel_idempotencykey SET status = 201, answer = (SELECT answer::jsonb FROM bench.sale WHERE n = :n)
 WHERE user_id = {world.user_id} AND key = 'limit-' || :n;
COMMIT;
"""
    return pgbench(place, script, clients=CONNECTIONS, each=each, first=first)


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)
