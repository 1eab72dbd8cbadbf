from __future__ import annotations

from collections.abc import Sequence

from qafila.identity.errors import UnknownRight
from qafila.identity.models import Permission, Role, RoleRight, UserRight
from qafila.identity.people import administrators_remain, locked, within_reach
from qafila.identity.types import PORTAL_ROLES
from qafila.kernel.actor import Actor
from qafila.kernel.audit import record
from qafila.kernel.errors import Invalid, NotFound
from qafila.kernel.transaction import action


@action
def set_role_rights(*, actor: Actor, role: str, rights: Sequence[str]) -> None:
    """Let a role hold exactly these rights. The portal roles hold none, ever.

    Refuses: MissingRight, NotFound, UnknownRight, Invalid, LastAdministrator.
    """
    actor.need("admin.roles.edit")
    row = Role.objects.select_for_update().filter(code=role).first()
    if row is None:
        raise NotFound(f"There is no role {role}.")
    if rights and role in PORTAL_ROLES:
        raise Invalid(
            "The portal roles hold no rights: a partner or customer sees their own rows only.", field="rights"
        )
    wanted = {permission.name: permission.pk for permission in _rights(rights)}
    held = dict(RoleRight.objects.filter(role=row).values_list("right__name", "pk"))
    given, taken = sorted(wanted.keys() - held.keys()), sorted(held.keys() - wanted.keys())
    RoleRight.objects.filter(pk__in=[held[name] for name in taken]).delete()
    RoleRight.objects.bulk_create([RoleRight(role=row, right_id=wanted[name]) for name in given])
    administrators_remain()
    if given or taken:
        record(actor, "role.rights_changed", "role", row.pk, after={"role": role, "given": given, "taken": taken})


@action
def set_user_right(*, actor: Actor, user_id: int, right: str, allowed: bool | None) -> None:
    """Allow a right to one person or deny it, whatever their roles say; None leaves it to the roles again.

    Refuses: MissingRight, NotFound, NotYourself, UnknownRight, Invalid, LastAdministrator.
    """
    actor.need("admin.roles.edit")
    user, (permission,) = locked(user_id), _rights([right], field="right")
    within_reach(actor, user)
    if user.kind != "staff" and allowed:
        raise Invalid("A portal log-in holds no rights: it sees its own rows only.", field="right")
    if allowed is None:
        UserRight.objects.filter(user=user, right=permission).delete()
    else:
        UserRight.objects.update_or_create(user=user, right=permission, defaults={"allowed": allowed})
    administrators_remain()
    record(actor, "user.right_changed", "user", user.pk, after={"right": right, "allowed": allowed})


def _rights(names: Sequence[str], field: str = "rights") -> list[Permission]:
    found = list(Permission.objects.filter(name__in=names))
    if missing := sorted(set(names) - {permission.name for permission in found}):
        raise UnknownRight(f"There is no right {', '.join(missing)}.", field=field)
    return found
