"""A passport names one customer for good: a deleted one is revived, not doubled.

Two who enter the same new passport at once wait for each other here, so that the second finds what the first wrote.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence

from django.db import connection

from qafila.kernel.actor import Actor
from qafila.kernel.transaction import step
from qafila.parties import rules
from qafila.parties.checking import Values
from qafila.parties.errors import PassportTaken
from qafila.parties.keeping import change
from qafila.parties.models import Customer
from qafila.parties.shelves import CUSTOMERS

SPACE = 7_310_001  # the advisory locks of this room
MANY = 200  # from so many on one lock for all, as the lock table is finite


def holders(passports: Sequence[str]) -> dict[str, Customer]:
    """Who has these passports, deleted ones included, locked in id order. One statement."""
    rows = Customer.objects.select_related("party").select_for_update(of=("self",)).filter(passport_no__in=passports)
    return {str(row.passport_no): row for row in rows.order_by("pk")}


@step
def reserve(passports: Sequence[str]) -> dict[str, Customer]:
    """Wait for whoever else is entering these passports, and hold them off until we are done; answers who has them."""
    found = holders(passports)
    missing = [number for number in passports if number not in found]
    if not missing:
        return found
    with connection.cursor() as cursor:
        if len(missing) > MANY:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, 0)", [SPACE])
        else:
            keys = sorted({zlib.crc32(number.encode()) >> 1 or 1 for number in missing})
            cursor.execute(
                "SELECT pg_advisory_xact_lock_shared(%s, 0)"
                " UNION ALL SELECT pg_advisory_xact_lock(%s, key) FROM unnest(%s::int[]) AS one(key)",
                [SPACE, SPACE, keys],
            )
    return found | holders(missing)


@step
def claim(actor: Actor, values: Values) -> int | None:
    """The passport of a new customer: nobody's (None), or a deleted customer's, who is revived with these values.

    Refuses: PassportTaken.
    """
    number = values.get("passport_no")
    if not number:
        return None
    holder = reserve([number]).get(number)
    if holder is None:
        return None
    if holder.deleted_at is None:
        raise taken(holder)
    change(actor, CUSTOMERS, holder, values, event="revived")
    return int(holder.pk)


def check_free(number: str, customer_id: int) -> None:
    """Refuses: PassportTaken, when another customer has it, deleted ones included."""
    plain = rules.normal_passport(number)
    holder = reserve([plain]).get(plain)
    if holder is not None and holder.pk != customer_id:
        raise taken(holder)


def taken(holder: Customer) -> PassportTaken:
    who = f"{holder.party.name} ({holder.party.code})"
    sentence = f"The passport {holder.passport_no} is that of {who}."
    if holder.deleted_at is not None:
        sentence += " They were deleted; enter them anew with this passport and they are back."
    return PassportTaken(sentence, field="passport_no", customer_id=holder.pk)
