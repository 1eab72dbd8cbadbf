from __future__ import annotations

from qafila.identity import lockout
from qafila.identity.passwords import accept
from qafila.identity.people import end_sessions, locked, within_reach
from qafila.kernel.actor import Actor
from qafila.kernel.audit import record
from qafila.kernel.transaction import action


@action
def set_password(*, actor: Actor, user_id: int, password: str) -> None:
    """Give another person a new password; their browsers are signed out, a lock-out ends.

    Refuses: MissingRight, NotFound, NotYourself, PasswordTooWeak.
    """
    actor.need("admin.users.edit")
    user = locked(user_id)
    within_reach(actor, user)
    accept(user, password)
    user.save(update_fields=["password"])
    end_sessions(user.pk)
    lockout.unlock(user.email)
    record(actor, "user.password_set", "user", user.pk)
