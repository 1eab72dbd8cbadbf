"""Air_SellFromRecommendationReply: which seats were taken."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from qafila.air.gateways.amadeus.problems import Problem, problems
from qafila.air.gateways.amadeus.replies.figures import at, clock, day
from qafila.air.gateways.amadeus.xml import Element, every, expect, first, text, texts
from qafila.air.gateways.moments import Moment

_SOLD = frozenset({"OK", "HK", "SS", "KK", "HS", "LK"})


@dataclass(frozen=True, slots=True)
class SoldSegment:
    """One flight of the reply; `status` as written (OK, UNS, X …). `sold` only when seats are really held."""

    carrier: str
    number: str
    booking_class: str
    origin: str
    destination: str
    departs: Moment | None
    arrives: Moment | None
    status: str
    sold: bool
    quantity: int = 0
    equipment: str = ""


@dataclass(frozen=True, slots=True)
class SellReply:
    """`complete`: every flight asked for was sold, and nothing was complained about."""

    segments: tuple[SoldSegment, ...]
    problems: tuple[Problem, ...]
    complete: bool


def sell_reply(el: Element) -> SellReply:
    """What was sold. An error of the whole message (288, 390) means that nothing was, though flights are listed as OK:
    we ask for all or nothing. Raises: Unreadable (another message).
    """
    reply = expect(el, "Air_SellFromRecommendationReply")
    found = problems(reply)
    failed = any(problem.severity == "error" and problem.place == "message" for problem in found)
    itineraries = every(reply, "itineraryDetails")
    segments = tuple(_segment(one, failed) for one in every(reply, "itineraryDetails/segmentInformation"))
    whole = bool(segments) and all(first(one, "segmentInformation") is not None for one in itineraries)
    complete = whole and not failed and all(segment.sold for segment in segments)
    return SellReply(segments, found, complete)


def _segment(el: Element, failed: bool) -> SoldSegment:
    flight = first(el, "flightDetails")
    dates = first(flight, "flightDate")
    origin, destination = (text(flight, f"{end}/trueLocationId") for end in ("boardPointDetails", "offpointDetails"))
    leaves = at(day(text(dates, "departureDate")), clock(text(dates, "departureTime")), origin)
    statuses = texts(el, "actionDetails/statusCode")
    quantity = text(el, "actionDetails/quantity")
    return SoldSegment(
        carrier=text(flight, "companyDetails/marketingCompany"),
        number=text(flight, "flightIdentification/flightNumber"),
        booking_class=text(flight, "flightIdentification/bookingClass"),
        origin=origin,
        destination=destination,
        departs=leaves,
        arrives=_arrival(dates, leaves, destination),
        status=", ".join(statuses),
        sold=not failed and bool(statuses) and all(status in _SOLD for status in statuses),
        quantity=int(quantity) if quantity.isascii() and quantity.isdigit() else 0,
        equipment=text(el, "apdSegment/legDetails/equipment"),
    )


def _arrival(dates: Element | None, leaves: Moment | None, destination: str) -> Moment | None:
    """Only the time is always told; the day is the one on which a flight of up to 24 hours arrives."""
    when = clock(text(dates, "arrivalTime"))
    if stated := day(text(dates, "arrivalDate")):
        return at(stated, when, destination)
    if leaves is None or when is None:
        return None
    offset = text(dates, "dateVariation")
    if offset.lstrip("+-").isascii() and offset.lstrip("+-").isdigit():
        return at(leaves.date() + timedelta(days=max(-1, min(int(offset), 3))), when, destination)
    for days in (-1, 0, 1, 2):
        arrives = at(leaves.date() + timedelta(days=days), when, destination)
        if arrives is not None and arrives > leaves:
            return arrives
    return None
