"""The History tab of a booking."""

from __future__ import annotations

from django.http import HttpResponse

from qafila.kernel.http import Request
from qafila.kernel.web import page, render
from qafila.sales import queries
from qafila.sales.history import history


@page("bookings.view")
def tab(request: Request, number: str) -> HttpResponse:
    """GET /sales/bookings/<number>/tab/history: moves of the lifecycles and what was changed, latest first."""
    found = queries.booking(request.actor, number)
    return render(request, "sales/history.html", booking=found, rows=history(found.id))
