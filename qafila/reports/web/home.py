"""The home page and the search box."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils.translation import gettext as _

from qafila.kernel import clock
from qafila.kernel.http import Request
from qafila.kernel.may import PUBLIC, SIGNED_IN
from qafila.kernel.web import page, render
from qafila.reports.home import home as of_home
from qafila.reports.search import search as find


@page(PUBLIC)
def door(request: Request) -> HttpResponse:
    """GET /: home for those signed in, the log-in for others."""
    return HttpResponseRedirect("/app" if request.signed_in else "/login")


@page(SIGNED_IN)
def home(request: Request) -> HttpResponse:
    """GET /app"""
    return render(request, "reports/home.html", title=_("Home"), home=of_home(request.actor), today=clock.today())


@page(SIGNED_IN)
def search(request: Request) -> HttpResponse:
    """GET /search?q=: the hits for the search box, or a page of them."""
    text = request.GET.get("q", "")[:100]
    hits = find(request.actor, text)
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse(
            [{"title": h.title, "sub": h.subtitle, "url": h.url, "entity": h.entity, "icon": h.icon} for h in hits],
            safe=False,
        )
    partial = request.htmx or request.headers.get("X-Requested-With") == "search"
    return render(
        request,
        "reports/hits.html" if partial else "reports/search.html",
        title=_("Search"),
        hits=hits,
        text=text,
    )
