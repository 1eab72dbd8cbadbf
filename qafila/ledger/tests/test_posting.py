"""What other rooms ask of the books inside their own transactions."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from qafila.identity.models import Agency
from qafila.identity.tests.factories import actor_with
from qafila.identity.types import Role
from qafila.kernel import clock
from qafila.kernel.actor import SYSTEM
from qafila.kernel.errors import Refusal
from qafila.kernel.pagination import Window
from qafila.ledger import queries, steps
from qafila.ledger.errors import (
    AccountTakesNoPostings,
    EntryNotFound,
    NoPeriod,
    NoSuchAccount,
    NotBalanced,
    NotReversible,
    OwnEntry,
    PartyNeeded,
    PartyNotFound,
    PostedDifferently,
    WrongLineCurrency,
)
from qafila.ledger.models import AccountBalance, JournalEntry
from qafila.ledger.party_statements import party_statement
from qafila.ledger.tests.factories import an_entry, books, lines, party
from qafila.ledger.types import Entry, Line, credit, debit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _books() -> None:
    books()


def entry(**given: Any) -> Entry:
    values = {"source": "t", "event": "e", "key": "1", "date": clock.today(), "narration": "N", "lines": lines(100)}
    return Entry(**{**values, **given})


def test_an_entry_feeds_its_accounts_and_its_partys_balance() -> None:
    customer = party()
    sold = (
        debit("1101", Decimal(105), party_id=customer),
        credit("4022", Decimal(100)),
        credit("2061-C", Decimal("2.50")),
        credit("2061-S", Decimal("2.50")),
    )
    posted = an_entry(lines=sold)
    assert (posted.number[:7], posted.total, posted.status) == (f"JE-{clock.today().year}", 105, "approved")
    assert queries.party_balance(customer, "1101") == 105
    assert queries.party_balances([customer, party()], ["1101", "2051"])[customer] == 105
    assert sum(b.debit - b.credit for b in AccountBalance.objects.all()) == 0


def test_the_same_event_again_answers_the_first_entry() -> None:
    with transaction.atomic():
        first = steps.post(SYSTEM, entry())
        assert steps.post(SYSTEM, entry()) == first
        assert steps.post_many(SYSTEM, [entry(), entry(key="2"), entry(key="2")])[0] == first
    assert JournalEntry.objects.count() == 2
    assert AccountBalance.objects.get(account__code="5106").debit == 200


def test_the_same_event_with_another_amount_does_not_pass_for_posted() -> None:
    with transaction.atomic():
        steps.post(SYSTEM, entry())
    with pytest.raises(PostedDifferently), transaction.atomic():
        steps.post(SYSTEM, entry(lines=lines(99)))


def test_many_entries_are_one_statement_and_keep_their_order(django_assert_num_queries: Any) -> None:
    wanted = [entry(key=str(n), lines=lines(n + 1)) for n in range(50)]
    with transaction.atomic(), django_assert_num_queries(1):
        ids = steps.post_many(SYSTEM, wanted)
    totals = dict(JournalEntry.objects.values_list("id", "total"))
    assert [totals[pk] for pk in ids] == [n + 1 for n in range(50)]
    with transaction.atomic(), django_assert_num_queries(0):
        assert steps.post_many(SYSTEM, []) == []


def test_of_many_entries_one_wrong_one_stops_all() -> None:
    wrong = entry(key="2", lines=(debit("5106", Decimal(1)), credit("1010-01", Decimal(2))))
    with pytest.raises(NotBalanced), transaction.atomic():
        steps.post_many(SYSTEM, [entry(), wrong])
    assert not JournalEntry.objects.exists()


@pytest.mark.parametrize(
    ("given", "refusal", "sentence"),
    [
        ({"lines": (debit("5106", Decimal(1)),)}, NotBalanced, "has one line"),
        ({"lines": ()}, NotBalanced, "no lines"),
        ({"lines": lines(0)}, NotBalanced, "either a debit or a credit"),
        ({"lines": lines("0.001")}, WrongLineCurrency, "finer than INR goes"),
        ({"lines": lines(1, dr="9999")}, NoSuchAccount, "no account 9999"),
        ({"lines": lines(1, dr="1010")}, AccountTakesNoPostings, "Account 1010 Bank is a group"),
        ({"lines": lines(1, dr="1101")}, PartyNeeded, "needs a customer on each line"),
        ({"date": date(2001, 1, 1)}, NoPeriod, "No accounting period covers 2001-01-01"),
    ],
)
def test_what_the_books_refuse_is_told_in_words(given: dict[str, Any], refusal: type[Refusal], sentence: str) -> None:
    with pytest.raises(refusal, match=sentence), transaction.atomic():
        steps.post(SYSTEM, entry(**given))
    assert not JournalEntry.objects.exists()


def test_posting_outside_an_action_is_a_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transaction.get_connection(), "in_atomic_block", False)
    with pytest.raises(RuntimeError, match="is a step"):
        steps.post(SYSTEM, entry())


def test_a_foreign_line_keeps_its_amount_and_rate() -> None:
    riyals = {"currency": "SAR", "amount": Decimal(100), "rate": Decimal("22.45")}
    posted = an_entry(lines=(Line("5106", debit=Decimal(2245), **riyals), credit("1010-01", Decimal(2245))))  # type: ignore[arg-type]
    line = queries.lines_of_entry(posted.pk)[0]
    assert (line.currency, line.amount, line.rate) == ("SAR", 100, Decimal("22.45"))


def test_a_voucher_above_the_threshold_waits_for_its_checker() -> None:
    Agency.objects.update(journal_threshold=50)
    assert an_entry(origin="voucher").status == "pending"
    assert an_entry(50, origin="voucher").status == "approved"
    assert an_entry(10**6).status == "approved"  # an operation is checked at its own step


# Reversing


def reverse(entry_id: int, key: str = "r", actor: Any = SYSTEM) -> int:
    with transaction.atomic():
        return steps.reverse(
            actor, entry_id, source="t", event="undone", key=key, date=clock.today(), narration="Undone", reason="wrong"
        )


def test_a_reversal_mirrors_its_entry_and_names_the_reason() -> None:
    customer = party()
    posted = an_entry(lines=(debit("1101", Decimal(5), party_id=customer), credit("4022", Decimal(5))), source_id=9)
    back = JournalEntry.objects.get(pk=reverse(posted.pk))
    assert (back.reverses_id, back.origin, back.reason, back.source_id) == (posted.pk, "reversal", "wrong", 9)
    assert queries.party_balance(customer, "1101") == 0
    assert reverse(posted.pk) == back.pk  # the same event again
    assert [e.number for e in queries.entries_of(SYSTEM, "t", 9)] == [back.number]


def test_what_cannot_be_reversed() -> None:
    with pytest.raises(EntryNotFound):
        reverse(10**9)
    with pytest.raises(NotReversible):
        reverse(an_entry(origin="manual").pk)
    with pytest.raises(NotReversible):
        reverse(reverse(an_entry().pk), key="again")


def test_ones_own_voucher_is_not_reversed_by_oneself_through_a_step_either() -> None:
    Agency.objects.update(journal_threshold=1000)
    maker = actor_with(Role.ACCOUNTANT)
    posted = an_entry(origin="voucher", actor=maker)
    with pytest.raises(OwnEntry):
        reverse(posted.pk, actor=maker)
    reverse(posted.pk, actor=actor_with(Role.ACCOUNTANT))


# Parties and accounts


def test_parties_get_codes_of_their_kind_and_may_change_their_name() -> None:
    with transaction.atomic():
        first = steps.create_party(SYSTEM, kind="agent", name="Al Noor Travels")
        second = steps.create_party(SYSTEM, kind="agent", name="Safa Tours")
        steps.rename_party(SYSTEM, first[0], "Al Noor Travel House")
        with pytest.raises(PartyNotFound):
            steps.rename_party(SYSTEM, 10**9, "Nobody")
    assert first[1].startswith("AGT-")
    assert int(second[1][4:]) == int(first[1][4:]) + 1
    known = queries.party(first[0])
    assert known
    assert known.name == "Al Noor Travel House"


def test_an_account_is_made_once_under_a_group_that_exists() -> None:
    given: dict[str, Any] = {"name": "HDFC 0042", "kind": "asset", "cash_or_bank": "bank"}
    with transaction.atomic():
        made = steps.ensure_account(SYSTEM, code="1010-02", parent_code="1010", **given)
        assert steps.ensure_account(SYSTEM, code="1010-02", parent_code="1010", **{**given, "name": "Other"}) == made
    codes = [a.code for a in queries.cash_and_bank_accounts(SYSTEM)]
    assert codes == ["1001-DEL-01", "1001-SXR-01", "1010-01", "1010-02"]
    found = queries.account_by_code("1010-02")
    assert found
    assert (found.name, found.parent_code, found.takes_postings) == ("HDFC 0042", "1010", True)
    with pytest.raises(NoSuchAccount), transaction.atomic():
        steps.ensure_account(SYSTEM, code="1010-03", parent_code="7777", **given)


def test_a_partys_statement_is_its_control_accounts_line_by_line() -> None:
    customer = party()
    for amount in (100, 40, 60):
        an_entry(lines=(debit("1101", Decimal(amount), party_id=customer), credit("4022", Decimal(amount))))
    an_entry(lines=(debit("1010-01", Decimal(150)), credit("1101", Decimal(150), party_id=customer)))
    an_entry(lines=(debit("5106", Decimal(9)), credit("2051", Decimal(9), party_id=customer)), origin="manual")
    whole = party_statement(customer, Window())
    assert [line.balance for line in whole.lines.items] == [100, 140, 200, 50]
    assert (whole.debits, whole.credits, whole.closing, whole.lines.total) == (200, 150, 50, 4)
    second = party_statement(customer, Window(2, 3))
    assert [line.balance for line in second.lines.items] == [50]
    ranged = party_statement(customer, Window(), since=clock.today(), until=clock.today())
    assert ranged.lines.items == whole.lines.items
    assert (ranged.opening, ranged.closing) == (0, 50)
