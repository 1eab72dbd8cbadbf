"""Money put on bookings and taken off them again: the steps that payments, invoices and cancellations share.

A verified payment is an advance of its party. Put on a booking it counts as paid there; once the booking has an
invoice, an entry applies the advance to the receivable. Taken off, that entry is mirrored and the money is on account.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F

from qafila.billing import postings
from qafila.billing.models import Allocation, Invoice, Payment
from qafila.billing.postings import Applied, Owner, Trip
from qafila.billing.states import INVOICE, PAID
from qafila.kernel import clock
from qafila.kernel.actor import Actor
from qafila.kernel.money import ZERO
from qafila.kernel.states import move_row
from qafila.kernel.transaction import step
from qafila.ledger.models import Party
from qafila.ledger.steps import reverse
from qafila.ledger.types import Entry
from qafila.sales.models import PackageSale
from qafila.sales.steps import apply_money


@step
def put_on(actor: Actor, payment: Payment, booking_id: int, amount: Decimal) -> Allocation:
    """Use a part of a payment for a booking: it counts as paid there from now on. Rows are locked by the caller."""
    allocation = Allocation.objects.create(
        payment=payment, booking_id=booking_id, amount=amount, made_by_id=actor.user_id
    )
    Payment.objects.filter(pk=payment.pk).update(allocated=F("allocated") + amount)
    payment.allocated += amount
    apply_money(actor, booking_id, amount)
    return allocation


@dataclass(frozen=True)
class Debt:
    """The receivable that receipts are applied to: whose it is, and the trip its lines name."""

    billed: Owner
    trip: Trip


def debt_of(invoice: Invoice) -> Debt:
    """Two queries."""
    group_id = PackageSale.objects.values_list("group_id", flat=True).get(pk=invoice.booking_id)
    return Debt(owners_of({invoice.party_id})[invoice.party_id], Trip(invoice.booking_id, group_id))


def applications(
    invoice_number: str, debt: Debt, uses: Sequence[tuple[Allocation, Payment]], payers: Mapping[int, Owner]
) -> list[Entry]:
    """The entries that apply these parts of payments to an invoice. Reads nothing: the number series is locked."""
    return [
        postings.advance_applied(
            Applied(
                allocation_id=allocation.pk,
                receipt_number=payment.number or "",
                invoice_number=invoice_number,
                day=clock.today(),
                branch_id=payment.branch_id,
                payer=payers[payment.party_id],
                billed=debt.billed,
                trip=debt.trip,
                amount=allocation.amount,
            )
        )
        for allocation, payment in uses
    ]


def owners_of(party_ids: set[int]) -> dict[int, Owner]:
    return {pk: Owner(pk, kind) for pk, kind in Party.objects.filter(pk__in=party_ids).values_list("pk", "kind")}  # type: ignore[arg-type]


@step
def settle(
    actor: Actor, invoice: Invoice, uses: Sequence[tuple[Allocation, Payment]], entry_ids: Sequence[int]
) -> None:
    """Note on the invoice and on each allocation that it was applied by its entry; a settled invoice is paid."""
    for (allocation, _), entry_id in zip(uses, entry_ids, strict=True):
        Allocation.objects.filter(pk=allocation.pk).update(invoice=invoice, entry_id=entry_id)
    amount = sum((allocation.amount for allocation, _ in uses), ZERO)
    Invoice.objects.filter(pk=invoice.pk).update(allocated=F("allocated") + amount)
    invoice.allocated += amount
    if uses and invoice.allocated >= invoice.gross_total:
        move_row(actor, INVOICE, invoice, "settle")


@step
def take_off(actor: Actor, allocations: Sequence[Allocation], *, reason: str, off_booking: bool = True) -> None:
    """Take these parts of payments back: their entries are mirrored, the money is on account again.

    With `off_booking` false the money stays counted as paid on its booking and only leaves the invoice.
    """
    by_booking: dict[int, Decimal] = defaultdict(Decimal)
    by_payment: dict[int, Decimal] = defaultdict(Decimal)
    by_invoice: dict[int, Decimal] = defaultdict(Decimal)
    for allocation in allocations:
        by_booking[allocation.booking_id] += allocation.amount
        by_payment[allocation.payment_id] += allocation.amount
        if allocation.entry_id is not None and allocation.invoice_id is not None:
            by_invoice[allocation.invoice_id] += allocation.amount
            reverse(
                actor,
                allocation.entry_id,
                source=postings.ALLOCATION,
                event="taken_back",
                key=str(allocation.pk),
                date=clock.today(),
                narration=f"Receipt un-allocated: {reason}"[:500],
                reason=reason,
            )
    Allocation.objects.filter(pk__in=[a.pk for a in allocations]).update(taken_back_at=clock.now())
    for invoice_id, amount in by_invoice.items():
        invoice = Invoice.objects.get(pk=invoice_id)
        Invoice.objects.filter(pk=invoice_id).update(allocated=F("allocated") - amount)
        if invoice.state == PAID:
            move_row(actor, INVOICE, invoice, "reopen", reason=reason)
    for payment_id, amount in by_payment.items():
        Payment.objects.filter(pk=payment_id).update(allocated=F("allocated") - amount)
    if off_booking:
        for booking_id, amount in by_booking.items():
            apply_money(actor, booking_id, -amount)


@step
def keep_on_booking(actor: Actor, payment_id: int, booking_id: int, amount: Decimal) -> None:
    """Money just taken off a booking's invoice, or more than it owes, goes on counting there: a new allocation."""
    Allocation.objects.create(payment_id=payment_id, booking_id=booking_id, amount=amount, made_by_id=actor.user_id)
    Payment.objects.filter(pk=payment_id).update(allocated=F("allocated") + amount)


@step
def release_excess(actor: Actor, booking_id: int, excess: Decimal, *, reason: str) -> None:
    """What a booking does not owe any more goes back on account, the latest receipts first. It has no invoice."""
    allocations = list(Allocation.objects.filter(booking_id=booking_id, taken_back_at__isnull=True).order_by("-pk"))
    left = excess
    for allocation in allocations:
        if left <= ZERO:
            break
        taken = min(allocation.amount, left)
        take_off(actor, [allocation], reason=reason, off_booking=False)
        if rest := allocation.amount - taken:
            keep_on_booking(actor, allocation.payment_id, booking_id, rest)
        left -= taken
    apply_money(actor, booking_id, left - excess)
