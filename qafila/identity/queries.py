"""What identity tells: the agency, its branches, who somebody is, and a person's own log-ins and tokens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.db.models import Q

from qafila.identity import access, registry
from qafila.identity.browsers import browser_name
from qafila.identity.errors import AgencyNotSetUp
from qafila.identity.models import Agency, ApiToken, Branch, SignIn, User
from qafila.kernel import clock
from qafila.kernel.actor import Actor
from qafila.kernel.errors import NotFound
from qafila.kernel.pagination import Page, Window, order, paginate


@dataclass(frozen=True)
class AgencyInfo:
    """The agency's own data. `fiscal_year` is the month and day on which it starts; `journal_threshold` is in the base
    currency."""

    name: str
    base_currency: str
    country: str
    state_code: str
    gstin: str
    pan: str
    address: str
    phone: str
    email: str
    time_zone: str
    fiscal_year: tuple[int, int]
    booking_prefix: str
    journal_threshold: Decimal
    tour_revenue_policy: str


@dataclass(frozen=True)
class BranchInfo:
    id: int
    code: str
    name: str


@dataclass(frozen=True)
class Me:
    """A person as they see themselves."""

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


@dataclass(frozen=True)
class SessionInfo:
    """One signed-in browser."""

    id: int
    ip: str | None
    user_agent: str
    browser: str
    created_at: datetime
    last_seen_at: datetime
    second_factor: bool
    current: bool


@dataclass(frozen=True)
class TokenInfo:
    """One bearer token; `prefix` is the part of it that is still known."""

    id: int
    name: str
    prefix: str
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None
    state: str


def agency() -> AgencyInfo:
    """The agency. One query. Refuses: AgencyNotSetUp."""
    row = Agency.objects.first()
    if row is None:
        raise AgencyNotSetUp
    return AgencyInfo(
        name=row.name,
        base_currency=row.base_currency,
        country=row.country,
        state_code=row.state_code,
        gstin=row.gstin,
        pan=row.pan,
        address=row.address,
        phone=row.phone,
        email=row.email,
        time_zone=row.time_zone,
        fiscal_year=(row.fiscal_year_month, row.fiscal_year_day),
        booking_prefix=row.booking_prefix,
        journal_threshold=row.journal_threshold,
        tour_revenue_policy=row.tour_revenue_policy,
    )


def agency_is_set_up() -> bool:
    return Agency.objects.exists()


def branch_code(branch_id: int | None) -> str:
    """The branch's code, "" for none. Refuses: NotFound."""
    if branch_id is None:
        return ""
    code = Branch.objects.filter(pk=branch_id).values_list("code", flat=True).first()
    if code is None:
        raise NotFound("There is no such branch.", field="branch_id")
    return code


def branches() -> list[BranchInfo]:
    """The branches in use, by code. One query."""
    return [BranchInfo(b.pk, b.code, b.name) for b in Branch.objects.filter(is_active=True).order_by("code")]


def actor_of(user_id: int) -> Actor:
    """A person with their rights at this moment, for jobs and the command line. One query. Refuses: NotFound."""
    actor = access.by_id(user_id)
    if actor is None:
        raise NotFound("Nobody logs in by this number, or no longer.")
    return actor


def user_name(user_id: int) -> str:
    """Refuses: NotFound."""
    name = User.objects.filter(pk=user_id).values_list("name", flat=True).first()
    if name is None:
        raise NotFound("Nobody logs in by this number.")
    return name


def own_id(actor: Actor) -> int:
    """The person's own number. Refuses: NotFound for the system itself, which logs in nowhere."""
    if actor.user_id is None:
        raise NotFound("Nobody logs in as the system.")
    return actor.user_id


def me(actor: Actor) -> Me:
    """The signed-in person. Four queries. Refuses: NotFound for the system itself."""
    user = User.objects.select_related("branch").filter(pk=own_id(actor)).first()
    found = access.by_id(own_id(actor))
    if user is None or found is None:
        raise NotFound("Nobody logs in by this number.")
    rights = found.rights  # read anew: before the second factor is set up the actor holds none
    return Me(
        id=user.pk,
        email=user.email,
        name=user.name,
        kind=user.kind,
        party_id=user.party_id,
        branch_id=user.branch_id,
        branch_code=user.branch.code if user.branch else "",
        roles=sorted(user.roles.values_list("code", flat=True)),
        rights=sorted(rights),
        two_factor=has_second_factor(user.pk),
        two_factor_compulsory=second_factor_compulsory(rights),
    )


def has_second_factor(user_id: int) -> bool:
    from allauth.mfa.models import Authenticator

    return bool(Authenticator.objects.filter(user_id=user_id, type=Authenticator.Type.TOTP).exists())


def second_factor_compulsory(rights: frozenset[str]) -> bool:
    """Whether somebody with these rights must log in with two factors here (`QAFILA_REQUIRE_2FA`)."""
    return bool(settings.REQUIRE_2FA and rights & registry.moving_money())


def sessions(actor: Actor, window: Window, current_key: str = "") -> Page[SessionInfo]:
    """The actor's own signed-in browsers, last seen first; of 12 hours at most. Two queries."""
    rows = SignIn.objects.filter(user_id=own_id(actor), created_at__gte=clock.now() - session_age())
    keys = {"last_seen_at": "last_seen_at", "created_at": "created_at"}
    return paginate(
        rows.order_by(*order(window.sort, keys, "-last_seen_at")),
        window,
        lambda s: SessionInfo(
            s.pk,
            s.ip,
            s.user_agent,
            browser_name(s.user_agent),
            s.created_at,
            s.last_seen_at,
            s.second_factor,
            s.session_key == current_key,
        ),
    )


def session_age() -> timedelta:
    """How long a log-in lasts."""
    return timedelta(seconds=settings.SESSION_COOKIE_AGE)


def tokens(actor: Actor, window: Window) -> Page[TokenInfo]:
    """The actor's own bearer tokens, newest first; without those that ended over 30 days ago. Two queries."""
    now = clock.now()
    long_ago = now - timedelta(days=30)
    rows = ApiToken.objects.filter(
        Q(revoked_at=None) | Q(revoked_at__gte=long_ago), user_id=own_id(actor), expires_at__gte=long_ago
    )
    keys = {"created_at": "created_at", "expires_at": "expires_at", "name": "name"}
    return paginate(
        rows.order_by(*order(window.sort, keys, "-created_at")),
        window,
        lambda t: TokenInfo(
            t.pk,
            t.name,
            t.prefix,
            t.created_at,
            t.expires_at,
            t.last_used_at,
            t.revoked_at,
            "revoked" if t.revoked_at else "expired" if t.expires_at <= now else "live",
        ),
    )
