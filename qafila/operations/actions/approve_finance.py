"""Finance lets a booking go ahead."""

from __future__ import annotations

from qafila.kernel.actor import Actor
from qafila.kernel.audit import record
from qafila.kernel.transaction import action
from qafila.operations.errors import MakerIsChecker
from qafila.operations.rules import BREAK_GLASS, is_own
from qafila.operations.types import Approval
from qafila.sales import steps as sales
from qafila.ticketing import steps as ticketing


@action
def approve_finance(*, actor: Actor, booking_id: int, reason: str = "") -> Approval:
    """Approve a booking for finance; with a balance due a reason is needed, and the tickets are cleared by it.

    A paid booking's tickets are cleared by its payment, so that money taken back withdraws them. Whoever made the
    booking does not approve it, unless under break-glass, which is recorded. Idempotent.
    Refuses: BookingNotFound, BookingIsClosed, WrongState, ReasonNeeded, MakerIsChecker. Source: domain.md, 2.2, 2.5.
    """
    actor.need("finance.bookings.approve_finance")
    booking = sales.locked(booking_id)
    own = is_own(actor, booking.created_by_id)
    if own and not actor.may(BREAK_GLASS):
        raise MakerIsChecker(f"You made {booking.number}; somebody else must approve it for finance.")
    fresh = sales.approve_finance(actor, booking_id, reason)
    if fresh and booking.balance > 0:
        ticketing.clear(actor, booking_id, cause="approval", note=reason)
    if fresh and own:
        record(actor, "booking.finance_approved_own", "booking", booking_id, after={"break_glass": True}, note=reason)
    return Approval(ok=True, already_approved=not fresh)
