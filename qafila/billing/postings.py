"""Billing's events as journal lines, in base currency. Pure. Source: ledger.md, 3.

| Event | Debit | Credit |
|---|---|---|
| Booking invoice issued | 1101 (agent sale: 1102) total | 4022 (2032 at_departure); 2061-x GST; 2065 TCS |
| Credit note | the mirror of the invoice's own lines | |
| Customer / agent receipt, on account | cash or bank | 2051 / 2055 |
| Applying it to an invoice | 2051 / 2055 | 1101 / 1102 |
| Un-allocated; receipt reversed | the mirror | |
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from qafila.kernel.money import converted
from qafila.ledger.types import Entry, Line, PartyKind, credit, debit

INVOICE = "booking_invoice"
CREDIT_NOTE = "credit_note"
PAYMENT = "payment"
ALLOCATION = "allocation"
SOURCES = (INVOICE, CREDIT_NOTE, PAYMENT, ALLOCATION)

RECEIVABLE: Mapping[str, str] = {"customer": "1101", "agent": "1102"}
ADVANCE: Mapping[str, str] = {"customer": "2051", "agent": "2055"}
TOUR_REVENUE = "4022"
DEFERRED_TOUR_REVENUE = "2032"


@dataclass(frozen=True)
class Owner:
    """A party as a line on a control account names it."""

    id: int
    kind: PartyKind


@dataclass(frozen=True)
class Trip:
    """What every line of a booking's entry carries."""

    booking_id: int
    group_id: int


@dataclass(frozen=True)
class Billed:
    """An invoice as the books see it: `total` and `taxes` (by account) in `currency`, `rate` of it in base currency."""

    invoice_id: int
    number: str
    booking_number: str
    day: date
    branch_id: int | None
    party: Owner
    trip: Trip
    currency: str
    base_currency: str
    rate: Decimal
    total: Decimal
    taxes: Mapping[str, Decimal]
    revenue_account: str


def invoice_issued(bill: Billed) -> Entry:
    """Receivable against revenue and the taxes owed; what conversion rounds away stays in revenue."""
    foreign = bill.currency != bill.base_currency

    def base(amount: Decimal) -> Decimal:
        return converted(amount, bill.rate, bill.base_currency) if foreign else amount

    def told(line: Line, amount: Decimal) -> Line:
        line = replace(line, booking_id=bill.trip.booking_id, group_id=bill.trip.group_id)
        return replace(line, currency=bill.currency, amount=amount, rate=bill.rate) if foreign else line

    owed = {account: amount for account, amount in bill.taxes.items() if amount}
    revenue = bill.total - sum(owed.values(), Decimal(0))
    base_revenue = base(bill.total) - sum((base(amount) for amount in owed.values()), Decimal(0))
    receivable = RECEIVABLE[bill.party.kind]
    lines = [told(debit(receivable, base(bill.total), party_id=bill.party.id), bill.total)]
    if base_revenue:
        lines.append(told(credit(bill.revenue_account, base_revenue), revenue))
    lines += [told(credit(account, base(amount)), amount) for account, amount in owed.items()]
    return Entry(
        source=INVOICE,
        event="issued",
        key=bill.number,
        source_id=bill.invoice_id,
        date=bill.day,
        branch_id=bill.branch_id,
        narration=f"Invoice {bill.number} for {bill.booking_number}",
        lines=tuple(lines),
    )


def revenue_account(policy: str) -> str:
    """Where tour revenue goes: `at_departure` it waits as a liability until the group departs (IFRS 15)."""
    return DEFERRED_TOUR_REVENUE if policy == "at_departure" else TOUR_REVENUE


@dataclass(frozen=True)
class Received:
    """A verified payment as the books see it, in base currency; `trip` when it came for one booking."""

    payment_id: int
    number: str
    day: date
    branch_id: int | None
    party: Owner
    party_name: str
    account: str
    amount: Decimal
    trip: Trip | None = None


def payment_received(receipt: Received) -> Entry:
    """Cash or bank against the party's advance: until it is applied to an invoice it is owed to them."""
    trip = receipt.trip
    also: dict[str, object] = {"booking_id": trip.booking_id, "group_id": trip.group_id} if trip else {}
    return Entry(
        source=PAYMENT,
        event="received",
        key=str(receipt.payment_id),
        source_id=receipt.payment_id,
        date=receipt.day,
        branch_id=receipt.branch_id,
        narration=f"Receipt {receipt.number} from {receipt.party_name}"[:500],
        lines=(
            debit(receipt.account, receipt.amount, **also),
            credit(ADVANCE[receipt.party.kind], receipt.amount, party_id=receipt.party.id, **also),
        ),
    )


@dataclass(frozen=True)
class Applied:
    """A part of a receipt used for an invoice; the payer and the billed party may be two (a relative, the partner)."""

    allocation_id: int
    receipt_number: str
    invoice_number: str
    day: date
    branch_id: int | None
    payer: Owner
    billed: Owner
    trip: Trip
    amount: Decimal


def advance_applied(use: Applied) -> Entry:
    """The payer's advance settles the billed party's receivable."""
    also: dict[str, object] = {"booking_id": use.trip.booking_id, "group_id": use.trip.group_id}
    lines: tuple[Line, ...] = (
        debit(ADVANCE[use.payer.kind], use.amount, party_id=use.payer.id, **also),
        credit(RECEIVABLE[use.billed.kind], use.amount, party_id=use.billed.id, **also),
    )
    return Entry(
        source=ALLOCATION,
        event="applied",
        key=str(use.allocation_id),
        source_id=use.allocation_id,
        date=use.day,
        branch_id=use.branch_id,
        narration=f"Receipt {use.receipt_number} applied to invoice {use.invoice_number}",
        lines=lines,
    )
