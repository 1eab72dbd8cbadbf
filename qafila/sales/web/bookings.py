"""The pages of bookings: the list, and one booking with its tabs."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from qafila.kernel.forms import parse_query
from qafila.kernel.http import Request
from qafila.kernel.listing import Column, Filter, Listing, respond
from qafila.kernel.may import needs
from qafila.kernel.web import page, render, tabs_of
from qafila.sales import queries
from qafila.sales.api import BookingFilter
from qafila.sales.parts import moves_of
from qafila.sales.states import FINANCE, OPS, PACKAGE
from qafila.sales.types import POLICIES, ROOMS

LIST = "/sales/bookings"
VIEW = needs("bookings.view", agent_own=True)


def at(row: Any) -> str:
    """The page of a booking."""
    return f"{LIST}/{row.number}"


LISTING = Listing(
    title="Bookings",
    columns=[
        Column("number", "Booking", "code", sort="number", link=at, primary=True),
        Column("customer", "Customer", sort="customer"),
        Column("agent", "Partner", hide_on_phone=True),
        Column("group_code", "Group", "code", link=lambda row: f"/groups/{row.group_code}", needs="groups.view"),
        Column("departure_date", "Departs", "date", sort="departure"),
        Column("passengers", "People", "number"),
        Column("state", "State", "pill"),
        Column("finance_approval", "Finance", "pill", hide_on_phone=True),
        Column("ops_approval", "Operations", "pill", hide_on_phone=True),
        Column("gross_total", "Total", "money", sort="gross", hide_on_phone=True),
        Column("balance", "Balance", "money", sort="balance"),
    ],
    filters=[
        Filter("state", "Any state", PACKAGE.choices()),
        Filter("finance", "Finance: any", FINANCE.choices()),
        Filter("ops", "Operations: any", OPS.choices()),
        Filter("policy", "Any policy", list(POLICIES.items())),
        Filter("balance_due", "Paid or not", [("true", "Balance due"), ("false", "Nothing due")]),
        Filter("departs_from", "Departs from", kind="date"),
        Filter("departs_to", "Departs until", kind="date"),
    ],
    empty="Sell the first places: choose a departure and name who travels.",
    action=("New booking", f"{LIST}/new", "bookings.create"),
    file_name="bookings",
    row_link=at,
)


@page(VIEW)
def bookings(request: Request) -> HttpResponseBase:
    """GET /sales/bookings: bookings by number, name, phone, passport, PNR; filtered, sorted, exported."""
    asked = parse_query(request, BookingFilter)
    wanted = asked.wanted()
    narrowed = any(value not in ("", None) for name, value in vars(wanted).items() if name != "q")
    return respond(
        request,
        LISTING,
        lambda window: queries.bookings(request.actor, window, wanted),
        asked,
        template="sales/list.html",
        filtered=narrowed,
    )


@page(VIEW)
def booking(request: Request, number: str) -> HttpResponse:
    """GET /sales/bookings/<number>: the shell of one booking; its tabs come from the rooms that own them."""
    found = queries.booking(request.actor, number)
    tabs = tabs_of("booking", request.actor, id=found.id, number=found.number)
    more = moves_of(request.actor, found)
    chosen = request.GET.get("tab", "") or (tabs[0]["key"] if tabs else "")
    label = next((str(tab["label"]) for tab in tabs if tab["key"] == chosen), "")
    return render(
        request,
        "sales/booking.html",
        title=f"{found.number} · {label or _('Bookings')}",
        crumbs=[(_("Bookings"), LIST)],
        booking=found,
        room=ROOMS.get(found.room_type, ""),
        policy=POLICIES[found.payment_policy],
        tabs=tabs,
        tabs_key="booking",
        moves={move.event for move in PACKAGE.open_to(request.actor, found.state)},
        more=more,
        primary=any(move.tone == "primary" for move in more),
        warnings=[f"{p.name}: {p.warning}" for p in found.active if p.warning],
    )
