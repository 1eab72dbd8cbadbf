"""Partners on the screen."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpResponse
from django.http.response import HttpResponseBase

from qafila.kernel.forms import parse_query
from qafila.kernel.http import Request
from qafila.kernel.listing import Column, Filter, Listing, respond
from qafila.kernel.web import page
from qafila.parties import queries
from qafila.parties.actions.create_agent import create_agent
from qafila.parties.actions.delete_agent import delete_agent
from qafila.parties.actions.edit_agent import edit_agent
from qafila.parties.schemas import AgentIn, PartyFilter, Version
from qafila.parties.shelves import AGENTS
from qafila.parties.web import common


class AgentForm(AgentIn):
    """The whole form of a partner that stands, and the version it was opened at."""

    version: Version | None = None


STATUS = Filter("status", "Any status", (("active", "Active"), ("inactive", "Inactive")))
COLUMNS = (
    Column("name", "Company", sort="name", link=lambda r: AGENTS.url(r.id), primary=True),
    Column("code", "Code", "code", sort="code"),
    Column("contact_person", "Contact", hide_on_phone=True),
    Column("phone_shown", "Phone", hide_on_phone=True),
    Column("city", "City", sort="city"),
    Column("commission_rate", "Commission %", "number", sort="commission_rate", hide_on_phone=True),
    Column("credit_limit", "Credit limit", "money", sort="credit_limit", hide_on_phone=True),
    Column("status", "Status", "pill"),
)
BALANCE = Column("balance", "Balance", "money")
LISTING = Listing(
    title="Partners",
    columns=COLUMNS,
    filters=(STATUS,),
    empty="Enter the agencies that sell your seats on.",
    action=("New partner", "/sales/partners/new", "agents.create"),
    file_name="partners",
    row_link=lambda r: AGENTS.url(r.id),
)
WITH_BALANCE = replace(LISTING, columns=(*COLUMNS, BALANCE))


@page("agents.view")
def listed(request: Request) -> HttpResponseBase:
    """The partners, newest first; the filter finds by name, contact, phone, e-mail, code."""
    paging = parse_query(request, PartyFilter)
    listing = WITH_BALANCE if request.actor.may(queries.LEDGER_RIGHT["agents"]) else LISTING
    return respond(
        request,
        listing,
        lambda w: queries.agents(request.actor, w, q=paging.q, status=paging.status),
        paging,
    )


@page("agents.create", methods=("GET", "POST"))
def new(request: Request) -> HttpResponse:
    """A new partner."""
    if request.method == "POST":
        return common.create(request, AGENTS, AgentIn, create_agent)
    return common.form(request, AGENTS)


@page("agents.view")
def one(request: Request, party_id: int) -> HttpResponse:
    """One partner: profile, statement, history."""
    return common.detail(request, AGENTS, party_id, "Partners")


@page("agents.edit", methods=("GET", "POST"))
def change(request: Request, party_id: int) -> HttpResponse:
    """The form of a partner that stands."""
    if request.method == "POST":
        return common.edit(request, AGENTS, party_id, AgentForm, edit_agent)
    return common.form(request, AGENTS, party_id)


@page("agents.delete", methods=("POST",))
def drop(request: Request, party_id: int) -> HttpResponse:
    """Delete a partner."""
    return common.delete(request, AGENTS, party_id, delete_agent)


@page("agents.view")
def profile(request: Request, party_id: int) -> HttpResponse:
    """Tab: what is known of the partner."""
    return common.profile(request, AGENTS, party_id)


@page("agents.ledger")
def ledger(request: Request, party_id: int) -> HttpResponse:
    """Tab: what was billed and paid."""
    return common.ledger(request, AGENTS, party_id)


@page("agents.view")
def history(request: Request, party_id: int) -> HttpResponse:
    """Tab: who changed what, and when."""
    return common.history(request, AGENTS, party_id)
