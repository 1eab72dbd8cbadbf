"""Every fault, before and after its effect, at every verb of Duffel: the verdict is what the truth justifies."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.faults import table
from tests.faults.verdicts import Desk, cells, tried
from tests.harness.supplier import Simulator

SUPPLIER = "duffel"
EXPECTED = table.written(SUPPLIER)
found: dict[table.Cell, str] = {}


@pytest.fixture(scope="module")
def desk(simulator: Simulator) -> Iterator[Desk]:
    with Desk(SUPPLIER, simulator) as desk:
        yield desk
    if table.WRITING:
        table.write(SUPPLIER, found, cells(SUPPLIER))


@pytest.mark.parametrize(("verb", "fault", "when"), list(cells(SUPPLIER)))
def test_the_verdict_is_what_the_truth_justifies(desk: Desk, verb: str, fault: str, when: str) -> None:
    found[verb, fault, when] = tried(desk, verb, fault, when)
    assert table.WRITING or found[verb, fault, when] == EXPECTED.get((verb, fault, when))


def test_the_page_shows_every_cell() -> None:
    assert table.WRITING or set(EXPECTED) == set(cells(SUPPLIER))
