"""The booking wizard: source and group, passengers, package and payment, confirm. What is typed is kept at once."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qafila.groups import queries as groups
from qafila.kernel.errors import Refusal
from qafila.kernel.forms import nested
from qafila.kernel.http import Request
from qafila.kernel.idempotency import Key, once
from qafila.kernel.pagination import Window
from qafila.kernel.web import done, new_key, page, render
from qafila.parties.rules import nationalities
from qafila.sales.actions.create_booking import create_booking
from qafila.sales.actions.discard_draft import discard_draft
from qafila.sales.actions.keep_draft import keep_draft
from qafila.sales.api_types import made_out
from qafila.sales.look_up import look_up
from qafila.sales.names import agent_name, customer_name
from qafila.sales.offer import offer
from qafila.sales.rules import FITS
from qafila.sales.types import POLICIES, ROOMS
from qafila.sales.web import drafts
from qafila.sales.web.bookings import LIST
from qafila.sales.web.changing import COMPONENT_FIELDS, type_choices, typed_amount, untouched
from qafila.sales.web.drafts import STEPS
from qafila.sales.web.passengers import GENDERS, TIERS
from qafila.tax.rules import Rate

HOME = f"{LIST}/new"
LABELS = {
    "group": "Source and group",
    "passengers": "Passengers",
    "package": "Package and payment",
    "confirm": "Confirm",
}
SELLABLE = ("planning", "open")
NAMED = ("first_name", "last_name", "passport_no", "date_of_birth")


@page("bookings.create")
def start(request: Request) -> HttpResponse:
    """GET /sales/bookings/new: go on with a booking half entered, or begin one."""
    asked = request.GET.get("group", "")
    fresh = f"{HOME}/{new_key()}/group" + (f"?group={int(asked[:18])}" if asked.isdecimal() else "")
    unfinished = drafts.drafts_of(request.actor)
    if not unfinished or "anew" in request.GET:
        return HttpResponseRedirect(fresh)
    return render(request, "sales/wizard/start.html", title=_("New booking"), drafts=unfinished, fresh=fresh)


@page("bookings.create", methods=("GET", "POST"))
def step(request: Request, key: str, name: str) -> HttpResponse:
    """GET, POST /sales/bookings/new/<key>/<step>: one step; posting goes on when the server finds it in order."""
    if name not in STEPS:
        raise Http404
    if request.method == "POST":
        return _confirmed(request, key) if name == "confirm" else _next(request, key, name)
    data = drafts.typed(request.actor, key)
    if STEPS.index(name) > 0:
        reached = drafts.stands(data, request.actor)
        if STEPS.index(name) > STEPS.index(reached):
            return HttpResponseRedirect(f"{HOME}/{key}/{reached}")
    said = data.get(name, {})
    context = {"group": _group, "passengers": _passengers, "package": _package, "confirm": _confirm}[name]
    return render(
        request,
        f"sales/wizard/{name}.html",
        title=f"{_('New booking')} · {_(LABELS[name])}",
        key=key,
        here=f"{HOME}/{key}",
        step=name,
        steps=[(s, _(LABELS[s]), STEPS.index(s) < STEPS.index(name)) for s in STEPS],
        values=said,
        **context(request, data, said),
    )


@page("bookings.create", methods=("POST",))
def keep(request: Request, key: str, name: str) -> HttpResponse:
    """POST /sales/bookings/new/<key>/<step>/keep: what is being typed, right or wrong."""
    if name not in STEPS:
        raise Http404
    keep_draft(actor=request.actor, key=key, step=name, said=nested(request.POST))
    return HttpResponse(status=204)


@page("bookings.create", methods=("POST",))
def person(request: Request, key: str) -> HttpResponse:
    """POST /sales/bookings/new/<key>/person: one more row, from passport lines or from the customers on file."""
    said = nested(request.POST)
    people = _rows(said)
    found, told = look_up(request.actor, str(said.pop("find", "")))
    blank = next((n for n, row in enumerate(people) if not any(row.get(f) for f in NAMED)), None)
    if blank is None:
        people.append(found)
    else:
        people[blank] = {**people[blank], **found}
    keep_draft(actor=request.actor, key=key, step="passengers", said={**said, "passengers": people})
    context = {"people": people, "told": told, "here": f"{HOME}/{key}", **_people_choices()}
    return render(request, "sales/wizard/people.html", **context)


@page("bookings.create", methods=("POST",))
def price(request: Request, key: str) -> HttpResponse:
    """POST /sales/bookings/new/<key>/price: the totals of what is typed, or what stops them, in a fragment."""
    data = drafts.typed(request.actor, key)
    said = nested(request.POST)
    _sheet_rates_left_out(data, said)
    try:
        quote = drafts.quoted({**data, "package": said})
    except Refusal as refusal:
        return render(request, "sales/wizard/totals.html", wrong=refusal.detail)
    return render(request, "sales/wizard/totals.html", quote=quote)


@page("bookings.create", methods=("POST",))
def sync(request: Request, key: str) -> HttpResponse:
    """POST /sales/bookings/new/<key>/sync: the sheet's rates again, and all else as it is typed."""
    of_sheet = (*_sheet(drafts.typed(request.actor, key)), "total_amount")
    said = {name: value for name, value in nested(request.POST).items() if name not in of_sheet}
    keep_draft(actor=request.actor, key=key, step="package", said=said)
    return done(request, _("The rates are the sheet's."), to=f"{HOME}/{key}/package")


@page("bookings.create", methods=("POST",))
def discard(request: Request, key: str) -> HttpResponse:
    """POST /sales/bookings/new/<key>/discard."""
    discard_draft(actor=request.actor, key=key)
    return done(request, _("The unfinished booking is gone."), to=HOME if drafts.drafts_of(request.actor) else LIST)


def _next(request: Request, key: str, name: str) -> HttpResponse:
    said = nested(request.POST)
    said.pop("find", None)
    if name == "package":
        _sheet_rates_left_out(drafts.typed(request.actor, key), said)
    data = keep_draft(actor=request.actor, key=key, step=name, said=said)
    if name == "group":
        drafts.check_source(data)
    elif name == "passengers":
        drafts.check_people(request.actor, data)
    else:
        drafts.check_all(request.actor, data)
    to = f"{HOME}/{key}/{STEPS[STEPS.index(name) + 1]}"
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Redirect": to})
    return HttpResponseRedirect(to)


def _confirmed(request: Request, key: str) -> HttpResponse:
    """The draft's own key makes the booking once, however often the last button is pressed."""
    booking = drafts.assembled(drafts.typed(request.actor, key))
    once_key = Key.of(f"wizard {key}", "wizard", booking.model_dump_json().encode())
    answer = once(once_key, request.actor, create_booking, made_out, 201, booking=booking)
    discard_draft(actor=request.actor, key=key)
    made = answer.body
    text = _("%(number)s is booked: %(seats)s.") % {
        "number": made["number"],
        "seats": ngettext("%(n)s seat taken", "%(n)s seats taken", n := made["adults"] + made["children"]) % {"n": n},
    }
    return done(request, text, to=f"{LIST}/{made['number']}")


def _group(request: Request, data: dict[str, Any], said: dict[str, Any]) -> dict[str, Any]:
    rows = [row for row in groups.groups(request.actor, Window(1, 60)).items if row.status in SELLABLE and row.free]
    chosen = str(said.get("group_id") or request.GET.get("group", ""))
    return {
        "departures": rows,
        "chosen": chosen,
        "agent_text": agent_name(said.get("agent_id")),
        "source": said.get("source", "direct"),
    }


def _passengers(request: Request, data: dict[str, Any], said: dict[str, Any]) -> dict[str, Any]:
    against = drafts.check_source(data)
    return {
        "people": _rows(said) or [{"tier": "adult", "needs_visa": "true", "nationality": "IND"}],
        "departure": against.departure,
        "free": groups.group(request.actor, against.departure.id).free,
        "buyer": said.get("buyer", "lead"),
        "customer_text": customer_name(said.get("customer_id")),
        "payer_text": customer_name(said.get("payer_id")),
        **_people_choices(),
    }


def _package(request: Request, data: dict[str, Any], said: dict[str, Any]) -> dict[str, Any]:
    sheet = _sheet(data)
    quote_of = {**data, "package": {k: v for k, v in said.items() if v not in ("", None)}}
    departure = drafts.check_source(data).departure
    try:
        quote, wrong = drafts.quoted(quote_of), ""
    except Refusal as refusal:
        quote, wrong = None, refusal.detail
    rates = {name: said[name] if name in said else typed_amount(sheet[name]) for name in sheet}
    return {
        "departure": departure,
        "components": [(name, _(label), rates[name]) for name, label in COMPONENT_FIELDS.values()],
        "rates": rates,
        "agreed": said.get("total_amount", ""),
        "types": type_choices(departure.group_type),
        "booking_type": said.get("booking_type") or FITS[departure.group_type][0],
        "rooms": list(ROOMS.items()),
        "policies": [(key, label, POLICY_WORDS[key]) for key, label in POLICIES.items()],
        "policy": said.get("payment_policy", "full"),
        "quote": quote,
        "wrong": wrong,
        "no_sheet": not departure.is_priced,
    }


POLICY_WORDS = {
    "full": "Finance approves when all is paid, then operations confirm.",
    "partial": "Paid in parts; finance approves with a reason, then operations confirm.",
    "advance": "Operations confirm once some money has come in.",
}


def _confirm(request: Request, data: dict[str, Any], said: dict[str, Any]) -> dict[str, Any]:
    made = drafts.check_all(request.actor, data)
    booking = drafts.assembled(data)
    quote = drafts.quoted(data)
    return {
        "made": made,
        "booking": booking,
        "quote": quote,
        "customer": customer_name(booking.customer_id)
        or (f"{booking.customer.first_name} {booking.customer.last_name}" if booking.customer else ""),
        "payer": customer_name(booking.payer_id),
        "agent": agent_name(booking.agent_id),
        "policy": POLICIES[booking.payment_policy],
        "room": ROOMS.get(booking.room_type, ""),
    }


def _rows(said: dict[str, Any]) -> list[dict[str, Any]]:
    listed = said.get("passengers", [])
    return [dict(row) for row in listed if isinstance(row, dict)] if isinstance(listed, list) else []


def _people_choices() -> dict[str, Any]:
    return {"genders": GENDERS, "tiers": TIERS, "nationalities": list(nationalities().items())}


def _sheet(data: dict[str, Any]) -> dict[str, Any]:
    """The departure's rates by the fields of the form."""
    group_id = data.get("group", {}).get("group_id")
    rates: dict[str, Rate] = {}
    if str(group_id).isdecimal():
        rates = {rate.item: rate for rate in offer(int(str(group_id)), customer_id=None).departure.rates}
    nothing = Decimal(0) if rates else None
    fields: dict[str, Any] = {
        name: rates[item].adult if item in rates else nothing for item, (name, _label) in COMPONENT_FIELDS.items()
    }
    fields["child_rate"] = sum((r.child for r in rates.values()), start=0) if rates else None
    fields["infant_rate"] = sum((r.infant for r in rates.values()), start=0) if rates else None
    return fields


def _sheet_rates_left_out(data: dict[str, Any], said: dict[str, Any]) -> None:
    """A rate that stands as the sheet has it was not agreed: it is left out, so that the sale stays the sheet's."""
    untouched(said, _sheet(data))
