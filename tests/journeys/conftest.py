"""The agency of the journeys."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

pytest.register_assert_rewrite(
    *(f"tests.journeys.{part}" for part in ("story", "what_is_sold", "selling", "travelling"))
)

from tests.harness.live import Live
from tests.harness.office import Office, opened


@pytest.fixture
def office(live: Live) -> Iterator[Office]:
    """The agency on its first morning, at the API of its own running product."""
    place = opened(live)
    yield place
    for client in place.clients.values():
        client.close()
