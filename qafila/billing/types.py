"""What billing hands to other rooms and to its own pages: frozen, typed, read once. Amounts in the row's currency."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from qafila.billing.states import INVOICE, PAID, PAYMENT, PREVIEW
from qafila.kernel.taxids import STATES


@dataclass(frozen=True)
class PartyRef:
    """Whom a document is about."""

    id: int
    code: str
    name: str
    kind: str

    @property
    def url(self) -> str:
        return f"/sales/{'agents' if self.kind == 'agent' else 'customers'}/{self.id}"


@dataclass(frozen=True)
class InvoiceRow:
    """One invoice as lists show it."""

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
    gross_total: Decimal
    allocated: Decimal
    open_amount: Decimal
    credit_note: str

    @property
    def state_label(self) -> str:
        return INVOICE.label(self.state)

    @property
    def state_tone(self) -> str:
        return INVOICE.tone(self.state)


@dataclass(frozen=True)
class InvoiceLineRow:
    """One line; a tax that is `included` is inside the items' amounts already."""

    n: int
    kind: str
    description: str
    sac: str
    quantity: int
    rate: Decimal
    amount: Decimal
    percent: Decimal | None
    base: Decimal | None
    included: bool

    @property
    def percent_shown(self) -> str:
        """The rate as paper says it: 2.5, not 2.500."""
        return f"{(self.percent or Decimal(0)).normalize():f}"


@dataclass(frozen=True)
class CreditNoteRow:
    id: int
    number: str
    issued_on: date
    amount: Decimal
    reason: str
    entry_id: int


@dataclass(frozen=True)
class AllocationRow:
    """A part of a payment on a booking, and on its invoice once there is one."""

    id: int
    payment_id: int
    payment_number: str
    method: str
    received_on: date
    booking_id: int
    booking_number: str
    invoice_id: int | None
    invoice_number: str
    amount: Decimal
    entry_id: int | None
    created_at: datetime
    taken_back_at: datetime | None


@dataclass(frozen=True)
class InvoiceDetail:
    """One invoice, whole; or, with neither id nor number, how it would read if it were issued today."""

    id: int | None
    number: str | None
    state: str
    booking_id: int
    booking_number: str
    group_id: int
    group_code: str
    group_name: str
    departure_date: date
    return_date: date
    party: PartyRef
    branch_id: int | None
    issued_on: date
    due_on: date
    currency: str
    exchange_rate: Decimal | None
    net_total: Decimal
    tax_total: Decimal
    tcs_total: Decimal
    gross_total: Decimal
    allocated: Decimal
    open_amount: Decimal
    amount_in_words: str
    place_of_supply: str
    buyer: dict[str, Any]
    seller: dict[str, Any]
    lines: tuple[InvoiceLineRow, ...]
    entry_id: int | None
    credit_note: CreditNoteRow | None
    receipts: tuple[AllocationRow, ...]

    @property
    def is_preview(self) -> bool:
        return self.state == PREVIEW

    @property
    def is_paid(self) -> bool:
        return self.state == PAID

    @property
    def state_label(self) -> str:
        return "Not issued yet" if self.is_preview else INVOICE.label(self.state)

    @property
    def state_tone(self) -> str:
        return "grey" if self.is_preview else INVOICE.tone(self.state)

    @property
    def place_name(self) -> str:
        """The place of supply as paper says it: its code and the state's name."""
        return f"{self.place_of_supply} {STATES.get(self.place_of_supply, '')}".strip()

    @property
    def items(self) -> list[InvoiceLineRow]:
        return [line for line in self.lines if line.kind == "item"]

    @property
    def taxes(self) -> list[InvoiceLineRow]:
        return [line for line in self.lines if line.kind == "tax"]


@dataclass(frozen=True)
class PaymentRow:
    """One payment as lists show it."""

    id: int
    number: str | None
    state: str
    party: PartyRef
    booking_id: int | None
    booking_number: str
    branch_id: int | None
    method: str
    account: str
    account_name: str
    amount: Decimal
    currency: str
    allocated: Decimal
    unallocated: Decimal
    received_on: date
    reference: str
    note: str
    made_by_id: int | None
    made_by: str
    reason: str
    created_at: datetime

    @property
    def title(self) -> str:
        return self.number or f"Payment {self.id}"

    @property
    def party_name(self) -> str:
        return self.party.name

    @property
    def method_label(self) -> str:
        return METHODS[self.method]

    @property
    def state_label(self) -> str:
        return PAYMENT.label(self.state)

    @property
    def state_tone(self) -> str:
        return PAYMENT.tone(self.state)

    @property
    def on_account(self) -> Decimal:
        """What of it nobody has used; nothing of a payment that does not count."""
        return self.unallocated if self.state == "verified" else Decimal(0)


@dataclass(frozen=True)
class PaymentDetail(PaymentRow):
    """One payment, whole, with everything it was put on, taken back or not."""

    entry_id: int | None = None
    decided_by: str = ""
    decided_at: datetime | None = None
    allocations: tuple[AllocationRow, ...] = ()

    @property
    def live(self) -> list[AllocationRow]:
        return [a for a in self.allocations if a.taken_back_at is None]


@dataclass(frozen=True)
class MoneyOfBooking:
    """What the payments tab of a booking shows."""

    allocations: tuple[AllocationRow, ...]
    waiting: tuple[PaymentRow, ...]
    on_account: tuple[PaymentRow, ...]


@dataclass(frozen=True)
class GroupBilling:
    """What of a departure is invoiced and open, in its currency; `not_invoiced` counts live bookings."""

    invoices: int
    invoiced: Decimal
    open: Decimal
    not_invoiced: int
    not_invoiced_total: Decimal


@dataclass(frozen=True)
class OpenBooking:
    """A booking that money on account may be put on."""

    id: int
    number: str
    customer: str
    currency: str
    balance: Decimal


METHODS = {"cash": "Cash", "bank": "Bank transfer", "upi": "UPI", "card": "Card", "cheque": "Cheque"}
