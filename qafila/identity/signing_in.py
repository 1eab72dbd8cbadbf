"""Signing in and out: what the page and the API share. The one verb of this room that needs the request itself.

Password → (second factor) → session. The session's key changes at each step. Between password and code the session
knows who is expected, but signs nobody in.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, authenticate, login, logout

from qafila.identity import lockout, second_factor
from qafila.identity.actions.reset_password import ask_password_reset
from qafila.identity.addresses import client_ip
from qafila.identity.errors import (
    NoLogInUnderWay,
    PasswordNeeded,
    TwoFactorRequired,
    WrongCode,
    WrongCredentials,
    WrongPassword,
)
from qafila.identity.models import SignIn, User
from qafila.identity.passwords import LONGEST, accept
from qafila.identity.people import end_sessions, locked
from qafila.identity.queries import actor_of, has_second_factor, own_id, second_factor_compulsory
from qafila.identity.sites import site_of
from qafila.kernel import clock, rates
from qafila.kernel.actor import SYSTEM, Actor
from qafila.kernel.audit import record
from qafila.kernel.http import Request
from qafila.kernel.transaction import run

BACKEND = "django.contrib.auth.backends.ModelBackend"
PENDING = "second_factor_awaited"
PENDING_LASTS = 10 * 60
FRESH = timedelta(minutes=15)
WRONG = "E-mail and password do not belong together."


@dataclass(frozen=True)
class Outcome:
    """Who gave the right password, and whether their second factor is awaited before they are signed in."""

    user_id: int
    second_factor_awaited: bool


def with_password(request: Request, email: str, password: str, *, onward: str = "", may_enrol: bool = False) -> Outcome:
    """The first step. `may_enrol`: somebody who must set up a second factor is let in to do just that (the page).

    Refuses: WrongCredentials, LockedOut, TooManyRequests, TwoFactorRequired.
    """
    user = prove_password(request, email, password)
    if has_second_factor(user.pk):
        out(request)
        request.session.cycle_key()
        request.session[PENDING] = {
            "user": user.pk,
            "at": clock.now().timestamp(),
            "hash": user.get_session_auth_hash(),
            "onward": onward,
        }
        return Outcome(user.pk, True)
    if not may_enrol and second_factor_compulsory(actor_of(user.pk).rights):
        raise TwoFactorRequired
    _complete(request, user, second_factor=False)
    return Outcome(user.pk, False)


def with_code(request: Request, code: str) -> Outcome:
    """The second step: a code of the phone or a recovery code, each good once.

    Refuses: NoLogInUnderWay, WrongCode, LockedOut, TooManyRequests.
    """
    not_too_often(request)
    user = awaited(request)
    if user is None:
        raise NoLogInUnderWay("Enter your e-mail and password first.")
    with lockout.turn(user.email):
        was_locked = lockout.is_locked(request, user.email)
        used = None if was_locked else second_factor.use(user.pk, code)
        if used is None:
            if not was_locked:
                lockout.failed(request, user.email)
            _note(request, user.email, user.pk, "locked" if was_locked else "wrong_code")
    if used is None:
        if lockout.is_locked(request, user.email):
            raise lockout.refusal(user.email)
        raise WrongCode("This code is wrong, too old, or was used before.", field="code")
    _complete(request, user, second_factor=True, by=used)
    return Outcome(user.pk, False)


def awaited(request: Request) -> User | None:
    """Who gave the right password here within the last ten minutes and has not given a code yet."""
    pending: dict[str, Any] = request.session.get(PENDING) or {}
    if not pending or clock.now().timestamp() - pending["at"] > PENDING_LASTS:
        return None
    user = User.objects.filter(pk=pending["user"], is_active=True).first()
    if user is None or user.get_session_auth_hash() != pending["hash"]:
        return None
    return user


def onward(request: Request) -> str:
    """Where the person wanted to go before they had to sign in."""
    return str((request.session.get(PENDING) or {}).get("onward", ""))


def out(request: Request) -> None:
    """End this browser's session, if it has one."""
    if request.sign_in is None:
        return
    actor, sign_in_id = request.actor, request.sign_in.sign_in_id

    def body() -> None:
        SignIn.objects.filter(pk=sign_in_id).delete()
        record(actor, "user.signed_out", "user", actor.user_id)
        logout(request)

    run("sign_out", body)
    request.sign_in = None


def prove_password(request: Request, email: str, password: str) -> User:
    """The person with this e-mail and password; a guess for somebody unknown takes as long and says the same.

    Refuses: WrongCredentials, LockedOut, TooManyRequests.
    """
    not_too_often(request)
    email = email.strip().lower()
    with lockout.turn(email):
        user = authenticate(request, email=email, password=password[: LONGEST + 1])
        if user is None:
            is_locked = lockout.is_locked(request, email)
            whose = User.objects.filter(email=email).values_list("pk", flat=True).first()
            _note(request, email, whose, "locked" if is_locked else "wrong_password")
    if user is None:
        raise lockout.refusal(email) if is_locked else WrongCredentials(WRONG)
    assert isinstance(user, User)
    return user


def prove_again(request: Request, password: str) -> None:
    """What changes how somebody proves who they are needs proof now: a log-in of the last 15 minutes, or the password.

    A bearer token is no such proof: one that leaked must not be able to make itself permanent.
    Refuses: PasswordNeeded, WrongPassword, LockedOut, TooManyRequests.
    """
    session = request.sign_in
    if session is not None and session.created_at > clock.now() - FRESH and not password:
        return
    if not password:
        raise PasswordNeeded("Give your password once more.", field="password")
    _own_password(request, password, field="password")


def _own_password(request: Request, password: str, field: str) -> None:
    email = User.objects.values_list("email", flat=True).get(pk=own_id(request.actor))
    try:
        prove_password(request, email, password)
    except WrongCredentials:
        raise WrongPassword("This is not your password.", field=field) from None


def change_password(request: Request, current: str, new: str) -> None:
    """One's own password; every other browser of the person is signed out.

    Refuses: WrongPassword, LockedOut, TooManyRequests, PasswordTooWeak.
    """
    actor = request.actor
    _own_password(request, current, field="current_password")

    def body() -> User:
        user = locked(actor.user_id)
        accept(user, new, field="new_password")
        user.save(update_fields=["password"])
        end_sessions(user.pk, but=request.sign_in.sign_in_id if request.sign_in else None)
        record(actor, "user.password_changed", "user", user.pk)
        return user

    user = run("change_password", body)
    if request.sign_in:
        # Not update_session_auth_hash: it looks at request.user, whose session no longer fits the new password.
        request.session.cycle_key()
        request.session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        SignIn.objects.filter(pk=request.sign_in.sign_in_id).update(session_key=request.session.session_key or "")


def _complete(request: Request, user: User, *, second_factor: bool, by: str = "password") -> None:
    out(request)
    request.session.pop(PENDING, None)

    def body() -> None:
        login(request, user, backend=BACKEND)
        if request.session.session_key is None:  # Django emptied the session of somebody else
            request.session.save()
        row = SignIn.objects.create(
            user=user,
            session_key=request.session.session_key or "",
            ip=client_ip(request),
            user_agent=request.headers.get("User-Agent", "")[:300],
            second_factor=second_factor,
            created_at=clock.now(),
            last_seen_at=clock.now(),
        )
        whose = replace(actor_of(user.pk), ip=row.ip, request_id=request.request_id)
        record(whose, "user.signed_in", "user", user.pk, after={"by": by, "user_agent": row.user_agent})

    run("sign_in", body)


def _note(request: Request, email: str, user_id: int | None, why: str) -> None:
    record(_nobody(request, email), "user.log_in_failed", "user", user_id, after={"email": email[:200], "why": why})


def _nobody(request: Request, name: str) -> Actor:
    return replace(SYSTEM, name=name[:200], ip=client_ip(request), request_id=request.request_id)


def not_too_often(request: Request) -> None:
    """Count an attempt from this address. Refuses: TooManyRequests."""
    rates.hit(f"log-in:{client_ip(request)}", limit=settings.LOGIN_RATE, per=timedelta(minutes=1))


def ask_for_link(request: Request, email: str) -> None:
    """Have a link to set a new password mailed, if somebody logs in with this e-mail. Refuses: TooManyRequests."""
    not_too_often(request)
    ask_password_reset(actor=_nobody(request, "somebody"), email=email, site=site_of(request))
