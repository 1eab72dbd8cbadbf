"""Reads of invoices."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery, Sum

from qafila.billing.bill import Bill, preview, read_booking
from qafila.billing.errors import InvoiceNotFound
from qafila.billing.models import CreditNote, Invoice
from qafila.billing.queries.shared import allocations, party
from qafila.billing.states import CANCELLED, PREVIEW
from qafila.billing.types import CreditNoteRow, GroupBilling, InvoiceDetail, InvoiceLineRow, InvoiceRow
from qafila.billing.words import in_words
from qafila.kernel.actor import Actor
from qafila.kernel.pagination import Page, Window, order, paginate
from qafila.kernel.search import matching
from qafila.ledger.models import Party
from qafila.sales.models import Booking

SORTS = {"number": "id", "issued_on": "issued_on", "due_on": "due_on", "total": "gross_total", "open": "open_amount"}


def _invoices(actor: Actor) -> QuerySet[Invoice]:
    rows = Invoice.objects.all()
    return rows if actor.is_staff else rows.filter(party_id=actor.party_id or 0)


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
    exact: dict[str, Any] = {"state": state, "party_id": party_id, "booking_id": booking_id}
    exact |= {"booking__package__group_id": group_id, "issued_on__gte": issued_from, "issued_on__lte": issued_to}
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    if open_only:
        rows = rows.exclude(state=CANCELLED).filter(open_amount__gt=0)
    return paginate(rows.order_by(*order(window.sort, SORTS, "-number")), window, _invoice_row)


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


def invoices_of_booking(actor: Actor, booking_id: int) -> list[InvoiceRow]:
    """Every invoice a booking ever had, newest first. Two queries."""
    return list(invoices(actor, Window(1, 50), booking_id=booking_id).items)


def standing_number(booking_id: int) -> str | None:
    """The number of the invoice that stands for a booking, if there is one. One query."""
    return (
        Invoice.objects.filter(booking_id=booking_id).exclude(state=CANCELLED).values_list("number", flat=True).first()
    )


def sums_of_group(group_id: int) -> GroupBilling:
    """What of a departure is invoiced, received and open, and what is not invoiced yet. Two queries."""
    standing = Invoice.objects.exclude(state=CANCELLED).filter(booking__package__group_id=group_id)
    invoiced = standing.aggregate(n=Count("pk"), total=Sum("gross_total"), open=Sum("open_amount"))
    waiting = Booking.objects.filter(
        package__group_id=group_id, package__is_live=True, deleted_at__isnull=True
    ).exclude(Exists(Invoice.objects.exclude(state=CANCELLED).filter(booking=OuterRef("pk"))))
    missing = waiting.aggregate(n=Count("pk"), total=Sum("gross_total"))
    nothing = Decimal(0)
    return GroupBilling(
        invoices=invoiced["n"],
        invoiced=invoiced["total"] or nothing,
        open=invoiced["open"] or nothing,
        not_invoiced=missing["n"],
        not_invoiced_total=missing["total"] or nothing,
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
        party=party(row.party),
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
        credit_note=_note(note) if note else None,
        receipts=allocations(invoice_id=row.pk, taken_back_at__isnull=True),
    )


def _previewed(bill: Bill) -> InvoiceDetail:
    billed = Party.objects.get(pk=bill.party.id)
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
        party=party(billed),
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


def _note(row: CreditNote) -> CreditNoteRow:
    return CreditNoteRow(row.pk, row.number, row.issued_on, row.amount, row.reason, row.entry_id)
