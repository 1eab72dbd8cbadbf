"""Parts of a typed order: made from an offer, found by number, ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from qafila.air.gateways.manual.typed import Declined
from qafila.air.gateways.moments import Moment
from qafila.air.gateways.values import (
    Coupon,
    CouponStatus,
    Document,
    FareLine,
    Money,
    Offer,
    OrderSegment,
    OrderSnapshot,
    OrderTraveller,
    SegmentState,
    Traveller,
    total_of,
)

CONFIRMED = "HK"
_ENDED = {CouponStatus.VOID: "V", CouponStatus.REFUNDED: "RF"}


def people(travellers: Sequence[Traveller]) -> tuple[OrderTraveller, ...]:
    """The travellers, each by our own reference. Dates of birth stay behind: nobody looks for one in a typed order,
    and its file lies in clear.
    """
    return tuple(
        OrderTraveller(each.ref, each.type, each.first_name, each.last_name, infant_of=each.infant_of)
        for each in travellers
    )


def still_to_come(offer: Offer, now: Moment) -> None:
    """Nobody holds a seat on a flight that has left. Refuses: Declined."""
    for each in offer.segments:
        if each.departs < now:
            raise Declined(
                "FLIGHT_PAST", f"{each.carrier} {each.number} left {each.origin} on {each.departs:%d %b %Y, %H:%M}."
            )


def flights(offer: Offer, travellers: Sequence[Traveller], airlines: dict[str, str]) -> tuple[OrderSegment, ...]:
    """The offer's flights, confirmed; seats for all but infants."""
    seats = sum(traveller.infant_of is None for traveller in travellers)
    return tuple(
        OrderSegment(
            id=str(number),
            carrier=each.carrier,
            number=each.number,
            origin=each.origin,
            destination=each.destination,
            departs=each.departs,
            arrives=each.arrives,
            booking_class=each.booking_class,
            status=CONFIRMED,
            state=SegmentState.CONFIRMED,
            seats=seats,
            airline_locator=airlines.get(each.carrier, ""),
            equipment=each.equipment,
        )
        for number, each in enumerate(offer.segments, 1)
    )


def ticket(snapshot: OrderSnapshot, traveller: str, number: str, today: date) -> Document:
    """The open ticket of one of the order's travellers, for all its flights."""
    kind = next(each.type for each in snapshot.travellers if each.id == traveller)
    flown = tuple(flight.id for flight in snapshot.segments)
    return Document(
        number=number,
        travellers=(traveller,),
        segments=flown,
        status=CouponStatus.OPEN,
        coupons=tuple(Coupon(n, CouponStatus.OPEN, "O", flight) for n, flight in enumerate(flown, 1)),
        amount=next((fare.total for fare in snapshot.fares if fare.passenger_type is kind), None),
        issued_on=today,
        validating_carrier=snapshot.validating_carrier,
    )


def kept(snapshot: OrderSnapshot, number: str) -> Document:
    """The order's document of this number. Raises: Declined."""
    for document in snapshot.documents:
        if document.number == number:
            return document
    raise Declined("DOCUMENT_UNKNOWN", f"The order {snapshot.locator} has no ticket {number}.")


def ended(document: Document, status: CouponStatus) -> Document:
    """The document void or refunded, with all its coupons."""
    coupons = tuple(replace(coupon, status=status, code=_ENDED[status]) for coupon in document.coupons)
    return replace(document, status=status, coupons=coupons)


def put_in(snapshot: OrderSnapshot, document: Document) -> tuple[Document, ...]:
    """The order's documents with this one in the place of the one of its number."""
    return tuple(document if each.number == document.number else each for each in snapshot.documents)


def added(fares: Sequence[FareLine]) -> Money:
    """What all the passengers of these fares pay. Refuses: Invalid (two currencies)."""
    return total_of(fare.total.times(fare.count) for fare in fares)
