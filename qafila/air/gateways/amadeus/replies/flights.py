"""The flights of an order. What is no flight (hotels, remarks as segments, surface) and what is passive is noted."""

from __future__ import annotations

import re
from datetime import timedelta

from qafila.air.gateways.amadeus.replies.figures import at, clock, day, zoneless
from qafila.air.gateways.amadeus.xml import Element, every, first, text, texts
from qafila.air.gateways.moments import Moment
from qafila.air.gateways.values import OrderSegment, SegmentState

_STATES = {
    **dict.fromkeys(("HK", "KK", "KL", "RR", "SS", "HS", "OK", "LK", "DK", "GF"), SegmentState.CONFIRMED),
    **dict.fromkeys(("HL", "LL", "UU", "PB", "PC", "PD", "SA"), SegmentState.WAITLISTED),
    **dict.fromkeys(("HN", "NN", "DN", "RQ", "PN", "NS", "SQ", "IN", "IS"), SegmentState.REQUESTED),
    **dict.fromkeys(
        ("UN", "UC", "US", "NO", "HX", "XX", "XK", "XL", "XN", "XR", "XO", "NC", "UM"), SegmentState.CANCELLED
    ),
    **dict.fromkeys(("TK", "TL", "TN", "TQ", "SC", "WK", "WL", "WN"), SegmentState.CHANGED),
    **dict.fromkeys(("FL", "FLWN", "FLOWN", "B"), SegmentState.FLOWN),
}
_PASSIVE = frozenset({"GK", "GL", "GN", "PK", "PL", "YK", "BK", "BL", "MK"})
_AIR = frozenset({"", "AIR", "A"})


def state(code: str) -> SegmentState:
    """What a status code of the reservation means."""
    return _STATES.get(code.upper(), SegmentState.UNKNOWN)


def flights(reply: Element) -> tuple[tuple[OrderSegment, ...], tuple[str, ...]]:
    """The flights in the order of the reply, and notes on everything else of the itinerary."""
    segments: list[OrderSegment] = []
    notes: list[str] = []
    for info in every(reply, "originDestinationDetails/itineraryInfo"):
        management = first(info, "elementManagementItinerary")
        segment = _segment(info, management)
        if text(management, "status").upper() == "ERR":
            # It shows HK all the same; it is not in the order.
            notes.append(f"not accepted: {_words(info, management)}")
        elif not _is_flight(segment, text(management, "segmentName")):
            notes.append(f"no flight: {_words(info, management)}")
        elif segment.status in _PASSIVE:
            notes.append(f"passive: {_words(info, management)}")
        else:
            segments.append(segment)
            notes += zoneless(segment.origin, segment.destination)
            if len(statuses := texts(info, "relatedProduct/status")) > 1:
                notes.append(f"segment {segment.id}: status {', '.join(statuses)}")
    return tuple(segments), tuple(dict.fromkeys(notes))


def nothing_left(reply: Element, segments: tuple[OrderSegment, ...]) -> bool:
    """No seat is held any more: an itinerary without any line, or one of flights the supplier has cancelled (HX)."""
    lines = [
        one
        for one in every(reply, "originDestinationDetails/itineraryInfo")
        if text(one, "elementManagementItinerary/status").upper() != "ERR"
    ]
    return not lines or (bool(segments) and all(one.status in ("HX", "XX", "XK", "XL") for one in segments))


def _is_flight(segment: OrderSegment, kind: str) -> bool:
    flies = bool(segment.carrier and segment.origin and segment.destination)
    return kind.upper() in _AIR and flies and bool(re.fullmatch(r"\d{1,4}[A-Z]?|OPEN", segment.number, re.ASCII))


def _segment(info: Element, management: Element | None) -> OrderSegment:
    travel = first(info, "travelProduct")
    product = first(travel, "product")
    origin, destination = text(travel, "boardpointDetail/cityCode"), text(travel, "offpointDetail/cityCode")
    departs = at(day(text(product, "depDate")), clock(text(product, "depTime")), origin)
    quantity = text(info, "relatedProduct/quantity")
    status = text(info, "relatedProduct/status").upper()
    return OrderSegment(
        id=text(management, "reference/number"),
        carrier=text(travel, "companyDetail/identification"),
        number=text(travel, "productDetails/identification"),
        origin=origin,
        destination=destination,
        departs=departs,
        arrives=_arrival(product, departs, destination),
        booking_class=text(travel, "productDetails/classOfService"),
        status=status,
        state=state(status),
        seats=int(quantity) if quantity.isascii() and quantity.isdigit() else 1,
        airline_locator=text(info, "itineraryReservationInfo/reservation/controlNumber"),
        equipment=text(info, "flightDetail/productDetails/equipment"),
    )


def _arrival(product: Element | None, departs: Moment | None, destination: str) -> Moment | None:
    """The stated date, else the day of departure and the number of days that the line adds."""
    when = clock(text(product, "arrTime"))
    if stated := day(text(product, "arrDate")):
        return at(stated, when, destination)
    later = text(product, "dayChangeIndicator", "0")
    if departs is None or not re.fullmatch(r"[+-]?\d", later, re.ASCII):
        return None
    return at(departs.date() + timedelta(days=int(later)), when, destination)


def _words(info: Element, management: Element | None) -> str:
    parts = (
        text(management, "segmentName"),
        text(info, "travelProduct/companyDetail/identification"),
        text(info, "travelProduct/productDetails/identification"),
        text(info, "travelProduct/boardpointDetail/cityCode"),
        text(info, "travelProduct/offpointDetail/cityCode"),
        text(info, "travelProduct/product/depDate"),
        text(info, "relatedProduct/status"),
        text(info, "itineraryFreetext/longFreetext"),
    )
    return " ".join(part for part in parts if part)
