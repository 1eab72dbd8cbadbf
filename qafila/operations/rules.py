"""When operations and finance may approve, and why not yet. Pure. Source: domain.md, 2.2; alhuda, 7.1."""

from __future__ import annotations

from decimal import Decimal

from qafila.kernel.actor import Actor

BREAK_GLASS = "finance.journals.approve_own"
OPEN_TO_OPS = ("draft", "on_hold")
OPEN_TO_FINANCE = ("draft", "on_hold", "confirmed")


def why_not_ops(*, state: str, ops: str, policy: str, finance: str, paid: Decimal) -> str:
    """Why operations may not approve a booking now; empty when they may."""
    if ops == "approved":
        return "Approved already."
    if state not in OPEN_TO_OPS:
        return f"The booking is {state.replace('_', ' ')}."
    if policy == "advance":
        return "" if paid > 0 else "Sold on an advance, and nothing has been paid yet."
    if finance == "approved":
        return ""
    sold = "full payment" if policy == "full" else "part payment"
    return f"Sold on {sold}: finance must approve it first."


def why_not_finance(actor: Actor, *, state: str, finance: str, made_by_id: int | None) -> str:
    """Why this person may not approve a booking for finance now; empty when they may."""
    if finance == "approved":
        return "Approved already."
    if state not in OPEN_TO_FINANCE:
        return f"The booking is {state.replace('_', ' ')}."
    if finance == "rejected":
        return "Rejected: sales must hand it in again."
    if is_own(actor, made_by_id) and not actor.may(BREAK_GLASS):
        return "You made this booking: somebody else approves it."
    return ""


def is_own(actor: Actor, made_by_id: int | None) -> bool:
    """Whether the actor made the booking themselves."""
    return actor.user_id is not None and made_by_id == actor.user_id
