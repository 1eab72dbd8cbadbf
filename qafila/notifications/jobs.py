"""The worker's side of the outbox: ids in, actions called, the mail server in between."""

from __future__ import annotations

import logging

from procrastinate.contrib.django import app

from qafila.kernel.actor import SYSTEM
from qafila.notifications.actions.settle_message import settle_message
from qafila.notifications.actions.take_message import take_message
from qafila.notifications.mailing import Undelivered, deliver

log = logging.getLogger("qafila.notifications")


@app.task(queue="mail", name="notifications.send_message")
def send_message(message_id: int) -> str:
    """One attempt at one message. Bears being run twice: a message that is sent is not sent again."""
    letter = take_message(actor=SYSTEM, message_id=message_id)
    if letter is None:
        return "nothing to send"
    try:
        deliver(letter)
    except Undelivered as trouble:
        log.warning("Message %s, attempt %s: %s", letter.id, letter.attempt, trouble)
        return settle_message(actor=SYSTEM, message_id=letter.id, error=str(trouble), for_good=trouble.for_good)
    return settle_message(actor=SYSTEM, message_id=letter.id)
