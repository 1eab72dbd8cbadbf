"""Flights and seats, pure: route text, whose PNR counts, what a seat costs, and whether legs make a journey."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Literal, Protocol
from zoneinfo import ZoneInfo

from qafila.inventory.pnr import resolve_pnr
from qafila.kernel.money import rounded

Direction = Literal["outbound", "return"]
Severity = Literal["error", "warning"]
OUTBOUND: Direction = "outbound"
RETURN: Direction = "return"

MIN_CONNECTION = timedelta(minutes=45)  # below this no airport of the region promises a connection
LONG_CONNECTION = timedelta(hours=24)  # beyond this IATA speaks of a stopover, not of a connection
LONGEST_FLIGHT = timedelta(hours=20)  # the longest scheduled flight takes under 19 hours


@dataclass(frozen=True)
class Leg:
    """One flight segment; times are local to the airport they happen at. A None `pnr` inherits the block's."""

    direction: Direction
    n: int
    origin: str
    destination: str
    flight_no: str
    departs_on: date
    departs_at: time
    arrives_on: date
    arrives_at: time
    terminal: str = ""
    arrival_terminal: str = ""
    pnr: str | None = None


class Hop(Protocol):
    """Anything that flies from somewhere to somewhere."""

    @property
    def direction(self) -> str: ...
    @property
    def origin(self) -> str: ...
    @property
    def destination(self) -> str: ...


@dataclass(frozen=True)
class AirportFacts:
    code: str
    city: str
    country: str
    zone: str


@dataclass(frozen=True)
class Problem:
    """Something about the legs: errors refuse, warnings do not. `loc` names the field at fault."""

    code: str
    severity: Severity
    text: str
    loc: tuple[str | int, ...] = ()


def chain_legs(legs: Iterable[Hop]) -> str:
    """The route as people read it: `SXR → DEL → JED · JED → DEL → SXR`. Source: document 003, chainLegs."""
    chains: dict[str, list[str]] = {OUTBOUND: [], RETURN: []}
    for leg in legs:
        chain = chains[leg.direction]
        if not chain or chain[-1] != leg.origin:
            chain.append(leg.origin)
        chain.append(leg.destination)
    return " · ".join(" → ".join(chain) for chain in chains.values() if chain)


def effective_leg_pnr(leg_pnr: str | None, block_pnr: str, return_pnr: str, direction: str) -> str:
    """The PNR a leg flies under: its own, else the block's (return legs: its return PNR). Source: domain 2.5."""
    return resolve_pnr(direction=direction, leg=leg_pnr, block=block_pnr, block_return=return_pnr).value


def pnr_warning(pnr: str, called: str = "PNR") -> Problem | None:
    """Airlines give six; 5 to 8 are accepted, with a warning when not 6. Source: domain 1."""
    if not pnr or len(pnr) == 6:
        return None
    return Problem("PNR_LENGTH", "warning", f"{called} {pnr} has {len(pnr)} characters; airlines give 6.", ("pnr",))


def seat_base_cost(price: Decimal, rate: Decimal, base_currency: str) -> Decimal:
    """What one seat costs in base currency, rounded once, so that any seats of a block always add up to the whole."""
    return rounded(price * rate, base_currency)


def instant(day: date, at: time, zone: str) -> datetime:
    """A local date and time of an airport as an instant in UTC."""
    return datetime.combine(day, at, ZoneInfo(zone)).astimezone(UTC)


def analyse(trip_type: str, legs: Sequence[Leg], airports: Mapping[str, AirportFacts]) -> list[Problem]:
    """The route analyser: everything wrong or odd about a block's legs, errors first.

    Continuity of airports, time order by real instants, minimum connection, overlap, and whether the trip is of its
    type. Source: domain 3 "Itinerary checks".
    """
    out = [leg for leg in legs if leg.direction == OUTBOUND]
    back = [leg for leg in legs if leg.direction == RETURN]
    problems = [*_shape(trip_type, out, back), *_unknown(legs, airports)]
    if not any(p.severity == "error" for p in problems):
        for chain in (out, back):
            for leg in chain:
                problems += _one_leg(leg, airports)
            for before, after in pairwise(chain):
                problems += _connection(before, after, trip_type, airports)
        if out and back:
            problems += _turnaround(out, back, airports)
    return sorted(problems, key=lambda p: p.severity != "error")


def _at(leg: Leg, field: str) -> tuple[str | int, ...]:
    return ("return_legs" if leg.direction == RETURN else "legs", leg.n - 1, field)


def _shape(trip_type: str, out: Sequence[Leg], back: Sequence[Leg]) -> list[Problem]:
    found = []
    if not out:
        found.append(Problem("NO_LEGS", "error", "A block needs at least one outbound leg.", ("legs",)))
    if trip_type == "return" and not back:
        found.append(Problem("NO_RETURN", "error", "A return block needs at least one return leg.", ("return_legs",)))
    if trip_type != "return" and back:
        text = "Only a return block has return legs; put them among the legs or change the trip type."
        found.append(Problem("UNEXPECTED_RETURN", "error", text, ("return_legs",)))
    if trip_type == "multi_city" and len(out) == 1:
        found.append(Problem("ONE_LEG", "error", "A multi-city block has at least two legs.", ("legs",)))
    return found


def _unknown(legs: Sequence[Leg], airports: Mapping[str, AirportFacts]) -> list[Problem]:
    found = []
    for leg in legs:
        for field in ("origin", "destination"):
            code = getattr(leg, field)
            if code not in airports:
                found.append(Problem("UNKNOWN_AIRPORT", "error", f"{code} is not an airport.", _at(leg, field)))
    return found


def _departure(leg: Leg, airports: Mapping[str, AirportFacts]) -> datetime:
    return instant(leg.departs_on, leg.departs_at, airports[leg.origin].zone)


def _arrival(leg: Leg, airports: Mapping[str, AirportFacts]) -> datetime:
    return instant(leg.arrives_on, leg.arrives_at, airports[leg.destination].zone)


def _one_leg(leg: Leg, airports: Mapping[str, AirportFacts]) -> list[Problem]:
    if leg.origin == leg.destination:
        text = f"{leg.flight_no} leaves {leg.origin} and arrives there again."
        return [Problem("SAME_AIRPORT", "error", text, _at(leg, "destination"))]
    lasts = _arrival(leg, airports) - _departure(leg, airports)
    if lasts <= timedelta(0):
        text = f"{leg.flight_no} arrives in {leg.destination} before it leaves {leg.origin}, by the clocks of both."
        return [Problem("ARRIVES_BEFORE_DEPARTURE", "error", text, _at(leg, "arrive_time"))]
    if lasts > LONGEST_FLIGHT:
        hours = int(lasts.total_seconds() // 3600)
        text = f"{leg.flight_no} would take {hours} hours; check its dates."
        return [Problem("VERY_LONG_FLIGHT", "warning", text, _at(leg, "arrive_date"))]
    return []


def _connection(before: Leg, after: Leg, trip_type: str, airports: Mapping[str, AirportFacts]) -> list[Problem]:
    found = []
    if before.destination != after.origin:
        here, there = airports[before.destination], airports[after.origin]
        text = f"{after.flight_no} leaves from {after.origin}, but {before.flight_no} arrives in {before.destination}."
        same_city = bool(here.city) and (here.city, here.country) == (there.city, there.country)
        severity: Severity = "warning" if same_city or trip_type == "multi_city" else "error"
        found.append(Problem("NOT_CONTINUOUS", severity, text, _at(after, "origin")))
    wait = _departure(after, airports) - _arrival(before, airports)
    if wait < timedelta(0):
        text = f"{after.flight_no} leaves before {before.flight_no} has arrived."
        found.append(Problem("OVERLAP", "error", text, _at(after, "depart_time")))
    elif wait < MIN_CONNECTION:
        text = f"Only {int(wait.total_seconds() // 60)} minutes to change to {after.flight_no} in {after.origin}."
        found.append(Problem("SHORT_CONNECTION", "warning", text, _at(after, "depart_time")))
    elif wait > LONG_CONNECTION and trip_type != "multi_city":
        text = f"More than {int(wait.total_seconds() // 3600)} hours in {after.origin} before {after.flight_no}."
        found.append(Problem("LONG_CONNECTION", "warning", text, _at(after, "depart_date")))
    return found


def _turnaround(out: Sequence[Leg], back: Sequence[Leg], airports: Mapping[str, AirportFacts]) -> list[Problem]:
    found = []
    if _departure(back[0], airports) < _arrival(out[-1], airports):
        text = f"The return with {back[0].flight_no} leaves before the outbound journey has arrived."
        found.append(Problem("RETURNS_TOO_EARLY", "error", text, _at(back[0], "depart_date")))
    if back[0].origin != out[-1].destination:
        text = f"The return starts in {back[0].origin}, the outbound journey ends in {out[-1].destination} (open jaw)."
        found.append(Problem("OPEN_JAW", "warning", text, _at(back[0], "origin")))
    if back[-1].destination != out[0].origin:
        text = f"The journey starts in {out[0].origin} and ends in {back[-1].destination}."
        found.append(Problem("ENDS_ELSEWHERE", "warning", text, _at(back[-1], "destination")))
    return found
