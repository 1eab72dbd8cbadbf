"""Pages of operations: the approval queues, corrections, and what is decided there."""

from __future__ import annotations

from django.urls import path

from qafila.kernel.web import Nav, Tab, add_nav, add_tab
from qafila.operations import buttons  # noqa: F401 - a booking's page offers what is decided here
from qafila.operations.web import decisions, queues

urlpatterns = [
    path("operations/approvals", queues.approvals),
    path("operations/corrections", queues.corrections),
    path("finance/approvals", queues.finance),
    path("operations/bookings/<int:booking_id>/approve", decisions.ops_approve),
    path("operations/bookings/<int:booking_id>/send-back", decisions.ops_send_back),
    path("operations/bookings/<int:booking_id>/resubmit", decisions.hand_in_again),
    path("finance/bookings/<int:booking_id>/approve", decisions.finance_approve),
    path("finance/bookings/<int:booking_id>/reject", decisions.finance_reject),
    path("finance/bookings/<int:booking_id>/withdraw", decisions.finance_withdraw),
    path("sales/bookings/<str:number>/tab/approvals", queues.approvals_of_booking),
]

add_nav(
    Nav("Operations", "Approvals", "/operations/approvals", "checklist", "approvals.view", order=10),
    Nav("Operations", "Corrections", "/operations/corrections", "pencil", "approvals.view", order=20),
    Nav("Finance", "Clearance", "/finance/approvals", "shield-check", "finance.bookings.approve_finance", order=30),
)
add_tab("booking", Tab("approvals", "Approvals", "/sales/bookings/{number}/tab/approvals", "bookings.view", 45))
