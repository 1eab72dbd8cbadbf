"""A group's financials tab."""

from __future__ import annotations

from django.http import HttpResponse

from qafila.kernel.http import Request
from qafila.kernel.web import page, render
from qafila.reports.group_financials import group_financials


@page("finance.reports.group_profit_loss.view")
def of_group(request: Request, code: str) -> HttpResponse:
    """GET /groups/<code>/tab/financials: income less expense of the group, as a fragment."""
    return render(request, "reports/financials.html", money=group_financials(request.actor, code))
