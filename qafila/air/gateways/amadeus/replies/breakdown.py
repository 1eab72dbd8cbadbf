"""What a passenger pays, taken apart: total = base + tax + fees, in one currency, whatever of it the supplier shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qafila.air.gateways.amadeus.replies.figures import none_of
from qafila.air.gateways.amadeus.replies.people import passenger_type
from qafila.air.gateways.values import Money, OrderTraveller, PassengerType, TaxLine


@dataclass(frozen=True, slots=True)
class Breakdown:
    """One passenger's amounts in the currency of the total."""

    base: Money
    tax: Money
    total: Money
    fees: Money | None
    notes: tuple[str, ...] = ()


def breakdown(base: Money | None, total: Money, taxes: Sequence[TaxLine], fees: Money | None) -> Breakdown:
    """The base is worked out from the rest where it is not shown (bulk and inclusive-tour fares) or is only shown in
    the currency it was filed in. Taxes that do not add up to the rest are noted; the total is what is paid.
    """
    currency = total.currency
    zero, notes = none_of(currency), []
    fee = fees if fees is not None and fees.currency == currency else None
    listed = zero
    for line in taxes:
        if line.amount.currency == currency:
            listed = listed + line.amount
        else:
            notes.append(f"tax {line.code} is in {line.amount.currency}")
    rest = total - fee if fee else total
    if base is None or base.currency != currency:
        return Breakdown(rest - listed, listed, total, fee, (*notes, "the base is what the rest leaves"))
    tax = rest - base
    if taxes and tax.amount != listed.amount:
        notes.append(f"the taxes listed add up to {listed}, base and total leave {tax}")
    return Breakdown(base, tax, total, fee, tuple(notes))


def kind_of(travellers: Sequence[str], people: Sequence[OrderTraveller], code: str = "") -> PassengerType:
    """Whose fare it is: by the passenger type code of the fare, else by who the travellers are."""
    if travellers and all(one.endswith("/INF") for one in travellers):
        return PassengerType.INFANT
    known = {one.id: one.type for one in people}
    types = [known[one] for one in travellers if one in known]
    if types:
        return types[0]
    return passenger_type(code)
