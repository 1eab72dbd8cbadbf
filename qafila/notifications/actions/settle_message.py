"""Write down how an attempt at a message ended."""

from __future__ import annotations

from qafila.kernel import clock
from qafila.kernel.actor import Actor
from qafila.kernel.states import move_row
from qafila.kernel.transaction import action
from qafila.notifications.models import Message
from qafila.notifications.queue import ATTEMPTS, WAITS, enqueue
from qafila.notifications.states import MESSAGE, SENDING

FORGOTTEN = "(This message held a secret and is not kept.)"


@action
def settle_message(*, actor: Actor, message_id: int, error: str = "", for_good: bool = False) -> str:
    """Sent when there is no error; else tried again later, or given up after the eighth attempt or `for_good`.

    Answers the state it is in now. A message that somebody settled meanwhile stays as it is.
    """
    row = Message.objects.select_for_update().get(pk=message_id)
    if row.state != SENDING:
        return row.state
    if not error:
        forget = {"body": FORGOTTEN} if row.is_secret else {}
        move_row(actor, MESSAGE, row, "sent", sent_at=clock.now(), last_error="", **forget)
    elif for_good or row.attempts >= ATTEMPTS:
        forget = {"body": FORGOTTEN} if row.is_secret else {}
        move_row(actor, MESSAGE, row, "give_up", reason=error, last_error=error[:500], **forget)
    else:
        wait = WAITS[row.attempts - 1]
        move_row(actor, MESSAGE, row, "put_off", last_error=error[:500], next_attempt_at=clock.now() + wait)
        enqueue(row.pk, wait)
    return row.state
