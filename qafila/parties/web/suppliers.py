"""Suppliers on the screen."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpResponse
from django.http.response import HttpResponseBase

from qafila.kernel.forms import parse_query
from qafila.kernel.http import Request
from qafila.kernel.listing import Column, Filter, Listing, respond
from qafila.kernel.web import page
from qafila.parties import queries
from qafila.parties.actions.create_supplier import create_supplier
from qafila.parties.actions.delete_supplier import delete_supplier
from qafila.parties.actions.edit_supplier import edit_supplier
from qafila.parties.models import Supplier
from qafila.parties.schemas import SupplierFilter, SupplierIn, Version
from qafila.parties.shelves import SUPPLIERS
from qafila.parties.web import common


class SupplierForm(SupplierIn):
    """The whole form of a supplier that stands, and the version it was opened at."""

    version: Version | None = None


CATEGORIES = tuple(Supplier._meta.get_field("category").choices or ())
STATUS = Filter("status", "Any status", (("active", "Active"), ("inactive", "Inactive")))
COLUMNS = (
    Column("name", "Name", sort="name", link=lambda r: SUPPLIERS.url(r.id), primary=True),
    Column("code", "Code", "code", sort="code"),
    Column("category_label", "Category", sort="category"),
    Column("city", "City", sort="city"),
    Column("currency", "Currency", "code", hide_on_phone=True),
    Column("phone_shown", "Phone", hide_on_phone=True),
    Column("status", "Status", "pill"),
)
BALANCE = Column("balance", "Balance", "money", currency="base_currency")
LISTING = Listing(
    title="Suppliers",
    columns=COLUMNS,
    filters=(Filter("category", "Any category", CATEGORIES), STATUS),
    empty="Enter whom you buy from: airlines, hotels, coaches, kitchens, visa companies.",
    action=("New supplier", "/sales/suppliers/new", "suppliers.create"),
    file_name="suppliers",
    row_link=lambda r: SUPPLIERS.url(r.id),
)
WITH_BALANCE = replace(LISTING, columns=(*COLUMNS, BALANCE))


@page("suppliers.view")
def listed(request: Request) -> HttpResponseBase:
    """The suppliers, newest first; the filter finds by name, city, airline code, phone, code."""
    paging = parse_query(request, SupplierFilter)
    listing = WITH_BALANCE if request.actor.may(queries.LEDGER_RIGHT["suppliers"]) else LISTING
    return respond(
        request,
        listing,
        lambda w: queries.suppliers(request.actor, w, q=paging.q, category=paging.category, status=paging.status),
        paging,
    )


@page("suppliers.create", methods=("GET", "POST"))
def new(request: Request) -> HttpResponse:
    """A new supplier."""
    if request.method == "POST":
        return common.create(request, SUPPLIERS, SupplierIn, create_supplier)
    return common.form(request, SUPPLIERS)


@page("suppliers.view")
def one(request: Request, party_id: int) -> HttpResponse:
    """One supplier: profile, statement, history."""
    return common.detail(request, SUPPLIERS, party_id, "Suppliers")


@page("suppliers.edit", methods=("GET", "POST"))
def change(request: Request, party_id: int) -> HttpResponse:
    """The form of a supplier that stands."""
    if request.method == "POST":
        return common.edit(request, SUPPLIERS, party_id, SupplierForm, edit_supplier)
    return common.form(request, SUPPLIERS, party_id)


@page("suppliers.delete", methods=("POST",))
def drop(request: Request, party_id: int) -> HttpResponse:
    """Delete a supplier."""
    return common.delete(request, SUPPLIERS, party_id, delete_supplier)


@page("suppliers.view")
def profile(request: Request, party_id: int) -> HttpResponse:
    """Tab: what is known of the supplier."""
    return common.profile(request, SUPPLIERS, party_id)


@page("finance.view")
def ledger(request: Request, party_id: int) -> HttpResponse:
    """Tab: what was billed and paid."""
    return common.ledger(request, SUPPLIERS, party_id)


@page("suppliers.view")
def history(request: Request, party_id: int) -> HttpResponse:
    """Tab: who changed what, and when."""
    return common.history(request, SUPPLIERS, party_id)
