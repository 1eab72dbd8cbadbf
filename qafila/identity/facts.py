"""What identity announces."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PasswordResetAsked:
    """Somebody who may log in asked for a link to set a new password; `url` holds it and works for two hours, once."""

    user_id: int
    email: str
    name: str
    url: str
