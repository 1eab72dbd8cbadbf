"""Finding people and roles, for the actions of this room."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib.sessions.models import Session
from django.db import connection

from qafila.identity import access
from qafila.identity.errors import LastAdministrator, NotYourself, UnknownRole
from qafila.identity.models import Role, RoleRight, SignIn, User
from qafila.kernel.actor import Actor
from qafila.kernel.errors import NotFound

REMAINING = """
SELECT EXISTS (
    SELECT 1 FROM identity_user u
     WHERE u.is_active AND u.kind = 'staff'
       AND (EXISTS (SELECT 1 FROM identity_user_roles r JOIN identity_roleright g USING (role_id)
                      JOIN identity_permission p ON p.id = g.right_id
                     WHERE r.user_id = u.id AND p.name = %s)
            OR EXISTS (SELECT 1 FROM identity_userright a JOIN identity_permission p ON p.id = a.right_id
                        WHERE a.user_id = u.id AND p.name = %s AND a.allowed))
       AND NOT EXISTS (SELECT 1 FROM identity_userright d JOIN identity_permission p ON p.id = d.right_id
                        WHERE d.user_id = u.id AND p.name = %s AND NOT d.allowed))"""


def locked(user_id: int | None) -> User:
    """The log-in, locked until the transaction ends. Refuses: NotFound."""
    user = User.objects.select_for_update(of=("self",)).filter(pk=user_id or 0).first()
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


def end_sessions(user_id: int, *, but: int | None = None, only: int | None = None) -> int:
    """Sign out this person's browsers at once: all, all `but` one sign-in, or `only` one. How many there were."""
    rows = SignIn.objects.filter(user_id=user_id)
    if but is not None:
        rows = rows.exclude(pk=but)
    if only is not None:
        rows = rows.filter(pk=only)
    keys = list(rows.values_list("session_key", flat=True))
    rows.delete()
    Session.objects.filter(session_key__in=keys).delete()
    return len(keys)


GIVING = "admin.roles.edit"


def within_reach(actor: Actor, user: User) -> None:
    """Nobody changes their own log-in here, and who may give rights is changed only by somebody who may too.

    Otherwise whoever keeps the log-ins (HR) could make themselves chief by a new password.
    Refuses: NotYourself, MissingRight.
    """
    if actor.user_id == user.pk:
        raise NotYourself("Somebody else must change your own log-in.")
    person = access.by_id(user.pk)
    held = (
        person.rights
        if person
        else frozenset(RoleRight.objects.filter(role__users=user).values_list("right__name", flat=True))
    )
    if GIVING in held:
        actor.need(GIVING)


def may_give(actor: Actor, roles: Sequence[str]) -> None:
    """A role that may give rights is given only by somebody who may. Refuses: MissingRight."""
    if RoleRight.objects.filter(role__code__in=[str(role) for role in roles], right__name=GIVING).exists():
        actor.need(GIVING)


def administrators_remain() -> None:
    """Somebody who may log in must still be able to give rights. Refuses: LastAdministrator."""
    with connection.cursor() as cursor:
        # One at a time: two administrators who switch each other off must not both succeed.
        cursor.execute("SELECT pg_advisory_xact_lock(7201105)")
        cursor.execute(REMAINING, [GIVING, GIVING, GIVING])
        if not cursor.fetchone()[0]:
            raise LastAdministrator("Then nobody could give rights any more.")
