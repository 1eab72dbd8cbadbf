"""What a block does to the books. Seats bought are stock (1310), owed to the supplier until billed (2025).

Every entry about a block has source `airline_block` and the block's id, also those of the rooms above that take its
seats: the stock account, read by block, is then the value of the seats nobody has taken (`verify.py`).
Source: ledger.md 3, "Contract recorded".
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from qafila.ledger.types import ZERO, Entry, Line, credit, debit

SOURCE = "airline_block"
STOCK, NOT_YET_BILLED = "1310", "2025"


@dataclass(frozen=True)
class Worth:
    """What some seats of a block are worth: base currency, and as the supplier counts it."""

    supplier_id: int
    base: Decimal
    amount: Decimal
    currency: str
    rate: Decimal
    base_currency: str

    def owed(self, *, debit: Decimal = ZERO, credit: Decimal = ZERO) -> Line:
        """The supplier's side, with what it is in the supplier's own currency."""
        line = Line(NOT_YET_BILLED, debit=debit, credit=credit, party_id=self.supplier_id)
        if self.currency == self.base_currency:
            return line
        return replace(line, currency=self.currency, amount=self.amount, rate=self.rate)


def received(worth: Worth) -> tuple[Line, ...]:
    """Stock in, owed to the supplier."""
    if not worth.base:
        return ()
    return (debit(STOCK, worth.base), worth.owed(credit=worth.base))


def returned(worth: Worth) -> tuple[Line, ...]:
    """Stock back to the supplier, before the bill."""
    if not worth.base:
        return ()
    return (worth.owed(debit=worth.base), credit(STOCK, worth.base))


def entry(
    event: str, key: str, block_id: int, day: date, text: str, lines: Iterable[Line], branch_id: int | None
) -> Entry | None:
    """The entry of one event of a block; None when there is nothing to post (seats given for nothing)."""
    lines = tuple(lines)
    if not lines:
        return None
    return Entry(
        source=SOURCE,
        event=event,
        key=key,
        date=day,
        narration=text[:500],
        lines=lines,
        branch_id=branch_id,
        source_id=block_id,
    )
