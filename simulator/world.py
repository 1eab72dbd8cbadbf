"""The airlines' schedules and fares: made from a seed by hashing, so that the same question has the same answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from itertools import product
from typing import ClassVar

from simulator import places
from simulator.carriers import CARRIERS
from simulator.clock import Clock
from simulator.fares import CURRENCIES, LADDER, LAST_HOURS, Stretch, component_cents, fares, last_ticketing
from simulator.model import Fare, Flight, Itinerary, PassengerKind, Segment
from simulator.places import Airport, kilometres
from simulator.schedules import Schedules

_CONNECTION = timedelta(minutes=60)  # the shortest
_LAYOVER = timedelta(hours=23)  # the longest
_SLICES, _SEATS = 6, 9  # of one search, at most
_PRICED = 60  # offers whose taxes are looked up before the cheapest are shown
_PATHS = 6  # of one carrier for one slice
_COMBINATIONS = 10  # of one carrier for all slices
_KINDS: tuple[PassengerKind, ...] = ("ADT", "CHD", "INF")

Path = tuple[Flight, ...]


class WorldRefusal(Exception):
    """The question makes no sense. `code` and `text` are the GDS's own words for it."""

    code: ClassVar[str] = "977"
    text: ClassVar[str] = "NO FARE REQUEST DATA"


class UnknownPlace(WorldRefusal):
    code, text = "931", "NO ITINERARY FOUND FOR REQUESTED SEGMENT"

    def __init__(self, place: str) -> None:
        super().__init__(place)
        self.place = place


class PastDate(WorldRefusal):
    """`slice` is the place of the slice that would have left before today, there where it leaves."""

    code, text = "920", "PAST DATE/TIME NOT ALLOWED"

    def __init__(self, slice: int) -> None:  # noqa: A002
        super().__init__(slice)
        self.slice = slice


class UnknownCurrency(WorldRefusal):
    code, text = "968", "INVALID CURRENCY CODE"


@dataclass(frozen=True, slots=True)
class _Offer:
    """A way to fly at one class a slice, not yet priced for everyone: `cents` is the adult fare."""

    cents: float
    paths: tuple[Path, ...]
    stretches: tuple[Stretch, ...]


class World:
    """`sold` tells how many seats of a flight (by its key) are sold by class; without it nothing is."""

    def __init__(self, seed: int, clock: Clock, sold: Callable[[str], Mapping[str, int]] | None = None) -> None:
        self._seed = seed
        self._clock = clock
        self._sold = sold
        self._schedules = Schedules(seed)
        places.airport("DEL")  # the airports of the world are read now, not in the first search

    # -- questions ------------------------------------------------------------------------------------------------

    def search(
        self,
        slices: Sequence[tuple[str, str, date]],
        kinds: Mapping[PassengerKind, int],
        currency: str,
        limit: int = 50,
        cabin: str | None = None,
    ) -> list[Itinerary]:
        """Ways to fly these slices (airport or city codes), each with fares for each kind asked for, cheapest first.

        Only classes with a seat for everyone but infants. `cabin` is of M, W, C, F. [] where nobody flies.
        Raises: UnknownPlace, PastDate, UnknownCurrency, WorldRefusal (no slice or more than six, nobody travels or more
        than nine, more infants than adults).
        """
        seats = kinds.get("ADT", 0) + kinds.get("CHD", 0)
        if not 1 <= len(slices) <= _SLICES or not 1 <= seats <= _SEATS or kinds.get("INF", 0) > kinds.get("ADT", 0):
            raise WorldRefusal
        if currency not in CURRENCIES:
            raise UnknownCurrency
        now = self._clock.now()
        asked = []
        for place, (origin, destination, day) in enumerate(slices):
            ends = self._airports(origin), self._airports(destination)
            if day < now.astimezone(places.airport(ends[0][0]).zone).date():
                raise PastDate(place)
            asked.append((*ends, day))
        offers: list[_Offer] = []
        best: list[_Offer] = []
        for carrier in CARRIERS:
            found = sorted(self._offers(carrier, asked, seats, cabin, now), key=_by_price)
            best += found[:1]
            offers += found[1:]
        # What is cheapest is known with the taxes only: more are priced than shown, every airline's best among them.
        offers.sort(key=_by_price)
        priced = [self._itinerary(offer, kinds, currency) for offer in (best + offers)[: max(limit, _PRICED)]]
        return sorted(priced, key=partial(_costs, kinds))[:limit]

    def flight(self, carrier: str, number: str, origin: str, destination: str, day: date) -> Flight | None:
        """The flight that leaves `origin` on this local day, with what its classes still have; airport codes only."""
        if carrier not in CARRIERS:
            return None
        number = number.lstrip("0")
        for flight in self._schedules.on(carrier, origin, destination, day):
            if flight.number == number:
                return self._as_sold(flight)
        return None

    def capacity(self, flight: Flight) -> dict[str, int]:
        """How many seats each class was given; `seats` shows at most 9 of what is left of them."""
        return dict(self._schedules.capacity(flight.carrier, flight.key))

    def price(
        self,
        segments: Sequence[Segment],
        kinds: Mapping[PassengerKind, int],
        currency: str,
        factor: Decimal = Decimal(1),
    ) -> dict[PassengerKind, Fare]:
        """Fares for these segments in their booking classes, by kind: the same figures as in `search`, the fare (not
        the taxes) times `factor`. {} where a class has no fare, or none any more (its last ticketing moment passed).

        Raises: UnknownPlace, UnknownCurrency.
        """
        if currency not in CURRENCIES:
            raise UnknownCurrency
        ordered = sorted(segments, key=lambda segment: segment.departs)
        stretches = [
            Stretch(each.carrier, each.origin, each.destination, each.departs, each.arrives, each.booking_class)
            for each in ordered
        ]
        for each in stretches:
            if each.carrier not in CARRIERS or each.booking_class not in CARRIERS[each.carrier].ladder:
                return {}
            self.airport(each.origin)
            self.airport(each.destination)
        if not stretches or last_ticketing(stretches) < self._clock.now():
            return {}
        return fares(self._seed, stretches, _asked(kinds), currency, factor)

    # -- names ----------------------------------------------------------------------------------------------------

    def numeric(self, carrier: str) -> str:
        """The three digits that begin the carrier's document numbers; 000 for one we do not know."""
        return CARRIERS[carrier].numeric if carrier in CARRIERS else "000"

    def carrier_name(self, carrier: str) -> str:
        """Its own code for one we do not know."""
        return CARRIERS[carrier].name if carrier in CARRIERS else carrier

    def airport(self, code: str) -> Airport:
        """Any real airport. Raises: UnknownPlace."""
        try:
            return places.airport(code)
        except places.UnknownPlaceCode:
            raise UnknownPlace(code) from None

    def city(self, airport: str) -> str:
        """The city code of an airport: LON for LHR; its own code where it has no other."""
        return places.city(airport)

    def minor_units(self, currency: str) -> int:
        """How many decimals its amounts have. Raises: UnknownCurrency."""
        if currency not in CURRENCIES:
            raise UnknownCurrency
        return CURRENCIES[currency].minor

    # -- inside ---------------------------------------------------------------------------------------------------

    def _airports(self, code: str) -> tuple[str, ...]:
        try:
            return places.airports(code)
        except places.UnknownPlaceCode:
            raise UnknownPlace(code) from None

    def _as_sold(self, flight: Flight) -> Flight:
        sold = self._sold(flight.key) if self._sold else {}
        if not sold:
            return flight
        left = {
            letter: min(9, given - sold.get(letter, 0))
            for letter, given in self._schedules.capacity(flight.carrier, flight.key).items()
        }
        return Flight(
            flight.carrier,
            flight.number,
            flight.origin,
            flight.destination,
            flight.departs,
            flight.arrives,
            flight.equipment,
            left,
        )

    def _offers(
        self,
        carrier: str,
        asked: Iterable[tuple[tuple[str, ...], tuple[str, ...], date]],
        seats: int,
        cabin: str | None,
        now: datetime,
    ) -> list[_Offer]:
        """The carrier's ways: the lowest fare of each, and the lowest that is refundable."""
        ways: list[tuple[Path, ...]] = [()]
        for origins, destinations, day in asked:
            paths = [
                path
                for origin, destination in product(origins, destinations)
                for path in self._paths(carrier, origin, destination, day)
                if path[0].departs > now
            ]
            paths.sort(key=_duration)
            ways = [(*way, path) for way in ways for path in paths[:_PATHS] if _follows(way, path)]
            ways.sort(key=lambda way: sum(map(_duration, way), timedelta()))
            del ways[_COMBINATIONS:]
        lowest = _Lowest(carrier, seats, cabin, now, self._seed)
        shown: dict[str, Flight] = {}
        found = []
        for way in ways:
            sold = tuple(tuple(self._shown(flight, shown) for flight in path) for path in way)
            found += lowest.offers(sold)
        return found

    def _shown(self, flight: Flight, shown: dict[str, Flight]) -> Flight:
        key = flight.key
        found = shown.get(key)
        if found is None:
            found = shown[key] = self._as_sold(flight)
        return found

    def _paths(self, carrier: str, origin: str, destination: str, day: date) -> list[Path]:
        """Direct flights, and connections through the carrier's hubs that are not too much of a detour."""
        schedules = self._schedules
        found: list[Path] = [(flight,) for flight in schedules.on(carrier, origin, destination, day)]
        straight = kilometres(origin, destination)
        for hub in CARRIERS[carrier].hubs:
            if hub in (origin, destination) or not schedules.legs(carrier, origin, hub):
                continue
            if not schedules.legs(carrier, hub, destination):
                continue
            if kilometres(origin, hub) + kilometres(hub, destination) > 1.8 * straight + 1200:
                continue
            for first in schedules.on(carrier, origin, hub, day):
                second = self._onward(first, destination)
                if second is not None:
                    found.append((first, second))
        return found

    def _onward(self, first: Flight, destination: str) -> Flight | None:
        earliest = first.arrives + _CONNECTION
        for later in (0, 1):
            day = first.arrives.date() + timedelta(days=later)
            for second in self._schedules.on(first.carrier, first.destination, destination, day):
                if second.departs >= earliest:
                    return second if second.departs - first.arrives <= _LAYOVER else None
        return None

    def _itinerary(self, offer: _Offer, kinds: Mapping[PassengerKind, int], currency: str) -> Itinerary:
        return Itinerary(
            flights=offer.paths,
            fares=fares(self._seed, offer.stretches, _asked(kinds), currency),
            validating_carrier=offer.stretches[0].carrier,
        )


def _asked(kinds: Mapping[PassengerKind, int]) -> list[PassengerKind]:
    return [kind for kind in _KINDS if kinds.get(kind, 0) > 0]


def _costs(kinds: Mapping[PassengerKind, int], itinerary: Itinerary) -> tuple[Decimal, datetime]:
    total = sum((kinds[kind] * each.total for kind, each in itinerary.fares.items()), Decimal(0))
    return total, itinerary.flights[0][0].departs


def _by_price(offer: _Offer) -> tuple[float, datetime]:
    return offer.cents, offer.stretches[0].departs


def _duration(path: Path) -> timedelta:
    return path[-1].arrives - path[0].departs


def _follows(way: tuple[Path, ...], path: Path) -> bool:
    return not way or way[-1][-1].arrives + _CONNECTION <= path[0].departs


class _Lowest:
    """The lowest classes of one carrier that have the seats, cabin and ticketing time asked for."""

    def __init__(self, carrier: str, seats: int, cabin: str | None, now: datetime, seed: int) -> None:
        self._rungs = [
            letter for letter in reversed(CARRIERS[carrier].ladder) if LADDER[letter].cabin == (cabin or "M")
        ]
        self._seats = seats
        self._now = now
        self._seed = seed
        self._kept: dict[tuple[int, int, str], tuple[tuple[Stretch, ...], float]] = {}

    def offers(self, way: tuple[Path, ...]) -> list[_Offer]:
        """The way in its lowest classes, one a slice, and in its lowest refundable ones, if they are others."""
        made: list[_Offer] = []
        before: list[str] = []
        for refundable in (False, True):
            letters = [self._letter(path, way[0][0].departs, refundable) for path in way]
            known = [letter for letter in letters if letter]
            if len(known) < len(way) or known == before:
                continue
            before = known
            priced = [self._priced(path, letter) for path, letter in zip(way, known, strict=True)]
            stretches = tuple(stretch for part, _ in priced for stretch in part)
            made.append(_Offer(sum(cents for _, cents in priced), way, stretches))
        return made

    def _priced(self, path: Path, letter: str) -> tuple[tuple[Stretch, ...], float]:
        # By identity: the paths of one search live as long as it does, and their flights are costly to hash.
        key = id(path[0]), id(path[-1]), letter
        found = self._kept.get(key)
        if found is None:
            stretches = tuple(
                Stretch(each.carrier, each.origin, each.destination, each.departs, each.arrives, letter)
                for each in path
            )
            found = self._kept[key] = stretches, component_cents(self._seed, stretches)
        return found

    def _letter(self, path: Path, first_departs: datetime, refundable: bool) -> str | None:
        for letter in self._rungs:
            rung = LADDER[letter]
            if refundable and not rung.refundable:
                continue
            if any(flight.seats[letter] < self._seats for flight in path):
                continue
            if first_departs - timedelta(days=rung.days, hours=LAST_HOURS) >= self._now:
                return letter
        return None
