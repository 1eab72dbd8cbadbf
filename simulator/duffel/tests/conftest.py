from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from simulator.duffel.tests.receiver import Receiver
from simulator.duffel.tests.recorded import dishonest
from simulator.duffel.tests.shop import Shop


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    opened = Shop(tmp_path)
    yield opened
    opened.close()
    # Whatever any test was told is held to the recordings.
    assert dishonest(opened.answers) == set()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    opened = Receiver()
    yield opened
    opened.close()
