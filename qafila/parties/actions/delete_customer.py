"""Delete a customer."""

from __future__ import annotations

from qafila.kernel.actor import Actor
from qafila.kernel.transaction import action
from qafila.parties.keeping import locked, take_off
from qafila.parties.shelves import CUSTOMERS


@action
def delete_customer(*, actor: Actor, customer_id: int, version: int | None = None) -> None:
    """Delete a customer softly. Refuses: NotFound, StaleVersion, PartyHasBalance, and what rooms above still need."""
    actor.need("customers.delete")
    take_off(actor, CUSTOMERS, locked(CUSTOMERS, customer_id, version))
