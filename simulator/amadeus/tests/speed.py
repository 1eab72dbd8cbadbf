"""How fast the simulator reads and searches, measured against the real process.

`python -m simulator.amadeus.tests.speed [seconds]` starts one `qafila-simulator`, keeps it on one core and the client
on another where there is one, and prints what one keep-alive connection got, and what it cost the simulator in time
of its core: on a machine with other work that is the figure to go by.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit

from simulator.access import AmadeusAccess
from simulator.amadeus.tests import messages as m
from simulator.amadeus.tests.client import Client, Reply
from simulator.amadeus.tests.conftest import BACK, LINES, OUT

TRIP = [("SXR", "JED", OUT), ("JED", "SXR", BACK)]
FAMILY = m.person(1, "KHAN", "IMRAN MR", infant=("KHAN", "ZARA MISS", "10012026")) + m.person(2, "KHAN", "AISHA MRS")


def main(seconds: float) -> None:
    with tempfile.TemporaryDirectory() as home:
        process = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-m", "simulator", "--port", "0", "--data-dir", home],
            stdout=subprocess.DEVNULL,
        )
        try:
            granted = _granted(Path(home) / "access.json")
            cores = sorted(os.sched_getaffinity(0))
            os.sched_setaffinity(process.pid, cores[:1])
            os.sched_setaffinity(0, cores[-1:])
            _measure(granted, seconds, process.pid)
        finally:
            process.terminate()
            process.wait(10)


def _granted(file: Path) -> AmadeusAccess:
    for _ in range(200):
        if file.exists():
            return AmadeusAccess(**json.loads(file.read_text(encoding="utf-8"))["amadeus"])
        time.sleep(0.05)
    raise SystemExit("the simulator did not start")


def _measure(granted: AmadeusAccess, seconds: float, pid: int) -> None:
    client = Client(granted)
    found = client.stateless("Fare_MasterPricerTravelBoardSearch", m.search(TRIP, adults=2, infants=1, most=50))
    client.start("Air_SellFromRecommendation", m.sell(m.flights(found), 2))
    client.go_on("PNR_AddMultiElements", m.option(0) + FAMILY + m.data(*LINES))
    held = client.go_on("PNR_AddMultiElements", m.end(11))
    locator = held.text("pnrHeader/reservationInfo/reservation/controlNumber")
    client.sign_out()
    reading, question = m.retrieve(locator), m.search(TRIP, adults=2, children=1, infants=1, most=50)
    busy = _busy(pid)
    took = _loop(granted, "PNR_Retrieve", reading, seconds)
    busy = _told("PNR_Retrieve, stateless", took, busy, pid)
    client.start("PNR_Retrieve", reading)
    took = _loop(granted, "PNR_Retrieve", reading, seconds, client)
    busy = _told("PNR_Retrieve, in a session", took, busy, pid)
    took = _loop(granted, "Fare_MasterPricerTravelBoardSearch", question, seconds)
    _told("search, return trip of a family", took, busy, pid)


def _busy(pid: int) -> float:
    """Seconds of processor time the simulator has used."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _told(what: str, took: list[float], busy: float, pid: int) -> float:
    now = _busy(pid)
    took.sort()
    sys.stdout.write(
        f"{what}: {len(took) / sum(took):.0f}/s, median {took[len(took) // 2] * 1000:.2f} ms, "
        f"99% under {took[int(len(took) * 0.99)] * 1000:.2f} ms, {(now - busy) / len(took) * 1000:.3f} ms of its core "
        f"a request ({len(took)} requests)\n"
    )
    return now


def _loop(
    granted: AmadeusAccess,
    operation: str,
    content: str,
    seconds: float,
    client: Client | None = None,
) -> list[float]:
    """Seconds for each request, sent one after the other. The client's own work is not counted."""
    address = urlsplit(granted.endpoint)
    raw = _Raw(Client(granted))
    took: list[float] = []
    with socket.create_connection((str(address.hostname), address.port)) as line:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        begun = time.perf_counter()
        while time.perf_counter() - begun < seconds:
            wanted = raw.request(operation, content, client.session if client else None)
            sent = time.perf_counter()
            line.sendall(wanted)
            told = _received(line)
            took.append(time.perf_counter() - sent)
            if b" 200 " not in told[:20]:
                raise SystemExit(told[:2000].decode())
            if client is not None and client.session is not None:
                id, sequence, token = client.session  # noqa: A001
                client.session = id, sequence + 1, token
    return took


def _received(line: socket.socket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data:
        data += line.recv(262144)
    head, _, body = data.partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
    parts, have = [body], len(body)
    while have < length:
        parts.append(line.recv(262144))
        have += len(parts[-1])
    return head + b"".join(parts)


class _Raw(Client):
    """Writes requests without sending them."""

    def __init__(self, of: Client) -> None:
        super().__init__(of.access)
        self.written = b""

    def request(self, operation: str, content: str, session: tuple[str, int, str] | None) -> bytes:
        self.session = session
        if session:
            self.go_on(operation, content)
        else:
            self.stateless(operation, content)
        return self.written

    def post(self, envelope: str, action: str, sent_id: str = "") -> Reply:
        body = envelope.encode()
        address = urlsplit(self.access.endpoint)
        self.written = (
            f"POST {address.path} HTTP/1.1\r\nHost: {address.netloc}\r\nContent-Type: text/xml; charset=utf-8\r\n"
            f'SOAPAction: "{action}"\r\nContent-Length: {len(body)}\r\n\r\n'
        ).encode() + body
        return _NONE


_NONE = Reply(0, None, "")  # type: ignore[arg-type]
if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 3.0)
