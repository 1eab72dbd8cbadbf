"""What a cancellation brings with it, told before it is done: collected while it is rehearsed.

A room that reacts to BookingCancelled or PassengerRemoved says what it lets go with `tell`; the entries that reach the
books are read from the books themselves.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Max

from qafila.ledger.models import JournalEntry

_told: ContextVar[list[str] | None] = ContextVar("effects", default=None)


@dataclass(frozen=True)
class EntryEffect:
    """A journal entry that the cancellation posts, in base currency: its lines as (account, debit, credit)."""

    narration: str
    total: Decimal
    lines: tuple[tuple[str, Decimal, Decimal], ...]


@dataclass
class Effects:
    """What happened, in sentences and in entries."""

    told: list[str]
    entries: list[EntryEffect]


def tell(sentence: str) -> None:
    """Say what is let go, e.g. "2 tickets not issued". Heard only while somebody collects."""
    listening = _told.get()
    if listening is not None:
        listening.append(sentence)


@contextmanager
def collected(booking_id: int) -> Iterator[Effects]:
    """Collects what is told inside the block and the entries posted for the booking."""
    last = JournalEntry.objects.aggregate(last=Max("id"))["last"] or 0
    effects = Effects([], [])
    token = _told.set(effects.told)
    try:
        yield effects
        effects.entries.extend(_entries(booking_id, last))
    finally:
        _told.reset(token)


def _entries(booking_id: int, after: int) -> Iterator[EntryEffect]:
    posted = JournalEntry.objects.filter(pk__gt=after, lines__booking_id=booking_id).distinct().order_by("pk")
    for entry in posted.prefetch_related("lines__account"):
        lines = tuple(
            (f"{line.account.code} {line.account.name}", line.debit, line.credit)
            for line in sorted(entry.lines.all(), key=lambda line: line.n)
        )
        yield EntryEffect(entry.narration, entry.total, lines)
