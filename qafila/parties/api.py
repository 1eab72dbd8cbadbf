"""Customers, partners and suppliers over HTTP. Source: api.md, 2."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from ninja import Query, Status

from qafila.kernel.errors import NotFound
from qafila.kernel.http import Envelope, Id, Request, Routes, answered, dump, envelope, key_of, version_of
from qafila.kernel.idempotency import once
from qafila.parties import papers, queries, schemas
from qafila.parties.actions.create_agent import create_agent
from qafila.parties.actions.create_customer import create_customer
from qafila.parties.actions.create_supplier import create_supplier
from qafila.parties.actions.delete_agent import delete_agent
from qafila.parties.actions.delete_customer import delete_customer
from qafila.parties.actions.delete_supplier import delete_supplier
from qafila.parties.actions.edit_agent import edit_agent
from qafila.parties.actions.edit_customer import edit_customer
from qafila.parties.actions.edit_supplier import edit_supplier
from qafila.parties.reading import read_passport
from qafila.parties.schemas import AgentOut, CustomerOut, PartyStatementFilter, StatementOut, SupplierOut
from qafila.parties.shelves import AGENTS, CUSTOMERS, SUPPLIERS, Shelf

router = Routes(tags=["Customers, partners, suppliers"])
PDF: dict[str, Any] = {
    "openapi_extra": {"responses": {200: {"description": "A PDF", "content": {"application/pdf": {}}}}},
    "response": None,
}


def _changes(payload: schemas.ContactChange) -> dict[str, Any]:
    return payload.model_dump(exclude_unset=True, exclude={"version"})


def _statement(request: Request, shelf: Shelf, party_id: int, query: PartyStatementFilter) -> Any:
    found = queries.statement(request.actor, shelf, party_id, query.window(), since=query.since, until=query.until)
    sums = {name: getattr(found, name) for name in ("opening", "closing", "debits", "credits")}
    return {**envelope(found.lines), **sums, "currency": queries.base_currency()}


# ---- customers


@router.get("/customers", may="customers.view", response=Envelope[CustomerOut])
def list_customers(request: Request, query: Query[schemas.CustomerFilter]) -> Any:
    """Customers, newest first. `q` finds by name, phone, passport, e-mail, code, city."""
    page = queries.customers(request.actor, query.window(), q=query.q, kind=query.kind, status=query.status)
    return envelope(page)


@router.post("/customers", may="customers.create", response={201: CustomerOut})
def add_customer(request: Request, payload: schemas.CustomerIn) -> HttpResponse:
    """Enter a customer. The passport of a deleted one revives them; that of a live one is a conflict."""

    def told(key: int) -> Any:
        return dump(CustomerOut, queries.customer(request.actor, key))

    return answered(once(key_of(request), request.actor, create_customer, told, 201, details=payload))


@router.get("/customers/by-passport/{passport_no}", may="customers.view", response=CustomerOut)
def read_customer_by_passport(request: Request, passport_no: str) -> Any:
    """The customer who has this passport."""
    found = queries.find_by_passport(request.actor, passport_no)
    if found is None:
        raise NotFound("Nobody here has this passport.")
    return found


@router.post("/customers/read-passport", may="customers.view", response=schemas.PassportOut)
def read_passport_lines(request: Request, payload: schemas.PassportIn) -> Any:
    """What a passport's machine-readable lines say, each check digit checked, and who has this passport already."""
    return read_passport(request.actor, payload.lines)


@router.get("/customers/{customer_id}", may="customers.view", response=CustomerOut)
def read_customer(request: Request, customer_id: Id) -> Any:
    """One customer."""
    return queries.customer(request.actor, customer_id)


@router.patch("/customers/{customer_id}", may="customers.edit", response=CustomerOut)
def change_customer(request: Request, customer_id: Id, payload: schemas.CustomerChange) -> Any:
    """Change what is sent, from the version that was read."""
    version = version_of(request, payload.version)
    edit_customer(actor=request.actor, customer_id=customer_id, changes=_changes(payload), version=version)
    return queries.customer(request.actor, customer_id)


@router.delete("/customers/{customer_id}", may="customers.delete", response={204: None})
def drop_customer(request: Request, customer_id: Id) -> Any:
    """Delete a customer softly: not while money is open, nor while a room above still needs them."""
    delete_customer(actor=request.actor, customer_id=customer_id)
    return Status(204, None)


@router.get("/customers/{customer_id}/ledger", may="customers.ledger", response=StatementOut)
def read_customer_ledger(request: Request, customer_id: Id, query: Query[PartyStatementFilter]) -> Any:
    """A customer's statement, oldest line first, with what stands after each."""
    return _statement(request, CUSTOMERS, customer_id, query)


@router.get("/customers/{customer_id}/statement.pdf", may="customers.ledger", **PDF)
def read_customer_statement(request: Request, customer_id: Id, query: Query[PartyStatementFilter]) -> HttpResponse:
    """The same on paper, whole."""
    return papers.statement(request.actor, CUSTOMERS, customer_id, query.since, query.until)


# ---- partners


@router.get("/agents", may="agents.view", response=Envelope[AgentOut])
def list_agents(request: Request, query: Query[schemas.PartyFilter]) -> Any:
    """Partners, newest first."""
    return envelope(queries.agents(request.actor, query.window(), q=query.q, status=query.status))


@router.post("/agents", may="agents.create", response={201: AgentOut})
def add_agent(request: Request, payload: schemas.AgentIn) -> HttpResponse:
    """Enter a partner, by company name."""

    def told(key: int) -> Any:
        return dump(AgentOut, queries.agent(request.actor, key))

    return answered(once(key_of(request), request.actor, create_agent, told, 201, details=payload))


@router.get("/agents/{agent_id}", may="agents.view", response=AgentOut)
def read_agent(request: Request, agent_id: Id) -> Any:
    """One partner."""
    return queries.agent(request.actor, agent_id)


@router.patch("/agents/{agent_id}", may="agents.edit", response=AgentOut)
def change_agent(request: Request, agent_id: Id, payload: schemas.AgentChange) -> Any:
    """Change what is sent, from the version that was read."""
    version = version_of(request, payload.version)
    edit_agent(actor=request.actor, agent_id=agent_id, changes=_changes(payload), version=version)
    return queries.agent(request.actor, agent_id)


@router.delete("/agents/{agent_id}", may="agents.delete", response={204: None})
def drop_agent(request: Request, agent_id: Id) -> Any:
    """Delete a partner softly: not while money is open, nor while a room above still needs them."""
    delete_agent(actor=request.actor, agent_id=agent_id)
    return Status(204, None)


@router.get("/agents/{agent_id}/ledger", may="agents.ledger", response=StatementOut)
def read_agent_ledger(request: Request, agent_id: Id, query: Query[PartyStatementFilter]) -> Any:
    """A partner's statement, oldest line first, with what stands after each."""
    return _statement(request, AGENTS, agent_id, query)


@router.get("/agents/{agent_id}/statement.pdf", may="agents.ledger", **PDF)
def read_agent_statement(request: Request, agent_id: Id, query: Query[PartyStatementFilter]) -> HttpResponse:
    """The same on paper, whole."""
    return papers.statement(request.actor, AGENTS, agent_id, query.since, query.until)


# ---- suppliers


@router.get("/suppliers", may="suppliers.view", response=Envelope[SupplierOut])
def list_suppliers(request: Request, query: Query[schemas.SupplierFilter]) -> Any:
    """Suppliers, newest first."""
    page = queries.suppliers(request.actor, query.window(), q=query.q, category=query.category, status=query.status)
    return envelope(page)


@router.post("/suppliers", may="suppliers.create", response={201: SupplierOut})
def add_supplier(request: Request, payload: schemas.SupplierIn) -> HttpResponse:
    """Enter a supplier, by company name."""

    def told(key: int) -> Any:
        return dump(SupplierOut, queries.supplier(request.actor, key))

    return answered(once(key_of(request), request.actor, create_supplier, told, 201, details=payload))


@router.get("/suppliers/{supplier_id}", may="suppliers.view", response=SupplierOut)
def read_supplier(request: Request, supplier_id: Id) -> Any:
    """One supplier."""
    return queries.supplier(request.actor, supplier_id)


@router.patch("/suppliers/{supplier_id}", may="suppliers.edit", response=SupplierOut)
def change_supplier(request: Request, supplier_id: Id, payload: schemas.SupplierChange) -> Any:
    """Change what is sent, from the version that was read."""
    version = version_of(request, payload.version)
    edit_supplier(actor=request.actor, supplier_id=supplier_id, changes=_changes(payload), version=version)
    return queries.supplier(request.actor, supplier_id)


@router.delete("/suppliers/{supplier_id}", may="suppliers.delete", response={204: None})
def drop_supplier(request: Request, supplier_id: Id) -> Any:
    """Delete a supplier softly: not while money is open, nor while a room above still needs them."""
    delete_supplier(actor=request.actor, supplier_id=supplier_id)
    return Status(204, None)


@router.get("/suppliers/{supplier_id}/ledger", may="finance.view", response=StatementOut)
def read_supplier_ledger(request: Request, supplier_id: Id, query: Query[PartyStatementFilter]) -> Any:
    """A supplier's statement, oldest line first, with what stands after each."""
    return _statement(request, SUPPLIERS, supplier_id, query)
