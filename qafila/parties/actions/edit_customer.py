"""Change a customer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qafila.kernel.actor import Actor
from qafila.kernel.transaction import action
from qafila.parties.keeping import change, locked
from qafila.parties.passports import check_free
from qafila.parties.shelves import CUSTOMERS


@action
def edit_customer(*, actor: Actor, customer_id: int, changes: Mapping[str, Any], version: int | None = None) -> int:
    """Change what is said of a customer; `changes` holds only what changes. Answers the id.

    Refuses: NotFound, StaleVersion, Invalid with every field at fault, PassportTaken.
    """
    actor.need("customers.edit")
    row = locked(CUSTOMERS, customer_id, version)
    if changes.get("passport_no"):
        check_free(changes["passport_no"], customer_id)
    change(actor, CUSTOMERS, row, changes)
    return customer_id
