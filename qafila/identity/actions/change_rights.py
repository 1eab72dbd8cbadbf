from __future__ import annotations

from qafila.identity.errors import UnknownRight, UnknownRole
from qafila.identity.models import Permission, Role, RoleRight, UserRight
from qafila.identity.people import administrators_remain, locked, within_reach
from qafila.identity.types import PORTAL_ROLES
from qafila.kernel.actor import Actor
from qafila.kernel.audit import record
from qafila.kernel.errors import Invalid
from qafila.kernel.transaction import action


@action
def set_role_right(*, actor: Actor, role: str, right: str, held: bool) -> None:
    """Give a right to a role, or take it away. The portal roles hold none, ever.

    Refuses: MissingRight, UnknownRole, UnknownRight, Invalid, LastAdministrator.
    """
    actor.need("admin.roles.edit")
    row, permission = Role.objects.select_for_update().filter(code=role).first(), _right(right)
    if row is None:
        raise UnknownRole(f"There is no role {role}.", field="role")
    if held and role in PORTAL_ROLES:
        raise Invalid("The portal roles hold no rights: a partner or customer sees their own rows only.", field="role")
    if held:
        changed = RoleRight.objects.get_or_create(role=row, right=permission)[1]
    else:
        changed = bool(RoleRight.objects.filter(role=row, right=permission).delete()[0])
    administrators_remain()
    if changed:
        record(actor, "role.right_given" if held else "role.right_taken", "role", row.pk, after={"right": right})


@action
def set_user_right(*, actor: Actor, user_id: int, right: str, allowed: bool | None) -> None:
    """Allow a right to one person or deny it, whatever their roles say; None leaves it to the roles again.

    Refuses: MissingRight, NotFound, NotYourself, UnknownRight, Invalid, LastAdministrator.
    """
    actor.need("admin.roles.edit")
    user, permission = locked(user_id), _right(right)
    within_reach(actor, user)
    if user.kind != "staff" and allowed:
        raise Invalid("A portal log-in holds no rights: it sees its own rows only.", field="user_id")
    if allowed is None:
        UserRight.objects.filter(user=user, right=permission).delete()
    else:
        UserRight.objects.update_or_create(user=user, right=permission, defaults={"allowed": allowed})
    administrators_remain()
    record(actor, "user.right_changed", "user", user.pk, after={"right": right, "allowed": allowed})


def _right(name: str) -> Permission:
    found = Permission.objects.filter(name=name).first()
    if found is None:
        raise UnknownRight(f"There is no right {name}.", field="right")
    return found
