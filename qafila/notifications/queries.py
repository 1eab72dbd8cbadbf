"""What the house sent, and what waits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from qafila.kernel.actor import Actor
from qafila.kernel.pagination import Page, Window, order, paginate
from qafila.notifications.errors import MessageNotFound
from qafila.notifications.models import Message
from qafila.notifications.states import MESSAGE

SORTS = {"id": "pk", "created_at": "pk", "to": "to", "sent_at": "sent_at"}
SECRET = "(Kept from everybody: this message holds a secret.)"  # noqa: S105 - it is a sentence


@dataclass(frozen=True)
class MessageRow:
    """One message of the outbox; a secret one shows no body."""

    id: int
    to: str
    subject: str
    body: str
    entity: str
    entity_id: int | None
    state: str
    attempts: int
    last_error: str
    attachments: int
    is_secret: bool
    created_at: datetime
    next_attempt_at: datetime | None
    sent_at: datetime | None

    @property
    def state_label(self) -> str:
        return MESSAGE.label(self.state)

    @property
    def state_tone(self) -> str:
        return MESSAGE.tone(self.state)


def _read(row: Message) -> MessageRow:
    return MessageRow(
        id=row.pk,
        to=row.to,
        subject=row.subject,
        body=SECRET if row.is_secret else row.body,
        entity=row.entity,
        entity_id=row.entity_id,
        state=row.state,
        attempts=row.attempts,
        last_error=row.last_error,
        attachments=len(row.attachment_ids),
        is_secret=row.is_secret,
        created_at=row.created_at,
        next_attempt_at=row.next_attempt_at,
        sent_at=row.sent_at,
    )


def messages(actor: Actor, window: Window, *, q: str = "", state: str = "") -> Page[MessageRow]:
    """The outbox, newest first; `q` is part of the address or the subject. Two queries."""
    actor.need("admin.outbox.view")
    rows = Message.objects.all()
    if state:
        rows = rows.filter(state=state)
    if q.strip():
        rows = rows.filter(Q(to__icontains=q.strip()) | Q(subject__icontains=q.strip()))
    return paginate(rows.order_by(*order(window.sort, SORTS, "-id")), window, _read)


def message(actor: Actor, message_id: int) -> MessageRow:
    """One message. One query. Refuses: MessageNotFound."""
    actor.need("admin.outbox.view")
    row = Message.objects.filter(pk=message_id).first()
    if row is None:
        raise MessageNotFound("There is no such message.")
    return _read(row)


def counts(actor: Actor) -> Mapping[str, int]:
    """How many messages stand in each state. One query."""
    actor.need("admin.outbox.view")
    return dict(Message.objects.values_list("state").annotate(n=Count("pk")).order_by())
