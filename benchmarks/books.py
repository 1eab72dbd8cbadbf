"""The books when they are thick: trial balance and the statement of a busy customer."""

from __future__ import annotations

import threading
from collections.abc import Iterator

from benchmarks.load import play, request
from benchmarks.place import Place
from benchmarks.table import Row
from benchmarks.world import World
from tests.harness.live import Live

BATCH = 2000
ASKED = """
SELECT count(*) FROM ledger_post(
    (WITH e AS (SELECT i, (%(first)s::int + i) AS n FROM generate_series(1, %(size)s::int) i),
          side (k, account, amount) AS (VALUES (1, '1101', 10500), (2, '4022', -9000), (3, '2061-C', -225),
                                               (4, '2061-S', -225), (5, '4031', -900), (6, '2065', -150))
     SELECT jsonb_build_object(
         'entries', (SELECT jsonb_agg(jsonb_build_object('e', i, 'date', %(day)s::date - n %% %(days)s::int,
             'source', 'bench', 'event', 'filled', 'key', n::text, 'origin', 'operation', 'narration', 'A bill',
             'break_glass', false, 'reason', '')) FROM e),
         'lines', (SELECT jsonb_agg(jsonb_build_object('e', i, 'n', k, 'account', account, 'debit', greatest(amount, 0),
             'credit', greatest(-amount, 0), 'memo', '', 'party_id', CASE k WHEN 1 THEN CASE WHEN n %% 100 = 0
             THEN %(busy)s::bigint ELSE (%(people)s::bigint[])[1 + n %% cardinality(%(people)s::bigint[])] END END))
             FROM e, side))),
    NULL, 'Bench', false)
"""


def thick(place: Place, world: World, live: Live, lines: int) -> Iterator[Row]:
    """Both at a tenth of the lines and at all of them: only the statement may know the difference."""
    entries = max(BATCH, lines // 6)
    fill(place, world, 0, entries // 10)
    early = _times(live, world)
    fill(place, world, entries // 10, entries)
    late = _times(live, world)
    with place.app() as connection:
        found = connection.execute("SELECT count(*), count(*) FILTER (WHERE party_id = %s) FROM ledger_journalline",
                                   [world.customers[0]]).fetchone()  # fmt: skip
    assert found is not None
    told = [f"{early[n]:.0f} ms at a tenth of the lines" for n in range(2)]
    yield Row(
        f"trial balance at {int(str(found[0])):,} lines",
        f"{late[0]:.0f} ms",
        target="< 50 ms",
        met=late[0] < 50,
        note=f"over HTTP, median of 40; {told[0]}",
    )
    yield Row(
        f"statement of a customer with {int(str(found[1])):,} lines",
        f"{late[1]:.0f} ms",
        target="< 100 ms",
        met=late[1] < 100,
        note=f"first page over HTTP, median of 40; {told[1]}",
    )


def fill(place: Place, world: World, begin: int, end: int) -> None:
    """Post entries `begin` to `end` through the ledger's one function, two connections side by side."""
    from qafila.kernel import clock
    from qafila.ledger.models import Period

    today = clock.today()
    first = Period.objects.order_by("starts").values_list("starts", flat=True)[0]
    given = {"day": today, "days": (today - first).days, "busy": world.customers[0], "people": list(world.customers)}
    todo = list(range(begin, end, BATCH))
    faults: list[BaseException] = []

    def work() -> None:
        try:
            with place.app() as connection:
                while todo:
                    at = todo.pop()
                    connection.execute(ASKED, {**given, "first": at, "size": min(BATCH, end - at)})
        except IndexError:
            return  # the other one took the last
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
    with place.owner() as connection:  # as autovacuum does in its own time
        connection.execute("VACUUM ANALYZE ledger_journalline, ledger_journalentry, ledger_accountbalance")


def _times(live: Live, world: World) -> tuple[float, float]:
    """Median milliseconds of the trial balance and of the statement, asked one at a time."""
    port = int(live.url.rsplit(":", 1)[1])
    paths = ("/api/v1/finance/trial-balance", f"/api/v1/customers/{world.customers[0]}/ledger")
    found = []
    for path in paths:
        heard = play(port, [request("GET", path, world.token)] * 50, connections=1, warm=10)
        if heard.codes:
            raise RuntimeError(f"{path} was refused: {heard.codes}")
        found.append(heard.p50)
    return found[0], found[1]
