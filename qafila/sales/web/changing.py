"""Changing a booking on the screen: its terms, hold, rates from the sheet; and letting it go."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from qafila.kernel.forms import form_key, nested, parse, parse_data
from qafila.kernel.http import Request
from qafila.kernel.idempotency import once
from qafila.kernel.money import text
from qafila.kernel.transaction import rehearse
from qafila.kernel.web import done, page, refreshed, render
from qafila.sales import queries
from qafila.sales.actions.cancel_booking import cancel_booking
from qafila.sales.actions.cancel_passenger import cancel_passenger
from qafila.sales.actions.delete_booking import delete_booking
from qafila.sales.actions.edit_booking import edit_booking
from qafila.sales.actions.sync_rates import sync_rates
from qafila.sales.rules import FITS
from qafila.sales.schemas import BookingPatch, CancelIn
from qafila.sales.types import POLICIES, ROOMS, BookingDetail
from qafila.sales.web.bookings import LIST, at

COMPONENT_FIELDS = {
    "flight": ("ticket_rate", "Flight"),
    "visa": ("visa_rate", "Visa"),
    "hotel": ("hotel_rate", "Hotel"),
    "meals": ("meals_rate", "Meals"),
    "ground_services": ("ground_rate", "Ground services"),
}


def type_choices(group_type: str) -> list[tuple[str, str]]:
    """The booking types a departure sells."""
    return [(word, word.replace("_", " ").capitalize()) for word in FITS[group_type]]


@page("bookings.edit", methods=("GET", "POST"))
def edit(request: Request, number: str) -> HttpResponse:
    """GET, POST /sales/bookings/<number>/edit: who is billed, what was agreed, at which rates."""
    found = queries.booking(request.actor, number)
    standing = rates_standing(found)
    if request.method == "POST":
        data = nested(request.POST)
        for name in ("notes", "external_ref", "room_type"):
            data.setdefault(name, "")
        for name in ("payer_id", "agent_id"):
            data.setdefault(name, None)
        untouched(data, standing)
        edit_booking(actor=request.actor, booking_id=found.id, patch=parse_data(data, BookingPatch))
        return done(request, _("%(number)s is saved.") % {"number": found.number}, to=at(found))
    return render(
        request,
        "sales/edit.html",
        title=f"{found.number} · {_('Edit')}",
        crumbs=[(_("Bookings"), LIST), (found.number, at(found))],
        booking=found,
        types=type_choices(found.group.group_type),
        rooms=list(ROOMS.items()),
        policies=list(POLICIES.items()),
        components=[(name, label, typed_amount(standing[name])) for name, label in COMPONENT_FIELDS.values()],
        standing={name: typed_amount(amount) for name, amount in standing.items()},
        submit_label=_("Save booking"),
        cancel_url=at(found),
    )


def typed_amount(amount: Decimal | int | None) -> str:
    """An amount as somebody would type it."""
    return "" if amount is None else text(Decimal(amount))


def rates_standing(found: BookingDetail) -> dict[str, Decimal | None]:
    """The rates as the form shows them, by field."""
    adult = {rate.item: rate.adult for rate in found.rates}
    standing: dict[str, Decimal | None] = {
        name: adult.get(item, Decimal(0)) for item, (name, _label) in COMPONENT_FIELDS.items()
    }
    return {
        **standing,
        "child_rate": found.child_rate,
        "infant_rate": found.infant_rate,
        "total_amount": found.agreed_total,
    }


def untouched(data: dict[str, Any], standing: dict[str, Decimal | None]) -> None:
    """Rates that stand as the form showed them were not given: they are left out of what is asked."""
    for name, value in standing.items():
        typed = data.get(name)
        try:
            same = typed is not None and value is not None and Decimal(str(typed)) == value
        except ArithmeticError:
            continue  # the schema says what is wrong with it
        if same:
            del data[name]
        elif typed is None and name == "total_amount" and value is not None:
            data[name] = None  # the agreed total was taken out of its field


@page("bookings.edit", methods=("POST",))
def hold(request: Request, number: str) -> HttpResponse:
    """POST /sales/bookings/<number>/hold: put on hold, or lift the hold."""
    found = queries.booking(request.actor, number)
    status = "draft" if found.state == "on_hold" else "on_hold"
    edit_booking(actor=request.actor, booking_id=found.id, patch=parse(request, BookingPatch, status=status))
    told = _("%(number)s is on hold.") if status == "on_hold" else _("%(number)s goes on.")
    return done(request, told % {"number": found.number}, to=at(found))


@page("bookings.edit", methods=("POST",))
def sync(request: Request, number: str) -> HttpResponse:
    """POST /sales/bookings/<number>/sync: take the rates from the group's sheet."""
    found = queries.booking(request.actor, number)
    sync_rates(actor=request.actor, booking_id=found.id)
    told = _("%(number)s has the rates of %(code)s.") % {"number": found.number, "code": found.group.code}
    return done(request, told, to=at(found))


@page("bookings.cancel", methods=("GET", "POST"))
def cancel(request: Request, number: str) -> HttpResponse:
    """GET, POST /sales/bookings/<number>/cancel: what it would bring, in words; then it."""
    found = queries.booking(request.actor, number)
    if request.method == "GET":
        answer = rehearse(cancel_booking, actor=request.actor, booking_id=found.id)
        return render(request, "sales/letting_go.html", booking=found, answer=answer, verb="cancel")
    said = parse(request, CancelIn)
    asked = {"booking_id": found.id, "reason": said.reason, "version": said.version}
    once(form_key(request), request.actor, cancel_booking, lambda done_: done_.number, 200, **asked)
    return done(request, _("%(number)s is cancelled.") % {"number": found.number}, to=at(found))


@page("bookings.delete", methods=("GET", "POST"))
def delete(request: Request, number: str) -> HttpResponse:
    """GET, POST /sales/bookings/<number>/delete: what it would bring, in words; then it."""
    found = queries.booking(request.actor, number)
    if request.method == "GET":
        answer = rehearse(delete_booking, actor=request.actor, booking_id=found.id)
        return render(request, "sales/letting_go.html", booking=found, answer=answer, verb="delete")
    said = parse(request, CancelIn)
    delete_booking(actor=request.actor, booking_id=found.id, reason=said.reason, version=said.version)
    return done(request, _("%(number)s is deleted.") % {"number": found.number}, to=LIST)


@page("bookings.cancel", methods=("GET", "POST"))
def cancel_one(request: Request, number: str, passenger_id: int) -> HttpResponse:
    """GET, POST /sales/bookings/<number>/passengers/<id>/cancel: take one passenger off."""
    found = queries.booking(request.actor, number)
    person = queries.passenger(request.actor, found.id, passenger_id)
    asked: dict[str, Any] = {"booking_id": found.id, "passenger_id": passenger_id}
    if request.method == "GET":
        answer = rehearse(cancel_passenger, actor=request.actor, **asked)
        return render(request, "sales/letting_go.html", booking=found, answer=answer, verb="passenger", person=person)
    said = parse(request, CancelIn)
    asked |= {"reason": said.reason, "version": said.version}
    once(form_key(request), request.actor, cancel_passenger, lambda done_: done_.number, 200, **asked)
    return refreshed(_("%(name)s no longer travels.") % {"name": person.name}, "booking-changed", "close-dialog")
