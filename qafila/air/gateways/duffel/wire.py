"""Duffel's JSON, read strictly: what two readers could understand differently is refused, and numbers stay exact."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from qafila.air.gateways.errors import Unreadable
from qafila.air.gateways.masking import masked
from qafila.air.gateways.moments import zone_named, zone_of
from qafila.air.gateways.values import Money

Part: TypeAlias = dict[str, Any]

DEEPEST = 64  # a Duffel reply nests ten deep
MOST_PARTS = 1_000_000  # objects and lists; a search of 1.5 MB holds some 30,000
LONGEST_NUMBER = 40  # digits of a number that stands without quotes
LONGEST_TEXT = 4096

_AMOUNT = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,6})?")
_CURRENCY = re.compile(r"[A-Z]{3}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_ZONE = re.compile(r"[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+){0,2}")


def parse(body: bytes | str) -> Any:
    """The value of a JSON text; numbers with a point are Decimal. Raises: Unreadable (no UTF-8, no JSON, a name twice
    in one object with two values, a number of more than 40 digits, deeper than 64, half a character, a million parts).
    """
    marks: tuple[Any, Any] = (b"[", b"{") if isinstance(body, bytes) else ("[", "{")
    if sum(body.count(mark) for mark in marks) > MOST_PARTS:
        raise Unreadable("The reply has too many parts.")
    try:
        text = body.decode("utf-8-sig") if isinstance(body, bytes) else body
        value = json.loads(
            text, parse_float=_decimal, parse_int=_whole, parse_constant=_constant, object_pairs_hook=_object
        )
    except RecursionError:
        raise Unreadable("The reply is nested too deep.") from None
    except ValueError as error:  # no UTF-8 and no JSON are both ValueErrors; neither's words are told: they quote
        raise Unreadable(f"The reply is no JSON ({type(error).__name__}).") from None
    # UTF-8 has no half characters: only an escape can write one.
    _check(value, halves="\\u" in text or not isinstance(body, bytes))
    return value


def _decimal(digits: str) -> Decimal:
    if len(digits) > LONGEST_NUMBER:
        raise ValueError("a number too long")
    return Decimal(digits)


def _whole(digits: str) -> int:
    if len(digits) > LONGEST_NUMBER:
        raise ValueError("a number too long")
    return int(digits)


def _constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


def _object(pairs: list[tuple[str, Any]]) -> Part:
    found = dict(pairs)
    if len(found) != len(pairs) and any(found[name] != value for name, value in pairs):
        raise ValueError("a name twice in one object")
    return found


def _check(value: Any, *, halves: bool) -> None:
    """Looks at how deep it is nested and, with `halves`, into every text as well."""
    level = [value]
    for _ in range(DEEPEST):
        below: list[Any] = []
        for each in level:
            if isinstance(each, dict):
                below += each if halves else ()
                below += each.values()
            elif isinstance(each, list):
                below += each
            elif isinstance(each, str) and _SURROGATE.search(each):
                raise Unreadable("The reply holds half a character.")
        if not below:
            return
        level = below if halves else [each for each in below if isinstance(each, dict | list)] or below[:1]
    raise Unreadable("The reply is nested too deep.")


# -- parts of a value that may be missing, null or of another kind -----------------------------------------------------


def part(value: Any, *names: str) -> Part:
    """The object under these names; an empty one where there is none."""
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def parts(value: Any, *names: str) -> list[Part]:
    """The objects of the list under these names; none where there is no list."""
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def text(value: Any, *names: str) -> str:
    """The text under these names, trimmed, on one line, bounded; empty where there is none. A number is its digits."""
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        return ""
    return _CONTROL.sub(" ", str(value))[:LONGEST_TEXT].strip()


def texts(value: Part, name: str) -> tuple[str, ...]:
    """The texts of the list under this name; none where there is no list."""
    found = value.get(name)
    return tuple(text(each) for each in found if isinstance(each, str)) if isinstance(found, list) else ()


def flag(value: Any, *names: str) -> bool | None:
    """The yes or no under these names; None where neither is said."""
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, bool) else None


def money(value: Part, name: str) -> Money | None:
    """`{name}_amount` with `{name}_currency`; None where the amount is missing or null. Raises: Unreadable."""
    written = value.get(f"{name}_amount")
    if written is None:
        return None
    return amount(written, value.get(f"{name}_currency"), f"{name}_amount")


def amount(written: Any, currency: Any, name: str = "amount") -> Money:
    """A decimal string and its currency. Raises: Unreadable."""
    digits = str(written) if isinstance(written, str | int | Decimal) and not isinstance(written, bool) else ""
    if not _AMOUNT.fullmatch(digits) or not isinstance(currency, str) or not _CURRENCY.fullmatch(currency):
        raise Unreadable(f"`{name}` is no amount of money.")
    return Money(Decimal(digits), currency)


def moment(written: Any) -> datetime | None:
    """An instant as Duffel writes it (`2020-01-17T10:42:14.545Z`), in UTC; None where it is missing, null or none."""
    return _within(_datetime(written), UTC)


def local_moment(written: Any, place: Part) -> tuple[datetime | None, bool]:
    """(What a clock on the wall at `place` shows, whether the place's zone is known). The zone is the payload's own
    `time_zone`, else the airport's or the city's by its code, else UTC.
    """
    zone = zone_at(place)
    return _within(_datetime(written), zone or UTC), zone is not None


def zone_at(place: Part) -> ZoneInfo | None:
    """The zone of a place, from its own `time_zone` or by its codes."""
    named = text(place, "time_zone")
    if _ZONE.fullmatch(named) and (zone := zone_named(named)):
        return zone
    codes = (text(place, "iata_code"), text(place, "iata_city_code"), text(place, "city", "iata_code"))
    return next((zone for code in codes if code and (zone := zone_of(code))), None)


def day(written: Any) -> date | None:
    """A date; None where it is missing or none."""
    found = _datetime(written)
    return found.date() if found else None


def _datetime(written: Any) -> datetime | None:
    if not isinstance(written, str) or not written.isascii() or len(written) > 40:
        return None
    try:
        found = datetime.fromisoformat(written.strip())
    except ValueError:
        return None
    return found if 1900 <= found.year <= 2200 else None


def _within(found: datetime | None, zone: Any) -> datetime | None:
    if found is None:
        return None
    return found.replace(tzinfo=zone) if found.tzinfo is None else found.astimezone(zone)


def left_over(value: Part, known: frozenset[str]) -> tuple[str, ...]:
    """What stands in an object beside the names we know, one short text each and masked, so that nothing is lost
    unseen and nothing secret is shown.
    """
    notes = []
    for name in sorted(value.keys() - known):
        if (found := value[name]) not in (None, "", [], {}):
            written = masked(json.dumps({name: found}, default=str, ensure_ascii=False, sort_keys=True))
            notes.append(_CONTROL.sub(" ", written)[1:-1][:400])
    return tuple(notes)
