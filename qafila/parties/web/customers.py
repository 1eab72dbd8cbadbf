"""Customers on the screen."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpResponse
from django.http.response import HttpResponseBase

from qafila.kernel.forms import parse_query
from qafila.kernel.http import Request
from qafila.kernel.listing import Column, Filter, Listing, respond
from qafila.kernel.web import page
from qafila.parties import queries
from qafila.parties.actions.create_customer import create_customer
from qafila.parties.actions.delete_customer import delete_customer
from qafila.parties.actions.edit_customer import edit_customer
from qafila.parties.schemas import CustomerFilter, CustomerIn, Version
from qafila.parties.shelves import CUSTOMERS
from qafila.parties.web import common


class CustomerForm(CustomerIn):
    """The whole form of a customer that stands, and the version it was opened at."""

    version: Version | None = None


KINDS = (("walk_in", "Walk-in"), ("corporate", "Corporate"), ("family_head", "Family head"))
STATUS = Filter("status", "Any status", (("active", "Active"), ("inactive", "Inactive")))
COLUMNS = (
    Column("name", "Name", sort="name", link=lambda r: CUSTOMERS.url(r.id), primary=True),
    Column("code", "Code", "code", sort="code"),
    Column("phone_shown", "Phone", hide_on_phone=True),
    Column("passport_no", "Passport", "code"),
    Column("passport_expiry", "Passport expires", "date", sort="passport_expiry", hide_on_phone=True),
    Column("city", "City", sort="city", hide_on_phone=True),
    Column("status", "Status", "pill"),
)
BALANCE = Column("balance", "Balance", "money")
LISTING = Listing(
    title="Customers",
    columns=COLUMNS,
    filters=(Filter("kind", "Any kind", KINDS), STATUS),
    empty="Enter a customer, or let a booking enter its passengers by passport.",
    action=("New customer", "/sales/customers/new", "customers.create"),
    file_name="customers",
    row_link=lambda r: CUSTOMERS.url(r.id),
)
WITH_BALANCE = replace(LISTING, columns=(*COLUMNS, BALANCE))


@page("customers.view")
def listed(request: Request) -> HttpResponseBase:
    """The customers, newest first; the filter finds by name, phone, passport, e-mail, code."""
    paging = parse_query(request, CustomerFilter)
    listing = WITH_BALANCE if request.actor.may(queries.LEDGER_RIGHT["customers"]) else LISTING
    return respond(
        request,
        listing,
        lambda w: queries.customers(request.actor, w, q=paging.q, kind=paging.kind, status=paging.status),
        paging,
    )


@page("customers.create", methods=("GET", "POST"))
def new(request: Request) -> HttpResponse:
    """A new customer."""
    if request.method == "POST":
        return common.create(request, CUSTOMERS, CustomerIn, create_customer)
    return common.form(request, CUSTOMERS)


@page("customers.view")
def one(request: Request, party_id: int) -> HttpResponse:
    """One customer: profile, statement, history."""
    return common.detail(request, CUSTOMERS, party_id, "Customers")


@page("customers.edit", methods=("GET", "POST"))
def change(request: Request, party_id: int) -> HttpResponse:
    """The form of a customer that stands."""
    if request.method == "POST":
        return common.edit(request, CUSTOMERS, party_id, CustomerForm, edit_customer)
    return common.form(request, CUSTOMERS, party_id)


@page("customers.delete", methods=("POST",))
def drop(request: Request, party_id: int) -> HttpResponse:
    """Delete a customer."""
    return common.delete(request, CUSTOMERS, party_id, delete_customer)


@page("customers.view")
def profile(request: Request, party_id: int) -> HttpResponse:
    """Tab: what is known of the customer."""
    return common.profile(request, CUSTOMERS, party_id)


@page("customers.ledger")
def ledger(request: Request, party_id: int) -> HttpResponse:
    """Tab: what was billed and paid."""
    return common.ledger(request, CUSTOMERS, party_id)


@page("customers.view")
def history(request: Request, party_id: int) -> HttpResponse:
    """Tab: who changed what, and when."""
    return common.history(request, CUSTOMERS, party_id)
