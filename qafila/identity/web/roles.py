"""The roles and the grid of what each holds."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _

from qafila.identity import administration, registry
from qafila.identity.actions.change_rights import set_role_rights
from qafila.identity.types import PORTAL_ROLES
from qafila.kernel.http import Request
from qafila.kernel.web import done, page, render

URL = "/admin-desk/roles"


@page("admin.roles.view")
def roles(request: Request) -> HttpResponse:
    """Every right against every role."""
    held = administration.roles(request.actor)
    holding = [(role, frozenset(role.rights)) for role in held if role.code not in PORTAL_ROLES]
    grid: dict[str, list[tuple[administration.PermissionInfo, list[bool]]]] = {}
    for permission in administration.permissions():
        declared = registry.collect().get(permission.name)
        room = declared.room if declared else ""
        grid.setdefault(room, []).append((permission, [permission.name in rights for _role, rights in holding]))
    return render(
        request, "identity/roles.html", title=_("Roles"), roles=[role for role, _rights in holding], grid=grid.items()
    )


@page("admin.roles.view")
def role(request: Request, code: str) -> HttpResponse:
    """One role: tick what it holds."""
    shown = administration.role(request.actor, code)
    held = frozenset(shown.rights)
    return render(
        request,
        "identity/role.html",
        title=shown.name,
        crumbs=[(_("Roles"), URL)],
        role=shown,
        permissions=[(permission, permission.name in held) for permission in administration.permissions()],
        fixed=code in PORTAL_ROLES,
    )


@page("admin.roles.edit", methods=("POST",))
def save(request: Request, code: str) -> HttpResponse:
    set_role_rights(actor=request.actor, role=code, rights=request.POST.getlist("rights[]"))
    return done(request, _("Saved: it counts from the next click of everybody in this role."), to=f"{URL}/{code}")
