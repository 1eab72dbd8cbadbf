"""Searches and whole orders through the product's adapters, and whose processor time they are."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import TypeVar

from benchmarks.shares import Functions, Shares, watched
from benchmarks.table import Row
from qafila.air.gateways.amadeus import envelope
from qafila.air.gateways.amadeus.replies import edoc, fop, issue, pnr, price, search, sell, tst
from qafila.air.gateways.calllog import FileLog
from qafila.air.gateways.duffel import offers, orders, wire
from qafila.air.gateways.masking import masked
from qafila.air.gateways.outcomes import Done, Outcome
from qafila.air.gateways.protocol import Supplier
from qafila.air.gateways.registry import supplier
from qafila.air.gateways.tests.people import family, travellers
from qafila.air.gateways.transport import Transport
from qafila.air.gateways.values import Offer, OrderSnapshot, SearchQuery, Slice
from qafila.kernel import clock
from tests.harness.supplier import Simulator

SUPPLIERS = {"amadeus": "Amadeus", "duffel": "Duffel"}
THREADS = 8
SHARES: Functions = {
    "client": (Transport.send,),
    "masking": (masked,),
    "log": (FileLog.__call__,),
    "reading": (
        envelope.read, edoc.edoc_reply, fop.fop_reply, issue.issue_reply, pnr.pnr_reply, price.price_reply,
        search.search_reply, sell.sell_reply, tst.tst_reply, wire.parse, offers.offers, orders.order,
    ),
}  # fmt: skip
ROUTES = tuple((origin, there) for there in ("JED", "MED") for origin in ("SXR", "DEL", "BOM", "HYD", "LKO"))
T = TypeVar("T")


@dataclass
class Desk:
    """The simulated suppliers behind the product's adapters, with the log of a house. No two orders are for the same
    flights.
    """

    simulator: Simulator
    suppliers: dict[str, Supplier] = field(init=False)
    keys: Iterator[int] = field(default_factory=count)

    def __post_init__(self) -> None:
        log = FileLog(self.simulator.data_dir / "air" / "calls")
        data_dir = self.simulator.data_dir
        self.suppliers = {code: supplier(code, data_dir, demo=True, log=log) for code in SUPPLIERS}
        today = clock.today()
        # Connections of two routes may share a flight: a route for every day first, then the next one.
        self.journeys = (Slice(*route, today + timedelta(days=day)) for route in ROUTES for day in range(30, 330))

    def offer(self, code: str, adults: int = 2, children: int = 0, infants: int = 0) -> Offer:
        """One that can be held, on flights that nobody has asked for."""
        for journey in self.journeys:
            query = SearchQuery((journey,), adults, children, infants, limit=20)
            if found := [offer for offer in self.suppliers[code].search(query) if offer.can_hold]:
                return found[0]
        raise RuntimeError("All flights of the year are sold.")

    def held(self, code: str) -> OrderSnapshot:
        """A family's order that is not paid."""
        made = self.suppliers[code].hold(self.offer(code, 2, 1, 1), family(), self.key())
        return done(made)

    def order(self, offer: Offer) -> None:
        """Hold, price, issue: a couple's whole order."""
        at, key = self.suppliers[offer.supplier], self.key()
        held = done(at.hold(offer, travellers(), key))
        priced = done(at.price(held.ref))
        done(at.issue(held.ref, priced, key))

    def key(self) -> str:
        return f"bench-{next(self.keys)}"

    def close(self) -> None:
        for each in self.suppliers.values():
            each.close()


def done(outcome: Outcome[T]) -> T:
    """What was done. Raises: RuntimeError, when it was not."""
    if isinstance(outcome, Done):
        return outcome.value
    raise RuntimeError(f"An order was not done: {outcome}")


def rows(desk: Desk, searches: int, whole: int) -> Iterator[Row]:
    """A search and whole orders with one thread and with eight at either supplier, and what masking costs."""
    for code, name in SUPPLIERS.items():
        yield _searches(desk, code, name, searches)
        for _ in range(3):
            desk.order(desk.offer(code))
        row, one = _orders(desk, code, name, whole, 1)
        yield row
        yield _orders(desk, code, name, whole, THREADS)[0]
        yield _masking(one, name)


def _searches(desk: Desk, code: str, name: str, times: int) -> Row:
    day = clock.today() + timedelta(days=30)
    queries = [
        SearchQuery((Slice("SXR", "JED", on), Slice("JED", "SXR", on + timedelta(days=14))), 2, 1, 1, limit=50)
        for on in (day + timedelta(days=n % 250) for n in range(times + 3))
    ]
    for query in queries[:3]:
        desk.suppliers[code].search(query)
    took = []
    with watched(SHARES, desk.simulator.process.pid) as shares:
        for query in queries[3:]:
            begun = time.perf_counter()
            desk.suppliers[code].search(query)
            took.append(time.perf_counter() - begun)
    took.sort()
    waited = 1000 * (shares.wall["client"] - shares.cpu["client"]) / times
    return Row(
        f"{name} search, a family there and back",
        f"p50 {1000 * took[times // 2]:.0f} ms, p99 {1000 * took[int(times * 0.99)]:.0f} ms,"
        f" {waited:.0f} ms of it the simulator's",
        note=_cost(shares, times),
    )


def _orders(desk: Desk, code: str, name: str, times: int, threads: int) -> tuple[Row, Shares]:
    chosen = [desk.offer(code) for _ in range(times)]
    with (
        ThreadPoolExecutor(threads) as people,
        watched(SHARES, desk.simulator.process.pid) as shares,
    ):
        begun = time.perf_counter()
        for _ in people.map(desk.order, chosen):
            pass
        seconds = time.perf_counter() - begun
    ours = shares.process / (shares.process + shares.other)
    row = Row(
        f"{name} order held, priced and issued, {threads} thread{'s' if threads > 1 else ''}",
        f"{times / seconds:.1f}/s, {ours:.0%} of the processor time ours",
        note=f"{shares.calls['client'] / times:.0f} exchanges; {_cost(shares, times)}",
    )
    return row, shares


def _masking(shares: Shares, name: str) -> Row:
    exchanges = shares.calls["client"]
    return Row(
        f"masking one exchange, {name} order",
        f"{1e6 * shares.cpu['masking'] / exchanges:.0f} µs",
        note=f"the whole log of it {1e6 * (shares.cpu['masking'] + shares.cpu['log']) / exchanges:.0f} µs",
    )


def _cost(shares: Shares, times: int) -> str:
    def each(seconds: float) -> str:
        return f"{1000 * seconds / times:.1f}"

    named = ", ".join(f"{name} {each(seconds)}" for name, seconds in shares.cpu.items())
    return (
        f"processor time each: ours {each(shares.process)} ms ({named}, the rest {each(shares.rest())}),"
        f" the simulator's {each(shares.other)} ms"
    )
