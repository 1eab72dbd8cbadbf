"""Rows locked in one order everywhere: bookings, then invoices, then payments, each by id; the number series last.

A row is locked by a statement of its own and read by the next, so that what was waited for is seen.
"""

from __future__ import annotations

from collections.abc import Iterable

from qafila.billing.errors import ChangedMeanwhile, InvoiceNotFound, PaymentNotFound
from qafila.billing.models import Allocation, Invoice, Payment
from qafila.billing.states import CANCELLED
from qafila.kernel.transaction import step
from qafila.sales.models import Booking


@step
def lock_bookings(booking_ids: Iterable[int]) -> None:
    list(
        Booking.objects.select_for_update(no_key=True)
        .filter(pk__in=sorted(set(booking_ids)))
        .order_by("pk")
        .values_list("pk", flat=True)
    )


@step
def live_invoices(booking_ids: Iterable[int]) -> dict[int, Invoice]:
    """The invoices that stand for these bookings (at most one each), locked, by booking."""
    rows = (
        Invoice.objects.select_for_update(no_key=True)
        .filter(booking_id__in=sorted(set(booking_ids)))
        .exclude(state=CANCELLED)
        .order_by("pk")
    )
    return {row.booking_id: row for row in rows}


@step
def lock_invoice(invoice_id: int) -> Invoice:
    """The invoice with its booking locked before it. Refuses: InvoiceNotFound."""
    booking_id = Invoice.objects.filter(pk=invoice_id).values_list("booking_id", flat=True).first()
    if booking_id is None:
        raise InvoiceNotFound("There is no such invoice.")
    lock_bookings([booking_id])
    return Invoice.objects.select_for_update(no_key=True).get(pk=invoice_id)


@step
def lock_payments(payment_ids: Iterable[int]) -> dict[int, Payment]:
    rows = Payment.objects.select_for_update(no_key=True).filter(pk__in=sorted(set(payment_ids))).order_by("pk")
    return {row.pk: row for row in rows}


@step
def lock_payment(payment_id: int) -> Payment:
    """Refuses: PaymentNotFound."""
    row = lock_payments([payment_id]).get(payment_id)
    if row is None:
        raise PaymentNotFound("There is no such payment.")
    return row


def live_allocations(**of: object) -> list[Allocation]:
    """Allocations that stand, oldest first."""
    return list(Allocation.objects.filter(taken_back_at__isnull=True, **of).order_by("pk"))


@step
def payment_with_bookings(payment_id: int) -> tuple[Payment, list[Allocation]]:
    """A payment and its standing allocations, their bookings and invoices locked before it.

    Refuses: PaymentNotFound; ChangedMeanwhile when it was put on another booking just then.
    """
    if not Payment.objects.filter(pk=payment_id).exists():
        raise PaymentNotFound("There is no such payment.")
    seen = {a.booking_id for a in live_allocations(payment_id=payment_id)}
    lock_bookings(seen)
    live_invoices(seen)
    payment = lock_payment(payment_id)
    allocations = live_allocations(payment_id=payment_id)
    if not {a.booking_id for a in allocations} <= seen:
        raise ChangedMeanwhile("Somebody put this payment on another booking just now; look again and repeat.")
    return payment, allocations
