"""Whose clock a time limit is written by: Z, GMT, a city in front or behind, a country or a state, the board point."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cache
from zoneinfo import ZoneInfo

from qafila.air.gateways.moments import airports, zone_of

_BOARD_POINT = re.compile(
    r"\W*(?:(?:LCLT?|LT|LOCAL|TIME|HRS?|OF|AT)\s+)*(?:BOARD(?:ING)?\s*POINT|ORIGIN|DEPARTURE)", re.ASCII
)
_UTC = re.compile(r"[\s/]*(?:(?:GMT|UTC)0?|Z)\b", re.ASCII)
_PLACE = re.compile(
    r"[\s/]*(?:(?:LT|LCLT?|LOCAL(?: TIME)?|HRS?|IN)\s+)?([A-Z]{3})"
    r"(?:\s*(?:LT|LCLT?|LOCAL|TIME|OTHERWISE|OR|ELSE|ZONE)\b|\s*[,.;)]|\s*$)",
    re.ASCII,
)
_NOWHERE = frozenset({"XXX", "YYY", "ZZZ"})  # how robots write a city they do not know; YYY is also Mont-Joli
_WORDS = frozenset({"LCL", "HRS", "GMT", "UTC"})  # some of these are airports too
_ABBREVIATED = {"CST": "Asia/Shanghai"}  # Chinese carriers' robots write it; America's is later
_STATES = {
    "America/Los_Angeles": "CA NV OR WA",
    "America/Denver": "CO ID MT NM UT WY",
    "America/Phoenix": "AZ",
    "America/Chicago": "AL AR IA IL KS LA MN MO MS ND NE OK SD TN TX WI",
    "America/Anchorage": "AK",
    "Pacific/Honolulu": "HI",
}


def named_zone(beside: Iterable[str], rest: str, on: date, board_point: tzinfo | None) -> tzinfo | None:
    """The zone that is named beside a stamp, or in the `rest` of the text right behind it; None when none is."""
    words = [word.rstrip("0") for word in beside]
    if any(word in ("Z", "GMT", "UTC") for word in words) or _UTC.match(rest):
        return UTC
    if _BOARD_POINT.match(rest):
        return board_point
    after = _PLACE.match(rest)
    for word in (*words, after[1] if after else ""):
        if zone := _word(word, on):
            return zone
    return None


def _word(word: str, on: date) -> tzinfo | None:
    if word in _NOWHERE or word in _WORDS:
        return None
    if word in _ABBREVIATED:
        return ZoneInfo(_ABBREVIATED[word])
    if len(word) == 3:
        return zone_of(word)
    if len(word) == 4 and word[:2] == "US":
        return ZoneInfo(
            next((zone for zone, states in _STATES.items() if word[2:] in states.split()), "America/New_York")
        )
    return _country(word[:2], on) if len(word) in (2, 4) else None


def _country(code: str, on: date) -> tzinfo | None:
    """Of a country's clocks the one that is ahead of the others: the earliest reading."""
    zones = _clocks().get(code, ())
    noon = datetime.combine(on, time(12), UTC)
    return max(map(ZoneInfo, zones), key=lambda zone: noon.astimezone(zone).utcoffset() or timedelta(), default=None)


@cache
def _clocks() -> dict[str, tuple[str, ...]]:
    countries: dict[str, set[str]] = {}
    for airport in airports().values():
        countries.setdefault(airport.country, set()).add(airport.zone)
    return {country: tuple(sorted(zones)) for country, zones in countries.items()}
