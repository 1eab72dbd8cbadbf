"""What a person at the counter types: places, dates, travellers. Refusals say what was typed and what is wanted."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from qafila.air.gateways.moments import zone_of
from qafila.air.gateways.values import PassengerType, Passport, Traveller
from qafila.kernel.errors import Invalid

TITLES = {"MR": "M", "MRS": "F", "MS": "F", "MISS": "F", "MSTR": "M", "DR": ""}
TYPES = {"ADT": PassengerType.ADULT, "CHD": PassengerType.CHILD, "INF": PassengerType.INFANT}
NAMES = {PassengerType.ADULT: "adult", PassengerType.CHILD: "child", PassengerType.INFANT: "infant"}
FIELDS = (
    "type", "title", "first_name", "last_name", "birth_date", "gender", "passport", "nationality", "email", "phone",
    "infant_of",
)  # fmt: skip
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")


def place(text: str) -> str:
    """An airport or a city by its three letters. Refuses: Invalid (unknown)."""
    code = text.strip().upper()
    if zone_of(code) is None:
        raise Invalid(f"{text} is no airport or city: type its three letters, such as SXR or JED.")
    return code


def day(text: str, *, today: date | None = None) -> date:
    """A date as 2027-01-18 or 18JAN27; 18JAN is the next one, when `today` is given. Refuses: Invalid."""
    word = text.strip().upper()
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", word):
            return date.fromisoformat(word)
        found = re.fullmatch(r"(\d{1,2})([A-Z]{3})(\d{4}|\d{2})?", word)
        if found and found[2] in _MONTHS:
            month, year = _MONTHS.index(found[2]) + 1, found[3]
            if year:
                return date(int(year) + (2000 if len(year) == 2 else 0), month, int(found[1]))
            if today:
                this = date(today.year, month, int(found[1]))
                return this if this >= today else this.replace(year=today.year + 1)
    except ValueError:
        raise Invalid(f"There is no day {text} in the calendar.") from None
    raise Invalid(f"{text} is no date: type it as 2027-01-18 or 18JAN27.")


def birth(text: str, *, today: date) -> date:
    """A date of birth: a year of two figures is the last one that has come. Refuses: Invalid (none; in the future;
    longer ago than anybody lives).
    """
    born = day(text)
    if re.fullmatch(r"\d{1,2}[A-Za-z]{3}\d{2}", text.strip()) and born > today:
        born = born.replace(year=born.year - 100)
    if born > today:
        raise Invalid(f"{text} is still to come: nobody was born then.")
    if born.year < today.year - 120:
        raise Invalid(f"{text} is more than 120 years ago: nobody who flies was born then.")
    return born


# -- travellers -------------------------------------------------------------------------------------------------------


@dataclass
class Typed:
    """One traveller as somebody wrote it down, not yet checked against a journey; `repr` shows nothing of him."""

    where: str
    words: dict[str, str] = field(default_factory=dict, repr=False)


def from_words(text: str, where: str) -> Typed:
    """`[ADT|CHD|INF] [MR|MRS|MS|MISS|MSTR] First Last [1980-03-04] [name=value …]`; DAR/AHMAD MR works too.

    Names: passport=NUMBER/COUNTRY/EXPIRES, nationality=IN, gender=F, email=, phone=, with=2 (an infant's adult).
    """
    typed, names = Typed(where), list[str]()
    for word in text.split():
        name, sign, value = word.partition("=")
        if sign:
            key = {"with": "infant_of", "born": "birth_date"}.get(name.lower(), name.lower())
            if key not in FIELDS:
                raise Invalid(f"{where}: nobody asks for {name}; what can be given: {', '.join(FIELDS)}.")
            typed.words[key] = value
        elif word.upper() in TYPES and "type" not in typed.words and not names:
            typed.words["type"] = word.upper()
        elif word.upper().rstrip(".") in TITLES and "title" not in typed.words:
            typed.words["title"] = word.upper().rstrip(".")
        elif re.match(r"\d", word):
            typed.words["birth_date"] = word
        else:
            names.append(word)
    name = " ".join(names)
    if "/" in name:
        typed.words["last_name"], typed.words["first_name"] = (part.strip() for part in name.split("/", 1))
    elif len(names) >= 2:
        typed.words["first_name"], typed.words["last_name"] = " ".join(names[:-1]), names[-1]
    elif names:
        raise Invalid(f"{where}: {name} is one name; a first and a last name are needed, as in the passport.")
    return typed


def from_file(body: bytes, where: str) -> tuple[Typed, ...]:
    """Travellers of a JSON list of objects or of CSV with a heading, between commas, semicolons or tabs: spreadsheets
    differ by country. The fields are FIELDS. Refuses: Invalid.
    """
    try:
        text = body.decode()
    except UnicodeDecodeError:
        raise Invalid(f"{where} is no text in UTF-8: save it as CSV (UTF-8).") from None
    if text.lstrip()[:1] in {"[", "{"}:
        try:
            rows = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise Invalid(f"{where} is no JSON: {error}.") from None
        rows = rows.get("travellers") if isinstance(rows, dict) else rows
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise Invalid(f"{where}: a list of travellers is wanted, each an object with {', '.join(FIELDS)}.")
    else:
        try:
            text = text.lstrip("\ufeff")
            heading = text.partition("\n")[0]  # no field's name has any of the three in it
            rows = list(csv.DictReader(io.StringIO(text), delimiter=max(",;\t", key=heading.count)))
        except csv.Error as error:
            raise Invalid(f"{where} is no CSV: {error}.") from None
    return tuple(_row(row, f"{where}, traveller {number}") for number, row in enumerate(rows, 1))


def _row(row: Mapping[str | None, object], where: str) -> Typed:
    typed = Typed(where)
    for name, value in row.items():
        key = (name or "").strip().lower().replace(" ", "_")
        if key not in FIELDS:
            raise Invalid(f"{where}: nobody asks for {name or 'so many columns'}; known are {', '.join(FIELDS)}.")
        if isinstance(value, dict | list):
            raise Invalid(f"{where}: {key} is one text, not {type(value).__name__}.")
        if value is not None and str(value).strip():
            typed.words[key] = str(value).strip()
    return typed


def travellers(
    typed: Iterable[Typed], wanted: tuple[PassengerType, ...] | None, *, flies: date, today: date
) -> tuple[Traveller, ...]:
    """The travellers, adults first, of the types that are `wanted` (None: any), with references T1, T2 …; an infant
    sits with the adult it names, or the next one that has none. `flies`: the last day of the journey, which decides
    ages. Refuses: Invalid.
    """
    people = [_traveller(one, flies=flies, today=today) for one in typed]
    found = [person.type for person in people]
    if wanted is not None and sorted(found) != sorted(wanted):
        raise Invalid(f"The offer is for {counted(wanted)}; named are {counted(found) or 'none'}.")
    order = list(TYPES.values())
    people = sorted(people, key=lambda person: order.index(person.type))
    people = [replace(person, ref=f"T{number}") for number, person in enumerate(people, 1)]
    adults = [person.ref for person in people if person.type is PassengerType.ADULT]
    free = [ref for ref in adults if ref not in {person.infant_of for person in people}]
    for place_, person in enumerate(people):
        if person.type is PassengerType.INFANT:
            carrier = person.infant_of or (free.pop(0) if free else "")
            if carrier not in adults:
                raise Invalid(
                    f"{person.first_name} {person.last_name} needs an adult to sit with: with=1 is the first."
                )
            people[place_] = replace(person, infant_of=carrier)
    carriers = [person.infant_of for person in people if person.infant_of]
    if len(set(carriers)) < len(carriers):
        raise Invalid("An adult can hold one infant only.")
    return tuple(people)


def counted(types: Iterable[PassengerType]) -> str:
    """`2 adults, 1 child`."""
    kinds = list(types)
    plural = {PassengerType.CHILD: "children"}
    return ", ".join(
        f"{count} {name if count == 1 else plural.get(kind, name + 's')}"
        for kind, name in NAMES.items()
        if (count := kinds.count(kind))
    )


def _traveller(typed: Typed, *, flies: date, today: date) -> Traveller:
    words, where = typed.words, typed.where

    def checked(name: str, check: Callable[[str], date]) -> date | None:
        try:
            return check(words[name]) if words.get(name) else None
        except Invalid as error:
            raise Invalid(f"{where}, {name}: {error}") from None

    first, last = (_name(words.get(name, ""), f"{where}, {name}") for name in ("first_name", "last_name"))
    born = checked("birth_date", lambda text: birth(text, today=today))
    kind = _kind(words.get("type", ""), born, flies, where)
    title = words.get("title", "").upper().rstrip(".")
    if title and title not in TITLES:
        raise Invalid(f"{where}, title: {title} is none of {', '.join(TITLES)}.")
    gender = words.get("gender", "").upper()[:1] or TITLES.get(title, "")
    if gender not in {"", "M", "F"}:
        raise Invalid(f"{where}, gender: M or F, not {words['gender']}.")
    email = words.get("email", "")
    if email and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s.]+", email):
        raise Invalid(f"{where}, email: {email} is no e-mail address.")
    phone = re.sub(r"[ ()-]", "", words.get("phone", ""))
    if phone and not re.fullmatch(r"\+?\d{6,15}", phone):
        raise Invalid(f"{where}, phone: {words['phone']} is no telephone number; type it as +919419000000.")
    sits_with = words.get("infant_of", "").upper().removeprefix("T")
    if sits_with and not sits_with.isdecimal():
        raise Invalid(f"{where}, with: the number of an adult, such as 1, not {words['infant_of']}.")
    return Traveller(
        ref="", type=kind, first_name=first, last_name=last, title=title, gender=gender, birth_date=born,
        passport=_passport(words, where, flies), email=email, phone=phone,
        infant_of=f"T{sits_with}" if sits_with else None,
    )  # fmt: skip


def _name(text: str, where: str) -> str:
    name = " ".join(text.split())
    if not name:
        raise Invalid(f"{where}: a name is missing.")
    if len(name) > 60:
        raise Invalid(f"{where}: a name has at most 60 letters, this one {len(name)}.")
    if not re.fullmatch(r"[^\W\d_][^\d_/=<>&]*", name):
        raise Invalid(f"{where}: {text} is no name; letters, blanks, hyphens and apostrophes, as in the passport.")
    return name


def _kind(said: str, born: date | None, flies: date, where: str) -> PassengerType:
    """What the ticket will be: by age on the journey's last day, as airlines count."""
    kind = TYPES.get(said.upper()) if said else None
    if said and kind is None:
        raise Invalid(f"{where}, type: ADT, CHD or INF, not {said}.")
    if born is None:
        return kind or PassengerType.ADULT
    age = flies.year - born.year - ((flies.month, flies.day) < (born.month, born.day))
    by_age = PassengerType.INFANT if age < 2 else PassengerType.CHILD if age < 12 else PassengerType.ADULT
    if kind and kind is not by_age:
        raise Invalid(f"{where}: {age} years old on {flies:%d %b %Y}, so {by_age.value} and not {said.upper()}.")
    return by_age


def _passport(words: Mapping[str, str], where: str, flies: date) -> Passport | None:
    """NUMBER/COUNTRY/EXPIRES, the nationality in a field of its own or the issuing country's."""
    if not words.get("passport"):
        return None
    number, issued_by, expires = ([*words["passport"].split("/"), "", ""])[:3]
    nationality = words.get("nationality", issued_by).upper()
    wanted = "type it as passport=M1234567/IN/2032-05-01 (number, country, last day)"
    if not re.fullmatch(r"[A-Za-z0-9]{5,20}", number):
        raise Invalid(f"{where}, passport: {number or 'nothing'} is no passport number; {wanted}.")
    if not re.fullmatch(r"[A-Za-z]{2,3}", issued_by) or not re.fullmatch(r"[A-Z]{2,3}", nationality):
        raise Invalid(f"{where}, passport: the country that issued it is missing; {wanted}.")
    try:
        until = day(expires)
    except Invalid as error:
        raise Invalid(f"{where}, passport: {error if expires else 'its last day is missing;'} {wanted}.") from None
    if until < flies:
        raise Invalid(f"{where}, passport: it expires on {until:%d %b %Y}, before the journey is over.")
    return Passport(number.upper(), issued_by.upper(), nationality, until)


def moment(text: str, where: str) -> datetime:
    """A local date and time at a place, as 2027-01-18T09:05. Refuses: Invalid."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=zone_of(where))
    except ValueError:
        raise Invalid(f"{text} is no local date and time: type it as 2027-01-18T09:05.") from None
