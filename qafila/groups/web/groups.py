"""The pages of groups: the list in two looks, the form that opens one, and the shell of one group."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from qafila.groups import figures, queries
from qafila.groups.actions.cancel_group import cancel_group
from qafila.groups.actions.create_group import create_group
from qafila.groups.actions.delete_group import delete_group
from qafila.groups.actions.edit_group import edit_group
from qafila.groups.api import Cancellation, CodeAsked, GroupFilter
from qafila.groups.models import TravelGroup
from qafila.groups.schemas import GroupIn, GroupPatch
from qafila.groups.states import GROUP, PINS
from qafila.identity.queries import agency, branches
from qafila.kernel import clock
from qafila.kernel.errors import Invalid
from qafila.kernel.forms import form_key, nested, parse, parse_data, parse_query
from qafila.kernel.http import Request
from qafila.kernel.idempotency import once
from qafila.kernel.listing import Column, Filter, Listing, respond
from qafila.kernel.pagination import Page, Window
from qafila.kernel.web import done, page, render, tabs_of

LIST = "/groups"
LOOK = "qafila_groups_look"
YEAR = 365 * 24 * 3600


def _at(row: Any) -> str:
    return f"{LIST}/{row.code}"


MONEY = [
    Column("charges", "Charges", "money", hide_on_phone=True),
    Column("collected", "Collected", "money", hide_on_phone=True),
    Column("balance", "Balance", "money"),
]
LISTING = Listing(
    title="Groups",
    columns=[
        Column("code", "Group", "code", sort="code", link=_at, primary=True),
        Column("name", "Name", sort="name"),
        Column("departure_date", "Departs", "date", sort="departure_date"),
        Column("return_date", "Returns", "date", hide_on_phone=True),
        Column("booked_count", "Booked", "capacity", sort="booked"),
        Column("free", "Free", "number"),
        *MONEY,
        Column("status", "State", "pill", sort="status"),
    ],
    filters=[
        Filter("scope", "Not over yet", [("archived", "Completed or cancelled"), ("all", "All groups")]),
        Filter("status", "Any state", GROUP.choices()),
        Filter("type", "Any type", TravelGroup.GroupType.choices),
    ],
    empty="Open the first departure: dates and capacity are enough to begin.",
    action=("New group", f"{LIST}/new", "groups.create"),
    file_name="groups",
    row_link=_at,
)


@page("groups.view")
def groups(request: Request) -> HttpResponseBase:
    """GET /groups: departures as cards or as a table; the choice is remembered."""
    asked = parse_query(request, GroupFilter)
    look = request.GET.get("look") or request.COOKIES.get(LOOK, "cards")
    look = "table" if look == "table" else "cards"

    def fetch(window: Window) -> Page[figures.GroupLine]:
        rows = queries.groups(
            request.actor, window, q=asked.q, scope=asked.scope, status=asked.status, group_type=asked.type
        )
        told = figures.of_groups(request.actor, [row.id for row in rows.items])
        items = [figures.with_figures(row, told.get(row.id)) for row in rows.items]
        return replace(rows, items=items)  # type: ignore[return-value]

    columns = [column for column in LISTING.columns if column not in MONEY or figures.told()]
    response = respond(
        request,
        replace(LISTING, columns=columns),
        fetch,
        asked,
        template="groups/list.html",
        body="groups/cards.html" if look == "cards" else "ui/list_table.html",
        look=look,
        counts=queries.status(request.actor),
        filtered=bool(asked.status or asked.type or asked.scope != "active"),
    )
    if "look" in request.GET:
        response.set_cookie(LOOK, look, max_age=YEAR, httponly=True, samesite="Lax", secure=request.is_secure())
    return response


@page("groups.create", methods=("GET", "POST"))
def new(request: Request) -> HttpResponse:
    """GET, POST /groups/new: open a departure for planning."""
    if request.method == "POST":
        said = parse(request, GroupIn)
        answer = once(form_key(request), request.actor, create_group, int, group=said)
        made = queries.group(request.actor, answer.body)
        return done(request, _("%(code)s is open for planning.") % {"code": made.code}, to=_at(made))
    return render(
        request,
        "groups/group_form.html",
        **_form(),
        title=_("New group"),
        submit_label=_("Open group"),
        cancel_url=LIST,
        values={"currency": agency().base_currency},
    )


@page("groups.create")
def code(request: Request) -> HttpResponse:
    """GET /groups/new/code: what the group would be called, as a fragment, while the form is being filled."""
    try:
        asked = parse_query(request, CodeAsked)
    except Invalid:  # a date half typed is no mistake yet
        return render(request, "groups/code.html")
    preview, name = queries.code_preview(asked.group_type, asked.departure_date)
    return render(request, "groups/code.html", preview=preview, name=name)


@page("groups.view")
def group(request: Request, code: str) -> HttpResponse:
    """GET /groups/<code or id>: the shell of one group; its tabs come from the rooms that own them."""
    found = queries.group(request.actor, int(code) if code.isdecimal() and len(code) < 19 else code)
    tabs = tabs_of("group", request.actor, id=found.id, code=found.code)
    chosen = request.GET.get("tab", "") or (tabs[0]["key"] if tabs else "")
    label = next((str(tab["label"]) for tab in tabs if tab["key"] == chosen), "")
    return render(
        request,
        "groups/group.html",
        title=f"{found.code} · {label or _('Groups')}",
        crumbs=[(_("Groups"), LIST)],
        group=found,
        tabs=tabs,
        tabs_key="group",
        moves=[move.event for move in GROUP.open_to(request.actor, found.status)],
        today=clock.today(),
    )


@page("groups.edit", methods=("GET", "POST"))
def edit(request: Request, code: str) -> HttpResponse:
    """GET, POST /groups/<code>/edit: change a group's dates, capacity, notes, or pin its state."""
    found = queries.group(request.actor, code)
    if request.method == "POST":
        data = nested(request.POST)
        for name in ("geography", "notes"):
            data.setdefault(name, "")
        edit_group(actor=request.actor, group_id=found.id, changed=parse_data(data, GroupPatch))
        return done(request, _("%(code)s is saved.") % {"code": found.code}, to=_at(found))
    return render(
        request,
        "groups/group_form.html",
        **_form(),
        title=f"{found.code} · {_('Edit')}",
        submit_label=_("Save group"),
        cancel_url=_at(found),
        group=found,
        values=vars(found),
    )


@page("groups.edit", methods=("POST",))
def cancel(request: Request, code: str) -> HttpResponse:
    """POST /groups/<code>/cancel: cancel a departure nobody travels on."""
    found = queries.group(request.actor, code)
    said = parse(request, Cancellation)
    cancel_group(actor=request.actor, group_id=found.id, reason=said.reason)
    return done(request, _("%(code)s is cancelled; its seats went back.") % {"code": found.code}, to=_at(found))


@page("groups.delete", methods=("POST",))
def delete(request: Request, code: str) -> HttpResponse:
    """POST /groups/<code>/delete: delete a departure nobody is booked on."""
    found = queries.group(request.actor, code)
    delete_group(actor=request.actor, group_id=found.id)
    return done(request, _("%(code)s is deleted.") % {"code": found.code}, to=LIST)


def _form() -> dict[str, Any]:
    pins = [("auto", _("Dates and seats decide")), *((pin, GROUP.label(pin)) for pin in PINS if pin != "auto")]
    return {
        "types": TravelGroup.GroupType.choices,
        "branches": [(branch.id, branch.name) for branch in branches()],
        "pins": pins,
    }
