"""Sales hand a corrected booking in again."""

from __future__ import annotations

from qafila.kernel.actor import Actor
from qafila.kernel.transaction import action
from qafila.sales import steps as sales
from qafila.ticketing import steps as ticketing


@action
def resubmit(*, actor: Actor, booking_id: int) -> int:
    """Both tracks are pending again, so an earlier finance approval no longer clears tickets that are not issued.

    Refuses: BookingNotFound, WrongState. Source: domain.md, 2.2.
    """
    actor.need("bookings.edit")
    sales.resubmit(actor, booking_id)
    ticketing.withdraw(actor, booking_id, cause="approval", note="corrected and handed in again: finance decides anew")
    return booking_id
