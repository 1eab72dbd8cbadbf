"""Reads of payments."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from qafila.billing.bill import concerned, read_booking
from qafila.billing.errors import PaymentNotFound
from qafila.billing.models import Payment
from qafila.billing.queries.shared import allocations, party
from qafila.billing.states import REJECTED, VERIFIED
from qafila.billing.types import MoneyOfBooking, OpenBooking, PaymentDetail, PaymentRow
from qafila.identity.queries import user_name
from qafila.kernel.actor import Actor
from qafila.kernel.pagination import Page, Window, order, paginate
from qafila.kernel.search import matching
from qafila.sales.errors import BookingNotFound
from qafila.sales.models import Booking

SORTS = {"received_on": "received_on", "amount": "amount", "unallocated": "unallocated", "id": "id"}


def _payments(actor: Actor) -> QuerySet[Payment]:
    rows = Payment.objects.select_related("party", "booking", "account")
    return rows if actor.is_staff else rows.filter(party_id=actor.party_id or 0)


def payments(
    actor: Actor,
    window: Window,
    *,
    q: str = "",
    state: str = "",
    method: str = "",
    party_id: int | None = None,
    booking_id: int | None = None,
    on_account: bool = False,
    received_from: date | None = None,
    received_to: date | None = None,
) -> Page[PaymentRow]:
    """Payments, newest first. Two queries."""
    rows = matching(_payments(actor), "payment", q)
    exact: dict[str, Any] = {"state": state, "method": method, "party_id": party_id, "booking_id": booking_id}
    exact |= {"received_on__gte": received_from, "received_on__lte": received_to}
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    if on_account:
        rows = rows.filter(state=VERIFIED, unallocated__gt=0)
    return paginate(rows.order_by(*order(window.sort, SORTS, "-id")), window, _payment_row)


def pending_count() -> int:
    """How many payments wait for somebody to verify them. One query."""
    return Payment.objects.filter(state="pending_verification").count()


def payment(actor: Actor, payment_id: int) -> PaymentDetail:
    """One payment, whole. Three queries. Refuses: PaymentNotFound."""
    row = _payments(actor).filter(pk=payment_id).first()
    if row is None:
        raise PaymentNotFound("There is no such payment.")
    return PaymentDetail(
        **vars(_payment_row(row)),
        entry_id=row.entry_id,
        decided_by=user_name(row.decided_by_id) if row.decided_by_id else "",
        decided_at=row.decided_at,
        allocations=allocations(payment_id=row.pk),
    )


def money_of_booking(actor: Actor, booking_id: int) -> MoneyOfBooking:
    """What is paid on a booking, what waits for verification, and what its people have on account. Four queries.

    Refuses: BookingNotFound.
    """
    booking = read_booking(booking_id)
    rows = _payments(actor)
    waiting = rows.filter(booking_id=booking_id).exclude(state__in=[VERIFIED, REJECTED]).order_by("pk")
    free = rows.filter(party_id__in=list(concerned(booking)), state=VERIFIED, unallocated__gt=0).order_by("pk")
    return MoneyOfBooking(
        allocations=allocations(booking_id=booking_id),
        waiting=tuple(_payment_row(row) for row in waiting),
        on_account=tuple(_payment_row(row) for row in free[:20]),
    )


def open_bookings_of(actor: Actor, party_id: int) -> list[OpenBooking]:
    """The live bookings that a party's money may be used for and that still owe something; at most 50. One query."""
    theirs = Q(customer_id=party_id) | Q(payer_id=party_id) | Q(agent_id=party_id)
    rows = (
        Booking.objects.filter(theirs, product="package", deleted_at__isnull=True, balance__gt=0)
        .exclude(state="cancelled")
        .select_related("customer__party")
        .order_by("-pk")[:50]
    )
    return [OpenBooking(row.pk, row.number, row.customer.party.name, row.currency, row.balance) for row in rows]


def booking_number(booking_id: int) -> str:
    """The number of a booking. Refuses: BookingNotFound."""
    number = Booking.objects.filter(pk=booking_id).values_list("number", flat=True).first()
    if number is None:
        raise BookingNotFound("There is no such booking.")
    return number


def _payment_row(row: Payment) -> PaymentRow:
    return PaymentRow(
        id=row.pk,
        number=row.number,
        state=row.state,
        party=party(row.party),
        booking_id=row.booking_id,
        booking_number=row.booking.number if row.booking else "",
        branch_id=row.branch_id,
        method=row.method,
        account=row.account.code,
        account_name=row.account.name,
        amount=row.amount,
        currency=row.currency,
        allocated=row.allocated,
        unallocated=row.unallocated,
        received_on=row.received_on,
        reference=row.reference,
        note=row.note,
        made_by_id=row.made_by_id,
        made_by=row.made_by_name,
        reason=row.reason,
        created_at=row.created_at,
    )
