"""Idempotency: the same key and body get the stored answer; the same key with another body is refused."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ParamSpec, TypeVar

from django.db import connection

from qafila.kernel import clock
from qafila.kernel.actor import Actor
from qafila.kernel.errors import IdempotencyKeyReused
from qafila.kernel.transaction import body_of, run

P = ParamSpec("P")
R = TypeVar("R")

KEPT = timedelta(hours=48)


@dataclass(frozen=True)
class Key:
    """A request's idempotency key, the route it came to and the hash of what it asked."""

    value: str
    route: str
    body_hash: str

    @classmethod
    def of(cls, value: str, route: str, body: bytes) -> Key:
        return cls(value, route, hashlib.sha256(body).hexdigest())


@dataclass(frozen=True)
class Answer:
    """What a request was answered: `replayed` when it is the stored answer of an earlier twin."""

    status: int
    body: Any
    replayed: bool = False


def once(
    key: Key | None,
    actor: Actor,
    verb: Callable[..., R],
    render: Callable[[R], Any],
    status: int = 201,
    /,
    **asked: Any,
) -> Answer:
    """Do the action once per key and answer what it rendered.

    The key's row is the first write of the business transaction, so a twin waits for its outcome and then gets the
    stored answer; a refusal rolls the row back and is not stored. Refuses: IdempotencyKeyReused.
    """
    if key is None or actor.user_id is None:
        return Answer(status, render(verb(actor=actor, **asked)))
    kept, inner = key, body_of(verb)

    def body() -> Answer:
        if stored := _claim(kept, actor.user_id):
            return stored
        rendered = render(inner(actor=actor, **asked))
        _store(kept, actor.user_id, status, rendered)
        return Answer(status, rendered)

    return run(f"once {verb.__qualname__}", body)


def _claim(key: Key, user_id: int | None) -> Answer | None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kernel_idempotencykey (user_id, key, route, body_hash) VALUES (%s, %s, %s, %s)"
            " ON CONFLICT (user_id, key) DO NOTHING RETURNING id",
            [user_id, key.value, key.route, key.body_hash],
        )
        if cursor.fetchone():
            return None
        cursor.execute(
            "SELECT route, body_hash, status, answer::text FROM kernel_idempotencykey WHERE user_id = %s AND key = %s",
            [user_id, key.value],
        )
        route, body_hash, status, answer = cursor.fetchone()
    if (route, body_hash) != (key.route, key.body_hash):
        raise IdempotencyKeyReused(
            "This Idempotency-Key was used for another request; use a new key for a new request.",
            field=("header", "Idempotency-Key"),
        )
    return Answer(status, json.loads(answer), replayed=True)


def _store(key: Key, user_id: int | None, status: int, rendered: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE kernel_idempotencykey SET status = %s, answer = %s::jsonb WHERE user_id = %s AND key = %s",
            [status, json.dumps(rendered), user_id, key.value],
        )


def forget_old() -> int:
    """Drop keys older than 48 hours; run daily."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM kernel_idempotencykey WHERE created_at < %s", [clock.now() - KEPT])
        return int(cursor.rowcount)
