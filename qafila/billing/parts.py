"""What billing adds to a booking as it is read over HTTP: its payments."""

from __future__ import annotations

from django.db.models import Sum

from qafila.billing.models import Allocation, Payment
from qafila.kernel.actor import Actor
from qafila.sales.parts import PaymentPart, add_payments


def payments_of(actor: Actor, booking_id: int) -> list[PaymentPart]:
    """The payments that count for a booking, with what of each counts, then those that wait for it. Two queries."""
    live = Allocation.objects.filter(booking_id=booking_id, taken_back_at__isnull=True)
    counted = dict(live.values_list("payment_id").annotate(used=Sum("amount")).order_by())
    waiting = Payment.objects.filter(booking_id=booking_id, state="pending_verification")
    rows = Payment.objects.filter(pk__in=counted).union(waiting, all=True).order_by("id")
    return [
        PaymentPart(
            payment_id=row.pk,
            number=row.number or "",
            state=row.state,
            method=row.method,
            amount=counted.get(row.pk, row.amount),
            currency=row.currency,
            received_on=row.received_on,
        )
        for row in rows
    ]


add_payments(payments_of)
