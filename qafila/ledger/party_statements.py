"""A party's statement of account: what was billed and paid, and what stands after each line, in base currency."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from qafila.kernel.pagination import Page, Window
from qafila.ledger.statement import COUNTED
from qafila.ledger.types import ZERO


@dataclass(frozen=True)
class StatementLine:
    """One line of the books with this party on it; `balance` is debit over credit of all lines up to it."""

    entry_id: int
    number: str
    date: date
    account: str
    account_name: str
    narration: str
    memo: str
    booking_id: int | None
    debit: Decimal
    credit: Decimal
    balance: Decimal

    @property
    def text(self) -> str:
        return self.memo or self.narration


@dataclass(frozen=True)
class Statement:
    """One page of a statement. `opening` stands before `since`, `closing` after `until`, over all pages."""

    party_id: int
    since: date | None
    until: date | None
    opening: Decimal
    closing: Decimal
    debits: Decimal
    credits: Decimal
    lines: Page[StatementLine]


# Money moved between a party's own accounts (an advance applied to its invoice) is no news to the party: an entry whose
# lines of it come to nothing is left out, so that "billed" and "received" are what was billed and received.
OF_PARTY = (
    f" FROM ledger_journalline l WHERE l.party_id = %s{COUNTED} AND l.entry_id NOT IN ("
    "SELECT own.entry_id FROM ledger_journalline own WHERE own.party_id = %s"
    " GROUP BY own.entry_id HAVING sum(own.debit - own.credit) = 0)"
)
IN_RANGE = " AND l.date >= coalesce(%s::date, '-infinity') AND l.date <= coalesce(%s::date, 'infinity')"


def party_statement(
    party_id: int, window: Window, *, since: date | None = None, until: date | None = None
) -> Statement:
    """The statement of a customer, agent or supplier, oldest line first, approved entries only. At most four queries.

    Checks no right: the room of the party does.
    """
    opening = ZERO
    if since is not None:
        (opening,) = _row(
            f"SELECT coalesce(sum(l.debit - l.credit), 0){OF_PARTY} AND l.date < %s", [party_id, party_id, since]
        )
    total, debits, credits_ = _row(
        f"SELECT count(*), coalesce(sum(l.debit), 0), coalesce(sum(l.credit), 0){OF_PARTY}{IN_RANGE}",
        [party_id, party_id, since, until],
    )
    before = opening
    if window.offset:
        (skipped,) = _row(
            f"SELECT coalesce(sum(moved), 0) FROM (SELECT l.debit - l.credit AS moved{OF_PARTY}{IN_RANGE}"
            " ORDER BY l.date, l.id LIMIT %s) AS first",
            [party_id, party_id, since, until, window.offset],
        )
        before += skipped
    lines = _lines(party_id, since, until, window, before)
    page = Page(lines, window.page, window.page_size, total)
    return Statement(party_id, since, until, opening, opening + debits - credits_, debits, credits_, page)


def _lines(
    party_id: int, since: date | None, until: date | None, window: Window, before: Decimal
) -> list[StatementLine]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT page.entry_id, e.number, page.date, a.code, a.name, e.narration, page.memo, page.booking_id,"
            " page.debit, page.credit, sum(page.debit - page.credit) OVER (ORDER BY page.date, page.id)"
            " FROM (SELECT l.id, l.entry_id, l.date, l.account_id, l.memo, l.booking_id, l.debit, l.credit"
            f"{OF_PARTY}{IN_RANGE} ORDER BY l.date, l.id LIMIT %s OFFSET %s) AS page"
            " JOIN ledger_journalentry e ON e.id = page.entry_id"
            " JOIN ledger_account a ON a.id = page.account_id ORDER BY page.date, page.id",
            [party_id, party_id, since, until, window.page_size, window.offset],
        )
        return [StatementLine(*[*row[:10], before + row[10]]) for row in cursor.fetchall()]


def _row(sql: str, values: Sequence[Any]) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        row: tuple[Any, ...] = cursor.fetchone()
        return row
