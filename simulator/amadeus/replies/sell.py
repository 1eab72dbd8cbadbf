"""Air_SellFromRecommendationReply, after `dummyAirSellFromRecommendationPartialSuccessCancelled.txt` and its error."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from simulator.amadeus.markup import leaf, leaves, message, node
from simulator.amadeus.reading import ddmmyy
from simulator.model import Segment

_FUNCTION = "<message><messageFunctionDetails><messageFunction>183</messageFunction></messageFunctionDetails></message>"


@dataclass(frozen=True, slots=True)
class Line:
    """One segment asked for and what became of it: OK, UNS (no seats) or X (given up because of another)."""

    segment: Segment
    status: str


@dataclass(frozen=True, slots=True)
class Slice:
    origin: str
    destination: str
    lines: tuple[Line, ...]


def sold(schema: str, slices: Sequence[Slice], seats: int, error: str = "") -> str:
    """The segments with their status; with code 288 nothing was sold, whatever the segments say."""
    return _reply(schema, error, *(_slice(each, seats) for each in slices))


def refused(schema: str, code: str, slices: Sequence[Slice]) -> str:
    """An error at message level with the slices and no segments (390)."""
    return _reply(schema, code, *(_slice(Slice(each.origin, each.destination, ()), 0) for each in slices))


def _reply(schema: str, error: str, *slices: str) -> str:
    details = node("errorDetails", leaves(errorCode=error, errorCategory="EC"))
    told = node("errorAtMessageLevel", node("errorSegment", details)) if error else ""
    return message("Air_SellFromRecommendationReply", schema, _FUNCTION, told, *slices)


def _slice(each: Slice, seats: int) -> str:
    ends = node("originDestination", leaves(origin=each.origin, destination=each.destination))
    return node("itineraryDetails", ends, *(node("segmentInformation", _line(line, seats)) for line in each.lines))


def _line(line: Line, seats: int) -> str:
    segment, known = line.segment, line.status == "OK"
    # Times are numbers in the recording: 05:55 is 555.
    dates = leaves(
        departureDate=ddmmyy(segment.departs),
        departureTime=int(f"{segment.departs:%H%M}") if known else None,
        arrivalTime=int(f"{segment.arrives:%H%M}") if known else None,
    )
    flight = (
        node("flightDate", dates)
        + node("boardPointDetails", leaf("trueLocationId", segment.origin))
        + node("offpointDetails", leaf("trueLocationId", segment.destination))
        + node("companyDetails", leaf("marketingCompany", segment.carrier))
        + node("flightIdentification", leaves(flightNumber=segment.number, bookingClass=segment.booking_class))
        + node("flightTypeDetails", leaf("flightIndicator", "ET"))
    )
    aircraft = node("apdSegment", node("legDetails", leaf("equipment", segment.equipment))) if segment.equipment else ""
    return (
        node("flightDetails", flight) + aircraft + node("actionDetails", leaves(quantity=seats, statusCode=line.status))
    )
