"""A simulator's inside without a port: a store in memory, a clock that stands, a world and its book."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from simulator.book import Book
from simulator.clock import Clock
from simulator.model import Flight, Itinerary, Order, Passenger, Segment
from simulator.store import Store
from simulator.world import World

TODAY = datetime(2026, 12, 1, 6, 30, tzinfo=UTC)  # noon in India
TRAVEL = date(2027, 1, 18)


@dataclass(frozen=True, slots=True)
class House:
    store: Store
    clock: Clock
    world: World
    book: Book


def house(path: str = ":memory:", seed: int = 1, moment: datetime | None = TODAY) -> House:
    """`moment` None leaves the clock as the store has it."""
    store = Store(path)
    clock = Clock(store)
    if moment is not None:
        clock.freeze()
        clock.set(moment)
    world = World(seed, clock, store.sold)
    return House(store, clock, world, Book(store, clock, world))


def family() -> list[Passenger]:
    return [
        Passenger(1, "ADT", "ASIF", "SPECIMEN"),
        Passenger(2, "ADT", "BANO", "SPECIMEN"),
        Passenger(3, "CHD", "CHAND", "SPECIMEN"),
        Passenger(4, "INF", "DUA", "SPECIMEN", infant_of=2),
    ]


KINDS = {"ADT": 2, "CHD": 1, "INF": 1}


def segments(itinerary: Itinerary) -> list[Segment]:
    classes = next(iter(itinerary.fares.values())).classes
    flown = [(index, flight) for index, path in enumerate(itinerary.flights) for flight in path]
    return [
        segment(flight, letter, tattoo, index)
        for tattoo, ((index, flight), letter) in enumerate(zip(flown, classes, strict=True), 1)
    ]


def segment(flight: Flight, booking_class: str, tattoo: int = 1, slice: int = 0) -> Segment:  # noqa: A002
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
        slice,
    )


def offer(here: House, *, refundable: bool = False, day: date = TRAVEL) -> Itinerary:
    """The cheapest way from Srinagar to Jeddah for the family."""
    found = here.world.search([("SXR", "JED", day)], KINDS, "INR")
    return next(each for each in found if each.fares["ADT"].refundable is refundable)


def draft(itinerary: Itinerary, passengers: list[Passenger] | None = None) -> Order:
    return Order(
        locator="",
        dialect="amadeus",
        id="",
        created=TODAY,
        version=0,
        office="SXRQF2100",
        currency="INR",
        validating_carrier=itinerary.validating_carrier,
        passengers=family() if passengers is None else passengers,
        segments=segments(itinerary),
        key="QK/1",
    )


def held(here: House, itinerary: Itinerary | None = None, *, refundable: bool = False) -> Order:
    """An order whose seats are taken and whose fares are stored."""
    itinerary = itinerary or offer(here, refundable=refundable)
    order = draft(itinerary)
    here.book.sell(order.segments, 3)
    return here.book.store_fares(here.book.create(order), itinerary.fares)
