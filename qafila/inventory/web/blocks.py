"""The pages of airline blocks: list, one block, the form that buys or changes one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from qafila.identity.queries import agency, branches
from qafila.inventory import queries, seating
from qafila.inventory.actions.create_block import create_block
from qafila.inventory.actions.delete_block import delete_block
from qafila.inventory.actions.edit_block import CLEARABLE, edit_block
from qafila.inventory.api import BlockFilter
from qafila.inventory.models import AirlineBlock
from qafila.inventory.postings import SOURCE
from qafila.inventory.queries import COST, BlockDetail
from qafila.inventory.schemas import BlockIn, BlockPatch
from qafila.inventory.states import BLOCK
from qafila.kernel import clock
from qafila.kernel.forms import form_key, nested, parse, parse_data, parse_query
from qafila.kernel.http import Request
from qafila.kernel.idempotency import once
from qafila.kernel.listing import Column, Filter, Listing, respond
from qafila.kernel.money import text
from qafila.kernel.pagination import Window
from qafila.kernel.web import done, page, render
from qafila.ledger.queries import entries_of

LIST = "/inventory/quota"


def _at(row: Any) -> str:
    return f"{LIST}/{row.code}"


LISTING = Listing(
    title="Airline blocks",
    columns=[
        Column("code", "Block", "code", sort="code", link=_at, primary=True),
        Column("route", "Route"),
        Column("pnr", "PNR", "code"),
        Column("departs_on", "Departs", "date", sort="departs_on"),
        Column("allocated_seats", "Taken", "capacity", sort="seats"),
        Column("available_seats", "Free", "number", sort="available"),
        Column("names_due", "Names due", "date", sort="names_due", hide_on_phone=True),
        Column("supplier", "Supplier", hide_on_phone=True),
        Column("price_per_seat", "A seat", "money", hide_on_phone=True),
        Column("state", "State", "pill"),
    ],
    filters=[
        Filter("state", "Any state", BLOCK.choices()),
        Filter("departs_from", "Departs from", kind="date"),
        Filter("departs_to", "Departs until", kind="date"),
    ],
    empty="Record the first block of seats you bought.",
    action=("New block", f"{LIST}/new", "inventory.create"),
    file_name="airline-blocks",
    row_link=_at,
)


@page("inventory.view")
def blocks(request: Request) -> HttpResponseBase:
    """GET /inventory/quota: every block, by airline, state and date."""
    asked = parse_query(request, BlockFilter)
    choices = [(code, f"{code} · {name}") for code, name in queries.airlines_in_use()]
    listing = replace(LISTING, filters=[Filter("airline", "Any airline", choices), *LISTING.filters])

    def fetch(window: Window) -> Any:
        return queries.blocks(
            request.actor,
            window,
            q=asked.q,
            airline=asked.airline,
            state=asked.state,
            departs_from=asked.departs_from,
            departs_to=asked.departs_to,
            has_seats=asked.has_seats,
        )

    filtered = any((asked.airline, asked.state, asked.departs_from, asked.departs_to, asked.has_seats))
    return respond(request, listing, fetch, asked, filtered=filtered)


@page("inventory.view")
def block(request: Request, code: str) -> HttpResponse:
    """GET /inventory/quota/<code or id>: facts, legs, seats, deadlines, movements, its entries."""
    found = queries.block(request.actor, int(code) if code.isdecimal() and len(code) < 19 else code)
    due = queries.deadlines(found)
    return render(
        request,
        "inventory/block.html",
        title=f"{found.code} · {_('Airline blocks')}",
        crumbs=[(_("Airline blocks"), LIST)],
        quota=found,
        seats=seating.grid(found.total_seats, found.allocated_seats),
        holders=queries.holders(found.id),
        movements=queries.movements(request.actor, found.id, Window(1, 10)),
        entries=entries_of(request.actor, SOURCE, found.id) if request.actor.may("finance.view") else [],
        base_currency=agency().base_currency,
        deadlines=due,
        next_deadline=next((deadline for deadline in due if not deadline.is_over), None),
        rate=_plain(found.exchange_rate),
        sees_cost=request.actor.may(COST),
    )


@page("inventory.view")
def movements(request: Request, code: str) -> HttpResponse:
    """GET /inventory/quota/<code>/movements: the table of seats moved, page by page, as a fragment."""
    found = queries.block(request.actor, code)
    number = request.GET.get("page", "1")
    window = Window(int(number) if number.isdecimal() and 0 < int(number[:6]) < 10**5 else 1, 10)
    moved = queries.movements(request.actor, found.id, window)
    return render(request, "inventory/movements.html", quota=found, movements=moved)


@page("inventory.create", methods=("GET", "POST"))
def new(request: Request) -> HttpResponse:
    """GET, POST /inventory/quota/new: record a block bought."""
    if request.method == "POST":
        said = parse(request, BlockIn)
        answer = once(form_key(request), request.actor, create_block, int, block=said)
        made = queries.block(request.actor, answer.body)
        return done(request, _("%(code)s is in stock.") % {"code": made.code}, to=_at(made))
    return render(
        request,
        "inventory/block_form.html",
        **_form(request),
        title=_("New block"),
        submit_label=_("Record block"),
        cancel_url=LIST,
        values={"currency": agency().base_currency, "exchange_rate": 1, "trip_type": "return"},
        legs=[{}],
        return_legs=[{}],
    )


@page("inventory.edit", methods=("GET", "POST"))
def edit(request: Request, code: str) -> HttpResponse:
    """GET, POST /inventory/quota/<code>/edit: change a block."""
    found = queries.block(request.actor, code)
    if request.method == "POST":
        edit_block(actor=request.actor, block_id=found.id, changed=_patch(request))
        return done(request, _("%(code)s is saved.") % {"code": found.code}, to=_at(found))
    return render(
        request,
        "inventory/block_form.html",
        **_form(request),
        title=f"{found.code} · {_('Edit')}",
        submit_label=_("Save block"),
        cancel_url=_at(found),
        quota=found,
        values=_shown(found),
        legs=found.outbound,
        return_legs=found.returning or [{}],
    )


@page("inventory.delete", methods=("POST",))
def delete(request: Request, code: str) -> HttpResponse:
    """POST /inventory/quota/<code>/delete: delete a block nobody took seats of."""
    found = queries.block(request.actor, code)
    delete_block(actor=request.actor, block_id=found.id)
    return done(request, _("%(code)s is deleted; its stock entries are reversed.") % {"code": found.code}, to=LIST)


def _patch(request: Request) -> BlockPatch:
    """The whole form as a change: what was left empty is cleared, what the form did not show stays."""
    data = nested(request.POST)
    hidden = set() if request.actor.may(COST) else {"deposit_amount"}
    for name in CLEARABLE - hidden:
        data.setdefault(name, None)
    for name in ("notes", "return_pnr"):
        data.setdefault(name, "")
    for name in ("legs", "return_legs"):
        data.setdefault(name, [])
    data.pop("airline", None)
    return parse_data(data, BlockPatch)


def _shown(found: BlockDetail) -> dict[str, Any]:
    """A block as its form's fields hold it: amounts without the digits only the database needs."""
    values = dict(vars(found))
    for name in ("price_per_seat", "deposit_amount"):
        values[name] = None if values[name] is None else text(values[name])
    values["exchange_rate"] = _plain(found.exchange_rate)
    return values


def _plain(rate: Decimal | None) -> str:
    return "" if rate is None else f"{rate.normalize():f}"


def _form(request: Request) -> dict[str, Any]:
    today: date = clock.today()
    return {
        "trip_types": AirlineBlock.TripType.choices,
        "branches": [(branch.id, branch.name) for branch in branches()],
        "airports": queries.airports_in_use(),
        "sees_cost": request.actor.may(COST),
        "today": today,
    }
