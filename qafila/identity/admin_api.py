"""People, roles and rights by API."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Path, Query, Status
from pydantic import StringConstraints

from qafila.identity import admin_schemas as schemas
from qafila.identity import administration
from qafila.identity.actions.change_rights import set_role_rights, set_user_right
from qafila.identity.actions.change_user import edit_user, forget_two_factor, switch_user, unlock_user
from qafila.identity.actions.create_user import create_user
from qafila.identity.actions.set_password import set_password
from qafila.kernel.http import Envelope, Id, Paging, Request, Routes, answered, dump, envelope, key_of
from qafila.kernel.idempotency import once
from qafila.kernel.pagination import Page, Window

router = Routes(tags=["Administration"])
Word = Annotated[str, StringConstraints(max_length=80)]


def detail(request: Request, user_id: int) -> dict[str, Any]:
    found = administration.person(request.actor, user_id)
    return {**asdict(found.row), "party_id": found.party_id, "words": found.words, "rights": found.rights}


def whole(items: list[Any], window: Window) -> dict[str, Any]:
    """A short list as a page, so that every list has one shape."""
    part = items[window.offset : window.offset + window.page_size]
    return envelope(Page(part, window.page, window.page_size, len(items)))


@router.get("/admin/users", may="admin.users.view", response=Envelope[schemas.PersonOut])
def users(request: Request, query: Query[schemas.PeopleFilter]) -> Any:
    """Who may log in."""
    found = administration.people(request.actor, query.window(), q=query.q, role=query.role, state=query.state)
    return envelope(found)


@router.post("/admin/users", may="admin.users.create", response={201: schemas.PersonDetailOut})
def make_user(request: Request, payload: schemas.UserIn) -> HttpResponse:
    """Make a log-in for somebody of the staff."""

    def told(user_id: int) -> Any:
        return dump(schemas.PersonDetailOut, detail(request, user_id))

    return answered(once(key_of(request), request.actor, create_user, told, 201, **payload.model_dump()))


@router.get("/admin/users/{user_id}", may="admin.users.view", response=schemas.PersonDetailOut)
def user(request: Request, user_id: Id) -> Any:
    """One log-in, its exceptions and all it may."""
    return detail(request, user_id)


@router.patch("/admin/users/{user_id}", may="admin.users.edit", response=schemas.PersonDetailOut)
def change_user(request: Request, user_id: Id, payload: schemas.UserPatch) -> Any:
    """Change name, branch or roles."""
    now = administration.person(request.actor, user_id).row
    given = payload.model_dump(exclude_unset=True)
    edit_user(
        actor=request.actor,
        user_id=user_id,
        name=given.get("name") or now.name,
        branch_code=given.get("branch_code", now.branch_code),
        roles=given.get("roles") or now.roles,
    )
    return detail(request, user_id)


@router.post("/admin/users/{user_id}/switch-off", may="admin.users.edit", response=schemas.PersonDetailOut)
def switch_off(request: Request, user_id: Id) -> Any:
    """No longer let somebody log in; their browsers and tokens stop at once."""
    switch_user(actor=request.actor, user_id=user_id, on=False)
    return detail(request, user_id)


@router.post("/admin/users/{user_id}/switch-on", may="admin.users.edit", response=schemas.PersonDetailOut)
def switch_on(request: Request, user_id: Id) -> Any:
    """Let somebody log in again."""
    switch_user(actor=request.actor, user_id=user_id, on=True)
    return detail(request, user_id)


@router.post("/admin/users/{user_id}/unlock", may="admin.users.edit", response={204: None})
def unlock(request: Request, user_id: Id) -> Any:
    """End a lock-out before its time."""
    unlock_user(actor=request.actor, user_id=user_id)
    return Status(204, None)


@router.post("/admin/users/{user_id}/password", may="admin.users.edit", response={204: None})
def new_password(request: Request, user_id: Id, payload: schemas.PasswordIn) -> Any:
    """Give somebody a new password."""
    set_password(actor=request.actor, user_id=user_id, password=payload.password)
    return Status(204, None)


@router.delete("/admin/users/{user_id}/2fa", may="admin.users.edit", response={204: None})
def forget_phone(request: Request, user_id: Id) -> Any:
    """Take the second factor of somebody who lost phone and recovery codes."""
    forget_two_factor(actor=request.actor, user_id=user_id)
    return Status(204, None)


@router.put("/admin/users/{user_id}/rights/{right}", may="admin.roles.edit", response={204: None})
def set_word(request: Request, user_id: Id, right: Path[Word], payload: schemas.WordIn) -> Any:
    """Allow or deny one right to one person, or leave it to the roles."""
    set_user_right(actor=request.actor, user_id=user_id, right=right, allowed=payload.allowed)
    return Status(204, None)


@router.get("/admin/roles", may="admin.roles.view", response=Envelope[schemas.RoleOut])
def roles(request: Request, query: Query[Paging]) -> Any:
    """The roles and what they hold."""
    return whole(administration.roles(request.actor), query.window())


@router.get("/admin/roles/{code}", may="admin.roles.view", response=schemas.RoleOut)
def role(request: Request, code: Path[Word]) -> Any:
    """One role."""
    return administration.role(request.actor, code)


@router.patch("/admin/roles/{code}", may="admin.roles.edit", response=schemas.RoleOut)
def change_role(request: Request, code: Path[Word], payload: schemas.RoleRightsIn) -> Any:
    """Let a role hold exactly these rights."""
    set_role_rights(actor=request.actor, role=code, rights=payload.rights)
    return administration.role(request.actor, code)


@router.get("/admin/permissions", may="admin.roles.view", response=Envelope[schemas.PermissionOut])
def permissions(request: Request, query: Query[Paging]) -> Any:
    """Every right there is."""
    return whole(administration.permissions(), query.window())
