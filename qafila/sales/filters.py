"""What a list of bookings may be narrowed by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Q, QuerySet

from qafila.kernel import clock
from qafila.sales.models import Booking
from qafila.sales.states import CANCELLED


@dataclass(frozen=True)
class BookingFilters:
    """What a list of bookings may be narrowed by; empty or None leaves it open. Dates are days of booking."""

    q: str = ""
    state: str = ""
    group_id: int | None = None
    customer_id: int | None = None
    agent_id: int | None = None
    finance: str = ""
    ops: str = ""
    policy: str = ""
    balance_due: bool | None = None
    date_from: date | None = None
    date_to: date | None = None
    departs_from: date | None = None
    departs_to: date | None = None


def narrowed(rows: QuerySet[Booking], wanted: BookingFilters) -> QuerySet[Booking]:
    """The bookings that fit; `q` is the search's business. Adds no query."""
    if wanted.state:
        rows = rows.filter(state=wanted.state)
    for column, value in (
        ("package__group_id", wanted.group_id),
        ("customer_id", wanted.customer_id),
        ("agent_id", wanted.agent_id),
        ("package__finance_approval", wanted.finance or None),
        ("package__ops_approval", wanted.ops or None),
        ("package__payment_policy", wanted.policy or None),
        ("package__group__departure_date__gte", wanted.departs_from),
        ("package__group__departure_date__lte", wanted.departs_to),
    ):
        if value is not None:
            rows = rows.filter(**{column: value})
    if wanted.balance_due is not None:
        due = Q(balance__gt=0) & ~Q(state=CANCELLED)
        rows = rows.filter(due if wanted.balance_due else ~due)
    if wanted.date_from:
        rows = rows.filter(created_at__gte=datetime.combine(wanted.date_from, time.min, clock.zone()))
    if wanted.date_to:
        rows = rows.filter(created_at__lte=datetime.combine(wanted.date_to, time.max, clock.zone()))
    return rows
