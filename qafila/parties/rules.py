"""What holds of people and companies: phones, passports, dates, countries. Pure."""

from __future__ import annotations

import re
from datetime import date
from functools import cache

import phonenumbers
from babel import Locale
from babel.core import get_global

from qafila.parties.errors import PartyDetailsInvalid, PhoneInvalid

PASSPORT = re.compile(r"^[A-Z0-9]{5,20}$")
OLDEST = 130  # years; nobody is older
# Codes that a passport may carry beside the ISO 3166 countries: ICAO Doc 9303-3, section 5, parts B to D.
ICAO_ONLY = frozenset(
    {
        *("GBD", "GBN", "GBO", "GBP", "GBS"),  # British, but not citizens of the United Kingdom
        *("EUE", "UNO", "UNA", "UNK", "RKS", "XKX"),
        *("XBA", "XIM", "XCC", "XCE", "XCO", "XEC", "XPO", "XES", "XMP", "XOM", "XDC"),  # organisations
        *("XXA", "XXB", "XXC", "XXX"),  # stateless, refugees, unspecified
    }
)
GONE = frozenset({"BUR", "DDR", "FXX", "TMP", "YMD", "ZAR"})  # states that are no more; CLDR maps them to their heirs
NOT_STATES = frozenset({"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"})  # reserved


def normal_phone(phone: str, region: str = "IN", *, field: str = "phone") -> str:
    """A phone number as E.164, e.g. +919906039378; `region` is the country of numbers written without one.

    Refuses: PhoneInvalid.
    """
    try:
        parsed = phonenumbers.parse(phone, region)
    except phonenumbers.NumberParseException:
        parsed = None
    if parsed is None or parsed.extension or not phonenumbers.is_valid_number(parsed):
        raise PhoneInvalid(
            f"{phone} is not a phone number; write it with its country, such as +91 99060 39378.", field=field
        )
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def shown_phone(phone: str) -> str:
    """An E.164 number the way people read it: +91 99060 39378."""
    try:
        parsed = phonenumbers.parse(phone)
    except phonenumbers.NumberParseException:
        return phone
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def normal_passport(number: str, *, field: str = "passport_no") -> str:
    """A passport number without spaces, hyphens and fillers, upper-case. Refuses: PartyDetailsInvalid."""
    plain = re.sub(r"[\s<-]", "", number).upper()
    if not PASSPORT.match(plain):
        raise PartyDetailsInvalid(f"{number} is not a passport number: 5 to 20 letters and digits.", field=field)
    return plain


@cache
def _alpha3() -> dict[str, str]:
    """ISO 3166 alpha-3 to alpha-2, from Unicode CLDR; codes of states that are gone are left out."""
    names = Locale("en").territories
    aliases = get_global("territory_aliases")
    return {
        code: targets[0]
        for code, targets in aliases.items()
        if re.fullmatch(r"[A-Z]{3}", code)
        and code not in GONE
        and len(targets) == 1
        and targets[0] in names
        and targets[0] not in NOT_STATES
    }


def check_nationality(code: str, *, field: str = "nationality") -> None:
    """Refuses: PartyDetailsInvalid for a code that no passport carries."""
    if code not in _alpha3() and code not in ICAO_ONLY:
        raise PartyDetailsInvalid(f"{code} is not a nationality; use the three letters of the passport.", field=field)


@cache
def countries() -> dict[str, str]:
    """ISO 3166 alpha-2 codes with their English names, by name."""
    names = Locale("en").territories
    return dict(sorted(((code, names[code]) for code in _alpha3().values()), key=lambda pair: pair[1]))


@cache
def nationalities() -> dict[str, str]:
    """Passport codes with the country's English name, by name."""
    listed = countries()
    return dict(sorted(((code, listed[two]) for code, two in _alpha3().items()), key=lambda pair: pair[1]))


def check_country(code: str, *, field: str = "country") -> None:
    """Refuses: PartyDetailsInvalid for two letters that are no country."""
    if code not in countries():
        raise PartyDetailsInvalid(f"{code} is not a country; use its two ISO letters, such as IN or SA.", field=field)


def check_birth(born: date | None, today: date, *, field: str = "date_of_birth") -> None:
    """Refuses: PartyDetailsInvalid for a birth ahead of today or beyond living memory."""
    if born is None:
        return
    if born > today:
        raise PartyDetailsInvalid(f"A birth on {born:%d %b %Y} lies in the future.", field=field)
    if today.year - born.year > OLDEST:
        raise PartyDetailsInvalid(f"A birth on {born:%d %b %Y} lies too far back.", field=field)


def check_passport_dates(born: date | None, issued: date | None, expires: date | None, today: date) -> None:
    """Issued (not ahead of today), then expired, after the birth. What is merely odd is told, not refused, elsewhere:
    an expired passport, and a day of issue before the birth (no machine line proves that day; it is mistyped).

    Refuses: PartyDetailsInvalid naming the date at fault.
    """
    if issued and issued > today:
        raise PartyDetailsInvalid(f"A passport issued on {issued:%d %b %Y} is not issued yet.", field="passport_issued")
    if expires and issued and expires <= issued:
        raise PartyDetailsInvalid("The passport expires before it was issued.", field="passport_expiry")
    if expires and born and expires <= born:
        raise PartyDetailsInvalid("The passport expires before the birth of its holder.", field="passport_expiry")


def full_name(first: str, last: str) -> str:
    """How a person stands in the books: given names, then surname."""
    return f"{first} {last}".strip()
