"""Customers, partners and suppliers for tests, made by the room's own actions."""

from __future__ import annotations

import itertools
from typing import Any

from qafila.kernel.actor import SYSTEM, Actor
from qafila.parties.actions.create_agent import create_agent
from qafila.parties.actions.create_customer import create_customer
from qafila.parties.actions.create_supplier import create_supplier
from qafila.parties.schemas import AgentIn, CustomerIn, SupplierIn

_numbers = itertools.count(1)


def a_customer(actor: Actor = SYSTEM, **said: Any) -> int:
    """A customer with a passport of their own, unless told otherwise."""
    n = next(_numbers)
    given = {"first_name": "Bashir Ahmad", "last_name": "Lone", "passport_no": f"T{n:07d}", "country": "IN", **said}
    return create_customer(actor=actor, details=CustomerIn(**given))


def an_agent(actor: Actor = SYSTEM, **said: Any) -> int:
    given = {"name": f"Rahmat Travels {next(_numbers)}", "country": "IN", **said}
    return create_agent(actor=actor, details=AgentIn(**given))


def a_supplier(actor: Actor = SYSTEM, **said: Any) -> int:
    given = {"name": f"Hijaz Coaches {next(_numbers)}", "category": "transport", "country": "SA", **said}
    return create_supplier(actor=actor, details=SupplierIn(**given))
