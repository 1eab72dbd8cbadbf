"""A server of the simulator on a free port, in a thread of its own, with a supplier that only counts."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from simulator.faults import FaultBook
from simulator.http import Dialect, HttpAnswer, HttpRequest
from simulator.server import HttpServer, Latency
from simulator.store import Store

ISSUED = b"<e:Envelope xmlns:e='x'><wsa:RelatesTo xmlns:wsa='y'>mine</wsa:RelatesTo><ok>OK ETICKET</ok></e:Envelope>"
PAID = b'{"data": {"id": "ord_1", "booking_reference": "ABCDEF", "documents": [{"unique_identifier": "0651"}]}}'


class Counting:
    """Every request under /1A or /air/ takes effect once: one row of the store, whose number nobody else has."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.seen: list[HttpRequest] = []

    def step(self, request: HttpRequest) -> str:
        return "duffel.pay" if request.path.startswith("/air/") else "amadeus.issue"

    def handle(self, request: HttpRequest) -> HttpAnswer:
        self.seen.append(request)
        if request.path == "/broken":
            raise RuntimeError("SPECIMEN/ASIF")
        with self.store.transaction():
            self.store.put("effect", str(self.store.count("effect")), {})
        if request.path.startswith("/air/"):
            return HttpAnswer(200, {"content-type": "application/json"}, PAID)
        return HttpAnswer(200, {"content-type": "text/xml"}, ISSUED)


class Served:
    """`port` is where it listens; `faults`, `latency` and `store` are the server's own."""

    def __init__(self) -> None:
        self.store = Store(":memory:")
        self.faults = FaultBook()
        self.latency = Latency()
        self.supplier = Counting(self.store)
        self.server = HttpServer("127.0.0.1", 0, faults=self.faults, store=self.store, latency=self.latency)
        self.port = self.server.bind()
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run)

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def effects(self) -> int:
        """How many requests took effect. Waits for what the server is doing."""
        return self.ask(lambda: len(self.store.items("effect")))

    def ask(self, question: Callable[[], Any]) -> Any:
        """The answer, worked out in the server's thread."""

        async def asked() -> Any:
            return question()

        return asyncio.run_coroutine_threadsafe(asked(), self.loop).result(10)

    def start(self, dialect: Dialect | None = None) -> None:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self.server.serve(dialect or self.supplier), self.loop).result(10)

    def stop(self) -> None:
        asyncio.run_coroutine_threadsafe(self.server.close(), self.loop).result(10)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(10)
        self.loop.close()
        self.store.close()

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        self.loop.run_forever()


@contextmanager
def served() -> Iterator[Served]:
    made = Served()
    made.start()
    try:
        yield made
    finally:
        made.stop()


@contextmanager
def connected(port: int) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as made:
        yield made


def exchanged(port: int, sent: bytes) -> bytes:
    """Everything that comes back until the server ends the connection."""
    with connected(port) as client:
        client.sendall(sent)
        return everything(client)


def everything(client: socket.socket) -> bytes:
    got = b""
    while part := client.recv(65536):
        got += part
    return got
