"""The wizard's draft: what was typed step by step, put together into the booking it asks for."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, model_validator

from qafila.kernel import clock
from qafila.kernel.actor import Actor
from qafila.kernel.errors import Refusal
from qafila.kernel.forms import parse_data
from qafila.kernel.http import Id
from qafila.kernel.transaction import rehearse
from qafila.parties.schemas import CustomerIn
from qafila.sales.actions.create_booking import create_booking
from qafila.sales.errors import RatesMissing, UnknownParty
from qafila.sales.making import MadeBooking, Terms, counts_asked, terms_of
from qafila.sales.models import WizardDraft
from qafila.sales.offer import Departure, Offer, offer
from qafila.sales.people import Traveller, check_travellers, filled
from qafila.sales.schemas import MAX_PASSENGERS, Asked, BookingIn, PassengerIn, Phone, TermsIn

STEPS = ("group", "passengers", "package", "confirm")
PERSON = ("title", "first_name", "last_name", "date_of_birth", "passport_no", "nationality")


class SourceStep(Asked):
    """Step 1: who sells, and which departure."""

    source: Literal["direct", "agent"] = "direct"
    agent_id: Id | None = None
    group_id: Id

    @model_validator(mode="after")
    def _partner_named(self) -> SourceStep:
        if self.source == "agent" and self.agent_id is None:
            raise ValueError("name the partner who sells")
        return self


class PeopleStep(Asked):
    """Step 2: who travels and who buys: the lead passenger, or a customer on file."""

    buyer: Literal["lead", "file"] = "lead"
    phone: Phone = ""
    customer_id: Id | None = None
    payer_id: Id | None = None
    passengers: Annotated[list[PassengerIn], Field(min_length=1, max_length=MAX_PASSENGERS)]
    find: Annotated[str, StringConstraints(max_length=300)] = ""  # the look-up field, of no meaning to the booking


class PackageStep(TermsIn):
    """Step 3: what is sold at which rates, and how it is paid."""


@dataclass(frozen=True)
class DraftInfo:
    """A draft as the list of unfinished bookings shows it."""

    key: str
    step: str
    title: str
    people: int
    updated_at: Any


@dataclass(frozen=True)
class Quote:
    """What the draft comes to so far: the departure, its price for these people, and who they are."""

    departure: Departure
    terms: Terms
    people: Sequence[Traveller]

    @property
    def heads(self) -> list[tuple[str, int, Decimal]]:
        """Tier, people, rate a person: of the tiers that travel."""
        counts, rates = self.terms.counts, self.terms.rates
        listed = [
            ("Adults", counts.adult, sum((r.adult for r in rates), Decimal(0))),
            ("Children", counts.child, sum((r.child for r in rates), Decimal(0))),
            ("Infants", counts.infant, sum((r.infant for r in rates), Decimal(0))),
        ]
        return [row for row in listed if row[1]]


def drafts_of(actor: Actor) -> list[DraftInfo]:
    """The unfinished bookings of this person, latest first, at most ten. One query."""
    rows = WizardDraft.objects.filter(user_id=actor.user_id or 0).order_by("-updated_at")[:10]
    return [DraftInfo(row.key, row.step, _title(row.data), len(_people(row.data)), row.updated_at) for row in rows]


def typed(actor: Actor, key: str) -> dict[str, Any]:
    """What was typed into a draft, by step; nothing for a key that is new. One query."""
    row = WizardDraft.objects.filter(user_id=actor.user_id or 0, key=key).first()
    return row.data if row else {}


def _people(data: dict[str, Any]) -> list[dict[str, Any]]:
    listed = data.get("passengers", {}).get("passengers", [])
    return [person for person in listed if isinstance(person, dict)] if isinstance(listed, list) else []


def _title(data: dict[str, Any]) -> str:
    names = [f"{p.get('first_name', '')} {p.get('last_name', '')}".strip() for p in _people(data)]
    return next((name for name in names if name), "")


def assembled(data: dict[str, Any]) -> BookingIn:
    """The booking that a draft asks for. Refuses: Invalid at the field of the step, UnknownParty (nobody buys)."""
    source = parse_data(data.get("group", {}), SourceStep)
    people = parse_data(data.get("passengers", {}), PeopleStep)
    package = parse_data(data.get("package", {}), PackageStep)
    terms = {name: getattr(package, name) for name in package.model_fields_set}
    who: dict[str, Any]
    if people.buyer == "file":
        if people.customer_id is None:
            raise UnknownParty("Choose the customer who buys.", field="customer_id")
        who = {"customer_id": people.customer_id}
    else:
        who = {"customer": lead_as_customer(people)}
    return BookingIn(
        **terms,
        **who,
        payer_id=people.payer_id,
        agent_id=source.agent_id if source.source == "agent" else None,
        group_id=source.group_id,
        passengers=people.passengers,
    )


def lead_as_customer(people: PeopleStep) -> CustomerIn:
    """The lead passenger (the one marked, else the first) as the customer who buys."""
    n = next((n for n, person in enumerate(people.passengers) if person.is_lead), 0)
    lead = filled(n, people.passengers[n])
    if not lead.first_name:
        raise UnknownParty("The lead passenger buys, and has no name.", field=("passengers", n, "first_name"))
    said = {name: getattr(lead, name) for name in PERSON if getattr(lead, name)}
    said |= {name: getattr(lead, name) for name in ("passport_issued", "passport_expiry") if getattr(lead, name)}
    if lead.gender in ("M", "F"):
        said["gender"] = lead.gender
    return CustomerIn(**said, phone=people.phone)


def check_source(data: dict[str, Any]) -> Offer:
    """Step 1 holds: the departure sells, the partner is known. Refuses: what stops it."""
    source = parse_data(data.get("group", {}), SourceStep)
    agent_id = source.agent_id if source.source == "agent" else None
    against = offer(source.group_id, customer_id=None, parties=(agent_id,))
    against.party(agent_id, "agent", "agent_id")
    return against


def check_people(actor: Actor, data: dict[str, Any]) -> None:
    """Step 2 holds: everybody is in order, the customer may buy, the seats are there. Refuses: what stops it.

    The whole booking is rehearsed; rates that are still missing are the next step's business.
    """
    check_source(data)
    with contextlib.suppress(RatesMissing):
        rehearse(create_booking, actor=actor, booking=assembled({**data, "package": {}}))


def check_all(actor: Actor, data: dict[str, Any]) -> MadeBooking:
    """All steps hold: the booking as it would be, made and taken back. Refuses: what stops it."""
    check_source(data)
    return rehearse(create_booking, actor=actor, booking=assembled(data))


def quoted(data: dict[str, Any]) -> Quote:
    """What the draft comes to. One query; nothing is written. Refuses: what stops it."""
    asked = assembled(data)
    against = offer(asked.group_id, customer_id=None)
    departure = against.departure
    people = check_travellers(asked.passengers, departure.departure_date, departure.return_date, clock.today())
    return Quote(departure, terms_of(asked, counts_asked(asked, people), against), people)


def stands(data: dict[str, Any], actor: Actor) -> str:
    """The first step that does not hold yet: nobody opens a later one."""
    for step, check in (
        ("group", lambda: check_source(data)),
        ("passengers", lambda: check_people(actor, data)),
        ("package", lambda: check_all(actor, data)),
    ):
        try:
            check()
        except Refusal:
            return step
    return "confirm"
