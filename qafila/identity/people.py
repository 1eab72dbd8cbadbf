"""Finding people and roles, for the actions of this room."""

from __future__ import annotations

from collections.abc import Sequence

from qafila.identity.errors import UnknownRole
from qafila.identity.models import Role, User
from qafila.kernel.errors import NotFound


def locked(user_id: int | None) -> User:
    """The log-in, locked until the transaction ends. Refuses: NotFound."""
    user = User.objects.select_for_update(of=("self",)).filter(pk=user_id).first()
    if user is None:
        raise NotFound("There is no such log-in.")
    return user


def role_rows(codes: Sequence[str]) -> list[Role]:
    """The roles of these codes. Refuses: UnknownRole naming those that are none."""
    rows = list(Role.objects.filter(code__in=[str(code) for code in codes]))
    missing = sorted(set(codes) - {row.code for row in rows})
    if missing:
        raise UnknownRole(f"There is no role {', '.join(missing)}.", field="roles")
    if not rows:
        raise UnknownRole("A log-in holds at least one role.", field="roles")
    return rows
