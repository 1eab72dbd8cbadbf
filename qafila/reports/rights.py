"""Who may take lists out of the house."""

from qafila.identity.types import Right, Role

RIGHTS = [
    Right(
        "reports.export",
        "Export lists to Excel or CSV",
        roles=(Role.TICKET_MANAGER, Role.FINANCE_MANAGER, Role.ACCOUNTANT),
    ),
    Right(
        "finance.reports.group_profit_loss.view",
        "See what a group earns",
        roles=(Role.FINANCE_MANAGER, Role.ACCOUNTANT),
    ),
]
