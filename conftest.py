"""Every test runs on a real PostgreSQL, as the application's own role. How to use this: docs/house.md, "Tests".

`db` (or `@pytest.mark.django_db`)  a migrated database, rolled back after the test
`committed_db`                      a fresh database of this test's own, for tests that commit
`live`, `shared_live`               the product itself, in processes of its own, over HTTP
`demo`                              the demo agency, loaded
`browser`                           Chromium
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

# What several suites share is marked once, before any of them imports it.
pytest.register_assert_rewrite("tests.harness.office", "tests.harness.supplier")

from django.test import override_settings
from playwright.sync_api import Browser
from pytest_django import DjangoDbBlocker

from tests.harness import chromium
from tests.harness import demo as demos
from tests.harness import live as alive
from tests.harness import template as templates
from tests.harness.point import pointed_at
from tests.harness.server import Server, running


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that commits takes `committed_db`: TRUNCATE, Django's way to clean up, is refused by the ledger."""
    for item in items:
        mark = item.get_closest_marker("django_db")
        if (mark and (mark.args or mark.kwargs.get("transaction"))) or "transactional_db" in item.fixturenames:
            raise pytest.UsageError(f"{item.nodeid}: use the fixture committed_db instead of transaction=True")
        if "committed_db" in item.fixturenames and (mark or "db" in item.fixturenames):
            raise pytest.UsageError(f"{item.nodeid}: committed_db is a database already; drop the mark django_db")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """The PostgreSQL server of this run."""
    with running() as server:
        yield server


@pytest.fixture(scope="session")
def template_database(postgres: Server) -> str:
    """The name of the migrated template database."""
    return templates.template(postgres)


@pytest.fixture(scope="session")
def django_db_setup(postgres: Server, template_database: str, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The database that this process's rolled-back tests share. Django comes as the application's role, no more."""
    with ExitStack() as stack:
        stack.enter_context(django_db_blocker.unblock())
        name = stack.enter_context(templates.clone(postgres, template_database))
        stack.enter_context(pointed_at(postgres.app(name)))
        yield


@pytest.fixture
def committed_db(
    postgres: Server, template_database: str, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[str]:
    """A fresh database for a test that commits; yields its address. Several connections and processes may use it."""
    with templates.clone(postgres, template_database) as name:
        url = postgres.app(name)
        with django_db_blocker.unblock(), pointed_at(url):
            yield url


@pytest.fixture
def live(committed_db: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[alive.Live]:
    """The product in two web processes on `committed_db`.

    `@pytest.mark.live(QAFILA_REQUIRE_2FA="1", QAFILA_CLOCK="2026-11-01T06:00:00Z")` sets their environment.
    """
    mark = request.node.get_closest_marker("live")
    with alive.serving(committed_db, tmp_path / "home", environment=mark.kwargs if mark else None) as product:
        yield product


@pytest.fixture(scope="session")
def shared_live(
    postgres: Server, template_database: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[alive.Live]:
    """One running product for all tests that mostly read; `with shared_live.database():` to prepare rows for it."""
    home = tmp_path_factory.mktemp("shared-live")
    with templates.clone(postgres, template_database) as name, alive.serving(postgres.app(name), home) as product:
        yield product


@pytest.fixture(scope="session")
def demo(
    postgres: Server,
    template_database: str,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[demos.Demo]:
    """The demo agency, loaded once in this process; `with demo.database():` works on a copy of it."""
    with (
        django_db_blocker.unblock(),
        demos.loaded(postgres, template_database, tmp_path_factory.mktemp("demo")) as found,
    ):
        yield found


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, for tests marked `browser`; they are skipped, with the reason, where it is not installed."""
    with chromium.launched() as launched:
        yield launched


@pytest.fixture(scope="session", autouse=True)
def _files_of_their_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Stored files and mails of tests never land in the agency's data directory."""
    home = tmp_path_factory.mktemp("files")
    storages = {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(home / "files")},
        },
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    with ExitStack() as stack:
        stack.enter_context(
            override_settings(DATA_DIR=home, FILES_DIR=home / "files", MAIL_DIR=home / "mail", STORAGES=storages)
        )
        yield
