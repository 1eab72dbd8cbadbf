"""What administrators read: people, roles, and the rights they hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from qafila.identity import access
from qafila.identity.models import Permission, RoleRight, User, UserRight
from qafila.identity.models import Role as RoleRow
from qafila.identity.registry import title
from qafila.identity.types import Role
from qafila.kernel.actor import Actor
from qafila.kernel.errors import NotFound
from qafila.kernel.pagination import Page, Window, order, paginate

SORTS = {"name": "name", "email": "email", "last_login": "last_login", "created_at": "created_at"}
KINDS = {"staff": "Staff", "agent": "Partner", "customer": "Customer"}


@dataclass(frozen=True)
class PersonRow:
    """One log-in in the list."""

    id: int
    name: str
    email: str
    kind: str
    kind_label: str
    roles: list[str]
    branch_code: str
    is_active: bool
    two_factor: bool
    last_login: datetime | None
    created_at: datetime

    @property
    def role_names(self) -> str:
        return ", ".join(title(Role(role)) for role in self.roles if role in Role.__members__)

    @property
    def state(self) -> str:
        return "on" if self.is_active else "off"

    @property
    def state_label(self) -> str:
        return "May log in" if self.is_active else "Switched off"

    @property
    def state_tone(self) -> str:
        return "green" if self.is_active else "grey"


@dataclass(frozen=True)
class Word:
    """An allow or a deny of one right to one person."""

    right: str
    label: str
    allowed: bool


@dataclass(frozen=True)
class Person:
    """One log-in with all it may; `words` are the exceptions to what its roles say."""

    row: PersonRow
    party_id: int | None
    words: list[Word]
    rights: list[str]


@dataclass(frozen=True)
class RoleInfo:
    code: str
    name: str
    rights: list[str]
    people: int


@dataclass(frozen=True)
class PermissionInfo:
    name: str
    label: str
    moves_money: bool


def _people() -> QuerySet[User, User]:
    totp = Authenticator.objects.filter(user_id=OuterRef("pk"), type=Authenticator.Type.TOTP)
    return User.objects.select_related("branch").prefetch_related("roles").annotate(two_factor=Exists(totp))


def _row(user: Any) -> PersonRow:
    return PersonRow(
        id=user.pk,
        name=user.name,
        email=user.email,
        kind=user.kind,
        kind_label=KINDS[user.kind],
        roles=sorted(role.code for role in user.roles.all()),
        branch_code=user.branch.code if user.branch else "",
        is_active=user.is_active,
        two_factor=user.two_factor,
        last_login=user.last_login,
        created_at=user.created_at,
    )


def people(actor: Actor, window: Window, *, q: str = "", role: str = "", state: str = "") -> Page[PersonRow]:
    """The log-ins, by name; `q` in name or e-mail, `state` on or off. Three queries. Refuses: MissingRight."""
    actor.need("admin.users.view")
    rows = _people()
    for word in q.split():
        rows = rows.filter(Q(name__icontains=word) | Q(email__icontains=word))
    if role:
        rows = rows.filter(roles__code=role)
    if state:
        rows = rows.filter(is_active=state == "on")
    return paginate(rows.order_by(*order(window.sort, SORTS, "name")), window, _row)


def person(actor: Actor, user_id: int) -> Person:
    """One log-in. Four queries. Refuses: MissingRight, NotFound."""
    actor.need("admin.users.view")
    user = _people().filter(pk=user_id).first()
    if user is None:
        raise NotFound("There is no such log-in.")
    words = UserRight.objects.filter(user_id=user_id).select_related("right").order_by("right__name")
    found = access.by_id(user_id)
    return Person(
        row=_row(user),
        party_id=user.party_id,
        words=[Word(word.right.name, word.right.label, word.allowed) for word in words],
        rights=sorted(found.rights) if found else [],
    )


def roles(actor: Actor) -> list[RoleInfo]:
    """The roles with the rights they hold and how many people have them. Two queries. Refuses: MissingRight."""
    actor.need("admin.roles.view")
    held: dict[int, list[str]] = {}
    for role_id, right in RoleRight.objects.order_by("right__name").values_list("role_id", "right__name"):
        held.setdefault(role_id, []).append(right)
    counted = RoleRow.objects.annotate(people=Count("users", filter=Q(users__is_active=True))).order_by("pk")
    return [RoleInfo(role.code, role.name, held.get(role.pk, []), role.people) for role in counted]


def role(actor: Actor, code: str) -> RoleInfo:
    """Refuses: MissingRight, NotFound."""
    for found in roles(actor):
        if found.code == code:
            return found
    raise NotFound("There is no such role.")


def permissions() -> list[PermissionInfo]:
    """Every right of this database, by name. One query."""
    return [PermissionInfo(p.name, p.label, p.moves_money) for p in Permission.objects.order_by("name")]
