"""Time limits in the words of airlines and robots: `TO KL BY 24JUN16/1800Z OTHERWISE WILL BE XXLD`, `PLS TICKET BY
2359/28MAR2017 LCLT AT BOARD POINT`, and the other ways they are written. A date counts only where a word such as BY
stands in front of it: these texts are full of flights with dates of their own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta, tzinfo

from qafila.air.gateways.amadeus.replies.deadline_zones import named_zone
from qafila.air.gateways.amadeus.replies.figures import clock, day, within, worded_day
from qafila.air.gateways.moments import Moment

_MONTH = "(?:JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)"
_BEGIN = r"(?:(?<![A-Z0-9])|(?<=\bBY)|(?<=\bON)|(?<=\bAT))(?P<city>[A-Z]{3})?"
_DATE = rf"(?P<date>\d{{1,2}}{_MONTH}(?:20\d\d|\d\d)?)"
_TIME = r"(?P<time>\d{4}|\d{1,2}[:.]\d\d|\d\d \d\d(?= ?(?:GMT|UTC|Z\b|/)))(?!\d)(?P<glued>[A-Z]{0,4}0?)"
_UTC = r"(?P<utc>(?:GMT|UTC)0?|Z)?"
_LOCAL = r"(?:LOCAL(?: TIME)?|LCLT?|LT|HRS?|HOURS)"
_BETWEEN = rf"(?:{_LOCAL}\b|{_UTC}|(?P<between>[A-Z]{{3}})\b)"
_STAMPS = (
    re.compile(rf"{_BEGIN}{_DATE}(?![A-Z0-9])(?:\s*(?:[/:,@-]|AT)?\s*{_UTC}\s*{_TIME}(?![A-Z0-9]))", re.ASCII),
    re.compile(rf"{_BEGIN}{_TIME}\s*{_BETWEEN}\s*(?:[/,@-]|ON)?\s*{_DATE}(?![A-Z0-9])", re.ASCII),
    re.compile(rf"{_BEGIN}{_DATE}(?![A-Z0-9])(?!\s*[/:,@-]?\s*\d)", re.ASCII),
)
_WEEKDAY = "MON|TUE|WED|THU|FRI|SAT|SUN"
_PLACE = rf"(?!(?:{_WEEKDAY}|THE|DUE|TTL|NLT|BFR|LCL|HRS)\b)[A-Z]{{3}}"  # a city that stands apart
_UNTIL = re.compile(
    r"(?:\bBY|\bBEFORE|\bB4|\bBFR|\bUNTIL|\bTILL?|\bNLT|\bLATER THAN|\bPRIOR TO|\bFIXED FOR|\bDEADLINE|\bTTL|\bTKTL|"
    r"\bLIMIT|\bTL|\bEXPIRES?|\bLAST (?:TKT|DAY FOR TICKETING)|\bDUE|\bLATEST|\b(?:CNL|CXL|XL|CANX|CANCELS?) (?:AT|ON))"
    rf"(?:\s+(?:[A-Z0-9]{{2}}\s+)?SS)?(?:\s+(?:ON|AT|IS|THE|OF|DATE|DTE|TIME|{_WEEKDAY}))*"
    rf"(?:[\s:/-]*|[\s:/-]+(?P<place>{_PLACE})\s+)$",
    re.ASCII,
)
_WITHIN = re.compile(r"\bWITHIN\s+(\d{1,3})\s*(?:HOURS?|HRS?|H)\b[^0-9]{0,12}\b(?:RES|BOOK|BKG|CREAT)", re.ASCII)
_CONSEQUENCE = re.compile(
    r"TICKET|\bTKT|\bCXL|\bCNL|CANCEL|CANX|XX?LD|\bXX\b|ADTK|TKN|CXLD|CNLD|PAYMENT|\bPAID|\bISSUE", re.ASCII
)
_LONGEST = 500  # characters; a service request has 70
ABOUT_TICKETING = frozenset({"ADTK", "ADMD", "ADPI", "TKTL"})
"""Service requests that are made to tell time limits; OTHS may be about anything."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a text leaves out: when the order was made, the office's zone, the zone of the first departure."""

    written_on: date | None
    office: tzinfo
    board_point: tzinfo | None = None
    created_at: Moment | None = None


@dataclass(frozen=True, slots=True)
class Deadline:
    """A moment; `sure` False when its text names no zone, or one that nobody knows, and the office's was taken."""

    at: Moment
    sure: bool = True


def is_about_ticketing(kind: str, words: str) -> bool:
    """Whether a service request threatens to cancel what is not ticketed."""
    return kind in ABOUT_TICKETING or (kind == "OTHS" and bool(_CONSEQUENCE.search(words.upper())))


def names_a_day(words: str) -> bool:
    """A date stands somewhere in the text."""
    return bool(re.search(rf"(?<!\d)\d{{1,2}}{_MONTH}", words.upper()))


def deadline(words: str, around: Surroundings) -> Deadline | None:
    """The earliest moment by which the text wants a ticket; a date without a time lasts until the end of that day, one
    without a year is the first such day after the order was made.
    """
    plain = " ".join(words[:_LONGEST].upper().split())
    found: list[Deadline] = []
    for stamp in _STAMPS:
        for match in stamp.finditer(plain):
            until = _UNTIL.search(plain[: match.start()])
            read = _read(match, until["place"], plain, around) if until else None
            found += [read] if read else []
        if found:
            break
    if (hours := _WITHIN.search(plain)) and around.created_at:
        found.append(Deadline(around.created_at + timedelta(hours=int(hours[1]))))
    return min(found, key=lambda one: one.at, default=None)


def _read(match: re.Match[str], place: str | None, plain: str, around: Surroundings) -> Deadline | None:
    parts = match.groupdict()
    on = worded_day(parts["date"], around.written_on) if around.written_on else day(parts["date"])
    written = (parts.get("time") or "").replace(".", "").replace(" ", "")
    when = clock(written)
    if on is None or (written and when is None):
        return None
    beside = (parts.get("utc"), parts.get("glued"), parts.get("city"), place, parts.get("between"))
    zone = named_zone([word for word in beside if word], plain[match.end() :], on, around.board_point)
    return Deadline(within(on, when, zone or around.office), sure=zone is not None)
