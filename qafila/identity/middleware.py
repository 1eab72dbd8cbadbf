"""Who asks: each request gets its actor, by bearer token or by session, or none."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, NoReturn

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.crypto import constant_time_compare
from django.utils.functional import SimpleLazyObject

from qafila.identity import access, api_rate, tokens
from qafila.identity.addresses import client_ip
from qafila.identity.errors import TokenExpired, TokenInvalid, TwoFactorRequired
from qafila.identity.models import ApiToken, SignIn, User
from qafila.identity.queries import second_factor_compulsory
from qafila.kernel import clock
from qafila.kernel.actor import Actor
from qafila.kernel.errors import NotSignedIn, Refusal
from qafila.kernel.http import problem_response

SESSION_COOKIE = re.compile(r"[a-z0-9]{32}")
SEEN_EVERY = timedelta(minutes=5)
ENROL_AT = "/account/two-factor"
# All that somebody may do who must set up a second factor first.
BEFORE_ENROLMENT = (ENROL_AT, "/logout", "/api/v1/auth/me", "/api/v1/auth/logout", "/api/v1/auth/2fa/", "/i18n/")


def nobody() -> NoReturn:
    raise NotSignedIn("Sign in, or send a bearer token.")


class ActorMiddleware:
    """Sets `signed_in` (the actor or None), `actor` (touching it without a log-in is refused), `by_token`, `sign_in`.

    A bearer token that is unknown, revoked or expired is refused, never taken for nobody. A session counts only while
    its sign-in row stands and its person may log in.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        request.by_token, request.sign_in, request.signed_in = False, None, None
        if not SESSION_COOKIE.fullmatch(request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")):
            # A key we never made is not looked for: the database refuses some characters.
            request.session = type(request.session)()
        try:
            if header := request.headers.get("Authorization"):
                request.signed_in, request.by_token = by_bearer(request, header), True
            elif request.session.session_key:
                request.signed_in = by_session(request)
        except Refusal as refusal:
            return problem_response(refusal)
        request.actor = request.signed_in or SimpleLazyObject(nobody)
        if request.signed_in is None:
            return self.get_response(request)
        response = sent_to_enrol(request) or self.get_response(request)
        # What a signed-in person sees is kept by no cache, the browser's included.
        response.setdefault("Cache-Control", "no-store")
        return response


def by_bearer(request: Any, header: str) -> Actor:
    """Refuses: TokenInvalid, TokenExpired, TooManyRequests."""
    scheme, _, secret = header.partition(" ")
    if scheme.lower() != "bearer":
        raise TokenInvalid("Send the token as: Authorization: Bearer qf_live_…")
    found = access.by_token(tokens.digest(secret.strip()), ip=client_ip(request), request_id=request.request_id)
    if found is None or found.revoked_at or not found.is_active:
        raise TokenInvalid("This token is not known here, or was revoked.")
    now = clock.now()
    if found.expires_at <= now:
        raise TokenExpired("This token has expired; make a new one.")
    api_rate.count(found.token_id)
    if found.last_used_at is None or found.last_used_at < now - SEEN_EVERY:
        ApiToken.objects.filter(pk=found.token_id).update(last_used_at=now)
    return found.actor


def by_session(request: Any) -> Actor | None:
    """The person of the session cookie; a session that no longer stands is emptied."""
    user_id = request.session.get(SESSION_KEY)
    if user_id is None:
        return None
    found = access.by_session(
        request.session.session_key, int(user_id), ip=client_ip(request), request_id=request.request_id
    )
    if found is None or not found.is_active or not _same_password(request, int(user_id), found.password):
        request.session.flush()
        return None
    now = clock.now()
    if found.last_seen_at < now - SEEN_EVERY:
        SignIn.objects.filter(pk=found.sign_in_id).update(last_seen_at=now)
    request.sign_in = found
    return found.actor


def _same_password(request: Any, user_id: int, password: str) -> bool:
    known = User(id=user_id, password=password).get_session_auth_hash()
    return bool(constant_time_compare(request.session.get(HASH_SESSION_KEY, ""), known))


def sent_to_enrol(request: Any) -> HttpResponse | None:
    """Who may move money and has one factor only sets up the second before anything else, where it is compulsory."""
    session = request.sign_in
    if session is None or session.has_second_factor or not second_factor_compulsory(request.actor.rights):
        return None
    if request.path.startswith(BEFORE_ENROLMENT):
        # No rights yet: the shell around the enrolment page shows nothing that would lead nowhere.
        request.rights_to_come = request.actor.rights
        request.signed_in = request.actor = replace(request.actor, rights=frozenset())
        return None
    if request.path.startswith("/api/"):
        return problem_response(TwoFactorRequired())
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": ENROL_AT})
    return HttpResponseRedirect(ENROL_AT)
