"""The people who may log in, for who looks after them."""

from __future__ import annotations

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from qafila.identity import admin_schemas as schemas
from qafila.identity import administration, queries
from qafila.identity.actions.change_rights import set_user_right
from qafila.identity.actions.change_user import edit_user, forget_two_factor, switch_user, unlock_user
from qafila.identity.actions.create_user import create_user
from qafila.identity.actions.set_password import set_password
from qafila.identity.registry import title
from qafila.identity.types import PORTAL_ROLES, Role
from qafila.kernel.errors import Invalid
from qafila.kernel.forms import form_key, parse, parse_data, parse_query
from qafila.kernel.http import Request
from qafila.kernel.idempotency import once
from qafila.kernel.listing import Column, Filter, Listing, respond
from qafila.kernel.web import done, page, render

URL = "/admin-desk/users"
WORDS = {"allow": True, "deny": False, "": None}
STAFF_ROLES = [(role.value, title(role)) for role in Role if role not in PORTAL_ROLES]

LISTING = Listing(
    title="People",
    columns=(
        Column("name", "Name", sort="name", primary=True, link=lambda row: f"{URL}/{row.id}"),
        Column("email", "E-mail", sort="email"),
        Column("kind_label", "Kind", hide_on_phone=True),
        Column("role_names", "Roles"),
        Column("branch_code", "Branch", "code", hide_on_phone=True),
        Column("state", "State", "pill"),
        Column("last_login", "Last log-in", "datetime", sort="last_login", hide_on_phone=True),
    ),
    filters=(
        Filter("role", "Any role", [(role.value, title(role)) for role in Role]),
        Filter("state", "On or off", [("on", "May log in"), ("off", "Switched off")]),
    ),
    empty="Nobody is found so.",
    action=("New log-in", f"{URL}/new", "admin.users.create"),
    file_name="people",
    row_link=lambda row: f"{URL}/{row.id}",
)


@page("admin.users.view")
def people(request: Request) -> HttpResponseBase:
    """Who may log in."""
    asked = parse_query(request, schemas.PeopleFilter)
    return respond(
        request,
        LISTING,
        lambda w: administration.people(request.actor, w, q=asked.q, role=asked.role, state=asked.state),
        asked,
    )


@page("admin.users.create", methods=("GET", "POST"))
def new(request: Request) -> HttpResponse:
    """A new log-in for somebody of the staff."""
    if request.method == "GET":
        return render(
            request,
            "identity/new_person.html",
            title=_("New log-in"),
            crumbs=[(_("People"), URL)],
            cancel_url=URL,
            roles=STAFF_ROLES,
            branches=[(branch.code, branch.name) for branch in queries.branches()],
        )
    password = request.POST.get("password", "")
    form = parse(request, schemas.UserIn, password=password or None)
    answer = once(form_key(request), request.actor, create_user, lambda user_id: user_id, **form.model_dump())
    return done(request, _("%(name)s may log in now.") % {"name": form.name}, to=f"{URL}/{answer.body}")


@page("admin.users.view")
def person(request: Request, user_id: int) -> HttpResponse:
    """One log-in: roles, exceptions, and what keeps it safe."""
    shown = administration.person(request.actor, user_id)
    return render(
        request,
        "identity/person.html",
        title=shown.row.name,
        crumbs=[(_("People"), URL)],
        person=shown,
        roles=STAFF_ROLES if shown.row.kind == "staff" else [],
        branches=[(branch.code, branch.name) for branch in queries.branches()],
        permissions=[(p.name, f"{p.name}: {p.label}") for p in administration.permissions()],
        words=[("allow", _("Allow")), ("deny", _("Deny"))],
        is_me=user_id == request.actor.user_id,
    )


@page("admin.users.edit", methods=("POST",))
def edit(request: Request, user_id: int) -> HttpResponse:
    form = parse(request, schemas.UserPatch)
    now = administration.person(request.actor, user_id).row
    roles = form.roles or (now.roles if now.kind != "staff" else [])
    edit_user(
        actor=request.actor, user_id=user_id, name=form.name or "", branch_code=form.branch_code or None, roles=roles
    )
    return done(request, _("Saved."), to=f"{URL}/{user_id}")


@page("admin.users.edit", methods=("POST",))
def switch_on(request: Request, user_id: int) -> HttpResponse:
    switch_user(actor=request.actor, user_id=user_id, on=True)
    return done(request, _("They may log in again."), to=f"{URL}/{user_id}")


@page("admin.users.edit", methods=("POST",))
def switch_off(request: Request, user_id: int) -> HttpResponse:
    switch_user(actor=request.actor, user_id=user_id, on=False)
    return done(request, _("They are signed out everywhere and may not log in."), to=f"{URL}/{user_id}")


@page("admin.users.edit", methods=("POST",))
def unlock(request: Request, user_id: int) -> HttpResponse:
    unlock_user(actor=request.actor, user_id=user_id)
    return done(request, _("Wrong passwords are forgotten; they may try again."), to=f"{URL}/{user_id}")


@page("admin.users.edit", methods=("POST",))
def forget_phone(request: Request, user_id: int) -> HttpResponse:
    forget_two_factor(actor=request.actor, user_id=user_id)
    return done(request, _("The second factor is forgotten; they are signed out."), to=f"{URL}/{user_id}")


@page("admin.users.edit", methods=("POST",))
def new_password(request: Request, user_id: int) -> HttpResponse:
    form = parse_data({"password": request.POST.get("password", "")}, schemas.PasswordIn)
    set_password(actor=request.actor, user_id=user_id, password=form.password)
    return done(request, _("The new password is set; they are signed out everywhere."), to=f"{URL}/{user_id}")


@page("admin.roles.edit", methods=("POST",))
def word(request: Request, user_id: int) -> HttpResponse:
    """An exception for one person; an empty word takes it back."""
    said = request.POST.get("word", "")
    if said not in WORDS:
        raise Invalid("Allow, deny, or leave it to the roles.", field="word")
    set_user_right(actor=request.actor, user_id=user_id, right=request.POST.get("right", ""), allowed=WORDS[said])
    return done(request, _("Saved."), to=f"{URL}/{user_id}")
