"""Enter a customer."""

from __future__ import annotations

from qafila.kernel.actor import Actor
from qafila.kernel.transaction import action
from qafila.parties.keeping import put
from qafila.parties.passports import claim
from qafila.parties.schemas import CustomerIn
from qafila.parties.shelves import CUSTOMERS


@action
def create_customer(*, actor: Actor, details: CustomerIn) -> int:
    """Enter a customer, or revive the deleted one who has this passport; answers the id.

    Refuses: Invalid with every field at fault, PassportTaken naming who has it. Source: domain.md 3, "Customer with a
    deleted passport".
    """
    actor.need("customers.create")
    values = CUSTOMERS.checked(details.model_dump())
    revived = claim(actor, values)
    return revived if revived is not None else put(actor, CUSTOMERS, [values])[0]
