"""HTTP to a supplier: one request, sent once, and an honest word about how far it came. Redirects, retries and the
environment's proxies are off: each could send a mutating call twice, or somewhere else.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Mapping
from contextlib import closing
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import httpcore
import httpx

from qafila.air.gateways.errors import NotSent, Unanswered, Unreadable
from qafila.air.gateways.settings import Patience

_until: ContextVar[float] = ContextVar("the moment an exchange must be over, by the monotonic clock")


@dataclass(frozen=True, slots=True)
class HttpReply:
    """A whole reply: header names in lower case, the body unpacked."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)


class Transport:
    """A pool of connections to one supplier; threads may share it."""

    def __init__(self, supplier: str, patience: Patience) -> None:
        self.supplier, self.patience = supplier, patience
        self.client = httpx.Client(
            timeout=httpx.Timeout(patience.read, connect=patience.connect, pool=patience.connect),
            transport=_Punctual(),
            follow_redirects=False,
            trust_env=False,
        )

    def send(self, method: str, url: str, *, headers: Mapping[str, str], content: bytes | None = None) -> HttpReply:
        """Sends once. Raises: NotSent (nothing left this machine), Unanswered (it left; no whole reply), Unreadable (a
        reply larger than `patience.size`, or packed so that it cannot be unpacked).
        """
        try:
            request = self.client.build_request(method, url, headers=dict(headers), content=content)
        except (httpx.InvalidURL, ValueError, TypeError) as error:  # a header that is no ASCII is a ValueError
            raise self._wrong(NotSent, "The request cannot be written", error) from error
        limit = _until.set(time.monotonic() + self.patience.whole)
        try:
            with closing(self.client.send(request, stream=True)) as reply:
                return HttpReply(reply.status_code, dict(reply.headers), self._body(reply))
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol) as error:
            raise self._wrong(NotSent, "The connection could not be made", error) from error
        except httpx.DecodingError as error:
            raise self._wrong(Unreadable, "The reply cannot be unpacked", error) from error
        except httpx.HTTPError as error:
            raise self._wrong(Unanswered, "No whole reply came", error) from error
        finally:
            _until.reset(limit)

    def _body(self, reply: httpx.Response) -> bytes:
        if "," in reply.headers.get("content-encoding", ""):  # packed twice, a page would unpack to a library
            raise Unreadable(f"The reply of {self.supplier} is packed more than once.", supplier=self.supplier)
        parts, size = [], 0
        for part in reply.iter_bytes():
            parts.append(part)
            size += len(part)
            if size > self.patience.size:
                raise Unreadable(
                    f"The reply of {self.supplier} is larger than {self.patience.size} bytes.", supplier=self.supplier
                )
        return b"".join(parts)

    def _wrong(
        self, kind: type[NotSent | Unanswered | Unreadable], what: str, error: Exception
    ) -> NotSent | Unanswered | Unreadable:
        # Only the kind of error is told: the library's own words could quote what was sent.
        return kind(f"{what} ({self.supplier}: {type(error).__name__}).", supplier=self.supplier)

    def close(self) -> None:
        """Closes what is open."""
        self.client.close()


class _Punctual(httpx.HTTPTransport):
    """A read time-out alone starts anew with every byte: a reply that drips would last for ever. This one ends."""

    def __init__(self) -> None:
        super().__init__(verify=_trusted(), retries=0)
        # httpx has no public way to name the network backend of its pool; the version is pinned and a test drips.
        self._pool = httpcore.ConnectionPool(
            ssl_context=_trusted(),
            max_connections=64,
            max_keepalive_connections=16,
            keepalive_expiry=10.0,
            retries=0,
            network_backend=_Network(),
        )


@cache
def _trusted() -> ssl.SSLContext:
    """Whose certificates are believed: the same for all suppliers, and read once, since that takes 18 ms."""
    return httpx.create_ssl_context()


class _Network(httpcore.SyncBackend):
    def connect_tcp(self, *args: Any, **kwargs: Any) -> httpcore.NetworkStream:
        return _Stream(super().connect_tcp(*args, **kwargs))


class _Stream(httpcore.NetworkStream):
    """Reads and writes no longer than until the exchange must be over."""

    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, timeout))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _left(timeout: float | None, late: type[Exception]) -> float | None:
    until = _until.get(None)
    if until is None:
        return timeout
    left = until - time.monotonic()
    if left <= 0:
        raise late("the exchange takes too long")
    return left if timeout is None else min(timeout, left)
