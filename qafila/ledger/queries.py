"""Every read of the books that higher rooms may use: accounts, balances of parties, entries of a document."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection

from qafila.kernel.actor import Actor
from qafila.kernel.errors import NotFound
from qafila.ledger.models import Account, Party, PartyBalance, Period
from qafila.ledger.states import PERIOD
from qafila.ledger.types import ZERO

VIEW = "finance.view"


@dataclass(frozen=True)
class AccountInfo:
    """An account of the chart. `control` names the kind of party its lines need; `currency` None: the base currency."""

    id: int
    code: str
    name: str
    kind: str
    parent_code: str | None
    is_group: bool
    is_active: bool
    control: str
    currency: str | None
    cash_or_bank: str
    branch_id: int | None
    version: int

    @property
    def takes_postings(self) -> bool:
        return self.is_active and not self.is_group

    @property
    def label(self) -> str:
        return f"{self.code} · {self.name}"


@dataclass(frozen=True)
class PartyInfo:
    """Whom the books know: `kind` is customer, agent or supplier."""

    id: int
    kind: str
    code: str
    name: str


@dataclass(frozen=True)
class LineInfo:
    """A line with its entry's head: what a booking's or document's journal shows. Amounts in base currency."""

    entry_id: int
    number: str
    date: dt.date
    narration: str
    status: str
    source: str
    event: str
    reverses_id: int | None
    n: int
    account: str
    account_name: str
    party_id: int | None
    party_name: str
    debit: Decimal
    credit: Decimal
    currency: str | None
    amount: Decimal | None
    rate: Decimal | None
    memo: str


@dataclass(frozen=True)
class EntryInfo:
    """An entry with its lines."""

    id: int
    number: str
    date: dt.date
    narration: str
    status: str
    source: str
    event: str
    reverses_id: int | None
    lines: tuple[LineInfo, ...]

    @property
    def total(self) -> Decimal:
        return sum((line.debit for line in self.lines), ZERO)


def read_account(row: Account) -> AccountInfo:
    return AccountInfo(
        id=row.pk,
        code=row.code,
        name=row.name,
        kind=row.kind,
        parent_code=row.parent.code if row.parent else None,
        is_group=row.is_group,
        is_active=row.is_active,
        control=row.control,
        currency=row.currency,
        cash_or_bank=row.cash_or_bank,
        branch_id=row.branch_id,
        version=row.version,
    )


def account_by_code(code: str) -> AccountInfo | None:
    """The account of this code, if there is one. One query."""
    row = Account.objects.select_related("parent").filter(code=code).first()
    return read_account(row) if row else None


def account(actor: Actor, account_id: int) -> AccountInfo:
    """One account. Refuses: MissingRight, NotFound."""
    actor.need(VIEW)
    row = Account.objects.select_related("parent").filter(pk=account_id).first()
    if row is None:
        raise NotFound("There is no such account.")
    return read_account(row)


def accounts(actor: Actor) -> list[AccountInfo]:
    """The whole chart, by code. One query."""
    actor.need(VIEW)
    return [read_account(row) for row in Account.objects.select_related("parent").order_by("code")]


@dataclass(frozen=True)
class PeriodInfo:
    """An accounting period and whether it takes postings."""

    id: int
    name: str
    starts: dt.date
    ends: dt.date
    state: str
    state_label: str
    state_tone: str


def periods(actor: Actor) -> list[PeriodInfo]:
    """The periods, oldest first. One query."""
    actor.need(VIEW)
    return [
        PeriodInfo(p.pk, p.name, p.starts, p.ends, p.state, PERIOD.label(p.state), PERIOD.tone(p.state))
        for p in Period.objects.order_by("starts")
    ]


def cash_and_bank_accounts(actor: Actor) -> list[AccountInfo]:
    """The active drawers and bank accounts, by code: what a receipt or payment names. One query."""
    rows = Account.objects.select_related("parent").exclude(cash_or_bank="").filter(is_active=True, is_group=False)
    return [read_account(row) for row in rows]


def party(party_id: int) -> PartyInfo | None:
    row = Party.objects.filter(pk=party_id).first()
    return PartyInfo(row.pk, row.kind, row.code, row.name) if row else None


def leaves(actor: Actor, q: str) -> list[tuple[str, str, str]]:
    """Code, name and control of the first twelve accounts that take postings, by code or name. One query."""
    actor.need(VIEW)
    rows = Account.objects.filter(is_group=False, is_active=True)
    found = rows.filter(code__istartswith=q) | rows.filter(name__icontains=q)
    return list(found.order_by("code").values_list("code", "name", "control")[:12])


def parties(actor: Actor, q: str) -> list[PartyInfo]:
    """The first twelve parties whose code or name begins with, or holds, these letters. One query."""
    actor.need(VIEW)
    rows = Party.objects.filter(name__icontains=q) | Party.objects.filter(code__istartswith=q)
    return [PartyInfo(*row) for row in rows.order_by("name").values_list("pk", "kind", "code", "name")[:12]]


def party_balance(party_id: int, code: str) -> Decimal:
    """What a party owes on one control account, debit over credit, in base currency. One query, one row."""
    row = PartyBalance.objects.filter(party_id=party_id, account__code=code).values_list("debit", "credit").first()
    return row[0] - row[1] if row else ZERO


def party_balances(party_ids: Sequence[int], codes: Sequence[str]) -> dict[int, Decimal]:
    """Debit over credit of many parties over these control accounts together. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT b.party_id, sum(b.debit - b.credit) FROM ledger_partybalance b"
            " JOIN ledger_account a ON a.id = b.account_id"
            " WHERE b.party_id = ANY(%s::bigint[]) AND a.code = ANY(%s::text[]) GROUP BY 1",
            [list(party_ids), list(codes)],
        )
        found = dict(cursor.fetchall())
    return {party_id: found.get(party_id, ZERO) for party_id in party_ids}


LINES = (
    "SELECT e.id, e.number, e.date, e.narration, e.status, e.source, e.event, e.reverses_id, l.n, a.code, a.name,"
    " l.party_id, coalesce(p.name, ''), l.debit, l.credit, l.currency, l.amount, l.rate, l.memo"
    " FROM ledger_journalline l JOIN ledger_journalentry e ON e.id = l.entry_id"
    " JOIN ledger_account a ON a.id = l.account_id LEFT JOIN ledger_party p ON p.id = l.party_id"
)


def _lines(where: str, values: Sequence[Any]) -> list[LineInfo]:
    with connection.cursor() as cursor:
        cursor.execute(f"{LINES} WHERE {where} ORDER BY e.date, e.id, l.n", list(values))
        return [LineInfo(*row) for row in cursor.fetchall()]


def entries_of(actor: Actor, source: str, source_id: int) -> list[EntryInfo]:
    """The entries of one document, oldest first, each with its lines; scoping the document is its room's. One query."""
    return gather(_lines("e.source = %s AND e.source_id = %s", [source, source_id]))


def lines_of_booking(actor: Actor, booking_id: int) -> list[LineInfo]:
    """Every line that names this booking, oldest first. One query."""
    return _lines("l.booking_id = %s", [booking_id])


def lines_of_entry(entry_id: int) -> list[LineInfo]:
    return _lines("e.id = %s", [entry_id])


def entries_of_booking(actor: Actor, booking_id: int) -> list[EntryInfo]:
    """Every entry with a line that names this booking, whole, oldest first. One query."""
    inner = "SELECT entry_id FROM ledger_journalline WHERE booking_id = %s"
    return gather(_lines(f"e.id IN ({inner})", [booking_id]))


def gather(lines: Sequence[LineInfo]) -> list[EntryInfo]:
    """Lines in order as their entries."""
    entries: dict[int, list[LineInfo]] = {}
    for line in lines:
        entries.setdefault(line.entry_id, []).append(line)
    return [
        EntryInfo(
            id=first.entry_id,
            number=first.number,
            date=first.date,
            narration=first.narration,
            status=first.status,
            source=first.source,
            event=first.event,
            reverses_id=first.reverses_id,
            lines=tuple(own),
        )
        for own in entries.values()
        for first in own[:1]
    ]
