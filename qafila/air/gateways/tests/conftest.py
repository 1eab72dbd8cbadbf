"""A simulator of the suppliers, as a process of its own, for tests that walk over real sockets."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from qafila.air.gateways.tests import counters
from qafila.air.gateways.tests.simulated import Simulated


@pytest.fixture(scope="session")
def _simulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulated]:
    with Simulated(tmp_path_factory.mktemp("house")) as simulated:
        yield simulated


@pytest.fixture
def simulated(_simulator: Simulated) -> Iterator[Simulated]:
    """The simulator that this run shares, without faults before and after. `data_dir` is a house's: a registry finds
    both suppliers there.
    """
    _simulator.ask("DELETE", "/faults")
    yield _simulator
    _simulator.ask("DELETE", "/faults")


@pytest.fixture
def counter(simulated: Simulated) -> Iterator[counters.Counter]:
    """A counter at Amadeus of this test's own, with a place on the line where it may say something else."""
    with counters.opened(simulated) as counter:
        yield counter
