"""One offer: an itinerary of a search at its present price, and what kind of offer it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from simulator.duffel.searches import Search
from simulator.duffel.words import stable
from simulator.model import Fare, Itinerary, PassengerKind
from simulator.places import airport

LIFE = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Offer:
    """One itinerary of a search at its present price. `fares` by kind, the fare (not the taxes) moved by `factor`."""

    id: str
    search: Search
    place: int
    itinerary: Itinerary
    fares: Mapping[PassengerKind, Fare]

    @property
    def currency(self) -> str:
        return next(iter(self.fares.values())).currency

    @property
    def base(self) -> Decimal:
        return sum((self.fares[rider.kind].base for rider in self.search.riders), Decimal(0))

    @property
    def tax(self) -> Decimal:
        return sum((self.fares[rider.kind].tax for rider in self.search.riders), Decimal(0))

    @property
    def total(self) -> Decimal:
        return self.base + self.tax

    @property
    def expires(self) -> datetime:
        return self.search.created + LIFE

    @property
    def drawn(self) -> int:
        """A number of the itinerary's own: what kind of offer it is, is drawn from it."""
        return stable(*(flight.key for part in self.itinerary.flights for flight in part))

    @property
    def instant(self) -> bool:
        return self.drawn % 5 == 0 and self.search.route != "JFK-EWR"

    @property
    def pay_by(self) -> datetime:
        """As the book sets the time limit of an order made now, and no later than the fare lasts."""
        latest = self.search.created + timedelta(hours=24)
        departs = self.itinerary.flights[0][0].departs.astimezone(UTC)
        latest = max(min(latest, departs - timedelta(hours=72)), self.search.created + timedelta(minutes=30))
        return min(latest, *(fare.last_ticketing for fare in self.fares.values()))

    def guarantee(self, created: datetime, pay_by: datetime) -> datetime | None:
        """Until when the price of an order of this offer stands; None: not at all."""
        drawn = self.drawn // 5 % 4
        if drawn == 0:
            return None
        return pay_by if drawn > 1 else min(pay_by, created + timedelta(hours=2))

    @property
    def carrier(self) -> str:
        return self.itinerary.validating_carrier

    @property
    def documents_required(self) -> bool:
        """Whoever flies to or from the United States is announced with his passport."""
        flights = [flight for part in self.itinerary.flights for flight in part]
        return any(airport(end).country == "US" for each in flights for end in (each.origin, each.destination))


def moved(fare: Fare, factor: Decimal, minor: int) -> Fare:
    """The fare at another price: its base times `factor`, the taxes as they are."""
    if factor == 1:
        return fare
    return replace(fare, base=(fare.base * factor).quantize(Decimal(1).scaleb(-minor)))
