"""Pages: no list loads all rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db.models import Model, QuerySet

from qafila.kernel.errors import Invalid

T = TypeVar("T")
M = TypeVar("M", bound=Model)

MAX_PAGE_SIZE = 200


@dataclass(frozen=True)
class Window:
    """Which page of a list, and in which order: `sort` is a declared key, `-` in front turns it round."""

    page: int = 1
    page_size: int = 50
    sort: str = ""

    @property
    def offset(self) -> int:
        return (self.page - 1) * self.page_size


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page: the envelope of every list."""

    items: Sequence[T]
    page: int
    page_size: int
    total: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.page_size))

    @property
    def first(self) -> int:
        return (self.page - 1) * self.page_size + 1 if self.total else 0

    @property
    def last(self) -> int:
        return min(self.page * self.page_size, self.total)


def order(sort: str, allowed: dict[str, str], default: str) -> list[str]:
    """The ORDER BY of a declared sort key, made total by the id. Refuses: Invalid naming the keys there are."""
    key = sort or default
    name = key.removeprefix("-")
    if name not in allowed:
        raise Invalid(f"Cannot sort by {name}; use one of {', '.join(sorted(allowed))}.", field=("query", "sort"))
    back = "-" if key.startswith("-") else ""
    column = allowed[name]
    return [back + column] if column in ("id", "pk") else [back + column, back + "pk"]


def paginate(rows: QuerySet[M], window: Window, read: Callable[[M], T]) -> Page[T]:
    """Two queries: the count and the page."""
    total = rows.count()
    part = rows[window.offset : window.offset + window.page_size]
    return Page([read(row) for row in part], window.page, window.page_size, total)


def every(fetch: Callable[[Window], Page[T]], sort: str = "", size: int = 1000) -> Iterator[T]:
    """All rows of a paged query, for exports: page by page, in constant memory."""
    page = 1
    while True:
        part = fetch(Window(page, size, sort))
        yield from part.items
        if len(part.items) < size:
            return
        page += 1
