"""Who travels: the passengers of an order, held against those its offer was made for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from simulator.duffel.asked import AskedTraveller
from simulator.duffel.errors import invalid, unlinked
from simulator.duffel.offer import Offer
from simulator.duffel.searches import Rider
from simulator.model import Passenger


def passengers_of(offer: Offer, travellers: Sequence[AskedTraveller]) -> list[Passenger]:
    riders = {rider.id: rider for rider in offer.search.riders}
    seen: set[str] = set()
    for nth, each in enumerate(travellers):
        if each.id not in riders or each.id in seen:
            raise unlinked(f"/passengers/{nth}/id")
        seen.add(each.id)
    if seen != riders.keys():
        raise invalid(
            "/passengers", "invalid_passengers", "Invalid passengers", "All passengers of the offer must be given"
        )
    departs = offer.itinerary.flights[0][0].departs.date()
    tattoos = {each.id: nth + 1 for nth, each in enumerate(travellers)}
    carried = _carried(travellers, riders, tattoos)
    made = []
    for nth, each in enumerate(travellers):
        rider = riders[each.id]
        _need_age(rider, each.born_on, departs, f"/passengers/{nth}/born_on")
        if offer.documents_required and not each.documents:
            raise invalid(
                f"/passengers/{nth}/identity_documents",
                "validation_required",
                "Required field",
                "Field 'identity_documents' can't be blank",
            )
        made.append(
            Passenger(
                tattoo=nth + 1,
                kind=rider.kind,
                first_name=each.given_name,
                last_name=each.family_name,
                birth_date=each.born_on,
                gender=each.gender,
                passport=each.documents[0]["unique_identifier"] if each.documents else "",
                infant_of=carried.get(each.id),
                contact={"id": each.id, "title": each.title, "email": each.email, "phone": each.phone_number},
            )
        )
    return made


def _carried(travellers: Sequence[AskedTraveller], riders: dict[str, Rider], tattoos: dict[str, int]) -> dict[str, int]:
    """The adult's tattoo by the infant's id: every infant on the lap of an adult of his own."""
    carried: dict[str, int] = {}
    for nth, each in enumerate(travellers):
        if not each.infant_passenger_id:
            continue
        pointer = f"/passengers/{nth}/infant_passenger_id"
        infant = riders.get(each.infant_passenger_id)
        if infant is None or infant.kind != "INF":
            raise unlinked(pointer)
        if riders[each.id].kind != "ADT" or infant.id in carried:
            raise invalid(
                pointer, "invalid_infant_passenger_id", "Invalid infant", "An infant travels with one adult only"
            )
        carried[infant.id] = tattoos[each.id]
    for nth, each in enumerate(travellers):
        if riders[each.id].kind == "INF" and each.id not in carried:
            raise invalid(
                f"/passengers/{nth}/id",
                "infant_not_associated",
                "Infant without adult",
                "An adult must name this infant in his 'infant_passenger_id'",
            )
    return carried


def _need_age(rider: Rider, born: date, departs: date, pointer: str) -> None:
    age = departs.year - born.year - ((departs.month, departs.day) < (born.month, born.day))
    fits = {"INF": age < 2, "CHD": 2 <= age < 18, "ADT": age >= 12}[rider.kind]
    if not fits:
        raise invalid(
            pointer,
            "invalid_passenger_age",
            "Invalid passenger age",
            f"The date of birth does not fit a passenger of type {rider.type}",
        )
