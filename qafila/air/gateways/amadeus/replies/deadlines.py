"""Time limits in the words of airlines and robots: `TO KL BY 24JUN16/1800Z OTHERWISE WILL BE XXLD`, `PLS TICKET BY
2359/28MAR2017 LCLT AT BOARD POINT`, and the other ways they are written. A date counts only where a word such as BY
stands in front of it: these texts are full of flights with dates of their own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, timedelta, tzinfo
from functools import cache
from zoneinfo import ZoneInfo

import airportsdata

from qafila.air.gateways.amadeus.replies.figures import clock, day, within, worded_day
from qafila.air.gateways.moments import Moment, zone_of

_MONTH = "(?:JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)"
_BEGIN = r"(?:(?<![A-Z0-9])|(?<=\bBY)|(?<=\bON)|(?<=\bAT))(?P<city>[A-Z]{3})?"
_DATE = rf"(?P<date>\d{{1,2}}{_MONTH}(?:20\d\d|\d\d)?)"
_TIME = r"(?P<time>\d{4}|\d{1,2}[:.]\d\d)(?!\d)(?P<glued>[A-Z]{0,4})"
_UTC = r"(?P<utc>GMT|UTC|Z)?"
_STAMPS = (
    re.compile(rf"{_BEGIN}{_DATE}(?![A-Z0-9])(?:\s*(?:[/:,@-]|AT)?\s*{_UTC}\s*{_TIME}(?![A-Z0-9]))", re.ASCII),
    re.compile(rf"{_BEGIN}{_TIME}\s*{_UTC}\s*(?:[/,@-]|ON)?\s*{_DATE}(?![A-Z0-9])", re.ASCII),
    re.compile(rf"{_BEGIN}{_DATE}(?![A-Z0-9])", re.ASCII),
)
_UNTIL = re.compile(
    r"(?:\bBY|\bBEFORE|\bB4|\bBFR|\bUNTIL|\bTILL?|\bNLT|\bLATER THAN|\bPRIOR TO|\bFIXED FOR|\bDEADLINE|\bTTL|\bTKTL|"
    r"\bLIMIT|\bTL|\bEXPIRES?|\bLAST TKT(?: DTE| DATE)?|\bDUE|\bLATEST)(?:\s+(?:ON|AT|IS|THE|OF|DATE|TIME))*[\s:/-]*$",
    re.ASCII,
)
_BOARD_POINT = re.compile(r"^\W*(?:(?:LCLT?|LT|LOCAL|TIME|HRS?|OF|AT)\s+)*(?:BOARD(?:ING)?\s*POINT|ORIGIN|DEPARTURE)")
_PLACE = re.compile(
    r"^[\s/]*(?:IN\s+)?([A-Z]{3})(?:\s*(?:LT|LCLT?|LOCAL|TIME|OTHERWISE|OR|ELSE|ZONE)\b|\s*[,.;)]|\s*$)"
)
_NOWHERE = frozenset({"XXX", "YYY", "ZZZ"})  # how robots write a city they do not know; YYY is also Mont-Joli
_CONSEQUENCE = re.compile(
    r"TICKET|\bTKT|\bCXL|\bCNL|CANCEL|CANX|XX?LD|\bXX\b|ADTK|TKN|CXLD|CNLD|PAYMENT|\bPAID|\bISSUE", re.ASCII
)
CARRIERS = frozenset({"ADTK", "ADMD", "ADPI", "TKTL"})
"""Service requests that are made to tell time limits; OTHS may be about anything."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a text leaves out: a day near which it was written, the office's zone, the zone of the first departure."""

    written_on: date | None
    office: tzinfo
    board_point: tzinfo | None = None


def is_about_ticketing(kind: str, words: str) -> bool:
    """Whether a service request threatens to cancel what is not ticketed."""
    return kind in CARRIERS or (kind == "OTHS" and bool(_CONSEQUENCE.search(words.upper())))


def names_a_day(words: str) -> bool:
    """A date stands somewhere in the text."""
    return bool(re.search(rf"(?<!\d)\d{{1,2}}{_MONTH}", words.upper()))


def deadline(words: str, around: Surroundings) -> Moment | None:
    """The earliest moment by which the text wants a ticket. A zone is read from Z, GMT, a city, a country (its
    easternmost clock: the earliest reading) or BOARD POINT; else it is the office's. No time: the end of that day.
    """
    plain = " ".join(words.upper().split())
    found: list[Moment] = []
    for stamp in _STAMPS:
        for match in stamp.finditer(plain):
            moment = _moment(match, plain, around) if _UNTIL.search(plain[: match.start()]) else None
            found += [moment] if moment else []
        if found:
            break
    return min(found, default=None)


def _moment(match: re.Match[str], plain: str, around: Surroundings) -> Moment | None:
    parts = match.groupdict()
    on = worded_day(parts["date"], around.written_on) if around.written_on else day(parts["date"])
    if on is None:
        return None
    when = clock((parts.get("time") or "").replace(".", ":"))
    if parts.get("time") and when is None:
        return None
    zone = _zone(parts, plain[match.end() :], on, around)
    return within(on, when, zone)


def _zone(parts: dict[str, str | None], rest: str, on: date, around: Surroundings) -> tzinfo:
    glued = parts.get("glued") or ""
    if parts.get("utc") or glued in ("Z", "GMT", "UTC") or re.match(r"\s*(?:Z|GMT|UTC)\b", rest):
        return UTC
    if _BOARD_POINT.match(rest):
        return around.board_point or around.office
    after = _PLACE.match(rest)
    for city in (parts.get("city"), glued, after and after[1]):
        if city and city not in _NOWHERE and (zone := zone_of(city)):
            return zone
    return _country(glued, on) or around.office


def _country(glued: str, on: date) -> tzinfo | None:
    """`1500CN`, `1538USCA`: of a country's clocks the one that is ahead of the others."""
    if len(glued) not in (2, 4) or not (names := _clocks().get(glued[:2])):
        return None
    noon = within(on, clock("1200"), UTC)
    return max((ZoneInfo(name) for name in names), key=lambda zone: noon.astimezone(zone).utcoffset() or timedelta())


@cache
def _clocks() -> dict[str, frozenset[str]]:
    countries: dict[str, set[str]] = {}
    for airport in airportsdata.load("IATA").values():
        countries.setdefault(airport["country"], set()).add(airport["tz"])
    return {country: frozenset(zones) for country, zones in countries.items()}
