"""The addresses that belong to no room, and what is told when nothing answers."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client

from qafila.config import health


@pytest.fixture(autouse=True)
def _ask_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_up_to_date", False)


@pytest.mark.django_db
def test_a_migrated_house_is_ready(client: Client) -> None:
    assert client.get("/health/live").json() == {"status": "live"}
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.json()) == (200, {"status": "ready"})


@pytest.mark.django_db
def test_code_that_waits_for_a_migration_is_not_ready(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = health.expected_migrations()
    monkeypatch.setattr(health, "expected_migrations", lambda: expected | {("ledger", "9999_of_tomorrow")})
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.json()["reason"]) == (503, "1 migrations are missing")


def test_without_its_database_the_house_lives_but_is_not_ready(committed_db: str, client: Client) -> None:
    connection.close()
    connection.settings_dict["NAME"] = "a_database_that_is_not_there"
    assert client.get("/health/live").status_code == 200
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.json()["reason"]) == (503, "the database does not answer")


@pytest.mark.django_db
def test_an_address_that_is_nowhere_is_a_problem_for_a_program(client: Client) -> None:
    answer = client.get("/api/v1/nowhere")
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "NOT_FOUND"
    assert client.get("/nowhere", headers={"HX-Request": "true"}).json()["code"] == "NOT_FOUND"


@pytest.mark.django_db
def test_an_address_that_is_nowhere_is_a_page_for_a_person(client: Client) -> None:
    answer = client.get("/nowhere", headers={"Accept": "text/html"})
    assert answer.status_code == 404
    assert "nothing at this address" in answer.content.decode()


@pytest.mark.django_db
def test_a_host_we_do_not_serve_is_refused(client: Client) -> None:
    assert client.get("/", headers={"Host": "evil.example"}).status_code == 400


@pytest.mark.django_db
def test_the_api_describes_itself(client: Client) -> None:
    document = client.get("/api/v1/openapi.json").json()
    assert document["info"]["title"] == "Qafila"
    assert document["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"
    page = client.get("/api/v1/docs")
    assert page.status_code == 200
    assert "https://" not in page.content.decode()
