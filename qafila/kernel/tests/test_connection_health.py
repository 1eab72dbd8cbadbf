"""A request finds out that its connection was lost before its first statement, and mostly without asking."""

from __future__ import annotations

import psycopg
import pytest
from django.db import connection, transaction
from django.db.backends.postgresql.base import DatabaseWrapper

from qafila.kernel.postgresql import base
from tests.harness.server import Server


def backend() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def begin_of_a_request() -> None:
    """What Django does at `request_started`."""
    connection.health_check_enabled = True
    connection.close_if_unusable_or_obsolete()


def busy() -> int:
    """A request that wrote something: the server has just answered."""
    with transaction.atomic():
        return backend()


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Each time the server is asked whether it is there."""
    asked: list[str] = []
    really = DatabaseWrapper.is_usable

    def is_usable(self: DatabaseWrapper) -> bool:
        asked.append("SELECT 1")
        return bool(really(self))

    monkeypatch.setattr(DatabaseWrapper, "is_usable", is_usable)
    return asked


def test_a_connection_in_steady_use_is_not_asked_for_its_health(committed_db: str, ask: list[str]) -> None:
    busy()
    begin_of_a_request()
    busy()
    assert ask == []


def test_a_connection_that_rested_is_asked(committed_db: str, ask: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    busy()
    monkeypatch.setattr(base, "FRESH", 0.0)
    begin_of_a_request()
    busy()
    assert ask == ["SELECT 1"]


def test_a_connection_whose_server_hung_up_is_replaced_before_the_first_statement(
    committed_db: str, postgres: Server
) -> None:
    lost = busy()
    begin_of_a_request()
    with psycopg.connect(postgres.super_url, autocommit=True) as root:
        root.execute("SELECT pg_terminate_backend(%s, 5000)", [lost])
    assert busy() != lost
