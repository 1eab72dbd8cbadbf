"""The journey of a group: its flights in flying order, the time between them, and what is odd about them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

from qafila.groups.types import GroupFlightInfo
from qafila.inventory.types import LegInfo

STAY = timedelta(hours=24)  # longer than this on the ground is a stay, not a connection


@dataclass(frozen=True)
class Stop:
    """One flight of the journey, and what comes after it on the ground until the next."""

    leg: LegInfo
    block_code: str
    seats: int
    ground: timedelta | None
    nights: int = 0

    @property
    def is_stay(self) -> bool:
        return self.ground is not None and self.ground > STAY

    @property
    def wait(self) -> str:
        """The time on the ground as people say it: `7 h 10 min`."""
        minutes = int(self.ground.total_seconds() // 60) if self.ground else 0
        hours, rest = divmod(minutes, 60)
        return f"{hours} h {rest:02d} min"

    @property
    def flying(self) -> str:
        hours, rest = divmod(self.leg.minutes, 60)
        return f"{hours} h {rest:02d} min"


def stops(flights: Iterable[GroupFlightInfo]) -> list[Stop]:
    """Every leg of every linked flight by the instant it leaves, with the time on the ground after it."""
    legs = [(flight, leg) for flight in flights for leg in flight.legs]
    legs.sort(key=lambda pair: (pair[1].leaves, pair[1].lands))
    found = [Stop(leg, flight.block_code, flight.seats, None) for flight, leg in legs]
    for n, ((_, before), (_, after)) in enumerate(pairwise(legs)):
        if after.leaves > before.lands:
            nights = (after.departs_on - before.arrives_on).days
            found[n] = replace(found[n], ground=after.leaves - before.lands, nights=nights)
    return found


def gaps(flights: Sequence[GroupFlightInfo], departs: date, returns: date, capacity: int) -> list[str]:
    """What a planner should look at: seats that do not reach, no way back, a day before the first or after the last."""
    if not flights:
        return []
    found = []
    legs = sorted((leg for flight in flights for leg in flight.legs), key=lambda leg: leg.leaves)
    seats: dict[str, int] = {}
    for flight in flights:
        seats[flight.route] = seats.get(flight.route, 0) + flight.seats
    for route, count in seats.items():
        if count < capacity:
            found.append(f"{count} seats on {route} for {capacity} places.")
    if legs and legs[-1].destination != legs[0].origin:
        found.append(f"The journey begins in {legs[0].origin} and ends in {legs[-1].destination}.")
    if legs and legs[0].departs_on > departs:
        found.append(f"The group departs on {departs:%d %b}, its first flight leaves on {legs[0].departs_on:%d %b}.")
    if legs and legs[-1].arrives_on < returns:
        found.append(f"The last flight lands on {legs[-1].arrives_on:%d %b}, the group returns on {returns:%d %b}.")
    return found
