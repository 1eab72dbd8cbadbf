"""Who may sell, change and call off bookings. Source: roles.md."""

from __future__ import annotations

from qafila.identity.types import Right, Role

SELLERS = (
    Role.SALES_MANAGER,
    Role.SALES_EXECUTIVE,
    Role.B2B_MANAGER,
    Role.B2B_EXECUTIVE,
    Role.TRAVEL_AGENT,
)

RIGHTS = [
    Right(
        "bookings.view",
        "See bookings and their passengers",
        roles=(
            *SELLERS,
            Role.OPS_MANAGER,
            Role.OPS_EXECUTIVE,
            Role.TICKET_MANAGER,
            Role.VISA_OFFICER,
            Role.APPROVER,
            Role.FINANCE_MANAGER,
            Role.ACCOUNTANT,
            Role.CASHIER,
        ),
    ),
    Right("bookings.create", "Make bookings", roles=SELLERS),
    Right("bookings.edit", "Change bookings and their passengers", roles=(*SELLERS, Role.OPS_MANAGER)),
    Right(
        "bookings.cancel",
        "Cancel bookings and single passengers",
        roles=(Role.SALES_MANAGER, Role.B2B_MANAGER, Role.TRAVEL_AGENT),
    ),
    Right("bookings.delete", "Delete bookings", roles=(Role.SALES_MANAGER, Role.B2B_MANAGER)),
    Right(
        "bookings.invoice",
        "Invoice bookings",
        roles=(Role.SALES_MANAGER, Role.B2B_MANAGER, Role.FINANCE_MANAGER, Role.ACCOUNTANT),
    ),
]
