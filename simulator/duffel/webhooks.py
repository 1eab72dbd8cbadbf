"""Events told to whoever registered: signed, in the background, tried again until the receiver says yes.

They are made from the truth log, so that what the clock or the control port did to an order is told as well. Real
seconds count here, not the virtual clock's: nothing is delivered twice because a test moved on by a day. What is
still to be delivered when the simulator ends is lost; the real one tries for 72 hours, this one about as often.
"""

from __future__ import annotations

import heapq
import http.client
import json
import re
import secrets
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from simulator.book import Book
from simulator.duffel import ids
from simulator.duffel.signing import HEADER, signature
from simulator.duffel.words import moment
from simulator.faults import Fault

EVENTS = (
    "order.created",
    "order.updated",
    "order.creation_failed",
    "order.airline_initiated_change_detected",
    "payment.created",
    "order_cancellation.created",
    "order_cancellation.confirmed",
    "ping.triggered",
)
_ADDRESS = re.compile(r"https?://[!-~]{1,2000}")
_KIND = "duffel.webhook"
_PATIENCE = 5.0  # seconds a receiver has
_TRIES = 14
_LONGEST = 3600.0
_TOLD = 500  # deliveries remembered


@dataclass(order=True, slots=True)
class _Due:
    at: float
    turn: int
    event: dict[str, Any] = field(compare=False)
    url: str = field(compare=False)
    secret: str = field(compare=False)
    tries: int = field(default=0, compare=False)


class Webhooks:
    """`retry_after` is the first wait in seconds; each later one is twice as long, up to an hour."""

    def __init__(self, book: Book, secret: str, retry_after: float = 1.0) -> None:
        self._book, self._secret = book, secret
        self.on_first: Callable[[], None] = lambda: None  # when the first receiver registers
        self.on_close: Callable[[], None] = lambda: None
        self.retry_after = retry_after
        self._delivered: deque[dict[str, Any]] = deque(maxlen=_TOLD)
        self.deliveries: Iterable[dict[str, Any]] = self._delivered
        self._heap: list[_Due] = []
        self._waiting: list[_Due] = []  # held back until another event overtook them
        self._turn = 0
        self._change = threading.Condition()
        self._thread: threading.Thread | None = None
        self._closed = False

    # -- receivers ------------------------------------------------------------------------------------------------

    def register(self, url: str, events: list[str] | None = None) -> dict[str, Any]:
        """A new receiver, with the secret its events are signed with. Raises: ValueError for no http address or an
        event that does not exist."""
        if not _reachable(url):
            raise ValueError("a receiver's url begins with http:// or https:// and has neither blanks nor odd letters")
        wrong = [each for each in events or [] if each not in EVENTS]
        if wrong:
            raise ValueError(f"there is no event {wrong[0]}")
        first = not self.receivers()
        now = moment(self._book.clock.now())
        receiver = {
            "url": url,
            "updated_at": now,
            "live_mode": False,
            "id": ids.new("end"),
            "events": events or list(EVENTS),
            "created_at": now,
            "active": True,
        }
        with self._book.store.transaction():
            self._book.store.put(_KIND, str(receiver["id"]), receiver, self._book.clock.now().timestamp())
        if first:
            self.on_first()
        return {**receiver, "secret": self._secret}

    def receivers(self) -> list[dict[str, Any]]:
        return [each for _, each in self._book.store.items(_KIND)]

    def forget(self, id: str) -> bool:  # noqa: A002
        """Whether there was such a receiver."""
        with self._book.store.transaction():
            return self._book.store.drop(_KIND, id)

    # -- events ---------------------------------------------------------------------------------------------------

    def tell(self, kind: str, key: str, thing: Mapping[str, Any], faults: Mapping[str, Fault]) -> None:
        """Make an event of `thing` and have it delivered; `faults` say what is to go wrong on its way.

        A forged event is signed with another secret: instead of the genuine one (before) or after it (after).
        """
        receivers = [each for each in self.receivers() if each["active"] and kind in each["events"]]
        if not receivers:
            return
        event = self._event(kind, key, thing)
        forged, late = faults.get("webhook_forged"), faults.get("webhook_late")
        wait = late.number("seconds", 5) if late else 0.0
        for receiver in receivers:
            url = receiver["url"]
            if forged is not None:
                lie = self._event(kind, key, thing)
                self._put(lie, url, secrets.token_urlsafe(24), wait + 0.05)
            if forged is not None and forged.when == "before":
                continue
            self._put(event, url, self._secret, wait, overtaken="webhook_out_of_order" in faults)
            if "webhook_twice" in faults:
                self._put(event, url, self._secret, wait)

    def _event(self, kind: str, key: str, thing: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "type": kind,
            "live_mode": False,
            "idempotency_key": key,
            "id": ids.new("wev"),
            "data": {"object": thing},
            "created_at": moment(self._book.clock.now()),
            "api_version": "v2",
        }

    def _put(self, event: dict[str, Any], url: str, secret: str, wait: float, overtaken: bool = False) -> None:
        with self._change:
            self._turn += 1
            due = _Due(time.monotonic() + wait, self._turn, event, url, secret)
            if overtaken:
                due.at += 30  # nothing overtakes it for ever
                self._waiting.append(due)
            else:
                # Whoever was held back comes right after this one.
                for held in self._waiting:
                    held.at = min(held.at, due.at + 0.05)
                self._waiting.clear()
                heapq.heapify(self._heap)
            heapq.heappush(self._heap, due)
            if self._thread is None and not self._closed:
                self._thread = threading.Thread(target=self._work, name="duffel-webhooks", daemon=True)
                self._thread.start()
            self._change.notify()

    # -- delivery, in a thread of its own -----------------------------------------------------------------------------

    def close(self) -> None:
        """Deliver nothing more. Waits for the delivery under way."""
        self.on_close()
        with self._change:
            self._closed = True
            self._change.notify()
        if self._thread is not None:
            self._thread.join(_PATIENCE + 1)

    def _work(self) -> None:
        while True:
            with self._change:
                while not self._closed and (not self._heap or self._heap[0].at > time.monotonic()):
                    self._change.wait(max(0.0, self._heap[0].at - time.monotonic()) if self._heap else None)
                if self._closed:
                    return
                due = heapq.heappop(self._heap)
                if due in self._waiting:
                    self._waiting.remove(due)
            self._deliver(due)

    def _deliver(self, due: _Due) -> None:
        body = json.dumps(due.event, separators=(",", ":"), ensure_ascii=False).encode()
        signed = signature(due.secret, int(self._book.clock.now().timestamp()), body)
        status = _post(due.url, body, signed)
        due.tries += 1
        self._delivered.append(
            {
                "event_id": due.event["id"],
                "type": due.event["type"],
                "url": due.url,
                "response_status_code": status,
                "genuine": due.secret == self._secret,
                "tries": due.tries,
            }
        )
        if not 200 <= status < 300 and due.tries < _TRIES:
            due.at = time.monotonic() + min(self.retry_after * 2 ** (due.tries - 1), _LONGEST)
            with self._change:
                heapq.heappush(self._heap, due)


def _reachable(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return bool(_ADDRESS.fullmatch(url) and parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _post(url: str, body: bytes, signed: str) -> int:
    """The receiver's status; 0 where it did not answer."""
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=_PATIENCE)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request("POST", target, body, {"Content-Type": "application/json", HEADER: signed})
        return connection.getresponse().status
    except (OSError, ValueError, http.client.HTTPException):  # ValueError: a name that no network can look up
        return 0
    finally:
        connection.close()
