"""One business event is one transaction: `@action` opens it, `@step` works inside it."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, ParamSpec, TypeVar, cast

from django.db import OperationalError, connection, transaction
from psycopg import errors as pg

P = ParamSpec("P")
R = TypeVar("R")

ATTEMPTS = 3
_running: ContextVar[str | None] = ContextVar("running_action", default=None)


class Rehearsal(Exception):
    """Carries the answer of a rehearsed action out of the transaction it rolls back."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer


def run(name: str, body: Callable[[], R]) -> R:
    """Run `body` as one transaction of its own; a deadlock is retried from the start, at most twice.

    Refuses to run inside another action: an action is the whole business event, `step`s are its parts.
    """
    if outer := _running.get():
        raise RuntimeError(f"{name} is an action and was called inside {outer}; call a step instead")
    token = _running.set(name)
    try:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                with transaction.atomic(durable=True):
                    return body()
            except OperationalError as error:
                deadlock = isinstance(error.__cause__, pg.DeadlockDetected | pg.SerializationFailure)
                if not deadlock or attempt == ATTEMPTS or connection.in_atomic_block:
                    raise
                time.sleep(0.01 * attempt)
    finally:
        _running.reset(token)
    raise AssertionError("unreachable")


def action(verb: Callable[P, R]) -> Callable[P, R]:
    """One business event, one transaction. Its undecorated self is kept as `verb.body` for `rehearse` and `once`."""
    name = f"{verb.__module__}.{verb.__qualname__}"

    @functools.wraps(verb)
    def act(*args: P.args, **kwargs: P.kwargs) -> R:
        return run(name, lambda: verb(*args, **kwargs))

    act.body = verb  # type: ignore[attr-defined]
    return act


def step(verb: Callable[P, R]) -> Callable[P, R]:
    """A part of somebody's action. Refuses to run on its own."""

    @functools.wraps(verb)
    def part(*args: P.args, **kwargs: P.kwargs) -> R:
        if not connection.in_atomic_block:
            raise RuntimeError(f"{verb.__module__}.{verb.__qualname__} is a step; call it from an action")
        return verb(*args, **kwargs)

    return part


def body_of(verb: Callable[P, R]) -> Callable[P, R]:
    """The undecorated body of an action, to run inside a transaction that somebody else of the kernel opens."""
    return cast(Callable[P, R], verb.body)  # type: ignore[attr-defined]


def rehearse(verb: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Do the whole action, deferred checks included, and take it back: the answer is what it would have been."""
    inner = body_of(verb)

    def body() -> R:
        answer = inner(*args, **kwargs)
        check_deferred()
        raise Rehearsal(answer)

    try:
        return run(f"rehearsal of {verb.__qualname__}", body)
    except Rehearsal as rehearsal:
        return cast(R, rehearsal.answer)


def check_deferred() -> None:
    """Fire the deferred constraints now, so that what they refuse is known inside the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def in_action() -> bool:
    return _running.get() is not None
