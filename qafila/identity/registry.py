"""The register of rights: what every room declares in its rights.py, as rows that an administrator edits."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec

from django.conf import settings
from django.db import connection, transaction

from qafila.identity.types import EVERYTHING, PORTAL_ROLES, Right, Role

NAME = re.compile(r"[a-z_]+(\.[a-z_]+)+")
ALL_VIEWS = (Role.ADMIN_HR, Role.AUDITOR)
TITLES = {
    Role.CEO: "Chief executive",
    Role.GM: "General manager",
    Role.IT_ADMIN: "IT administrator",
    Role.ADMIN_HR: "Administration and HR",
    Role.B2B_MANAGER: "B2B manager",
    Role.B2B_EXECUTIVE: "B2B executive",
    Role.OPS_MANAGER: "Operations manager",
    Role.OPS_EXECUTIVE: "Operations executive",
    Role.TRAVEL_AGENT: "Retail counter",
    Role.APPROVER: "Mid-office supervisor",
    Role.AGENT: "Partner (portal)",
    Role.CUSTOMER: "Customer (portal)",
}


@dataclass(frozen=True)
class Declared:
    """A right, the room that declares it, and the roles that hold it by default (the general rules applied)."""

    right: Right
    room: str
    holders: frozenset[Role]


def title(role: Role) -> str:
    """The role as people call it."""
    return TITLES.get(role, role.value.replace("_", " ").capitalize())


@cache
def collect() -> dict[str, Declared]:
    """Every declared right by its name; of two rooms that declare the same the lower one owns it."""
    found: dict[str, Declared] = {}
    for room, right in declarations():
        found.setdefault(right.name, Declared(right, room, holders(right)))
    return found


def declarations() -> Iterator[tuple[str, Right]]:
    """Every declaration with its room, floor by floor."""
    for room in settings.ROOMS:
        if find_spec(f"qafila.{room}.rights") is not None:
            for right in import_module(f"qafila.{room}.rights").RIGHTS:
                yield room, right


def mistakes() -> list[str]:
    """What is wrong with the declarations; a test wants none."""
    found, owner = [], dict[str, str]()
    for room, right in declarations():
        if not NAME.fullmatch(right.name):
            found.append(f"{right.name} ({room}) is not of the shape area.verb")
        if right.name in owner:
            found.append(f"{right.name} is declared by {owner[right.name]} and by {room}")
        if set(right.roles) & set(PORTAL_ROLES):
            found.append(f"{right.name} ({room}) is given to a portal role, and those hold no rights")
        owner.setdefault(right.name, room)
    return found


def holders(right: Right) -> frozenset[Role]:
    """Who holds it by default: the named roles, those that hold everything, and those that hold every `.view`."""
    views = ALL_VIEWS if right.name.endswith(".view") else ()
    return frozenset({*right.roles, *EVERYTHING, *views} - {*PORTAL_ROLES})


@cache
def moving_money() -> frozenset[str]:
    """The rights whose holders must log in with two factors."""
    return frozenset(name for name, declared in collect().items() if declared.right.moves_money)


def unknown(names: Iterable[str]) -> list[str]:
    """Those of the names that no room declares."""
    return sorted(set(names) - set(collect()))


def fill() -> None:
    """Write what is new into the tables; what an administrator took away or gave stays as it is.

    Default holders are written only where the right or the role is new to this database. Runs after every migration.
    """
    from qafila.identity.models import Permission, RoleRight
    from qafila.identity.models import Role as RoleRow

    with transaction.atomic():
        known_roles = set(RoleRow.objects.values_list("code", flat=True))
        RoleRow.objects.bulk_create(
            [RoleRow(code=role.value, name=title(role)) for role in Role if role.value not in known_roles]
        )
        known = {p.name: p for p in Permission.objects.select_for_update()}
        for name, declared in collect().items():
            row = known.get(name)
            if row and (row.label, row.moves_money) != (declared.right.label, declared.right.moves_money):
                row.label, row.moves_money = declared.right.label, declared.right.moves_money
                row.save(update_fields=["label", "moves_money"])
        Permission.objects.bulk_create(
            [
                Permission(name=name, label=declared.right.label, moves_money=declared.right.moves_money)
                for name, declared in collect().items()
                if name not in known
            ]
        )
        roles = dict(RoleRow.objects.values_list("code", "pk"))
        rights = dict(Permission.objects.values_list("name", "pk"))
        RoleRight.objects.bulk_create(
            [
                RoleRight(role_id=roles[role.value], right_id=rights[name])
                for name, declared in collect().items()
                for role in declared.holders
                if name not in known or role.value not in known_roles
            ],
            ignore_conflicts=True,
        )


def fill_after_migration(**_: object) -> None:
    """Receiver of post_migrate; does nothing while a partial migration has not made the tables."""
    if "identity_roleright" in connection.introspection.table_names():
        fill()


def document() -> str:
    """docs/rights.md: every right by room, and who holds it by default."""
    lines = [
        "# Rights",
        "",
        "Generated by `qafila rights export`; a test compares it with the code. These are the defaults that fill a new",
        "database; an administrator changes them there. A deny for the person beats an allow for the person, that",
        "beats a grant of a role, else no. CEO, GM and IT_ADMIN hold all, ADMIN_HR and AUDITOR every `.view`, AGENT",
        "and CUSTOMER none: they see their own rows in the portal. **Money**: holders must log in with two factors.",
        "",
    ]
    rights = collect()
    for room in settings.ROOMS:
        mine = [d for d in rights.values() if d.room == room]
        if not mine:
            continue
        lines += [f"## {room}", "", "| Right | Lets a person | Money | Held by |", "|---|---|---|---|"]
        for declared in sorted(mine, key=lambda d: d.right.name):
            who = ", ".join(role.value for role in Role if role in declared.holders and role not in EVERYTHING)
            money = "yes" if declared.right.moves_money else ""
            lines.append(f"| `{declared.right.name}` | {declared.right.label} | {money} | {who} |")
        lines.append("")
    lines += ["## By role", "", "| Role | Rights |", "|---|---|"]
    for role in Role:
        held = sorted(name for name, declared in rights.items() if role in declared.holders)
        if role in EVERYTHING:
            lines.append(f"| {role.value} | everything ({len(held)}) |")
        else:
            lines.append(f"| {role.value} | {', '.join(held) or 'none'} |")
    return "\n".join(lines) + "\n"
