"""The rights of administration, and those that belong to the house as a whole."""

from __future__ import annotations

from qafila.identity.types import Right, Role

RIGHTS = [
    Right("admin.users.view", "See who may log in, and what they hold", roles=(Role.ADMIN_HR,)),
    Right("admin.users.create", "Make log-ins", roles=(Role.ADMIN_HR,)),
    Right("admin.users.edit", "Change, switch off and unlock log-ins, and give roles", roles=(Role.ADMIN_HR,)),
    Right("admin.roles.view", "See what each role holds"),
    Right("admin.roles.edit", "Change what a role holds, and allow or deny a right to one person"),
    Right("admin.settings.view", "See the agency's settings"),
    Right("admin.settings.edit", "Change the agency's settings and branches"),
    Right("admin.tokens", "Make and revoke other people's API tokens"),
    Right("admin.audit.view", "Read the audit trail"),
]
