"""The small things every Duffel object is made of: moments, amounts, durations, airports, airlines and aircraft."""

from __future__ import annotations

import hashlib
from collections import Counter
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from simulator import places
from simulator.duffel.ids import written
from simulator.world import World

CABIN_NAMES = {"M": "economy", "W": "premium_economy", "C": "business", "F": "first"}
TYPES = {"ADT": "adult", "CHD": "child", "INF": "infant_without_seat"}
_MARKETING = {"economy": "Economy", "premium_economy": "Premium Economy", "business": "Business", "first": "First"}
_AIRCRAFT = {
    "223": "Airbus A220-300",
    "319": "Airbus A319",
    "320": "Airbus A320",
    "321": "Airbus A321",
    "32N": "Airbus A320neo",
    "32Q": "Airbus A321neo",
    "333": "Airbus A330-300",
    "332": "Airbus A330-200",
    "359": "Airbus A350-900",
    "388": "Airbus A380-800",
    "738": "Boeing 737-800",
    "7M8": "Boeing 737 MAX 8",
    "77W": "Boeing 777-300ER",
    "788": "Boeing 787-8",
    "789": "Boeing 787-9",
    "AT7": "ATR 72",
    "E90": "Embraer 190",
}
_TERMINALS = ("1", "2", "3", "A", "B", None)


def moment(value: datetime | None) -> str | None:
    """`2020-04-11T15:48:11.642Z`: UTC, milliseconds."""
    if value is None:
        return None
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{value.microsecond // 1000:03d}Z"


def local(value: datetime) -> str:
    """A departure or arrival: the airport's own time, without its zone."""
    return value.strftime("%Y-%m-%dT%H:%M:%S")


def duration(value: timedelta) -> str:
    """`PT8H5M`, `P1DT2H`."""
    minutes = int(value.total_seconds()) // 60
    days, minutes = divmod(minutes, 24 * 60)
    hours, minutes = divmod(minutes, 60)
    clock = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes or not (hours or days) else "")
    return "P" + (f"{days}D" if days else "") + (f"T{clock}" if clock else "")


def amount(value: Decimal, minor: int) -> str:
    """A decimal string with the currency's own number of decimals."""
    return f"{value:.{minor}f}"


def marketing_name(cabin: str) -> str:
    return _MARKETING[cabin]


def stable(*parts: object) -> int:
    """The same number for the same words, on every run."""
    return int.from_bytes(hashlib.sha256("|".join(map(str, parts)).encode()).digest()[:11], "big")


def terminal(airport: str, carrier: str) -> str | None:
    return _TERMINALS[stable(airport, carrier) % len(_TERMINALS)]


@cache
def aircraft(code: str) -> dict[str, Any]:
    name = _AIRCRAFT.get(code, f"Aircraft {code}")
    return {"name": name, "id": written("arc", stable("aircraft", code)), "iata_code": code}


@cache
def _town(city: str) -> str:
    """The name most of a city's airports give their town: New York for NYC, not Newark."""
    return Counter(places.airport(code).city for code in places.airports(city)).most_common(1)[0][0]


class Words:
    """What needs the world: names of places and of airlines. Kept once made; shared, so never to be changed."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._airports: dict[str, dict[str, Any]] = {}
        self._carriers: dict[str, dict[str, Any]] = {}

    def airport(self, code: str) -> dict[str, Any]:
        """An airport of a segment or a slice. Raises: UnknownPlaceCode."""
        kept = self._airports.get(code)
        if kept is None:
            kept = self._airports[code] = _airport(places.airport(code))
        return kept

    def place(self, code: str) -> tuple[str, dict[str, Any]]:
        """`airport` or `city` and its object, for what a search names. Raises: UnknownPlaceCode."""
        codes = places.airports(code)
        if codes == (code,):
            return "airport", self.airport(code)
        return "city", {
            **_city(code, places.airport(codes[0]).country),
            "time_zone": None,
            "longitude": None,
            "latitude": None,
            "icao_code": None,
            "iata_city_code": code,
            "city_name": None,
            "city": None,
        }

    def carrier(self, code: str) -> dict[str, Any]:
        kept = self._carriers.get(code)
        if kept is None:
            kept = self._carriers[code] = {
                "name": self._world.carrier_name(code),
                "id": written("arl", stable("airline", code)),
                "iata_code": code,
                "logo_symbol_url": None,
                "logo_lockup_url": None,
                "conditions_of_carriage_url": None,
            }
        return kept


def _airport(known: places.Airport) -> dict[str, Any]:
    city = places.city(known.code)
    return {
        "type": "airport",
        "time_zone": known.zone.key,
        "name": known.name,
        "longitude": known.longitude,
        "latitude": known.latitude,
        "id": f"arp_{known.code.lower()}_{known.country.lower()}",
        "icao_code": None,
        "iata_country_code": known.country,
        "iata_code": known.code,
        "iata_city_code": city,
        "city_name": known.city,
        # A place with one airport has no city of its own (recorded: Indianapolis).
        "city": None if city == known.code else _city(city, known.country),
    }


def _city(code: str, country: str) -> dict[str, Any]:
    return {
        "type": "city",
        "name": _town(code),
        "id": f"cit_{code.lower()}_{country.lower()}",
        "iata_country_code": country,
        "iata_code": code,
    }
