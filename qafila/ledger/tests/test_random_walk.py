"""Any walk of posting, deciding, reversing and closing keeps the books: a model in Python says what they hold."""

from __future__ import annotations

import datetime as dt
import itertools
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from qafila.identity.models import Agency, Branch
from qafila.kernel.actor import Actor
from qafila.kernel.clock import today
from qafila.kernel.errors import Refusal
from qafila.kernel.pagination import Window
from qafila.kernel.transaction import body_of
from qafila.ledger import steps
from qafila.ledger.actions.decide_journals import approve_journal, reject_journal
from qafila.ledger.actions.reverse_journal import reverse_journal
from qafila.ledger.models import AccountBalance, JournalEntry, PartyBalance, Period
from qafila.ledger.statement import account_statement, trial_balance
from qafila.ledger.tests.factories import books, party
from qafila.ledger.types import Entry, Line
from qafila.ledger.verify import verify

_keys = itertools.count(1)
RIGHTS = frozenset(
    {
        "finance.view",
        "finance.reports.trial_balance.view",
        "finance.journals.create",
        "finance.journals.approve",
        "finance.journals.reject",
        "finance.journals.reverse",
    }
)
GLASS = frozenset({"finance.journals.approve_own", "finance.journals.reverse_own"})
ADJUST = frozenset({"finance.periods.adjust"})
PEOPLE = [
    Actor(901, "Asma", "staff", RIGHTS),
    Actor(902, "Bilal", "staff", RIGHTS | ADJUST),
    Actor(903, "Chief", "staff", RIGHTS | ADJUST | GLASS),
]
THRESHOLD = Decimal(500)
PLAIN = ["5106", "1010-01", "4022", "2061-C", "1001-DEL-01"]
CONTROL = {"1101": "customer", "2051": "customer", "1102": "agent", "2025": "supplier"}
people = st.sampled_from(PEOPLE)
amounts = st.integers(1, 90_000).map(lambda cents: Decimal(cents) / 100)
offsets = st.sampled_from([-31, 0, 31])


@dataclass
class Known:
    """An entry as the model knows it."""

    id: int
    day: dt.date
    branch: int | None
    origin: str
    status: str
    maker: int | None
    lines: tuple[Line, ...]
    reversal: bool = False
    reversed: bool = False


@dataclass
class Model:
    states: dict[int, str] = field(default_factory=dict)
    accounts: dict[tuple[str, int, dt.date], Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    parties: dict[tuple[int, str], Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    days: dict[tuple[str, dt.date], Decimal] = field(default_factory=lambda: defaultdict(Decimal))

    def feed(self, known: Known, sign: int = 1) -> None:
        for line in known.lines:
            moved = sign * (line.debit - line.credit)
            self.accounts[(line.account, known.branch or 0, known.day.replace(day=1))] += moved
            self.days[(line.account, known.day)] += moved
            if line.party_id:
                self.parties[(line.party_id, line.account)] += moved


@contextmanager
def expecting(success: bool):  # type: ignore[no-untyped-def]
    """The body succeeds, or is refused and leaves nothing behind, as the model foretells."""
    refused = None
    try:
        with transaction.atomic():
            yield
    except Refusal as refusal:
        refused = refusal
    assert (refused is None) == success, refused or "taken, though it should be refused"


class Books(RuleBasedStateMachine):
    entries = Bundle("entries")

    @initialize()
    def open(self) -> None:
        self.savepoint = transaction.savepoint()
        self.model = Model()
        self.periods = {p.pk: p for p in Period.objects.all()}
        self.model.states = dict.fromkeys(self.periods, "open")
        self.branches = [None, *Branch.objects.values_list("pk", flat=True)]
        self.whose = {kind: [party(kind), party(kind)] for kind in ("customer", "agent", "supplier")}  # type: ignore[arg-type]

    def teardown(self) -> None:
        if hasattr(self, "savepoint"):
            transaction.savepoint_rollback(self.savepoint)

    def takes(self, day: dt.date, actor: Actor) -> bool:
        found = next(p.pk for p in self.periods.values() if p.starts <= day <= p.ends)
        state = self.model.states[found]
        return state == "open" or (state == "soft_closed" and actor.may(*ADJUST))

    def line(self, data: st.DataObject, amount: Decimal, side: str) -> Line:
        account = data.draw(st.sampled_from([*PLAIN, *CONTROL]))
        whose = data.draw(st.sampled_from(self.whose[CONTROL[account]])) if account in CONTROL else None
        return Line(account, party_id=whose, **{side: amount})

    @rule(
        target=entries,
        data=st.data(),
        actor=people,
        parts=st.lists(amounts, min_size=1, max_size=4),
        offset=offsets,
        origin=st.sampled_from(["operation", "manual"]),
        wrong=st.sampled_from([""] * 6 + ["unbalanced", "group"]),
    )
    def post(
        self, data: st.DataObject, actor: Actor, parts: list[Decimal], offset: int, origin: str, wrong: str
    ) -> Known | None:
        total = sum(parts, Decimal(0))
        lines = [*(self.line(data, part, "debit") for part in parts), self.line(data, total, "credit")]
        if wrong == "unbalanced":
            lines[0] = Line(lines[0].account, debit=parts[0] + Decimal("0.01"), party_id=lines[0].party_id)
        if wrong == "group":
            lines[0] = Line("1001", debit=parts[0])
        day = today() + dt.timedelta(days=offset)
        branch = data.draw(st.sampled_from(self.branches))
        known = None
        with expecting(not wrong and self.takes(day, actor)):
            entry_id = steps.post(
                actor,
                Entry("walk", "posted", str(next(_keys)), day, "Walking", tuple(lines), branch, origin=origin),  # type: ignore[arg-type]
            )
            waits = origin == "manual" and total > THRESHOLD
            known = Known(
                entry_id, day, branch, origin, "pending" if waits else "approved", actor.user_id, tuple(lines)
            )
        if known and known.status == "approved":
            self.model.feed(known)
        return known

    @rule(known=entries, actor=people, verdict=st.sampled_from(["approved", "rejected"]))
    def decide(self, known: Known | None, actor: Actor, verdict: str) -> None:
        if known is None:
            return
        own = known.maker == actor.user_id
        good = known.status == "pending" and (not own or actor.may("finance.journals.approve_own"))
        good = good and (verdict == "rejected" or self.takes(known.day, actor))
        with expecting(good):
            if verdict == "approved":
                body_of(approve_journal)(actor=actor, entry_id=known.id)
            else:
                body_of(reject_journal)(actor=actor, entry_id=known.id, reason="wrong")
        if good:
            known.status = verdict
            assert JournalEntry.objects.get(pk=known.id).break_glass is own
            if verdict == "approved":
                self.model.feed(known)

    @rule(target=entries, known=entries, actor=people, offset=offsets)
    def reverse(self, known: Known | None, actor: Actor, offset: int) -> Known | None:
        if known is None:
            return None
        day = today() + dt.timedelta(days=offset)
        own = known.origin == "manual" and known.maker == actor.user_id
        good = known.status == "approved" and not known.reversal and not known.reversed and self.takes(day, actor)
        good = good and (not own or actor.may("finance.journals.reverse_own"))
        reversal_id = 0
        with expecting(good):
            if known.origin == "manual":
                reversal_id = body_of(reverse_journal)(actor=actor, entry_id=known.id, reason="undo", date=day)
            else:
                reversal_id = steps.reverse(
                    actor, known.id, source="walk", event="undone", key=str(next(_keys)), date=day, narration="Undone"
                )
        if not good:
            return None
        known.reversed = True
        mirror = tuple(Line(x.account, debit=x.credit, credit=x.debit, party_id=x.party_id) for x in known.lines)
        made = Known(reversal_id, day, known.branch, "reversal", "approved", actor.user_id, mirror, reversal=True)
        self.model.feed(made)
        return made

    @rule(offset=offsets, state=st.sampled_from(["open", "soft_closed", "closed"]))
    def move_period(self, offset: int, state: str) -> None:
        day = today() + dt.timedelta(days=offset)
        found = next(p.pk for p in self.periods.values() if p.starts <= day <= p.ends)
        Period.objects.filter(pk=found).update(state=state)
        self.model.states[found] = state

    @invariant()
    def balances_are_what_was_approved(self) -> None:
        if not hasattr(self, "model"):
            return
        kept: dict[tuple[str, int, dt.date], Decimal] = defaultdict(Decimal)
        for b in AccountBalance.objects.select_related("account"):
            kept[(b.account.code, b.branch_id, b.month)] += b.debit - b.credit
        assert {k: v for k, v in kept.items() if v} == {k: v for k, v in self.model.accounts.items() if v}
        owed = {
            (b.party_id, b.account.code): b.debit - b.credit for b in PartyBalance.objects.select_related("account")
        }
        assert {k: v for k, v in owed.items() if v} == {k: v for k, v in self.model.parties.items() if v}
        assert sum(kept.values()) == 0

    @invariant()
    def reports_say_the_same(self) -> None:
        if not hasattr(self, "model"):
            return
        for as_of in (today() + dt.timedelta(days=n) for n in (-40, -31, -7, 0, 31)):
            found = trial_balance(PEOPLE[0], as_of=as_of)
            leaves = {r.code: r.net for r in found.rows if not r.is_group}
            expected: dict[str, Decimal] = defaultdict(Decimal)
            for (code, day), moved in self.model.days.items():
                expected[code] += moved if day <= as_of else 0
            assert leaves == {k: v for k, v in expected.items() if v}
            assert found.debit == found.credit

    @rule()
    def prove(self) -> None:
        assert verify() == []

    @rule(code=st.sampled_from(PLAIN), offset=offsets)
    def read_a_statement(self, code: str, offset: int) -> None:
        from qafila.ledger.queries import account_by_code

        account = account_by_code(code)
        assert account
        since = today() + dt.timedelta(days=offset)
        found = account_statement(PEOPLE[0], account.id, Window(1, 200), since=since)
        before = sum((m for (c, d), m in self.model.days.items() if c == code and d < since), Decimal(0))
        whole = sum((m for (c, _), m in self.model.days.items() if c == code), Decimal(0))
        assert (found.opening, found.closing) == (before, whole)
        assert found.lines.total == len(found.lines.items)
        last = found.lines.items[-1].balance if found.lines.items else before
        assert last == whole


def walk(examples: int, length: int) -> None:
    books()
    Agency.objects.update(journal_threshold=THRESHOLD)
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Books,
        settings=settings(
            max_examples=examples,
            stateful_step_count=length,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.django_db
def test_any_walk_through_the_books_keeps_them() -> None:
    walk(25, 14)


@pytest.mark.slow
@pytest.mark.django_db
def test_long_walks_through_the_books_keep_them() -> None:
    walk(400, 50)
