"""The application's own database role: it works on rows and cannot touch what must stay."""

from __future__ import annotations

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from tests.harness.server import Server


def ask(sql: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        row = cursor.fetchone()
    return row[0] if row else None


@pytest.mark.django_db
def test_the_application_is_nobody_special() -> None:
    assert ask("SELECT current_user") == "qafila_app"
    assert (
        ask(
            "SELECT rolsuper OR rolcreatedb OR rolcreaterole OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
        )
        is False
    )
    assert ask("SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND tableowner = 'qafila_app'") == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE kernel_auditentry SET note = 'never happened'",
        "DELETE FROM kernel_auditentry",
        "TRUNCATE kernel_auditentry",
        "TRUNCATE kernel_ratebucket",
        "DROP TABLE kernel_ratebucket",
        "ALTER TABLE kernel_auditentry DISABLE TRIGGER ALL",
        "DELETE FROM django_migrations",
        "CREATE TABLE mine (id int)",
        "SET session_replication_role = replica",
    ],
)
def test_the_application_may_not(statement: str) -> None:
    with pytest.raises(DatabaseError) as refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert isinstance(refused.value.__cause__, psycopg.errors.InsufficientPrivilege)


@pytest.mark.django_db
def test_every_append_only_table_is_out_of_its_reach() -> None:
    """Found by the guard itself, so that a table guarded tomorrow is covered."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT DISTINCT c.relname, has_table_privilege(c.oid, 'INSERT'),
                   has_table_privilege(c.oid, 'UPDATE, DELETE, TRUNCATE')
              FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_class c ON c.oid = t.tgrelid
             WHERE p.proname = 'qafila_refuse_change'
            """
        )
        guarded = cursor.fetchall()
    assert len(guarded) >= 2
    assert [table for table, _, change in guarded if change] == []


def test_a_test_that_commits_has_a_database_of_its_own(committed_db: str, postgres: Server) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO kernel_ratebucket (key, \"window\", count) VALUES ('committed', now(), 1)")
    with psycopg.connect(committed_db) as other:
        assert other.execute("SELECT count FROM kernel_ratebucket WHERE key = 'committed'").fetchone() == (1,)


@pytest.mark.django_db
def test_what_it_committed_is_nowhere_else() -> None:
    assert ask("SELECT count(*) FROM kernel_ratebucket") == 0
