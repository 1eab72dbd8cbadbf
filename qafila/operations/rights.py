"""Who may approve. Source: roles.md."""

from __future__ import annotations

from qafila.identity.types import Right, Role

RIGHTS = [
    Right(
        "approvals.view",
        "See the approval and correction queues",
        roles=(Role.OPS_MANAGER, Role.OPS_EXECUTIVE, Role.APPROVER),
    ),
    Right(
        "approvals.approve",
        "Approve bookings for operations, send them back",
        roles=(Role.OPS_MANAGER, Role.APPROVER),
    ),
    Right(
        "finance.bookings.approve_finance",
        "Let bookings go ahead for finance, also unpaid ones",
        roles=(Role.FINANCE_MANAGER, Role.ACCOUNTANT),
        moves_money=True,
    ),
]
