"""HTTP over sockets that are ours alone: asyncio and httptools, so that every way a network fails can be shown.

Requests of one connection are answered in their order; a handler runs at once and to its end, and its answer is held
back for the latency. With faults, `transport.py` decides what becomes of the request and of the answer.
"""

from __future__ import annotations

import asyncio
import logging
import resource
import socket
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus

from simulator.faults import FaultBook
from simulator.http import Dialect, HttpAnswer, HttpRequest, json_answer
from simulator.listener import Listener
from simulator.reading import Refused, RequestReader
from simulator.store import Store
from simulator.transport import Delivery, Faulty

__all__ = ["Dialect", "HttpAnswer", "HttpRequest", "HttpServer", "Latency"]

_WAITING = 32  # requests of one connection not answered yet; reading stops beyond
_IDLE = 120.0  # seconds without a byte after which a connection is closed
_CONNECTIONS, _SPARE = 4096, 64  # at most; of the files a process may open, for everything else
_LINGER = 1.0  # seconds
_log = logging.getLogger("simulator.server")


@dataclass(slots=True)
class Latency:
    """How long an answer is held back, in milliseconds: for all steps, and for some of them instead."""

    ms: float = 0.0
    steps: dict[str, float] = field(default_factory=dict)

    def seconds(self, step: str) -> float:
        return self.steps.get(step, self.ms) / 1000


class HttpServer:
    """One port and its handler. With `faults` and `store` it is a supplier, without them a side door."""

    def __init__(
        self,
        host: str,
        port: int,
        *,
        faults: FaultBook | None = None,
        store: Store | None = None,
        latency: Latency | None = None,
    ) -> None:
        self._listener = Listener(host, port)
        self._latency = latency or Latency()
        self._faults = faults
        self._store = store
        self._dialect: Dialect | None = None
        self._faulty: Faulty | None = None
        self._sweeper: asyncio.TimerHandle | None = None
        self.connections: set[Connection] = set()

    def bind(self) -> int:
        """Take the port (0: any free one) and say which. Raises: OSError when it is taken."""
        return self._listener.bind()

    async def serve(self, dialect: Dialect) -> None:
        """Answer with this handler from now on. Called after `bind`, in the loop that answers."""
        self._dialect = dialect
        if self._faults is not None and self._store is not None:
            self._faulty = Faulty(dialect, self._faults, self._store)
        await self._listener.open(lambda: Connection(self))
        self._sweeper = asyncio.get_running_loop().call_later(_IDLE / 4, self._sweep)

    async def close(self) -> None:
        """Stop listening and close what is open."""
        if self._sweeper is not None:
            self._sweeper.cancel()
        self._listener.close()
        for connection in list(self.connections):
            connection.close()
        await asyncio.sleep(0)

    def go_away(self, seconds: float, silently: bool) -> None:
        """Stop listening for a while: connects are refused, or with `silently` not answered. Idle connections end."""
        self._listener.go_away(seconds, silently=silently)
        for connection in list(self.connections):
            if connection.idle:
                connection.abort()

    def come_back(self) -> None:
        """Listen again now, if it went away for longer."""
        self._listener.come_back()

    def answer(self, request: HttpRequest) -> Delivery:
        """What to send for a request and how. Runs the handler; never raises."""
        assert self._dialect is not None  # `serve` came first
        step = ""
        try:
            step = self._dialect.step(request)
            if self._faulty is None:
                delivery = Delivery(self._dialect.handle(request))
            else:
                delivery = self._faulty.deliver(request, step)
        except Exception as error:
            # The message may hold what a client sent, so only where it happened is told.
            trace = error.__traceback__
            while trace is not None and trace.tb_next is not None:
                trace = trace.tb_next
            where = f"{trace.tb_frame.f_code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}" if trace else "?"
            _log.error("step %s: %s at %s", step or "?", type(error).__name__, where)
            delivery = Delivery(json_answer(500, {"error": "the simulator failed; its log says where"}))
        delivery.wait += self._latency.seconds(step)
        return delivery

    def full(self) -> bool:
        """A further connection would take a file that is needed elsewhere: it is ended at once."""
        files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        most = _CONNECTIONS if files == resource.RLIM_INFINITY else min(_CONNECTIONS, max(1, files - _SPARE))
        return len(self.connections) >= most

    def _sweep(self) -> None:
        loop = asyncio.get_running_loop()
        for connection in list(self.connections):
            if loop.time() - connection.touched > _IDLE:
                if connection.unread:
                    connection.abort()  # to end it in order would wait for a client that does not read
                elif connection.idle:
                    connection.close()
        self._sweeper = loop.call_later(_IDLE / 4, self._sweep)


class Connection(asyncio.Protocol):
    """One client's connection: reads requests, answers them one after the other."""

    def __init__(self, server: HttpServer) -> None:
        self._server = server
        self._loop = asyncio.get_running_loop()
        self._queue: deque[HttpRequest | Refused] = deque()
        self._reader = RequestReader(self._queue.append, self._continue)
        self._transport: asyncio.Transport | None = None
        self._busy = False  # an answer is on its way or held back
        self._ending = False  # nothing more is read
        self._choked = False  # the client does not take what was written
        self._timers: list[asyncio.TimerHandle] = []
        self.touched = self._loop.time()

    @property
    def idle(self) -> bool:
        return not self._busy and not self._queue

    @property
    def unread(self) -> bool:
        """Something was written that the client does not take."""
        return self._transport is not None and self._transport.get_write_buffer_size() > 0

    # -- what asyncio tells ---------------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        made: socket.socket = transport.get_extra_info("socket")
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self._server.full():
            transport.abort()
            return
        self._server.connections.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._server.connections.discard(self)
        for timer in self._timers:
            timer.cancel()
        self._queue.clear()
        self._transport = None

    def data_received(self, data: bytes) -> None:
        self.touched = self._loop.time()
        if self._ending:
            return
        self._reader.feed(data)
        self._ending = self._reader.refused
        if len(self._queue) > _WAITING and self._transport is not None:
            self._transport.pause_reading()
        self._next()

    def pause_writing(self) -> None:
        self._choked = True

    def resume_writing(self) -> None:
        self._choked = False
        self.touched = self._loop.time()
        self._next()

    # -- answering ------------------------------------------------------------------------------------------------

    def _next(self) -> None:
        """Answer one request: whoever sent many takes turns with the other connections."""
        if not self._queue or self._busy or self._choked or self._transport is None:
            return
        if not self._transport.is_reading() and not self._ending and len(self._queue) <= _WAITING:
            self._transport.resume_reading()
        request = self._queue.popleft()
        self._busy = True
        if isinstance(request, Refused):
            self._refuse(request)
            return
        delivery = self._server.answer(request)
        if delivery.gone is not None:
            self._server.go_away(delivery.gone, delivery.silently)
        if delivery.wait > 0:
            self._later(delivery.wait, lambda: self._send(delivery, request))
        else:
            self._send(delivery, request)

    def _refuse(self, refused: Refused) -> None:
        if self._transport is not None:
            answer = json_answer(refused.status, {"error": refused.reason})
            self._transport.write(_head(answer, keep=False) + answer.body)
            # What the client still sends is read and thrown away for a moment: closing upon it would reset the
            # connection, and the client would never read why.
            self._transport.write_eof()
            self._later(_LINGER, self.close)

    def _send(self, delivery: Delivery, request: HttpRequest) -> None:
        if self._transport is None:
            return
        if delivery.abort:
            self.abort()
            return
        if delivery.answer is None:
            self.close()
            return
        keep = delivery.keep and _keeps(request)
        sent = _head(delivery.answer, keep) + (b"" if request.method == "HEAD" else delivery.answer.body)
        if delivery.cut:
            self._transport.write(sent[: len(sent) - (len(delivery.answer.body) + 1) // 2])
            self.close()
        elif delivery.byte_seconds:
            head = len(sent) - len(delivery.answer.body)
            self._transport.write(sent[:head])
            self._drip(sent[head:], 0, delivery.byte_seconds, keep)
        else:
            self._transport.write(sent)
            self._done(keep)

    def _drip(self, body: bytes, at: int, seconds: float, keep: bool) -> None:
        if self._transport is None:
            return
        if at == len(body):
            self._done(keep)
            return
        self._transport.write(body[at : at + 1])
        self._later(seconds, lambda: self._drip(body, at + 1, seconds, keep))

    def _done(self, keep: bool) -> None:
        self._busy = False
        if not keep:
            self.close()
        elif self._queue:
            self._loop.call_soon(self._next)

    def _continue(self) -> None:
        if self._transport is not None:
            self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def _later(self, seconds: float, call: Callable[[], None]) -> None:
        self._timers = [timer for timer in self._timers if timer.when() > self._loop.time() and not timer.cancelled()]
        self._timers.append(self._loop.call_later(seconds, call))

    # -- ending ---------------------------------------------------------------------------------------------------

    def close(self) -> None:
        """End it after what was written."""
        self._ending = True
        if self._transport is not None:
            self._transport.close()

    def abort(self) -> None:
        """End it with a reset: the other side sees neither an answer nor an orderly end."""
        self._ending = True
        if self._transport is not None:
            made: socket.socket = self._transport.get_extra_info("socket")
            made.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
            self._transport.abort()


def _keeps(request: HttpRequest) -> bool:
    return "close" not in request.headers.get("connection", "").lower()


def _head(answer: HttpAnswer, keep: bool) -> bytes:
    try:
        reason = HTTPStatus(answer.status).phrase
    except ValueError:
        reason = "Unknown"
    lines = [f"HTTP/1.1 {answer.status} {reason}"]
    lines += [f"{name}: {value}" for name, value in answer.headers.items()]
    moment = datetime.now(UTC).strftime("%a, %d %b %Y %H:%M:%S GMT")
    lines.append(f"content-length: {len(answer.body)}\r\ndate: {moment}\r\nserver: qafila-simulator")
    lines.append("connection: keep-alive\r\n\r\n" if keep else "connection: close\r\n\r\n")
    return "\r\n".join(lines).encode("latin-1", "replace")
