"""What the pages of all three kinds share: detail, tabs, forms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.http import HttpResponse
from pydantic import BaseModel

from qafila.kernel.audit import trail
from qafila.kernel.forms import form_key, parse, parse_query
from qafila.kernel.http import Request
from qafila.kernel.idempotency import once
from qafila.kernel.taxids import STATES
from qafila.kernel.web import done, render, tabs_of
from qafila.parties import queries
from qafila.parties.models import Supplier
from qafila.parties.rules import countries, nationalities
from qafila.parties.schemas import PartyStatementFilter
from qafila.parties.shelves import Shelf

S = TypeVar("S", bound=BaseModel)


def detail(request: Request, shelf: Shelf, party_id: int, label: str) -> HttpResponse:
    """The shell of one party; its tabs are fetched."""
    row = queries.party_row(request.actor, shelf, party_id)
    return render(
        request,
        "parties/detail.html",
        row=row,
        shelf=shelf,
        title=row.name,
        crumbs=[(label, shelf.path)],
        tabs=tabs_of(shelf.entity, request.actor, id=row.id),
        tabs_key=shelf.entity,
        currency=getattr(row, "base_currency", row.currency),
        may_edit=f"{shelf.area}.edit",
        may_delete=f"{shelf.area}.delete",
    )


def profile(request: Request, shelf: Shelf, party_id: int) -> HttpResponse:
    row = queries.party_row(request.actor, shelf, party_id)
    return render(
        request,
        f"parties/{shelf.entity}_profile.html",
        row=row,
        state=STATES.get(row.state_code, row.state_code),
        country=countries().get(row.country, row.country),
        nationality=nationalities().get(getattr(row, "nationality", ""), getattr(row, "nationality", "")),
        currency=getattr(row, "base_currency", row.currency),
    )


def ledger(request: Request, shelf: Shelf, party_id: int) -> HttpResponse:
    query = parse_query(request, PartyStatementFilter)
    found = queries.statement(request.actor, shelf, party_id, query.window(), since=query.since, until=query.until)
    return render(
        request,
        "parties/ledger.html",
        found=found,
        shelf=shelf,
        party_id=party_id,
        currency=queries.base_currency(),
        since=query.since,
        until=query.until,
        earlier=query.page - 1,
        later=query.page + 1 if query.page < found.lines.pages else 0,
        pdf=f"/api/v1/{shelf.area}/{party_id}/statement.pdf" if shelf.kind != "supplier" else "",
    )


def history(request: Request, shelf: Shelf, party_id: int) -> HttpResponse:
    queries.party_row(request.actor, shelf, party_id)
    return render(request, "parties/history.html", rows=trail(shelf.entity, party_id))


def form(request: Request, shelf: Shelf, party_id: int | None = None) -> HttpResponse:
    """The form of a new party, or of one as it stands."""
    row = queries.party_row(request.actor, shelf, party_id) if party_id else None
    return render(
        request,
        f"parties/{shelf.entity}_form.html",
        row=row,
        values=vars(row) if row else _blank(),
        title=f"{row.name}: change" if row else f"New {shelf.word}",
        crumbs=[(LABELS[shelf.entity], shelf.path), *([(row.name, shelf.url(row.id))] if row else [])],
        cancel_url=shelf.url(row.id) if row else shelf.path,
        countries=countries().items(),
        nationalities=nationalities().items(),
        states=STATES.items(),
        categories=Supplier._meta.get_field("category").choices,
        base_currency=queries.base_currency(),
    )


def _blank() -> dict[str, Any]:
    return {"is_active": True, "country": queries.home_country(), "currency": queries.base_currency()}


LABELS = {"customer": "Customers", "agent": "Partners", "supplier": "Suppliers"}


def create(request: Request, shelf: Shelf, schema: type[S], verb: Callable[..., int]) -> HttpResponse:
    """Take the form of a new party."""
    details = parse(request, schema)
    answer = once(form_key(request), request.actor, verb, _same, 201, details=details)
    row = queries.party_row(request.actor, shelf, answer.body)
    return done(request, f"{row.name} is entered as {row.code}.", to=shelf.url(row.id))


def edit(request: Request, shelf: Shelf, party_id: int, schema: type[S], verb: Callable[..., int]) -> HttpResponse:
    """Take the form of a party that stands: what is not sent falls back to the schema's own empty value."""
    sent = parse(request, schema)
    changes = sent.model_dump(exclude={"version"})
    version: Any = getattr(sent, "version", None)
    asked = {f"{shelf.entity}_id": party_id, "changes": changes, "version": version}
    once(form_key(request), request.actor, verb, _same, 200, **asked)
    return done(request, "Saved.", to=shelf.url(party_id))


def delete(request: Request, shelf: Shelf, party_id: int, verb: Callable[..., None]) -> HttpResponse:
    row = queries.party_row(request.actor, shelf, party_id)
    once(form_key(request), request.actor, verb, _same, 200, **{f"{shelf.entity}_id": party_id})
    return done(request, f"{row.name} is deleted.", to=shelf.path)


def _same(value: Any) -> Any:
    return value


__all__ = ["LABELS", "create", "delete", "detail", "edit", "form", "history", "ledger", "profile"]
