"""Operations send a booking back to sales."""

from __future__ import annotations

from qafila.kernel.actor import Actor
from qafila.kernel.transaction import action
from qafila.sales import steps as sales


@action
def send_back(*, actor: Actor, booking_id: int, reason: str) -> int:
    """Put a booking into the correction queue, with what is to be corrected.

    Refuses: BookingNotFound, ReasonNeeded, WrongState. Source: domain.md, 2.2.
    """
    actor.need("approvals.approve")
    sales.send_back(actor, booking_id, reason)
    return booking_id
