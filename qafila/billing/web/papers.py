"""Invoices, credit notes and receipts as PDFs, opened from the pages."""

from __future__ import annotations

from django.http import HttpResponse

from qafila.billing import pdf, queries
from qafila.kernel.http import Request
from qafila.kernel.web import page


@page("bookings.view")
def invoice_of_booking(request: Request, booking_id: int) -> HttpResponse:
    """The invoice that stands for a booking, or its preview."""
    return pdf.response(pdf.invoice(queries.invoice_of_booking(request.actor, booking_id)))


@page("invoices.view")
def invoice(request: Request, invoice_id: int) -> HttpResponse:
    """One invoice."""
    return pdf.response(pdf.invoice(queries.invoice(request.actor, invoice_id)))


@page("invoices.view")
def credit_note(request: Request, invoice_id: int) -> HttpResponse:
    """The credit note of an invoice."""
    return pdf.response(pdf.credit_note(queries.invoice(request.actor, invoice_id)))


@page("finance.view")
def receipt(request: Request, payment_id: int) -> HttpResponse:
    """The receipt of a verified payment."""
    return pdf.response(pdf.receipt(queries.payment(request.actor, payment_id)))
