"""Many hands at the same accounts: nobody waits in a circle, nothing is lost, nothing is posted twice."""

from __future__ import annotations

import threading
from collections.abc import Callable
from decimal import Decimal

from django.db import connection, transaction

from qafila.kernel import clock
from qafila.kernel.actor import SYSTEM
from qafila.kernel.errors import Refusal
from qafila.kernel.transaction import run
from qafila.ledger import steps
from qafila.ledger.errors import AlreadyReversed, PeriodLocked
from qafila.ledger.models import AccountBalance, JournalEntry, PartyBalance, Period
from qafila.ledger.queries import party_balance
from qafila.ledger.tests.factories import an_entry, books, party
from qafila.ledger.types import Entry, credit, debit
from qafila.ledger.verify import verify

THREADS = 8
PER_THREAD = 15


def at_once(work: Callable[[int], None], threads: int = THREADS) -> list[BaseException]:
    """Run `work(n)` in so many threads that start together, each on a connection of its own; what they raised."""
    gate, failures = threading.Barrier(threads), []

    def one(n: int) -> None:
        try:
            gate.wait(20)
            work(n)
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    running = [threading.Thread(target=one, args=(n,)) for n in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join(120)
    return failures


def sale(customer: int, key: str, amount: Decimal = Decimal(105)) -> Entry:
    return Entry(
        source="race",
        event="sold",
        key=key,
        date=clock.today(),
        narration="Umrah package",
        lines=(
            debit("1101", amount, party_id=customer),
            credit("4022", amount - 5),
            credit("2061-C", Decimal("2.50")),
            credit("2061-S", Decimal("2.50")),
        ),
    )


def test_eight_hands_post_to_the_same_control_accounts(committed_db: str) -> None:
    books()
    customers = [party(name=f"Family {n}") for n in range(3)]

    def work(n: int) -> None:
        for i in range(PER_THREAD):
            # two customers an entry batch, in an order that differs from hand to hand
            mine = [customers[(n + i) % 3], customers[(n + 2 * i + 1) % 3]]
            entries = [sale(c, f"{n}-{i}-{place}") for place, c in enumerate(mine)]
            run("race", lambda entries=entries: steps.post_many(SYSTEM, entries))  # type: ignore[misc]

    assert at_once(work) == []
    posted = THREADS * PER_THREAD * 2
    assert JournalEntry.objects.count() == posted
    owed = sum(party_balance(customer, "1101") for customer in customers)
    assert owed == posted * 105
    assert sum(b.debit for b in AccountBalance.objects.filter(account__code="1101")) == posted * 105
    assert AccountBalance.objects.filter(account__code="1101").values("bucket").distinct().count() > 1
    assert verify() == []


def test_the_same_event_posted_by_eight_hands_is_posted_once(committed_db: str) -> None:
    books()
    customer = party()
    ids: list[int] = []

    def work(n: int) -> None:
        ids.append(run("race", lambda: steps.post(SYSTEM, sale(customer, "one event"))))

    assert at_once(work) == []
    assert len(ids) == THREADS
    assert len(set(ids)) == 1
    assert PartyBalance.objects.get(party_id=customer).debit == 105


def test_an_entry_is_reversed_by_one_of_eight_hands(committed_db: str) -> None:
    books()
    entry = an_entry()

    def work(n: int) -> None:
        run(
            "race",
            lambda: steps.reverse(
                SYSTEM, entry.pk, source="race", event="undone", key=str(n), date=entry.date, narration="Undone"
            ),
        )

    failures = at_once(work)
    assert [type(f) for f in failures] == [AlreadyReversed] * (THREADS - 1)
    assert JournalEntry.objects.count() == 2
    assert verify() == []


def test_a_period_closes_between_two_postings_never_in_the_middle_of_one(committed_db: str) -> None:
    """What was posted while the period was being closed stands before the close: none is dated in it afterwards."""
    books()
    customer = party()
    today = Period.objects.get(starts__lte=clock.today(), ends__gte=clock.today())
    posted: list[int] = []
    when_closed: list[int] = []

    def work(n: int) -> None:
        if n == 0:
            with transaction.atomic():
                Period.objects.filter(pk=today.pk).update(state="closed")
                when_closed.append(JournalEntry.objects.count())
            return
        for i in range(40):
            try:
                posted.append(run("race", lambda i=i: steps.post(SYSTEM, sale(customer, f"{n}-{i}"))))  # type: ignore[misc]
            except PeriodLocked:
                return

    failures: list[BaseException] = at_once(work)
    assert [f for f in failures if not isinstance(f, Refusal)] == []
    assert JournalEntry.objects.count() == when_closed[0] == len(posted)
    assert verify() == []
