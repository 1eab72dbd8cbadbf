"""Who may see and move visa cases."""

from qafila.identity.types import Right, Role

RIGHTS = [
    Right("visas.view", "See visa cases", roles=(Role.OPS_MANAGER, Role.OPS_EXECUTIVE, Role.VISA_OFFICER)),
    Right("visas.edit", "Move visa cases", roles=(Role.OPS_MANAGER, Role.VISA_OFFICER)),
]
