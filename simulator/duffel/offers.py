"""Search, offers and their prices. The offers of one search are one item in the store; they live 30 minutes.

Some offers can only be bought at once, some holds have no price guarantee: which ones is drawn from the flights
themselves, so that the same search has the same answer. The documented test routes do what they do in test mode:
PVD-RAI no offers, STN-LHR times out, LGW-LHR offers that are gone when read, LHR-STN 10.00 dearer at every read,
JFK-EWR all offers can be held, LHR-DXB with a connection.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from simulator.book import Book
from simulator.duffel import fields, ids, itinerary, paging
from simulator.duffel.asked import CABINS, AskedSearch
from simulator.duffel.errors import ApiError, invalid, not_found, offer_gone, search_timed_out
from simulator.duffel.offer import LIFE, Offer, moved
from simulator.duffel.searches import Rider, Search, Searches, counted
from simulator.duffel.words import TYPES, Words, amount, moment, stable
from simulator.model import Itinerary
from simulator.orders import moved as moved_factor
from simulator.places import UnknownPlaceCode
from simulator.world import PastDate, World

_ASKED_OF_WORLD, _SHOWN = 100, 50
_CONNECTIONS = frozenset(map(str, range(10)))


class Offers:
    """`currency` is that of the organisation: all offers are in it."""

    def __init__(self, book: Book, world: World, words: Words, currency: str) -> None:
        self._book, self._world, self._words, self._currency = book, world, words, currency
        self.minor = world.minor_units(currency)
        self._searches = Searches(book.store, world, currency)

    # -- search ---------------------------------------------------------------------------------------------------

    def search(self, asked: AskedSearch) -> Search:
        """Find and keep. Raises: ApiError for an unknown place and for the test route that times out."""
        slices = [[each.origin, each.destination, each.day.isoformat()] for each in asked.slices]
        riders = [Rider(ids.new("pas"), each.kind, each.type, each.age) for each in asked.passengers]
        number = ids.number_of(ids.new("orq"), "orq")
        assert number is not None
        found = Search(number, self._book.clock.now(), asked.cabin, slices, riders, [], {}, {})
        if found.route == "STN-LHR":
            raise search_timed_out()
        if found.route != "PVD-RAI":
            self._book.settle()
            found.itineraries = self._find(asked, riders, found.route)
        self._searches.forget(found.created)
        self._searches.keep(found)
        return found

    def _find(self, asked: AskedSearch, riders: list[Rider], route: str) -> list[Itinerary]:
        for index, each in enumerate(asked.slices):
            for end, code in (("origin", each.origin), ("destination", each.destination)):
                try:
                    self._words.place(code)
                except UnknownPlaceCode:
                    raise _unknown(f"/slices/{index}/{end}") from None
        try:
            found = self._world.search(
                [(each.origin, each.destination, each.day) for each in asked.slices],
                counted(riders),
                self._currency,
                _ASKED_OF_WORLD,
                CABINS[asked.cabin],
            )
        except PastDate as past:
            raise fields.wrong(f"/slices/{past.slice}/departure_date", "must not be in the past there") from None
        fewest = 1 if route == "LHR-DXB" else 0
        most = max(asked.max_connections, fewest)
        return [each for each in found if all(fewest < len(part) <= most + 1 for part in each.flights)][:_SHOWN]

    def request(self, id: str) -> Search:  # noqa: A002
        """Raises: ApiError (not found)."""
        number = ids.number_of(id, "orq")
        search = self._searches.load(number) if number is not None else None
        if search is None:
            raise not_found()
        return search

    # -- one offer ------------------------------------------------------------------------------------------------

    def find(self, id: str) -> Offer | None:  # noqa: A002
        """The offer, expired ones too; None where there never was one, or it is long gone."""
        place = ids.offer_place(id)
        search = self._searches.load(place[0]) if place else None
        if place is None or search is None or place[1] >= len(search.itineraries):
            return None
        if not search.itineraries[place[1]].fares:  # made again after its last ticketing moment
            return None
        return self.offer(search, place[1])

    def offer(self, search: Search, place: int) -> Offer:
        itinerary_ = search.itineraries[place]
        factor = search.factors.get(place, Decimal(1))
        surcharge = Decimal(10 * search.reads.get(place, 0))
        fares = {kind: moved(fare, factor, self.minor) for kind, fare in itinerary_.fares.items()}
        if surcharge:
            first = search.riders[0].kind
            fares[first] = replace(fares[first], base=fares[first].base + surcharge)
        return Offer(ids.offer_id(search.number, place), search, place, itinerary_, fares)

    def read(self, id: str) -> Offer:  # noqa: A002
        """An offer that can still be had, as a client reads it. Raises: ApiError (not found, gone)."""
        offer = self.find(id)
        if offer is None:
            raise not_found()
        self.need_alive(offer)
        if offer.search.route == "LHR-STN":
            search, place = offer.search, offer.place
            search.reads[place] = search.reads.get(place, 0) + 1
            self._searches.keep(search)
            offer = self.offer(search, place)
        return offer

    def need_alive(self, offer: Offer) -> None:
        """Raises: ApiError when it expired, departed, or is of the test route whose offers are always gone."""
        now = self._book.clock.now()
        departed = offer.itinerary.flights[0][0].departs <= now
        if offer.expires <= now or departed or offer.search.route == "LGW-LHR":
            raise self.gone(offer)

    def gone(self, offer: Offer) -> ApiError:
        return offer_gone(self._words.carrier(offer.carrier)["name"])

    def move_price(self, offer: Offer, percent: Decimal) -> Offer:
        """The airline asks another price for it from now on."""
        search, place = offer.search, offer.place
        search.factors[place] = moved_factor(search.factors.get(place, Decimal(1)), percent)
        self._searches.keep(search)
        return self.offer(search, place)

    def expire(self, offer: Offer) -> None:
        """Let it and its whole search be over."""
        offer.search.created = self._book.clock.now() - LIFE
        self._searches.keep(offer.search)

    # -- shown ----------------------------------------------------------------------------------------------------

    def told_request(self, search: Search, with_offers: bool) -> dict[str, Any]:
        """An offer request; its offers are left out of the object where none were asked for."""
        told: dict[str, Any] = {
            "slices": [self._told_asked_slice(*each) for each in search.slices],
            "passengers": [_told_rider(rider) for rider in search.riders],
            "live_mode": False,
            "id": search.id,
            "created_at": moment(search.created),
            "cabin_class": search.cabin,
        }
        if with_offers:
            told["offers"] = [self.told(self.offer(search, place)) for place in range(len(search.itineraries))]
        return told

    def _told_asked_slice(self, origin: str, destination: str, day: str) -> dict[str, Any]:
        (origin_type, start), (destination_type, end) = self._words.place(origin), self._words.place(destination)
        return {
            "origin_type": origin_type,
            "origin": start,
            "destination_type": destination_type,
            "destination": end,
            "departure_date": day,
        }

    def page(self, id: str, query: paging.Query) -> tuple[list[dict[str, Any]], dict[str, Any]]:  # noqa: A002
        """The offers of a request, sorted by `total_amount` or `total_duration` (`-`: downwards). Raises: ApiError."""
        search = self.request(id)
        asked, sort = paging.asked(query), paging.sorting(query, _SORTS)
        offers = [self.offer(search, place) for place in range(len(search.itineraries))]
        connections = query.get("max_connections", [""])[-1]
        if connections:
            if connections not in _CONNECTIONS:
                raise fields.wrong("/max_connections", "must be a whole number from 0")
            offers = [each for each in offers if max(map(len, each.itinerary.flights)) <= int(connections) + 1]
        offers.sort(key=_SORTS[sort.lstrip("-")], reverse=sort.startswith("-"))
        by_id = {each.id: each for each in offers}
        return paging.cut(list(by_id), asked, lambda offer: self.told(by_id[offer]))

    def told(self, offer: Offer) -> dict[str, Any]:
        """An offer, with the price it has now."""
        search, currency = offer.search, offer.currency
        pay_by = offer.pay_by
        return {
            "updated_at": moment(search.created),
            "total_emissions_kg": str(60 + offer.drawn % 400),
            "total_currency": currency,
            "total_amount": amount(offer.total, self.minor),
            "tax_currency": currency,
            "tax_amount": amount(offer.tax, self.minor),
            "slices": self._told_slices(offer),
            "payment_requirements": {
                "requires_instant_payment": offer.instant,
                "price_guarantee_expires_at": None
                if offer.instant
                else moment(offer.guarantee(search.created, pay_by)),
                "payment_required_by": None if offer.instant else moment(pay_by),
            },
            "private_fares": [],
            "partial": False,
            "passengers": [{**_told_rider(rider), "fare_type": None} for rider in search.riders],
            "passenger_identity_documents_required": offer.documents_required,
            "owner": self._words.carrier(offer.carrier),
            "live_mode": False,
            "id": offer.id,
            "expires_at": moment(offer.expires),
            "created_at": moment(search.created),
            "conditions": self.conditions(offer),
            "base_currency": currency,
            "base_amount": amount(offer.base, self.minor),
            "available_services": None,
            "supported_passenger_identity_document_types": ["passport"],
            "supported_loyalty_programmes": [],
        }

    def conditions(self, offer: Offer) -> dict[str, Any]:
        """What a refund or a change before departure costs, for everybody together."""
        fares = [offer.fares[rider.kind] for rider in offer.search.riders]
        allowed = all(fare.refundable for fare in fares)
        kept = amount(sum((fare.penalty for fare in fares), Decimal(0)), self.minor)
        refund = itinerary.penalty(allowed, kept, offer.currency)
        change = itinerary.penalty(allowed or offer.drawn % 3 > 0, kept, offer.currency)
        return {"refund_before_departure": refund, "change_before_departure": change}

    def _told_slices(self, offer: Offer) -> list[dict[str, Any]]:
        riders = [itinerary.rider_of(rider.id, offer.fares[rider.kind]) for rider in offer.search.riders]
        cabin = riders[0].cabin
        change = self.conditions(offer)["change_before_departure"]
        slices, place = [], 0
        for index, flights in enumerate(offer.itinerary.flights):
            segments = []
            for nth, flight in enumerate(flights):
                seats = [itinerary.passenger(rider, place) for rider in riders]
                segments.append(
                    itinerary.segment(self._words, flight, itinerary.segment_id(offer.id, index, nth), seats)
                )
                place += 1
            frame = itinerary.slice_frame(self._words, flights, itinerary.slice_id(offer.id, index), cabin, segments)
            frame["comparison_key"] = ids.written("cmp", stable(*(flight.key for flight in flights)))[4:]
            frame["ngs_shelf"] = 1
            frame["conditions"] = {
                "change_before_departure": change,
                "refund_before_departure": None,
                "advance_seat_selection": False,
                "priority_boarding": False,
                "priority_check_in": False,
            }
            slices.append(frame)
        return slices


def _told_rider(rider: Rider) -> dict[str, Any]:
    return {"type": rider.type or TYPES[rider.kind], "id": rider.id, "age": rider.age}


def _total(offer: Offer) -> tuple[Any, str]:
    return offer.total, offer.id


def _duration(offer: Offer) -> tuple[Any, str]:
    return sum((part[-1].arrives - part[0].departs for part in offer.itinerary.flights), timedelta()), offer.id


def _unknown(pointer: str) -> ApiError:
    field = pointer.rsplit("/", 1)[-1]
    return invalid(pointer, "invalid_iata_code", "Invalid IATA code", f"Field '{field}' is not a known airport or city")


_SORTS: dict[str, Callable[[Offer], tuple[Any, str]]] = {"total_amount": _total, "total_duration": _duration}
