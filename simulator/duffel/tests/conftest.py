from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from simulator.duffel.tests.receiver import Receiver
from simulator.duffel.tests.shop import Shop


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    opened = Shop(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    opened = Receiver()
    yield opened
    opened.close()
