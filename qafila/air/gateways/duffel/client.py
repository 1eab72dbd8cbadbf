"""One request to Duffel, sent once: headers, the `{"data": …}` around every body, pages, and named errors."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

from qafila.air.gateways.calllog import CallLog, Recorder
from qafila.air.gateways.duffel.problems import error_of, problems
from qafila.air.gateways.duffel.wire import Part, parse, part, text
from qafila.air.gateways.errors import SupplierError, Unreadable
from qafila.air.gateways.settings import DuffelSettings
from qafila.air.gateways.transport import HttpReply, Transport
from qafila.kernel import clock

ACCEPTED = 202  # understood, and not yet done
MOST_OF_A_PAGE = 200


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply that is no error. `data` is what stands under `data`: an object, a list, or None (always with a 202)."""

    status: int
    data: Any = field(repr=False)
    meta: Part = field(default_factory=dict)
    request_id: str = ""

    @property
    def done(self) -> bool:
        """It says that it is finished."""
        return self.status != ACCEPTED


class DuffelClient:
    """A Duffel organisation's connections; threads may share it. Nothing is ever sent twice."""

    def __init__(self, settings: DuffelSettings, log: CallLog) -> None:
        self.settings = settings
        self.transport = Transport(settings.code, settings.patience)
        self.recorder = Recorder(log, settings.code)

    def get(self, path: str, query: Iterable[tuple[str, str]] = (), *, key: str = "") -> Reply:
        """Reads. `query` in its order. Raises: SupplierError."""
        return self._ask("GET", path, query, None, key, ())

    def post(
        self, path: str, data: Any, *, query: Iterable[tuple[str, str]] = (), key: str = "", secrets: Iterable[str] = ()
    ) -> Reply:
        """Sends `{"data": data}`; None sends no body. `secrets` must not be kept. Raises: SupplierError."""
        return self._ask("POST", path, query, data, key, secrets)

    def pages(self, path: str, query: Mapping[str, str], *, size: int, most: int, key: str = "") -> Iterator[Page]:
        """Pages of a list in the supplier's order, at most so many, each when it is wanted. Raises: SupplierError."""
        after = ""
        for _ in range(most):
            asked = [*query.items(), ("limit", str(min(size, MOST_OF_A_PAGE)))]
            reply = self.get(path, [*asked, ("after", after)] if after else asked, key=key)
            if not isinstance(reply.data, list):
                raise self._unreadable("no list where one was asked for")
            after = text(reply.meta, "after")
            yield Page(tuple(each for each in reply.data if isinstance(each, dict)), last=not after)
            if not after:
                return

    def close(self) -> None:
        """Gives the connections back."""
        self.transport.close()

    def _ask(
        self, method: str, path: str, query: Iterable[tuple[str, str]], data: Any, key: str, secrets: Iterable[str]
    ) -> Reply:
        body = b"" if data is None else json.dumps({"data": data}, ensure_ascii=False).encode()
        asked = urlencode(list(query))
        target = f"{path}?{asked}" if asked else path
        started = clock.now()
        reply: HttpReply | None = None
        wrong = ""
        try:
            reply = self.transport.send(
                method, self.settings.base.rstrip("/") + target, headers=self._headers(data), content=body or None
            )
            return self._read(reply)
        except SupplierError as error:
            wrong = f"{type(error).__name__}: {error}"
            raise
        finally:
            self.recorder.record(
                f"{method} {path}",
                "" if reply is None else reply.headers.get("x-request-id", ""),
                body,
                None if reply is None else reply.body,
                started=started,
                status=None if reply is None else reply.status,
                error=wrong,
                key=key,
                secrets=(self.settings.token, self.settings.webhook_secret, *secrets),
            )

    def _headers(self, data: Any) -> dict[str, str]:
        headers = {
            "Authorization": f"Bearer {self.settings.token}",
            "Duffel-Version": self.settings.version,
            "Accept": "application/json",
            "Accept-Encoding": "gzip",
            "User-Agent": "Qafila",
        }
        if data is not None:
            headers["Content-Type"] = "application/json"
        return headers

    def _read(self, reply: HttpReply) -> Reply:
        if reply.status == ACCEPTED:  # whatever its body holds, nothing is finished
            return Reply(reply.status, None, request_id=reply.headers.get("x-request-id", ""))
        ok = 200 <= reply.status < 300
        try:
            whole = parse(reply.body)
        except Unreadable as error:
            raise self._unreadable(f"{reply.status}: {error.detail}") from error
        if not isinstance(whole, dict):
            raise self._unreadable(f"{reply.status} and no object")
        found = problems(whole)
        if not ok or found:
            # Errors with a 2xx contradict themselves: that settles nothing, whatever they say.
            raise error_of(found, supplier=self.settings.code, status=reply.status, headers=reply.headers)
        if "data" not in whole:
            raise self._unreadable(f"{reply.status} without data")
        return Reply(
            reply.status,
            whole["data"],
            part(whole, "meta"),
            reply.headers.get("x-request-id", "") or text(whole, "meta", "request_id"),
        )

    def _unreadable(self, what: str) -> Unreadable:
        return Unreadable(f"The answer of {self.settings.code} cannot be read: {what}", supplier=self.settings.code)


@dataclass(frozen=True, slots=True)
class Page:
    """Some of a list. `last`: there are no more."""

    items: tuple[Part, ...]
    last: bool


def path_of(*steps: str) -> str:
    """`/air/orders/ord_…`, each step quoted: an id never names another path."""
    return "/" + "/".join(quote(step, safe="") for step in steps)
