"""Duffel's error bodies as named errors, and the one question that matters for a mutating call: is this a clean no?

`SupplierRefused` and what is below it is only raised for a well-formed refusal that says it did not happen. Whatever
leaves that open (`api_error`, 5xx, an airline that answered strangely) is a plain `SupplierError`. The HTTP status is
trusted, never `meta.status`: in recordings the two disagree. Source: suppliers.md 4 and trap 12.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any

from qafila.air.gateways.duffel.wire import Part, parts, text
from qafila.air.gateways.errors import (
    AccessRefused,
    OrderNotFound,
    RateLimited,
    SupplierError,
    SupplierRefused,
    Unreadable,
)
from qafila.kernel import clock

CLEAN = frozenset({400, 401, 403, 404, 405, 406, 409, 410, 415, 422, 429})
ACCESS = frozenset({401, 403})
# What an airline or a line in between did is not known when one of these is all that is said, whatever the status.
_STRANGE_CODES = frozenset({"airline_unknown", "airline_internal", "internal_server_error", "gateway_timeout_error"})
_STRANGE_WORDS = re.compile(
    r"unexpected|something went wrong|may still|tim(ed?|ing)[ -]?out|time-?out|temporar|not (responding|reachable)"
    r"|(line|system|service|host|airline) (is )?unavailable|no (response|answer|reply)|line failure|link down"
    r"|unable to process|internal error|try again",
    re.IGNORECASE,
)
_OPEN_KINDS = frozenset({"airline_error", "invalid_state_error"})
# A refusal of a kind that is not Duffel's may be of something in between, and one that is new to us of anything.
_KINDS = _OPEN_KINDS | {"authentication_error", "invalid_request_error", "rate_limit_error", "validation_error"}


@dataclass(frozen=True, slots=True)
class Problem:
    """One entry of `errors`. `place` is the pointer into what we sent, or the airline's name."""

    kind: str  # validation_error, airline_error …
    code: str
    title: str
    message: str
    place: str = ""

    @property
    def words(self) -> str:
        """Title and message, and where."""
        said = ": ".join(part for part in (self.title, self.message) if part) or self.code or self.kind
        return f"{said} ({self.place})" if self.place else said

    @property
    def strange(self) -> bool:
        """It does not settle whether the thing happened."""
        if self.kind not in _KINDS or self.code in _STRANGE_CODES:
            return True
        return self.kind in _OPEN_KINDS and bool(_STRANGE_WORDS.search(f"{self.title} {self.message}"))


def problems(data: Any) -> tuple[Problem, ...]:
    """The errors of a body; none where it has none."""
    return tuple(_problem(each) for each in parts(data, "errors"))


def _problem(raw: Part) -> Problem:
    place = text(raw, "source") or text(raw, "source", "pointer") or text(raw, "source", "field")
    return Problem(text(raw, "type"), text(raw, "code"), text(raw, "title"), text(raw, "message"), place)


def error_of(
    found: tuple[Problem, ...], *, supplier: str, status: int | None, headers: Mapping[str, str] | None = None
) -> SupplierError:
    """The named error of a body with `errors`. `status` is the HTTP status; None for a body that came without one."""
    if not found:
        return Unreadable(f"{supplier} answered {status} without saying what is wrong.", supplier=supplier)
    words = "; ".join(each.words for each in found)
    said: dict[str, Any] = {
        "supplier": supplier,
        "supplier_code": found[0].code or found[0].kind,
        "supplier_text": words,
    }
    sentence = f"{supplier} says: {words}"
    kinds = {each.kind for each in found}
    if status == HTTPStatus.TOO_MANY_REQUESTS or (status is None and "rate_limit_error" in kinds):
        return RateLimited(sentence, retry_at=retry_at(headers or {}), **said)
    if (status is not None and status not in CLEAN) or any(each.strange for each in found):
        return SupplierError(sentence, **said)
    if status in ACCESS or (status is None and "authentication_error" in kinds):
        return AccessRefused(sentence, **said)
    if status == HTTPStatus.NOT_FOUND or (status is None and found[0].code == "not_found"):
        return OrderNotFound(sentence, **said)
    return SupplierRefused(sentence, **said)


def retry_at(headers: Mapping[str, str]) -> datetime | None:
    """When a limit ends: `ratelimit-reset` (an HTTP date), else `retry-after` (a date, or seconds from now)."""
    for name in ("ratelimit-reset", "retry-after"):
        written = headers.get(name, "").strip()
        if name == "retry-after" and re.fullmatch(r"[0-9]{1,5}", written):
            return clock.now() + timedelta(seconds=int(written))
        try:
            found = parsedate_to_datetime(written)
            # "-0000" makes a naive one of it: a moment in UTC whose place is not told.
            return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
        except (ValueError, OverflowError, TypeError, IndexError):
            continue
    return None
