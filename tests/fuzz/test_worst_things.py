"""The worst things a client sends, to every operation that reads a body, a query or an id: a 4xx for each."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from django.test import Client

from qafila.config.api import api
from qafila.identity.types import Role
from tests.fuzz.the_api import Agency, existing

JSON = "application/json"
PROBLEM = "application/problem+json"
DEEP = b"[" * 100_000
BODIES: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", JSON),
    "half a document": (b'{"amount": ', JSON),
    "not JSON": (b"<xml/>", JSON),
    "a list": (b"[1, 2]", JSON),
    "null": (b"null", JSON),
    "a word": (b'"hello"', JSON),
    "a number": (b"1e400", JSON),
    "not a number": (b'{"amount": NaN, "rate": -Infinity}', JSON),
    "a NUL": (b'{"name": "a\\u0000b", "reason": "a\\u0000b"}', JSON),
    "half a surrogate pair": (b'{"name": "\\ud800", "reason": "\\udfff\\ud800"}', JSON),
    "no UTF-8": (b'{"name": "\xff\xfe"}', JSON),
    "a hundred thousand brackets": (DEEP, JSON),
    "a hundred thousand nested objects": (b'{"a":' * 100_000, JSON),
    "an integer of five thousand digits": (b'{"group_id": ' + b"9" * 5000 + b"}", JSON),
    "keys that nobody knows": (b'{"__proto__": 1, "": 2, "constructor": {}}', JSON),
    "one key twice": (b'{"amount": 1, "amount": {}}', JSON),
    "XML": (b"<?xml version='1.0'?><a/>", "application/xml"),
    "a form": (b"amount=1&amount=2", "application/x-www-form-urlencoded"),
    "a multipart form without an end": (b"--x\r\nContent-Disposition: form-data", "multipart/form-data; boundary=x"),
    "a multipart form without a boundary": (b"--x--", "multipart/form-data"),
    "an unknown charset": (b"[]", "application/json; charset=klingon"),
}
QUERIES = [
    "page=0",
    "page=99999999999999999999",
    "page_size=-1",
    "page=1&page=2",
    "q=%00",
    "q=%ff%fe",
    "q=" + "a" * 5000,
    "sort=password",
    "sort=;drop",
    "group_id=1e3",
    "booking_id=99999999999999999999999",
    "since=9999-12-31",
    "since=0001-01-01&until=0000-00-00",
    "date_from=2026-02-30",
    "preview=perhaps",
    "unknown=1",
    "q[]=a&q[x]=%F0%9F%90%AA",
]
IDS = ["0", "-1", "1.5", "9223372036854775808", "9" * 26, "%00", "%ff", "1%2F2", "NaN", "١", "' OR 1=1"]


@cache
def operations() -> list[tuple[str, str, dict[str, Any]]]:
    """(method, path, its description) of every operation."""
    return list(_operations())


def _operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in api.get_openapi_schema()["paths"].items():
        for method, operation in methods.items():
            if method in ("get", "post", "put", "patch", "delete"):
                yield method.upper(), path, operation


def filled(path: str) -> str:
    """The path with ids of the demo, where it has such rows; log-ins keep to an id that nobody has."""
    return re.sub(r"\{(\w+)\}", lambda m: str((existing().get(m.group(1)) or [999_999_999])[-1]), path)


def is_problem(answer: Any) -> bool:
    return answer.headers["Content-Type"] == PROBLEM and json.loads(answer.content)["status"] == answer.status_code


class Teller:
    """Sends, and judges: no crash, and every refusal as the house refuses and as the document says."""

    def __init__(self, agency: Agency) -> None:
        self.client = Client(headers=agency.headers(Role.CEO), raise_request_exception=False)
        self.wrong: list[str] = []

    def sends(
        self, what: str, method: str, path: str, operation: dict[str, Any], body: bytes = b"", kind: str = ""
    ) -> Any:
        answer = self.client.generic(method, path, body, content_type=kind or JSON)
        said = f"{method} {path[:120]} with {what} answered {answer.status_code}: {answer.content[:200]!r}"
        documented = {str(status) for status in operation["responses"]}
        known = answer.status_code < 500 and str(answer.status_code) in documented
        if not known or (answer.status_code >= 400 and not is_problem(answer)):
            self.wrong.append(said)
        return answer


@pytest.fixture
def teller(agency: Agency) -> Teller:
    return Teller(agency)


@pytest.mark.parametrize("what", BODIES)
def test_a_body_like_this_is_refused_by_every_operation(teller: Teller, what: str) -> None:
    body, kind = BODIES[what]
    for method, path, operation in operations():
        needed = operation.get("requestBody", {}).get("required")
        if "requestBody" not in operation or path.endswith("/auth/logout"):
            continue
        answer = teller.sends(what, method, filled(path), operation, body, kind)
        if needed and answer.status_code < 400:
            teller.wrong.append(f"{method} {path} took {what}: {answer.content[:100]!r}")
    assert teller.wrong == []


def test_a_query_like_this_crashes_no_list(teller: Teller) -> None:
    for method, path, operation in operations():
        if method == "GET":
            reads = {parameter["name"] for parameter in operation.get("parameters", []) if parameter["in"] == "query"}
            for query in QUERIES:
                if re.split(r"[=\[]", query)[0] not in {*reads, "unknown"}:
                    continue
                teller.sends(query[:60], method, f"{filled(path)}?{query}", operation)
    assert teller.wrong == []


def test_an_id_like_this_is_never_found(teller: Teller) -> None:
    for method, path, operation in operations():
        if "_id}" in path:
            for wrong in IDS:
                answer = teller.sends(wrong, method, re.sub(r"\{\w+_id\}", wrong, path), operation, b"{}")
                if answer.status_code < 400:
                    teller.wrong.append(f"{method} {path} found {wrong}")
    assert teller.wrong == []


def test_a_request_that_is_too_large_is_told_so(teller: Teller) -> None:
    huge = b'{"notes": "' + b"a" * 6_000_000 + b'"}'
    for method, path, operation in operations():
        if path in ("/api/v1/sales/bookings", "/api/v1/payments", "/api/v1/sales/bookings/import") and method == "POST":
            assert teller.sends("6 MB", method, path, operation, huge).status_code == 413
    assert teller.wrong == []


@pytest.mark.parametrize("key", ["", "k" * 121, "a\tb"])
def test_an_idempotency_key_that_is_none_is_refused(teller: Teller, key: str) -> None:
    answer = teller.client.post(
        "/api/v1/customers", b'{"first_name": "A"}', content_type=JSON, headers={"Idempotency-Key": key}
    )
    assert answer.status_code == 422, answer.content
    assert answer.json()["errors"][0]["loc"] == ["header", "Idempotency-Key"]


def test_a_method_that_a_path_does_not_have_is_told_which_it_has(teller: Teller) -> None:
    for path in {path for _, path, _ in operations()}:
        have = {method for method, other, _ in operations() if other == path}
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE"} - have:
            answer = teller.client.generic(method, filled(path), b"{}", content_type=JSON)
            assert answer.status_code == 405, f"{method} {path} answered {answer.status_code}"
            assert answer.headers["Content-Type"] == PROBLEM, f"{method} {path}"
            assert set(answer.headers["Allow"].replace(" ", "").split(",")) >= have, f"{method} {path}"


def test_an_address_of_nothing_is_a_problem_too(teller: Teller) -> None:
    for path in ("/api/v1/nothing", "/api/v1/", "/api/v1/groups/1/2/3/4", "/api/v2/groups"):
        answer = teller.client.get(path)
        assert answer.status_code == 404, path
        if path.startswith("/api/v1"):
            assert answer.headers["Content-Type"] == PROBLEM, path
