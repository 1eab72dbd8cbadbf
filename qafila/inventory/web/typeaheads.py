"""What fields ask for while somebody types: airlines, airports, blocks."""

from __future__ import annotations

from django.http import JsonResponse

from qafila.inventory import queries
from qafila.kernel.http import Request
from qafila.kernel.may import SIGNED_IN
from qafila.kernel.pagination import Window
from qafila.kernel.web import page

FIRST = Window(1, 12)


def asked(request: Request) -> str:
    return request.GET.get("q", "")[:100]


@page(SIGNED_IN)
def airlines(request: Request) -> JsonResponse:
    """GET /typeahead/airlines?q="""
    rows = queries.airlines(FIRST, q=asked(request)).items
    return JsonResponse([{"id": a.code, "label": f"{a.code} · {a.name}", "sub": a.country} for a in rows], safe=False)


@page(SIGNED_IN)
def airports(request: Request) -> JsonResponse:
    """GET /typeahead/airports?q="""
    rows = queries.airports(FIRST, q=asked(request)).items
    found = [{"id": a.code, "label": f"{a.code} · {a.city or a.name}", "sub": f"{a.name}, {a.country}"} for a in rows]
    return JsonResponse(found, safe=False)


@page("inventory.view")
def blocks(request: Request) -> JsonResponse:
    """GET /typeahead/blocks?q="""
    rows = queries.blocks(request.actor, FIRST, q=asked(request)).items
    found = [
        {"id": b.id, "label": f"{b.code} · {b.pnr}", "sub": f"{b.route} · {b.departs_on} · {b.available_seats} free"}
        for b in rows
    ]
    return JsonResponse(found, safe=False)
