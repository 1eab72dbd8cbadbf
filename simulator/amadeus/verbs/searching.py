"""Fare_MasterPricerTravelBoardSearch: reads the question, asks the world, tells the offers or the recorded error."""

from __future__ import annotations

from datetime import date
from itertools import islice

from lxml import etree

from simulator.amadeus.desk import Call
from simulator.amadeus.reading import day_of, every, first, text, texts, whole
from simulator.amadeus.replies.search import Travellers, offers, refused
from simulator.model import Itinerary, PassengerKind
from simulator.world import WorldRefusal

KINDS: dict[str, PassengerKind] = {
    **dict.fromkeys(("ADT", "CNE", "YTH", "IIT", "YCD", "STU", "SEA", ""), "ADT"),
    **dict.fromkeys(("CHD", "CH", "CNN", "INN"), "CHD"),
    **dict.fromkeys(("INF", "IN", "INS"), "INF"),
}
_MOST = 250  # recommendations


class BadCode(Exception):
    """A coded value that means nothing: 968."""


def kind_of(code: str) -> PassengerKind:
    """The passenger kind of a type code; C08 is a child of eight. Raises: BadCode."""
    if code[:1] == "C" and code[1:].isdigit():
        return "CHD"
    if code not in KINDS:
        raise BadCode(code)
    return KINDS[code]


def search(call: Call) -> str:
    """Offers, or 866 no fare, 920 past date, 931 no such place, 968 bad coded value."""
    try:
        slices, groups, currency = _question(call)
        found = _found(call, slices, groups, currency)
    except BadCode:
        return refused(call.schema, "968", "Invalid coded value")
    except WorldRefusal as said:
        return refused(call.schema, said.code, said.text.capitalize())
    if not found:
        return refused(call.schema, "866", "NO FARE FOUND FOR REQUESTED ITINERARY")
    return offers(call.schema, found, groups, currency, call.desk.office.zone)


def _found(call: Call, slices: list[tuple[str, str, date]], groups: list[Travellers], currency: str) -> list[Itinerary]:
    body, kinds = call.asked.body, dict[PassengerKind, int]()
    for group in groups:
        kinds[group.kind] = kinds.get(group.kind, 0) + len(group.references)
    wishes = first(body, "travelFlightInfo")
    carriers = set(texts(wishes, "companyIdentity/carrierId"))
    direct = "N" in texts(wishes, "flightDetail/flightType")
    limit = _limit(body)
    call.desk.book.settle()
    found = call.desk.world.search(
        slices, kinds, currency, _MOST if carriers or direct else limit, _cabin(text(wishes, "cabinId/cabin"))
    )
    fit = (
        itinerary
        for itinerary in found
        if (not direct or all(len(flights) == 1 for flights in itinerary.flights))
        and (not carriers or all(flight.carrier in carriers for flights in itinerary.flights for flight in flights))
    )
    return list(islice(fit, limit))


def _question(call: Call) -> tuple[list[tuple[str, str, date]], list[Travellers], str]:
    body = call.asked.body
    slices = [_slice(each) for each in every(body, "itinerary")]
    groups = [_travellers(each) for each in every(body, "paxReference")]
    if not slices or not any(group.references for group in groups):
        raise BadCode
    currency = text(first(body, "fareOptions/conversionRate/conversionRateDetail"), "currency")
    return slices, groups, currency or call.desk.office.currency


def _slice(itinerary: etree._Element) -> tuple[str, str, date]:
    start, end = first(itinerary, "departureLocalization"), first(itinerary, "arrivalLocalization")
    origin = text(start, "departurePoint/locationId") or text(start, "depMultiCity/locationId")
    destination = text(end, "arrivalPointDetails/locationId") or text(end, "arrivalMultiCity/locationId")
    try:
        day = day_of(text(itinerary, "timeDetails/firstDateTimeDetail/date"))
    except ValueError:
        raise BadCode from None
    return origin.upper(), destination.upper(), day


def _travellers(group: etree._Element) -> Travellers:
    code = text(group, "ptc").upper()
    return Travellers(kind_of(code), code or "ADT", tuple(texts(group, "traveller/ref")))


def _limit(body: etree._Element) -> int:
    for unit in every(body, "numberOfUnit/unitNumberDetail"):
        number = whole(text(unit, "numberOfUnits"))
        if text(unit, "typeOfUnit") == "RC" and number is not None:
            return max(1, min(number, _MOST))
    return 50


def _cabin(asked: str) -> str | None:
    if not asked or asked == "Y":
        return "M" if asked else None
    if asked not in {"M", "W", "C", "F"}:
        raise BadCode(asked)
    return asked
