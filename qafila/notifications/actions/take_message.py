"""Begin an attempt at a message."""

from __future__ import annotations

from dataclasses import dataclass

from qafila.kernel.actor import Actor
from qafila.kernel.states import move_row
from qafila.kernel.transaction import action
from qafila.notifications.models import Message
from qafila.notifications.states import MESSAGE, QUEUED, SENDING


@dataclass(frozen=True)
class Letter:
    """What the attempt sends."""

    id: int
    to: str
    subject: str
    body: str
    attachment_ids: tuple[int, ...]
    attempt: int


@action
def take_message(*, actor: Actor, message_id: int) -> Letter | None:
    """Count an attempt and answer what to send; None when the message is sent, given up or gone."""
    row = Message.objects.select_for_update().filter(pk=message_id).first()
    if row is None or row.state not in (QUEUED, SENDING):
        return None
    move_row(actor, MESSAGE, row, "try", attempts=row.attempts + 1, next_attempt_at=None)
    return Letter(row.pk, row.to, row.subject, row.body, tuple(row.attachment_ids), row.attempts)
