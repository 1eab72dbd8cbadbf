"""The chart and its periods, over HTTP."""

from __future__ import annotations

from typing import Any

import pytest

from qafila.identity.tests.factories import Caller, as_role
from qafila.identity.types import Role
from qafila.kernel.actor import SYSTEM
from qafila.kernel.models import AuditEntry
from qafila.ledger.actions.setup_books import setup_books
from qafila.ledger.models import Account, Period
from qafila.ledger.tests.api import told
from qafila.ledger.tests.factories import an_entry, books

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _books() -> None:
    books()


@pytest.fixture
def accountant() -> Caller:
    return as_role(Role.ACCOUNTANT)


@pytest.fixture
def manager() -> Caller:
    return as_role(Role.FINANCE_MANAGER)


def account(**changed: Any) -> dict[str, Any]:
    return {"code": "5301", "name": "Office rent", "kind": "expense", "parent_code": "5000", **changed}


def test_an_account_is_added_renamed_and_taken_out_of_use(accountant: Caller) -> None:
    made = accountant.send("POST", "/finance/accounts", account()).json()
    path = f"/finance/accounts/{made['id']}"
    assert accountant.send("GET", path).json() == made
    changed = accountant.send("PATCH", path, {"version": 1, "name": "Rent"}).json()
    assert (changed["name"], changed["parent_code"], changed["version"]) == ("Rent", "5000", 2)
    assert told(accountant.send("PATCH", path, {"version": 1, "name": "Hire"}))[:2] == (409, "STALE_VERSION")
    an_entry(dr="5301")
    assert told(accountant.send("PATCH", path, {"is_active": False})) == (409, "ACCOUNT_REFUSED", [["is_active"]])
    an_entry(dr="1010-01", cr="5301")
    assert accountant.send("PATCH", path, {"is_active": False}).json()["is_active"] is False
    assert AuditEntry.objects.filter(entity="account", entity_id=made["id"]).count() == 3


@pytest.mark.parametrize(
    ("changed", "status", "loc"),
    [
        ({"code": "5106"}, 409, ["code"]),
        ({"code": "no spaces"}, 422, ["code"]),
        ({"kind": "money"}, 422, ["kind"]),
        ({"parent_code": "5106"}, 409, ["parent_code"]),
        ({"parent_code": "4000"}, 409, ["parent_code"]),
        ({"parent_code": "8888"}, 404, ["parent_code"]),
        ({"branch_id": 10**9}, 422, ["branch_id"]),
        ({"currency": "XXQ"}, 422, ["currency"]),
        ({"balance": "5"}, 422, ["balance"]),
    ],
)
def test_an_account_that_cannot_be_says_where(
    accountant: Caller, changed: dict[str, Any], status: int, loc: list[Any]
) -> None:
    found = told(accountant.send("POST", "/finance/accounts", account(**changed)))
    assert found[0] == status
    assert loc in [[part for part in place if part not in ("body", "payload")] for place in found[2]]


def test_opening_the_books_again_changes_nothing() -> None:
    before = list(Account.objects.values_list("code", "version")), Period.objects.count()
    setup_books(actor=SYSTEM)
    assert (list(Account.objects.values_list("code", "version")), Period.objects.count()) == before
    codes = {code for code, _ in before[0]}
    assert {"1001-DEL-01", "1001-SXR-01", "1010-01", "2061-C", "2061-S", "2061-I", "1310", "2025"} <= codes
    assert before[1] == 24


def test_periods_are_listed(accountant: Caller) -> None:
    periods = accountant.send("GET", "/finance/periods").json()
    assert len(periods) == 24
    assert {p["state"] for p in periods} == {"open"}
