"""Who may travel as what, and whether what was typed agrees with the passport. Pure.

Source: domain.md, "People"; ICAO Doc 9303 for the machine-readable lines.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from qafila.parties.errors import MrzInvalid
from qafila.parties.mrz import Mrz, read
from qafila.sales.errors import InvalidPassenger
from qafila.sales.schemas import PassengerIn
from qafila.sales.types import Tier
from qafila.tax.rules import Counts

INFANT_UNDER, ADULT_FROM = 2, 12
PASSPORT_LASTS = timedelta(days=183)  # six months past the return, what the Kingdom asks
MAX_AGE = 120
NAME_FIELD = 39  # characters the passport's first line has for the name
WRITTEN_OUT = str.maketrans({"Ä": "AE", "Ö": "OE", "Ü": "UE", "Å": "AA", "Ø": "OE", "Æ": "AE", "Ñ": "N", "Þ": "TH"})


@dataclass(frozen=True)
class Traveller:
    """A passenger checked and filled in: ready to be written."""

    title: str
    first_name: str
    last_name: str
    gender: str
    date_of_birth: date | None
    passport_no: str
    passport_issued: date | None
    passport_expiry: date | None
    nationality: str
    tier: Tier
    needs_visa: bool
    is_lead: bool
    pnr: str
    flight_id: int | None

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


@dataclass(frozen=True)
class Warned:
    """Something to look at that does not stop the sale. `passenger` counts from 0; None: the booking."""

    passenger: int | None
    text: str


def age_on(born: date, day: date) -> int:
    """Full years on a day; negative when not born yet."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def tier_of(born: date, travel: date) -> Tier:
    """INF under 2 on the travel date, CHD 2 to 11, ADT from 12."""
    age = age_on(born, travel)
    return "infant" if age < INFANT_UNDER else "child" if age < ADULT_FROM else "adult"


def age_warning(tier: str, born: date | None, travel: date) -> str:
    """What to say when the tier sold is not the age's; empty when it is."""
    if born is None or tier_of(born, travel) == tier:
        return ""
    return f"Sold as {tier}, but {age_on(born, travel)} years old on {travel:%d %b %Y}: {tier_of(born, travel)}."


def passport_warning(expiry: date | None, returns: date) -> str:
    """What to say of a passport that does not last six months past the return."""
    if expiry is None or expiry >= returns + PASSPORT_LASTS:
        return ""
    verb = "expires" if expiry >= returns else "will have expired"
    return f"The passport {verb} on {expiry:%d %b %Y}, less than six months past the return."


def issue_warning(born: date | None, issued: date | None) -> str:
    """What to say of a passport that is older than its holder: the day of issue is typed, no machine line proves it."""
    if born is None or issued is None or issued >= born:
        return ""
    return f"The passport's day of issue, {issued:%d %b %Y}, lies before the birth."


def check_travellers(asked: Sequence[PassengerIn], travel: date, returns: date, today: date) -> list[Traveller]:
    """The passengers filled from their passport lines and checked, the lead first named.

    Refuses: InvalidPassenger, naming person and field: no name, a line that does not read, a line that says otherwise,
    impossible dates, one passport twice.
    """
    people = [_traveller(n, person, travel, today) for n, person in enumerate(asked)]
    seen: dict[str, int] = {}
    for n, person in enumerate(people):
        if not person.passport_no:
            continue
        if person.passport_no in seen:
            other = people[seen[person.passport_no]]
            raise _refused(
                n, "passport_no", f"{person.name} and {other.name} have the same passport {person.passport_no}."
            )
        seen[person.passport_no] = n
    if people and any(p.tier == "infant" for p in people) and not any(p.tier == "adult" for p in people):
        lap = next(n for n, person in enumerate(people) if person.tier == "infant")
        raise _refused(lap, "tier", f"{people[lap].name} is an infant and travels with an adult of the same booking.")
    leads = [n for n, person in enumerate(people) if person.is_lead]
    if len(leads) > 1:
        raise _refused(leads[1], "is_lead", "A booking has one lead passenger.")
    if people and not leads:
        first = next((n for n, person in enumerate(people) if person.tier == "adult"), 0)
        people[first] = replace(people[first], is_lead=True)
    return people


def warnings_of(people: Sequence[Traveller], travel: date, returns: date) -> list[Warned]:
    """What a seller should look at: tier against age, passports that run out, infants without an adult each."""
    found: list[Warned] = []
    for n, person in enumerate(people):
        texts = (
            age_warning(person.tier, person.date_of_birth, travel),
            passport_warning(person.passport_expiry, returns),
            issue_warning(person.date_of_birth, person.passport_issued),
        )
        found.extend(Warned(n, f"{person.name}: {text}") for text in texts if text)
    counts = counts_of(person.tier for person in people)
    if counts.infant > counts.adult:
        text = f"{travellers_told(counts)}: each infant travels on the lap of an adult of its own."
        found.append(Warned(None, text))
    return found


def counts_of(tiers: Iterable[str]) -> Counts:
    listed = list(tiers)
    return Counts(adult=listed.count("adult"), child=listed.count("child"), infant=listed.count("infant"))


def travellers_told(counts: Counts) -> str:
    """`3 adults, 1 infant`."""
    parts = [
        (counts.adult, "adult", "adults"),
        (counts.child, "child", "children"),
        (counts.infant, "infant", "infants"),
    ]
    return ", ".join(f"{n} {one if n == 1 else many}" for n, one, many in parts if n) or "nobody"


def _traveller(n: int, asked: PassengerIn, travel: date, today: date) -> Traveller:
    said = filled(n, asked)
    if not said.first_name and not said.last_name:
        raise _refused(n, "first_name", f"Passenger {n + 1} has no name.")
    first, last = (said.first_name, said.last_name) if said.first_name else (said.last_name, "")
    born = said.date_of_birth
    if born is not None and born > travel:
        raise _refused(n, "date_of_birth", f"{first}: born on {born:%d %b %Y}, after the departure.")
    if born is not None and (born > today or age_on(born, today) > MAX_AGE):
        raise _refused(n, "date_of_birth", f"{first}: nobody travelling was born on {born:%d %b %Y}.")
    issued, expiry = said.passport_issued, said.passport_expiry
    if issued is not None and expiry is not None and expiry <= issued:
        raise _refused(n, "passport_expiry", f"{first}: the passport expires before it was issued.")
    tier = said.tier or (tier_of(born, travel) if born else "adult")
    return Traveller(
        title=said.title,
        first_name=first,
        last_name=last,
        gender=said.gender,
        date_of_birth=born,
        passport_no=said.passport_no,
        passport_issued=issued,
        passport_expiry=expiry,
        nationality=said.nationality,
        tier=tier,
        needs_visa=said.needs_visa,
        is_lead=said.is_lead,
        pnr=said.pnr,
        flight_id=said.flight_id,
    )


def filled(n: int, asked: PassengerIn) -> PassengerIn:
    """The passenger as their passport's lines complete them, the lines read and put away.

    Refuses: InvalidPassenger, for lines that do not read or say otherwise than what is typed.
    """
    if not asked.mrz:
        return asked
    try:
        mrz = read(asked.mrz)
    except MrzInvalid as unreadable:
        who = f"{asked.first_name} {asked.last_name}".strip() or f"passenger {n + 1}"
        raise _refused(n, "mrz", f"{who}: {unreadable.detail}") from None
    said = {
        "passport_no": mrz.passport_no,
        "nationality": mrz.nationality,
        "date_of_birth": mrz.date_of_birth,
        "gender": mrz.gender,
        "passport_expiry": mrz.expiry,
    }
    who = f"{asked.first_name} {asked.last_name}".strip() or f"{mrz.given_names} {mrz.surname}".strip()
    for field, value in said.items():
        typed = getattr(asked, field)
        if typed and value and typed != value:
            words = field.replace("_", " ")
            raise _refused(n, field, f"{who}: the {words} typed is {typed}, the passport's lines say {value}.")
    if wrong := _name_mismatch(asked, mrz):
        raise _refused(n, wrong, f"{who}: the passport's lines say {mrz.given_names} {mrz.surname}.")
    fill = {field: value for field, value in said.items() if value and not getattr(asked, field)}
    if not asked.first_name and not asked.last_name:
        fill |= {"first_name": mrz.given_names.title(), "last_name": mrz.surname.title()}
    return asked.model_copy(update={**fill, "mrz": []})


def _name_mismatch(asked: PassengerIn, mrz: Mrz) -> str:
    """The field at fault, or nothing. Where the lines cut a long name short, it must begin as they do."""
    cut = len(mrz.surname) + len(mrz.given_names) + 2 >= NAME_FIELD
    first, last = spellings(asked.first_name), spellings(asked.last_name)
    given, surname = letters(mrz.given_names), letters(mrz.surname)
    if not any(first | last):
        return ""  # written in another script: nothing to compare
    if not (asked.first_name and asked.last_name and given and surname):
        whole = {a + b for a in first for b in last} | {b + a for a in first for b in last}
        return "" if _same(whole, given + surname, cut) or _same(whole, surname + given, cut) else "first_name"
    if not _same(last, surname, cut):
        return "last_name"
    return "" if _same(first, given, cut) else "first_name"


def _same(typed: set[str], said: str, cut: bool) -> bool:
    return any(name == said or (cut and name.startswith(said)) for name in typed)


def letters(name: str) -> str:
    """A name as the passport's lines have it: A to Z only. A name in another script comes out empty."""
    plain = unicodedata.normalize("NFKD", name.upper())
    return "".join(c for c in plain if "A" <= c <= "Z")


def spellings(name: str) -> set[str]:
    """How the lines may spell a name: accents dropped, or written out as ICAO does (Ü: UE)."""
    upper = name.upper().replace("ß", "SS")
    return {letters(upper), letters(upper.translate(WRITTEN_OUT))}


def _refused(n: int, field: str, sentence: str) -> InvalidPassenger:
    return InvalidPassenger(sentence, field=("passengers", n, field), passenger=n + 1)
