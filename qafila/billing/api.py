"""Billing over HTTP: booking invoices, credit notes, payments and what they are put on. Source: api.md, 2."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.http import HttpResponse
from ninja import Query

from qafila.billing import pdf, queries
from qafila.billing.actions.allocate import allocate
from qafila.billing.actions.credit_invoice import Credited, credit_invoice
from qafila.billing.actions.deallocate import deallocate
from qafila.billing.actions.issue_booking_invoice import Issued, issue_booking_invoice
from qafila.billing.actions.record_payment import record_payment
from qafila.billing.actions.reject_payment import reject_payment
from qafila.billing.actions.reverse_payment import reverse_payment
from qafila.billing.actions.verify_payment import verify_payment
from qafila.billing.receiving import Taken
from qafila.billing.schemas import (
    AllocationIn,
    InvoiceFilter,
    InvoiceOut,
    InvoiceRowOut,
    IssueIn,
    PaymentFilter,
    PaymentIn,
    PaymentOut,
    PaymentRowOut,
    ReasonIn,
)
from qafila.kernel.actor import Actor
from qafila.kernel.http import Envelope, Id, Request, Routes, answered, dump, envelope, key_of
from qafila.kernel.idempotency import once

router = Routes(tags=["Billing"])
PDF: dict[str, Any] = {
    "openapi_extra": {"responses": {200: {"description": "A PDF", "content": {"application/pdf": {}}}}},
    "response": None,
}


def _payment(actor: Actor) -> Callable[[Taken], Any]:
    return lambda taken: dump(PaymentOut, {**_fields(queries.payment(actor, taken.payment_id)), "told": taken.told})


def _fields(value: Any) -> dict[str, Any]:
    return dict(vars(value))


# ---- invoices


@router.get("/sales/bookings/{booking_id}/invoice", may="bookings.view", response=InvoiceOut)
def read_booking_invoice(request: Request, booking_id: Id) -> Any:
    """The invoice of a booking; until it is issued, a preview of it."""
    return queries.invoice_of_booking(request.actor, booking_id)


@router.get("/sales/bookings/{booking_id}/invoice.pdf", may="bookings.view", **PDF)
def read_booking_invoice_pdf(request: Request, booking_id: Id) -> HttpResponse:
    """The same on paper; a preview says so across the page."""
    return pdf.response(pdf.invoice(queries.invoice_of_booking(request.actor, booking_id)))


@router.post(
    "/sales/bookings/{booking_id}/invoice", may="bookings.invoice", response={200: InvoiceOut, 201: InvoiceOut}
)
def issue_invoice(request: Request, booking_id: Id, payload: IssueIn | None = None) -> HttpResponse:
    """Number and post a booking's invoice. A booking that is invoiced answers the invoice it has (200)."""
    stood_before: list[bool] = []

    def told(issued: Issued) -> Any:
        stood_before.append(issued.already)
        return dump(InvoiceOut, queries.invoice(request.actor, issued.invoice_id))

    asked = {"booking_id": booking_id, "exchange_rate": payload.exchange_rate if payload else None}
    answer = once(key_of(request), request.actor, issue_booking_invoice, told, 201, **asked)
    return answered(replace(answer, status=200) if any(stood_before) else answer)


@router.get("/invoices", may="invoices.view", response=Envelope[InvoiceRowOut])
def list_invoices(request: Request, query: Query[InvoiceFilter]) -> Any:
    """Invoices, newest first."""
    filters = query.model_dump(exclude={"page", "page_size", "sort"})
    return envelope(queries.invoices(request.actor, query.window(), **filters))


# The paper before the row: a path of an id would take `7.pdf` for one.
@router.get("/invoices/{invoice_id}.pdf", may="invoices.view", **PDF)
def read_invoice_pdf(request: Request, invoice_id: Id) -> HttpResponse:
    """The invoice on paper."""
    return pdf.response(pdf.invoice(queries.invoice(request.actor, invoice_id)))


@router.get("/invoices/{invoice_id}", may="invoices.view", response=InvoiceOut)
def read_invoice(request: Request, invoice_id: Id) -> Any:
    """One invoice with its lines, its receipts and its credit note."""
    return queries.invoice(request.actor, invoice_id)


@router.post("/invoices/{invoice_id}/credit-note", may="invoices.credit", response={201: InvoiceOut})
def credit(request: Request, invoice_id: Id, payload: ReasonIn) -> HttpResponse:
    """Take an invoice back by a numbered credit note over all of it."""

    def told(credited: Credited) -> Any:
        return dump(InvoiceOut, queries.invoice(request.actor, credited.invoice_id))

    asked = {"invoice_id": invoice_id, "reason": payload.reason}
    return answered(once(key_of(request), request.actor, credit_invoice, told, 201, **asked))


@router.get("/invoices/{invoice_id}/credit-note.pdf", may="invoices.view", **PDF)
def read_credit_note_pdf(request: Request, invoice_id: Id) -> HttpResponse:
    """The credit note of an invoice on paper."""
    return pdf.response(pdf.credit_note(queries.invoice(request.actor, invoice_id)))


# ---- payments


@router.get("/payments", may="finance.view", response=Envelope[PaymentRowOut])
def list_payments(request: Request, query: Query[PaymentFilter]) -> Any:
    """Payments, newest first."""
    filters = query.model_dump(exclude={"page", "page_size", "sort"})
    return envelope(queries.payments(request.actor, query.window(), **filters))


@router.post("/payments", may="finance.payments.record", response={201: PaymentOut})
def take_payment(request: Request, payload: PaymentIn) -> HttpResponse:
    """Record money received: for a booking, for its invoice, or on account. Cash counts at once."""
    asked = payload.model_dump()
    return answered(once(key_of(request), request.actor, record_payment, _payment(request.actor), 201, **asked))


@router.get("/payments/{payment_id}", may="finance.view", response=PaymentOut)
def read_payment(request: Request, payment_id: Id) -> Any:
    """One payment and everything it was put on."""
    return queries.payment(request.actor, payment_id)


@router.get("/payments/{payment_id}/receipt.pdf", may="finance.view", **PDF)
def read_receipt_pdf(request: Request, payment_id: Id) -> HttpResponse:
    """The receipt on paper, once the payment is verified."""
    return pdf.response(pdf.receipt(queries.payment(request.actor, payment_id)))


def _decided(request: Request, verb: Callable[..., Taken], **asked: Any) -> HttpResponse:
    return answered(once(key_of(request), request.actor, verb, _payment(request.actor), 200, **asked))


@router.post("/payments/{payment_id}/verify", may="finance.payments.verify", response=PaymentOut)
def verify(request: Request, payment_id: Id) -> HttpResponse:
    """The money has arrived: number it, post it, count it. Not by whoever recorded it."""
    return _decided(request, verify_payment, payment_id=payment_id)


@router.post("/payments/{payment_id}/reject", may="finance.payments.reject", response=PaymentOut)
def reject(request: Request, payment_id: Id, payload: ReasonIn) -> HttpResponse:
    """The money did not arrive."""
    return _decided(request, reject_payment, payment_id=payment_id, reason=payload.reason)


@router.post("/payments/{payment_id}/reverse", may="finance.payments.refund", response=PaymentOut)
def reverse(request: Request, payment_id: Id, payload: ReasonIn) -> HttpResponse:
    """Take a verified payment back: un-allocate it everywhere and reverse its entry."""
    return _decided(request, reverse_payment, payment_id=payment_id, reason=payload.reason)


@router.post("/payments/{payment_id}/allocations", may="finance.create", response={201: PaymentOut})
def put_on(request: Request, payment_id: Id, payload: AllocationIn) -> HttpResponse:
    """Use money on account for a booking or its invoice."""
    asked = {"payment_id": payment_id, "booking_id": payload.booking_id, "invoice_id": payload.invoice_id}
    asked["amount"] = payload.amount  # type: ignore[assignment]
    return answered(once(key_of(request), request.actor, allocate, _payment(request.actor), 201, **asked))


@router.delete("/payments/{payment_id}/allocations", may="finance.create", response=PaymentOut)
def take_off_all(request: Request, payment_id: Id) -> HttpResponse:
    """Put everything of a payment back on its payer's account."""
    return _decided(request, deallocate, payment_id=payment_id)


@router.delete("/payments/{payment_id}/allocations/{allocation_id}", may="finance.create", response=PaymentOut)
def take_off(request: Request, payment_id: Id, allocation_id: Id) -> HttpResponse:
    """Put one allocation of a payment back on its payer's account."""
    return _decided(request, deallocate, payment_id=payment_id, allocation_id=allocation_id)
