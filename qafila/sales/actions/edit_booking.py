"""Change a booking: its fields, its rates, who travels, and whether it is on hold."""

from __future__ import annotations

from typing import Any

from qafila.kernel.actor import Actor
from qafila.kernel.audit import record
from qafila.kernel.errors import Invalid
from qafila.kernel.facts import announce
from qafila.kernel.states import move_row
from qafila.kernel.transaction import action
from qafila.parties.models import Agent, Customer
from qafila.sales.errors import CountsDisagree, UnknownParty
from qafila.sales.facts import BilledPartyChanged
from qafila.sales.keeping import (
    agreed_for,
    counts_of_sale,
    move_seats,
    open_booking,
    put,
    renew_search,
    reprice,
    seen,
    tell_group,
)
from qafila.sales.making import rates_asked
from qafila.sales.models import Booking, PackageSale
from qafila.sales.people import travellers_told
from qafila.sales.queries import rates_of, tax_lines_of
from qafila.sales.roster import RosterChange, change_roster
from qafila.sales.rules import booking_type, sold_rates
from qafila.sales.schemas import BookingPatch
from qafila.sales.states import APPROVED, DRAFT, ON_HOLD, OPS, PACKAGE
from qafila.sales.types import EditedBooking
from qafila.tax.rules import Counts, Rate

EVENTS = {"on_hold": "hold", "hold": "hold", "held": "hold", "draft": "release"}
TARGETS = {"hold": ON_HOLD, "release": DRAFT}
ELSEWHERE = {
    "cancelled": "cancel it by POST …/cancel",
    "confirmed": "operations confirm it when they approve",
    "needs_correction": "operations or finance send it back",
}


@action
def edit_booking(*, actor: Actor, booking_id: int, patch: BookingPatch) -> EditedBooking:
    """Change what is given of a booking; what is left out stays. Seats move with the roster, the price follows.

    Refuses: MissingRight, BookingNotFound, StaleVersion, BookingIsClosed, WrongState, UnknownParty, InvalidPassenger,
    SeatsExhausted, and what rooms that billed the old price or issued a ticket refuse. Source: document 000, PATCH.
    """
    actor.need("bookings.edit")
    booking, sale = open_booking(actor, booking_id, patch.version)
    before, counts_before = seen(booking, sale), counts_of_sale(sale)
    _fields(actor, booking, sale, patch)
    roster = RosterChange(counts_before)
    if patch.passengers is not None:
        roster = change_roster(actor, booking, sale, patch.passengers, whole=True)
    counts = _counts(booking, patch, roster.counts)
    _price(actor, booking, sale, patch, counts)
    _status(actor, booking, sale, patch)
    after = seen(booking, sale)
    if roster.anything:
        before, after = {**before, "passengers": None}, {**after, "passengers": roster.told()}
    if after == before:
        return EditedBooking(booking.pk, booking.number, booking.version)
    put(booking, version=booking.version + 1)
    record(actor, "booking.edited", "booking", booking.pk, before=before, after=after, note=patch.reason)
    renew_search(booking.pk)
    if counts != counts_before:
        tell_group(actor, booking, sale, "booking changed", travellers_told(counts))
    move_seats(actor, booking, sale, counts_before, counts, "roster")
    return EditedBooking(booking.pk, booking.number, booking.version)


def _fields(actor: Actor, booking: Booking, sale: PackageSale, patch: BookingPatch) -> None:
    given = patch.model_fields_set
    of_booking: dict[str, Any] = {}
    if "notes" in given:
        of_booking["notes"] = patch.notes or ""
    if "external_ref" in given:
        of_booking["external_ref"] = patch.external_ref or None
    if "payer_id" in given:
        of_booking["payer_id"] = _party(Customer, patch.payer_id, "payer_id", "customer")
    if "agent_id" in given and actor.is_staff:
        of_booking["agent_id"] = _party(Agent, patch.agent_id, "agent_id", "agent")
    billed = {name: value for name, value in of_booking.items() if name in ("payer_id", "agent_id")}
    changed = any(getattr(booking, name) != value for name, value in billed.items())
    put(booking, **of_booking)
    if changed:
        announce(actor, BilledPartyChanged(booking.pk, booking.payer_id, booking.agent_id))
    of_sale: dict[str, Any] = {}
    if patch.booking_type is not None:
        of_sale["booking_type"] = booking_type(patch.booking_type, sale.group.group_type)
    if patch.room_type is not None:
        of_sale["room_type"] = patch.room_type
    if patch.payment_policy is not None:
        of_sale["payment_policy"] = patch.payment_policy
    put(sale, **of_sale)


def _party(model: type[Customer] | type[Agent], party_id: int | None, field: str, kind: str) -> int | None:
    if party_id is not None:
        live = model._default_manager.filter(pk=party_id, deleted_at__isnull=True, is_active=True)
        if not live.exists():
            raise UnknownParty(f"There is no such {kind}, or they are not dealt with any more.", field=field)
    return party_id


def _counts(booking: Booking, patch: BookingPatch, counted: Counts) -> Counts:
    given = {"adults": patch.adults, "children": patch.children, "infants": patch.infants}
    if all(value is None for value in given.values()):
        return counted
    standing = {"adults": counted.adult, "children": counted.child, "infants": counted.infant}
    asked = {name: standing[name] if value is None else value for name, value in given.items()}
    if asked == standing:
        return counted
    if booking.passengers.exclude(state="cancelled").exists():
        wrong = next(name for name in asked if asked[name] != standing[name])
        raise CountsDisagree(f"{standing[wrong]} {wrong} are named: change the passengers instead.", field=wrong)
    counts = Counts(asked["adults"], asked["children"], asked["infants"])
    if not counts.heads:
        raise CountsDisagree("Somebody travels on a booking; cancel it instead.", field="adults")
    if counts.infant and not counts.adult:
        raise CountsDisagree("Infants travel with an adult of the same booking.", field="infants")
    return counts


def _price(actor: Actor, booking: Booking, sale: PackageSale, patch: BookingPatch, counts: Counts) -> None:
    asked = rates_asked(patch, booking.currency)
    same_counts = counts == counts_of_sale(sale)
    unagreed = "total_amount" in patch.model_fields_set and patch.total_amount is None and sale.agreed_total is not None
    if not asked.any and same_counts and not unagreed:
        return
    rates: list[Rate] = rates_of(sale)
    agreed = agreed_for(sale, rates, counts, booking.currency)
    also: dict[str, Any] = {}
    if asked.any or unagreed:
        rates = list(sold_rates(rates, asked, counts, booking.currency))
        agreed = asked.total
        also["rates_from"] = "given"
    reprice(actor, booking, sale, counts=counts, rates=rates, taxes=tax_lines_of(sale), agreed=agreed, **also)


def _status(actor: Actor, booking: Booking, sale: PackageSale, patch: BookingPatch) -> None:
    if patch.status is None or patch.status == booking.state:
        return
    event = EVENTS.get(patch.status.replace(" ", "_"))
    if event is None:
        instead = ELSEWHERE.get(patch.status, f"use one of {', '.join(sorted(set(EVENTS)))}")
        raise Invalid(f"A booking does not become {patch.status} by an edit: {instead}.", field="status")
    if TARGETS[event] == booking.state:
        return
    move_row(actor, PACKAGE, booking, event, reason=patch.reason)
    if event == "hold" and sale.ops_approval == APPROVED:
        move_row(actor, OPS, sale, "hold", reason=patch.reason)
