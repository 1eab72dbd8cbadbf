"""Who may see, open, change and price departures."""

from __future__ import annotations

from qafila.identity.types import Right, Role

SEES = (
    Role.SALES_MANAGER,
    Role.SALES_EXECUTIVE,
    Role.B2B_MANAGER,
    Role.B2B_EXECUTIVE,
    Role.OPS_MANAGER,
    Role.OPS_EXECUTIVE,
    Role.TICKET_MANAGER,
    Role.VISA_OFFICER,
    Role.FINANCE_MANAGER,
    Role.ACCOUNTANT,
)

RIGHTS = [
    Right("groups.view", "See groups", roles=SEES),
    Right(
        "groups.create",
        "Open a group",
        roles=(Role.ADMIN_HR, Role.SALES_MANAGER, Role.B2B_MANAGER, Role.OPS_MANAGER),
    ),
    Right(
        "groups.edit",
        "Change, cancel and supply a group",
        roles=(Role.ADMIN_HR, Role.SALES_MANAGER, Role.OPS_MANAGER, Role.OPS_EXECUTIVE),
    ),
    Right("groups.delete", "Delete a group", roles=(Role.ADMIN_HR,)),
    Right("group_pricing.edit", "Price a group: its rate sheet", roles=(Role.SALES_MANAGER,)),
]
