"""Every read of billing, scoped by actor: staff see all, a portal log-in its own party's rows."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery

from qafila.billing.bill import Bill, concerned, preview, read_booking
from qafila.billing.errors import InvoiceNotFound, PaymentNotFound
from qafila.billing.models import Allocation, CreditNote, Invoice, Payment
from qafila.billing.states import CANCELLED, PREVIEW, REJECTED, VERIFIED
from qafila.billing.types import (
    AllocationRow,
    CreditNoteRow,
    InvoiceDetail,
    InvoiceLineRow,
    InvoiceRow,
    MoneyOfBooking,
    OpenBooking,
    PartyRef,
    PaymentDetail,
    PaymentRow,
)
from qafila.billing.words import in_words
from qafila.identity.queries import user_name
from qafila.kernel.actor import Actor
from qafila.kernel.pagination import Page, Window, order, paginate
from qafila.kernel.search import matching
from qafila.ledger.models import Party
from qafila.sales.models import Booking

INVOICE_SORTS = {
    "number": "id",
    "issued_on": "issued_on",
    "due_on": "due_on",
    "total": "gross_total",
    "open": "open_amount",
}
PAYMENT_SORTS = {"received_on": "received_on", "amount": "amount", "unallocated": "unallocated", "id": "id"}


def _invoices(actor: Actor) -> QuerySet[Invoice]:
    rows = Invoice.objects.all()
    return rows if actor.is_staff else rows.filter(party_id=actor.party_id)


def _payments(actor: Actor) -> QuerySet[Payment]:
    rows = Payment.objects.select_related("party", "booking", "account")
    return rows if actor.is_staff else rows.filter(party_id=actor.party_id)


# ---- invoices


def invoices(
    actor: Actor,
    window: Window,
    *,
    q: str = "",
    state: str = "",
    party_id: int | None = None,
    booking_id: int | None = None,
    group_id: int | None = None,
    open_only: bool = False,
    issued_from: date | None = None,
    issued_to: date | None = None,
) -> Page[InvoiceRow]:
    """Invoices, newest first. Two queries."""
    note = CreditNote.objects.filter(invoice=OuterRef("pk")).order_by("pk").values("number")[:1]
    rows = matching(_invoices(actor), "invoice", q)
    rows = rows.select_related("party", "booking__package__group").annotate(note=Subquery(note))
    if q:
        rows = rows.filter(
            Q(number__icontains=q)
            | Q(party__name__icontains=q)
            | Q(booking__number__icontains=q)
            | Q(note__icontains=q)
        )
    exact: dict[str, Any] = {"state": state, "party_id": party_id, "booking_id": booking_id}
    exact |= {"booking__package__group_id": group_id, "issued_on__gte": issued_from, "issued_on__lte": issued_to}
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    if open_only:
        rows = rows.exclude(state=CANCELLED).filter(open_amount__gt=0)
    return paginate(rows.order_by(*order(window.sort, INVOICE_SORTS, "-number")), window, _invoice_row)


def _invoice_row(row: Any) -> InvoiceRow:
    return InvoiceRow(
        id=row.pk,
        number=row.number,
        state=row.state,
        booking_id=row.booking_id,
        booking_number=row.booking.number,
        group_code=row.booking.package.group.code,
        party_id=row.party_id,
        party=row.party.name,
        issued_on=row.issued_on,
        due_on=row.due_on,
        currency=row.currency,
        gross_total=row.gross_total,
        allocated=row.allocated,
        open_amount=Decimal(0) if row.state == CANCELLED else row.open_amount,
        credit_note=row.note or "",
    )


def invoice(actor: Actor, invoice_id: int) -> InvoiceDetail:
    """One invoice, whole. Four queries. Refuses: InvoiceNotFound."""
    row = _invoices(actor).select_related("party", "booking__package__group").filter(pk=invoice_id).first()
    if row is None:
        raise InvoiceNotFound("There is no such invoice.")
    return _invoice_detail(row)


def invoice_of_booking(actor: Actor, booking_id: int) -> InvoiceDetail:
    """The invoice that stands for a booking; while there is none, what it would say.

    Refuses: BookingNotFound, and what `bill.draw_up` refuses. Source: domain.md, 2.4 ("GET previews it").
    """
    row = (
        _invoices(actor)
        .select_related("party", "booking__package__group")
        .filter(booking_id=booking_id)
        .exclude(state=CANCELLED)
        .first()
    )
    if row is not None:
        return _invoice_detail(row)
    return _previewed(preview(read_booking(booking_id)))


def standing_number(booking_id: int) -> str | None:
    """The number of the invoice that stands for a booking, if there is one. One query."""
    return (
        Invoice.objects.filter(booking_id=booking_id).exclude(state=CANCELLED).values_list("number", flat=True).first()
    )


def _invoice_detail(row: Invoice) -> InvoiceDetail:
    group = row.booking.package.group
    note = CreditNote.objects.filter(invoice=row).first()
    cancelled = row.state == CANCELLED
    return InvoiceDetail(
        id=row.pk,
        number=row.number,
        state=row.state,
        booking_id=row.booking_id,
        booking_number=row.booking.number,
        group_id=group.pk,
        group_code=group.code,
        group_name=group.name,
        departure_date=group.departure_date,
        return_date=group.return_date,
        party=_party(row.party),
        branch_id=row.branch_id,
        issued_on=row.issued_on,
        due_on=row.due_on,
        currency=row.currency,
        exchange_rate=row.exchange_rate,
        net_total=row.net_total,
        tax_total=row.tax_total,
        tcs_total=row.tcs_total,
        gross_total=row.gross_total,
        allocated=row.allocated,
        open_amount=Decimal(0) if cancelled else row.open_amount,
        amount_in_words=in_words(row.gross_total, row.currency),
        place_of_supply=row.place_of_supply,
        buyer=row.buyer,
        seller=row.seller,
        lines=tuple(
            InvoiceLineRow(
                i.n, i.kind, i.description, i.sac, i.quantity, i.rate, i.amount, i.percent, i.base, i.included
            )
            for i in row.lines.all()
        ),
        entry_id=row.entry_id,
        credit_note=note
        and CreditNoteRow(note.pk, note.number, note.issued_on, note.amount, note.reason, note.entry_id),
        receipts=_allocations(invoice_id=row.pk, taken_back_at__isnull=True),
    )


def _previewed(bill: Bill) -> InvoiceDetail:
    party = Party.objects.get(pk=bill.party.id)
    return InvoiceDetail(
        id=None,
        number=None,
        state=PREVIEW,
        booking_id=bill.booking_id,
        booking_number=bill.booking_number,
        group_id=bill.trip.group_id,
        group_code=bill.group_code,
        group_name=bill.group_name,
        departure_date=bill.departure_date,
        return_date=bill.return_date,
        party=_party(party),
        branch_id=bill.branch_id,
        issued_on=bill.issued_on,
        due_on=bill.due_on,
        currency=bill.currency,
        exchange_rate=bill.exchange_rate or None,
        net_total=bill.net_total,
        tax_total=bill.tax_total,
        tcs_total=bill.tcs_total,
        gross_total=bill.gross_total,
        allocated=Decimal(0),
        open_amount=bill.gross_total,
        amount_in_words=in_words(bill.gross_total, bill.currency),
        place_of_supply=bill.place_of_supply,
        buyer=bill.buyer,
        seller=bill.seller,
        lines=tuple(
            InvoiceLineRow(n, i.kind, i.description, i.sac, i.quantity, i.rate, i.amount, i.percent, i.base, i.included)
            for n, i in enumerate(bill.lines, 1)
        ),
        entry_id=None,
        credit_note=None,
        receipts=(),
    )


# ---- payments


def payments(
    actor: Actor,
    window: Window,
    *,
    q: str = "",
    state: str = "",
    method: str = "",
    party_id: int | None = None,
    booking_id: int | None = None,
    on_account: bool = False,
    received_from: date | None = None,
    received_to: date | None = None,
) -> Page[PaymentRow]:
    """Payments, newest first. Two queries."""
    rows = matching(_payments(actor), "payment", q)
    exact: dict[str, Any] = {"state": state, "method": method, "party_id": party_id, "booking_id": booking_id}
    exact |= {"received_on__gte": received_from, "received_on__lte": received_to}
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    if on_account:
        rows = rows.filter(state=VERIFIED, unallocated__gt=0)
    return paginate(rows.order_by(*order(window.sort, PAYMENT_SORTS, "-id")), window, _payment_row)


def pending_count() -> int:
    """How many payments wait for somebody to verify them. One query."""
    return Payment.objects.filter(state="pending_verification").count()


def payment(actor: Actor, payment_id: int) -> PaymentDetail:
    """One payment, whole. Three queries. Refuses: PaymentNotFound."""
    row = _payments(actor).filter(pk=payment_id).first()
    if row is None:
        raise PaymentNotFound("There is no such payment.")
    return PaymentDetail(
        **vars(_payment_row(row)),
        entry_id=row.entry_id,
        decided_by=user_name(row.decided_by_id) if row.decided_by_id else "",
        decided_at=row.decided_at,
        allocations=_allocations(payment_id=row.pk),
    )


def money_of_booking(actor: Actor, booking_id: int) -> MoneyOfBooking:
    """What is paid on a booking, what waits for verification, and what its people have on account. Four queries.

    Refuses: BookingNotFound.
    """
    booking = read_booking(booking_id)
    rows = _payments(actor)
    waiting = rows.filter(booking_id=booking_id).exclude(state__in=[VERIFIED, REJECTED]).order_by("pk")
    free = rows.filter(party_id__in=list(concerned(booking)), state=VERIFIED, unallocated__gt=0).order_by("pk")
    return MoneyOfBooking(
        allocations=_allocations(booking_id=booking_id),
        waiting=tuple(_payment_row(row) for row in waiting),
        on_account=tuple(_payment_row(row) for row in free[:20]),
    )


def _payment_row(row: Payment) -> PaymentRow:
    return PaymentRow(
        id=row.pk,
        number=row.number,
        state=row.state,
        party=_party(row.party),
        booking_id=row.booking_id,
        booking_number=row.booking.number if row.booking else "",
        branch_id=row.branch_id,
        method=row.method,
        account=row.account.code,
        account_name=row.account.name,
        amount=row.amount,
        currency=row.currency,
        allocated=row.allocated,
        unallocated=row.unallocated,
        received_on=row.received_on,
        reference=row.reference,
        note=row.note,
        made_by_id=row.made_by_id,
        made_by=row.made_by_name,
        reason=row.reason,
        created_at=row.created_at,
    )


def _allocations(**of: Any) -> tuple[AllocationRow, ...]:
    rows = Allocation.objects.select_related("payment", "booking", "invoice").filter(**of).order_by("pk")
    return tuple(
        AllocationRow(
            id=row.pk,
            payment_id=row.payment_id,
            payment_number=row.payment.number or "",
            method=row.payment.method,
            received_on=row.payment.received_on,
            booking_id=row.booking_id,
            booking_number=row.booking.number,
            invoice_id=row.invoice_id,
            invoice_number=row.invoice.number if row.invoice else "",
            amount=row.amount,
            entry_id=row.entry_id,
            created_at=row.created_at,
            taken_back_at=row.taken_back_at,
        )
        for row in rows
    )


def open_bookings_of(actor: Actor, party_id: int) -> list[OpenBooking]:
    """The live bookings that a party's money may be used for and that still owe something; at most 50. One query."""
    theirs = Q(customer_id=party_id) | Q(payer_id=party_id) | Q(agent_id=party_id)
    rows = (
        Booking.objects.filter(theirs, product="package", deleted_at__isnull=True, balance__gt=0)
        .exclude(state="cancelled")
        .select_related("customer__party")
        .order_by("-pk")[:50]
    )
    return [OpenBooking(row.pk, row.number, row.customer.party.name, row.currency, row.balance) for row in rows]


def invoices_of_booking(actor: Actor, booking_id: int) -> list[InvoiceRow]:
    """Every invoice a booking ever had, newest first. Two queries."""
    return list(invoices(actor, Window(1, 50), booking_id=booking_id).items)


def _party(row: Party) -> PartyRef:
    return PartyRef(row.pk, row.code, row.name, row.kind)
