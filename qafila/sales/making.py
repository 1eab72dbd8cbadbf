"""How a booking comes to be: checked, priced, written in one call, its seats taken last. Every entry path ends here."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection

from qafila.groups.steps import take_seats
from qafila.kernel import clock
from qafila.kernel.actor import Actor
from qafila.kernel.errors import Invalid
from qafila.kernel.facts import announce
from qafila.kernel.money import rounded
from qafila.kernel.search import tokens
from qafila.kernel.states import START
from qafila.kernel.transaction import step
from qafila.sales.errors import CountsDisagree, DuplicateBooking, FlightNotOfGroup, UnknownParty
from qafila.sales.facts import BookingCreated
from qafila.sales.offer import Offer, Party, offer
from qafila.sales.people import Traveller, Warned, check_travellers, counts_of, travellers_told, warnings_of
from qafila.sales.rules import RatesAsked, booking_type, price_sale, sold_rates
from qafila.sales.schemas import BookingIn, RatesIn, TermsIn
from qafila.sales.states import DRAFT, PACKAGE
from qafila.tax.rules import Counts, Priced, Rate


@dataclass(frozen=True)
class MadeBooking:
    """A booking just made: its totals in its currency, its passengers' ids in order, and what to look at."""

    id: int
    number: str
    state: str
    group_id: int
    group_code: str
    customer_id: int
    currency: str
    net_total: Decimal
    tax_total: Decimal
    tcs_total: Decimal
    gross_total: Decimal
    paid: Decimal
    balance: Decimal
    adults: int
    children: int
    infants: int
    version: int
    passenger_ids: tuple[int, ...]
    warnings: tuple[Warned, ...]


@dataclass(frozen=True)
class Terms:
    """What a booking comes to: counts, rates, taxes, totals."""

    booking_type: str
    counts: Counts
    rates: tuple[Rate, ...]
    priced: Priced
    agreed: Decimal | None
    rates_from: str


@dataclass(frozen=True)
class Buyers:
    """Who is party to a booking: who buys, who is billed instead, which partner sold."""

    customer: Party
    payer: Party | None
    agent: Party | None


@step
def make_booking(actor: Actor, asked: BookingIn, customer_id: int) -> MadeBooking:
    """Check, price and write a package booking and take its seats, in three statements.

    Refuses: NotFound, GroupNotSellable, DuplicateBooking, UnknownParty, BookingTypeDoesNotFit, InvalidPassenger,
    CountsDisagree, RatesMissing, RatesDisagree, FlightNotOfGroup, SeatsExhausted.
    Source: domain.md, "Create package booking".
    """
    made = write_booking(actor, asked, customer_id)
    seat_booking(actor, made)
    return made


@step
def write_booking(actor: Actor, asked: BookingIn, customer_id: int) -> MadeBooking:
    """Check, price and write a booking: one statement reads what it is made against, one writes. No seat is taken yet.

    Refuses as make_booking does, but for SeatsExhausted.
    """
    PACKAGE.check(actor, START, "create")
    if actor.kind == "agent" and asked.agent_id not in (None, actor.party_id):
        raise UnknownParty("A partner books for itself.", field="agent_id")
    agent_id = actor.party_id if actor.kind == "agent" else asked.agent_id
    against = offer(
        asked.group_id,
        customer_id=customer_id,
        parties=(asked.payer_id, agent_id),
        flights=(p.flight_id for p in asked.passengers),
    )
    customer = against.party(customer_id, "customer", "customer_id")
    assert customer is not None
    payer = against.party(asked.payer_id, "customer", "payer_id")
    buyers = Buyers(customer, payer, against.party(agent_id, "agent", "agent_id"))
    group = against.departure
    people = check_travellers(asked.passengers, group.departure_date, group.return_date, clock.today())
    for n, person in enumerate(people):
        if person.flight_id is not None and person.flight_id not in against.flights:
            sentence = f"{person.name}: this flight is not linked to {group.code}."
            raise FlightNotOfGroup(sentence, field=("passengers", n, "flight_id"))
    terms = terms_of(asked, counts_asked(asked, people), against)
    written = _write(_document(actor, asked, against, buyers, people, terms))
    if twin := written.get("duplicate"):
        sentence = f"{customer.name} is booked on {group.code} already: {twin}."
        raise DuplicateBooking(sentence, field="customer_id", booking=twin)
    return MadeBooking(
        id=written["id"],
        number=written["number"],
        state=DRAFT,
        group_id=group.id,
        group_code=group.code,
        customer_id=customer_id,
        currency=group.currency,
        net_total=terms.priced.net,
        tax_total=terms.priced.tax_total,
        tcs_total=terms.priced.tcs_total,
        gross_total=terms.priced.gross,
        paid=Decimal(0),
        balance=terms.priced.gross,
        adults=terms.counts.adult,
        children=terms.counts.child,
        infants=terms.counts.infant,
        version=1,
        passenger_ids=tuple(p["id"] for p in written["passengers"]),
        warnings=tuple(warnings_of(people, group.departure_date, group.return_date)),
    )


@step
def seat_booking(actor: Actor, made: MadeBooking) -> None:
    """Take a written booking's seats and announce it. The group's row is what buyers wait for: come here last.

    Refuses: SeatsExhausted, GroupNotOpen.
    """
    if seats := made.adults + made.children:
        take_seats(actor, made.group_id, seats, booking_id=made.id, reason="booking")
    announce(actor, BookingCreated(made.id, made.number, made.group_id))


def _document(
    actor: Actor, asked: BookingIn, against: Offer, buyers: Buyers, people: Sequence[Traveller], terms: Terms
) -> dict[str, Any]:
    """What sales_create_booking (SQL) writes: its keys are the columns."""
    customer, group = buyers.customer, against.departure
    agent_id = buyers.agent.id if buyers.agent else None
    travel = travellers_told(terms.counts)
    words = [customer.name, customer.code, customer.phone, group.code, asked.external_ref]
    words += [party.name for party in (buyers.payer, buyers.agent) if party]
    words += [f"{p.name} {p.passport_no} {p.pnr}" for p in people]
    return {
        "actor": {"user_id": actor.user_id, "name": actor.name, "ip": actor.ip, "request_id": actor.request_id},
        "prefix": against.prefix,
        "year": clock.today().year,
        "state": DRAFT,
        "told": f"{customer.name}, {travel}",
        "booking": {
            "customer_id": customer.id,
            "payer_id": asked.payer_id,
            "agent_id": agent_id,
            "branch_id": actor.branch_id or group.branch_id,
            "currency": group.currency,
            "net_total": terms.priced.net,
            "tax_total": terms.priced.tax_total,
            "tcs_total": terms.priced.tcs_total,
            "gross_total": terms.priced.gross,
            "external_ref": asked.external_ref or None,
            "notes": asked.notes,
        },
        "package": {
            "group_id": group.id,
            "booking_type": terms.booking_type,
            "room_type": asked.room_type,
            "payment_policy": asked.payment_policy,
            **money_columns(terms),
            "rates_from": terms.rates_from,
            "agreed_total": terms.agreed,
            "sheet_version": group.sheet_version,
        },
        "rates": [vars(rate) for rate in terms.rates],
        "taxes": [
            {"n": n, **vars(tax.line), "base": tax.base, "amount": tax.amount}
            for n, tax in enumerate(terms.priced.taxes, 1)
        ],
        "passengers": [{"n": n, **vars(person)} for n, person in enumerate(people, 1)],
        "audit": {
            "customer": customer.name,
            "group": group.code,
            "travellers": travel,
            "gross_total": f"{terms.priced.gross:f}",
            "payment_policy": asked.payment_policy,
        },
        "search": {
            "subtitle": f"{customer.name}, {travel} · {group.code}"[:300],
            "agent_id": agent_id,
            "rank": 5,
            "words": tokens(" ".join(words)),
        },
    }


def counts_asked(asked: TermsIn, people: Sequence[Traveller]) -> Counts:
    """How many travel: the passengers named, or, before any is named, the counts given.

    Refuses: CountsDisagree when both are given and differ, or when nobody travels.
    """
    given = {"adults": asked.adults, "children": asked.children, "infants": asked.infants}
    if not people:
        counts = Counts(asked.adults or 0, asked.children or 0, asked.infants or 0)
        if not counts.heads:
            raise CountsDisagree("Name the passengers, or say how many travel.", field="passengers")
        if counts.infant and not counts.adult:
            raise CountsDisagree("Infants travel with an adult of the same booking.", field="infants")
        return counts
    counts = counts_of(person.tier for person in people)
    named = {"adults": counts.adult, "children": counts.child, "infants": counts.infant}
    for field, value in given.items():
        if value is not None and value != named[field]:
            raise CountsDisagree(
                f"{value} {field} are given, but the passengers named are {named[field]} {field}.", field=field
            )
    return counts


def terms_of(asked: TermsIn, counts: Counts, against: Offer) -> Terms:
    """What these counts cost on this departure with the rates given, the rest from its sheet."""
    departure = against.departure
    given = rates_asked(asked, departure.currency)
    rates = sold_rates(departure.rates, given, counts, departure.currency, sheet_complete=departure.is_priced)
    return Terms(
        booking_type=booking_type(asked.booking_type, departure.group_type),
        counts=counts,
        rates=rates,
        priced=price_sale(rates, departure.taxes, counts, departure.currency, given.total),
        agreed=given.total,
        rates_from="given" if given.any else "sheet",
    )


def rates_asked(asked: RatesIn, currency: str) -> RatesAsked:
    """The rates given, each checked to fit the currency's minor unit. Refuses: Invalid naming the rate."""
    for field in RatesIn.model_fields:
        amount = getattr(asked, field)
        if amount is not None and rounded(amount, currency) != amount:
            raise Invalid(f"{amount:f} has more decimals than {currency} has.", field=field)
    return RatesAsked(asked.adult_rate, asked.child_rate, asked.infant_rate, asked.components(), asked.total_amount)


def money_columns(terms: Terms) -> dict[str, Any]:
    """Counts and the rates per head that follow from the components."""
    return {
        "adults": terms.counts.adult,
        "children": terms.counts.child,
        "infants": terms.counts.infant,
        "adult_rate": sum((r.adult for r in terms.rates), Decimal(0)),
        "child_rate": sum((r.child for r in terms.rates), Decimal(0)),
        "infant_rate": sum((r.infant for r in terms.rates), Decimal(0)),
    }


def _write(document: dict[str, Any]) -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT sales_create_booking(%s::jsonb)::text", [json.dumps(document, default=str)])
        (answer,) = cursor.fetchone()
    written: dict[str, Any] = json.loads(answer)
    return written
