"""The passengers of a booking on the screen: the tab, inline PNRs, the form of one, and the group's list of all."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from qafila.groups import queries as groups
from qafila.kernel.forms import nested, parse_data
from qafila.kernel.http import Request
from qafila.kernel.web import page, refreshed, render
from qafila.parties.rules import nationalities
from qafila.sales import queries
from qafila.sales.actions.edit_booking import edit_booking
from qafila.sales.actions.edit_passenger import edit_passenger
from qafila.sales.flights import legs_of_booking
from qafila.sales.schemas import BookingPatch, OnePassengerPatch, PassengerPatch
from qafila.sales.states import OPEN
from qafila.sales.types import BookingDetail
from qafila.sales.web.bookings import VIEW

CHANGED = "booking-changed"
GENDERS = [("M", "Male"), ("F", "Female"), ("X", "Unspecified")]
TIERS = [("adult", "Adult"), ("child", "Child"), ("infant", "Infant")]
TEXTS = ("title", "last_name", "gender", "passport_no", "nationality", "pnr")
DATES = ("date_of_birth", "passport_issued", "passport_expiry")


@page(VIEW)
def tab(request: Request, number: str) -> HttpResponse:
    """GET /sales/bookings/<number>/tab/passengers."""
    found = queries.booking(request.actor, number)
    return render(
        request,
        "sales/passengers.html",
        booking=found,
        listed=found.passengers,
        is_open=found.state in OPEN,
        **_choices(found),
    )


@page(VIEW)
def flights(request: Request, number: str) -> HttpResponse:
    """GET /sales/bookings/<number>/tab/flights: the legs from the departure's blocks, with the PNR that holds."""
    found = queries.booking(request.actor, number)
    legs = legs_of_booking(found)
    flown: dict[Any, list[str]] = {}
    for person in found.passengers:
        if person.state == "active" and found.is_live:
            flown.setdefault(legs.get(person.id, ()), []).append(person.name)
    return render(request, "sales/flights.html", booking=found, flown=list(flown.items()))


@page("bookings.edit", methods=("POST",))
def pnr(request: Request, number: str, passenger_id: int) -> HttpResponse:
    """POST /sales/bookings/<number>/passengers/<id>/pnr: the passenger's own PNR, which outranks the block's."""
    found = queries.booking(request.actor, number)
    patch = parse_data({"pnr": nested(request.POST).get("pnr", "")}, OnePassengerPatch)
    edit_passenger(actor=request.actor, booking_id=found.id, passenger_id=passenger_id, patch=patch)
    return refreshed(_("PNR saved."), CHANGED)


@page("bookings.edit", methods=("GET", "POST"))
def edit(request: Request, number: str, passenger_id: int) -> HttpResponse:
    """GET, POST /sales/bookings/<number>/passengers/<id>: one passenger's form, as a fragment for the dialog."""
    found = queries.booking(request.actor, number)
    person = queries.passenger(request.actor, found.id, passenger_id)
    if request.method == "POST":
        patch = parse_data(_typed(request), OnePassengerPatch)
        edit_passenger(actor=request.actor, booking_id=found.id, passenger_id=passenger_id, patch=patch)
        return refreshed(_("%(name)s is saved.") % {"name": person.name}, CHANGED, "close-dialog")
    return render(request, "sales/person.html", booking=found, person=person, values=vars(person), **_choices(found))


@page("bookings.edit", methods=("GET", "POST"))
def add(request: Request, number: str) -> HttpResponse:
    """GET, POST /sales/bookings/<number>/passengers/add: one more who travels."""
    found = queries.booking(request.actor, number)
    if request.method == "POST":
        data = _typed(request)
        version = data.pop("version", None)
        fresh = parse_data(data, PassengerPatch)
        staying = [PassengerPatch(id=person.id) for person in found.passengers if person.state != "cancelled"]
        patch = BookingPatch(version=int(version) if version else None, passengers=[*staying, fresh])
        edit_booking(actor=request.actor, booking_id=found.id, patch=patch)
        return refreshed(_("One more travels."), CHANGED, "close-dialog")
    values = {"tier": "adult", "needs_visa": True, "nationality": "IND"}
    return render(request, "sales/person.html", booking=found, person=None, values=values, **_choices(found))


@page("bookings.view")
def of_group(request: Request, code: str) -> HttpResponse:
    """GET /groups/<code>/tab/passengers: who travels on a departure, by booking."""
    found = groups.group(request.actor, code)
    listed = queries.passengers_of_group(request.actor, found.id)
    return render(
        request,
        "sales/of_group.html",
        group=found,
        listed=listed,
        people=sum(len(people) for _row, people in listed),
        sums=queries.sales_of_group(found.id),
    )


def _typed(request: Request) -> dict[str, Any]:
    """What the passenger's form says: an emptied field is an empty field, an unticked box a no."""
    data = nested(request.POST)
    for name in TEXTS:
        data.setdefault(name, "")
    for name in (*DATES, "flight_id"):
        data.setdefault(name, None)
    data.setdefault("needs_visa", False)
    if data.get("is_lead") is None:
        data.pop("is_lead", None)
    if data.get("mrz"):
        # Passport lines fill what is left empty and check what is typed.
        data = {name: value for name, value in data.items() if value not in ("", None)}
    return data


def _choices(found: BookingDetail) -> dict[str, Any]:
    linked = groups.flights_of(found.group.id)
    return {
        "genders": GENDERS,
        "tiers": TIERS,
        "nationalities": nationalities().items(),
        "linked": [(flight.id, f"{flight.block_code} · {flight.route}") for flight in linked],
    }
