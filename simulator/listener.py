"""The listening socket: bound once, closed and opened again on purpose, or full so that connects hang."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Callable

_BACKLOG = 512
_FILLERS = 4
_AGAIN = 0.05  # seconds between attempts to take the port back


class Listener:
    """One TCP port. `port` 0 takes any free one, once; it is the same one whenever it is opened again."""

    def __init__(self, host: str, port: int) -> None:
        self._host = host
        self._port = port
        self._bound: socket.socket | None = None
        self._server: asyncio.Server | None = None
        self._make: Callable[[], asyncio.BaseProtocol] | None = None
        self._stuffed: list[socket.socket] = []
        self._return: asyncio.TimerHandle | None = None
        self._opening: asyncio.Task[None] | None = None

    def bind(self) -> int:
        """Take the port and say which. Raises: OSError when it is taken or the host is not ours."""
        self._bound = self._socket(_BACKLOG)
        self._port = self._bound.getsockname()[1]
        return self._port

    async def open(self, make: Callable[[], asyncio.BaseProtocol]) -> None:
        """Accept connections, each with a protocol of its own."""
        self._make = make
        await self._open()

    def close(self) -> None:
        if self._return is not None:
            self._return.cancel()
            self._return = None
        if self._opening is not None:
            self._opening.cancel()
            self._opening = None
        self._unstuff()
        if self._server is not None:
            self._server.close()
            self._server = None
        if self._bound is not None:
            self._bound.close()
            self._bound = None

    def go_away(self, seconds: float, *, silently: bool) -> None:
        """Accept nothing for so long. Connects are refused; with `silently` the queue of connects is full, and they
        hang, as when packets are dropped on the way."""
        self.close()
        if silently:
            # Nobody accepts, and a backlog of 0 holds one connect: once it is taken, further ones go unanswered.
            with contextlib.suppress(OSError):
                self._stuffed.append(self._socket(0))
                for _ in range(_FILLERS):
                    filler = socket.socket(self._family(), socket.SOCK_STREAM)
                    filler.setblocking(False)
                    filler.connect_ex((self._host, self._port))
                    self._stuffed.append(filler)
        self._return = asyncio.get_running_loop().call_later(seconds, self._come_back)

    def come_back(self) -> None:
        """Listen again now, if it went away for longer."""
        if self._return is not None:
            self._return.cancel()
            self._come_back()

    def _come_back(self) -> None:
        self._return = None
        self._unstuff()
        self._opening = asyncio.get_running_loop().create_task(self._open())

    async def _open(self) -> None:
        assert self._make is not None  # `open` came first
        while self._bound is None:
            try:
                self._bound = self._socket(_BACKLOG)
            except OSError:
                await asyncio.sleep(_AGAIN)
        self._server = await asyncio.get_running_loop().create_server(self._make, sock=self._bound, backlog=_BACKLOG)

    def _unstuff(self) -> None:
        for each in self._stuffed:
            # Reset, not closed in order: no connection of ours must linger on the port.
            each.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
            each.close()
        self._stuffed.clear()

    def _family(self) -> socket.AddressFamily:
        return socket.AF_INET6 if ":" in self._host else socket.AF_INET

    def _socket(self, backlog: int) -> socket.socket:
        made = socket.socket(self._family(), socket.SOCK_STREAM)
        try:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            made.setblocking(False)
            made.bind((self._host, self._port))
            made.listen(backlog)
        except BaseException:
            made.close()
            raise
        return made
