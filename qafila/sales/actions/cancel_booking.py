"""Cancel a booking: what it holds is let go, what was invoiced is credited."""

from __future__ import annotations

from qafila.kernel.actor import Actor
from qafila.kernel.transaction import action
from qafila.sales.cancelling import Cancellation, let_go


@action
def cancel_booking(*, actor: Actor, booking_id: int, reason: str = "", version: int | None = None) -> Cancellation:
    """Cancel a booking, in one transaction: seats, tickets not issued and visa cases are let go, its invoice gets a
    credit note, receipts go to the customer's account. Answers what it brought with it; rehearsed, a preview.

    Refuses: MissingRight, BookingNotFound, StaleVersion, WrongState, and what rooms above refuse: an issued ticket, no
    open period to post in. Source: domain.md, "Cancel or delete a booking".
    """
    actor.need("bookings.cancel")
    return let_go(actor, booking_id, "cancel", reason=reason, version=version)
