"""What a customer owes and paid, and that nobody with money open is deleted."""

import io
from datetime import timedelta
from decimal import Decimal

import pytest
from pypdf import PdfReader

from qafila.identity.queries import actor_of
from qafila.identity.tests.factories import as_role
from qafila.identity.types import Role
from qafila.kernel import clock
from qafila.kernel.actor import SYSTEM
from qafila.kernel.errors import MissingRight, NotFound
from qafila.kernel.pagination import Window
from qafila.ledger.tests.factories import an_entry, books
from qafila.ledger.types import credit, debit
from qafila.parties import queries
from qafila.parties.actions.delete_customer import delete_customer
from qafila.parties.errors import PartyHasBalance
from qafila.parties.shelves import CUSTOMERS
from qafila.parties.tests.factories import a_customer

pytestmark = pytest.mark.django_db
D = Decimal


def billed(key: int, amount: int, **said):
    return an_entry(lines=(debit("1101", D(amount), party_id=key), credit("4022", D(amount))), **said)


def paid(key: int, amount: int, **said):
    return an_entry(lines=(debit("1010-01", D(amount)), credit("1101", D(amount), party_id=key)), **said)


def test_a_statement_runs_from_bill_to_payment():
    books()
    key, other = a_customer(), a_customer()
    billed(key, 485000, narration="Umrah for four")
    billed(other, 1)
    paid(key, 200000)
    paid(key, 300000)
    found = queries.statement(SYSTEM, CUSTOMERS, key, Window())
    assert [line.balance for line in found.lines.items] == [D(485000), D(285000), D(-15000)]
    assert (found.opening, found.debits, found.credits, found.closing) == (D(0), D(485000), D(500000), D(-15000))
    assert found.lines.items[0].text == "Umrah for four"
    assert queries.customer(SYSTEM, key).balance == D(-15000)
    second = queries.statement(SYSTEM, CUSTOMERS, key, Window(page=2, page_size=2))
    assert [line.balance for line in second.lines.items] == [D(-15000)]


def test_a_statement_of_some_days_begins_with_what_stood_before(django_assert_max_num_queries):
    books()
    key = a_customer()
    yesterday = clock.today() - timedelta(days=1)
    billed(key, 100, date=yesterday)
    billed(key, 50)
    with django_assert_max_num_queries(5):
        found = queries.statement(SYSTEM, CUSTOMERS, key, Window(), since=clock.today())
    assert (found.opening, found.closing, found.lines.total) == (D(100), D(150), 1)
    assert found.lines.items[0].balance == D(150)
    assert queries.statement(SYSTEM, CUSTOMERS, key, Window(), until=yesterday).closing == D(100)


def test_a_statement_is_for_those_who_may_see_the_ledger():
    books()
    key = a_customer()
    with pytest.raises(NotFound):
        queries.statement(SYSTEM, CUSTOMERS, 999999, Window())
    executive, accountant = as_role(Role.SALES_EXECUTIVE), as_role(Role.ACCOUNTANT)
    assert executive.send("GET", f"/customers/{key}/ledger").status_code == 403
    assert accountant.send("GET", f"/customers/{key}/ledger").json()["closing"] == "0.00"
    assert executive.user
    with pytest.raises(MissingRight):
        queries.statement(actor_of(executive.user.pk), CUSTOMERS, key, Window())


def test_a_statement_goes_on_paper():
    books()
    key = a_customer(first_name="Hafiza", last_name="Wani")
    billed(key, 1485000)
    response = as_role(Role.ACCOUNTANT).get(f"/api/v1/customers/{key}/statement.pdf")
    assert response["Content-Type"] == "application/pdf"
    text = PdfReader(io.BytesIO(response.content)).pages[0].extract_text()
    for part in ("Hafiza Wani", "14,85,000.00", "Owed by you"):
        assert part in text


def test_nobody_with_money_open_is_deleted():
    books()
    key = a_customer()
    billed(key, 100)
    with pytest.raises(PartyHasBalance, match=r"100\.00 on 1101"):
        delete_customer(actor=SYSTEM, customer_id=key)
    paid(key, 100)
    delete_customer(actor=SYSTEM, customer_id=key)
    with pytest.raises(NotFound):
        queries.customer(SYSTEM, key)
