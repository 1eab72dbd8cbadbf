"""Approve or reject journals that wait for their checker."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from qafila.kernel import clock
from qafila.kernel.actor import Actor
from qafila.kernel.audit import record
from qafila.kernel.states import remember
from qafila.kernel.transaction import action
from qafila.ledger.errors import AlreadyDecided, EntryNotFound, OwnEntry
from qafila.ledger.models import JournalEntry
from qafila.ledger.refusing import the_books_refuse
from qafila.ledger.states import JOURNAL

ADJUST = "finance.periods.adjust"
OWN = "finance.journals.approve_own"


@action
def approve_journal(*, actor: Actor, entry_id: int, reason: str = "") -> int:
    """Approve a pending entry: its lines feed the balances now, after everything was asked again.

    One's own takes the break-glass right, which is recorded. Refuses: EntryNotFound, AlreadyDecided, OwnEntry,
    PeriodLocked, and what the account of a line refuses meanwhile. Source: ledger.md, invariants 7 and 8.
    """
    actor.need("finance.journals.approve")
    _decide(actor, [entry_id], "approve", "approved", reason)
    return entry_id


@action
def approve_journals(*, actor: Actor, entry_ids: Sequence[int]) -> list[int]:
    """Approve several pending entries, all or none. Refuses: as one."""
    actor.need("finance.journals.approve", "finance.journals.bulk_approve")
    ids = sorted(set(entry_ids))
    _decide(actor, ids, "approve", "approved", "")
    return ids


@action
def reject_journal(*, actor: Actor, entry_id: int, reason: str) -> int:
    """Reject a pending entry, for good. Refuses: EntryNotFound, AlreadyDecided, OwnEntry."""
    actor.need("finance.journals.reject")
    _decide(actor, [entry_id], "reject", "rejected", reason)
    return entry_id


def _decide(actor: Actor, ids: list[int], event: str, verdict: str, reason: str) -> None:
    rows = {e.pk: e for e in JournalEntry.objects.filter(pk__in=ids)}
    for entry_id in ids:
        entry = rows.get(entry_id)
        if entry is None:
            raise EntryNotFound(f"There is no journal entry {entry_id}.")
        if entry.status != "pending":
            raise AlreadyDecided(f"Entry {entry.number} is {entry.status} already.")
    own = [e for e in rows.values() if actor.user_id is not None and e.made_by_id == actor.user_id]
    if own and not actor.may(OWN):
        raise OwnEntry(f"{event}s", OWN)
    with the_books_refuse(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT ledger_decide(%s::bigint[], %s::text, %s::bigint, %s::text, %s::timestamptz, %s::text,"
            " %s::boolean, %s::boolean)",
            [ids, verdict, actor.user_id, actor.name, clock.now(), reason, bool(own), actor.may(ADJUST)],
        )
    remember(actor, JOURNAL, ids, "pending", event, reason=reason)
    for entry_id in ids:
        after = {"status": verdict, "break_glass": any(e.pk == entry_id for e in own)}
        record(actor, f"journal.{verdict}", "journal_entry", entry_id, after=after, note=reason)
