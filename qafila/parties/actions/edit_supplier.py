"""Change a supplier."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qafila.kernel.actor import Actor
from qafila.kernel.transaction import action
from qafila.parties.keeping import change, locked
from qafila.parties.shelves import SUPPLIERS


@action
def edit_supplier(*, actor: Actor, supplier_id: int, changes: Mapping[str, Any], version: int | None = None) -> int:
    """Change what is said of a supplier; `changes` holds only what changes. Answers the id.

    Refuses: NotFound, StaleVersion, Invalid with every field at fault.
    """
    actor.need("suppliers.edit")
    change(actor, SUPPLIERS, locked(SUPPLIERS, supplier_id, version), changes)
    return supplier_id
