"""Pure rules of ticketing."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta

DUE_SOON = timedelta(days=2)
ETICKET = re.compile(r"^\d{13}$")
TICKETLESS = re.compile(r"^(?=.*[A-Z])[A-Z0-9]{6,14}$")


def ticket_name(first_name: str, last_name: str, title: str) -> str:
    """The name as airlines write it, e.g. `WANI/ABDUL RASHID MR`. A person with one name is written `NAME/FNU`."""

    def plain(text: str) -> str:
        latin = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
        return re.sub(r"[^A-Z ]+", "", latin.upper().replace("-", " ")).strip()

    family, given = plain(last_name), plain(first_name)
    if not family:
        family, given = given, "FNU"
    return f"{family}/{given} {plain(title)}".strip()[:120]


def ticket_number(text: str) -> str | None:
    """The number without blanks and hyphens: 13 digits, or 6-14 letters and digits (ticketless carriers); else None."""
    bare = re.sub(r"[\s-]", "", text).upper()
    return bare if ETICKET.match(bare) or TICKETLESS.match(bare) else None


def standing(*, cleared: bool, has_flight: bool, exception_asked: bool) -> str:
    """Where an unissued ticket stands after its name was finalised (document 002)."""
    if cleared and has_flight:
        return "FINANCE_CLEARED"
    return "ON_HOLD" if exception_asked else "NOT_READY"


def is_due_soon(*, pending: bool, deadline: date | None, today: date) -> bool:
    """A name still to be finalised within two days of its deadline, or past it."""
    return pending and deadline is not None and deadline <= today + DUE_SOON
