"""What other rooms hand to the ledger: an entry and its lines, in base currency."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

ZERO = Decimal(0)
Origin = Literal["operation", "manual", "voucher", "reversal"]
PartyKind = Literal["customer", "agent", "supplier"]


@dataclass(frozen=True)
class Line:
    """One side of an entry: `account` is the code of a leaf; `debit` or `credit`, in base currency, never both.

    `party_id` is needed on control accounts. A foreign amount carries `currency`, `amount` (positive, in that
    currency) and the `rate` frozen at posting.
    """

    account: str
    debit: Decimal = ZERO
    credit: Decimal = ZERO
    party_id: int | None = None
    group_id: int | None = None
    booking_id: int | None = None
    currency: str | None = None
    amount: Decimal | None = None
    rate: Decimal | None = None
    memo: str = ""


@dataclass(frozen=True)
class Entry:
    """A balanced entry to post. (`source`, `event`, `key`) is unique: posting it twice is posting it once.

    `source` names the document kind ("booking_invoice"), `source_id` its row, `event` what happened to it ("issued").
    """

    source: str
    event: str
    key: str
    date: date
    narration: str
    lines: tuple[Line, ...]
    branch_id: int | None = None
    source_id: int | None = None
    origin: Origin = "operation"
    corrects_id: int | None = None


def debit(account: str, amount: Decimal, **also: object) -> Line:
    return Line(account=account, debit=amount, **also)  # type: ignore[arg-type]


def credit(account: str, amount: Decimal, **also: object) -> Line:
    return Line(account=account, credit=amount, **also)  # type: ignore[arg-type]
