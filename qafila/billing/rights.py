"""Who may invoice, credit, take money and decide about it. Source: roles.md."""

from __future__ import annotations

from qafila.identity.types import Right, Role

FINANCE = (Role.FINANCE_MANAGER, Role.ACCOUNTANT)
SELLING_MANAGERS = (Role.SALES_MANAGER, Role.B2B_MANAGER)

RIGHTS = [
    Right("invoices.view", "See invoices and credit notes", roles=(*SELLING_MANAGERS, *FINANCE)),
    Right("invoices.credit", "Take an invoice back by a credit note", roles=FINANCE, moves_money=True),
    Right(
        "finance.create",
        "Use receipts for bookings and invoices, enter vouchers",
        roles=(*FINANCE, Role.CASHIER),
        moves_money=True,
    ),
    Right("finance.payments.record", "Record money received", roles=(*FINANCE, Role.CASHIER), moves_money=True),
    Right("finance.payments.verify", "Verify that recorded money has arrived", roles=FINANCE, moves_money=True),
    Right("finance.payments.reject", "Reject a payment that did not arrive", roles=FINANCE, moves_money=True),
    Right("finance.payments.refund", "Reverse a payment", roles=FINANCE, moves_money=True),
]
