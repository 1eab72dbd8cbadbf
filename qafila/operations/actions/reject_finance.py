"""Finance refuses a booking."""

from __future__ import annotations

from qafila.kernel.actor import Actor
from qafila.kernel.transaction import action
from qafila.sales import steps as sales
from qafila.ticketing import steps as ticketing


@action
def reject_finance(*, actor: Actor, booking_id: int, reason: str) -> int:
    """Refuse a booking for finance: it goes to the correction queue; clearance given by approval ends.

    Refuses: BookingNotFound, ReasonNeeded, WrongState (a confirmed booking: withdraw the approval instead).
    Source: domain.md, 2.2.
    """
    actor.need("finance.bookings.approve_finance")
    sales.reject_finance(actor, booking_id, reason)
    ticketing.withdraw(actor, booking_id, cause="approval", note=reason)
    return booking_id
