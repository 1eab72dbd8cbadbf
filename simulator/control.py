"""The side doors, JSON over HTTP on a port of their own: the truth, the clock, latency, faults, the airline's hand.

What a client of the supplier could never see or do is here, for tests and demonstrations.
"""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Protocol

from simulator.book import Book
from simulator.codec import plain
from simulator.faults import NOW, BadFault, FaultBook
from simulator.http import HttpAnswer, HttpRequest, json_answer
from simulator.model import Document, Order, SegmentStatus
from simulator.refusals import BookRefusal, DocumentNotFound, OrderNotFound
from simulator.schedules import FIRST_YEAR, LAST_YEAR
from simulator.server import Latency

COUNTED = ("held", "priced", "issued", "voided", "refunded", "cancelled", "expired")
_MANY = 1000  # rows of one answer
_SHIFT = timedelta(days=3660).total_seconds()
_YEAR = timedelta(days=365).total_seconds()
_AIRLINES_OWN: tuple[SegmentStatus, ...] = ("HK", "HL", "UN", "UC", "HX")


class Receivers(Protocol):
    """Whoever tells events to webhooks."""

    deliveries: Iterable[dict[str, Any]]

    def register(self, url: str) -> dict[str, Any]:
        """A new receiver. Raises: ValueError for an address that is none."""
        ...

    def receivers(self) -> list[dict[str, Any]]: ...


class _Bad(Exception):
    """The request cannot be done; the sentence is told with the status."""

    def __init__(self, sentence: str, status: int = 400) -> None:
        super().__init__(sentence)
        self.status = status


class Control:
    """`go_away(seconds, silently)` closes the suppliers' port for a while; `changed()` is called after every change
    made here, so that what the airline or the clock did is told to webhooks."""

    def __init__(
        self,
        book: Book,
        faults: FaultBook,
        latency: Latency,
        *,
        webhooks: Receivers | None = None,
        go_away: Callable[[float, bool], None] | None = None,
        come_back: Callable[[], None] | None = None,
        changed: Callable[[], None] | None = None,
    ) -> None:
        self._book = book
        self._store = book.store
        self._clock = book.clock
        self._faults = faults
        self._latency = latency
        self._webhooks = webhooks
        self._go_away = go_away
        self._come_back = come_back
        self._changed = changed

    def step(self, request: HttpRequest) -> str:
        return "control"

    def handle(self, request: HttpRequest) -> HttpAnswer:
        """The answer to any request; errors are `{"error": sentence}`."""
        try:
            return self._routed(request)
        except _Bad as error:
            return json_answer(error.status, {"error": str(error)})
        except BookRefusal as error:
            found = not isinstance(error, OrderNotFound | DocumentNotFound)
            return json_answer(409 if found else 404, {"error": error.said, "code": error.code})

    def _routed(self, request: HttpRequest) -> HttpAnswer:
        here = False
        for method, pattern, verb in _ROUTES:
            match = re.fullmatch(pattern, request.path)
            if match and method == request.method:
                answer = json_answer(200, verb(self, request, *match.groups()))
                if method != "GET" and self._changed is not None:
                    self._changed()
                return answer
            here = here or match is not None
        if here:
            raise _Bad(f"{request.method} cannot be done here", 405)
        raise _Bad("there is no such side door", 404)

    # -- the truth ------------------------------------------------------------------------------------------------

    def orders(self, request: HttpRequest) -> dict[str, Any]:
        since = _one(request, "since")
        found = self._book.orders(
            key=_one(request, "key"),
            locator=_one(request, "locator"),
            since=_moment(since) if since else None,
            limit=_MANY + 1,
            skip=_count(request, "skip"),
        )
        return {"orders": [self._truth(order) for order in found[:_MANY]], "more": len(found) > _MANY}

    def order(self, request: HttpRequest, locator: str) -> dict[str, Any]:
        return self._truth(self._book.get(locator))

    def documents(self, request: HttpRequest) -> dict[str, Any]:
        numbers = self._store.document_numbers(after=_one(request, "after"), limit=_MANY + 1)
        found = (self._book.document(number) for number, _ in numbers[:_MANY])
        return {"documents": [_document(*each) for each in found], "more": len(numbers) > _MANY}

    def document(self, request: HttpRequest, number: str) -> dict[str, Any]:
        return _document(*self._book.document(number))

    def effects(self, request: HttpRequest) -> dict[str, Any]:
        found = self._store.effects(after=_count(request, "after"), limit=_MANY + 1)
        return {"effects": plain(found[:_MANY]), "more": len(found) > _MANY}

    def _truth(self, order: Order) -> dict[str, Any]:
        effects = self._store.effects(locator=order.locator)
        counted = Counter(effect.verb for effect in effects)
        told: dict[str, Any] = plain(order)
        told["documents"] = [_document(order, document) for document in order.documents]
        told["effects"] = plain(effects)
        told["counts"] = {verb: counted[verb] for verb in COUNTED}
        return told

    # -- time -----------------------------------------------------------------------------------------------------

    def clock(self, request: HttpRequest) -> dict[str, Any]:
        return {
            "now": self._clock.now().isoformat(),
            "office": self._book.now().isoformat(),
            "zone": self._book.office_zone.key,
            "frozen": self._clock.frozen,
        }

    def set_clock(self, request: HttpRequest) -> dict[str, Any]:
        asked = _object(request, "set", "advance", "freeze")
        if "freeze" in asked:
            if not isinstance(asked["freeze"], bool):
                raise _Bad("freeze is true or false")
            self._clock.freeze(asked["freeze"])
        if "set" in asked:
            moment = _moment(asked["set"])
            if not FIRST_YEAR <= moment.year < LAST_YEAR:
                raise _Bad("the clock does not go there")
            self._clock.set(moment)
        if "advance" in asked:
            seconds = _number(asked, "advance", -_SHIFT, _SHIFT)
            if not FIRST_YEAR <= self._clock.now().year + seconds / _YEAR < LAST_YEAR:
                raise _Bad("the clock does not go there")
            self._clock.advance(seconds)
        return self.clock(request)

    def latency(self, request: HttpRequest) -> dict[str, Any]:
        return {"ms": self._latency.ms, "steps": self._latency.steps}

    def set_latency(self, request: HttpRequest) -> dict[str, Any]:
        asked = _object(request, "ms", "step")
        ms, step = _number(asked, "ms", 0, 600_000), asked.get("step")
        if step is None:
            # One figure for all again: what was said of single steps before is over.
            self._latency.ms = ms
            self._latency.steps.clear()
        elif isinstance(step, str) and step:
            self._latency.steps[step] = ms
        else:
            raise _Bad("step is the name of a step, such as amadeus.issue, or null for all")
        return self.latency(request)

    # -- faults ---------------------------------------------------------------------------------------------------

    def list_faults(self, request: HttpRequest) -> dict[str, Any]:
        return {"faults": [fault.told() for fault in self._faults.listed()]}

    def add_fault(self, request: HttpRequest) -> dict[str, Any]:
        try:
            fault = self._faults.add(_object(request))
        except BadFault as error:
            raise _Bad(str(error)) from None
        if fault.step == NOW and self._go_away is not None and fault.hit():
            self._go_away(fault.number("seconds", 1), fault.name == "connect_timeout")
        return fault.told()

    def remove_fault(self, request: HttpRequest, id: str) -> dict[str, Any]:  # noqa: A002
        if not self._faults.remove(id):
            raise _Bad("there is no such fault", 404)
        return {"removed": id}

    def clear_faults(self, request: HttpRequest) -> dict[str, Any]:
        self._faults.clear()
        if self._come_back is not None:
            self._come_back()
        return {"faults": []}

    # -- the airline's hand -----------------------------------------------------------------------------------------

    def change_segment(self, request: HttpRequest, locator: str, tattoo: str) -> dict[str, Any]:
        asked = _object(request, "status").get("status")
        for status in _AIRLINES_OWN:
            if status == asked:
                return self._truth(self._book.change_segment(locator, int(tattoo), status))
        raise _Bad(f"an airline's status is one of {', '.join(_AIRLINES_OWN)}")

    def change_price(self, request: HttpRequest, locator: str) -> dict[str, Any]:
        try:
            percent = Decimal(str(_object(request, "percent").get("percent")))
            sensible = -90 <= percent <= 1000
        except InvalidOperation:
            sensible = False
        if not sensible:
            raise _Bad("percent is a number from -90 to 1000")
        return self._truth(self._book.change_price(locator, percent))

    # -- webhooks and the house ---------------------------------------------------------------------------------------

    def webhooks(self, request: HttpRequest) -> dict[str, Any]:
        told = self._told()
        return {"webhooks": told.receivers(), "deliveries": list(told.deliveries)}

    def add_webhook(self, request: HttpRequest) -> dict[str, Any]:
        try:
            return self._told().register(str(_object(request, "url").get("url") or ""))
        except ValueError as error:
            raise _Bad(str(error)) from None

    def _told(self) -> Receivers:
        if self._webhooks is None:
            raise _Bad("no supplier here tells events", 404)
        return self._webhooks

    def health(self, request: HttpRequest) -> dict[str, Any]:
        return {"status": "ok", "pid": os.getpid(), "now": self._clock.now().isoformat()}

    def reset(self, request: HttpRequest) -> dict[str, Any]:
        """Forget orders, documents, faults, latency and the clock. Numbers go on: they are unique for ever."""
        self._store.wipe()
        self._clock.reload()
        self._faults.clear()
        self._latency.ms = 0.0
        self._latency.steps.clear()
        return self.health(request)


_ROUTES: tuple[tuple[str, str, Callable[..., dict[str, Any]]], ...] = (
    ("GET", "/truth/orders", Control.orders),
    ("GET", r"/truth/orders/(\w+)", Control.order),
    ("GET", "/truth/documents", Control.documents),
    (
        "GET",
        r"/truth/documents/(\d{3}-?\d{10})",
        lambda self, request, number: self.document(request, number.replace("-", "")),
    ),
    ("GET", "/truth/effects", Control.effects),
    ("GET", "/clock", Control.clock),
    ("POST", "/clock", Control.set_clock),
    ("GET", "/latency", Control.latency),
    ("POST", "/latency", Control.set_latency),
    ("GET", "/faults", Control.list_faults),
    ("POST", "/faults", Control.add_fault),
    ("DELETE", "/faults", Control.clear_faults),
    ("DELETE", r"/faults/(\w+)", Control.remove_fault),
    ("POST", r"/airline/(\w+)/segments/(\d{1,4})", Control.change_segment),
    ("POST", r"/airline/(\w+)/price", Control.change_price),
    ("GET", "/webhooks", Control.webhooks),
    ("POST", "/webhooks", Control.add_webhook),
    ("GET", "/health", Control.health),
    ("POST", "/reset", Control.reset),
)


def _document(order: Order, document: Document) -> dict[str, Any]:
    passenger = next(each for each in order.passengers if each.tattoo == document.passenger)
    told: dict[str, Any] = plain(document)
    told["locator"] = order.locator
    told["passenger"] = {
        "tattoo": passenger.tattoo,
        "name": f"{passenger.last_name}/{passenger.first_name}",
        "kind": passenger.kind,
    }
    return told


def _object(request: HttpRequest, *known: str) -> Mapping[str, Any]:
    try:
        told = json.loads(request.body or b"{}")
    except (ValueError, RecursionError):
        raise _Bad("the body is no JSON") from None
    if not isinstance(told, dict):
        raise _Bad("the body is a JSON object")
    unknown = sorted(set(told) - set(known)) if known else []
    if unknown:
        raise _Bad(f"there is no {unknown[0]!r} here, only {', '.join(known)}")
    return told


def _one(request: HttpRequest, name: str) -> str:
    return request.query.get(name, [""])[0]


def _count(request: HttpRequest, name: str) -> int:
    text = _one(request, name) or "0"
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise _Bad(f"{name} is a whole number from 0")
    return int(text)


def _number(asked: Mapping[str, Any], name: str, least: float, most: float) -> float:
    value = asked.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
        raise _Bad(f"{name} is a number from {least:g} to {most:g}")
    return float(value)


def _moment(text: object) -> datetime:
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise _Bad("a moment is written with its offset, such as 2027-01-18T09:00:00+05:30")
    return moment
