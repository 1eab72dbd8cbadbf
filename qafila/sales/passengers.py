"""Who counts as travelling: the one definition of an active passenger that every working list uses."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from qafila.sales.models import Passenger
from qafila.sales.states import CANCELLED

ACTIVE = Q(state="active", booking__deleted_at__isnull=True) & ~Q(booking__state=CANCELLED)
"""As a condition on Passenger."""

ACTIVE_SQL = "passenger.state = 'active' AND booking.deleted_at IS NULL AND booking.state <> 'cancelled'"
"""The same for set-based SQL, where `sales_passenger` is called passenger and `sales_booking` booking."""

SEATED_TIERS = ("adult", "child")
"""Infants travel on a lap and take no seat."""


def active_passengers(booking_ids: Iterable[int] | None = None, *, group_id: int | None = None) -> QuerySet[Passenger]:
    """Passengers who travel: of these bookings, of a group, or all. Never the cancelled and the waitlisted."""
    rows = Passenger.objects.filter(ACTIVE)
    if booking_ids is not None:
        rows = rows.filter(booking_id__in=list(booking_ids))
    if group_id is not None:
        rows = rows.filter(booking__package__group_id=group_id)
    return rows.order_by("booking_id", "n")
