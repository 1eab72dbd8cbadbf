"""The demo's partner and one of its customers, with a log-in each: they see their own rows and nothing else."""

from __future__ import annotations

from decimal import Decimal

from qafila.config.demo.departure import Made, Staff
from qafila.config.demo.people import Person
from qafila.identity import queries
from qafila.identity.actions.create_user import create_user
from qafila.identity.models import User
from qafila.identity.types import Role
from qafila.kernel.actor import SYSTEM
from qafila.parties.actions.create_agent import create_agent
from qafila.parties.models import Agent
from qafila.parties.schemas import AgentIn
from qafila.sales.models import Booking

PARTNER = "Hilal Tours, Baramulla"
CUSTOMER_OF = "FD-03"


def portals(staff: Staff, made: Made, password: str) -> dict[str, Person]:
    """A log-in for the partner and one for the head of a family; what is there stays."""
    booking = Booking.objects.select_related("customer__party").get(pk=made.bookings[CUSTOMER_OF])
    return {
        Role.AGENT.value: _person(Role.AGENT, PARTNER, _partner(staff), password),
        Role.CUSTOMER.value: _person(Role.CUSTOMER, booking.customer.party.name, booking.customer_id, password),
    }


def _partner(staff: Staff) -> int:
    found = Agent.objects.filter(party__name=PARTNER).values_list("pk", flat=True).first()
    if found is not None:
        return found
    details = AgentIn(
        name=PARTNER, contact_person="Hilal Ahmad", city="Baramulla", country="IN", credit_limit=Decimal(500000)
    )
    return create_agent(actor=staff["B2B_MANAGER"].actor, details=details)


def _person(role: Role, name: str, party_id: int, password: str) -> Person:
    email = f"{role.value.lower()}@noorqafila.example"
    user_id = User.objects.filter(email=email).values_list("pk", flat=True).first()
    if user_id is None:
        kind = role.value.lower()
        user_id = create_user(
            actor=SYSTEM, email=email, name=name, roles=[role], password=password, kind=kind, party_id=party_id
        )
    return Person(email, queries.actor_of(user_id))
