"""Invoices on the screen: the list, one invoice, issuing and crediting."""

from __future__ import annotations

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from qafila.billing import queries
from qafila.billing.actions.credit_invoice import credit_invoice
from qafila.billing.actions.issue_booking_invoice import issue_booking_invoice
from qafila.billing.schemas import InvoiceFilter, IssueIn, ReasonIn
from qafila.kernel.forms import form_key, parse, parse_query
from qafila.kernel.http import Request
from qafila.kernel.idempotency import once
from qafila.kernel.listing import Column, Filter, Listing, respond
from qafila.kernel.web import done, page, render

STATES = (("ISSUED", "Issued"), ("PAID", "Paid"), ("CANCELLED", "Cancelled"))
LISTING = Listing(
    title="Invoices",
    columns=(
        Column("number", "Number", "code", sort="number", link=lambda r: f"/finance/invoices/{r.id}", primary=True),
        Column("party", "Billed to"),
        Column("booking_number", "Booking", "code", link=lambda r: f"/sales/bookings/{r.booking_number}"),
        Column("group_code", "Group", "code", link=lambda r: f"/groups/{r.group_code}", hide_on_phone=True),
        Column("issued_on", "Issued", "date", sort="issued_on"),
        Column("due_on", "Due", "date", sort="due_on", hide_on_phone=True),
        Column("state", "State", "pill"),
        Column("gross_total", "Total", "money", sort="total"),
        Column("open_amount", "Open", "money", sort="open"),
        Column("credit_note", "Credit note", "code", hide_on_phone=True),
    ),
    filters=(
        Filter("state", "Any state", STATES),
        Filter("open_only", "Open or not", (("true", "Only what is open"),)),
        Filter("issued_from", "Issued from", kind="date"),
        Filter("issued_to", "Issued to", kind="date"),
    ),
    empty="An invoice appears here when it is issued on a booking's Invoice tab.",
    file_name="invoices",
    row_link=lambda r: f"/finance/invoices/{r.id}",
)


@page("invoices.view")
def listed(request: Request) -> HttpResponseBase:
    """The invoices, newest first; the filter finds by number, buyer, booking, group and credit note."""
    paging = parse_query(request, InvoiceFilter)
    filters = paging.model_dump(exclude={"page", "page_size", "sort"})
    return respond(request, LISTING, lambda w: queries.invoices(request.actor, w, **filters), paging)


@page("invoices.view")
def one(request: Request, invoice_id: int) -> HttpResponse:
    """One invoice with its lines, what was received on it, and its credit note."""
    shown = queries.invoice(request.actor, invoice_id)
    crumbs = [(_("Invoices"), "/finance/invoices")]
    return render(request, "billing/invoice.html", title=shown.number, invoice=shown, crumbs=crumbs)


@page("bookings.invoice", methods=("POST",))
def issue(request: Request, booking_id: int) -> HttpResponse:
    """Issue a booking's invoice, from its Invoice tab."""
    form = parse(request, IssueIn)
    asked = {"booking_id": booking_id, "exchange_rate": form.exchange_rate}
    answer = once(form_key(request), request.actor, issue_booking_invoice, lambda issued: issued.number, 201, **asked)
    booking = queries.booking_number(booking_id)
    return done(request, _("Invoice %s is issued and posted.") % answer.body, f"/sales/bookings/{booking}?tab=invoice")


@page("invoices.credit", methods=("POST",))
def credit(request: Request, invoice_id: int) -> HttpResponse:
    """Take an invoice back by a credit note."""
    form = parse(request, ReasonIn)
    asked = {"invoice_id": invoice_id, "reason": form.reason}
    answer = once(form_key(request), request.actor, credit_invoice, lambda credited: credited.number, 201, **asked)
    return done(request, _("Credit note %s is issued.") % answer.body, f"/finance/invoices/{invoice_id}")
