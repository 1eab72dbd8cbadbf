"""What higher rooms may send inside their own transaction."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from qafila.kernel.actor import Actor
from qafila.kernel.states import begin
from qafila.kernel.transaction import step
from qafila.notifications.errors import AddressInvalid
from qafila.notifications.models import Message
from qafila.notifications.queue import enqueue
from qafila.notifications.states import MESSAGE


@step
def send_email(
    actor: Actor,
    *,
    to: str,
    subject: str,
    body: str,
    entity: str = "",
    entity_id: int | None = None,
    attachment_ids: Sequence[int] = (),
    secret: bool = False,
) -> int:
    """Queue an e-mail with the business event: it goes out if, and only if, the event commits. The message's id.

    `attachment_ids` are stored files. A `secret` body (a link that opens a door) is shown to nobody and forgotten once
    sent. Refuses: AddressInvalid.
    """
    address = to.strip()
    try:
        validate_email(address)
    except ValidationError:
        raise AddressInvalid(f"{to} is not an e-mail address.", field="to") from None
    message = Message.objects.create(
        to=address,
        subject=" ".join(subject.split())[:300],
        body=body,
        entity=entity,
        entity_id=entity_id,
        attachment_ids=list(attachment_ids),
        is_secret=secret,
    )
    begin(actor, MESSAGE, [message.pk])
    enqueue(message.pk)
    return message.pk
