"""Reads of the journal: the list, the queue of those that wait, one entry whole."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection
from django.db.models import BooleanField, Q, QuerySet
from django.db.models.expressions import RawSQL

from qafila.kernel.actor import Actor
from qafila.kernel.pagination import Page, Window, order, paginate
from qafila.kernel.search import prefix_query
from qafila.ledger import queries
from qafila.ledger.errors import EntryNotFound
from qafila.ledger.models import JournalEntry, JournalLine
from qafila.ledger.queries import VIEW, LineInfo
from qafila.ledger.states import JOURNAL

SORTS = {"date": "date", "id": "id", "number": "id", "total": "total", "status": "status"}
# Where a document of this source is looked at (`{id}` is its row), and the right that opens it.
DOCUMENTS = {
    "airline_block": ("/inventory/quota/{id}", "inventory.view"),
    "booking_invoice": ("/finance/invoices/{id}", "invoices.view"),
    "payment": ("/finance/payments/{id}", "finance.view"),
    "travel_group": ("/groups/{id}", "groups.view"),
}


@dataclass(frozen=True)
class JournalRow:
    """One entry as lists and the API show it. `total` in base currency."""

    id: int
    number: str
    date: dt.date
    narration: str
    source: str
    source_id: int | None
    event: str
    origin: str
    status: str
    status_label: str
    status_tone: str
    total: Decimal
    reverses_id: int | None
    reversed_by_id: int | None
    made_by: str
    made_by_id: int | None
    checked_by: str
    created_at: dt.datetime


@dataclass(frozen=True)
class JournalDetail(JournalRow):
    """One entry whole."""

    branch: str
    reverses: str
    reversed_by: str
    corrects: str
    checked_at: dt.datetime | None
    break_glass: bool
    reason: str
    lines: tuple[LineInfo, ...]

    @property
    def document_url(self) -> str:
        pattern, _ = DOCUMENTS.get(self.source, ("", ""))
        return pattern.format(id=self.source_id) if pattern and self.source_id else ""

    @property
    def document_right(self) -> str:
        """What opens it."""
        return DOCUMENTS.get(self.source, ("", ""))[1]


def _entries(actor: Actor) -> QuerySet[JournalEntry]:
    actor.need(VIEW)
    return JournalEntry.objects.prefetch_related("reversals")


def _values(entry: JournalEntry) -> dict[str, object]:
    reversal = next(iter(entry.reversals.all()), None)
    return {
        "id": entry.pk,
        "number": entry.number,
        "date": entry.date,
        "narration": entry.narration,
        "source": entry.source,
        "source_id": entry.source_id,
        "event": entry.event,
        "origin": entry.origin,
        "status": entry.status,
        "status_label": JOURNAL.label(entry.status),
        "status_tone": JOURNAL.tone(entry.status),
        "total": entry.total,
        "reverses_id": entry.reverses_id,
        "reversed_by_id": reversal.pk if reversal else None,
        "made_by": entry.made_by_name,
        "made_by_id": entry.made_by_id,
        "checked_by": entry.checked_by_name,
        "created_at": entry.created_at,
    }


def _row(entry: JournalEntry) -> JournalRow:
    return JournalRow(**_values(entry))  # type: ignore[arg-type]


def journals(
    actor: Actor,
    window: Window,
    *,
    q: str = "",
    status: str = "",
    source: str = "",
    origin: str = "",
    account_id: int | None = None,
    party_id: int | None = None,
    booking_id: int | None = None,
    group_id: int | None = None,
    since: dt.date | None = None,
    until: dt.date | None = None,
) -> Page[JournalRow]:
    """Entries, the newest first. Three queries whatever the page holds."""
    rows = _entries(actor)
    exact = {"status": status, "source": source, "origin": origin, "date__gte": since, "date__lte": until}
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    of_lines = {"account_id": account_id, "party_id": party_id, "booking_id": booking_id, "group_id": group_id}
    wanted = {name: value for name, value in of_lines.items() if value}
    if wanted:
        rows = rows.filter(pk__in=JournalLine.objects.filter(**wanted).values("entry_id"))
    if q:
        rows = _found(rows, q)
    return paginate(rows.order_by(*order(window.sort, SORTS, "-date")), window, _row)


def _found(rows: QuerySet[JournalEntry], q: str) -> QuerySet[JournalEntry]:
    """Entries whose number begins so, or whose narration has words that begin so; both through an index."""
    by_number = Q(number__startswith=q.strip().upper())
    if not (words := prefix_query(q)):
        return rows.filter(by_number)
    narrated = RawSQL("ledger_words(ledger_journalentry.narration) @@ %s::tsquery", [words], BooleanField())
    return rows.filter(by_number | Q(narrated))


# Plain SQL, because every journal entered over HTTP is answered with it.
WHOLE = """
SELECT e.id, e.number, e.date, e.narration, e.source, e.source_id, e.event, e.origin, e.status, e.total, e.reverses_id,
       taken_back.id AS reversed_by_id, e.made_by_name AS made_by, e.made_by_id, e.checked_by_name AS checked_by,
       e.created_at, coalesce(b.name, '') AS branch, coalesce(taking_back.number, '') AS reverses,
       coalesce(taken_back.number, '') AS reversed_by, coalesce(corrected.number, '') AS corrects, e.checked_at,
       e.break_glass, e.reason
  FROM ledger_journalentry e
  LEFT JOIN identity_branch b ON b.id = e.branch_id
  LEFT JOIN ledger_journalentry taking_back ON taking_back.id = e.reverses_id
  LEFT JOIN ledger_journalentry taken_back ON taken_back.reverses_id = e.id
  LEFT JOIN ledger_journalentry corrected ON corrected.id = e.corrects_id
 WHERE """


def journal(actor: Actor, entry_id: int) -> JournalDetail:
    """One entry with its lines. Two queries. Refuses: EntryNotFound."""
    return _whole(actor, "e.id = %s", entry_id)


def journal_by_number(actor: Actor, number: str) -> JournalDetail:
    """The same by its number. Refuses: EntryNotFound."""
    return _whole(actor, "e.number = %s", number)


def _whole(actor: Actor, which: str, value: int | str) -> JournalDetail:
    actor.need(VIEW)
    with connection.cursor() as cursor:
        cursor.execute(WHOLE + which, [value])
        row = cursor.fetchone()
        if row is None:
            raise EntryNotFound("There is no such journal entry.")
        found = dict(zip([column.name for column in cursor.description or ()], row, strict=True))
    return JournalDetail(
        **found,
        status_label=JOURNAL.label(found["status"]),
        status_tone=JOURNAL.tone(found["status"]),
        lines=tuple(queries.lines_of_entry(found["id"])),
    )


def pending_count() -> int:
    """How many entries wait for their checker. One query."""
    return JournalEntry.objects.filter(status="pending").count()
