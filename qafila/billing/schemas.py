"""What billing's API takes and answers; the pages' forms are parsed by the same schemas."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, StringConstraints

from qafila.kernel.http import Id, In, Out, Paging, Reason, Text
from qafila.kernel.money import Amount, Currency, PositiveAmountIn, RateIn


def _iso(value: Any) -> Any:
    """A number is no date, though seconds since 1970 could be made one."""
    if isinstance(value, date):
        return value
    if not isinstance(value, str) or not ISO_DAY.fullmatch(value):
        raise ValueError("a date is written YYYY-MM-DD")
    return value


ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
Day = Annotated[date, BeforeValidator(_iso)]
Method = Literal["cash", "bank", "upi", "card", "cheque"]
Reference = Annotated[str, StringConstraints(strip_whitespace=True, max_length=100)]
Note = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)]
AccountCode = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20)]


class IssueIn(In):
    """`exchange_rate`: one unit of the booking's currency in base currency; only for bookings in a foreign currency."""

    exchange_rate: RateIn | None = None


class ReasonIn(In):
    reason: Reason


class PaymentIn(In):
    """Whose money: `customer_id`, `agent_id`, or whoever a `booking_id` or `invoice_id` is billed to.

    `account` is the drawer or bank account's code; without it the branch's own. Amounts in base currency.
    """

    amount: PositiveAmountIn
    method: Method
    customer_id: Id | None = None
    agent_id: Id | None = None
    booking_id: Id | None = None
    invoice_id: Id | None = None
    currency: Currency | None = None
    account: AccountCode | None = None
    received_on: Day | None = None
    reference: Reference = ""
    note: Note = ""


class AllocationIn(In):
    """Where to put it; without `amount` as much as there is and as is owed."""

    booking_id: Id | None = None
    invoice_id: Id | None = None
    amount: PositiveAmountIn | None = None


class InvoiceFilter(Paging):
    state: Literal["", "ISSUED", "PAID", "CANCELLED"] = ""
    party_id: Id | None = None
    booking_id: Id | None = None
    group_id: Id | None = None
    open_only: bool = False
    issued_from: Day | None = None
    issued_to: Day | None = None


class PaymentFilter(Paging):
    state: Literal["", "pending_verification", "verified", "rejected", "reversed"] = ""
    method: Literal["", "cash", "bank", "upi", "card", "cheque"] = ""
    party_id: Id | None = None
    booking_id: Id | None = None
    on_account: bool = False
    received_from: Day | None = None
    received_to: Day | None = None


class PartyOut(Out):
    id: int
    code: str
    name: str
    kind: str


class InvoiceRowOut(Out):
    id: int
    number: str
    state: str
    booking_id: int
    booking_number: str
    group_code: str
    party_id: int
    party: str
    issued_on: date
    due_on: date
    currency: str
    gross_total: Amount
    allocated: Amount
    open_amount: Amount
    credit_note: str


class InvoiceLineOut(Out):
    """`included`: the tax is inside the items' amounts already."""

    n: int
    kind: str
    description: str
    sac: str
    quantity: int
    rate: Amount
    amount: Amount
    percent: Amount | None
    base: Amount | None
    included: bool


class CreditNoteOut(Out):
    id: int
    number: str
    issued_on: date
    amount: Amount
    reason: str
    entry_id: int


class AllocationOut(Out):
    id: int
    payment_id: int
    payment_number: str
    booking_id: int
    booking_number: str
    invoice_id: int | None
    invoice_number: str
    amount: Amount
    entry_id: int | None
    created_at: datetime
    taken_back_at: datetime | None


class InvoiceOut(Out):
    """An invoice; while `state` is PREVIEW it has neither id nor number and is what would be issued today."""

    id: int | None
    number: str | None
    state: str
    booking_id: int
    booking_number: str
    group_id: int
    group_code: str
    group_name: str
    party: PartyOut
    branch_id: int | None
    issued_on: date
    due_on: date
    currency: str
    exchange_rate: Amount | None
    net_total: Amount
    tax_total: Amount
    tcs_total: Amount
    gross_total: Amount
    allocated: Amount
    open_amount: Amount
    amount_in_words: str
    place_of_supply: str
    buyer: dict[str, Any]
    seller: dict[str, Any]
    lines: list[InvoiceLineOut]
    entry_id: int | None
    credit_note: CreditNoteOut | None
    receipts: list[AllocationOut]


class PaymentRowOut(Out):
    id: int
    number: str | None
    state: str
    party: PartyOut
    booking_id: int | None
    booking_number: str
    branch_id: int | None
    method: str
    account: str
    account_name: str
    amount: Amount
    currency: str
    allocated: Amount
    unallocated: Amount
    received_on: date
    reference: str
    note: str
    made_by: str
    reason: str
    created_at: datetime


class PaymentOut(PaymentRowOut):
    """A payment with all it was put on. `told` says in words what this request did with the money."""

    entry_id: int | None
    decided_by: str
    decided_at: datetime | None
    allocations: list[AllocationOut]
    told: Text = ""
