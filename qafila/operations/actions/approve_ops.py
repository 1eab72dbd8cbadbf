"""Operations approve a booking."""

from __future__ import annotations

from qafila.kernel.actor import Actor
from qafila.kernel.transaction import action
from qafila.operations.types import Approval
from qafila.sales import steps as sales


@action
def approve_ops(*, actor: Actor, booking_id: int) -> Approval:
    """Confirm a booking whose payment policy is met; visa cases open for those who need one. Idempotent.

    Refuses: BookingNotFound, BookingIsClosed, WrongState, PolicyNotMet. Source: document 000; domain.md, 2.2.
    """
    actor.need("approvals.approve")
    return Approval(ok=True, already_approved=not sales.approve_ops(actor, booking_id))
