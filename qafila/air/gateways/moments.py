"""Moments that keep the zone of the place where they happen, and the zones of the world's airports."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from functools import cache, lru_cache
from typing import Annotated, Any, NamedTuple
from zoneinfo import ZoneInfo

import airportsdata
from pydantic import AfterValidator, BeforeValidator, PlainSerializer

_WRITTEN = re.compile(r"^(?P<iso>[^\[]+)\[(?P<zone>[A-Za-z0-9_+/-]+)\]$")


def written(moment: datetime) -> str:
    """The moment as text that keeps its zone (RFC 9557): `2027-01-18T09:05:00+03:00[Asia/Riyadh]`."""
    key = getattr(moment.tzinfo, "key", None)
    return f"{moment.isoformat()}[{key}]" if key else moment.isoformat()


def read(text: Any) -> Any:
    """The moment of such a text, its zone with it; what is none is left to the validator."""
    if isinstance(text, str) and (found := _WRITTEN.match(text)):
        zone = zone_named(found["zone"])
        if zone is None:
            raise ValueError("a zone that nobody knows")
        return _aware(datetime.fromisoformat(found["iso"])).astimezone(zone)
    return text


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a moment without a zone")
    return moment


def zone_named(name: str) -> ZoneInfo | None:
    """A zone of the IANA time zone database by its name; None when there is none, or it is half a name (America)."""
    try:
        return ZoneInfo(name)
    except (ValueError, KeyError, OSError, ImportError):
        return None


Moment = Annotated[datetime, BeforeValidator(read), AfterValidator(_aware), PlainSerializer(written, return_type=str)]
"""An aware datetime in the zone of the place it happens; stored as `…+03:00[Asia/Riyadh]`."""


class Airport(NamedTuple):
    """The name of its zone, and its country in two letters."""

    zone: str
    country: str


@cache
def airports() -> dict[str, Airport]:
    """The world's airports by their three letters; read once, since that takes 60 ms."""
    return {code: Airport(one["tz"], one["country"]) for code, one in airportsdata.load("IATA").items()}


# Cities whose code is none of an airport's: where their first airport keeps its clock.
_CITIES = {
    "LON": "Europe/London", "PAR": "Europe/Paris", "NYC": "America/New_York", "ROM": "Europe/Rome",
    "MIL": "Europe/Rome", "MOW": "Europe/Moscow", "TYO": "Asia/Tokyo", "OSA": "Asia/Tokyo", "SEL": "Asia/Seoul",
    "BJS": "Asia/Shanghai", "JKT": "Asia/Jakarta", "CHI": "America/Chicago", "WAS": "America/New_York",
    "YTO": "America/Toronto", "YMQ": "America/Toronto", "BUE": "America/Argentina/Buenos_Aires",
    "RIO": "America/Sao_Paulo", "SAO": "America/Sao_Paulo", "STO": "Europe/Stockholm", "BER": "Europe/Berlin",
    "BRU": "Europe/Brussels", "EHD": "Europe/Brussels", "DTT": "America/Detroit", "HOU": "America/Chicago",
    "QDF": "America/Chicago", "TCI": "Atlantic/Canary", "BUH": "Europe/Bucharest", "REK": "Atlantic/Reykjavik",
}  # fmt: skip


@lru_cache(maxsize=4096)
def zone_of(place: str) -> ZoneInfo | None:
    """The zone of an airport or city by its three letters; None when nobody knows the place."""
    airport = airports().get(place)
    name = (airport and airport.zone) or _CITIES.get(place)
    return ZoneInfo(name) if name else None


def local(day: date, hour: int, minute: int, place: str) -> datetime:
    """What a clock on the wall shows at a place, as a moment. A place nobody knows keeps UTC."""
    return datetime.combine(day, time(hour, minute), zone_of(place) or UTC)
