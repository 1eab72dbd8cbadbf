"""Who may see, prepare and issue tickets."""

from qafila.identity.types import Right, Role

RIGHTS = [
    Right(
        "tickets.view",
        "See tickets",
        roles=(Role.OPS_MANAGER, Role.TICKET_MANAGER, Role.APPROVER, Role.FINANCE_MANAGER, Role.ACCOUNTANT),
    ),
    Right("tickets.edit", "Make ticket records, finalise names, add documents", roles=(Role.TICKET_MANAGER,)),
    Right("tickets.approve", "Issue and void tickets, decide exceptions", roles=(Role.TICKET_MANAGER,)),
]
