"""What the truth log says of Duffel's orders, told to the receivers of webhooks."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping
from typing import Any

from simulator.book import Book
from simulator.duffel import order_view
from simulator.duffel.orders import Orders
from simulator.duffel.webhooks import Webhooks
from simulator.faults import Fault
from simulator.model import Order
from simulator.refusals import OrderNotFound
from simulator.store import Effect

_SEEN = "duffel.events"  # the setting that keeps how far the log was told
_ROWS = 1000
_EVERY = 0.25  # seconds


class Events:
    """Nobody registered: nothing is told, and nothing is kept to be told later."""

    def __init__(self, book: Book, orders: Orders, webhooks: Webhooks) -> None:
        self._book, self._orders, self._webhooks = book, orders, webhooks
        self._timer: asyncio.TimerHandle | None = None

    def begin(self) -> None:
        """What happened until now is not told: the first receiver registered."""
        with self._book.store.transaction():
            self._book.store.set_setting(_SEEN, str(self._last(self._seen())))
        self.watch()

    def watch(self) -> None:
        """Look at the log by itself from now on, for as long as there are receivers: airlines and limits do not wait
        for a client's request. Does nothing where no loop runs, or when it looks already."""
        if self._timer is None and self._webhooks.receivers():
            with contextlib.suppress(RuntimeError):
                self._timer = asyncio.get_running_loop().call_later(_EVERY, self._look)

    def rest(self) -> None:
        """Look no more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _look(self) -> None:
        self._timer = None
        self._book.expire()
        self.tell()
        self.watch()

    def tell(self, faults: Mapping[str, Fault] | None = None) -> None:
        """Tell what happened since the last call. `faults` befall these events."""
        if not self._webhooks.receivers():
            return
        seen = self._seen()
        while rows := self._book.store.effects(after=seen, limit=_ROWS):
            for row in rows:
                self._tell(row, faults or {})
            seen = rows[-1].seq
            with self._book.store.transaction():
                self._book.store.set_setting(_SEEN, str(seen))

    def _seen(self) -> int:
        return int(self._book.store.setting(_SEEN) or 0)

    def _last(self, seen: int) -> int:
        while rows := self._book.store.effects(after=seen, limit=_ROWS):
            seen = rows[-1].seq
        return seen

    def _tell(self, row: Effect, faults: Mapping[str, Fault]) -> None:
        try:
            order = self._book.get(row.locator) if row.locator else None
        except OrderNotFound:
            order = None
        if order is None or order.dialect != "duffel":
            return
        for kind, key, thing in self._of(row, order):
            self._webhooks.tell(kind, key, thing, faults)

    def _of(self, row: Effect, order: Order) -> list[tuple[str, str, Mapping[str, Any]]]:
        """(type, idempotency key, object) of the events that one row of the log makes."""
        told = self._orders.told(order)
        updated = ("order.updated", order.id, told)
        payment, cancellation = order.extra.get("payment"), order.extra.get("cancellation")
        if row.verb == "held":
            return [("order.created", order.id, told)]
        if row.verb == "issued" and isinstance(payment, dict):
            return [("payment.created", str(payment["id"]), payment), updated]
        if row.verb == "cancelled" and isinstance(cancellation, dict):
            return [("order_cancellation.confirmed", str(cancellation["id"]), cancellation), updated]
        if row.verb == "airline" and "segment" in row.detail:
            number = next((each.slice for each in order.segments if each.tattoo == row.detail["segment"]), 0)
            change = order_view.change_id(order, number)
            shown = next((each for each in told["airline_initiated_changes"] if each["id"] == change), told)
            return [("order.airline_initiated_change_detected", change, shown)]
        if row.verb in {"airline", "expired"} or (row.verb == "changed" and row.detail.get("metadata")):
            return [updated]
        return []
