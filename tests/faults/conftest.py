"""One simulator for all faults of a process, and the adapters that talk to it with little patience."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

pytest.register_assert_rewrite("tests.faults.verdicts")

from tests.harness import supplier


@pytest.fixture(scope="session")
def simulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[supplier.Simulator]:
    """The supplier."""
    with supplier.running(tmp_path_factory.mktemp("simulator")) as running:
        yield running


@pytest.fixture(autouse=True)
def calm(simulator: supplier.Simulator) -> Iterator[None]:
    """No fault outlives its test, and the clock of the supplier is ours again."""
    yield
    simulator.calm()
