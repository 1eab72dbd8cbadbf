"""Every fault, before and after its effect, at every verb of Amadeus: the verdict is what the truth justifies."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.faults import table
from tests.faults.verdicts import DECISIVE, PARAMETERS, Desk, cells, judge, named, prepared
from tests.harness.supplier import Simulator

SUPPLIER = "amadeus"
EXPECTED = table.written(SUPPLIER)
found: dict[tuple[str, str, str], str] = {}


@pytest.fixture(scope="module")
def desk(simulator: Simulator) -> Iterator[Desk]:
    with Desk(SUPPLIER, simulator) as desk:
        yield desk
    if table.WRITING:
        table.write(SUPPLIER, found, cells(SUPPLIER))


@pytest.fixture(autouse=True)
def idle_sessions_end(desk: Desk) -> None:
    """A sign-out that a fault swallowed leaves a session open, until the supplier ends it after 15 idle minutes."""
    desk.tried += 1
    if desk.tried % 20 == 0:
        desk.simulator.ask("POST", "/clock", {"advance": 16 * 60})


@pytest.mark.parametrize(("verb", "fault", "when"), list(cells(SUPPLIER)))
def test_the_verdict_is_what_the_truth_justifies(desk: Desk, verb: str, fault: str, when: str) -> None:
    key = f"{verb}-{fault.replace('_', '-')}-{when}"[:40]
    case = prepared(desk, verb, key)
    armed = desk.simulator.arm(fault, DECISIVE[SUPPLIER][verb], when, params=PARAMETERS.get(fault, {}))
    outcome = case.call()
    hits = desk.simulator.hits(armed)
    desk.simulator.calm()

    judge(verb, fault, outcome, case)
    verdict = named(outcome) if hits else "does not apply"
    if not hits:
        assert named(outcome) == "Done", "without a fault everything goes well"
    found[verb, fault, when] = verdict
    assert table.WRITING or verdict == EXPECTED.get((verb, fault, when))


def test_the_page_shows_every_cell() -> None:
    assert table.WRITING or set(EXPECTED) == set(cells(SUPPLIER))
