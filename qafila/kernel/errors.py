"""What the house may refuse, and how a refusal is told: one class each, with a stable code, a status and a sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar


class Refusal(Exception):
    """A business refusal. Rooms subclass it in their `errors.py`: one class for each thing they refuse.

    `code` is stable and upper-case (`SEATS_EXHAUSTED`), `status` the HTTP status, the message one sentence a person at
    the counter understands. `field` names the input at fault, as a path (`("passengers", 0, "passport_no")`).
    """

    code: ClassVar[str] = "REFUSED"
    status: ClassVar[int] = 409
    title: ClassVar[str] = "Not possible"

    def __init__(self, detail: str, *, field: Sequence[str | int] | str | None = None, **facts: Any) -> None:
        super().__init__(detail)
        self.detail = detail
        self.loc: list[str | int] = [field] if isinstance(field, str) else list(field or ())
        self.facts = facts

    @property
    def errors(self) -> list[dict[str, Any]]:
        return [{"loc": self.loc, "msg": self.detail}] if self.loc else []


class NotSignedIn(Refusal):
    code, status, title = "NOT_SIGNED_IN", 401, "Sign in first"


class MissingRight(Refusal):
    """The actor lacks a right; the sentence names it."""

    code, status, title = "MISSING_RIGHT", 403, "Not allowed"

    def __init__(self, *rights: str) -> None:
        super().__init__(f"This needs the right {' and '.join(rights)}, which you do not hold.", rights=list(rights))


class NotFound(Refusal):
    """No such row, or one that belongs to somebody else: the two are not told apart."""

    code, status, title = "NOT_FOUND", 404, "Not found"


class MethodNotAllowed(Refusal):
    """The address is right, the method is none of its own."""

    code, status, title = "METHOD_NOT_ALLOWED", 405, "No such method"


class WrongState(Refusal):
    """The lifecycle has no such move from where the thing stands."""

    code, status, title = "WRONG_STATE", 409, "Not in this state"


class Conflict(Refusal):
    """A unique thing exists already, or somebody was faster."""

    code, status, title = "CONFLICT", 409, "Conflict"


class StaleVersion(Refusal):
    """The row was changed by somebody else since it was read."""

    code, status, title = "STALE_VERSION", 409, "Changed meanwhile"

    def __init__(self, current: int) -> None:
        super().__init__(
            f"Somebody changed this meanwhile: it now stands at version {current}. Reload and try again.",
            field="version",
            current_version=current,
        )


class IdempotencyKeyReused(Refusal):
    code, status, title = "IDEMPOTENCY_KEY_REUSED", 409, "Key used for something else"


class Invalid(Refusal):
    """Malformed input: every field at fault with its reason."""

    code, status, title = "INVALID_INPUT", 422, "Check the input"

    def __init__(self, detail: str, errors: Sequence[dict[str, Any]] | None = None, **kwargs: Any) -> None:
        super().__init__(detail, **kwargs)
        self._errors = list(errors or ())

    @property
    def errors(self) -> list[dict[str, Any]]:
        return self._errors or super().errors


class TooManyRequests(Refusal):
    """Refused for a while; `retry_after` in seconds."""

    code, status, title = "TOO_MANY_REQUESTS", 429, "Slow down"

    def __init__(self, detail: str, *, retry_after: int) -> None:
        super().__init__(detail, retry_after=retry_after)
        self.retry_after = retry_after


@contextmanager
def within(*place: str | int) -> Iterator[None]:
    """What is refused inside the block about `phone` is told about `customer.phone`: where the asker wrote it."""
    try:
        yield
    except Refusal as refusal:
        if refusal.loc:
            refusal.loc[:0] = place
        for error in getattr(refusal, "_errors", ()):
            error["loc"] = [*place, *error["loc"]]
        raise


def problem(refusal: Refusal) -> dict[str, Any]:
    """The refusal as an RFC 9457 problem: {type, title, status, detail, code, errors, …facts}."""
    return {
        **refusal.facts,
        "type": f"urn:qafila:problem:{refusal.code.lower().replace('_', '-')}",
        "title": refusal.title,
        "status": refusal.status,
        "detail": refusal.detail,
        "code": refusal.code,
        "errors": refusal.errors,
    }
