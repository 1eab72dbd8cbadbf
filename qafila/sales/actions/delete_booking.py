"""Delete a booking: cancel it, and it is found no more."""

from __future__ import annotations

from qafila.kernel.actor import Actor
from qafila.kernel.transaction import action
from qafila.sales.cancelling import Cancellation, let_go


@action
def delete_booking(*, actor: Actor, booking_id: int, reason: str = "", version: int | None = None) -> Cancellation:
    """Cancel a booking and hide it. A cancelled one is only hidden: nothing is let go twice.

    Refuses as cancel_booking does; when an entry cannot be posted nothing changes. Source: document 000, DELETE.
    """
    actor.need("bookings.delete")
    return let_go(actor, booking_id, "delete", reason=reason, version=version)
