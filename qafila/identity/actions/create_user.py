from __future__ import annotations

import re
from collections.abc import Sequence

from qafila.identity.errors import EmailTaken, RolesDoNotFit, UnknownBranch
from qafila.identity.models import Branch, User
from qafila.identity.passwords import accept
from qafila.identity.people import may_give, role_rows
from qafila.identity.types import PORTAL_ROLES, Role
from qafila.kernel.actor import Actor
from qafila.kernel.audit import record
from qafila.kernel.errors import Invalid
from qafila.kernel.transaction import action

EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]+\.[^@\s.]{2,}|[^@\s]{1,64}@localhost")
PORTALS = {"agent": Role.AGENT, "customer": Role.CUSTOMER}


@action
def create_user(
    *,
    actor: Actor,
    email: str,
    name: str,
    roles: Sequence[str],
    password: str | None = None,
    branch_code: str | None = None,
    kind: str = "staff",
    party_id: int | None = None,
) -> int:
    """Make a log-in and return its id; without a password it cannot log in until one is set by mail.

    A portal log-in (`kind` agent or customer) belongs to its party and holds its portal role alone.
    Refuses: MissingRight, Invalid, EmailTaken, UnknownRole, RolesDoNotFit, UnknownBranch, PasswordTooWeak.
    """
    actor.need("admin.users.create")
    email, name = email.strip().lower(), name.strip()
    if len(email) > 200 or not EMAIL.fullmatch(email):
        raise Invalid("This is not an e-mail address.", field="email")
    if not 1 <= len(name) <= 200:
        raise Invalid("A name has 1 to 200 characters.", field="name")
    fits(kind, roles, party_id)
    may_give(actor, roles)
    if User.objects.filter(email=email).exists():
        raise EmailTaken(email)
    user = User(email=email, name=name, kind=kind, party_id=party_id)
    if branch_code:
        user.branch = Branch.objects.filter(code=branch_code, is_active=True).first()
        if user.branch is None:
            raise UnknownBranch(f"There is no branch {branch_code}.", field="branch_code")
    if password is None:
        user.set_unusable_password()
    else:
        accept(user, password)
    user.save()
    user.roles.set(role_rows(roles))
    record(actor, "user.created", "user", user.pk, after={"email": email, "kind": kind, "roles": sorted(roles)})
    return user.pk


def fits(kind: str, roles: Sequence[str], party_id: int | None) -> None:
    """Refuses: Invalid, RolesDoNotFit."""
    if kind == "staff":
        if party_id is not None:
            raise Invalid("Only a portal log-in belongs to a party.", field="party_id")
        if set(roles) & set(PORTAL_ROLES):
            raise RolesDoNotFit("Staff hold no portal role.", field="roles")
        return
    if kind not in PORTALS:
        raise Invalid("A log-in is for staff, agent or customer.", field="kind")
    if party_id is None:
        raise Invalid("A portal log-in belongs to a party.", field="party_id")
    if set(roles) != {PORTALS[kind]}:
        raise RolesDoNotFit(f"A portal log-in of this kind holds the role {PORTALS[kind]} and no other.", field="roles")
