"""The tabs that the groups room itself puts on a group's page: overview, itinerary, history."""

from __future__ import annotations

from datetime import datetime, time

from django.http import HttpResponse

from qafila.groups import itinerary, queries
from qafila.groups.types import GroupDetail
from qafila.identity.queries import branches
from qafila.kernel import clock
from qafila.kernel.http import Request
from qafila.kernel.pagination import Window
from qafila.kernel.web import page, render, tabs_of

EVENTS = 15


@page("groups.view")
def overview(request: Request, code: str) -> HttpResponse:
    """GET /groups/<code>/tab/overview: dates, capacity, what is missing, higher rooms' panels, history."""
    found = queries.group(request.actor, code)
    return render(
        request,
        "groups/overview.html",
        group=found,
        leaves_at=_leaves_at(found),
        branch=next((b.name for b in branches() if b.id == found.branch_id), ""),
        panels=tabs_of("group_overview", request.actor, id=found.id, code=found.code),
        history=queries.history(request.actor, found.id, Window(1, EVENTS)),
    )


def _leaves_at(found: GroupDetail) -> datetime | None:
    """The instant the first flight leaves, or the day begins where no flight is linked; None once it is past."""
    first = min((leg.leaves for flight in found.flights for leg in flight.legs), default=None)
    leaves = first or datetime.combine(found.departure_date, time(), clock.zone())
    return leaves if leaves > clock.now() else None


@page("groups.view")
def history(request: Request, code: str) -> HttpResponse:
    """GET /groups/<code>/history: the trail of what happened, page by page, as a fragment."""
    found = queries.group(request.actor, code)
    number = request.GET.get("page", "1")
    window = Window(int(number) if number.isdecimal() and 0 < int(number[:6]) < 10**5 else 1, EVENTS)
    return render(request, "groups/history.html", group=found, history=queries.history(request.actor, found.id, window))


@page("groups.view")
def journey(request: Request, code: str) -> HttpResponse:
    """GET /groups/<code>/tab/itinerary: the flights in flying order, in local times, and what is odd about them."""
    found = queries.group(request.actor, code)
    return render(
        request,
        "groups/itinerary.html",
        group=found,
        stops=itinerary.stops(found.flights),
        gaps=itinerary.gaps(found.flights, found.departure_date, found.return_date, found.total_capacity),
    )
