"""People for tests, made by the room's own actions. Any room's tests may use these.

`as_role(Role.SALES_MANAGER)` is somebody with that role at the API and the pages, by bearer token:
`as_role(Role.SALES_MANAGER).send("POST", "/groups", {"name": …}, key="k1")`, `.get("/groups")` for a page.
"""

from __future__ import annotations

import itertools
import json
from datetime import timedelta
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.test import Client

from qafila.identity import queries, second_factor
from qafila.identity.actions.create_token import create_token
from qafila.identity.actions.create_user import create_user
from qafila.identity.actions.setup_agency import setup_agency
from qafila.identity.actions.two_factor import enrol_two_factor
from qafila.identity.models import Agency, ApiToken, Permission, SignIn, User, UserRight
from qafila.identity.types import PORTAL_ROLES, Role
from qafila.kernel import clock
from qafila.kernel.actor import SYSTEM, Actor

PASSWORD = "caravan of patience 7"
_people = itertools.count(1)
API = "/api/v1"


def make_agency(**changed: Any) -> Agency:
    """The agency and its branches DEL and SXR; the one that is there if it was made before."""
    if changed or not Agency.objects.exists():
        branches = [{"code": "DEL", "name": "Delhi"}, {"code": "SXR", "name": "Srinagar"}]
        values = {"name": "Noor Travels", "state_code": "07", "branches": branches, **changed}
        setup_agency(actor=SYSTEM, **values)
    return Agency.objects.get()


def make_user(*roles: Role, password: str | None = None, party_id: int | None = None, **given: Any) -> User:
    """Somebody with these roles (CEO when none is named). A portal role needs its `party_id`.

    Without `password` they cannot sign in by one, which spares the slow hash; `PASSWORD` is a good one.
    """
    held = roles or (Role.CEO,)
    kind = held[0].value.lower() if held[0] in PORTAL_ROLES else "staff"
    number = next(_people)
    user_id = create_user(
        actor=SYSTEM,
        email=given.pop("email", f"{held[0].value.lower()}{number}@example.com"),
        name=given.pop("name", f"{held[0].value.replace('_', ' ').title()} {number}"),
        roles=list(held),
        password=password,
        kind=kind,
        party_id=party_id,
        **given,
    )
    return User.objects.get(pk=user_id)


def token_for(user: User | int, *, days: int = 30, name: str = "test") -> str:
    return create_token(actor=SYSTEM, user_id=user if isinstance(user, int) else user.pk, name=name, days=days)


def actor_with(*roles: Role, **given: Any) -> Actor:
    """The actor of a new person with these roles, to call actions and queries with."""
    return queries.actor_of(make_user(*roles, **given).pk)


def allow(user: User, right: str) -> None:
    """Allow one right to one person."""
    UserRight.objects.update_or_create(user=user, right=Permission.objects.get(name=right), defaults={"allowed": True})


def deny(user: User, right: str) -> None:
    """Deny one right to one person, whatever their roles say."""
    UserRight.objects.update_or_create(user=user, right=Permission.objects.get(name=right), defaults={"allowed": False})


def expire(token: str) -> None:
    """Let a token's time be over."""
    ApiToken.objects.filter(prefix=token[:14]).update(expires_at=clock.now() - timedelta(seconds=1))


class Caller(Client):
    """A test client with a bearer token. `send` speaks JSON to the API; get, post … are Django's, for pages."""

    user: User | None = None

    def send(self, method: str, path: str, body: Any = None, *, key: str | None = None, **headers: str) -> Any:
        """One API request; `path` without /api/v1, `key` is the Idempotency-Key."""
        if key:
            headers["Idempotency-Key"] = key
        return self.generic(
            method,
            API + path,
            data="" if body is None else json.dumps(body, cls=DjangoJSONEncoder),
            content_type="application/json",
            headers=headers,
        )


def caller(user: User | None = None) -> Caller:
    """Somebody's client; nobody's without one."""
    made = Caller(headers={"Authorization": f"Bearer {token_for(user)}"}) if user else Caller()
    made.user = user
    return made


def as_role(*roles: Role, **given: Any) -> Caller:
    """The client of a new person with these roles; `.user` is the person."""
    return caller(make_user(*roles, **given))


def anonymous() -> Caller:
    return caller()


class Phone:
    """A person's phone with an authenticator app: `code()` is what it shows `later` time steps from now."""

    def __init__(self, secret: str) -> None:
        self.secret = secret

    def code(self, later: int = 0) -> str:
        from allauth.mfa.totp.internal import auth

        now = list(auth.yield_hotp_counters_from_time())[1]
        padded = self.secret + "=" * (-len(self.secret) % 8)
        return str(auth.format_hotp_value(auth.hotp_value(padded, now + later)))


def enrol(user: User) -> tuple[Phone, list[str]]:
    """Give somebody a second factor; their phone (its code of one step ago is used up) and their recovery codes."""
    actor = queries.actor_of(user.pk)
    offer = second_factor.offer(user.pk, user.email)
    phone = Phone(offer.secret)
    return phone, enrol_two_factor(actor=actor, offer=offer.sealed, code=phone.code(-1))


def signed_in(user: User, *, second_factor_given: bool = True) -> Client:
    """A browser in which this person is signed in, without the cost of a password."""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    now = clock.now()
    SignIn.objects.create(
        user=user,
        session_key=client.session.session_key or "",
        second_factor=second_factor_given,
        created_at=now,
        last_seen_at=now,
    )
    return client
