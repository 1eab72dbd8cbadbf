"""One document a passenger: two people at it at once, a supplier that is down, our own process killed."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

from qafila.air.gateways.outcomes import Done, Doubt, Unknown
from qafila.air.gateways.settings import Patience
from qafila.air.gateways.values import OrderRef, Priced, stored
from tests.faults.verdicts import DECISIVE, Desk, adapter, done, prepared, travellers
from tests.harness.supplier import Simulator

SUPPLIERS = ("amadeus", "duffel")
ISSUES = """
import json, sys
from qafila.air.gateways.settings import AmadeusSettings, DuffelSettings
from qafila.air.gateways.amadeus.adapter import AmadeusSupplier
from qafila.air.gateways.duffel.adapter import DuffelSupplier
from qafila.air.gateways.values import Priced, restored
told = json.load(sys.stdin)
kind = (AmadeusSupplier, AmadeusSettings) if told["supplier"] == "amadeus" else (DuffelSupplier, DuffelSettings)
supplier = kind[0](kind[1](**told["settings"], world="simulated"))
priced = restored(Priced, told["priced"])
print("begun", flush=True)
supplier.issue(priced.ref, priced, "killed")
print("over", flush=True)
"""


@pytest.fixture(params=SUPPLIERS)
def desk(request: pytest.FixtureRequest, simulator: Simulator) -> Iterator[Desk]:
    with Desk(request.param, simulator) as desk:
        yield desk


def documents(desk: Desk, ref: OrderRef) -> list[str]:
    """Who really has a document, one entry a document."""
    return [each["passenger"]["name"] for each in desk.simulator.order(ref.id)["documents"]]


def test_two_people_press_issue_at_once(desk: Desk) -> None:
    order, priced = desk.priced("two-at-once")
    others = [adapter(desk.name, desk.simulator, Patience(2, 10, 15)) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool, ExitStack() as stack:
        for other in others:
            stack.callback(other.close)
        outcomes = list(pool.map(lambda supplier: supplier.issue(order.ref, priced, "two-at-once"), others))
    assert sorted(documents(desk, order.ref)) == sorted(set(documents(desk, order.ref)))
    assert len(documents(desk, order.ref)) == len(travellers())
    assert any(isinstance(outcome, Done) for outcome in outcomes)


@pytest.mark.parametrize(
    ("desk", "verb"), [(supplier, verb) for supplier in SUPPLIERS for verb in DECISIVE[supplier]], indirect=["desk"]
)
def test_a_supplier_that_is_down_was_never_sent_anything(desk: Desk, verb: str) -> None:
    desk.caller = desk.hasty  # who has no connection open
    case = prepared(desk, verb, f"down-{desk.name}-{verb}")
    desk.simulator.arm("connect_refused", "now", params={"seconds": 60})
    outcome = case.call()
    assert isinstance(outcome, Unknown), outcome
    assert (outcome.doubt, outcome.sent) == (Doubt.NOT_SENT, False)
    desk.simulator.calm()
    assert case.effects() == 0
    assert isinstance(case.call(), Done), "the attempt may start over"


@pytest.mark.parametrize("step", ["first look", "command", "second look"])
def test_a_killed_process_leaves_at_most_one_document_a_passenger(desk: Desk, step: str) -> None:
    order, priced = desk.priced(f"killed-{step.replace(' ', '-')}")
    look = "amadeus.retrieve" if desk.name == "amadeus" else "duffel.get_order"
    held_back = DECISIVE[desk.name]["issue"] if step == "command" else look
    desk.simulator.ask("POST", "/latency", {"ms": 3000, "step": held_back})
    if step == "second look":  # the command answers at once; what follows it does not
        desk.simulator.ask("POST", "/latency", {"ms": 0, "step": look})
        desk.simulator.arm("read_timeout", look, skip=1, params={"seconds": 3})
    try:
        kill_while_issuing(desk, order.ref, priced, waits=step != "first look")
    finally:
        desk.simulator.ask("POST", "/latency", {"ms": 0, "step": held_back})
        desk.simulator.calm()

    again = done(desk.patient.issue(order.ref, priced, "again"))

    assert len(again.documents) == len(travellers())
    assert sorted(documents(desk, order.ref)) == sorted(set(documents(desk, order.ref)))
    assert len(documents(desk, order.ref)) == len(travellers())


def access(desk: Desk) -> dict[str, str]:
    """The settings that an adapter cannot do without."""
    wanted = ("endpoint", "user", "password", "office") if desk.name == "amadeus" else ("token", "base")
    return {name: desk.simulator.access[desk.name][name] for name in wanted}


def kill_while_issuing(desk: Desk, ref: OrderRef, priced: Priced, *, waits: bool) -> None:
    """kill -9 to a process that issues: when the documents exist, or (`waits` False) before it could command them."""
    told = {"supplier": desk.name, "settings": access(desk), "priced": stored(priced)}
    process = subprocess.Popen(
        [sys.executable, "-c", ISSUES],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=Path(__file__).parents[2],
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(json.dumps(told))
    process.stdin.close()
    assert process.stdout.readline() == "begun\n"
    until = time.monotonic() + 2.5
    while waits and time.monotonic() < until and not documents(desk, ref):
        time.sleep(0.02)
    time.sleep(0.2)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert "over" not in process.stdout.read(), "it was killed in the middle"
    process.stdout.close()
