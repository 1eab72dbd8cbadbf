"""The lifecycle of a package booking and the two approval tracks beside it. Source: domain.md, 2.2; document 000."""

from __future__ import annotations

from typing import Final

from qafila.kernel.states import START, Machine, Move

DRAFT: Final = "draft"
CONFIRMED: Final = "confirmed"
ON_HOLD: Final = "on_hold"
NEEDS_CORRECTION: Final = "needs_correction"
CANCELLED: Final = "cancelled"
COMPLETED: Final = "completed"

OPEN: Final = (DRAFT, CONFIRMED, ON_HOLD, NEEDS_CORRECTION)
"""States in which a booking still changes and can be cancelled."""

PACKAGE = Machine(
    name="package_booking",
    states={
        DRAFT: ("Draft", "grey"),
        CONFIRMED: ("Confirmed", "green"),
        ON_HOLD: ("On hold", "blue"),
        NEEDS_CORRECTION: ("Needs correction", "amber"),
        CANCELLED: ("Cancelled", "red"),
        COMPLETED: ("Completed", "green"),
    },
    moves=[
        Move(START, "create", DRAFT, "bookings.create", "takes the group's seats"),
        *(Move(s, "confirm", CONFIRMED, "approvals.approve", "by ops approval only") for s in (DRAFT, ON_HOLD)),
        *(
            Move(s, "hold", ON_HOLD, "bookings.edit", "a given ops approval is asked for again")
            for s in (DRAFT, CONFIRMED)
        ),
        Move(ON_HOLD, "release", DRAFT, "bookings.edit"),
        *(
            Move(s, "send_back", NEEDS_CORRECTION, "approvals.approve", "needs a reason")
            for s in (DRAFT, CONFIRMED, ON_HOLD)
        ),
        *(
            Move(s, "finance_reject", NEEDS_CORRECTION, "finance.bookings.approve_finance", "needs a reason")
            for s in (DRAFT, ON_HOLD)
        ),
        Move(NEEDS_CORRECTION, "resubmit", DRAFT, "bookings.edit", "both tracks pending again"),
        *(Move(s, "cancel", CANCELLED, "bookings.cancel", "lets go of seats, credits what was invoiced") for s in OPEN),
        *(Move(s, "delete", CANCELLED, "bookings.delete", "cancels and hides") for s in (*OPEN, CANCELLED)),
        Move(CONFIRMED, "complete", COMPLETED, None, "after the group's return date"),
    ],
)

PENDING: Final = "pending"
APPROVED: Final = "approved"
REJECTED: Final = "rejected"
SENT_BACK: Final = "sent_back"

FINANCE = Machine(
    name="finance_approval",
    column="finance_approval",
    states={
        PENDING: ("Finance pending", "amber"),
        APPROVED: ("Finance approved", "green"),
        REJECTED: ("Finance rejected", "red"),
    },
    moves=[
        Move(
            PENDING,
            "approve",
            APPROVED,
            "finance.bookings.approve_finance",
            "clears the tickets; a balance due needs a reason",
        ),
        *(
            Move(s, "reject", REJECTED, "finance.bookings.approve_finance", "needs a reason")
            for s in (PENDING, APPROVED)
        ),
        Move(APPROVED, "withdraw", PENDING, "finance.bookings.approve_finance", "needs a reason"),
        *(Move(s, "resubmit", PENDING, "bookings.edit") for s in (APPROVED, REJECTED)),
    ],
)

OPS = Machine(
    name="ops_approval",
    column="ops_approval",
    states={PENDING: ("Ops pending", "amber"), APPROVED: ("Ops approved", "green"), SENT_BACK: ("Sent back", "red")},
    moves=[
        Move(PENDING, "approve", APPROVED, "approvals.approve", "the payment policy must be met"),
        *(Move(s, "send_back", SENT_BACK, "approvals.approve", "needs a reason") for s in (PENDING, APPROVED)),
        *(Move(s, "resubmit", PENDING, "bookings.edit") for s in (APPROVED, SENT_BACK)),
        Move(APPROVED, "hold", PENDING, "bookings.edit"),
    ],
)
