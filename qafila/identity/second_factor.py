"""The second factor: one-time codes of a phone (TOTP) and recovery codes, stored and computed by allauth.mfa.

Ours: secrets are encrypted with the house's key, a code counts once (its time step is kept on the row, under its lock,
so no cache can forget it), and a secret becomes a person's only when a first code has proved that the phone knows it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import io
import json
from dataclasses import dataclass
from typing import Any

import segno
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.encoding import force_bytes

from qafila.identity.errors import EnrolmentExpired
from qafila.kernel.transaction import step

OFFER_LASTS = 15 * 60


def _vault() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_key(key)) for key in keys])


def _key(secret: str | bytes) -> bytes:
    return base64.urlsafe_b64encode(hashlib.sha256(b"qafila second factor" + force_bytes(secret)).digest())


class Adapter(DefaultMFAAdapter):  # type: ignore[misc]
    """How allauth.mfa keeps its secrets here: encrypted with a key made from SECRET_KEY (old keys still open)."""

    def encrypt(self, text: str) -> str:
        return _vault().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _vault().decrypt(encrypted_text.encode()).decode()


@dataclass(frozen=True)
class Offer:
    """A secret offered to a person: for their phone to scan or type, and sealed, to come back with the first code."""

    secret: str
    uri: str
    sealed: str

    def svg(self) -> str:
        """The QR code as a data URI for an <img>."""
        out = io.BytesIO()
        segno.make(self.uri, error="m").save(out, kind="svg", scale=5, border=2, xmldecl=False)
        return "data:image/svg+xml;base64," + base64.b64encode(out.getvalue()).decode()

    def spaced(self) -> str:
        """The secret in groups of four, for typing."""
        return " ".join(self.secret[n : n + 4] for n in range(0, len(self.secret), 4))


def offer(user_id: int, email: str) -> Offer:
    """A fresh secret; nothing is stored until `accept` sees its first code."""
    from allauth.mfa.totp.internal.auth import generate_totp_secret

    from qafila.identity.models import User

    secret = generate_totp_secret().rstrip("=")
    uri = Adapter().build_totp_url(User(id=user_id, email=email), secret)
    sealed = _vault().encrypt(json.dumps([user_id, secret]).encode()).decode()
    return Offer(secret, uri, sealed)


def unseal(user_id: int, sealed: str) -> str:
    """The secret that was offered to this person. Refuses: EnrolmentExpired."""
    old = EnrolmentExpired("This set-up is older than 15 minutes; start it again.", field="offer")
    for key in [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]:
        try:
            whose, secret = json.loads(Fernet(_key(key)).decrypt(sealed.encode(), ttl=OFFER_LASTS))
        except (InvalidToken, ValueError):
            continue
        if whose != user_id:
            raise old
        return str(secret)
    raise old


def matching_step(secret: str, code: str) -> int | None:
    """The time step whose code this is, if it is one of the present ones."""
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time

    typed = "".join(code.split())
    padded = secret + "=" * (-len(secret) % 8)
    found = None
    for counter in yield_hotp_counters_from_time():
        if hmac.compare_digest(format_hotp_value(hotp_value(padded, counter)).encode(), typed.encode()):
            found = counter
    return found


def rows(user_id: int) -> dict[str, Any]:
    """The person's authenticators by type, locked until the transaction ends."""
    from allauth.mfa.models import Authenticator

    found = Authenticator.objects.select_for_update().filter(user_id=user_id).order_by("pk")
    return {row.type: row for row in found}


@step
def use(user_id: int, code: str) -> str | None:
    """Use up one code of this person: "totp", "recovery_code", or None if it is not theirs or was used before."""
    from allauth.mfa.models import Authenticator
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
    from django.utils import timezone

    held = rows(user_id)
    totp = held.get(Authenticator.Type.TOTP)
    if totp is None:
        return None
    counter = matching_step(Adapter().decrypt(totp.data["secret"]), code)
    if counter is not None:
        if counter <= totp.data.get("last_step", 0):
            return None
        totp.data["last_step"], totp.last_used_at = counter, timezone.now()
        totp.save(update_fields=["data", "last_used_at"])
        return "totp"
    recovery = held.get(Authenticator.Type.RECOVERY_CODES)
    typed = "".join(code.replace("-", "").split())
    if recovery is not None and RecoveryCodes(recovery).validate_code(typed):
        return "recovery_code"
    return None


@step
def store(user_id: int, secret: str, first_step: int) -> list[str]:
    """Make the secret the person's and return their recovery codes: the only time they are shown."""
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
    from allauth.mfa.totp.internal.auth import TOTP

    from qafila.identity.models import User

    user = User(id=user_id)
    totp = TOTP.activate(user, secret).instance
    totp.data["last_step"] = first_step
    totp.save(update_fields=["data"])
    return list(RecoveryCodes.activate(user).generate_codes())


@step
def renew_recovery_codes(user_id: int) -> list[str]:
    """Fresh recovery codes; the old ones no longer open anything."""
    from allauth.mfa.models import Authenticator
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    from qafila.identity.models import User

    Authenticator.objects.filter(user_id=user_id, type=Authenticator.Type.RECOVERY_CODES).delete()
    return list(RecoveryCodes.activate(User(id=user_id)).generate_codes())


@step
def remove(user_id: int) -> bool:
    """Forget the person's second factor; False when there was none."""
    held = rows(user_id)
    for row in held.values():
        row.delete()
    return bool(held)


def recovery_codes_left(user_id: int) -> int:
    """How many recovery codes have not been used."""
    from allauth.mfa.models import Authenticator

    row = Authenticator.objects.filter(user_id=user_id, type=Authenticator.Type.RECOVERY_CODES).first()
    return len(row.wrap().get_unused_codes()) if row else 0
