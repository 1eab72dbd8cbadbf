"""Who somebody is and what they may, in one query. Precedence: a deny for the person, an allow, a role's grant, no.

Plain SQL, because every request pays for it: by a bearer token one query, by a session one beside Django's own.
Portal log-ins hold no staff right, whatever the tables say (design, roles.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from qafila.kernel.actor import Actor

PERSON = "u.id, u.name, u.kind, u.party_id, u.branch_id, u.is_active"
# Three sets asked for once each, not once a right: a quarter of the time.
HELD = """ARRAY(
    SELECT p.name FROM identity_permission p
     WHERE u.kind = 'staff'
       AND (p.id IN (SELECT a.right_id FROM identity_userright a WHERE a.user_id = u.id AND a.allowed)
            OR p.id IN (SELECT g.right_id FROM identity_user_roles r JOIN identity_roleright g USING (role_id)
                         WHERE r.user_id = u.id))
       AND p.id NOT IN (SELECT d.right_id FROM identity_userright d WHERE d.user_id = u.id AND NOT d.allowed))"""
ENROLLED = "EXISTS (SELECT 1 FROM mfa_authenticator m WHERE m.user_id = u.id AND m.type = 'totp')"

BY_ID = f"SELECT {PERSON}, {HELD} FROM identity_user u WHERE u.id = %s"
BY_TOKEN = f"""
SELECT {PERSON}, {HELD}, t.id, t.expires_at, t.revoked_at, t.last_used_at
  FROM identity_apitoken t JOIN identity_user u ON u.id = t.user_id WHERE t.digest = %s"""
BY_SESSION = f"""
SELECT {PERSON}, {HELD}, u.password, s.id, s.created_at, s.last_seen_at, {ENROLLED}
  FROM identity_signin s JOIN identity_user u ON u.id = s.user_id WHERE s.session_key = %s AND u.id = %s"""


@dataclass(frozen=True, slots=True)
class Token:
    """A bearer token as it was found: whose, and until when."""

    actor: Actor
    is_active: bool
    token_id: int
    expires_at: datetime
    revoked_at: datetime | None
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in browser as it was found."""

    actor: Actor
    is_active: bool
    password: str
    sign_in_id: int
    created_at: datetime
    last_seen_at: datetime
    has_second_factor: bool


def _one(sql: str, parameters: list[Any]) -> tuple[Any, ...] | None:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        row: tuple[Any, ...] | None = cursor.fetchone()
    return row


def _actor(row: tuple[Any, ...], ip: str | None, request_id: str) -> Actor:
    user_id, name, kind, party_id, branch_id, _, rights = row[:7]
    return Actor(user_id, name, kind, frozenset(rights), party_id, branch_id, ip, request_id)


def by_id(user_id: int) -> Actor | None:
    """The person, if they may log in at all. One query."""
    row = _one(BY_ID, [user_id])
    return _actor(row, None, "") if row and row[5] else None


def by_token(digest: str, *, ip: str | None, request_id: str) -> Token | None:
    """The token with this digest and its person, expired and revoked ones too. One query."""
    row = _one(BY_TOKEN, [digest])
    return Token(_actor(row, ip, request_id), row[5], *row[7:]) if row else None


def by_session(session_key: str, user_id: int, *, ip: str | None, request_id: str) -> Session | None:
    """The sign-in of this session and its person. One query."""
    row = _one(BY_SESSION, [session_key, user_id])
    return Session(_actor(row, ip, request_id), row[5], *row[7:]) if row else None
