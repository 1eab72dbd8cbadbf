"""What the log-in routes and forms carry."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from ninja import Field
from pydantic import StringConstraints

from qafila.kernel.http import In, Out

Email = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=200)]
Password = Annotated[str, StringConstraints(min_length=1, max_length=128)]
Code = Annotated[str, StringConstraints(strip_whitespace=True, min_length=6, max_length=20)]
Sealed = Annotated[str, StringConstraints(min_length=1, max_length=600)]


class LogIn(In):
    email: Email
    password: Password


class CodeIn(In):
    """A code of the phone, or a recovery code."""

    code: Code


class ResetIn(In):
    email: Email


class NewPassword(In):
    """Typed twice on the page that a mailed link opens."""

    password: Password
    again: Password


class ChangePassword(In):
    current_password: Password
    new_password: Password


class ProofIn(In):
    """The password once more; not needed within 15 minutes of the log-in."""

    password: Annotated[str, StringConstraints(max_length=128)] = ""


class ConfirmIn(ProofIn):
    """The first code of the phone for the offered secret."""

    offer: Sealed
    code: Code


class TokenIn(ProofIn):
    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
    days: Annotated[int, Field(ge=1, le=3650)] = 90


class MeOut(Out):
    id: int
    email: str
    name: str
    kind: str
    party_id: int | None
    branch_id: int | None
    branch_code: str
    roles: list[str]
    rights: list[str]
    two_factor: bool
    two_factor_compulsory: bool


class SignedInOut(Out):
    """The log-in so far. The session cookie came with it; `csrf_token` goes into the header X-CSRFToken of changes."""

    second_factor_required: bool
    user: MeOut | None = None
    rights: list[str] = []
    csrf_token: str


class OfferOut(Out):
    """A secret for the phone; `offer` comes back with its first code within 15 minutes."""

    secret: str
    uri: str
    offer: str


class RecoveryOut(Out):
    """Shown this once; each opens the log-in once when the phone is lost."""

    recovery_codes: list[str]


class SessionOut(Out):
    id: int
    ip: str | None
    user_agent: str
    browser: str
    created_at: datetime
    last_seen_at: datetime
    second_factor: bool
    current: bool


class TokenOut(Out):
    id: int
    name: str
    prefix: str
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None
    state: str


class NewTokenOut(Out):
    """`token` is shown this once."""

    token: str


class EndedOut(Out):
    ended: int


class AcceptedOut(Out):
    detail: str
