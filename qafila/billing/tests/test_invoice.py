"""A booking's invoice: numbered, posted, kept, and taken back."""

from __future__ import annotations

from decimal import Decimal

import pytest

from qafila.billing.models import Allocation, Invoice
from qafila.billing.tests.factories import PRICE_OF_TWO, a_sale, an_invoice, fresh, paid
from qafila.ledger.queries import entries_of, party_balance
from qafila.kernel.actor import SYSTEM

pytestmark = pytest.mark.django_db


def test_an_issued_invoice_is_numbered_posted_and_says_what_was_sold() -> None:
    booking = a_sale()
    invoice = an_invoice(booking)
    assert invoice.number.startswith("IN/")
    assert invoice.gross_total == PRICE_OF_TWO
    (entry,) = entries_of(SYSTEM, "booking_invoice", invoice.pk)
    assert {(l.account, l.debit, l.credit) for l in entry.lines} == {
        ("1101", Decimal("224700"), Decimal(0)),
        ("4022", Decimal(0), Decimal("214000")),
        ("2061-C", Decimal(0), Decimal("5350")),
        ("2061-S", Decimal(0), Decimal("5350")),
    }
    assert party_balance(booking.customer_id, "1101") == PRICE_OF_TWO


def test_receipts_that_wait_on_the_booking_are_applied() -> None:
    booking = a_sale()
    paid(booking, 50000)
    assert party_balance(booking.customer_id, "2051") == -50000
    invoice = an_invoice(booking)
    assert invoice.open_amount == PRICE_OF_TWO - 50000
    assert party_balance(booking.customer_id, "2051") == 0
    assert party_balance(booking.customer_id, "1101") == PRICE_OF_TWO - 50000
    paid(booking, PRICE_OF_TWO - 50000)
    assert fresh(invoice).state == "PAID"
    assert fresh(booking).balance == 0
    assert party_balance(booking.customer_id, "1101") == 0
