"""Departures, pure: what a link takes, which flights fit, and what the linked flights cost a head."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from qafila.kernel.money import rounded, text


def default_seats(available: int, capacity: int, linked_on_route: int) -> int:
    """How many seats a link takes unless told: what the group still needs on that route, no more than the block has.

    Source: domain 3 "default min(available, capacity)"; a second block on the same route fills up what is missing.
    """
    return max(0, min(available, capacity - linked_on_route))


def outside(departs: date, lands: date, window: tuple[date, date]) -> str:
    """Why flights from `departs` to `lands` do not fit the group's dates; empty when they do."""
    first, last = window
    if departs < first:
        return f"leaves on {departs:%d %b %Y}, before the group departs on {first:%d %b %Y}"
    if departs > last:
        return f"leaves on {departs:%d %b %Y}, after the group is back on {last:%d %b %Y}"
    if lands > last:
        return f"is back on {lands:%d %b %Y}, after the group returns on {last:%d %b %Y}"
    return ""


@dataclass(frozen=True)
class FlightCost:
    """What a linked block costs: `price` a seat in its own currency, `rate` to the agency's base currency."""

    code: str
    route: str
    seats: int
    price: Decimal
    currency: str
    rate: Decimal


@dataclass(frozen=True)
class Figure:
    """A computed figure and how it came about, line by line; None when it cannot be computed."""

    amount: Decimal | None
    how: tuple[str, ...]


def flight_cost_a_head(flights: Sequence[FlightCost], currency: str, base_currency: str) -> Figure:
    """What the linked flights cost one seated passenger, in the group's currency, each contract at its own rate.

    Blocks on the same route stand side by side: their average by seats counts. Different routes follow one another:
    they add up. Source: domain 3 "Refresh from inventory".
    """
    how: list[str] = []
    by_route: dict[str, list[tuple[FlightCost, Decimal]]] = {}
    for flight in flights:
        cost = _in(flight, currency, base_currency)
        if cost is None:
            how.append(f"{flight.code} is priced in {flight.currency}, which has no rate to {currency} here.")
            return Figure(None, tuple(how))
        said = f"{flight.code}: {flight.currency} {text(flight.price)} a seat"
        how.append(said if flight.currency == currency else f"{said} x {flight.rate.normalize():f} = {text(cost)}")
        by_route.setdefault(flight.route, []).append((flight, cost))
    total = Decimal(0)
    for route, costs in by_route.items():
        seats = sum(flight.seats for flight, _ in costs)
        share = rounded(sum((cost * flight.seats for flight, cost in costs), Decimal(0)) / seats, currency)
        if len(costs) > 1:
            how.append(f"{route}: average of {seats} seats = {text(share)}")
        total += share
    if len(by_route) > 1:
        how.append(f"{len(by_route)} routes together = {text(total)}")
    return Figure(total, tuple(how))


def _in(flight: FlightCost, currency: str, base_currency: str) -> Decimal | None:
    if flight.currency == currency:
        return rounded(flight.price, currency)
    if currency == base_currency:
        return rounded(flight.price * flight.rate, currency)
    return None
