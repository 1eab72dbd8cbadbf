"""A passport's lines, read for somebody: what they say, and who has this passport already."""

from __future__ import annotations

from collections.abc import Sequence

from qafila.kernel.actor import Actor
from qafila.parties import mrz, queries
from qafila.parties.schemas import PassportOut


def read_passport(actor: Actor, lines: Sequence[str]) -> PassportOut:
    """Refuses: MrzInvalid, `parts` naming each check digit that does not fit."""
    said = mrz.read(lines)
    holder = queries.find_by_passport(actor, said.passport_no)
    return PassportOut(
        surname=said.surname,
        given_names=said.given_names,
        passport_no=said.passport_no,
        nationality=said.nationality,
        issuing_state=said.issuing_state,
        date_of_birth=said.date_of_birth,
        gender=said.gender,
        expiry=said.expiry,
        customer_id=holder.id if holder else None,
        customer_name=holder.name if holder else "",
        phone=holder.phone if holder else "",
    )
