"""`qafila-simulator`: the supplier's side of the wire as a process of its own."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import fcntl
import gc
import importlib
import logging
import os
import signal
import sqlite3
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NoReturn, Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from simulator.access import AMADEUS_PATH, Access, access, begun_with, tell
from simulator.book import Book
from simulator.clock import Clock
from simulator.control import Control
from simulator.faults import FaultBook
from simulator.http import Dialect, HttpAnswer, HttpRequest, json_answer
from simulator.server import HttpServer, Latency
from simulator.store import Store
from simulator.world import World

_DESCRIPTION = """\
Plays the suppliers of air tickets on this machine: Amadeus (SOAP) and Duffel (REST), with schedules, seats, bookings,
documents and a clock of their own. Nothing that it sells exists. Where it listens and with which credentials is
written to access.json in the data directory; the side doors (truth, clock, faults) are on the control port.
"""


class _Trouble(Exception):
    """It cannot run; the sentence says why."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise _Trouble(f"{message} (qafila-simulator --help tells the options)")


def main(argv: Sequence[str] | None = None) -> int:
    """Run until SIGTERM or SIGINT. 0 after a clean end, 2 with one sentence when it cannot run."""
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(asctime)s %(name)s %(message)s")
    os.umask(0o077)  # the store holds names and passports, be they invented
    try:
        options = _options(sys.argv[1:] if argv is None else argv)
        with _at_home(options.data_dir):
            asyncio.run(_run(options))
    except _Trouble as trouble:
        sys.stderr.write(f"qafila-simulator: {trouble}\n")
        return 2
    return 0


def _options(argv: Sequence[str]) -> argparse.Namespace:
    parser = _Parser(
        prog="qafila-simulator", description=_DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--port", type=_port, default=8890, help="of the suppliers; 0 takes any free one (8890)")
    parser.add_argument("--data-dir", type=Path, required=True, help="where its store and its credentials are kept")
    parser.add_argument("--control-port", type=_port, default=0, help="of the side doors; 0 takes any free one (0)")
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (127.0.0.1)")
    parser.add_argument("--seed", type=int, help="of schedules and fares; kept with the data (1)")
    parser.add_argument("--latency", type=_milliseconds, default=0.0, metavar="MS", help="added to every answer (0)")
    parser.add_argument("--office-zone", type=_zone, default="Asia/Kolkata", help="of the office (Asia/Kolkata)")
    return parser.parse_args(argv)


def _port(text: str) -> int:
    if not text.isdigit() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is no port from 0 to 65535")
    return int(text)


def _milliseconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 600_000:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of milliseconds from 0 to 600000")
    return value


def _zone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise argparse.ArgumentTypeError(f"{text!r} is no time zone, such as Asia/Kolkata") from None
    return text


@contextlib.contextmanager
def _at_home(home: Path) -> Iterator[None]:
    """The data directory, ours alone while it runs."""
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = (home / "lock").open("w", encoding="utf-8")
    except OSError as error:
        raise _Trouble(f"the data directory {home} cannot be used: {error.strerror}") from None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise _Trouble(f"another simulator uses the data directory {home}") from None
        yield


async def _run(options: argparse.Namespace) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    home: Path = options.data_dir
    try:
        seed = begun_with(home, options.seed)
        access(home, "", "")
    except (OSError, ValueError, TypeError, KeyError):
        raise _Trouble(f"the seed or the credentials in {home} cannot be read") from None
    if options.seed not in (None, seed):
        raise _Trouble(f"{home} was begun with seed {seed}: its bookings are on that seed's flights")
    try:
        store = Store(home / "simulator.sqlite3")
    except sqlite3.Error as error:
        raise _Trouble(f"the store in {home} cannot be read: {error}") from None
    with contextlib.closing(store):
        clock, faults = Clock(store), FaultBook()
        world = World(seed, clock, store.sold)
        book = Book(store, clock, world, options.office_zone)
        latency = Latency(options.latency)
        suppliers = HttpServer(options.host, options.port, faults=faults, store=store, latency=latency)
        doors = HttpServer(options.host, options.control_port)
        base = _bound(suppliers, options.host, options.port)
        control = _bound(doors, options.host, options.control_port)
        told = access(home, base, control)
        front = Front(book, faults, told)
        faults.steps = front.steps
        await suppliers.serve(front)
        await doors.serve(
            Control(
                book,
                faults,
                latency,
                webhooks=front.webhooks,
                go_away=suppliers.go_away,
                come_back=suppliers.come_back,
                changed=front.changed,
            )
        )
        tell(home, told)
        gc.collect()
        gc.freeze()  # airports and schedules stay: no later collection need look at them
        # A whole collection looks at every search that is kept: 30 ms, which each thirteenth search would wait for.
        gc.set_threshold(700, 10, 1000)
        print(f"The suppliers are open at {base}, the side doors at {control}; see {home / 'access.json'}.", flush=True)
        await stop.wait()
        (home / "access.json").unlink(missing_ok=True)
        await suppliers.close()
        await doors.close()
        front.close()


def _bound(server: HttpServer, host: str, port: int) -> str:
    try:
        taken = server.bind()
    except OSError as error:
        raise _Trouble(f"port {port} of {host} cannot be listened on: {error.strerror}") from None
    return f"http://[{host}]:{taken}" if ":" in host else f"http://{host}:{taken}"


class Supplier(Dialect, Protocol):
    """A dialect that knows all its steps: what its `step` can answer."""

    @property
    def steps(self) -> frozenset[str]: ...


class Front:
    """Both suppliers behind one port: Amadeus at its access point, Duffel under /air/."""

    def __init__(self, book: Book, faults: FaultBook, told: Access) -> None:
        self._book = book
        given = (book, book.world, book.clock, book.store, faults, told)
        self._amadeus = _dialect("simulator.amadeus", "Amadeus", given)
        self._duffel = _dialect("simulator.duffel", "Duffel", given)
        self.webhooks = getattr(self._duffel, "webhooks", None)

    @property
    def steps(self) -> frozenset[str]:
        return frozenset({"none"}).union(*(each.steps for each in (self._amadeus, self._duffel) if each is not None))

    def step(self, request: HttpRequest) -> str:
        asked = self._asked(request)
        return asked.step(request) if asked is not None else "none"

    def handle(self, request: HttpRequest) -> HttpAnswer:
        asked = self._asked(request)
        if asked is None:
            return json_answer(404, {"error": f"no supplier is here: Amadeus is at {AMADEUS_PATH}, Duffel under /air/"})
        return asked.handle(request)

    def changed(self) -> None:
        """The side doors changed something: what lapsed by the clock lapses, and events are told."""
        self._book.settle()
        events = getattr(self._duffel, "events", None)
        if events is not None:
            events.tell()

    def close(self) -> None:
        if self.webhooks is not None:
            self.webhooks.close()

    def _asked(self, request: HttpRequest) -> Supplier | None:
        if request.path == AMADEUS_PATH:
            return self._amadeus
        return self._duffel if request.path.startswith("/air/") else None


def _dialect(module: str, name: str, given: tuple[Any, ...]) -> Supplier | None:
    """None, and a word in the log, where a dialect is not installed."""
    try:
        made: Supplier = getattr(importlib.import_module(module), name)(*given)
    except ModuleNotFoundError as missing:
        if missing.name is None or not missing.name.startswith("simulator."):
            raise
        logging.getLogger("simulator").warning("%s is not here: %s is missing", name, missing.name)
        return None
    return made
