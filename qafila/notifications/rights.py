"""Who may see what the house sends. Source: roles.md, admin.*."""

from __future__ import annotations

from qafila.identity.types import Right

RIGHTS = [
    Right("admin.outbox.view", "See the messages the house sends"),
    Right("admin.outbox.send", "Send a failed message again"),
]
