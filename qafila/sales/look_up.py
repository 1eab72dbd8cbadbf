"""One passenger's row from what was pasted: passport lines, or the passport number of somebody on file."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from qafila.kernel.actor import Actor
from qafila.kernel.errors import Invalid
from qafila.parties.mrz import lines_of, read
from qafila.parties.queries import find_by_passport
from qafila.parties.rules import normal_passport
from qafila.parties.types import CustomerRow

COPIED = (
    "title",
    "first_name",
    "last_name",
    "gender",
    "date_of_birth",
    "passport_no",
    "passport_issued",
    "passport_expiry",
    "nationality",
)


def look_up(actor: Actor, pasted: str) -> tuple[dict[str, Any], str]:
    """The row, as a form has it, and a sentence about it.

    Refuses: Invalid (nothing pasted), MrzInvalid naming what does not fit, PartyDetailsInvalid (no passport number).
    """
    text = pasted.strip()
    if not text:
        raise Invalid(_("Paste the passport's lines, or type a passport number."), field="find")
    lines = lines_of(text)
    if "<" in text:
        said = read(lines)
        row: dict[str, Any] = {
            "first_name": said.given_names.title(),
            "last_name": said.surname.title(),
            "gender": said.gender,
            "date_of_birth": said.date_of_birth.isoformat() if said.date_of_birth else "",
            "passport_no": said.passport_no,
            "passport_expiry": said.expiry.isoformat(),
            "nationality": said.nationality,
            "mrz": "\n".join(lines),
        }
        known = _known(actor, said.passport_no)
        if known:
            row |= {name: value for name, value in _of(known).items() if not row.get(name)}
        name = f"{row['first_name']} {row['last_name']}".strip()
        return _filled(row), _("%(name)s: the passport's lines are in order.") % {"name": name}
    number = normal_passport(text, field="find")
    known = _known(actor, number)
    if known is None:
        told = _("Nobody on file has the passport %(number)s: type the name.") % {"number": number}
        return _filled({"passport_no": number}), told
    return _filled(_of(known)), _("%(name)s is on file.") % {"name": known.name}


def _known(actor: Actor, number: str) -> CustomerRow | None:
    return find_by_passport(actor, number) if actor.may("customers.view") else None


def _of(known: CustomerRow) -> dict[str, Any]:
    values = {name: getattr(known, name) for name in COPIED}
    return {n: v.isoformat() if hasattr(v, "isoformat") else v for n, v in values.items() if v}


def _filled(row: dict[str, Any]) -> dict[str, Any]:
    return {"tier": "", "needs_visa": "true", **row}
