"""The test databases themselves: fresh, separate, cleaned up, and none that is shared is committed to."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from qafila.config import fingerprint
from tests.harness import template as templates
from tests.harness.live import Live
from tests.harness.server import ROOT, Server


class Item:
    """A collected test, as far as the rule below looks at it."""

    def __init__(self, mark: pytest.Mark | None, *fixtures: str) -> None:
        self.nodeid, self.fixturenames, self.mark = "test_x", list(fixtures), mark

    def get_closest_marker(self, name: str) -> pytest.Mark | None:
        return self.mark if name == "django_db" else None


@pytest.mark.parametrize(
    ("item", "told"),
    [
        (Item(pytest.mark.django_db(transaction=True).mark), "use the fixture committed_db instead"),
        (Item(None, "transactional_db"), "use the fixture committed_db instead"),
        (Item(pytest.mark.django_db.mark, "committed_db"), "drop the mark django_db"),
    ],
)
def test_a_test_that_would_truncate_is_refused(item: Item, told: str, pytestconfig: pytest.Config) -> None:
    house = next(
        p for p in pytestconfig.pluginmanager.get_plugins() if getattr(p, "__file__", "") == str(ROOT / "conftest.py")
    )
    with pytest.raises(pytest.UsageError, match=told):
        house.pytest_collection_modifyitems([item])


def names(postgres: Server) -> set[str]:
    import psycopg

    with psycopg.connect(postgres.super_url) as door:
        return {str(row[0]) for row in door.execute("SELECT datname FROM pg_database")}


def test_a_clone_is_gone_when_its_test_is_over(postgres: Server, template_database: str) -> None:
    with templates.clone(postgres, template_database) as name:
        assert name in names(postgres)
    assert name not in names(postgres)


def test_what_a_killed_run_left_is_swept_and_what_lives_is_not(postgres: Server, template_database: str) -> None:
    dead, living = f"{templates.CLONE}4194303_1", f"{templates.CLONE}{os.getpid()}_999"
    old, young = f"{templates.TEMPLATE}0000000000000000", f"{templates.TEMPLATE}1111111111111111"
    postgres.execute(*(f"CREATE DATABASE {name}" for name in (dead, living, old, young)))
    long_ago = (datetime.now(UTC) - timedelta(days=2)).isoformat()
    postgres.execute(f"COMMENT ON DATABASE {old} IS '{long_ago}'")
    postgres.execute(f"COMMENT ON DATABASE {young} IS '{datetime.now(UTC).isoformat()}'")
    try:
        assert templates.template(postgres) == template_database
        left = names(postgres)
        assert {living, young, template_database} <= left
        assert not {dead, old} & left
    finally:
        postgres.execute(*(f"DROP DATABASE IF EXISTS {name}" for name in (living, young)))


def test_the_template_follows_the_code(template_database: str) -> None:
    assert template_database == templates.TEMPLATE + fingerprint.tables()


def test_the_product_runs_on_the_database_of_its_test(live: Live) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_database()")
        ours = cursor.fetchone()
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        before = cursor.fetchone()
        with live.client() as client:
            assert client.get("/health/ready").json() == {"status": "ready"}
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        after = cursor.fetchone()
    assert ours[0] in live.database_url
    assert after[0] > before[0]
