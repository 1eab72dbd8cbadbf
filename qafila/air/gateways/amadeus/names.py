"""Names, telephones and e-mail addresses as Amadeus writes them: A-Z and blanks, and no sign that its lines use."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from qafila.air.gateways.amadeus.requests.order import Name, Service
from qafila.air.gateways.values import PassengerType, Traveller
from qafila.kernel.errors import Invalid

SURNAME, FIRST_NAME = 57, 56  # longest, by the schema of PNR_Retrieve

# Letters that lose nothing else than their sign when decomposed need no entry. Source: ICAO 9303, part 3, table A.
_LETTERS = str.maketrans({
    "ß": "SS", "ẞ": "SS", "Æ": "AE", "Ø": "OE", "Œ": "OE", "Þ": "TH", "Ð": "D", "Đ": "D", "Ł": "L", "Ŋ": "N", "Ħ": "H",
    "Ŧ": "T", "ı": "I", "İ": "I", "ĸ": "Q", "ſ": "S",
})  # fmt: skip
_APART = re.compile(r"[\s\u2010-\u2015-]+")
_SILENT = re.compile(r"['’‘ʼʻ`´.]")
_TITLES = ("MR", "MRS", "MS", "MSTR", "MISS", "DR")


def latin(written: str) -> str:
    """A name in A-Z and single blanks: signs above and below letters fall away, hyphens become blanks, apostrophes go.
    Refuses: Invalid (empty; a letter of another script, a digit, anything else).
    """
    upper = written.strip().translate(_LETTERS).upper().translate(_LETTERS)
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", upper) if not unicodedata.combining(sign))
    plain = _APART.sub(" ", _SILENT.sub("", plain)).strip()
    if not re.fullmatch(r"[A-Z]+(?: [A-Z]+)*", plain):
        raise Invalid("A name must be written in the letters A to Z.")
    return plain


def name_of(traveller: Traveller, number: int, infant: Traveller | None = None) -> Name:
    """The traveller's NM line, the title behind his first name. Refuses: Invalid, naming the traveller by our own
    reference only.
    """
    try:
        surname, first = latin(traveller.last_name), latin(traveller.first_name)
    except Invalid:
        raise Invalid(f"The name of traveller {traveller.ref} cannot be written in A to Z.") from None
    title = traveller.title.strip().upper()
    if title in _TITLES and first.rpartition(" ")[2] != title:
        first = f"{first} {title}"
    if len(surname) < 2:  # one letter is no surname at Amadeus: it is doubled, as at the counter
        surname *= 2
    if len(surname) > SURNAME or len(first) > FIRST_NAME:
        raise Invalid(f"The name of traveller {traveller.ref} is too long: {SURNAME} and {FIRST_NAME} letters at most.")
    return Name(
        number=number,
        surname=surname,
        first_name=first,
        type=traveller.type.value,
        born=None if traveller.type is PassengerType.ADULT else traveller.birth_date,
        infant=name_of(infant, number) if infant else None,
    )


def services_of(traveller: Traveller, number: int) -> list[Service]:
    """SSR DOCS from the passport, CTCE and CTCM from the contacts. An infant's stand with the adult who carries him."""
    found = []
    if traveller.passport:
        found.append(Service("DOCS", _docs(traveller), number))
    if traveller.email:
        found.append(Service("CTCE", email_line(traveller.email), number))
    if traveller.phone:
        found.append(Service("CTCM", phone_line(traveller.phone), number))
    return found


def email_line(address: str) -> str:
    """JOHN//DOE.COM: the at sign, underscores and hyphens as airlines read them. Refuses: Invalid (no address)."""
    plain = address.strip()
    if not re.fullmatch(r"[A-Za-z0-9.!#$%&'*+=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{3,190}", plain):
        raise Invalid("That is no e-mail address that can be sent to an airline.")
    return plain.upper().replace("@", "//").replace("_", "..").replace("-", "./")


def phone_line(number: str) -> str:
    """The digits alone, the country's first. Refuses: Invalid (fewer than 5 or more than 15 digits)."""
    digits = re.sub(r"\D", "", number, flags=re.ASCII)
    if not re.fullmatch(r"[0-9]{5,15}", digits):
        raise Invalid("That is no telephone number that can be sent to an airline.")
    return digits


def _docs(traveller: Traveller) -> str:
    """P-IND-Z1234567-IND-08JAN80-M-15MAR30-SURNAME-FIRST; an infant's sex is written MI or FI."""
    passport = traveller.passport
    assert passport is not None
    number = passport.number.strip().upper().replace(" ", "")
    countries = (passport.issued_by.strip().upper(), passport.nationality.strip().upper())
    if not re.fullmatch(r"[A-Z0-9]{3,15}", number):
        raise Invalid(f"The passport number of traveller {traveller.ref} is no such number.")
    if not all(re.fullmatch(r"[A-Z]{2,3}", country) for country in countries) or traveller.birth_date is None:
        raise Invalid(f"The passport of traveller {traveller.ref} lacks a country or a date of birth.")
    sex = traveller.gender.strip().upper()[:1] + ("I" if traveller.type is PassengerType.INFANT else "")
    first = latin(traveller.first_name)
    return "-".join(
        (
            "P",
            countries[0],
            number,
            countries[1],
            ddmmmyy(traveller.birth_date),
            sex,
            ddmmmyy(passport.expires_on),
            latin(traveller.last_name),
            first,
        )
    )


_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")


def ddmmmyy(day: date) -> str:
    """08JAN80, in English whatever the machine speaks."""
    return f"{day.day:02}{_MONTHS[day.month - 1]}{day.year % 100:02}"
