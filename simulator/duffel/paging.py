"""Lists in pages: `limit` (1 to 200, 50 where none is asked) and opaque cursors, `after` and `before`."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar

from simulator.duffel.errors import ApiError, bad_request, invalid

DEFAULT, MOST = 50, 200
_T = TypeVar("_T")
Query = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Page:
    """`after` and `before` are ids: where the pages beside this one begin."""

    limit: int
    after: str
    before: str


def asked(query: Query) -> Page:
    """Raises: ApiError for a limit or cursor that is none, or both cursors at once."""
    limit = _one(query, "limit")
    if limit and not (limit.isascii() and limit.isdigit() and len(limit) < 5 and 1 <= int(limit) <= MOST):
        raise invalid("/limit", "validation_inclusion", "Invalid value", f"Field 'limit' must be from 1 to {MOST}")
    after, before = _cursor(_one(query, "after")), _cursor(_one(query, "before"))
    if after and before:
        raise _bad_cursor()
    return Page(int(limit) if limit else DEFAULT, after, before)


def sorting(query: Query, known: Collection[str]) -> str:
    """The asked order, `-` in front for downwards; the first known where none is asked. Raises: ApiError."""
    sort = _one(query, "sort") or next(iter(known))
    if sort.removeprefix("-") not in known:
        raise invalid(
            "/sort", "validation_inclusion", "Invalid value", f"Field 'sort' must be one of: {', '.join(known)}"
        )
    return sort


def cut(ids: Sequence[str], page: Page, keep: Callable[[str], _T | None]) -> tuple[list[_T], dict[str, Any]]:
    """The page's things and its meta. `keep` makes a thing of an id, or None where a filter leaves it out.

    Raises: ApiError for a cursor that is not of this list.
    """
    cursor = page.after or page.before
    if cursor and cursor not in ids:
        raise _bad_cursor()
    backwards = bool(page.before)
    start = ids.index(cursor) if cursor else -1
    rest: Iterable[str] = reversed(ids[:start]) if backwards else ids[start + 1 :]
    found = ((id, thing) for id in rest if (thing := keep(id)) is not None)  # noqa: A001
    taken = list(islice(found, page.limit))
    more = next(found, None) is not None
    if backwards:
        taken.reverse()
    has_after, has_before = (True, more) if backwards else (more, bool(cursor))
    meta = {
        "limit": page.limit,
        "after": _written(taken[-1][0]) if taken and has_after else None,
        "before": _written(taken[0][0]) if taken and has_before else None,
    }
    return [thing for _, thing in taken], meta


def _one(query: Query, name: str) -> str:
    return query.get(name, [""])[-1]


def _written(id: str) -> str:  # noqa: A002
    return base64.urlsafe_b64encode(b"at:" + id.encode()).decode()


def _cursor(text: str) -> str:
    if not text:
        return ""
    try:
        raw = base64.urlsafe_b64decode(text.encode("ascii", "replace"))
    except (binascii.Error, ValueError):
        raise _bad_cursor() from None
    if not raw.startswith(b"at:") or len(raw) > 64:
        raise _bad_cursor()
    return raw[3:].decode("ascii", "replace")


def _bad_cursor() -> ApiError:
    return bad_request("invalid_cursor", "Invalid cursor", "The 'after' or 'before' cursor is not of this list.")
