"""A simulator on a socket of its own, in a thread: the parts of the real process without the process."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from simulator.access import Access, access
from simulator.amadeus import Amadeus
from simulator.amadeus.tests import messages as m
from simulator.amadeus.tests.client import Client, Reply
from simulator.amadeus.tests.paths import dishonest
from simulator.book import Book
from simulator.clock import Clock
from simulator.faults import FaultBook
from simulator.server import HttpServer
from simulator.store import Store
from simulator.world import World

MOMENT = datetime(2026, 11, 21, 4, 30, tzinfo=UTC)  # ten in the morning at the office
OUT, BACK = date(2027, 1, 18), date(2027, 2, 1)


@dataclass(slots=True)
class Stage:
    """The simulated supplier and everything a test may look at behind its back."""

    store: Store
    clock: Clock
    book: Book
    faults: FaultBook
    dialect: Amadeus
    access: Access
    clients: list[Client] = field(default_factory=list)

    def client(self) -> Client:
        made = Client(self.access.amadeus)
        self.clients.append(made)
        return made

    def fault(self, name: str, step: str, when: str = "before", **params: object) -> None:
        self.faults.add({"name": name, "step": step, "when": when, "params": params})

    def effects(self, verb: str) -> int:
        return sum(effect.verb == verb for effect in self.store.effects())


class Running:
    """The server's loop in a thread of its own."""

    def __init__(self, server: HttpServer) -> None:
        self.loop = asyncio.new_event_loop()
        self.server = server
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()

    def serve(self, dialect: Amadeus) -> None:
        asyncio.run_coroutine_threadsafe(self.server.serve(dialect), self.loop).result(10)

    def stop(self) -> None:
        asyncio.run_coroutine_threadsafe(self.server.close(), self.loop).result(10)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(10)
        self.loop.close()


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    store = Store(tmp_path / "simulator.sqlite3")
    clock = Clock(store)
    clock.set(MOMENT)
    clock.freeze()
    faults = FaultBook()
    world = World(7, clock, store.sold)
    book = Book(store, clock, world)
    server = HttpServer("127.0.0.1", 0, faults=faults, store=store)
    base = f"http://127.0.0.1:{server.bind()}"
    granted = access(tmp_path, base, base)
    dialect = Amadeus(book, world, clock, store, faults, granted)
    running = Running(server)
    running.serve(dialect)
    made = Stage(store, clock, book, faults, dialect, granted)
    try:
        yield made
    finally:
        for client in made.clients:
            if client.connection is not None:
                client.connection.close()
        running.stop()
        store.close()
    # Whatever any test was told is held to the recordings and to the schema.
    assert [wrong for client in made.clients for reply in client.replies for wrong in dishonest(reply.envelope)] == []


ADULT = m.person(1, "KHAN", "IMRAN MR", "ADT", "02031980")
LINES = (
    m.free("AP", "5", "+91 194 2000000"),
    m.ticketing("XL"),
    m.ssr("DOCS", "P/IND/Z1234567/IND/02MAR80/M/01JAN31/KHAN/IMRAN", 1),
    m.ssr("CTCE", "TRAVELLER//EXAMPLE.COM", 1),
    m.ssr("CTCM", "919400000000", 1),
    m.remark("QK/booking-0001"),
)


@dataclass(slots=True)
class Held:
    """A PNR that was committed in a conversation that goes on."""

    client: Client
    locator: str
    reply: Reply


def sold(client: Client, *, seats: int = 1, back: bool = True, infants: int = 0, children: int = 0) -> Reply:
    """Search and sell the first offer."""
    slices = [("SXR", "JED", OUT)] + ([("JED", "SXR", BACK)] if back else [])
    found = client.stateless(
        "Fare_MasterPricerTravelBoardSearch",
        m.search(slices, adults=seats - children, children=children, infants=infants),
    )
    return client.start("Air_SellFromRecommendation", m.sell(m.flights(found), seats))


def hold(
    stage: Stage, *, names: str = ADULT, seats: int = 1, children: int = 0, lines: tuple[str, ...] = LINES
) -> Held:
    """Search, sell, add, commit; the conversation stays open."""
    client = stage.client()
    sold(client, seats=seats, children=children)
    client.go_on("PNR_AddMultiElements", m.option(0) + names + m.data(*lines))
    reply = client.go_on("PNR_AddMultiElements", m.end(11))
    return Held(client, reply.text("pnrHeader/reservationInfo/reservation/controlNumber"), reply)


def price(held: Held) -> Reply:
    """Form of payment, price at the lowest, TSTs, commit."""
    held.client.go_on("FOP_CreateFormOfPayment", m.pay())
    quoted = held.client.go_on("Fare_PricePNRWithBookingClass", m.price())
    held.client.go_on("Ticket_CreateTSTFromPricing", m.store(*quoted.texts("fareList/fareReference/uniqueReference")))
    return held.client.go_on("PNR_AddMultiElements", m.end(11))


def ticket(stage: Stage, **how: object) -> tuple[Held, Reply]:
    """A PNR with documents, shown again."""
    held = hold(stage, **how)  # type: ignore[arg-type]
    price(held)
    issued = held.client.go_on("DocIssuance_IssueTicket", m.issue())
    assert issued.text("processingStatus/statusCode") == "O"
    return held, held.client.go_on("PNR_Retrieve", m.retrieve(held.locator))


def documents(reply: Reply) -> list[str]:
    """The FA lines of a record."""
    return [
        text
        for text in reply.texts("dataElementsMaster/dataElementsIndiv/otherDataFreetext/longFreetext")
        if text.count("/") >= 4 and "-" in text.partition("/")[0]
    ]


def number_of(line: str) -> str:
    """Thirteen digits of an FA line."""
    return line.partition("/")[0].partition(" ")[2].replace("-", "")
