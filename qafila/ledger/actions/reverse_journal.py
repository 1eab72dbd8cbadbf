"""Reverse an approved journal."""

from __future__ import annotations

import datetime as dt
import secrets

from qafila.kernel import clock
from qafila.kernel.actor import Actor
from qafila.kernel.audit import record
from qafila.kernel.transaction import action
from qafila.ledger import steps
from qafila.ledger.errors import EntryNotFound, OperationEntry
from qafila.ledger.models import JournalEntry


@action
def reverse_journal(*, actor: Actor, entry_id: int, reason: str, date: dt.date | None = None) -> int:
    """Post the mirror of an approved manual entry or voucher, on `date` (today unless said); the new entry's id.

    An operation's entry is undone by undoing the operation, so that document and books stay one. Refuses:
    EntryNotFound, OperationEntry, NotReversible, AlreadyReversed, OwnEntry, PeriodLocked. Source: ledger.md, 6 and 7.
    """
    actor.need("finance.journals.reverse")
    original = JournalEntry.objects.filter(pk=entry_id).first()
    if original is None:
        raise EntryNotFound("There is no such journal entry.")
    if original.origin == "operation":
        raise OperationEntry(
            f"{original.number} was posted by an operation ({original.source.replace('_', ' ')}): undo it there, "
            "and its entry is reversed with it."
        )
    reversal = steps.reverse(
        actor,
        entry_id,
        source=original.source,
        event="reversed",
        key=secrets.token_hex(16),  # a second reversal is refused, not taken for the first
        date=date or clock.today(),
        narration=f"Reversal of {original.number}: {original.narration}"[:500],
        reason=reason,
    )
    record(actor, "journal.reversed", "journal_entry", entry_id, after={"reversal": reversal}, note=reason)
    return reversal
