"""Invoices and payments for tests, made by the room's own actions. Higher rooms' tests may use these."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from qafila.billing.actions.issue_booking_invoice import issue_booking_invoice
from qafila.billing.actions.record_payment import record_payment
from qafila.billing.models import Invoice, Payment
from qafila.kernel.actor import SYSTEM, Actor
from qafila.ledger.tests.factories import books
from qafila.sales.models import Booking
from qafila.sales.tests.factories import a_booking

DRAWER, BANK = "1001-DEL-01", "1010-01"
PRICE_OF_TWO = Decimal("224700")  # two adults at 107,000 and 5 % GST
TCS = {
    "name": "TCS tour package",
    "kind": "tcs",
    "rate": "2",
    "mode": "exclusive",
    "applies_to": ["flight", "hotel", "visa", "ground_services"],
}


def a_sale(*args: Any, **said: Any) -> Booking:
    """A booking of an agency whose books are open: two adults at 2,24,700.00 with GST unless told otherwise."""
    books()
    return a_booking(*args, **said)


def an_invoice(booking: Booking | None = None, *, actor: Actor = SYSTEM, **said: Any) -> Invoice:
    """The issued invoice of a booking (or of one of its own)."""
    booking = booking or a_sale()
    return Invoice.objects.get(pk=issue_booking_invoice(actor=actor, booking_id=booking.pk, **said).invoice_id)


def paid(booking: Booking | None = None, amount: Any = 50000, *, actor: Actor = SYSTEM, **said: Any) -> Payment:
    """Cash received for a booking, into the Delhi drawer; `method="bank"` waits for verification."""
    given = {"method": "cash", **said}
    given.setdefault("account", DRAWER if given["method"] == "cash" else BANK)
    if booking is not None:
        given["booking_id"] = booking.pk
    return Payment.objects.get(pk=record_payment(actor=actor, amount=Decimal(amount), **given).payment_id)


def fresh(row: Any) -> Any:
    """The row as it stands in the database now."""
    return type(row).objects.get(pk=row.pk)
