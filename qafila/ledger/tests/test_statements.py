"""Statements and the trial balance: from balances and lines together, the same on every day and page."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from qafila.identity.models import Branch
from qafila.identity.tests.factories import Caller, actor_with, as_role
from qafila.identity.types import Role
from qafila.kernel import clock
from qafila.kernel.pagination import Window
from qafila.ledger import rules, statement
from qafila.ledger.models import Account
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


def test_the_trial_balance_of_any_day_balances(manager: Caller) -> None:
    today = clock.today()
    month = today.replace(day=1)
    days = [month - dt.timedelta(days=40), month - dt.timedelta(days=3), month, today, month + dt.timedelta(days=33)]
    for n, day in enumerate(days):
        an_entry(10**n, date=day)
    an_entry(7, date=month, branch_id=Branch.objects.get(code="SXR").pk)

    def spent(query: str) -> Decimal:
        body = manager.send("GET", f"/finance/trial-balance?{query}").json()
        assert body["debit"] == body["credit"]
        leaves = [row for row in body["rows"] if not row["is_group"]]
        assert (
            sum(Decimal(r["debit"]) for r in leaves)
            == sum(Decimal(r["credit"]) for r in leaves)
            == Decimal(body["debit"])
        )
        return sum((Decimal(r["debit"]) for r in leaves if r["code"] == "5106"), Decimal(0))

    assert spent(f"as_of={days[0] - dt.timedelta(days=1)}") == 0
    assert spent(f"as_of={days[0]}") == 1
    assert spent(f"as_of={days[1] - dt.timedelta(days=1)}") == 1
    assert spent(f"as_of={days[1]}") == 11
    assert spent(f"as_of={month}") == 118 + (1000 if today == month else 0)
    assert spent("") == 1118
    assert spent(f"as_of={days[4]}") == 11118
    assert spent(f"branch_id={Branch.objects.get(code='SXR').pk}") == 7
    assert told(manager.send("GET", "/finance/trial-balance?as_of=yesterday"))[0] == 422


def test_a_trial_balance_reads_no_line_of_a_finished_month(django_assert_num_queries: Any) -> None:
    actor = actor_with(Role.FINANCE_MANAGER)
    for _ in range(30):
        an_entry()
    end = rules.month_end(clock.today())
    with django_assert_num_queries(2) as queries:
        statement.trial_balance(actor, as_of=end)
    assert not any("journalline" in q["sql"] for q in queries.captured_queries)


def test_a_statement_carries_its_balance_from_page_to_page(accountant: Caller) -> None:
    month = clock.today().replace(day=1)
    days = [month - dt.timedelta(days=35), month - dt.timedelta(days=2), month, month + dt.timedelta(days=1)]
    for n, day in enumerate(days * 3):
        an_entry(n + 1, date=day, dr="5106" if n % 3 else "1010-01", cr="1010-01" if n % 3 else "5106")
    an_entry(10**5, origin="manual")  # waits: counts nowhere
    path = f"/finance/accounts/{Account.objects.get(code='5106').pk}/statement"

    def read(query: str) -> dict[str, Any]:
        answer = accountant.send("GET", f"{path}?{query}")
        assert answer.status_code == 200, answer.json()
        return answer.json()

    whole = read("page_size=200")
    assert whole["total"] == 12
    running = Decimal(0)
    for line in whole["items"]:
        running += Decimal(line["debit"]) - Decimal(line["credit"])
        assert Decimal(line["balance"]) == running
    assert Decimal(whole["closing"]) == running
    pages = [read(f"page_size=5&page={page}") for page in (1, 2, 3)]
    assert [line for page in pages for line in page["items"]] == whole["items"]
    assert read("page_size=5&page=4")["items"] == []

    part = read(f"since={days[1]}&until={month}&page_size=4")
    assert (part["total"], part["pages"]) == (6, 2)
    inside = [x for x in whole["items"] if days[1].isoformat() <= x["date"] <= month.isoformat()]
    assert part["items"] == inside[:4]
    assert read(f"since={days[1]}&until={month}&page_size=4&page=2")["items"] == inside[4:]
    first = whole["items"].index(inside[0])
    assert part["opening"] == whole["items"][first - 1]["balance"]
    assert part["closing"] == inside[-1]["balance"]
    backwards = read(f"since={month}&until={days[0]}")
    assert (backwards["total"], backwards["items"]) == (0, [])
    assert backwards["opening"] == backwards["closing"]


def test_a_statement_takes_at_most_five_queries_however_far_the_page(django_assert_max_num_queries: Any) -> None:
    actor = actor_with(Role.ACCOUNTANT)
    for _ in range(12):
        an_entry()
    account_id = Account.objects.get(code="5106").pk
    since, until = clock.today() - dt.timedelta(days=9), clock.today() + dt.timedelta(days=3)
    for window in (Window(1, 5), Window(3, 5)):
        with django_assert_max_num_queries(5):
            assert statement.account_statement(actor, account_id, window, since=since, until=until).lines.items


def test_an_unknown_account_has_no_statement(accountant: Caller) -> None:
    assert told(accountant.send("GET", "/finance/accounts/987654/statement"))[:2] == (404, "NOT_FOUND")
