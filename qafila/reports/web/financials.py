"""What a group's page shows of several rooms: its financials, its readiness."""

from __future__ import annotations

from django.http import HttpResponse

from qafila.kernel.http import Request
from qafila.kernel.may import needs
from qafila.kernel.web import page, render
from qafila.reports.group_financials import group_financials
from qafila.reports.group_readiness import group_readiness


@page("finance.reports.group_profit_loss.view")
def of_group(request: Request, code: str) -> HttpResponse:
    """GET /groups/<code>/tab/financials: income less expense of the group, as a fragment."""
    return render(request, "reports/financials.html", money=group_financials(request.actor, code))


@page(needs("groups.view", "bookings.view"))
def readiness(request: Request, code: str) -> HttpResponse:
    """GET /groups/<code>/readiness: who travels and what they miss, as a panel of the group's overview."""
    return render(request, "reports/readiness.html", found=group_readiness(request.actor, code))
