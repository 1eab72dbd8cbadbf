"""Finance takes its approval back."""

from __future__ import annotations

from qafila.kernel.actor import Actor
from qafila.kernel.transaction import action
from qafila.sales import steps as sales
from qafila.ticketing import steps as ticketing


@action
def withdraw_finance(*, actor: Actor, booking_id: int, reason: str) -> int:
    """Take finance's approval back: tickets it cleared and that are not issued wait again; the booking stays.

    Tickets of a booking that is paid by now stay cleared, by its payment.
    Refuses: BookingNotFound, ReasonNeeded, WrongState. Source: domain.md, 2.2 ("which only finance can withdraw").
    """
    actor.need("finance.bookings.approve_finance")
    sales.withdraw_finance(actor, booking_id, reason)
    ticketing.withdraw(actor, booking_id, cause="approval", note=reason)
    if sales.locked(booking_id).balance <= 0:
        ticketing.clear(actor, booking_id, cause="payment")
    return booking_id
