"""What operations and finance offer on a booking's page."""

from __future__ import annotations

from django.utils.translation import gettext as _

from qafila.kernel.actor import Actor
from qafila.operations.rules import OPEN_TO_OPS, why_not_finance, why_not_ops
from qafila.sales.models import Booking
from qafila.sales.parts import MovePart, add_moves
from qafila.sales.types import BookingDetail


def moves(actor: Actor, booking: BookingDetail) -> list[MovePart]:
    """The decisions this actor may take on this booking now, the likely one as the primary button."""
    listed: list[MovePart] = []
    ops, finance = f"/operations/bookings/{booking.id}", f"/finance/bookings/{booking.id}"
    if actor.may("bookings.edit") and booking.state == "needs_correction":
        listed.append(MovePart(_("Hand in again"), f"{ops}/resubmit", "send", "primary"))
    if actor.may("finance.bookings.approve_finance") and booking.is_live:
        made_by = Booking.objects.values_list("created_by_id", flat=True).get(pk=booking.id)
        if not why_not_finance(actor, state=booking.state, finance=booking.finance_approval, made_by_id=made_by):
            listed.append(MovePart(_("Approve for finance"), f"{finance}/approve", "shield-check", "primary"))
        if booking.state in OPEN_TO_OPS:
            listed.append(MovePart(_("Reject for finance"), f"{finance}/reject", "thumb-down"))
        elif booking.finance_approval == "approved":
            listed.append(MovePart(_("Take finance approval back"), f"{finance}/withdraw", "arrow-back-up"))
    if actor.may("approvals.approve") and booking.is_live:
        blocked = why_not_ops(
            state=booking.state,
            ops=booking.ops_approval,
            policy=booking.payment_policy,
            finance=booking.finance_approval,
            paid=booking.paid,
        )
        first = not any(move.tone for move in listed)
        if not blocked:
            tone = "primary" if first else ""
            listed.append(MovePart(_("Approve for operations"), f"{ops}/approve", "circle-check", tone))
        if booking.state in (*OPEN_TO_OPS, "confirmed"):
            listed.append(MovePart(_("Send back"), f"{ops}/send-back", "arrow-back-up"))
    return listed


add_moves(moves)
