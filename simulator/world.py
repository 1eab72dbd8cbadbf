"""The airlines' schedules and fares: made from a seed by hashing, so that the same question has the same answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from simulator.clock import Clock
from simulator.model import Fare, Flight, Itinerary, PassengerKind, Segment


class WorldRefusal(Exception):
    """The question makes no sense. `code` and `text` are the GDS's own words for it."""

    code = "920"
    text = "BAD REQUEST"


class UnknownPlace(WorldRefusal):
    code, text = "931", "NO ITINERARY FOUND FOR REQUESTED SEGMENT"

    def __init__(self, place: str) -> None:
        super().__init__(place)
        self.place = place


class PastDate(WorldRefusal):
    code, text = "920", "PAST DATE/TIME NOT ALLOWED"


class UnknownCurrency(WorldRefusal):
    code, text = "968", "INVALID CURRENCY CODE"


class World:
    """`sold` tells how many seats of a flight (by its key) are sold by class; without it nothing is."""

    def __init__(self, seed: int, clock: Clock, sold: Callable[[str], Mapping[str, int]] | None = None) -> None:
        raise NotImplementedError

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
        Raises: UnknownPlace, PastDate, UnknownCurrency, WorldRefusal (no slice, nobody travels).
        """
        raise NotImplementedError

    def flight(self, carrier: str, number: str, origin: str, destination: str, day: date) -> Flight | None:
        """The flight that leaves `origin` on this local day, with what its classes still have; airport codes only."""
        raise NotImplementedError

    def capacity(self, flight: Flight) -> dict[str, int]:
        """How many seats each class was given; `seats` shows at most 9 of what is left of them."""
        raise NotImplementedError

    def price(
        self,
        segments: Sequence[Segment],
        kinds: Mapping[PassengerKind, int],
        currency: str,
        factor: Decimal = Decimal(1),
    ) -> dict[PassengerKind, Fare]:
        """Fares for these segments in their booking classes, by kind: the same figures as in `search`, the fare (not
        the taxes) times `factor`. {} where a class has no fare any more (its last ticketing moment passed).

        Raises: UnknownPlace, UnknownCurrency.
        """
        raise NotImplementedError

    def numeric(self, carrier: str) -> str:
        """The three digits that begin the carrier's document numbers; 000 for one we do not know."""
        raise NotImplementedError

    def carrier_name(self, carrier: str) -> str:
        raise NotImplementedError

    def airport(self, code: str) -> dict[str, str]:
        """`{iata, name, city, country, tz}` of any real airport. Raises: UnknownPlace."""
        raise NotImplementedError

    def city(self, airport: str) -> str:
        """The city code of an airport: LON for LHR; its own code where it has no other."""
        raise NotImplementedError

    def minor_units(self, currency: str) -> int:
        """How many decimals its amounts have. Raises: UnknownCurrency."""
        raise NotImplementedError
