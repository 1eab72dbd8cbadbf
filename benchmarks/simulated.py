"""How fast the suppliers' simulator is by itself: what it does not need, a benchmark of the product may spend."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

from lxml import etree

from benchmarks.load import Heard, play
from benchmarks.shares import spent
from benchmarks.table import Row
from qafila.kernel import clock
from simulator.access import AmadeusAccess
from simulator.amadeus.tests import messages as m
from simulator.amadeus.tests.client import Client, Reply
from tests.harness.supplier import Simulator

READ, SEARCH = "PNR_Retrieve", "Fare_MasterPricerTravelBoardSearch"
WARM = 20
Trip = tuple[tuple[str, str, date], tuple[str, str, date]]


def rows(simulator: Simulator, locator: str, order: str, reads: int, searches: int) -> list[Row]:
    """Reads of a PNR and of a Duffel order, and searches of a return trip for a family, every one on another day. One
    client with one connection, kept alive: the next request goes out when the one before is answered.
    """
    amadeus = Written(AmadeusAccess(**simulator.access["amadeus"]))
    duffel = simulator.access["duffel"]
    reading, count = m.retrieve(locator), reads + WARM
    days = [clock.today() + timedelta(days=40 + n % 250) for n in range(searches + WARM)]
    trips: list[Trip] = [(("SXR", "JED", day), ("JED", "SXR", day + timedelta(days=14))) for day in days]
    alone = [amadeus.alone(READ, reading) for _ in range(count)]
    asked = [amadeus.alone(SEARCH, m.search(trip, adults=2, children=1, infants=1, most=50)) for trip in trips]
    at_duffel = [_json(duffel, "POST", "/air/offer_requests?return_offers=true", _family(trip)) for trip in trips]
    return [
        _reads(simulator, "simulator: PNR reads, stateless", alone),
        _reads(simulator, "simulator: PNR reads, in a session", amadeus.in_a_session(READ, reading, count)),
        _reads(simulator, "simulator: Duffel order reads", [_json(duffel, "GET", f"/air/orders/{order}")] * count),
        _searches(simulator, "simulator: Amadeus search, a family there and back", asked),
        _searches(simulator, "simulator: Duffel search, the same", at_duffel),
    ]


def _reads(simulator: Simulator, work: str, requests: list[bytes]) -> Row:
    heard, core = _played(simulator, requests)
    return Row(
        work,
        f"{heard.rate:.0f}/s, p50 {heard.p50:.2f} ms",
        target=">= 1000/s",
        met=heard.rate >= 1000,
        note=f"p99 {heard.p99:.1f} ms; {core:.2f} ms of its core each; the client took {heard.cpu:.0%} of a core",
    )


def _searches(simulator: Simulator, work: str, requests: list[bytes]) -> Row:
    heard, core = _played(simulator, requests)
    return Row(
        work,
        f"p50 {heard.p50:.1f} ms, p99 {heard.p99:.1f} ms",
        target="< 50 ms",
        met=heard.p50 < 50 and heard.p99 < 50,
        note=f"{core:.1f} ms of its core each; {heard.ok} searches at {heard.rate:.0f}/s",
    )


def _played(simulator: Simulator, requests: list[bytes]) -> tuple[Heard, float]:
    """What the client heard, and milliseconds of the simulator's core a request."""
    port = int(urlsplit(simulator.access["duffel"]["base"]).port or 0)
    before = spent(simulator.process.pid)
    heard = play(port, requests, connections=1, warm=WARM)
    if heard.codes or not heard.ok:
        raise RuntimeError(f"The simulator refused: {heard.statuses} {heard.codes}")
    return heard, 1000 * (spent(simulator.process.pid) - before) / (heard.ok + WARM)


class Written(Client):
    """Amadeus' requests as they go over the wire, written before the clock starts."""

    writing = False
    written = b""

    def alone(self, operation: str, content: str) -> bytes:
        """One outside every conversation; its nonce is its own."""
        self.writing = True
        self.stateless(operation, content)
        return self.written

    def in_a_session(self, operation: str, content: str, count: int) -> list[bytes]:
        """That many of a conversation that this opens, in its sequence."""
        self.writing = False
        self.start(operation, content)
        assert self.session is not None
        (session, sequence, token), found, self.writing = self.session, [], True
        for number in range(count):
            self.session = session, sequence + number, token
            self.go_on(operation, content)
            found.append(self.written)
        return found

    def post(self, envelope: str, action: str, sent_id: str = "") -> Reply:
        if not self.writing:
            return super().post(envelope, action, sent_id)
        body, address = envelope.encode(), urlsplit(self.access.endpoint)
        head = (
            f"POST {address.path} HTTP/1.1\r\nHost: {address.netloc}\r\nContent-Type: text/xml; charset=utf-8\r\n"
            f'SOAPAction: "{action}"\r\nContent-Length: {len(body)}\r\n\r\n'
        )
        self.written = head.encode() + body
        return Reply(0, etree.Element("nothing"), sent_id)


def _json(access: dict[str, str], method: str, path: str, data: Any = None) -> bytes:
    body = b"" if data is None else json.dumps({"data": data}).encode()
    head = [
        f"{method} {path} HTTP/1.1",
        f"Host: {urlsplit(access['base']).netloc}",
        f"Authorization: Bearer {access['token']}",
        "Duffel-Version: v2",
        "Accept: application/json",
    ]
    head += ["Content-Type: application/json", f"Content-Length: {len(body)}"] if body else []
    return "\r\n".join([*head, "", ""]).encode() + body


def _family(trip: Trip) -> dict[str, Any]:
    kinds = ("adult", "adult", "child", "infant_without_seat")
    slices = [{"origin": origin, "destination": there, "departure_date": f"{day}"} for origin, there, day in trip]
    return {"slices": slices, "passengers": [{"type": kind} for kind in kinds]}
