"""Which flights there are on a day and how many seats each class was given: hashed from the seed, kept nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from hashlib import blake2b

from simulator.carriers import CARRIERS, METROS, Carrier
from simulator.model import Flight
from simulator.places import airport, kilometres

_TRUNKS = frozenset(f"{METROS} DXB AUH DOH JED RUH MCT KWI LHR IST SIN KUL BKK CDG FRA KHI LHE ISB DAC CMB".split())
_MINUTES_A_DAY = 24 * 60
_FLIGHTS_KEPT = 60_000
FIRST_YEAR, LAST_YEAR = 2000, 2200  # nothing flies before or from then on
_MANY = 5  # flights a day on one route, at most


@dataclass(frozen=True, slots=True)
class Leg:
    """A flight number on a route: `leaves` is minutes after midnight, local; `weekdays` those it flies on, Monday 0."""

    carrier: str
    number: str
    origin: str
    destination: str
    leaves: int
    minutes: int
    equipment: str
    weekdays: frozenset[int]


def drawn(seed: int, *words: str) -> bytes:
    """32 bytes that depend on the seed and these words only."""
    return blake2b(f"{seed}/{'/'.join(words)}".encode(), digest_size=32).digest()


class Schedules:
    """All that flies, for one seed."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._legs: dict[tuple[str, str, str], tuple[Leg, ...]] = {}
        self.on = lru_cache(maxsize=_FLIGHTS_KEPT)(self._on)
        self.capacity = lru_cache(maxsize=_FLIGHTS_KEPT)(self._capacity)

    def legs(self, carrier: str, origin: str, destination: str) -> tuple[Leg, ...]:
        """The carrier's flight numbers on this route, by time of day; () where it does not fly."""
        key = carrier, origin, destination
        found = self._legs.get(key)
        if found is None:
            found = self._legs[key] = self._made(CARRIERS[carrier], origin, destination)
        return found

    def _made(self, carrier: Carrier, origin: str, destination: str) -> tuple[Leg, ...]:
        index = _route(carrier, origin, destination)
        if index is None:
            return ()
        dice = drawn(self._seed, carrier.code, origin, destination)
        trunk = origin in _TRUNKS and destination in _TRUNKS
        paired = (origin, destination) in carrier.pairs
        many = 1 if paired else 2 + dice[0] % (_MANY - 1) if trunk else 1 + dice[0] % 2
        # A thin route may rest on some days; a trunk and a pair are flown daily.
        rests = frozenset() if trunk or paired or dice[1] % 3 else frozenset({dice[2] % 7, dice[3] % 7})
        far = kilometres(origin, destination)
        minutes = 5 * round((30 + far / 13.8) / 5)
        long_haul = ("77W", "789", "333", "359")[dice[4] % 4]
        equipment = long_haul if far > 4500 else ("320", "32N", "738", "321")[dice[4] % 4]
        first = _MINUTES_A_DAY * dice[5] // 256 // many
        made = []
        for each in range(many):
            spread = first + each * _MINUTES_A_DAY // many + dice[6 + each] % 50
            made.append(
                Leg(
                    carrier.code,
                    str(100 + index * _MANY + each),
                    origin,
                    destination,
                    5 * (spread % _MINUTES_A_DAY // 5),
                    minutes,
                    equipment,
                    frozenset(range(7)) - rests,
                )
            )
        return tuple(sorted(made, key=lambda leg: leg.leaves))

    def _on(self, carrier: str, origin: str, destination: str, day: date) -> tuple[Flight, ...]:
        """The flights of this route that leave on this local day, with every seat unsold; cached."""
        found = []
        flown = FIRST_YEAR <= day.year < LAST_YEAR
        for leg in self.legs(carrier, origin, destination) if flown else ():
            if day.weekday() in leg.weekdays:
                at = time(leg.leaves // 60, leg.leaves % 60)
                departs = datetime.combine(day, at, airport(origin).zone)
                arrives = departs.astimezone(UTC) + timedelta(minutes=leg.minutes)
                key = f"{carrier}{leg.number}/{day.isoformat()}/{origin}"
                seats = {letter: min(9, left) for letter, left in self.capacity(carrier, key).items()}
                found.append(
                    Flight(
                        carrier,
                        leg.number,
                        origin,
                        destination,
                        departs,
                        arrives.astimezone(airport(destination).zone),
                        leg.equipment,
                        seats,
                    )
                )
        return tuple(found)

    def _capacity(self, carrier: str, key: str) -> dict[str, int]:
        """Seats by class, from the highest fare to the lowest, on the flight with this key.

        The full fare has at least 12, so that a flight is never closed to a family; low classes may have none.
        """
        dice = drawn(self._seed, "seats", key)
        ladder = CARRIERS[carrier].ladder
        given = {}
        for rung, letter in enumerate(ladder):
            throw = dice[rung]
            if letter == "Y":
                given[letter] = 12 + throw % 30
            elif letter in "FCDW":
                given[letter] = throw % 13
            elif rung < len(ladder) // 2 + 1:
                given[letter] = 2 + throw % 24
            else:
                given[letter] = 0 if throw % 3 == 0 else 1 + throw % 16
        return given


def _route(carrier: Carrier, origin: str, destination: str) -> int | None:
    """A number of its own for every route of a carrier, from which flight numbers are made; None: not flown.

    Two flights of a carrier never leave one airport with one number: inventory is counted by number, day and origin.
    """
    stations, hubs = carrier.stations, carrier.hubs
    if origin == destination:
        return None
    if (origin, destination) in carrier.pairs:
        return sorted(carrier.pairs).index((origin, destination))
    pairs = len(carrier.pairs)
    if origin in hubs and destination in stations:
        return pairs + 2 * stations.index(destination)
    if destination in hubs and origin in stations:
        return pairs + 2 * hubs.index(destination) + 1
    return None
