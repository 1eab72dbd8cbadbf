"""A party's statement on paper."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from django.http import HttpResponse

from qafila.documents.steps import render_pdf
from qafila.identity.errors import AgencyNotSetUp
from qafila.identity.queries import agency
from qafila.kernel import clock
from qafila.kernel.actor import Actor
from qafila.kernel.errors import Refusal
from qafila.kernel.money import text
from qafila.kernel.pagination import Window
from qafila.ledger.party_statements import Statement, StatementLine
from qafila.parties import queries
from qafila.parties.rules import shown_phone
from qafila.parties.shelves import Shelf

MAX_LINES = 5000


class StatementTooLong(Refusal):
    """A statement on paper has at most 5,000 lines."""

    code, status, title = "STATEMENT_TOO_LONG", 409, "Too long to print"


def statement(actor: Actor, shelf: Shelf, party_id: int, since: date | None, until: date | None) -> HttpResponse:
    """The whole statement as a PDF. Refuses: NotFound, StatementTooLong."""
    read = partial(queries.statement, actor, shelf, party_id, since=since, until=until)
    found: Statement = read(Window(1, MAX_LINES))
    if found.lines.total > MAX_LINES:
        raise StatementTooLong(f"This statement has {found.lines.total} lines; choose fewer days.", field="since")
    row = queries.party_row(actor, shelf, party_id)
    lines = [
        *row.address.splitlines(),
        row.city,
        shown_phone(row.phone) if row.phone else "",
        row.gstin and f"GSTIN {row.gstin}",
    ]
    first = {"date": _day(since), "number": "", "text": "Brought forward", "debit": "", "credit": ""}
    brought = [{**first, "balance": text(found.opening)}] if since else []
    data = {
        "title": "Statement",
        "number": row.code,
        "agency": _letterhead(),
        "party": {"name": row.name, "lines": [line for line in lines if line]},
        "facts": [
            ["From", _day(since) if since else "the beginning"],
            ["To", _day(until or clock.today())],
            ["Billed", text(found.debits)],
            ["Received", text(found.credits)],
        ],
        "currency": queries.base_currency(),
        "rows": [*brought, *(_line(line) for line in found.lines.items)],
        "closing_label": "Owed to you" if found.closing < 0 else "Owed by you",
        "closing": text(abs(found.closing)),
    }
    response = HttpResponse(render_pdf("documents/statement", data), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="statement-{row.code}.pdf"'
    return response


def _line(line: StatementLine) -> dict[str, str]:
    return {
        "date": _day(line.date),
        "number": line.number,
        "text": line.text,
        "debit": text(line.debit) if line.debit else "",
        "credit": text(line.credit) if line.credit else "",
        "balance": text(line.balance),
    }


def _day(day: date | None) -> str:
    return f"{day:%d %b %Y}" if day else ""


def _letterhead() -> dict[str, Any]:
    try:
        house = agency()
    except AgencyNotSetUp:
        return {}
    return {
        "name": house.name,
        "address": [line.strip() for line in house.address.splitlines() if line.strip()],
        "contact": [part for part in (house.phone, house.email) if part],
        "tax": [f"GSTIN {house.gstin}"] if house.gstin else [],
    }
