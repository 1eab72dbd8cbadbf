"""Who may see, buy, change and give away what the agency has bought."""

from __future__ import annotations

from qafila.identity.types import Right, Role

SEES = (
    Role.SALES_MANAGER,
    Role.SALES_EXECUTIVE,
    Role.B2B_MANAGER,
    Role.B2B_EXECUTIVE,
    Role.OPS_MANAGER,
    Role.OPS_EXECUTIVE,
    Role.FINANCE_MANAGER,
    Role.ACCOUNTANT,
)

RIGHTS = [
    Right("inventory.view", "See airline blocks and their seats", roles=SEES),
    Right("inventory.create", "Record a block bought", roles=(Role.OPS_MANAGER, Role.OPS_EXECUTIVE)),
    Right(
        "inventory.edit",
        "Change a block, its legs and its seats",
        roles=(Role.B2B_MANAGER, Role.OPS_MANAGER, Role.OPS_EXECUTIVE),
    ),
    Right("inventory.delete", "Delete a block nobody took seats of", roles=(Role.OPS_MANAGER,)),
    Right("inventory.allocate", "Give a block's seats to a group", roles=(Role.OPS_MANAGER, Role.OPS_EXECUTIVE)),
    Right(
        "finance.cost.view",
        "See what suppliers are paid",
        roles=(Role.SALES_MANAGER, Role.B2B_MANAGER, Role.OPS_MANAGER, Role.FINANCE_MANAGER, Role.ACCOUNTANT),
    ),
]
