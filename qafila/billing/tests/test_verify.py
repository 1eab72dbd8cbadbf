"""The proof finds what does not agree."""

from __future__ import annotations

from decimal import Decimal

import pytest

from qafila.billing.models import Invoice, Payment
from qafila.billing.tests.factories import PRICE_OF_TWO, a_sale, an_invoice, paid
from qafila.billing.verify import verify
from qafila.kernel.actor import SYSTEM
from qafila.kernel.models import NumberSeries
from qafila.kernel.pagination import Window
from qafila.ledger.party_statements import party_statement
from qafila.sales.models import Booking

pytestmark = pytest.mark.django_db


@pytest.fixture
def booking() -> Booking:
    booking = a_sale()
    an_invoice(booking)
    paid(booking, 1000)
    assert verify() == []
    return booking


def test_a_booking_that_counts_other_money_than_it_got_is_found(booking: Booking) -> None:
    Booking.objects.filter(pk=booking.pk).update(paid=Decimal(999))
    assert verify() == [f"booking {booking.number} counts 999.000 paid, what was put on it adds up to 1000.000"]


def test_an_invoice_that_counts_other_receipts_is_found(booking: Booking) -> None:
    Invoice.objects.update(allocated=Decimal(999))
    found = verify()
    assert any("counts 999.000 received, its receipts add up to 1000.000" in line for line in found)
    assert any("on account 1101 by its papers" in line for line in found)


def test_an_invoice_in_the_wrong_state_is_found(booking: Booking) -> None:
    Invoice.objects.update(state="PAID")
    assert any("is PAID and counts 1000.000 received" in line for line in verify())


def test_an_invoice_cancelled_without_its_credit_note_is_found(booking: Booking) -> None:
    Invoice.objects.update(state="CANCELLED")
    assert any("with 0 credit notes that reverse its entry" in line for line in verify())


def test_a_payment_that_counts_other_uses_is_found(booking: Booking) -> None:
    Payment.objects.update(allocated=Decimal(10))
    assert any("counts 10.000 used, its allocations add up to 1000.000" in line for line in verify())


def test_money_the_books_do_not_know_is_found(booking: Booking) -> None:
    free = paid(None, 300, customer_id=booking.customer_id)
    Payment.objects.filter(pk=free.pk).update(state="reversed")
    assert any("on account 2051 by its papers" in line for line in verify())


def test_a_gap_in_the_numbers_is_found(booking: Booking) -> None:
    NumberSeries.objects.filter(series="IN").update(last=2)
    assert verify() == [f"series IN/{Invoice.objects.get().number.split('/')[1]} has 1 papers, its counter stands at 2"]


def test_other_peoples_entries_on_the_same_accounts_are_not_ours_to_explain(booking: Booking) -> None:
    from qafila.ledger.tests.factories import an_entry
    from qafila.ledger.types import credit, debit

    lines = (debit("1101", Decimal(50), party_id=booking.customer_id), credit("4022", Decimal(50)))
    an_entry(50, lines=lines, actor=SYSTEM)
    assert PRICE_OF_TWO
    assert verify() == []


def test_a_customers_statement_says_what_was_billed_and_received_not_what_moved_between_their_accounts() -> None:
    booking = a_sale()
    an_invoice(booking)
    paid(booking, 50000)
    found = party_statement(booking.customer_id, Window())
    assert (found.debits, found.credits) == (booking.gross_total, 50000)
    assert found.closing == booking.gross_total - 50000
    assert (found.lines.total, len(found.lines.items)) == (2, 2)
