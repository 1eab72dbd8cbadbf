"""Every role walks every route and page: what roles.md denies answers 403, what it grants opens, nothing crashes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from qafila.identity.queries import actor_of
from qafila.identity.tests.factories import make_user, signed_in
from qafila.identity.types import PORTAL_ROLES, Role
from qafila.kernel.may import May, declared, needs, of_view
from qafila.ledger.tests.factories import books

pytestmark = pytest.mark.django_db

STAFF_ROLES = [role for role in Role if role not in PORTAL_ROLES]
NOWHERE = "999999999"
METHODS = ("get", "post", "put", "patch", "delete")


def api_operations() -> Iterator[tuple[str, str, May]]:
    """(method, path with ids of nothing, declaration) of every operation of the OpenAPI document."""
    from qafila.config.api import api

    document = api.get_openapi_schema()
    for path, operations in document["paths"].items():
        for method in operations:
            if method in METHODS:
                plain = path.removeprefix("/api/v1")
                yield method, re.sub(r"\{[^}]+\}", NOWHERE, path), declared[f"{method.upper()} {plain}"]


def patterns(of: Any = None, prefix: str = "") -> Iterator[tuple[str, Any]]:
    for pattern in (of or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from patterns(pattern, prefix + str(pattern.pattern))
        elif isinstance(pattern, URLPattern):
            yield prefix + str(pattern.pattern), pattern.callback


def pages() -> Iterator[tuple[str, Any]]:
    """(address with ids of nothing, view) of every page that is ours."""
    for route, view in patterns():
        if not route.startswith("api/") and "static" not in route:
            address = re.sub(r"<(?:[^:>]+:)?[^>]+>", NOWHERE, route)
            yield "/" + address.lstrip("^").rstrip("$"), view


def test_every_operation_declares_who_may() -> None:
    from qafila.config.api import api

    for path, operations in api.get_openapi_schema()["paths"].items():
        for method, operation in operations.items():
            if method in METHODS:
                assert operation.get("x-may"), f"{method.upper()} {path} declares nothing"


def test_every_page_declares_who_may() -> None:
    undeclared = [address for address, view in pages() if of_view(view) is None]
    assert undeclared == []


def test_no_declaration_names_a_right_that_nobody_declared() -> None:
    from qafila.identity import registry

    known = set(registry.collect())
    list(pages()), list(api_operations())
    unknown = {name: may.rights for name, may in declared.items() if not set(may.rights) <= known}
    assert unknown == {}


def test_a_declaration_that_is_dropped_is_noticed() -> None:
    assert of_view(lambda request: None) is None
    assert not needs("groups.edit").lets(None)


def test_nobody_enters_without_signing_in() -> None:
    books()
    client = Client()
    for method, path, may in api_operations():
        if may.word not in ("public", "network"):
            answer = client.generic(method.upper(), path, "{}", content_type="application/json")
            assert answer.status_code == 401, f"{method.upper()} {path} answered {answer.status_code} to a stranger"
            assert answer.headers["Content-Type"] == "application/problem+json"
    for address, view in pages():
        if of_view(view).word not in ("public", "network"):
            answer = client.get(address)
            assert answer.status_code in (302, 405), f"{address} answered {answer.status_code} to a stranger"
            if answer.status_code == 302:
                assert "/login" in answer.headers["Location"], address


@pytest.mark.parametrize("role", STAFF_ROLES)
def test_a_role_opens_what_it_may_and_nothing_else(role: Role, settings: Any) -> None:
    settings.REQUIRE_2FA = False
    books()
    user = make_user(role)
    actor = actor_of(user.pk)
    client = signed_in(user)
    wrong = []
    for method, path, may in api_operations():
        if may.word == "public" or path.endswith(("/auth/logout", "/auth/sessions")):
            continue
        answer = client.generic(method.upper(), path, "{}", content_type="application/json")
        wrong += judged(f"{method.upper()} {path}", answer, may.lets(actor))
    for address, view in pages():
        may = of_view(view)
        if may.word == "public" or address in ("/logout",):
            continue
        answer = client.get(address)
        if answer.status_code == 405:
            answer = client.post(address, {})
        wrong += judged(address, answer, may.lets(actor))
    assert wrong == []


def judged(what: str, answer: Any, granted: bool) -> list[str]:
    status = answer.status_code
    if status >= 500:
        return [f"{what} crashed with {status}"]
    if granted and status in (401, 403):
        return [f"{what} is granted and answered {status}: {answer.content[:200]!r}"]
    if not granted and status != 403:
        return [f"{what} is denied and answered {status}"]
    return []
