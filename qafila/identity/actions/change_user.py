from __future__ import annotations

from collections.abc import Sequence

from qafila.identity import lockout, second_factor
from qafila.identity.actions.create_user import fits
from qafila.identity.errors import TwoFactorNotSet, UnknownBranch
from qafila.identity.models import Branch
from qafila.identity.people import (
    administrators_remain,
    end_sessions,
    locked,
    may_give,
    role_rows,
    within_reach,
)
from qafila.kernel.actor import Actor
from qafila.kernel.audit import record
from qafila.kernel.errors import Invalid
from qafila.kernel.transaction import action


@action
def edit_user(*, actor: Actor, user_id: int, name: str, branch_code: str | None, roles: Sequence[str]) -> None:
    """A person's name, branch and roles. Nobody changes their own.

    Refuses: MissingRight, NotFound, NotYourself, Invalid, UnknownRole, RolesDoNotFit, UnknownBranch, LastAdministrator.
    """
    actor.need("admin.users.edit")
    user = locked(user_id)
    within_reach(actor, user)
    name = name.strip()
    if not 1 <= len(name) <= 200:
        raise Invalid("A name has 1 to 200 characters.", field="name")
    fits(user.kind, roles, user.party_id)
    may_give(actor, roles)
    branch = Branch.objects.filter(code=branch_code, is_active=True).first() if branch_code else None
    if branch_code and branch is None:
        raise UnknownBranch(f"There is no branch {branch_code}.", field="branch_code")
    held = sorted(user.roles.values_list("code", flat=True))
    before = {"name": user.name, "branch_id": user.branch_id, "roles": held}
    user.name, user.branch = name, branch
    user.save(update_fields=["name", "branch"])
    user.roles.set(role_rows(roles))
    administrators_remain()
    after = {"name": name, "branch_id": user.branch_id, "roles": sorted(str(role) for role in roles)}
    if before != after:
        record(actor, "user.edited", "user", user.pk, before=before, after=after)


@action
def switch_user(*, actor: Actor, user_id: int, on: bool) -> None:
    """Let a person log in, or no longer: switched off, their browsers and tokens stop at once.

    Refuses: MissingRight, NotFound, NotYourself, LastAdministrator.
    """
    actor.need("admin.users.edit")
    user = locked(user_id)
    within_reach(actor, user)
    if user.is_active == on:
        return
    user.is_active = on
    user.save(update_fields=["is_active"])
    if not on:
        end_sessions(user.pk)
        administrators_remain()
    record(actor, "user.switched_on" if on else "user.switched_off", "user", user.pk)


@action
def unlock_user(*, actor: Actor, user_id: int) -> None:
    """End a lock-out before its 15 minutes are over. Refuses: MissingRight, NotFound, NotYourself."""
    actor.need("admin.users.edit")
    user = locked(user_id)
    within_reach(actor, user)
    lockout.unlock(user.email)
    record(actor, "user.unlocked", "user", user.pk)


@action
def forget_two_factor(*, actor: Actor, user_id: int) -> None:
    """Take the second factor of a person who lost their phone and their recovery codes; they are signed out everywhere.

    Refuses: MissingRight, NotFound, NotYourself, TwoFactorNotSet.
    """
    actor.need("admin.users.edit")
    user = locked(user_id)
    within_reach(actor, user)
    if not second_factor.remove(user.pk):
        raise TwoFactorNotSet("This person has no second factor.")
    end_sessions(user.pk)
    record(actor, "user.two_factor_removed", "user", user.pk)
