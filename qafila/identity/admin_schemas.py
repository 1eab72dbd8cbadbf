"""What the administration's routes and forms carry."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from ninja import Field
from pydantic import StringConstraints

from qafila.identity.schemas import Email, Password
from qafila.kernel.http import In, Out, Paging, Required

Code = Annotated[str, StringConstraints(strip_whitespace=True, max_length=30)]
Branch = Annotated[str, StringConstraints(strip_whitespace=True, max_length=3)]
Roles = Annotated[list[Code], Field(min_length=1, max_length=20)]
RightName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]


class PeopleFilter(Paging):
    role: Code = ""
    state: Literal["", "on", "off"] = ""


class UserIn(In):
    """A new log-in. Without a password its person sets one by the link for forgotten passwords."""

    email: Email
    name: Required
    roles: Roles
    branch_code: Branch | None = None
    password: Password | None = None


class UserPatch(In):
    name: Required | None = None
    roles: Roles | None = None
    branch_code: Branch | None = Field(None, description="Empty: no branch.")


class PasswordIn(In):
    password: Password


class WordIn(In):
    """true allows, false denies, null leaves it to the roles."""

    allowed: bool | None


class RoleRightsIn(In):
    rights: Annotated[list[RightName], Field(max_length=500)]


class PersonOut(Out):
    id: int
    name: str
    email: str
    kind: str
    roles: list[str]
    branch_code: str
    is_active: bool
    two_factor: bool
    last_login: datetime | None
    created_at: datetime


class WordOut(Out):
    right: str
    label: str
    allowed: bool


class PersonDetailOut(PersonOut):
    party_id: int | None
    words: list[WordOut]
    rights: list[str]


class RoleOut(Out):
    code: str
    name: str
    rights: list[str]
    people: int


class PermissionOut(Out):
    name: str
    label: str
    moves_money: bool
