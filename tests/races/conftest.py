"""An agency with a departure on sale, in three web processes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django import DjangoDbBlocker

pytest.register_assert_rewrite("tests.races.crowd")

from tests.harness import live as alive
from tests.harness import template as templates
from tests.harness.office import AT_WORK, Office, opened
from tests.harness.server import Server


@pytest.fixture(scope="session")
def _running(
    postgres: Server,
    template_database: str,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Office]:
    home = tmp_path_factory.mktemp("races")
    with (
        templates.clone(postgres, template_database) as name,
        alive.serving(postgres.app(name), home, workers=3, environment=AT_WORK) as product,
    ):
        with django_db_blocker.unblock():
            place = opened(product)
        yield place
        for client in place.clients.values():
            client.close()


@pytest.fixture
def office(_running: Office, django_db_blocker: DjangoDbBlocker) -> Iterator[Office]:
    """One agency for all races, at the API of its own product in three processes: each test opens its own departure.

    Shared, because three processes take as long to start as the races take to run: so tests look at what they moved.
    """
    with django_db_blocker.unblock():
        yield _running
