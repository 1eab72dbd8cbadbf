"""Random walks through taking, using, reversing, invoicing, crediting and cancelling: the proof stays clean."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qafila.billing.actions.allocate import allocate
from qafila.billing.actions.credit_invoice import credit_invoice
from qafila.billing.actions.deallocate import deallocate
from qafila.billing.actions.issue_booking_invoice import issue_booking_invoice
from qafila.billing.actions.record_payment import record_payment
from qafila.billing.actions.reject_payment import reject_payment
from qafila.billing.actions.reverse_payment import reverse_payment
from qafila.billing.actions.verify_payment import verify_payment
from qafila.billing.models import Allocation, Invoice, Payment
from qafila.billing.tests.factories import BANK, DRAWER, a_sale
from qafila.billing.verify import verify
from qafila.kernel.actor import SYSTEM
from qafila.kernel.errors import Refusal
from qafila.ledger.verify import verify as ledger_verify
from qafila.parties.tests.factories import an_agent
from qafila.sales.actions.cancel_booking import cancel_booking
from qafila.sales.actions.edit_booking import edit_booking
from qafila.sales.models import Booking
from qafila.sales.schemas import BookingPatch
from qafila.sales.tests.factories import a_departure

pytestmark = pytest.mark.django_db


class Agency:
    """Three bookings of two customers, one sold by a partner, and every verb of billing on them."""

    def __init__(self) -> None:
        first = a_sale(a_departure(), 2)
        second = a_sale(a_departure(), 1, customer_id=first.customer_id)
        third = a_sale(a_departure(), 1, agent_id=an_agent(), payment_policy="advance")
        self.bookings = [first.pk, second.pk, third.pk]

    def some(self, rows: Any, n: int) -> int:
        """The id of one of these rows; of none, when there are none."""
        ids = list(rows.order_by("pk").values_list("pk", flat=True))
        return ids[n % len(ids)] if ids else 10**9

    def booking(self, n: int) -> int:
        return self.bookings[n % len(self.bookings)]

    def cash(self, n: int, amount: int) -> None:
        record_payment(actor=SYSTEM, amount=Decimal(amount), method="cash", booking_id=self.booking(n), account=DRAWER)

    def bank(self, n: int, amount: int) -> None:
        record_payment(actor=SYSTEM, amount=Decimal(amount), method="bank", booking_id=self.booking(n), account=BANK)

    def on_account(self, n: int, amount: int) -> None:
        customer = Booking.objects.values_list("customer_id", flat=True).get(pk=self.booking(n))
        record_payment(actor=SYSTEM, amount=Decimal(amount), method="cash", customer_id=customer, account=DRAWER)

    def verify(self, n: int, amount: int) -> None:
        verify_payment(actor=SYSTEM, payment_id=self.some(Payment.objects.filter(state="pending_verification"), n))

    def reject(self, n: int, amount: int) -> None:
        reject_payment(actor=SYSTEM, payment_id=self.some(Payment.objects.all(), n), reason="Did not arrive")

    def reverse(self, n: int, amount: int) -> None:
        reverse_payment(actor=SYSTEM, payment_id=self.some(Payment.objects.all(), n), reason="Wrong person")

    def allocate(self, n: int, amount: int) -> None:
        payment = self.some(Payment.objects.filter(unallocated__gt=0), n)
        asked = None if amount % 2 else Decimal(amount)
        allocate(actor=SYSTEM, payment_id=payment, booking_id=self.booking(amount), amount=asked)

    def deallocate(self, n: int, amount: int) -> None:
        if amount % 2:
            deallocate(actor=SYSTEM, payment_id=self.some(Payment.objects.all(), n))
        else:
            row = Allocation.objects.filter(pk=self.some(Allocation.objects.all(), n)).first()
            if row:
                deallocate(actor=SYSTEM, payment_id=row.payment_id, allocation_id=row.pk)

    def issue(self, n: int, amount: int) -> None:
        issue_booking_invoice(actor=SYSTEM, booking_id=self.booking(n))

    def credit(self, n: int, amount: int) -> None:
        credit_invoice(actor=SYSTEM, invoice_id=self.some(Invoice.objects.all(), n), reason="Wrong buyer")

    def reprice(self, n: int, amount: int) -> None:
        edit_booking(actor=SYSTEM, booking_id=self.booking(n), patch=BookingPatch(total_amount=Decimal(amount)))

    def cancel(self, n: int, amount: int) -> None:
        cancel_booking(actor=SYSTEM, booking_id=self.booking(n), reason="Visa refused")


VERBS = ["cash", "bank", "on_account", "verify", "reject", "reverse", "allocate", "deallocate", "issue", "credit"]
STEPS = st.tuples(
    st.sampled_from([*VERBS, "cash", "verify", "issue", "allocate", "cancel", "reprice"]),
    st.integers(0, 11),
    st.sampled_from([1, 100, 5000, 107001, 112350, 224700, 400000]),
)


def walk(steps: list[tuple[str, int, int]], look: Callable[[int], bool]) -> None:
    """Take the steps, refused or not, and look at the proof where asked and at the end; then it never happened."""
    before = transaction.savepoint()
    try:
        agency = Agency()
        for n, (verb, which, amount) in enumerate(steps):
            try:
                getattr(agency, verb)(which, amount)
            except Refusal:
                continue
            if look(n):
                assert verify() == [], (n, verb)
        assert verify() == []
        assert ledger_verify() == []
    finally:
        transaction.savepoint_rollback(before)


QUIET = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


@settings(max_examples=8, deadline=None, suppress_health_check=QUIET)
@given(st.lists(STEPS, min_size=6, max_size=14))
def test_a_short_walk_leaves_papers_bookings_and_books_in_agreement(steps: list[tuple[str, int, int]]) -> None:
    walk(steps, look=lambda n: False)


@pytest.mark.slow
@pytest.mark.timeout(1800)
@settings(max_examples=50, deadline=None, suppress_health_check=QUIET)
@given(st.lists(STEPS, min_size=10, max_size=40))
def test_a_long_walk_does_so_after_each_step(steps: list[tuple[str, int, int]]) -> None:
    walk(steps, look=lambda n: True)
