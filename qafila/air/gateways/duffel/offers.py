"""Duffel's offers as the contract's: version 1 and 2 shapes, whatever is missing or null.

Duffel prices the whole offer, not each passenger: a fare line is only made where there is one type of passenger and the
amounts divide evenly, and a note says so. Booking classes are not told; local times keep the airport's own zone.
"""

from __future__ import annotations

import logging
from datetime import datetime
from decimal import Decimal
from typing import Any

from qafila.air.gateways.duffel import wire
from qafila.air.gateways.duffel.wire import Part, flag, left_over, moment, money, part, parts, text
from qafila.air.gateways.errors import Unreadable
from qafila.air.gateways.settings import DuffelSettings
from qafila.air.gateways.values import (
    FareLine,
    LimitKind,
    Money,
    Offer,
    OfferSegment,
    PassengerType,
    TimeLimit,
)
from qafila.kernel.money import minor_units

logger = logging.getLogger(__name__)

_TYPES = {
    "adult": PassengerType.ADULT,
    "child": PassengerType.CHILD,
    "infant_without_seat": PassengerType.INFANT,
    "infant": PassengerType.INFANT,
}
_ORDER = (PassengerType.ADULT, PassengerType.CHILD, PassengerType.INFANT)
OFFER = frozenset({
    "allowed_passenger_identity_document_types", "available_payment_types", "available_services", "base_amount",
    "base_currency", "client_key", "conditions", "created_at", "expires_at", "id", "live_mode", "owner", "partial",
    "passenger_identity_documents_required", "passengers", "payment_requirements", "slices",
    "supported_loyalty_programmes", "supported_passenger_identity_document_types", "tax_amount", "tax_currency",
    "total_amount", "total_currency", "total_emissions_kg", "updated_at",
})  # fmt: skip


def passenger_type(passenger: Part) -> PassengerType:
    """By `type`, else by `age` (under 2, under 12 whole years); an adult where neither is said."""
    if found := _TYPES.get(text(passenger, "type")):
        return found
    age = passenger.get("age")
    if isinstance(age, int) and not isinstance(age, bool):
        return PassengerType.INFANT if age < 2 else PassengerType.CHILD if age < 12 else PassengerType.ADULT
    return PassengerType.ADULT


def in_order(passengers: list[Part]) -> list[Part]:
    """Adults first, then children, then infants, each as they came: the order of `SearchQuery.travellers()`."""
    return sorted(passengers, key=lambda passenger: _ORDER.index(passenger_type(passenger)))


def found_offers(data: Any) -> list[Part]:
    """The offers of an offer request, wherever they stand: under `offers`, or under each itinerary's brands."""
    if isinstance(data, list):
        return [each for each in data if isinstance(each, dict)]
    grouped = [
        one
        for piece in parts(data, "slices")
        for itinerary in parts(piece, "itineraries")
        for brand in parts(itinerary, "brands")
        for one in parts(brand, "offers")
    ]
    once = {text(one, "id"): one for one in [*parts(data, "offers"), *grouped]}
    return list(once.values())


def offers(data: Any, settings: DuffelSettings) -> tuple[Offer, ...]:
    """The offers of an offer request or of a list, cheapest first. One that cannot be read is left out when others can.
    Raises: Unreadable when none of them can.
    """
    found, wrong = [], []
    for one in found_offers(data):
        try:
            found.append(offer(one, settings))
        except Unreadable as error:
            wrong.append(error)
            logger.warning("An offer of %s was left out: %s", settings.code, error)
    if wrong and not found:
        raise wrong[0]
    return tuple(sorted(found, key=lambda one: (one.total.currency, one.total.amount, one.token)))


def offer(data: Part, settings: DuffelSettings) -> Offer:
    """One offer. Raises: Unreadable (no id, no total, no flight, an amount that is none)."""
    reference, total = text(data, "id"), money(data, "total")
    if not reference or total is None:
        raise Unreadable("An offer without its id or its total.", supplier=settings.code)
    notes: list[str] = []
    segments = tuple(
        _segment(number, flight, notes)
        for number, piece in enumerate(parts(data, "slices"))
        for flight in parts(piece, "segments")
    )
    if not segments:
        raise Unreadable(f"The offer {reference} has no flight.", supplier=settings.code)
    passengers = in_order(parts(data, "passengers"))
    needs = part(data, "payment_requirements")
    refundable = flag(data, "conditions", "refund_before_departure", "allowed")
    carrier = text(data, "owner", "iata_code") or segments[0].carrier
    notes += _notes(data)
    instant = flag(needs, "requires_instant_payment")
    if flag(data, "partial"):
        notes.append("A partial offer: it cannot be booked by itself.")
    return Offer(
        supplier=settings.code,
        token=reference,
        segments=segments,
        fares=fares(data, total, passengers, notes, validating_carrier=carrier, refundable=refundable),
        total=total,
        validating_carrier=carrier,
        # Where the supplier does not say that it may be paid later, it may not.
        can_hold=instant is False and not flag(data, "partial"),
        expires_at=moment(data.get("expires_at")),
        time_limits=time_limits(needs, notes),
        refundable=refundable,
        notes=tuple(notes),
        passengers=tuple(text(passenger, "id") for passenger in passengers),
        simulated=settings.world == "simulated",
    )


def _segment(number: int, flight: Part, notes: list[str]) -> OfferSegment:
    origin, destination = part(flight, "origin"), part(flight, "destination")
    departs, arrives = times(flight, notes)
    if departs is None or arrives is None:
        raise Unreadable("A flight without its times.")
    carrier, flight_number = flown_as(flight)
    travellers = parts(flight, "passengers")
    first = travellers[0] if travellers else {}
    operating = text(flight, "operating_carrier", "iata_code")
    places = text(origin, "iata_code"), text(destination, "iata_code")
    if not carrier or not all(places):
        raise Unreadable("A flight without its carrier or its airports.")
    if stops := [text(stop, "airport", "iata_code") for stop in parts(flight, "stops")]:
        notes.append(f"{carrier}{flight_number} stops at {', '.join(stops)}.")
    return OfferSegment(
        slice=number,
        carrier=carrier,
        number=flight_number,
        origin=places[0],
        destination=places[1],
        departs=departs,
        arrives=arrives,
        booking_class="",
        cabin=text(first, "cabin_class"),
        fare_basis=text(first, "fare_basis_code"),
        operated_by="" if operating == carrier else operating,
        equipment=text(flight, "aircraft", "iata_code"),
        baggage=baggage(travellers),
        origin_terminal=text(flight, "origin_terminal") or text(flight, "departure_terminal"),
        destination_terminal=text(flight, "destination_terminal") or text(flight, "arrival_terminal"),
    )


def flown_as(flight: Part) -> tuple[str, str]:
    """(carrier, flight number) it is sold as, else as it is operated."""
    for kind in ("marketing", "operating"):
        if carrier := text(flight, f"{kind}_carrier", "iata_code"):
            return carrier, text(flight, f"{kind}_carrier_flight_number")
    return "", ""


def times(flight: Part, notes: list[str]) -> tuple[datetime | None, datetime | None]:
    """(departure, arrival), each in its airport's zone; also by version 1's names. A place without a zone is noted."""
    found = []
    for name, older, end in (
        ("departing_at", "departure_datetime", "origin"),
        ("arriving_at", "arrival_datetime", "destination"),
    ):
        place = part(flight, end)
        at, known = wire.local_moment(flight.get(name) or flight.get(older), place)
        if at is not None and not known:
            notes.append(
                f"Nobody knows the time zone of {text(place, 'iata_code') or 'a place'}: its times are in UTC."
            )
        found.append(at)
    return found[0], found[1]


def baggage(travellers: list[Part]) -> str:
    """`1PC` of checked baggage, as the first passenger has it; empty where nothing is said."""
    bags = parts(travellers[0], "baggages") if travellers else []
    pieces = [bag.get("quantity") for bag in bags if text(bag, "type") == "checked"]
    counted = sum(piece for piece in pieces if isinstance(piece, int) and 0 <= piece < 100)
    return f"{counted}PC" if bags else ""


def time_limits(needs: Part, notes: list[str]) -> tuple[TimeLimit, ...]:
    """The limits of an offer's requirements or an order's payment status, also by the oldest name. One that cannot be
    read is noted.
    """
    found = []
    for name, kind in (
        ("payment_required_by" if needs.get("payment_required_by") else "pay_by", LimitKind.PAYMENT),
        ("price_guarantee_expires_at", LimitKind.GUARANTEE),
    ):
        written = text(needs, name)
        if at := moment(written):
            found.append(TimeLimit(kind, at, f"{name} {written}"))
        elif written:
            notes.append(f"{name} cannot be read: {written[:60]}")
    return tuple(found)


def fares(
    data: Part,
    total: Money,
    passengers: list[Part],
    notes: list[str],
    *,
    validating_carrier: str,
    refundable: bool | None,
) -> tuple[FareLine, ...]:
    """What each passenger pays, where the whole price tells it: all of one type, evenly divided."""
    kinds = {passenger_type(passenger) for passenger in passengers}
    base, tax = money(data, "base"), money(data, "tax")
    if len(kinds) != 1:
        if kinds:
            notes.append("Duffel prices all passengers together, not each type.")
        return ()
    if tax is None:
        tax = total - base if base and base.currency == total.currency else Money(Decimal(0), total.currency)
    if base is None:
        base = total - tax if tax.currency == total.currency else total
    count = len(passengers)
    shares = [_share(whole, count) for whole in (base, tax, total)]
    if any(share is None for share in shares):
        notes.append("Duffel prices all passengers together, and the price does not divide evenly.")
        return ()
    if count > 1:
        notes.append(f"Duffel prices all passengers together: each is taken to pay one part of {count}.")
    if base.currency == tax.currency == total.currency and base + tax != total:
        notes.append(f"Base {base} and tax {tax} are not the total {total}.")
    first = parts(data, "slices")
    bases = [
        text(traveller, "fare_basis_code")
        for piece in first
        for flight in parts(piece, "segments")
        for traveller in parts(flight, "passengers")[:1]
    ]
    return (
        FareLine(
            passenger_type=next(iter(kinds)),
            count=count,
            base=shares[0] or base,
            tax=shares[1] or tax,
            total=shares[2] or total,
            fare_bases=tuple(name for name in bases if name),
            validating_carrier=validating_carrier,
            refundable=refundable,
            travellers=tuple(text(passenger, "id") for passenger in passengers),
        ),
    )


def _share(whole: Money, count: int) -> Money | None:
    if count == 1:
        return whole
    smallest = Decimal(1).scaleb(-minor_units(whole.currency))
    part = (whole.amount / count).quantize(smallest)
    return Money(part, whole.currency) if part * count == whole.amount else None


NO_REFUND = "Refund before departure: not allowed"  # how a sentence of `conditions` begins


def conditions(data: Part) -> list[str]:
    """What the rules say about refund and change before departure, one sentence each."""
    said = []
    for name, verb in (("refund_before_departure", "Refund"), ("change_before_departure", "Change")):
        rule = part(data, "conditions", name)
        if (allowed := flag(rule, "allowed")) is not None:
            told = ((text(rule, f"{name}_currency"), text(rule, f"{name}_amount")) for name in ("penalty", "fee"))
            cost = " ".join(filter(None, next(filter(all, told), ())))
            said.append(f"{verb} before departure: {'allowed' if allowed else 'not allowed'}{cost and f' for {cost}'}.")
    return said


def _notes(data: Part) -> list[str]:
    brands = [text(piece, "fare_brand_name") for piece in parts(data, "slices")]
    notes = [f"Fare brand: {', '.join(dict.fromkeys(filter(None, brands)))}."] if any(brands) else []
    if flag(data, "passenger_identity_documents_required"):
        notes.append("Passports are required to book.")
    return notes + conditions(data) + list(left_over(data, OFFER))
