"""What the operations API takes and answers."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import StringConstraints

from qafila.kernel.http import Id, In, Out, Paging, Reason
from qafila.kernel.money import Amount


class QueueFilter(Paging):
    queue: Literal["ops", "finance", "corrections"] = "ops"
    group_id: Id | None = None


class FinanceQueueFilter(Paging):
    group_id: Id | None = None


class ReasonIn(In):
    reason: Reason


class FinanceApprovalIn(In):
    """`reason` is needed while a balance is due."""

    reason: Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000)] = ""


class ApprovalOut(Out):
    """`already_approved`: it was before; nothing was done again."""

    ok: bool
    already_approved: bool


class QueueRowOut(Out):
    """A booking that waits. `ops_blocked_by` and `finance_blocked_by` say why not yet; empty: it may go ahead."""

    id: int
    number: str
    state: str
    customer: str
    agent: str
    group_id: int
    group_code: str
    departure_date: date
    passengers: int
    payment_policy: str
    currency: str
    gross_total: Amount
    paid: Amount
    balance: Amount
    finance_approval: str
    ops_approval: str
    needs_attention: str
    invoice: str
    may_ops_approve: bool
    ops_blocked_by: str
    may_finance_approve: bool
    finance_blocked_by: str
