"""Amounts, dates and times as Amadeus writes them. What cannot be read is None, never a crash and never a guess."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from qafila.air.gateways.amadeus.xml import Element, text
from qafila.air.gateways.moments import Moment, zone_of
from qafila.air.gateways.settings import AmadeusSettings
from qafila.air.gateways.values import Money
from qafila.kernel.money import minor_units

_AMOUNT = re.compile(r"-?\d{1,15}(?:\.\d{1,6})?|-?\.\d{1,6}", re.ASCII)
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_WORDED = re.compile(r"(?P<day>\d{1,2})(?P<month>" + "|".join(_MONTHS) + r")(?P<year>(?:\d\d){1,2})?", re.ASCII)


def amount(written: str | None, places: str | None = None) -> Decimal | None:
    """`262.29`; or an integer with its number of decimal places: 11524 with 2 is 115.24, 1240 with 0 is 1240. A
    comma is not guessed at: it may mean thousands or decimals.
    """
    plain = (written or "").strip()
    if not _AMOUNT.fullmatch(plain):
        return None
    try:
        figure = Decimal(plain)
        if places and "." not in plain and places.strip().isascii() and places.strip().isdigit():
            figure = figure.scaleb(-min(int(places), 6))
    except InvalidOperation:
        return None
    return figure


def money(written: str | None, currency: str, places: str | None = None) -> Money | None:
    """An amount in a currency of three letters."""
    figure = amount(written, places)
    if figure is None or not re.fullmatch("[A-Z]{3}", currency or ""):
        return None
    return Money(figure, currency)


def none_of(currency: str) -> Money:
    """Nothing, written as the currency writes it."""
    return Money(Decimal(0).quantize(Decimal(1).scaleb(-minor_units(currency))), currency)


def day(written: str | None) -> date | None:
    """`301119`, `30112019`, `2019-11-30`, `30NOV19`, `30NOV2019`."""
    plain = (written or "").strip().upper()
    try:
        if found := _WORDED.fullmatch(plain):
            return _worded(found["day"], found["month"], found["year"])
        if re.fullmatch(r"\d{4}-\d\d-\d\d", plain, re.ASCII):
            return date.fromisoformat(plain)
        if re.fullmatch(r"\d{6}|\d{8}", plain, re.ASCII):
            return date(year(plain[4:]), int(plain[2:4]), int(plain[:2]))
    except ValueError:
        return None
    return None


def _worded(number: str, month: str, year_: str | None) -> date | None:
    return date(year(year_), _MONTHS.index(month) + 1, int(number)) if year_ else None


def year(written: str) -> int:
    """Two digits are of this century: bookings are."""
    return int(written) if len(written) == 4 else 2000 + int(written)


def birth_day(written: str | None, before: date | None = None) -> date | None:
    """A date of birth: a year of two digits that lies ahead of `before` is of the century before."""
    found = day(written)
    if found is None or before is None or found <= before:
        return found
    try:
        return found.replace(year=found.year - 100)
    except ValueError:  # 29 February
        return None


def worded_day(written: str, near: date) -> date | None:
    """`24JUN16`, or `24JUN` without a year: the first such day that is not more than a month before `near`."""
    found = _WORDED.fullmatch(written.strip().upper())
    if found is None:
        return None
    if found["year"]:
        return day(written)
    for candidate in (near.year, near.year + 1, near.year - 1):
        try:
            meant = date(candidate, _MONTHS.index(found["month"]) + 1, int(found["day"]))
        except ValueError:
            continue
        if meant >= near - timedelta(days=31):
            return meant
    return None


def clock(written: str | None) -> time | None:
    """`0600`, `600`, `06:00`, `6`, `235900`; 2400 is the end of the day, told as 23:59:59."""
    plain = (written or "").strip().replace(":", "")
    if not re.fullmatch(r"\d{1,6}", plain, re.ASCII):
        return None
    digits = plain.zfill(6) if len(plain) > 4 else plain.zfill(4) + "00"
    hour, minute, second = int(digits[:2]), int(digits[2:4]), int(digits[4:])
    if (hour, minute, second) == (24, 0, 0):
        return time(23, 59, 59)
    try:
        return time(hour, minute, second)
    except ValueError:
        return None


def structured_day(el: Element | None) -> date | None:
    """`year`, `month`, `day` as elements of their own, with or without leading zeros."""
    try:
        return date(*(int(text(el, part)) for part in ("year|Year", "month|Month", "day|Day")))
    except (ValueError, OverflowError):
        return None


def structured_clock(el: Element | None) -> time | None:
    """`hour`, `minutes`, `seconds` as elements of their own; None when there is no hour."""
    hour = text(el, "hour|Hour")
    if not hour:
        return None
    minutes, seconds = text(el, "minutes|minute|Minutes", "0"), text(el, "seconds|Seconds", "0")
    try:
        return time(int(hour), int(minutes), int(seconds))
    except ValueError:
        return None


def at(on: date | None, when: time | None, place: str) -> Moment | None:
    """What the clock shows at an airport or city. None without a date or a time."""
    if on is None or when is None:
        return None
    return datetime.combine(on, when, zone_of(place) or UTC)


def zoneless(*places: str) -> list[str]:
    """A sentence for each place whose clock nobody knows: railway stations have codes too."""
    return [f"nobody knows the time zone of {place}: its times are in UTC" for place in places if not zone_of(place)]


def within(on: date, when: time | None, zone: tzinfo) -> Moment:
    """A limit in a zone; a limit without a time lasts until the end of its day."""
    return datetime.combine(on, when or time(23, 59, 59), zone)


def office_zone(settings: AmadeusSettings, office: str = "", city: str = "") -> tzinfo:
    """The zone of an office: as configured for our own, else by the city its name begins with, else by the city that
    the order names for it, else our own office's, else UTC.
    """
    if settings.office_zone and office in ("", settings.office):
        return ZoneInfo(settings.office_zone)
    for place in (office[:3].upper(), city.upper(), settings.office[:3].upper()):
        if zone := zone_of(place):
            return zone
    return UTC
