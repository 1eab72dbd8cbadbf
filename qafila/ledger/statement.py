"""Statements of accounts and the trial balance: read from balances, never from all lines."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection

from qafila.kernel import clock
from qafila.kernel.actor import Actor
from qafila.kernel.pagination import Page, Window
from qafila.ledger import queries, rules
from qafila.ledger.errors import AccountNotFound
from qafila.ledger.models import Account
from qafila.ledger.queries import VIEW, AccountInfo
from qafila.ledger.types import ZERO

TRIAL = "finance.reports.trial_balance.view"


@dataclass(frozen=True)
class StatementLine:
    """One approved line of an account; `balance` is debit over credit of all lines up to it."""

    entry_id: int
    number: str
    date: dt.date
    narration: str
    memo: str
    party_id: int | None
    party: str
    booking_id: int | None
    debit: Decimal
    credit: Decimal
    balance: Decimal

    @property
    def text(self) -> str:
        return self.memo or self.narration


@dataclass(frozen=True)
class AccountStatement:
    """One page of a statement, debit over credit: `opening` stands before `since`, `closing` after `until`."""

    account: AccountInfo
    since: dt.date | None
    until: dt.date | None
    opening: Decimal
    closing: Decimal
    lines: Page[StatementLine]


@dataclass(frozen=True)
class TrialRow:
    """An account's balance as of a day, on one side. Groups sum what hangs under them."""

    account_id: int
    code: str
    name: str
    kind: str
    depth: int
    is_group: bool
    is_active: bool
    debit: Decimal
    credit: Decimal

    @property
    def net(self) -> Decimal:
        return self.debit - self.credit

    @property
    def balance(self) -> Decimal:
        """On the side where accounts of its kind grow."""
        return rules.natural(self.kind, self.debit, self.credit)


@dataclass(frozen=True)
class TrialBalance:
    """Every account's balance as of the end of a day; the two totals are equal."""

    as_of: dt.date
    rows: list[TrialRow]
    debit: Decimal
    credit: Decimal


@dataclass(frozen=True)
class _Sum:
    """Lines of an account up to somewhere: debit over credit, and how many."""

    net: Decimal = ZERO
    lines: int = 0

    def __add__(self, other: _Sum) -> _Sum:
        return _Sum(self.net + other.net, self.lines + other.lines)


# Lines of entries that are not approved count nowhere. They are few and have an index of their own, so asking for them
# costs less than asking each line's entry.
COUNTED = " AND NOT EXISTS (SELECT FROM ledger_journalentry w WHERE w.id = l.entry_id AND NOT w.status = 'approved')"


def account_statement(
    actor: Actor, account_id: int, window: Window, *, since: dt.date | None = None, until: dt.date | None = None
) -> AccountStatement:
    """An account's approved lines, oldest first, with the balance after each. At most five queries.

    Whole months come from the balances, which count their lines too: a page is found by reading the lines of one month,
    wherever in the years it lies. Refuses: MissingRight, AccountNotFound.
    """
    actor.need(VIEW)
    row = Account.objects.select_related("parent").filter(pk=account_id).first()
    if row is None:
        raise AccountNotFound("There is no such account.")
    months = _months(account_id)
    before = _up_to(account_id, months, since) if since else _Sum()
    through = _up_to(account_id, months, until + dt.timedelta(days=1)) if until else sum(months.values(), _Sum())
    total = max(through.lines - before.lines, 0)
    first, base = _month_of_line(months, before.lines + window.offset)
    lines: list[StatementLine] = []
    if window.offset < total:
        skip = before.lines + window.offset - base.lines
        lines = _lines(account_id, first, base.net, skip, min(window.page_size, total - window.offset))
    page = Page(lines, window.page, window.page_size, total)
    return AccountStatement(queries.read_account(row), since, until, before.net, _later(before, through).net, page)


def _later(before: _Sum, through: _Sum) -> _Sum:
    """A range that ends before it begins closes where it opened."""
    return through if through.lines >= before.lines else before


def _months(account_id: int) -> dict[dt.date, _Sum]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT month, sum(debit - credit), sum(lines)::bigint FROM ledger_accountbalance"
            " WHERE account_id = %s GROUP BY month ORDER BY month",
            [account_id],
        )
        return {month: _Sum(net, count) for month, net, count in cursor.fetchall()}


def _up_to(account_id: int, months: dict[dt.date, _Sum], day: dt.date) -> _Sum:
    """All lines before `day`: whole months from balances, the part month from its lines."""
    first = rules.month_start(day)
    whole = sum((moved for month, moved in months.items() if month < first), _Sum())
    if day == first or first not in months:
        return whole
    part = _one(
        "SELECT coalesce(sum(l.debit - l.credit), 0), count(*) FROM ledger_journalline l"
        f" WHERE l.account_id = %s AND l.date >= %s AND l.date < %s{COUNTED}",
        [account_id, first, day],
    )
    return whole + _Sum(*part)


def _month_of_line(months: dict[dt.date, _Sum], place: int) -> tuple[dt.date, _Sum]:
    """The month in which the line at this place (from 0, of all the account's) lies, and what stands before it."""
    base = _Sum()
    for month, moved in months.items():
        if place < base.lines + moved.lines:
            return month, base
        base += moved
    return dt.date.max, base


def _lines(account_id: int, first: dt.date, before: Decimal, skip: int, count: int) -> list[StatementLine]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT page.entry_id, e.number, page.date, e.narration, page.memo, page.party_id, coalesce(p.name, ''),"
            " page.booking_id, page.debit, page.credit, %s::numeric + page.moved"
            " FROM (SELECT l.*, sum(l.debit - l.credit) OVER (ORDER BY l.date, l.id ROWS UNBOUNDED PRECEDING) AS moved"
            f" FROM ledger_journalline l WHERE l.account_id = %s AND l.date >= %s{COUNTED}"
            " ORDER BY l.date, l.id LIMIT %s OFFSET %s) AS page"
            " JOIN ledger_journalentry e ON e.id = page.entry_id"
            " LEFT JOIN ledger_party p ON p.id = page.party_id ORDER BY page.date, page.id",
            [before, account_id, first, count, skip],
        )
        return [StatementLine(*row) for row in cursor.fetchall()]


def trial_balance(actor: Actor, *, as_of: dt.date, branch_id: int | None = None) -> TrialBalance:
    """Every account's balance at the end of a day: full months from balances, the part month from its lines.

    Three queries, however many lines there are.
    """
    actor.need(TRIAL)
    return _as_tree(as_of, _nets(as_of, branch_id))


def chart(actor: Actor, *, as_of: dt.date) -> list[TrialRow]:
    """The chart as a tree with balances, empty accounts included. Three queries."""
    actor.need(VIEW)
    return _as_tree(as_of, _nets(as_of, None), keep_empty=True).rows


def _nets(as_of: dt.date, branch_id: int | None) -> dict[int, Decimal]:
    """Debit over credit by account. Of the month that `as_of` cuts, the shorter part is read from its lines.

    So today's trial balance reads no line at all: nothing is dated after today, mostly.
    """
    first, end = rules.month_start(as_of), rules.month_end(as_of)
    take_off = as_of.day > 15 or as_of >= clock.today()
    branch, values = (" AND {0}branch_id = %s", [branch_id]) if branch_id is not None else ("", [])
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT account_id, sum(debit - credit) FROM ledger_accountbalance"
            f" WHERE month {'<=' if take_off else '<'} %s{branch.format('')} GROUP BY account_id",
            [first, *values],
        )
        nets: dict[int, Decimal] = dict(cursor.fetchall())
        days = (as_of + dt.timedelta(days=1), end) if take_off else (first, as_of)
        if days[0] <= days[1]:
            cursor.execute(
                "SELECT l.account_id, sum(l.debit - l.credit) FROM ledger_journalentry e"
                " JOIN ledger_journalline l ON l.entry_id = e.id"
                f" WHERE e.status = 'approved' AND e.date BETWEEN %s AND %s{branch.format('e.')} GROUP BY l.account_id",
                [*days, *values],
            )
            for account_id, moved in cursor.fetchall():
                nets[account_id] = nets.get(account_id, ZERO) + (-moved if take_off else moved)
    return nets


def _as_tree(as_of: dt.date, nets: dict[int, Decimal], *, keep_empty: bool = False) -> TrialBalance:
    accounts = list(Account.objects.order_by("code"))
    children: dict[int | None, list[Account]] = {}
    for account in accounts:
        children.setdefault(account.parent_id, []).append(account)
    rows: list[TrialRow] = []

    def walk(account: Account, depth: int) -> tuple[Decimal, Decimal]:
        place = len(rows)
        net = nets.get(account.pk, ZERO)
        debit, credit = max(net, ZERO), max(-net, ZERO)
        for child in children.get(account.pk, []):
            below = walk(child, depth + 1)
            debit, credit = debit + below[0], credit + below[1]
        if debit or credit or keep_empty:
            rows.insert(place, _trial_row(account, depth, debit, credit))
        return debit, credit

    totals = [walk(root, 0) for root in children.get(None, [])]
    return TrialBalance(as_of, rows, sum((d for d, _ in totals), ZERO), sum((c for _, c in totals), ZERO))


def _trial_row(account: Account, depth: int, debit: Decimal, credit: Decimal) -> TrialRow:
    return TrialRow(
        account.pk, account.code, account.name, account.kind, depth, account.is_group, account.is_active, debit, credit
    )


def _one(sql: str, values: Sequence[Any]) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        row: tuple[Any, ...] = cursor.fetchone()
        return row
