"""Journals over HTTP: anonymous, wrong right, wrong input, wrong state, then what works."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from qafila.identity.models import Agency
from qafila.identity.tests.factories import Caller, actor_with, allow, anonymous, as_role
from qafila.identity.types import Role
from qafila.kernel import clock
from qafila.kernel.models import AuditEntry, StateChange
from qafila.kernel.pagination import Window
from qafila.ledger import journals
from qafila.ledger.models import Account, AccountBalance, JournalEntry, Period
from qafila.ledger.tests.api import told
from qafila.ledger.tests.factories import an_entry, books, party

pytestmark = pytest.mark.django_db

JOURNALS = "/finance/journals"


@pytest.fixture(autouse=True)
def _books() -> None:
    books()


@pytest.fixture
def accountant() -> Caller:
    return as_role(Role.ACCOUNTANT)


@pytest.fixture
def manager() -> Caller:
    return as_role(Role.FINANCE_MANAGER)


def journal(**changed: Any) -> dict[str, Any]:
    return {
        "date": clock.today().isoformat(),
        "narration": "Office rent, November",
        "lines": [{"account": "5106", "debit": "1200.00"}, {"account": "1010-01", "credit": "1200.00"}],
        **changed,
    }


def enter(who: Caller, **changed: Any) -> dict[str, Any]:
    answer = who.send("POST", JOURNALS, journal(**changed))
    assert answer.status_code == 201, answer.json()
    return answer.json()


ROUTES = [
    ("GET", JOURNALS),
    ("POST", JOURNALS),
    ("GET", f"{JOURNALS}/pending"),
    ("GET", f"{JOURNALS}/1"),
    ("POST", f"{JOURNALS}/1/approve"),
    ("POST", f"{JOURNALS}/1/reject"),
    ("POST", f"{JOURNALS}/1/reverse"),
    ("POST", f"{JOURNALS}/approve-bulk"),
    ("GET", "/finance/accounts"),
    ("POST", "/finance/accounts"),
    ("PATCH", "/finance/accounts/1"),
    ("GET", "/finance/accounts/1/statement"),
    ("GET", "/finance/trial-balance"),
    ("GET", "/finance/periods"),
]


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_the_books_are_closed_to_strangers_and_to_sales(method: str, path: str) -> None:
    body = {} if method != "GET" else None
    assert anonymous().send(method, path, body).status_code == 401
    assert told(as_role(Role.SALES_EXECUTIVE).send(method, path, body))[:2] == (403, "MISSING_RIGHT")


def test_a_cashier_looks_and_does_not_touch() -> None:
    cashier = as_role(Role.CASHIER)
    assert cashier.send("GET", JOURNALS).status_code == 200
    assert cashier.send("POST", JOURNALS, journal()).status_code == 403
    assert cashier.send("GET", "/finance/trial-balance").status_code == 403


# Entering


RENT = {"account": "5106", "debit": "10"}
BANK = {"account": "1010-01", "credit": "10"}


@pytest.mark.parametrize(
    ("changed", "loc"),
    [
        ({"lines": []}, ["lines"]),
        ({"lines": [RENT]}, ["lines"]),
        ({"lines": [RENT, {**BANK, "credit": "9"}]}, ["lines"]),
        ({"lines": [{**RENT, "credit": "10"}, BANK]}, ["lines", 0]),
        ({"lines": [{**RENT, "debit": "-10"}, BANK]}, ["lines", 0, "debit"]),
        ({"lines": [{**RENT, "debit": "9.995"}, {**BANK, "credit": "9.995"}]}, ["lines", 0, "debit"]),
        ({"lines": [{**RENT, "account": "9999"}, BANK]}, ["lines", 0, "account"]),
        ({"lines": [RENT, {**BANK, "account": "1010"}]}, ["lines", 1, "account"]),
        ({"lines": [RENT, {**BANK, "account": "2051"}]}, ["lines", 1, "party_id"]),
        ({"lines": [{**RENT, "party_id": 10**15}, BANK]}, ["lines", 0, "party_id"]),
        ({"lines": [{**RENT, "currency": "USD"}, BANK]}, ["lines", 0, "amount"]),
        ({"lines": [{**RENT, "group_id": 9**9}, BANK]}, ["group_id"]),
        ({"lines": [{**RENT, "booking_id": 9**9}, BANK]}, ["booking_id"]),
        ({"date": "2026-13-01"}, ["date"]),
        ({"narration": ""}, ["narration"]),
        ({"branch_id": 10**9}, ["branch_id"]),
        ({"total": "1"}, ["total"]),
    ],
)
def test_a_journal_that_cannot_be_says_where(accountant: Caller, changed: dict[str, Any], loc: list[Any]) -> None:
    status, _, locs = told(accountant.send("POST", JOURNALS, journal(**changed)))
    assert status == 422
    assert loc in [[part for part in found if part not in ("body", "payload")] for found in locs]
    assert not JournalEntry.objects.exists()


def test_every_line_at_fault_is_named_at_once(accountant: Caller) -> None:
    wrong = [{"account": "9999", "debit": "10"}, {"account": "1001", "credit": "4"}, {"account": "1101", "credit": "6"}]
    _, _, locs = told(accountant.send("POST", JOURNALS, journal(lines=wrong)))
    assert locs == [["lines", 0, "account"], ["lines", 1, "account"], ["lines", 2, "party_id"]]


def test_a_closed_period_and_a_day_without_one_are_told_at_the_date(accountant: Caller) -> None:
    nowhere = told(accountant.send("POST", JOURNALS, journal(date="2031-01-01")))
    assert nowhere == (409, "NO_PERIOD", [["date"]])
    Period.objects.update(state="closed")
    assert told(accountant.send("POST", JOURNALS, journal())) == (409, "PERIOD_LOCKED", [["date"]])


def test_a_soft_closed_period_takes_the_managers_adjustment_only(accountant: Caller, manager: Caller) -> None:
    Period.objects.update(state="soft_closed")
    assert told(accountant.send("POST", JOURNALS, journal()))[1] == "PERIOD_LOCKED"
    assert enter(manager)["status"] == "pending"


def test_a_journal_above_the_threshold_waits_and_one_below_counts(accountant: Caller) -> None:
    Agency.objects.update(journal_threshold=1200)
    assert enter(accountant)["status"] == "approved"
    lines = [{"account": "5106", "debit": "1200.01"}, {"account": "1010-01", "credit": "1200.01"}]
    waiting = enter(accountant, lines=lines)
    assert waiting["status"] == "pending"
    assert waiting["number"].startswith(f"JV-{clock.today().year}-")
    assert AccountBalance.objects.get(account__code="5106").debit == 1200
    assert accountant.send("GET", f"{JOURNALS}/pending").json()["total"] == 1


def test_the_same_key_enters_a_journal_once(accountant: Caller) -> None:
    first = accountant.send("POST", JOURNALS, journal(), key="rent-11")
    again = accountant.send("POST", JOURNALS, journal(), key="rent-11")
    assert first.json() == again.json()
    assert JournalEntry.objects.count() == 1
    other = accountant.send("POST", JOURNALS, journal(narration="Something else"), key="rent-11")
    assert told(other)[:2] == (409, "IDEMPOTENCY_KEY_REUSED")


def test_a_journal_is_answered_whole_and_leaves_its_trail(accountant: Caller) -> None:
    customer = party()
    lines = [
        {"account": "5106", "debit": "75.5", "memo": "Tea"},
        {"account": "2051", "credit": "75.5", "party_id": customer},
    ]
    made = enter(accountant, lines=lines)
    assert made["total"] == "75.50"
    assert [(x["account"], x["debit"], x["credit"]) for x in made["lines"]] == [
        ("5106", "75.50", "0.00"),
        ("2051", "0.00", "75.50"),
    ]
    assert made["lines"][1]["party_name"] == "Yusuf Wani"
    read = accountant.send("GET", f"{JOURNALS}/{made['id']}").json()
    assert {**read, "created_at": ""} == {**made, "created_at": ""}
    assert AuditEntry.objects.filter(action="journal.created", entity_id=made["id"]).count() == 1
    assert StateChange.objects.filter(machine="journal_entry", object_id=made["id"]).count() == 1


# Checking


def test_the_maker_cannot_check_their_own(manager: Caller, accountant: Caller) -> None:
    own = enter(manager)["id"]
    for verb, body in (("approve", {}), ("reject", {"reason": "wrong month"})):
        assert told(manager.send("POST", f"{JOURNALS}/{own}/{verb}", body))[:2] == (403, "OWN_ENTRY")
    assert told(manager.send("POST", f"{JOURNALS}/approve-bulk", {"ids": [own]}))[:2] == (403, "OWN_ENTRY")
    approved = accountant.send("POST", f"{JOURNALS}/{own}/approve", {})
    assert approved.json()["status"] == "approved"
    assert approved.json()["break_glass"] is False


def test_breaking_the_glass_is_allowed_to_few_and_recorded(manager: Caller) -> None:
    own = enter(manager)["id"]
    assert manager.user
    allow(manager.user, "finance.journals.approve_own")
    answer = manager.send("POST", f"{JOURNALS}/{own}/approve", {"reason": "nobody else is here"})
    assert answer.json()["break_glass"] is True
    trail = AuditEntry.objects.get(action="journal.approved", entity_id=own)
    assert trail.after["break_glass"] is True


def test_a_decision_is_made_once(manager: Caller, accountant: Caller) -> None:
    entry_id = enter(accountant)["id"]
    rejected = manager.send("POST", f"{JOURNALS}/{entry_id}/reject", {"reason": "wrong account"})
    assert rejected.json()["status"] == "rejected"
    for verb, body in (("approve", {}), ("reject", {"reason": "again"})):
        status, code, _ = told(manager.send("POST", f"{JOURNALS}/{entry_id}/{verb}", body))
        assert (status, code) == (409, "JOURNAL_ENTRY_NOT_IN_PENDING_STATE")
    assert told(manager.send("POST", f"{JOURNALS}/{entry_id}/reverse", {"reason": "undo"}))[:2] == (
        409,
        "NOT_REVERSIBLE",
    )
    assert not AccountBalance.objects.exists()


def test_a_rejection_needs_a_reason(manager: Caller, accountant: Caller) -> None:
    entry_id = enter(accountant)["id"]
    assert manager.send("POST", f"{JOURNALS}/{entry_id}/reject", {}).status_code == 422


def test_many_are_approved_together_or_not_at_all(manager: Caller, accountant: Caller) -> None:
    theirs = [enter(accountant)["id"] for _ in range(3)]
    own = enter(manager)["id"]
    assert accountant.send("POST", f"{JOURNALS}/approve-bulk", {"ids": [own]}).status_code == 403
    assert manager.send("POST", f"{JOURNALS}/approve-bulk", {"ids": [*theirs, own]}).status_code == 403
    assert JournalEntry.objects.filter(status="pending").count() == 4
    answer = manager.send("POST", f"{JOURNALS}/approve-bulk", {"ids": theirs})
    assert answer.json() == {"approved": theirs}
    assert AccountBalance.objects.get(account__code="5106").debit == 3600


def test_an_unknown_entry_is_not_found(manager: Caller) -> None:
    for path, body in (("approve", {}), ("reject", {"reason": "why"}), ("reverse", {"reason": "why"})):
        assert told(manager.send("POST", f"{JOURNALS}/987654321/{path}", body))[:2] == (404, "NOT_FOUND")
    assert manager.send("GET", f"{JOURNALS}/987654321").status_code == 404
    assert manager.send("GET", f"{JOURNALS}/{2**70}").status_code == 422


# Reversing


def test_an_approved_journal_is_reversed_by_its_mirror_once(manager: Caller, accountant: Caller) -> None:
    Agency.objects.update(journal_threshold=10_000)
    entry_id = enter(accountant)["id"]
    reversal = manager.send("POST", f"{JOURNALS}/{entry_id}/reverse", {"reason": "wrong month"})
    assert reversal.status_code == 201
    body = reversal.json()
    assert (body["reverses_id"], body["origin"], body["number"][:4]) == (entry_id, "reversal", "REV-")
    assert [(x["account"], x["debit"]) for x in body["lines"]] == [("5106", "0.00"), ("1010-01", "1200.00")]
    original = manager.send("GET", f"{JOURNALS}/{entry_id}").json()
    assert original["reversed_by_id"] == body["id"]
    assert told(manager.send("POST", f"{JOURNALS}/{body['id']}/reverse", {"reason": "undo"}))[:2] == (
        409,
        "NOT_REVERSIBLE",
    )
    again = told(manager.send("POST", f"{JOURNALS}/{entry_id}/reverse", {"reason": "twice"}))
    assert again[:2] == (409, "ALREADY_REVERSED")


def test_ones_own_journal_is_reversed_by_somebody_else(manager: Caller) -> None:
    Agency.objects.update(journal_threshold=10_000)
    own = enter(manager)["id"]
    assert told(manager.send("POST", f"{JOURNALS}/{own}/reverse", {"reason": "undo"}))[:2] == (403, "OWN_ENTRY")
    assert manager.user
    allow(manager.user, "finance.journals.reverse_own")
    assert manager.send("POST", f"{JOURNALS}/{own}/reverse", {"reason": "undo"}).json()["break_glass"] is True


def test_what_an_operation_posted_is_undone_by_the_operation(manager: Caller) -> None:
    status, code, _ = told(manager.send("POST", f"{JOURNALS}/{an_entry().pk}/reverse", {"reason": "undo"}))
    assert (status, code) == (409, "OPERATION_ENTRY")


# Lists


def test_journals_are_listed_newest_first_and_found(accountant: Caller) -> None:
    customer = party()
    old = an_entry(date=clock.today() - dt.timedelta(days=3), narration="Booking BK-2026-000123 of Yusuf")
    new = an_entry(75)
    with_party = enter(
        accountant,
        lines=[{"account": "5106", "debit": "5"}, {"account": "2051", "credit": "5", "party_id": customer}],
    )

    def ids(query: str) -> list[int]:
        answer = accountant.send("GET", f"{JOURNALS}?{query}")
        assert answer.status_code == 200, answer.json()
        return [row["id"] for row in answer.json()["items"]]

    assert ids("") == [with_party["id"], new.pk, old.pk]
    assert ids(f"until={old.date}") == [old.pk]
    assert ids(f"since={new.date}") == [with_party["id"], new.pk]
    assert ids("status=pending") == ids("origin=manual") == ids(f"party_id={customer}") == [with_party["id"]]
    assert ids("source=test") == [new.pk, old.pk]
    assert ids(f"account_id={Account.objects.get(code='2051').pk}") == [with_party["id"]]
    assert ids(f"q={old.number.lower()}") == ids("q=bk+000123") == ids("q=yusuf") == [old.pk]
    assert ids("q=%25") == []
    assert ids("sort=total&page_size=1") == [with_party["id"]]
    assert told(accountant.send("GET", f"{JOURNALS}?sort=magic"))[0] == 422
    assert told(accountant.send("GET", f"{JOURNALS}?status=lost"))[0] == 422


def test_a_list_takes_the_same_queries_for_two_and_for_forty(django_assert_num_queries: Any) -> None:
    actor = actor_with(Role.ACCOUNTANT)
    for count in (2, 38):
        entry = [an_entry() for _ in range(count)][-1]
        with django_assert_num_queries(3):
            assert journals.journals(actor, Window()).items
        with django_assert_num_queries(2):
            assert journals.journal_by_number(actor, entry.number).lines
