"""Delete a supplier."""

from __future__ import annotations

from qafila.kernel.actor import Actor
from qafila.kernel.transaction import action
from qafila.parties.keeping import locked, take_off
from qafila.parties.shelves import SUPPLIERS


@action
def delete_supplier(*, actor: Actor, supplier_id: int, version: int | None = None) -> None:
    """Delete a supplier softly. Refuses: NotFound, StaleVersion, PartyHasBalance, and what rooms above still need."""
    actor.need("suppliers.delete")
    take_off(actor, SUPPLIERS, locked(SUPPLIERS, supplier_id, version))
