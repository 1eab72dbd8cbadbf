"""What an answer told."""

from __future__ import annotations

from typing import Any


def told(answer: Any) -> tuple[int, str, list[list[Any]]]:
    body = answer.json()
    return answer.status_code, body["code"], [e["loc"] for e in body["errors"]]
