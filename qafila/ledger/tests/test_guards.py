"""The ten invariants of the books, each asked of the database itself, past every line of Python."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal

import pytest
from babel.numbers import get_currency_precision, list_currencies
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from qafila.identity.models import Agency, User
from qafila.identity.tests.factories import make_user
from qafila.kernel import clock
from qafila.kernel.actor import SYSTEM
from qafila.ledger import steps
from qafila.ledger.models import Account, AccountBalance, JournalEntry, PartyBalance, Period
from qafila.ledger.tests import raw
from qafila.ledger.tests.factories import an_entry, books, party
from qafila.ledger.tests.raw import forbidden, refused
from qafila.ledger.types import credit, debit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _books() -> None:
    books()


def period_of(day: dt.date) -> Period:
    return Period.objects.get(starts__lte=day, ends__gte=day)


@contextmanager
def refused_by_foreign_key() -> Iterator[None]:
    with pytest.raises(IntegrityError, match="foreign key"), transaction.atomic():  # noqa: PT012
        yield
        raw.at_commit()


def set_period(state: str) -> None:
    Period.objects.filter(pk=period_of(clock.today()).pk).update(state=state)


def adjusting(on: bool) -> None:
    raw.sql("SELECT set_config('qafila.may_adjust', %s, true)", "on" if on else "off")


# 1. Debits are credits


def test_an_entry_written_by_hand_is_taken_when_it_is_right() -> None:
    entry_id = raw.entry()
    raw.at_commit()
    assert AccountBalance.objects.get(account__code="5106").debit == 100
    assert JournalEntry.objects.get(pk=entry_id).lines.count() == 2


def test_an_unbalanced_entry_is_refused() -> None:
    with refused("an_entry_balances"):
        raw.entry(("5106", 100, 0), ("1010-01", 0, 99))


def test_an_entry_off_by_the_smallest_unit_is_refused() -> None:
    with refused("an_entry_balances"):
        raw.entry(("5106", "100.001", 0), ("1010-01", 0, 100))


def test_one_line_is_no_entry() -> None:
    with refused("an_entry_has_two_sides"):
        raw.entry(("5106", 100, 0))


def test_an_entry_without_lines_is_refused_at_commit() -> None:
    with refused("an_entry_has_lines"):
        raw.header()


@pytest.mark.parametrize("line", [("5106", 100, 100), ("5106", 0, 0), ("5106", -100, 0)])
def test_a_line_is_one_side_above_zero(line: raw.Row) -> None:
    with refused("a_line_is_debit_or_credit"):
        raw.entry(line, ("1010-01", 0, 100))


def test_a_second_statement_cannot_add_lines_even_when_they_balance() -> None:
    entry_id = raw.entry()
    with refused("lines_arrive_together"):
        raw.lines(entry_id, ("5106", 7, 0), ("1010-01", 0, 7), start=3)


def test_two_statements_cannot_make_one_entry() -> None:
    with refused("an_entry_has_two_sides"):
        entry_id = raw.header()
        raw.lines(entry_id, ("5106", 100, 0))
        raw.lines(entry_id, ("1010-01", 0, 100), start=2)


def test_the_header_tells_the_lines_total() -> None:
    with refused("a_total_is_its_lines"):
        raw.entry(total=250)


def test_a_line_cannot_stand_on_another_day_than_its_entry() -> None:
    with refused("a_line_stands_with_its_entry"):
        entry_id = raw.header()
        raw.sql(
            "INSERT INTO ledger_journalline (entry_id, n, account_id, date, debit, credit, memo)"
            " SELECT %s, v.n, a.id, %s, v.d, v.c, ''"
            " FROM (VALUES (1, '5106', 100, 0), (2, '1010-01', 0, 100)) AS v(n, code, d, c)"
            " JOIN ledger_account a ON a.code = v.code",
            entry_id,
            raw.tomorrow(),
        )


def test_amounts_are_no_finer_than_the_base_currency() -> None:
    with refused("an_amount_has_its_currencys_digits"):
        raw.entry(("5106", "100.005", 0), ("1010-01", 0, "100.005"), total="100.005")


def test_the_database_knows_every_currencys_digits_as_babel_does() -> None:
    known = dict(raw.sql("SELECT c, ledger_minor_units(c) FROM unnest(%s::text[]) c", sorted(list_currencies())))
    assert known == {c: min(get_currency_precision(c), 3) for c in list_currencies()}


# 2. Nothing changes or vanishes (as the tables' owner: test_append_only)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_journalentry SET narration = 'never happened'",
        "UPDATE ledger_journalentry SET status = 'approved'",
        "DELETE FROM ledger_journalentry",
        "TRUNCATE ledger_journalentry CASCADE",
        "UPDATE ledger_journalline SET debit = 1",
        "DELETE FROM ledger_journalline",
        "TRUNCATE ledger_journalline",
        "UPDATE ledger_accountbalance SET debit = 0",
        "DELETE FROM ledger_partybalance",
        "INSERT INTO ledger_partybalance (party_id, account_id, debit, credit, lines) VALUES (1, 1, 1, 0, 1)",
        "SELECT ledger_feed(ARRAY[1]::bigint[])",
    ],
)
def test_the_application_is_not_granted(statement: str) -> None:
    entry_id = raw.entry()
    with forbidden():
        raw.sql(statement.replace("ARRAY[1]", f"ARRAY[{entry_id}]"))


def test_nobody_borrows_the_triggers_rights_through_a_table_of_their_own() -> None:
    entry_id = raw.entry()
    with forbidden():
        raw.sql("CREATE TEMP TABLE mine (entry_id bigint)")
        raw.sql(
            "CREATE TRIGGER t AFTER INSERT ON mine REFERENCING NEW TABLE AS new_lines"
            " FOR EACH STATEMENT EXECUTE FUNCTION ledger_lines_arrive()"
        )
        raw.sql("INSERT INTO mine SELECT %s FROM generate_series(1, 2)", entry_id)


def test_a_temporary_table_does_not_stand_in_for_the_books() -> None:
    raw.sql("CREATE TEMP TABLE ledger_period AS SELECT * FROM public.ledger_period")
    raw.sql("UPDATE public.ledger_period SET state = 'closed'")
    with refused("period_is_open"):
        raw.header(period_id=period_of(clock.today()).pk)


# 3. Only into an open period


@pytest.mark.parametrize("state", ["soft_closed", "closed", "locked"])
def test_a_period_that_is_not_open_takes_nothing(state: str) -> None:
    set_period(state)
    with refused("period_is_open"):
        raw.entry()


def test_a_soft_closed_period_takes_adjustments_and_a_closed_one_does_not() -> None:
    adjusting(True)
    set_period("soft_closed")
    raw.entry()
    set_period("closed")
    with refused("period_is_open"):
        raw.entry()


def test_an_entry_cannot_name_another_days_period() -> None:
    other = Period.objects.exclude(pk=period_of(clock.today()).pk).first()
    assert other
    with refused("an_entry_is_in_its_period"):
        raw.entry(period_id=other.pk)


def test_periods_do_not_overlap() -> None:
    today = clock.today()
    with refused("periods_do_not_overlap"):
        Period.objects.create(name="Twice", starts=today, ends=today)


def test_a_locked_period_stays_locked_and_a_used_one_keeps_its_days() -> None:
    raw.entry()
    with refused("a_used_period_stays"):
        Period.objects.filter(pk=period_of(clock.today()).pk).update(ends=clock.today() - dt.timedelta(days=1))
    set_period("locked")
    with refused("a_locked_period_stays"):
        set_period("open")


# 4. Accounts that take postings


def test_a_group_takes_no_postings() -> None:
    with refused("an_account_takes_postings"):
        raw.entry(("1001", 100, 0), ("1010-01", 0, 100))


def test_an_account_out_of_use_takes_no_postings() -> None:
    Account.objects.filter(code="5106").update(is_active=False)
    with refused("an_account_takes_postings"):
        raw.entry()


def test_a_dollar_account_takes_dollar_lines_only() -> None:
    dollars = {"currency": "USD", "amount": Decimal("1.20"), "rate": Decimal("83.33")}
    Account.objects.filter(code__in=["1010-01", "5106"]).update(currency="USD")
    with refused("a_line_is_in_its_accounts_currency"):
        raw.entry()
    with refused("a_line_is_in_its_accounts_currency"):
        entry_id = raw.header()
        raw.lines(entry_id, ("5106", 100, 0), ("1010-01", 0, 100), **{**dollars, "currency": "SAR"})
    entry_id = raw.header()
    raw.lines(entry_id, ("5106", 100, 0), ("1010-01", 0, 100), **dollars)


def test_an_account_in_the_base_currency_takes_lines_without_one() -> None:
    Account.objects.filter(code="5106").update(currency="INR")
    raw.entry()


def test_a_foreign_amount_has_its_currency_and_its_rate() -> None:
    with refused("a_foreign_amount_is_whole"):
        entry_id = raw.header()
        raw.lines(entry_id, ("5106", 100, 0), ("1010-01", 0, 100), currency="USD")


def test_a_control_account_names_a_party_of_its_kind() -> None:
    with refused("a_control_account_names_its_party"):
        raw.entry(("1101", 100, 0), ("4022", 0, 100))
    agent, customer = party("agent"), party("customer")
    both = ("1101", 100, 0), ("2051", 0, 100)
    with refused("a_control_account_names_its_party"):
        entry_id = raw.header()
        raw.lines(entry_id, *both, party_id=agent)
    entry_id = raw.header()
    raw.lines(entry_id, *both, party_id=customer)
    assert PartyBalance.objects.get(party_id=customer, account__code="1101").debit == 100


def test_refunds_payable_belong_to_anybody_but_to_somebody() -> None:
    for kind in ("customer", "agent", "supplier"):
        an_entry(lines=(debit("5106", Decimal(9)), credit("2041", Decimal(9), party_id=party(kind))))  # type: ignore[arg-type]
    with refused("a_control_account_names_its_party"):
        raw.entry(("5106", 100, 0), ("2041", 0, 100))


def test_an_ordinary_account_names_no_party() -> None:
    with refused("a_party_only_where_it_belongs"):
        entry_id = raw.header()
        raw.lines(entry_id, ("5106", 100, 0), ("1010-01", 0, 100), party_id=party())


def test_what_gives_old_postings_their_meaning_stays() -> None:
    raw.entry()
    for change in ({"kind": "asset"}, {"code": "9999"}, {"control": "agent"}, {"currency": "USD"}, {"is_group": True}):
        with refused("a_used_account_keeps_its_meaning"):
            Account.objects.filter(code="5106").update(**change)
    Account.objects.filter(code="5106").update(name="Group expenses", is_active=False)
    with refused("a_party_stays"):
        raw.sql("UPDATE ledger_party SET kind = 'agent' WHERE id = %s", party())


def test_a_used_account_cannot_be_deleted() -> None:
    raw.entry()
    Account.objects.filter(code="5105").delete()
    with pytest.raises(ProtectedError):
        Account.objects.get(code="5106").delete()
    with refused_by_foreign_key():
        raw.sql("DELETE FROM ledger_account WHERE code = '5106'")


def test_the_base_currency_stays_once_there_are_entries() -> None:
    Agency.objects.update(base_currency="SAR")
    raw.entry()
    with refused("the_base_currency_stays"):
        Agency.objects.update(base_currency="INR")


def test_an_account_hangs_under_a_group_of_its_kind() -> None:
    ids = dict(Account.objects.values_list("code", "id"))
    for rule, code, values in (
        ("a_parent_is_a_group", "5106", {"parent_id": ids["5105"]}),
        ("a_group_holds_its_kind", "5106", {"parent_id": ids["1000"]}),
        ("a_group_is_not_its_own", "2000", {"parent_id": ids["2060"]}),
        ("a_parent_is_a_group", "2060", {"is_group": False}),
        ("a_group_only_holds_accounts", "2060", {"control": "agent"}),
    ):
        with refused(rule):
            Account.objects.filter(code=code).update(**values)


# 5. Once per event


def test_one_entry_per_event_of_a_document() -> None:
    raw.entry(source="invoice", event="issued", key="7")
    with refused("one_entry_per_event"):
        raw.entry(source="invoice", event="issued", key="7")


# 6. Reversals


def mirror(of: int, *rows: raw.Row, **given: object) -> int:
    return raw.entry(*(rows or (("1010-01", 100, 0), ("5106", 0, 100))), origin="reversal", reverses_id=of, **given)


def test_an_entry_is_reversed_once() -> None:
    first = raw.entry()
    mirror(first)
    with refused("one_reversal_per_entry"):
        mirror(first)


def test_a_reversal_is_not_reversed() -> None:
    reversal = mirror(raw.entry())
    with refused("no_reversal_of_a_reversal"):
        mirror(reversal, ("5106", 100, 0), ("1010-01", 0, 100))


def test_a_pending_entry_is_not_reversed() -> None:
    waiting = raw.entry(origin="manual", status="pending")
    with refused("only_approved_is_reversed"):
        mirror(waiting)


def test_a_reversal_mirrors_every_line() -> None:
    first = raw.entry()
    with refused("a_reversal_is_the_mirror"):
        mirror(first, ("1010-01", 100, 0), ("5105", 0, 100))
    with refused("a_reversal_is_the_mirror"):
        mirror(first, ("1010-01", 60, 0), ("1010-01", 40, 0), ("5106", 0, 100))
    four = raw.entry(("5106", 60, 0), ("5105", 40, 0), ("1010-01", 0, 60), ("1015", 0, 40))
    with refused("a_reversal_is_the_mirror"):  # the mirror of a part balances, and is a part
        mirror(four, ("1010-01", 60, 0), ("5106", 0, 60), total=60)


def test_a_reversal_names_what_it_reverses() -> None:
    with refused("a_reversal_names_its_entry"):
        raw.entry(origin="reversal")
    with refused("a_reversal_names_its_entry"):
        raw.entry(reverses_id=raw.entry())


# 7. Maker is not checker


@pytest.fixture
def maker() -> User:
    return make_user()


@pytest.fixture
def checker() -> User:
    return make_user()


def decide(entry_id: int, by: User | None, verdict: str = "approved", *, own: bool = False) -> None:
    raw.sql(
        "SELECT ledger_decide(%s::bigint[], %s, %s::bigint, %s, now(), 'seen', %s, false)",
        [entry_id],
        verdict,
        by.pk if by else None,
        by.name if by else "",
        own,
    )


@pytest.mark.parametrize("verdict", ["approved", "rejected"])
def test_nobody_decides_on_their_own_entry(maker: User, checker: User, verdict: str) -> None:
    waiting = raw.entry(origin="manual", status="pending", made_by_id=maker.pk)
    with refused("maker_is_not_checker"):
        decide(waiting, maker, verdict)
    decide(waiting, checker, verdict)
    assert JournalEntry.objects.get(pk=waiting).status == verdict


def test_breaking_the_glass_is_recorded_on_the_entry(maker: User) -> None:
    waiting = raw.entry(origin="manual", status="pending", made_by_id=maker.pk)
    decide(waiting, maker, own=True)
    assert JournalEntry.objects.get(pk=waiting).break_glass


def test_the_right_is_not_recorded_where_it_was_not_needed(maker: User, checker: User) -> None:
    waiting = raw.entry(origin="manual", status="pending", made_by_id=maker.pk)
    decide(waiting, checker, own=True)
    assert not JournalEntry.objects.get(pk=waiting).break_glass


def test_nobody_reverses_their_own_manual_entry(maker: User) -> None:
    Agency.objects.update(journal_threshold=1000)
    own = raw.entry(origin="manual", made_by_id=maker.pk)
    with refused("maker_is_not_checker"):
        mirror(own, made_by_id=maker.pk)
    mirror(own, made_by_id=maker.pk, break_glass=True)


def test_what_an_operation_posted_its_own_maker_may_reverse(maker: User) -> None:
    mirror(raw.entry(made_by_id=maker.pk), made_by_id=maker.pk)


def test_a_manual_entry_above_the_threshold_waits_for_its_checker() -> None:
    Agency.objects.update(journal_threshold=99)
    with refused("above_the_threshold_a_checker"):
        raw.entry(origin="manual")
    with refused("above_the_threshold_a_checker"):
        raw.entry(origin="voucher")
    Agency.objects.update(journal_threshold=100)
    raw.entry(origin="manual")


def test_nothing_arrives_decided() -> None:
    for given in (
        {"status": "rejected", "checked_at": clock.now(), "origin": "manual"},
        {"checked_at": clock.now(), "checked_by_id": 1},
        {"break_glass": True},
    ):
        with refused("a_new_entry_is_undecided"):
            raw.entry(**given)
    with refused("only_manual_entries_wait"):
        raw.entry(status="pending")


def test_a_decision_is_final(maker: User, checker: User) -> None:
    waiting = raw.entry(origin="manual", status="pending", made_by_id=maker.pk)
    decide(waiting, checker, "rejected")
    with refused("only_pending_is_decided"):
        decide(waiting, checker, "approved")


# 8. and 9. Balances


def test_a_pending_entry_moves_no_balance_until_it_is_approved(maker: User, checker: User) -> None:
    waiting = raw.entry(origin="manual", status="pending", made_by_id=maker.pk)
    assert not AccountBalance.objects.exists()
    decide(waiting, checker)
    assert AccountBalance.objects.get(account__code="5106").debit == 100


def test_a_rejected_entry_never_moves_a_balance(maker: User, checker: User) -> None:
    waiting = raw.entry(origin="manual", status="pending", made_by_id=maker.pk)
    decide(waiting, checker, "rejected")
    assert not AccountBalance.objects.exists()


def test_an_approval_asks_again_for_the_period_and_the_accounts(maker: User, checker: User) -> None:
    waiting = raw.entry(origin="manual", status="pending", made_by_id=maker.pk)
    Account.objects.filter(code="5106").update(is_active=False)
    with refused("an_account_takes_postings"):
        decide(waiting, checker)
    Account.objects.filter(code="5106").update(is_active=True)
    set_period("closed")
    with refused("period_is_open"):
        decide(waiting, checker)
    decide(waiting, checker, "rejected")


def test_balances_are_kept_per_branch_and_month() -> None:
    branch = raw.sql("SELECT id FROM identity_branch ORDER BY id LIMIT 1")[0][0]
    today = clock.today()
    later = today.replace(day=1) + dt.timedelta(days=40)
    for given in ({}, {"branch_id": branch}, {"date": later}, {}):
        raw.entry(**given)  # type: ignore[arg-type]
    rows = AccountBalance.objects.filter(account__code="5106").values_list("branch_id", "month", "debit", "lines")
    month, next_month = today.replace(day=1), later.replace(day=1)
    assert sorted(rows) == [(0, month, 200, 2), (0, next_month, 100, 1), (branch, month, 100, 1)]


def test_a_reversal_brings_balances_back_to_nothing() -> None:
    customer = party()
    entry = an_entry(lines=(debit("1101", Decimal(105), party_id=customer), credit("4022", Decimal(105))))
    with transaction.atomic():
        steps.reverse(SYSTEM, entry.pk, source="t", event="undone", key="1", date=entry.date, narration="Undone")
    assert all(b.debit == b.credit == 105 for b in AccountBalance.objects.all())
    assert PartyBalance.objects.get(party_id=customer).credit == 105
