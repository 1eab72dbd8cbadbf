"""What operations hand to their pages, their API and the home page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

Queue = Literal["ops", "finance", "corrections"]


@dataclass(frozen=True)
class Approval:
    """`already_approved`: it was before; nothing was done again."""

    ok: bool
    already_approved: bool


@dataclass(frozen=True)
class QueueRow:
    """One booking that waits for somebody. `ops_blocked_by`, `finance_blocked_by`: why not yet; empty: go ahead."""

    id: int
    number: str
    state: str
    state_label: str
    state_tone: str
    customer: str
    agent: str
    group_id: int
    group_code: str
    departure_date: date
    passengers: int
    payment_policy: str
    currency: str
    gross_total: Decimal
    paid: Decimal
    balance: Decimal
    finance_approval: str
    finance_label: str
    finance_tone: str
    ops_approval: str
    ops_label: str
    ops_tone: str
    needs_attention: str
    invoice: str
    ops_blocked_by: str
    finance_blocked_by: str

    @property
    def policy_label(self) -> str:
        return {"full": "Full payment", "partial": "Part payment", "advance": "Advance"}[self.payment_policy]

    @property
    def may_ops_approve(self) -> bool:
        return not self.ops_blocked_by

    @property
    def may_finance_approve(self) -> bool:
        return not self.finance_blocked_by


@dataclass(frozen=True)
class QueueCounts:
    """How much waits in each queue; None where this person may not look."""

    ops: int | None = None
    ops_ready: int | None = None
    finance: int | None = None
    corrections: int | None = None


@dataclass(frozen=True)
class DecisionRow:
    """One decision of finance or operations about a booking."""

    at: datetime
    who: str
    label: str
    tone: str
    reason: str
