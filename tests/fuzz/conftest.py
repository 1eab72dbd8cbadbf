"""The demo agency under fuzz: its people's tokens, in a database that nobody else uses."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from qafila.identity.types import Role
from tests.fuzz.the_api import Agency
from tests.harness.demo import Demo

ROLES = (Role.CEO, Role.SALES_EXECUTIVE, Role.TICKET_MANAGER)


@pytest.fixture(scope="module")
def agency(demo: Demo, django_db_blocker: DjangoDbBlocker) -> Iterator[Agency]:
    """The demo with its tokens. What the fuzz books, deletes and approves stays in this copy of it."""
    from qafila.identity.models import User
    from qafila.identity.tests.factories import token_for

    with django_db_blocker.unblock(), demo.database(), override_settings(API_RATE=0, REQUIRE_2FA=False):
        people = {
            role: User.objects.get(email=f"{role.lower().replace('_', '.')}@noorqafila.example") for role in ROLES
        }
        yield Agency({role: token_for(person) for role, person in people.items()})


ROLES = (Role.CEO, Role.SALES_EXECUTIVE, Role.TICKET_MANAGER)
