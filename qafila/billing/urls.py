"""Pages of the billing room, and its tabs on the pages of bookings and groups."""

from __future__ import annotations

from django.urls import path

from qafila.billing.web import deciding, invoices, papers, payments, tabs
from qafila.kernel.web import Nav, Tab, add_nav, add_tab

urlpatterns = [
    path("sales/bookings/<str:number>/tab/payments", tabs.payments_of_booking),
    path("sales/bookings/<str:number>/tab/invoice", tabs.invoice_of_booking),
    path("sales/bookings/<int:booking_id>/invoice/issue", invoices.issue),
    path("sales/bookings/<int:booking_id>/invoice.pdf", papers.invoice_of_booking),
    path("groups/<str:code>/tab/invoices", tabs.invoices_of_group),
    path("finance/invoices", invoices.listed),
    path("finance/invoices/<int:invoice_id>", invoices.one),
    path("finance/invoices/<int:invoice_id>/credit", invoices.credit),
    path("finance/invoices/<int:invoice_id>.pdf", papers.invoice),
    path("finance/invoices/<int:invoice_id>/credit-note.pdf", papers.credit_note),
    path("finance/payments", payments.listed),
    path("finance/payments/new", payments.new),
    path("finance/payments/<int:payment_id>", payments.one),
    path("finance/payments/<int:payment_id>/receipt.pdf", papers.receipt),
    path("finance/payments/<int:payment_id>/verify", deciding.verify),
    path("finance/payments/<int:payment_id>/reject", deciding.reject),
    path("finance/payments/<int:payment_id>/reverse", deciding.reverse),
    path("finance/payments/<int:payment_id>/allocate", deciding.put_on),
    path("finance/payments/<int:payment_id>/allocations/<int:allocation_id>/take-off", deciding.take_off),
]

add_nav(
    Nav("Finance", "Invoices", "/finance/invoices", "file-invoice", "invoices.view", order=10),
    Nav("Finance", "Payments", "/finance/payments", "cash", "finance.view", order=20),
)
add_tab(
    "booking",
    Tab("payments", "Payments", "/sales/bookings/{number}/tab/payments", "bookings.view", 40),
    Tab("invoice", "Invoice", "/sales/bookings/{number}/tab/invoice", "bookings.view", 60),
)
add_tab("group", Tab("invoices", "Invoices", "/groups/{code}/tab/invoices", "invoices.view", 60))
