"""Enter a supplier."""

from __future__ import annotations

from qafila.kernel.actor import Actor
from qafila.kernel.transaction import action
from qafila.parties.keeping import put
from qafila.parties.schemas import SupplierIn
from qafila.parties.shelves import SUPPLIERS


@action
def create_supplier(*, actor: Actor, details: SupplierIn) -> int:
    """Enter a supplier, by company name; answers the id. Refuses: Invalid with every field at fault."""
    actor.need("suppliers.create")
    return put(actor, SUPPLIERS, [SUPPLIERS.checked(details.model_dump())])[0]
