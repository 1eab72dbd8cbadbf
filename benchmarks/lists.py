"""Lists and searches when there are a hundred thousand bookings, and whether they ask more of the database then."""

from __future__ import annotations

import threading
from collections.abc import Iterator

from benchmarks.bookings import TEMPLATE, document_of_one
from benchmarks.load import play, request
from benchmarks.place import Place
from benchmarks.table import Row
from benchmarks.world import HEADS, World, passport
from tests.harness.live import Live

PAGES = {
    "bookings, first page": "/api/v1/sales/bookings",
    "bookings, page 40": "/api/v1/sales/bookings?page=40",
    "bookings, a name searched": "/api/v1/sales/bookings?q=wan",
    "bookings on screen": "/sales/bookings",
    "tickets, first page": "/api/v1/tickets",
    "ticket queue on screen": "/tickets",
    "search, a name": "/api/v1/search?q=wan+abdul",
    "search, a number": "/api/v1/search?q=BK+4711",
    "search, a passport": "/api/v1/search?q=M0000123A",
    "search on screen": "/search?q=wan",
    "customers, first page": "/api/v1/customers",
    "customers, a name searched": "/api/v1/customers?q=mir",
    "customers on screen": "/parties/customers",
    "groups, first page": "/api/v1/groups",
    "groups on screen": "/groups",
    "home": "/app",
}
# Other people on every copy: a family name of their own, passports of their own.
WRITE = """
SELECT (sales_create_booking(jsonb_set(jsonb_set(replace(replace(replace(
        replace(replace(%(sale)s::text, %(name)s, initcap(told.name)), lower(%(name)s), told.name),
        %(one)s, 'M' || told.digits || 'A'), %(two)s, 'M' || told.digits || 'B'),
        %(three)s, 'M' || told.digits || 'C')::jsonb,
        '{booking,customer_id}', to_jsonb((%(people)s::bigint[])[1 + n / cardinality(%(groups)s::bigint[])])),
        '{package,group_id}', to_jsonb((%(groups)s::bigint[])[1 + n %% cardinality(%(groups)s::bigint[])])))
        ->> 'id')::bigint
  FROM generate_series(%(first)s::int, %(last)s::int) n,
       LATERAL (SELECT 'wan' || translate(substr(md5(n::text), 1, 4), '0123456789abcdef', 'aeiourstlnmkhdbg') AS name,
                       lpad(n::text, 7, '0') AS digits) told
"""
CHUNK = 500
TICKETED = 4000


def many(place: Place, world: World, live: Live, bookings: int) -> Iterator[Row]:
    """Every list's median time at that many bookings, and its queries before and after."""
    port = int(live.url.rsplit(":", 1)[1])
    shown = {name: path for name, path in PAGES.items() if _there(path)}
    before = {name: _queries(world, path) for name, path in shown.items()}
    for name in [name for name, queries in before.items() if queries < 0]:
        yield Row(name, "BROKEN", met=False, note=f"{shown.pop(name)} does not answer 200")
    fill(place, world, bookings)
    for name, path in shown.items():
        heard = play(port, [request("GET", path, world.token)] * 30, connections=1, warm=6)
        if heard.codes:
            raise RuntimeError(f"{path} was refused: {heard.statuses} {heard.codes}")
        after = _queries(world, path)
        steady = after - before[name] <= 3  # a list that was empty has something to look up now
        yield Row(
            name,
            f"{heard.p50:.0f} ms, {after} queries",
            target="< 100 ms, queries constant",
            met=heard.p50 < 100 and steady,
            note="" if steady else f"{before[name]} queries with few rows, {after} with many",
        )


def _there(path: str) -> bool:
    from django.urls import Resolver404, resolve

    try:
        resolve(path.partition("?")[0])
    except Resolver404:
        return False
    return True


def _queries(world: World, path: str) -> int:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(headers={"Authorization": f"Bearer {world.token}"}, raise_request_exception=False)
    client.get(path, headers={"Host": "127.0.0.1"})
    with CaptureQueriesContext(connection) as caught:
        answer = client.get(path, headers={"Host": "127.0.0.1"})
    return len(caught) if answer.status_code == 200 else -1


def fill(place: Place, world: World, count: int) -> None:
    """Bookings with three passengers through the product's own function, their seats, and their tickets."""
    from benchmarks import world as worlds

    groups = worlds.departures(max(8, count // 100))
    people = world.customers
    assert count // len(groups) < len(people)
    template = document_of_one(world, groups[0])
    given = {
        "sale": template,
        "name": worlds.LAST[TEMPLATE % len(worlds.LAST)],
        **{word: passport(TEMPLATE, head) for head, word in zip(range(HEADS), ("one", "two", "three"), strict=True)},
        "people": list(people),
        "groups": groups,
    }
    todo = list(range(0, count, CHUNK))
    made: list[int] = []
    faults: list[BaseException] = []

    def work() -> None:
        try:
            with place.app() as connection:
                while todo:
                    first = todo.pop()
                    asked = {**given, "first": first, "last": min(first + CHUNK, count) - 1}
                    made.extend(int(str(pk)) for (pk,) in connection.execute(WRITE, asked).fetchall())
        except IndexError:
            return
        except BaseException as fault:
            faults.append(fault)
            raise

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    if faults:
        raise faults[0]
    _seats(place, made)
    with place.owner() as connection:  # as autovacuum does in its own time
        connection.execute("VACUUM ANALYZE")
        for begin in range(0, len(made), TICKETED):
            _tickets(made[begin : begin + TICKETED])
            connection.execute("ANALYZE ticketing_ticketrecord")
        connection.execute("VACUUM ANALYZE")


def _seats(place: Place, made: list[int]) -> None:
    with place.app() as connection:
        connection.execute(
            "WITH sold AS (SELECT booking_id, group_id, adults + children AS seats FROM sales_packagesale"
            "               WHERE booking_id = ANY(%s)),"
            " moved AS (INSERT INTO groups_groupseatmovement (group_id, seats, reason, booking_id, user_name)"
            "           SELECT group_id, seats, 'booking', booking_id, 'Bench' FROM sold)"
            " UPDATE groups_travelgroup g SET booked_count = booked_count + s.seats FROM ("
            "   SELECT group_id, sum(seats) AS seats FROM sold GROUP BY group_id) s WHERE g.id = s.group_id",
            [made],
        )


def _tickets(made: list[int]) -> None:
    from django.db import transaction

    from qafila.kernel.actor import SYSTEM
    from qafila.ticketing.steps import sync

    with transaction.atomic():
        sync(SYSTEM, made)
