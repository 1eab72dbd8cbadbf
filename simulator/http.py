"""What travels between the server and its handlers."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """`path` is decoded and without the query; header names are in lower case."""

    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: bytes


@dataclass(slots=True)
class HttpAnswer:
    """The server adds content-length, date and connection."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


class Dialect(Protocol):
    """What a supplier's own protocol is to the server. Both are synchronous and quick; everything that outlives a
    request is kept in the store, inside `store.transaction()`, because faults rehearse requests and undo them."""

    def step(self, request: HttpRequest) -> str:
        """Which step this is (`amadeus.issue`), before anything is done and without changing anything."""
        ...

    def handle(self, request: HttpRequest) -> HttpAnswer: ...


def json_answer(status: int, value: Any) -> HttpAnswer:
    return HttpAnswer(status, {"content-type": "application/json"}, json.dumps(value, default=str).encode())
