"""Talking to the mail server: never inside a transaction."""

from __future__ import annotations

import smtplib
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import connection

from qafila.documents.queries import contents_of
from qafila.identity.errors import AgencyNotSetUp
from qafila.identity.queries import agency
from qafila.notifications.actions.take_message import Letter

# What a mail server says for good, not for now (RFC 5321, 4.2.1); 4xx is for now.
PERMANENT = range(500, 600)


class Undelivered(Exception):
    """The mail server did not take it; `for_good`: trying again would change nothing."""

    def __init__(self, reason: str, *, for_good: bool = False) -> None:
        super().__init__(reason)
        self.for_good = for_good


def deliver(letter: Letter) -> None:
    """Hand a letter to the mail server. A letter sent twice has the same Message-ID twice. Raises Undelivered."""
    if _inside_a_transaction():
        raise RuntimeError("A mail server is not spoken to inside a transaction")
    message = EmailMessage(
        subject=letter.subject,
        body=letter.body,
        to=[letter.to],
        reply_to=_reply_to(),
        headers={"Message-ID": f"<qafila-message-{letter.id}@{_domain()}>"},
        connection=get_connection(),
    )
    for name, content_type, content in contents_of(letter.attachment_ids):
        message.attach(name, content, content_type)
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as refused:
        code, said = next(iter(refused.recipients.values()))
        raise Undelivered(f"{code} {_text(said)}", for_good=code in PERMANENT) from refused
    except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as refused:
        raise Undelivered(f"{refused.smtp_code} {_text(refused.smtp_error)}") from refused
    except (smtplib.SMTPException, OSError) as trouble:
        raise Undelivered(f"{type(trouble).__name__}: {trouble}") from trouble


def _inside_a_transaction() -> bool:
    return connection.in_atomic_block


def _text(said: bytes | str) -> str:
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else said


def _domain() -> str:
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"


def _reply_to() -> list[str]:
    try:
        address = agency().email
    except AgencyNotSetUp:
        return []
    return [address] if address else []
