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


MOVED = "coalesce(sum(debit - credit), 0)"


def _sum_before(account_id: int, day: dt.date | None) -> Decimal:
    """Debit over credit of all approved lines before a day: whole months from balances, the part month from lines."""
    if day is None:
        return ZERO
    first = rules.month_start(day)
    (whole,) = _one(
        f"SELECT {MOVED} FROM ledger_accountbalance WHERE account_id = %s AND month < %s", [account_id, first]
    )
    (part,) = _one(
        "SELECT coalesce(sum(l.debit - l.credit), 0) FROM ledger_journalline l"
        " JOIN ledger_journalentry e ON e.id = l.entry_id AND e.status = 'approved'"
        " WHERE l.account_id = %s AND l.date >= %s AND l.date < %s",
        [account_id, first, day],
    )
    return Decimal(whole) + Decimal(part)


OF_ACCOUNT = (
    " FROM ledger_journalline l JOIN ledger_journalentry e ON e.id = l.entry_id AND e.status = 'approved'"
    " WHERE l.account_id = %s AND l.date >= coalesce(%s::date, '-infinity')"
    " AND l.date <= coalesce(%s::date, 'infinity')"
)


def account_statement(
    actor: Actor, account_id: int, window: Window, *, since: dt.date | None = None, until: dt.date | None = None
) -> AccountStatement:
    """An account's approved lines, oldest first, with the balance after each. At most seven queries.

    Refuses: AccountNotFound.
    """
    actor.need(VIEW)
    row = Account.objects.select_related("parent").filter(pk=account_id).first()
    if row is None:
        raise AccountNotFound("There is no such account.")
    opening = _sum_before(account_id, since)
    if since is None and until is None:
        of_all = f"SELECT coalesce(sum(lines), 0), {MOVED} FROM ledger_accountbalance WHERE account_id = %s"
        total, moved = _one(of_all, [account_id])
    else:
        total, moved = _one(
            f"SELECT count(*), coalesce(sum(l.debit - l.credit), 0){OF_ACCOUNT}", [account_id, since, until]
        )
    before = opening
    if window.offset:
        (skipped,) = _one(
            f"SELECT coalesce(sum(moved), 0) FROM (SELECT l.debit - l.credit AS moved{OF_ACCOUNT}"
            " ORDER BY l.date, l.id LIMIT %s) AS earlier",
            [account_id, since, until, window.offset],
        )
        before += skipped
    lines = Page(_lines(account_id, since, until, window, before), window.page, window.page_size, int(total))
    return AccountStatement(queries.read_account(row), since, until, opening, opening + moved, lines)


def _lines(
    account_id: int, since: dt.date | None, until: dt.date | None, window: Window, before: Decimal
) -> list[StatementLine]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT page.entry_id, page.number, page.date, page.narration, page.memo, page.party_id,"
            " coalesce(p.name, ''), page.booking_id, page.debit, page.credit,"
            " sum(page.debit - page.credit) OVER (ORDER BY page.date, page.id)"
            " FROM (SELECT l.id, l.entry_id, e.number, l.date, e.narration, l.memo, l.party_id, l.booking_id,"
            f" l.debit, l.credit{OF_ACCOUNT} ORDER BY l.date, l.id LIMIT %s OFFSET %s) AS page"
            " LEFT JOIN ledger_party p ON p.id = page.party_id ORDER BY page.date, page.id",
            [account_id, since, until, window.page_size, window.offset],
        )
        return [StatementLine(*[*row[:10], before + row[10]]) for row in cursor.fetchall()]


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
