"""What is typed of a refund, held against what was paid for the tickets."""

from __future__ import annotations

import json
from collections.abc import Sequence

from qafila.air.gateways.manual.typed import Declined, Typed
from qafila.air.gateways.values import Document, Money, OrderSnapshot, RefundQuote, total_of


def back(typed: Typed, snapshot: OrderSnapshot, asked: Sequence[Document]) -> tuple[Money, Money | None]:
    """The refund, and what was paid for these tickets where that is known. Refuses: Declined (no refund typed, a
    negative amount, another currency than the order's, more than was paid, figures that do not add up to it).
    """
    if typed.refund is None:
        raise Declined("REFUND_MISSING", "Type what the airline gives back.")
    told = {"refund": typed.refund, "penalty": typed.penalty, "used": typed.used}
    known = {name: amount for name, amount in told.items() if amount is not None}
    whole = _paid(snapshot, asked)
    limit = whole or snapshot.total
    currency = (limit or typed.refund).currency
    for name, amount in known.items():
        if amount.amount < 0:
            raise Declined(f"{name.upper()}_NEGATIVE", f"The {name} is {amount}: it cannot be below nothing.")
        if amount.currency != currency:
            raise Declined(f"{name.upper()}_CURRENCY", f"The {name} is in {amount.currency}, the order in {currency}.")
    added = total_of(known.values())
    figures = " and ".join(f"{name} {amount}" for name, amount in known.items())
    if limit and added.amount > limit.amount:
        what = "these tickets" if whole else "the order"
        raise Declined("REFUND_TOO_MUCH", f"Typed: {figures}; {limit} was paid for {what}.")
    if whole and len(known) > 1 and added != whole:
        raise Declined("REFUND_WRONG", f"Typed: {figures}, together {added}; {whole} was paid for these tickets.")
    return typed.refund, whole


def token_of(snapshot: OrderSnapshot, typed: Typed) -> str:
    """What a refund must find unchanged, and the airline's reference."""
    return json.dumps({"version": snapshot.version, "reference": typed.refund_reference})


def told_by(quote: RefundQuote) -> dict[str, str]:
    """What the token of a quote tells; nothing when it is none of ours."""
    try:
        told = json.loads(quote.token)
    except ValueError:
        return {}
    return {name: str(value) for name, value in told.items()} if isinstance(told, dict) else {}


def _paid(snapshot: OrderSnapshot, asked: Sequence[Document]) -> Money | None:
    """The tickets' own amounts; where only the order's was typed, that one, for all its tickets together."""
    amounts = [each.amount for each in asked if each.amount]
    if len(amounts) == len(asked):
        return total_of(amounts)
    whole_order = len(asked) == len(snapshot.documents) == len(snapshot.travellers)
    return snapshot.total if whole_order else None
