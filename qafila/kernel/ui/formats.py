"""Amounts, dates and codes as people read them. Books keep Latin digits in every language."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Literal

from babel.numbers import format_decimal
from django.utils import formats
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from hijridate import Gregorian

from qafila.kernel.money import minor_units

NONE = "–"
NBSP = "\u00a0"
# Currencies written in lakhs and crores: 12,34,567.00
INDIAN = frozenset({"INR", "PKR", "BDT", "NPR", "LKR"})

# Urdu writes the months of the Hijri year as Arabic does.
MONTHS_IN: dict[str, Literal["en", "ar", "bn"]] = {"ar": "ar", "ur": "ar", "bn": "bn"}


def decimal(value: object) -> Decimal | None:
    """The value as a Decimal; None for nothing or for what is not a number."""
    if value is None or value == "":
        return None
    try:
        return value if isinstance(value, Decimal) else Decimal(str(value))
    except InvalidOperation:
        return None


@cache
def _pattern(currency: str) -> str:
    digits = minor_units(currency) if currency else 2
    return "#,##,##0" + ("." + "0" * digits if digits else "") if currency in INDIAN else _western(digits)


def _western(digits: int) -> str:
    return "#,##0" + ("." + "0" * digits if digits else "")


def grouped(amount: Decimal, currency: str) -> str:
    """The digits of an amount with its currency's grouping and minor units, a real minus sign in front if negative."""
    return format_decimal(amount, format=_pattern(currency), locale="en").replace("-", "−")


def money(value: object, currency: str = "", *, brackets: bool = False) -> SafeString | str:
    """An amount with its currency muted; negatives in brackets on statements."""
    amount = decimal(value)
    if amount is None:
        return NONE
    digits = grouped(abs(amount) if brackets else amount, currency)
    if brackets and amount < 0:
        digits = f"({digits})"
    if not currency:
        return format_html('<span class="money">{}</span>', digits)
    return format_html('<span class="money"><span class="cur">{}</span>{}</span>', currency, digits)


def figure(value: object, currency: str) -> SafeString | str:
    """An amount as a column of one currency shows it: grouped as that currency is, no code, negatives in brackets."""
    amount = decimal(value)
    if amount is None:
        return NONE
    digits = grouped(abs(amount), currency)
    return format_html('<span class="money">{}</span>', f"({digits})" if amount < 0 else digits)


def as_date(value: object) -> date | None:
    """A date from a date, a datetime or an ISO text; None for anything else."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, str):
        try:
            return date.fromisoformat(value[:10])
        except ValueError:
            return None
    return None


def day(value: object, pattern: str = "j M Y") -> str:
    """A date as "18 Jan 2027", its parts held on one line."""
    found = as_date(value)
    return formats.date_format(found, pattern).replace(" ", NBSP) if found else NONE


def moment(value: object, style: str = "") -> SafeString | str:
    """An instant as a <time> that the script shows in the viewer's zone; without a script it stands in UTC."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return NONE
    if not isinstance(value, datetime):
        return NONE
    at = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    shown = formats.date_format(at, "j M Y, H:i").replace(" ", NBSP) + NBSP + "UTC"
    return format_html(
        '<time datetime="{}" data-local="{}">{}</time>', at.isoformat(timespec="seconds"), style or "full", shown
    )


def hijri(value: object) -> str:
    """A date in the Umm al-Qura calendar, as "10 Sha'ban 1448"; empty outside 1343-1500 AH."""
    found = as_date(value)
    if found is None:
        return ""
    try:
        there = Gregorian(found.year, found.month, found.day).to_hijri()
    except (OverflowError, ValueError):
        return ""
    language = MONTHS_IN.get((get_language() or "en")[:2], "en")
    return f"{there.day} {there.month_name(language)} {there.year}".replace(" ", NBSP).replace("’", "'")


def airports(value: object) -> list[list[str]]:
    """Route chains: "SXR-DEL-JED · JED-DEL-SXR", or lists of airports, as lists of codes."""
    if isinstance(value, str):
        chains = [part for part in value.replace("|", "·").split("·") if part.strip()]
        return [
            [code.strip() for code in chain.replace("->", "-").replace("→", "-").split("-") if code.strip()]
            for chain in chains
        ]
    if isinstance(value, Sequence) and value:
        if all(isinstance(code, str) for code in value):
            return [[str(code) for code in value]]
        return [[str(code) for code in chain] for chain in value]
    return []


def initials(name: object) -> str:
    """The first letters of the first and last word of a name."""
    words = str(name or "").split()
    return (words[0][:1] + (words[-1][:1] if len(words) > 1 else "")).upper() if words else "?"


def words(state: object) -> str:
    """A state's name as words: NAME_UPDATE_PENDING reads "Name update pending"."""
    return str(state or "").replace("_", " ").strip().capitalize()
