"""Air_SellFromRecommendation: seats are taken at once and belong to the conversation until the PNR is committed."""

from __future__ import annotations

from datetime import UTC, datetime, time

from lxml import etree

from simulator.amadeus.desk import Call
from simulator.amadeus.reading import day_of, every, text, texts, whole
from simulator.amadeus.replies.sell import Line, Slice, refused, sold
from simulator.model import Segment
from simulator.refusals import SeatsGone

_FLIGHTS = 24  # of a record: a stored fare has room for 28


class _Unreadable(Exception):
    pass


def sell(call: Call) -> str:
    """M1: all or nothing (288). M2: what can be had. 390 when the request cannot be understood."""
    body = call.asked.body
    try:
        slices, seats = _read(body)
    except _Unreadable:
        asked = [_ends(each) for each in every(body, "itineraryDetails")]
        return refused(call.schema, "390", [Slice(origin, destination, ()) for origin, destination in asked])
    order = call.in_view()
    wanted = [segment for _, segments in slices for segment in segments]
    # Everybody of a record flies all of it, and a record that is cancelled stays so.
    fits = order is None or (order.cancelled_at is None and order.extra.get("seats", seats) == seats)
    if not fits or len(wanted) + len(order.segments if order else ()) > _FLIGHTS:
        return refused(call.schema, "390", [Slice(*ends, ()) for ends, _ in slices])
    all_or_none = "M2" not in texts(body, "messageActionDetails/messageFunctionDetails/additionalMessageFunction")
    gone = _take(call, wanted, seats, all_or_none)
    if not all_or_none or not gone:
        _put(call, [segment for place, segment in enumerate(wanted) if place not in gone], seats)
    told, place, failed = [], 0, False
    for ends, segments in slices:
        lines = []
        for segment in segments:
            status = "UNS" if place in gone else "X" if failed and all_or_none else "OK"
            failed = failed or place in gone
            lines.append(Line(segment, status))
            place += 1
        told.append(Slice(*ends, tuple(lines)))
    return sold(call.schema, told, seats, "288" if gone else "")


def _take(call: Call, wanted: list[Segment], seats: int, all_or_none: bool) -> set[int]:
    """Take the seats; the places of the segments that could not be had."""
    if all_or_none:
        try:
            call.desk.book.sell(wanted, seats)
        except SeatsGone as gone:
            return set(gone.indexes)
        return set()
    missing = set()
    for place, segment in enumerate(wanted):
        try:
            call.desk.book.sell([segment], seats)
        except SeatsGone:
            missing.add(place)
    return missing


def _put(call: Call, segments: list[Segment], seats: int) -> None:
    if not segments:
        return
    draft, work = call.draft(), call.session.work
    tattoo = max((each.tattoo for each in draft.segments), default=0)
    slice_ = max((each.slice for each in draft.segments), default=-1) + 1
    for segment in segments:
        tattoo += 1
        segment.tattoo = tattoo
        segment.slice += slice_
    draft.segments += segments
    draft.validating_carrier = draft.validating_carrier or segments[0].carrier
    draft.extra["seats"] = seats
    work.held += segments
    work.seats, work.quoted = seats, []


def _ends(details: etree._Element) -> tuple[str, str]:
    return (
        text(details, "originDestinationDetails/origin"),
        text(details, "originDestinationDetails/destination"),
    )


def _read(body: etree._Element) -> tuple[list[tuple[tuple[str, str], list[Segment]]], int]:
    slices, seats = [], 0
    for number, details in enumerate(every(body, "itineraryDetails")):
        segments = []
        for each in every(details, "segmentInformation"):
            quantity = whole(text(each, "relatedproductInformation/quantity"))
            if quantity is None or (seats and quantity != seats) or not 1 <= quantity <= 9:
                raise _Unreadable
            seats = quantity
            segments.append(_segment(each, number))
        slices.append((_ends(details), segments))
    if not any(segments for _, segments in slices):
        raise _Unreadable
    return slices, seats


def _segment(asked: etree._Element, slice_: int) -> Segment:
    travel = next(iter(every(asked, "travelProductInformation")), None)
    number = text(travel, "flightIdentification/flightNumber").lstrip("0")
    booking_class = text(travel, "flightIdentification/bookingClass")
    carrier = text(travel, "companyDetails/marketingCompany")
    origin = text(travel, "boardPointDetails/trueLocationId")
    destination = text(travel, "offpointDetails/trueLocationId")
    try:
        day = datetime.combine(day_of(text(travel, "flightDate/departureDate")), time(0), UTC)
    except ValueError:
        raise _Unreadable from None
    if not (number and booking_class and carrier and origin and destination):
        raise _Unreadable
    # The book puts the flight's own times and aircraft in when the seats are taken.
    return Segment(0, carrier, number, origin, destination, day, day, booking_class, "", "HK", slice_)
