"""The OpenAPI document tells one thing by one name."""

from __future__ import annotations

from typing import Any

import pytest
from ninja.openapi.schema import OpenAPISchema


def twins(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names under which two schemas that differ are told: the later would stand for both."""
    from qafila.config.api import api

    found: list[str] = []

    def add(self: Any, definitions: dict[str, Any]) -> None:
        found.extend(name for name, told in definitions.items() if self.schemas.get(name, told) != told)
        self.schemas.update(definitions)

    monkeypatch.setattr(OpenAPISchema, "add_schema_definitions", add)
    api.get_openapi_schema()
    return sorted(set(found))


def test_no_two_schemas_share_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    assert twins(monkeypatch) == [], "rename one of each: in the document the later one stands for both"


def test_every_operation_has_a_name_of_its_own_and_says_what_it_does() -> None:
    from qafila.config.api import api

    names: dict[str, str] = {}
    for path, operations in api.get_openapi_schema()["paths"].items():
        for method, operation in operations.items():
            name = operation["operationId"]
            assert name not in names, f"{method} {path} and {names[name]} are both {name}"
            names[name] = f"{method} {path}"
            assert operation["summary"], f"{method} {path}"
