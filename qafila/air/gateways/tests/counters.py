"""An agency's counter at Amadeus: the adapter, and a place on the line to the simulator where a test may say else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any

from qafila.air.gateways.amadeus.adapter import AmadeusSupplier
from qafila.air.gateways.calllog import Exchange
from qafila.air.gateways.outcomes import Done
from qafila.air.gateways.settings import AmadeusSettings, Patience
from qafila.air.gateways.tests.between import Between, between
from qafila.air.gateways.tests.people import travellers
from qafila.air.gateways.values import Offer, OrderSnapshot, Priced, SearchQuery, Slice
from qafila.kernel import clock
from tests.harness.supplier import Simulator

PATIENCE = Patience(connect=2, read=4, whole=6)
_days = count(60)
_keys = count(1)
_left_open = count(1)


@dataclass
class Counter:
    """`logged` is what the call log was told."""

    supplier: AmadeusSupplier
    line: Between
    simulated: Simulator
    logged: list[Exchange] = field(default_factory=list)

    def offer(self, adults: int = 2, children: int = 0, infants: int = 0) -> Offer:
        """An offer on a day that no other test sells from."""
        day = clock.today() + timedelta(days=next(_days))
        query = SearchQuery((Slice("SXR", "JED", day),), adults, children, infants, limit=3)
        return self.supplier.search(query)[0]

    def key(self) -> str:
        return f"test-{next(_keys)}"

    def held(self) -> OrderSnapshot:
        outcome = self.supplier.hold(self.offer(), travellers(), self.key())
        assert isinstance(outcome, Done), outcome
        return outcome.value

    def priced(self) -> Priced:
        outcome = self.supplier.price(self.held().ref)
        assert isinstance(outcome, Done), outcome
        return outcome.value

    def issued(self) -> OrderSnapshot:
        priced = self.priced()
        outcome = self.supplier.issue(priced.ref, priced, self.key())
        assert isinstance(outcome, Done), outcome
        return outcome.value.snapshot

    def forget(self) -> None:
        """What was asked and logged until now is of no interest."""
        self.line.asked.clear()
        self.logged.clear()

    def truth(self, locator: str) -> dict[str, Any]:
        """The order as it really is."""
        return dict(self.simulated.ask("GET", f"/truth/orders/{locator}"))


@contextmanager
def opened(simulated: Simulator) -> Iterator[Counter]:
    """A counter, until the block ends."""
    access = simulated.access["amadeus"]
    logged: list[Exchange] = []
    with between(access["endpoint"]) as line:
        settings = AmadeusSettings(
            endpoint=line.url,
            user=access["user"],
            password=access["password"],
            office=access["office"],
            world="simulated",
            agency_phone="+911942450000",
            patience=PATIENCE,
        )
        supplier = AmadeusSupplier(settings, log=logged.append)
        try:
            yield Counter(supplier, line, simulated, logged)
        finally:
            supplier.close()
            # What was answered on the line has put a conversation out of step, so that its sign-out was refused: the
            # supplier ends it after 15 idle minutes, and has only so many at once.
            if any(next(_left_open) % 10 == 0 for _ in range(line.spoken_for)):
                simulated.ask("POST", "/clock", {"advance": 16 * 60})
