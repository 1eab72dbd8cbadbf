"""Everything goes wrong at random, from a seed: orders are walked all the same, and no passenger gets two tickets."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from qafila.air.gateways.errors import SupplierError
from qafila.air.gateways.outcomes import Done, Outcome, Refused, Unknown
from qafila.air.gateways.values import OrderRef
from tests.faults.verdicts import BUSINESS, PARAMETERS, TRANSPORT, Desk, travellers
from tests.harness.supplier import Simulator

# What stops the whole supplier for a while, or the order for good, would make a calm of the storm.
STILL = {"connect_timeout", "time_limit_passed", "segment_cancelled"}
STORM = [name for name in (*TRANSPORT, *BUSINESS) if name not in STILL]
SHORT = {"connect_refused": {"seconds": 0.5}, "read_timeout": {"seconds": 1}}
TRIES = 6


def storm(desk: Desk, seed: int, share: float) -> None:
    """Each kind of fault hits each request with this probability, before or after its effect."""
    draw = Random(seed)
    for name in STORM:
        desk.simulator.arm(
            name,
            f"{desk.name}.*",
            draw.choice(("before", "after")),
            times=None,
            probability=share,
            seed=draw.randrange(10**6),
            params={**PARAMETERS.get(name, {}), **SHORT.get(name, {})},
        )


def settled(call: Callable[[], Outcome[Any]], found: Callable[[], Any]) -> Any:
    """What came of it in the end: an Unknown is looked up in the record before anybody tries again. None: refused."""
    for _ in range(TRIES):
        outcome = call()
        match outcome:
            case Done(value=value):
                return value
            case Unknown(sent=True):
                if (there := found()) is not None:
                    return there
            case Unknown():
                continue
            case Refused():
                return None
    return None


def walk(desk: Desk, key: str) -> tuple[OrderRef | None, bool]:
    """Hold, price and issue; the order, and whether the product believes it issued."""
    try:
        offer = desk.offer()
    except SupplierError:
        return None, False
    held = settled(lambda: desk.hasty.hold(offer, travellers(), key), lambda: None)
    if held is None:
        return None, False

    def documented() -> Any:
        try:
            snapshot = desk.hasty.retrieve(held.ref)
        except SupplierError:
            return None
        return snapshot if not snapshot.unticketed() else None

    priced = settled(lambda: desk.hasty.price(held.ref), lambda: None)
    if priced is None:
        return held.ref, False
    issued = settled(lambda: desk.hasty.issue(held.ref, priced, key), documented)
    return held.ref, issued is not None


def ride(desk: Desk, seed: int, orders: int, share: float) -> int:
    """So many orders in one storm; returns how many were issued."""
    issued = 0
    for number in range(orders):
        desk.simulator.calm()
        storm(desk, seed * 1000 + number, share)
        ref, believed = walk(desk, f"storm-{desk.name}-{seed}-{number}")
        desk.simulator.calm()
        desk.simulator.ask("POST", "/clock", {"advance": 60})
        if ref is None:
            continue
        order = desk.simulator.order(ref.id)
        names = [each["passenger"]["name"] for each in order["documents"]]
        assert len(names) == len(set(names)), f"seed {seed}, order {number}: two documents for one passenger: {names}"
        if believed:
            assert len(names) == len(travellers()), f"seed {seed}, order {number}: issued, says the product: {names}"
        issued += len(names) == len(travellers())
    return issued


@pytest.mark.parametrize("supplier", ["amadeus", "duffel"])
def test_no_passenger_gets_two_tickets_in_a_storm(simulator: Simulator, supplier: str) -> None:
    with Desk(supplier, simulator) as desk:
        assert ride(desk, seed=7, orders=8, share=0.02) > 0, "some get through"


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("supplier", ["amadeus", "duffel"])
def test_no_passenger_gets_two_tickets_in_a_long_storm(simulator: Simulator, supplier: str, seed: int) -> None:
    with Desk(supplier, simulator) as desk:
        ride(desk, seed, orders=25, share=0.03)
