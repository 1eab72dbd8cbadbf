"""Numbering and posting an invoice, and taking it back: the steps behind issue, credit note and cancellation."""

from __future__ import annotations

from django.db import connection

from qafila.billing import locks, postings
from qafila.billing.allocating import Debt, applications, keep_on_booking, owners_of, settle, take_off
from qafila.billing.bill import Bill
from qafila.billing.models import Allocation, CreditNote, Invoice, InvoiceLine, Payment
from qafila.billing.postings import Billed
from qafila.billing.states import INVOICE, ISSUED
from qafila.identity.queries import agency, branch_code
from qafila.kernel import clock
from qafila.kernel.actor import Actor
from qafila.kernel.audit import record
from qafila.kernel.numbers import fiscal_year, next_gapless
from qafila.kernel.search import index
from qafila.kernel.states import begin, move_row
from qafila.kernel.transaction import step
from qafila.kernel.ui.formats import grouped
from qafila.ledger.steps import post_many, reverse
from qafila.sales.models import Booking

INVOICES, CREDIT_NOTES = "IN", "CN"


def next_id(table: str) -> int:
    """The id a row of this table is going to have: its entry names it before it is there."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id'))", [table])
        return int(cursor.fetchone()[0])


@step
def issue(actor: Actor, bill: Bill) -> Invoice:
    """Number, post and keep a bill; receipts that wait on its booking are applied. Its booking is locked."""
    firm = agency()
    waiting = _waiting_receipts(bill.booking_id)
    payers = owners_of({payment.party_id for _, payment in waiting})
    branch, invoice_id = branch_code(bill.branch_id), next_id("billing_invoice")
    number = next_gapless(INVOICES, branch, fiscal_year(bill.issued_on, firm.fiscal_year))
    billed = Billed(
        invoice_id=invoice_id,
        number=number,
        booking_number=bill.booking_number,
        day=bill.issued_on,
        branch_id=bill.branch_id,
        party=bill.party,
        trip=bill.trip,
        currency=bill.currency,
        base_currency=firm.base_currency,
        rate=bill.exchange_rate,
        total=bill.gross_total,
        taxes=bill.taxes_by_account(),
        revenue_account=postings.revenue_account(firm.tour_revenue_policy),
    )
    entries = [postings.invoice_issued(billed), *applications(number, Debt(bill.party, bill.trip), waiting, payers)]
    entry_id, *applied = post_many(actor, entries)
    invoice = _keep(actor, bill, billed, entry_id)
    begin(actor, INVOICE, [invoice.pk], "issue")
    settle(actor, invoice, waiting, applied)
    after = {"number": number, "booking": bill.booking_number, "total": bill.gross_total, "currency": bill.currency}
    record(actor, "invoice.issued", "invoice", invoice.pk, after=after)
    _list_in_search(invoice, f"{bill.booking_number} {bill.group_code}")
    return invoice


def _waiting_receipts(booking_id: int) -> list[tuple[Allocation, Payment]]:
    """What is paid on the booking and not applied to an invoice, its payments locked."""
    allocations = locks.live_allocations(booking_id=booking_id, entry__isnull=True)
    payments = locks.lock_payments(a.payment_id for a in allocations)
    return [(a, payments[a.payment_id]) for a in allocations]


def _keep(actor: Actor, bill: Bill, billed: Billed, entry_id: int) -> Invoice:
    invoice = Invoice.objects.create(
        pk=billed.invoice_id,
        number=billed.number,
        booking_id=bill.booking_id,
        party_id=bill.party.id,
        branch_id=bill.branch_id,
        issued_on=bill.issued_on,
        due_on=bill.due_on,
        currency=bill.currency,
        exchange_rate=bill.exchange_rate,
        net_total=bill.net_total,
        tax_total=bill.tax_total,
        tcs_total=bill.tcs_total,
        gross_total=bill.gross_total,
        buyer=bill.buyer,
        seller=bill.seller,
        place_of_supply=bill.place_of_supply,
        entry_id=entry_id,
        made_by_id=actor.user_id,
    )
    InvoiceLine.objects.bulk_create(
        InvoiceLine(
            invoice=invoice,
            n=n,
            kind=line.kind,
            description=line.description[:200],
            sac=line.sac,
            quantity=line.quantity,
            rate=line.rate,
            amount=line.amount,
            tax_account=line.tax_account,
            percent=line.percent,
            base=line.base,
            included=line.included,
        )
        for n, line in enumerate(bill.lines, 1)
    )
    return invoice


@step
def credit(actor: Actor, invoice: Invoice, *, event: str, reason: str, off_booking: bool) -> CreditNote:
    """Take an invoice back: its receipts are released, a numbered credit note posts the mirror of its own entry.

    Booking and invoice are locked by the caller. `off_booking`: the receipts go to the payer's account; else they stay
    counted as paid on the booking and wait for its next invoice.
    """
    INVOICE.check(actor, ISSUED, event)
    allocations = locks.live_allocations(invoice_id=invoice.pk)
    locks.lock_payments(a.payment_id for a in allocations)
    take_off(actor, allocations, reason=reason, off_booking=off_booking)
    if not off_booking:
        for allocation in allocations:
            keep_on_booking(actor, allocation.payment_id, allocation.booking_id, allocation.amount)
    today = clock.today()
    number = next_gapless(CREDIT_NOTES, branch_code(invoice.branch_id), fiscal_year(today, agency().fiscal_year))
    entry_id = reverse(
        actor,
        invoice.entry_id,
        source=postings.CREDIT_NOTE,
        event="issued",
        key=number,
        date=today,
        narration=f"Credit note {number} for invoice {invoice.number}",
        reason=reason,
    )
    note = CreditNote.objects.create(
        number=number,
        invoice=invoice,
        issued_on=today,
        amount=invoice.gross_total,
        reason=reason,
        entry_id=entry_id,
        made_by_id=actor.user_id,
    )
    move_row(actor, INVOICE, invoice, event, reason=reason, cancelled_at=clock.now())
    after = {"credit_note": number, "invoice": invoice.number, "amount": invoice.gross_total}
    record(actor, "invoice.credited", "invoice", invoice.pk, after=after, note=reason)
    booking, group = Booking.objects.values_list("number", "package__group__code").get(pk=invoice.booking_id)
    _list_in_search(invoice, f"{booking} {group} {number}", also=f" · credited by {number}")
    return note


def _list_in_search(invoice: Invoice, text: str, *, also: str = "") -> None:
    """Make the invoice findable by its number, its buyer, its booking, its group and its credit note."""
    shown = f"{invoice.currency} {grouped(invoice.gross_total, invoice.currency)}"
    index(
        "invoice",
        invoice.pk,
        title=invoice.number,
        subtitle=f"{invoice.buyer['name']} · {shown}{also}",
        url=f"/finance/invoices/{invoice.pk}",
        right="invoices.view",
        text=f"{invoice.number} {text} {invoice.buyer['name']} {invoice.buyer['code']}",
    )
