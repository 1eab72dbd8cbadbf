"""Every read of customers, partners and suppliers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any, TypeVar

from django.db.models import F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from qafila.identity.errors import AgencyNotSetUp
from qafila.identity.queries import agency
from qafila.kernel import search
from qafila.kernel.actor import Actor
from qafila.kernel.errors import NotFound
from qafila.kernel.pagination import Page, Window, order, paginate
from qafila.ledger.models import PartyBalance
from qafila.ledger.party_statements import Statement, party_statement
from qafila.parties.models import Agent, Customer, Supplier
from qafila.parties.rules import normal_passport, shown_phone
from qafila.parties.shelves import AGENTS, CUSTOMERS, SUPPLIERS, Shelf
from qafila.parties.types import AgentRow, ContactRow, CustomerRow, SupplierRow

R = TypeVar("R", bound=ContactRow)
SORTS = {"id": "pk", "code": "pk", "name": "party__name", "created_at": "created_at", "city": "city"}
LEDGER_RIGHT = {"customers": "customers.ledger", "agents": "agents.ledger", "suppliers": "finance.view"}
TYPEAHEAD = 12


def base_currency() -> str:
    try:
        return agency().base_currency
    except AgencyNotSetUp:
        return "INR"


def home_country() -> str:
    try:
        return agency().country
    except AgencyNotSetUp:
        return "IN"


def _rows(actor: Actor, shelf: Shelf) -> QuerySet[Any]:
    """The live rows of a kind that the actor may see: staff all, a portal log-in its own."""
    rows: QuerySet[Any] = shelf.model._default_manager.filter(deleted_at=None).select_related("party")
    if not actor.is_staff:
        rows = rows.filter(pk=actor.party_id) if actor.kind == shelf.kind else rows.none()
    if actor.may(LEDGER_RIGHT[shelf.area]):
        owed = PartyBalance.objects.filter(party_id=OuterRef("pk")).values("party_id")
        owed_now = owed.annotate(owed=Sum(F("debit") - F("credit"))).values("owed")
        rows = rows.annotate(owed=Coalesce(Subquery(owed_now), Decimal(0)))
    return rows


def _read(kind: type[R], currency: str, row: Any) -> R:
    """A model's row as its frozen value."""
    values: dict[str, Any] = {
        "id": row.pk,
        "code": row.party.code,
        "name": row.party.name,
        "balance": getattr(row, "owed", None),
    }
    values["base_currency" if kind is SupplierRow else "currency"] = currency
    for column in fields(kind):
        if column.name not in values:
            values[column.name] = getattr(row, column.name)
    return kind(**values)


def _page(
    actor: Actor,
    shelf: Shelf,
    row_type: type[R],
    window: Window,
    q: str,
    status: str,
    sorts: dict[str, str],
    **exact: str,
) -> Page[R]:
    rows = search.matching(_rows(actor, shelf), shelf.entity, q)
    if status:
        rows = rows.filter(is_active=status == "active")
    rows = rows.filter(**{key: value for key, value in exact.items() if value})
    rows = rows.order_by(*order(window.sort, SORTS | sorts, "-id"))
    return paginate(rows, window, partial(_read, row_type, base_currency()))


def _one(actor: Actor, shelf: Shelf, kind: type[R], party_id: int) -> R:
    row = _rows(actor, shelf).filter(pk=party_id).first()
    if row is None:
        raise NotFound(f"There is no such {shelf.word}.")
    return _read(kind, base_currency(), row)


def customers(actor: Actor, window: Window, *, q: str = "", kind: str = "", status: str = "") -> Page[CustomerRow]:
    """Customers, newest first; `q` finds by name, phone, passport, e-mail, code, city. Three queries."""
    sorts = {"passport_expiry": "passport_expiry", "credit_limit": "credit_limit"}
    return _page(actor, CUSTOMERS, CustomerRow, window, q, status, sorts, kind=kind)


def agents(actor: Actor, window: Window, *, q: str = "", status: str = "") -> Page[AgentRow]:
    """Partners, newest first. Three queries."""
    sorts = {"commission_rate": "commission_rate", "credit_limit": "credit_limit"}
    return _page(actor, AGENTS, AgentRow, window, q, status, sorts)


def suppliers(actor: Actor, window: Window, *, q: str = "", category: str = "", status: str = "") -> Page[SupplierRow]:
    """Suppliers, newest first. Three queries."""
    return _page(actor, SUPPLIERS, SupplierRow, window, q, status, {"category": "category"}, category=category)


def customer(actor: Actor, customer_id: int) -> CustomerRow:
    """One customer. Two queries. Refuses: NotFound, also for a deleted one."""
    return _one(actor, CUSTOMERS, CustomerRow, customer_id)


def agent(actor: Actor, agent_id: int) -> AgentRow:
    """One partner. Two queries. Refuses: NotFound."""
    return _one(actor, AGENTS, AgentRow, agent_id)


def supplier(actor: Actor, supplier_id: int) -> SupplierRow:
    """One supplier. Two queries. Refuses: NotFound."""
    return _one(actor, SUPPLIERS, SupplierRow, supplier_id)


def party_row(actor: Actor, shelf: Shelf, party_id: int) -> CustomerRow | AgentRow | SupplierRow:
    """One party of any kind. Two queries. Refuses: NotFound."""
    if shelf.kind == "customer":
        return customer(actor, party_id)
    return agent(actor, party_id) if shelf.kind == "agent" else supplier(actor, party_id)


def statement(
    actor: Actor,
    shelf: Shelf,
    party_id: int,
    window: Window,
    *,
    since: date | None = None,
    until: date | None = None,
) -> Statement:
    """What a party was billed and paid, oldest first. At most five queries. Refuses: MissingRight, NotFound."""
    if actor.is_staff:
        actor.need(LEDGER_RIGHT[shelf.area])
    if not _rows(actor, shelf).filter(pk=party_id).exists():
        raise NotFound(f"There is no such {shelf.word}.")
    return party_statement(party_id, window, since=since, until=until)


def find_by_passport(actor: Actor, passport_no: str) -> CustomerRow | None:
    """The live customer who has this passport, if any. Two queries. Refuses: PartyDetailsInvalid for no passport."""
    number = normal_passport(passport_no)
    row = _rows(actor, CUSTOMERS).filter(passport_no=number).first()
    return None if row is None else _read(CustomerRow, base_currency(), row)


def options(actor: Actor, shelf: Shelf, q: str) -> list[dict[str, Any]]:
    """What a typeahead offers: at most 12 live and active of a kind, by name. One query.

    Whoever books or buys must be able to name a party, so the right to see bookings or inventory lets one choose;
    whoever does neither is offered nobody.
    """
    if not (actor.is_staff and any(actor.may(right) for right in CHOOSE[shelf.area])):
        return []
    rows: QuerySet[Any] = shelf.model._default_manager.filter(deleted_at=None, is_active=True).select_related("party")
    found = search.matching(rows, shelf.entity, q).order_by("party__name", "pk") if q.strip() else rows.order_by("-pk")
    return [
        {
            "id": row.pk,
            "label": row.party.name,
            "sub": " · ".join(filter(None, (row.party.code, SUBS[shelf.kind](row)))),
        }
        for row in found[:TYPEAHEAD]
    ]


CHOOSE = {
    "customers": ("customers.view",),
    "agents": ("agents.view", "bookings.view", "inventory.view"),
    "suppliers": ("suppliers.view", "inventory.view", "hotels.view", "finance.view"),
}


def _customer_sub(row: Customer) -> str:
    return " · ".join(filter(None, (row.passport_no, shown_phone(row.phone) if row.phone else "")))


def _agent_sub(row: Agent) -> str:
    return row.city or row.contact_person


def _supplier_sub(row: Supplier) -> str:
    return " · ".join(filter(None, (row.get_category_display(), row.city)))


SUBS: dict[str, Callable[[Any], str]] = {
    "customer": _customer_sub,
    "agent": _agent_sub,
    "supplier": _supplier_sub,
}
