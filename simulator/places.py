"""Airports and cities of the real world, from `airportsdata`: codes, countries, zones and distances."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import asin, cos, radians, sin, sqrt
from zoneinfo import ZoneInfo

import airportsdata

from simulator.codec import zone

EARTH = 6371.0  # km


@dataclass(frozen=True, slots=True)
class Airport:
    """`city` is the name of its town, `latitude` and `longitude` are in degrees."""

    code: str
    name: str
    city: str
    country: str
    latitude: float
    longitude: float
    zone: ZoneInfo


class UnknownPlaceCode(KeyError):
    """No airport and no city has this code."""


@lru_cache(maxsize=1)
def _raw() -> dict[str, airportsdata.Airport]:
    return airportsdata.load("IATA")


@lru_cache(maxsize=1)
def _cities() -> dict[str, tuple[str, ...]]:
    return {code: tuple(city["airports"]) for code, city in airportsdata.load_iata_macs().items()}


@lru_cache(maxsize=1)
def _city_of() -> dict[str, str]:
    return {airport: city for city, airports in _cities().items() for airport in airports}


@lru_cache(maxsize=4096)
def airport(code: str) -> Airport:
    """Raises: UnknownPlaceCode."""
    raw = _raw().get(code)
    if raw is None:
        raise UnknownPlaceCode(code)
    return Airport(code, raw["name"], raw["city"], raw["country"], raw["lat"], raw["lon"], zone(raw["tz"]))


@lru_cache(maxsize=4096)
def airports(code: str) -> tuple[str, ...]:
    """The airports of a city code (LON, NYC), or the airport itself. Raises: UnknownPlaceCode."""
    if code in _cities():
        return _cities()[code]
    return (airport(code).code,)


def city(code: str) -> str:
    """The city code of an airport; its own where it has no other."""
    return _city_of().get(code, code)


@lru_cache(maxsize=65536)
def kilometres(origin: str, destination: str) -> int:
    """Along the great circle. Raises: UnknownPlaceCode."""
    a, b = airport(origin), airport(destination)
    lat1, lat2 = radians(a.latitude), radians(b.latitude)
    half = sin((lat2 - lat1) / 2) ** 2
    half += cos(lat1) * cos(lat2) * sin(radians(b.longitude - a.longitude) / 2) ** 2
    return round(2 * EARTH * asin(sqrt(half)))
