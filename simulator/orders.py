"""Small questions about an order, asked everywhere."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from simulator.model import Order, Passenger, Segment
from simulator.refusals import NeedNames


def active(order: Order) -> list[Segment]:
    """The segments that are shown: all but those we cancelled ourselves."""
    return [segment for segment in order.segments if segment.status != "XX"]


def flight_key(segment: Segment) -> str:
    """The key of `model.Flight`: what inventory is counted on."""
    return f"{segment.carrier}{segment.number}/{segment.departs.date().isoformat()}/{segment.origin}"


def seated(passengers: Iterable[Passenger]) -> int:
    """How many seats they need: infants sit on a lap."""
    return sum(passenger.kind != "INF" for passenger in passengers)


def moved(factor: Decimal, percent: Decimal) -> Decimal:
    """By what a price is multiplied when it moves once more: at least a hundredth, at most a hundred."""
    return min(max(factor * (100 + percent) / 100, Decimal("0.01")), Decimal(100))


def need_names(order: Order) -> None:
    """Refuses: NeedNames, for an order of nobody or with a nameless passenger."""
    if not order.passengers or any(not each.first_name or not each.last_name for each in order.passengers):
        raise NeedNames
