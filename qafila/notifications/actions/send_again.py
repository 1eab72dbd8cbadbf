"""Send a failed message again."""

from __future__ import annotations

from qafila.kernel.actor import Actor
from qafila.kernel.audit import record
from qafila.kernel.errors import WrongState
from qafila.kernel.states import move_row
from qafila.kernel.transaction import action
from qafila.notifications.errors import MessageNotFound
from qafila.notifications.models import Message
from qafila.notifications.queue import enqueue
from qafila.notifications.states import MESSAGE


@action
def send_again(*, actor: Actor, message_id: int) -> None:
    """Queue a message that was given up. Refuses: MessageNotFound, WrongState (a secret is forgotten, too)."""
    actor.need("admin.outbox.send")
    row = Message.objects.select_for_update().filter(pk=message_id).first()
    if row is None:
        raise MessageNotFound("There is no such message.")
    if row.is_secret:
        raise WrongState("This message held a secret link, which is forgotten: have a new one made.")
    move_row(actor, MESSAGE, row, "send_again", attempts=0, last_error="")
    record(actor, "message.sent_again", "message", row.pk, after={"to": row.to})
    enqueue(row.pk)
