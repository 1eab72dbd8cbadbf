"""The searches of the last two hours: one item in the store each, the flights told by their numbers and made again."""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from simulator.duffel import ids
from simulator.model import Flight, Itinerary, PassengerKind, Segment
from simulator.store import Store
from simulator.world import World

KEPT_FOR = timedelta(hours=2)
_READY = 64  # searches kept in memory as they are
_ITEM = "duffel.search"


@dataclass(frozen=True, slots=True)
class Rider:
    """A passenger of a search, before anybody has a name."""

    id: str
    kind: PassengerKind
    type: str
    age: int | None


@dataclass(slots=True)
class Search:
    """`factors` are the prices that moved, by the offer's place; `reads` counts the reads of offers that change."""

    number: int
    created: datetime
    cabin: str
    slices: list[list[str]]  # origin, destination, day
    riders: list[Rider]
    itineraries: list[Itinerary]
    factors: dict[int, Decimal]
    reads: dict[int, int]

    @property
    def id(self) -> str:
        return ids.written("orq", self.number)

    @property
    def route(self) -> str:
        return f"{self.slices[0][0]}-{self.slices[0][1]}" if len(self.slices) == 1 else ""


def counted(riders: Iterable[Rider]) -> dict[PassengerKind, int]:
    """How many there are of each kind."""
    return dict(Counter(rider.kind for rider in riders))


class Searches:
    """`currency` is that of all prices."""

    def __init__(self, store: Store, world: World, currency: str) -> None:
        self._store, self._world, self._currency = store, world, currency
        self._ready: OrderedDict[int, Search] = OrderedDict()
        store.when_undone(self._ready.clear)

    def keep(self, search: Search) -> None:
        """Store it as it is now."""
        with self._store.transaction():
            self._store.put(_ITEM, search.id, _written(search), search.created.timestamp())
        self._at_hand(search)

    def forget(self, now: datetime) -> None:
        """Drop what is older than two hours."""
        with self._store.transaction():
            self._store.drop_before(_ITEM, (now - KEPT_FOR).timestamp())

    def load(self, number: int) -> Search | None:
        """None where there never was one of this number, or it is forgotten."""
        search = self._ready.get(number)
        if search is None:
            raw = self._store.item(_ITEM, ids.written("orq", number))
            if raw is None:
                return None
            search = self._read(number, raw)
            self._at_hand(search)
        return search

    def _at_hand(self, search: Search) -> None:
        self._ready[search.number] = search
        if len(self._ready) > _READY:
            self._ready.popitem(last=False)

    def _read(self, number: int, raw: dict[str, Any]) -> Search:
        riders = [Rider(*each) for each in raw["riders"]]
        kinds = counted(riders)
        itineraries = [self._again(kept, kinds) for kept in raw["offers"]]
        return Search(
            number,
            datetime.fromisoformat(raw["created"]),
            raw["cabin"],
            raw["slices"],
            riders,
            itineraries,
            {int(place): Decimal(factor) for place, factor in raw["factors"].items()},
            {int(place): count for place, count in raw["reads"].items()},
        )

    def _again(self, kept: dict[str, Any], kinds: Mapping[PassengerKind, int]) -> Itinerary:
        """The same itinerary, made by the world a second time: what it makes depends on nothing but its seed."""
        slices: list[tuple[Flight, ...]] = []
        segments: list[Segment] = []
        for index, part in enumerate(kept["flights"]):
            flights = []
            for carrier, flight_number, origin, destination, day in part:
                flight = self._world.flight(carrier, flight_number, origin, destination, date.fromisoformat(day))
                assert flight is not None, "the world forgot a flight that it sold"
                flights.append(flight)
                segments.append(as_segment(flight, kept["classes"][len(segments)], len(segments) + 1, index))
            slices.append(tuple(flights))
        fares = self._world.price(segments, kinds, self._currency)
        return Itinerary(tuple(slices), fares, kept["carrier"])


def as_segment(flight: Flight, booking_class: str, tattoo: int, slice_index: int) -> Segment:
    return Segment(
        tattoo,
        flight.carrier,
        flight.number,
        flight.origin,
        flight.destination,
        flight.departs,
        flight.arrives,
        booking_class,
        flight.equipment,
        "HK",
        slice_index,
    )


def _written(search: Search) -> dict[str, Any]:
    return {
        "created": search.created.isoformat(),
        "cabin": search.cabin,
        "slices": search.slices,
        "riders": [[rider.id, rider.kind, rider.type, rider.age] for rider in search.riders],
        "offers": [
            {
                "carrier": each.validating_carrier,
                "classes": list(next(iter(each.fares.values())).classes),
                "flights": [
                    [
                        [one.carrier, one.number, one.origin, one.destination, one.departs.date().isoformat()]
                        for one in part
                    ]
                    for part in each.flights
                ],
            }
            for each in search.itineraries
        ],
        "factors": {place: str(factor) for place, factor in search.factors.items()},
        "reads": search.reads,
    }
