from __future__ import annotations

from datetime import timedelta

from django.contrib.auth.tokens import default_token_generator
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode

from qafila.identity import lockout
from qafila.identity.errors import PasswordLinkOld
from qafila.identity.facts import PasswordResetAsked
from qafila.identity.models import User
from qafila.identity.passwords import accept
from qafila.identity.people import end_sessions, locked
from qafila.kernel import rates
from qafila.kernel.actor import Actor
from qafila.kernel.audit import record
from qafila.kernel.errors import TooManyRequests
from qafila.kernel.facts import announce
from qafila.kernel.transaction import action

MAILS_PER_HOUR = 3


@action
def ask_password_reset(*, actor: Actor, email: str, site: str) -> None:
    """Have a link to set a new password sent, if somebody logs in with this e-mail; nothing tells whether.

    `site` is the address the person came by, e.g. https://qafila.example. At most three links an hour for one person.
    """
    user = User.objects.filter(email=email.strip().lower(), is_active=True).first()
    if user is None:
        return
    try:
        rates.hit(f"password-mail:{user.pk}", limit=MAILS_PER_HOUR, per=timedelta(hours=1))
    except TooManyRequests:
        return
    uid, token = urlsafe_base64_encode(str(user.pk).encode()), default_token_generator.make_token(user)
    url = f"{site}/password/reset/{uid}/{token}"
    record(actor, "user.password_reset_asked", "user", user.pk)
    announce(actor, PasswordResetAsked(user_id=user.pk, email=user.email, name=user.name, url=url))


def whose_link(uid: str, token: str) -> User:
    """The person this link was made for. Refuses: PasswordLinkOld when it was used, is too old, or was never made."""
    try:
        user = User.objects.filter(pk=int(urlsafe_base64_decode(uid)), is_active=True).first()
    except (ValueError, OverflowError):
        user = None
    if user is None or not default_token_generator.check_token(user, token):
        raise PasswordLinkOld("This link was used before or is older than two hours. Ask for a new one.")
    return user


@action
def reset_password(*, actor: Actor, uid: str, token: str, password: str) -> None:
    """Set a new password by a mailed link; all browsers of the person are signed out, a lock-out ends.

    The second factor stays as it was. Refuses: PasswordLinkOld, PasswordTooWeak.
    """
    locked(whose_link(uid, token).pk)
    user = whose_link(uid, token)  # again, under the lock: a link works once
    accept(user, password)
    user.save(update_fields=["password"])
    end_sessions(user.pk)
    lockout.unlock(user.email)
    record(actor, "user.password_reset", "user", user.pk)
