"""What the notifications room does when lower rooms announce."""

from __future__ import annotations

from qafila.identity.facts import PasswordResetAsked
from qafila.kernel.actor import Actor
from qafila.kernel.facts import on
from qafila.notifications.steps import send_email

RESET = """{name},

somebody asked for a new password for your Qafila log-in. To set one, open this address within two hours; it works once:

{url}

If it was not you, do nothing: your password stays as it is.
"""


@on(PasswordResetAsked)
def send_reset_link(actor: Actor, fact: PasswordResetAsked) -> None:
    """The link goes to the person's own address; its text is kept from everybody and forgotten once sent."""
    send_email(
        actor,
        to=fact.email,
        subject="A new password for Qafila",
        body=RESET.format(name=fact.name, url=fact.url),
        entity="user",
        entity_id=fact.user_id,
        secret=True,
    )
