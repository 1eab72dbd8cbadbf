"""The flights that a search proposes: for each slice of the query, ways to fly it, by the reference that
recommendations name them with.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

from qafila.air.gateways.amadeus.replies.figures import at, clock, day, zoneless
from qafila.air.gateways.amadeus.xml import Element, every, first, text, texts
from qafila.air.gateways.values import OfferSegment


@dataclass(frozen=True, slots=True)
class Proposal:
    """One way to fly a slice; `notes` tell where it stops on the way, and whose clock nobody knows."""

    segments: tuple[OfferSegment, ...]
    notes: tuple[str, ...] = ()


def proposals_of(reply: Element) -> list[dict[str, Proposal | None]]:
    """The proposals of every slice by their reference; None when a flight of one cannot be placed in time."""
    indexes = sorted(every(reply, "flightIndex"), key=_requested)
    return [_groups(one, number) for number, one in enumerate(indexes)]


def _requested(index: Element) -> int:
    """Which slice of the query a flight index answers; references of a combination come in that order."""
    number = text(index, "requestedSegmentRef/segRef")
    return int(number) if re.fullmatch(r"\d{1,2}", number, re.ASCII) else 0


def _groups(index: Element, number: int) -> dict[str, Proposal | None]:
    found: dict[str, Proposal | None] = {}
    for group in every(index, "groupOfFlights"):
        # The elapsed time (EFT) and the main carrier (MCX) are proposals by name only.
        named = every(group, "propFlightGrDetail/flightProposal")
        reference = next((text(one, "ref") for one in named if not text(one, "unitQualifier")), "")
        found[reference.lstrip("0")] = _proposal(group, number)
    return found


def _proposal(group: Element, number: int) -> Proposal | None:
    segments: list[OfferSegment] = []
    notes: list[str] = []
    for details in every(group, "flightDetails"):
        for flight in every(details, "flightInformation"):
            segment = _segment(flight, number)
            if segment is None:
                return None
            segments.append(segment)
            stops = dict.fromkeys(texts(details, "technicalStop/stopDetails/locationId"))
            notes += [f"{segment.carrier}{segment.number} stops at {', '.join(stops)}"] if stops else []
            notes += zoneless(segment.origin, segment.destination)
    return Proposal(tuple(segments), tuple(notes)) if segments else None


def _segment(flight: Element, number: int) -> OfferSegment | None:
    dates = first(flight, "productDateTime")
    places = every(flight, "location")
    if len(places) < 2:
        return None
    origin, destination = text(places[0], "locationId"), text(places[-1], "locationId")
    leaves_on = day(text(dates, "dateOfDeparture"))
    departs = at(leaves_on, clock(text(dates, "timeOfDeparture")), origin)
    later = text(dates, "dateVariation", "0")
    arrives_on = day(text(dates, "dateOfArrival"))
    if arrives_on is None and leaves_on and re.fullmatch(r"[+-]?\d", later, re.ASCII):
        arrives_on = leaves_on + timedelta(days=int(later))
    arrives = at(arrives_on, clock(text(dates, "timeOfArrival")), destination)
    if departs is None or arrives is None:
        return None
    return OfferSegment(
        slice=number,
        carrier=text(flight, "companyId/marketingCarrier"),
        number=text(flight, "flightOrtrainNumber|flightNumber"),
        origin=origin,
        destination=destination,
        departs=departs,
        arrives=arrives,
        booking_class="",
        operated_by=text(flight, "companyId/operatingCarrier"),
        equipment=text(flight, "productDetail/equipmentType"),
        origin_terminal=text(places[0], "terminal"),
        destination_terminal=text(places[-1], "terminal"),
    )
