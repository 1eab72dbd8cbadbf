"""What billing adds to a booking as it is read over HTTP, and says when one is let go."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from qafila.billing.tests.factories import a_sale, an_invoice, paid
from qafila.identity.tests.factories import as_role
from qafila.identity.types import Role
from qafila.parties.tests.factories import a_customer

pytestmark = pytest.mark.django_db


def test_a_booking_tells_its_payments():
    booking = a_sale()
    cash, bank = paid(booking, 50000), paid(booking, 1000, method="bank")
    answer = json.loads(as_role(Role.SALES_MANAGER).send("GET", f"/sales/bookings/{booking.pk}").content)
    assert [(p["payment_id"], p["state"], p["amount"]) for p in answer["payments"]] == [
        (cash.pk, "verified", "50000.00"),
        (bank.pk, "pending_verification", "1000.00"),
    ]
    assert answer["balance"] == "174700.00"


def test_a_cancellation_previewed_shows_the_credit_note_and_the_money_freed():
    booking = a_sale()
    invoice = an_invoice(booking)
    paid(booking, 50000)
    caller = as_role(Role.SALES_MANAGER)
    preview = json.loads(caller.send("POST", f"/sales/bookings/{booking.pk}/cancel?preview=1", {}).content)
    assert (preview["seats"], preview["freed"]) == (2, "50000.00")
    assert any(invoice.number in line for line in preview["told"])
    assert sum(Decimal(line["debit"]) for entry in preview["entries"] for line in entry["lines"]) == sum(
        Decimal(line["credit"]) for entry in preview["entries"] for line in entry["lines"]
    )
    assert preview["entries"], "the entries that reach the books are shown"
    booking.refresh_from_db()
    assert (booking.state, booking.paid) == ("draft", Decimal(50000))
    page = caller.get(f"/sales/bookings/{booking.number}/cancel", headers={"HX-Request": "true"}).content.decode()
    assert invoice.number in page


def test_an_invoiced_booking_keeps_whom_it_was_billed_to():
    booking = a_sale()
    caller = as_role(Role.SALES_MANAGER)
    payer = a_customer()
    invoice = an_invoice(booking)
    answer = caller.send("PATCH", f"/sales/bookings/{booking.pk}", {"payer_id": payer})
    assert (answer.status_code, json.loads(answer.content)["invoice"]) == (409, invoice.number)
    booking.refresh_from_db()
    assert booking.payer_id is None
    other = a_sale()
    assert caller.send("PATCH", f"/sales/bookings/{other.pk}", {"payer_id": payer}).status_code == 200
