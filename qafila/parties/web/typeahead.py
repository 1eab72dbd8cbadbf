"""Choices found by typing: at most twelve, as JSON."""

from __future__ import annotations

from django.http import JsonResponse

from qafila.kernel.http import Request
from qafila.kernel.may import SIGNED_IN
from qafila.kernel.web import page
from qafila.parties import queries
from qafila.parties.shelves import AGENTS, CUSTOMERS, SUPPLIERS, Shelf


def _answer(request: Request, shelf: Shelf) -> JsonResponse:
    return JsonResponse(queries.options(request.actor, shelf, request.GET.get("q", "")[:100]), safe=False)


@page("customers.view")
def customers(request: Request) -> JsonResponse:
    """Customers by name, phone, passport, code."""
    return _answer(request, CUSTOMERS)


@page(SIGNED_IN)
def agents(request: Request) -> JsonResponse:
    """Partners, for whoever sees partners, bookings or inventory."""
    return _answer(request, AGENTS)


@page(SIGNED_IN)
def suppliers(request: Request) -> JsonResponse:
    """Suppliers, for whoever sees suppliers, inventory or the books."""
    return _answer(request, SUPPLIERS)
