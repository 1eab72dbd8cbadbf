"""The tabs that billing puts on the pages of bookings and groups: fragments, without the shell."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _

from qafila.billing import queries
from qafila.billing.errors import BillDoesNotAddUp, NotBillable
from qafila.billing.types import InvoiceDetail
from qafila.billing.web.payments import payment_choices
from qafila.groups.queries import group
from qafila.kernel.http import Request
from qafila.kernel.money import rounded, text
from qafila.kernel.pagination import Window
from qafila.kernel.web import page, render
from qafila.sales.queries import booking

ROWS = 200


@page("bookings.view")
def payments_of_booking(request: Request, number: str) -> HttpResponse:
    """Payments tab of a booking: what is paid, what waits, and taking more."""
    shown = booking(request.actor, number)
    money = queries.money_of_booking(request.actor, shown.id)
    may_take = request.actor.may("finance.payments.record") and shown.is_live
    return render(
        request,
        "billing/tab_payments.html",
        booking=shown,
        money=money,
        live=[row for row in money.allocations if row.taken_back_at is None],
        past=[row for row in money.allocations if row.taken_back_at is not None],
        may_take=may_take,
        due=text(rounded(shown.balance, shown.currency)) if shown.balance > 0 else "",
        **(payment_choices(request) if may_take else {}),
    )


@page("bookings.view")
def invoice_of_booking(request: Request, number: str) -> HttpResponse:
    """Invoice tab of a booking: the invoice, or its preview with the button that issues it."""
    shown = booking(request.actor, number)
    invoice, why_not = _invoice_or_reason(request, shown.id)
    earlier = queries.invoices_of_booking(request.actor, shown.id)
    return render(
        request,
        "billing/tab_invoice.html",
        booking=shown,
        invoice=invoice,
        why_not=why_not,
        earlier=[row for row in earlier if invoice is None or row.id != invoice.id],
        foreign=invoice is not None and invoice.is_preview and invoice.exchange_rate is None,
    )


def _invoice_or_reason(request: Request, booking_id: int) -> tuple[InvoiceDetail | None, str]:
    try:
        return queries.invoice_of_booking(request.actor, booking_id), ""
    except (NotBillable, BillDoesNotAddUp) as refusal:
        return None, refusal.detail


@page("invoices.view")
def invoices_of_group(request: Request, code: str) -> HttpResponse:
    """Invoices tab of a group: the invoices of its bookings, and what is not invoiced yet."""
    shown = group(request.actor, code)
    page_of = queries.invoices(request.actor, Window(1, ROWS, "-number"), group_id=shown.id)
    return render(
        request,
        "billing/tab_group.html",
        group=shown,
        rows=page_of.items,
        more=page_of.total - len(page_of.items),
        sums=queries.sums_of_group(shown.id),
        title=_("Invoices"),
    )
