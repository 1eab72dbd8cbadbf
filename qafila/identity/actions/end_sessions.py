from __future__ import annotations

from qafila.identity.people import end_sessions as end
from qafila.kernel.actor import Actor
from qafila.kernel.audit import record
from qafila.kernel.errors import NotFound
from qafila.kernel.transaction import action


@action
def end_session(*, actor: Actor, sign_in_id: int) -> None:
    """Sign out one of one's own browsers, at once. Refuses: NotFound."""
    if actor.user_id is None or not end(actor.user_id, only=sign_in_id):
        raise NotFound("You are not signed in there.")
    record(actor, "user.session_ended", "user", actor.user_id, after={"sign_in": sign_in_id})


@action
def end_other_sessions(*, actor: Actor, keep: int | None) -> int:
    """Sign out all one's own browsers but the one that asks; how many they were."""
    ended = end(actor.user_id, but=keep) if actor.user_id else 0
    if ended:
        record(actor, "user.sessions_ended", "user", actor.user_id, after={"how_many": ended})
    return ended
