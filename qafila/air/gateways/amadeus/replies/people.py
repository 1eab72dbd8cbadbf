"""The travellers of an order. An infant has no number of its own and becomes `2/INF`; what was refused is left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from qafila.air.gateways.amadeus.replies.figures import birth_day
from qafila.air.gateways.amadeus.replies.tattoos import infant
from qafila.air.gateways.amadeus.xml import Element, every, first, text
from qafila.air.gateways.values import OrderTraveller, PassengerType

_CHILDREN = re.compile(r"C\d\d|CHD|CNN|CH|CHN|INN|UNN|UM|ICH", re.ASCII)
_INFANTS = re.compile(r"IN[FSY]?|I\d\d", re.ASCII)
_ADULTS = frozenset({"", "ADT", "AD"})


def passenger_type(code: str) -> PassengerType:
    """What a passenger type code means to us; every fare of special people (YTH, MIL, SRC …) is an adult's."""
    if _INFANTS.fullmatch(code.upper()):
        return PassengerType.INFANT
    return PassengerType.CHILD if _CHILDREN.fullmatch(code.upper()) else PassengerType.ADULT


@dataclass(slots=True)
class _Person:
    surname: str
    first_name: str
    code: str
    with_infant: bool
    born: date | None


def people(reply: Element, before: date | None) -> tuple[tuple[OrderTraveller, ...], tuple[str, ...]]:
    """The travellers in the order of the reply, and notes on what is none. `before`: a day nobody was born after."""
    travellers: list[OrderTraveller] = []
    notes: list[str] = []
    for info in every(reply, "travellerInfo"):
        management = first(info, "elementManagementPassenger")
        tattoo = _tattoo(management)
        persons = list(_persons(info, before))
        if text(management, "status").upper() == "ERR":
            notes.append("not accepted: " + ", ".join(f"{one.surname}/{one.first_name}" for one in persons))
        elif text(management, "segmentName") == "NG":
            notes.append("group " + text(info, "//traveller/surname"))
        elif persons:
            travellers += _party(tattoo, persons)
            notes += [f"traveller {tattoo}: fared as {one.code}" for one in persons if _special(one.code)]
    return tuple(travellers), tuple(notes)


def _tattoo(management: Element | None) -> str:
    references = every(management, "reference")
    own = [one for one in references if text(one, "qualifier").upper() in ("PT", "PA")] or references
    return text(own[0], "number") if own else ""


def _special(code: str) -> bool:
    return code not in _ADULTS and passenger_type(code) is PassengerType.ADULT


def _party(tattoo: str, persons: list[_Person]) -> list[OrderTraveller]:
    """Those who share one number: an adult or child, perhaps an infant with him."""
    seated = [one for one in persons if passenger_type(one.code) is not PassengerType.INFANT]
    infants = [one for one in persons if passenger_type(one.code) is PassengerType.INFANT]
    if not seated:
        # An infant with a seat stands by itself.
        return [_traveller(tattoo, one, PassengerType.INFANT) for one in infants[:1]]
    if not infants and any(one.with_infant for one in seated):
        infants = [_Person(seated[0].surname, "", "INF", False, None)]
    who = [_traveller(tattoo, one, passenger_type(one.code)) for one in seated]
    return who + [_traveller(infant(tattoo), one, PassengerType.INFANT, tattoo) for one in infants]


def _traveller(id_: str, who: _Person, kind: PassengerType, infant_of: str | None = None) -> OrderTraveller:
    return OrderTraveller(id_, kind, who.first_name, who.surname, who.born, infant_of)


def _persons(info: Element, before: date | None) -> Iterator[_Person]:
    """Everybody once: names stand in `passengerData` and again, differently cut, in `enhancedPassengerData`."""
    enhanced = [_enhanced(one, before) for one in every(info, "enhancedPassengerData")]
    plain = every(info, "passengerData")
    if all(first(data, "travellerInformation") is None for data in plain):
        yield from enhanced
        return
    surname = ""
    for data in plain:
        surname = text(data, "travellerInformation/traveller/surname") or surname
        born = birth_day(text(data, "dateOfBirth/dateAndTimeDetails/date"), before)
        passengers = every(data, "travellerInformation/passenger")
        for one in passengers:
            who = _Person(
                surname,
                text(one, "firstName"),
                text(one, "type").upper(),
                text(one, "infantIndicator") not in ("", "0"),
                None,
            )
            # One date beside two names is the infant's: an adult's is not kept here.
            if len(passengers) == 1 or passenger_type(who.code) is PassengerType.INFANT:
                who.born = born
            yield _completed(who, enhanced)
        if not passengers and surname:
            yield _completed(_Person(surname, "", "", False, born), enhanced)


def _completed(who: _Person, enhanced: list[_Person]) -> _Person:
    """The same person's birth and type where only the enhanced data tells them."""
    for other in enhanced:
        if other.first_name == who.first_name and other.surname in ("", who.surname):
            who.born = who.born or other.born
            who.code = who.code or other.code
            break
    return who


def _enhanced(data: Element, before: date | None) -> _Person:
    names = every(data, "enhancedTravellerInformation/otherPaxNamesDetails")
    used = next((one for one in names if text(one, "referenceName") == "Y"), names[0] if names else None)
    info = first(data, "enhancedTravellerInformation/travellerNameInfo")
    born = first(data, "dateOfBirthInEnhancedPaxData|dateOfBirth")
    return _Person(
        text(used, "surname"),
        text(used, "givenName"),
        text(info, "type").upper(),
        text(info, "infantIndicator") not in ("", "0"),
        birth_day(text(born, "dateAndTimeDetails/date"), before),
    )
