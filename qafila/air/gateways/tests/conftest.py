"""A simulator of the suppliers, as a process of its own, for tests that walk over real sockets."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from qafila.air.gateways.tests import counters
from tests.harness import supplier


@pytest.fixture(scope="session")
def _simulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[supplier.Simulator]:
    with supplier.running(tmp_path_factory.mktemp("house") / "simulator") as simulator:
        yield simulator


@pytest.fixture
def simulated(_simulator: supplier.Simulator) -> Iterator[supplier.Simulator]:
    """The simulator that this run shares, without faults before and after."""
    _simulator.calm()
    yield _simulator
    _simulator.calm()


@pytest.fixture
def counter(simulated: supplier.Simulator) -> Iterator[counters.Counter]:
    """A counter at Amadeus of this test's own, with a place on the line where it may say something else."""
    with counters.opened(simulated) as counter:
        yield counter
