"""Duffel's record, read: orders, offers and cancellations, each checked to be the one that was asked for."""

from __future__ import annotations

from qafila.air.gateways.calllog import CallLog
from qafila.air.gateways.duffel.client import DuffelClient, path_of
from qafila.air.gateways.duffel.orders import KEY, order
from qafila.air.gateways.duffel.read import Cancellation, cancellation
from qafila.air.gateways.duffel.wire import Part, text
from qafila.air.gateways.errors import NotOurs, OrderNotFound, SupplierError, Unreadable
from qafila.air.gateways.settings import DuffelSettings
from qafila.air.gateways.values import OrderRef, OrderSnapshot

ORDERS, CANCELLATIONS = "/air/orders", "/air/order_cancellations"
PAGE, MOST_PAGES = 100, 5  # of recent orders, when one of ours is looked for by its key


class Records:
    """What one Duffel organisation has on record. Every method raises SupplierError."""

    def __init__(self, settings: DuffelSettings, log: CallLog) -> None:
        self.settings, self.client = settings, DuffelClient(settings, log)

    @property
    def code(self) -> str:
        return self.settings.code

    def order(self, ref: OrderRef, *, key: str = "") -> OrderSnapshot:
        """Raises: OrderNotFound, NotOurs (Duffel answered with another order)."""
        if ref.supplier != self.code or not ref.id:
            raise OrderNotFound(f"{ref} is no order of {self.code}.", supplier=self.code)
        snapshot = order(self.part(self.client.get(path_of("air", "orders", ref.id), key=key).data), self.settings)
        if snapshot.ref.id != ref.id:
            raise NotOurs(f"{self.code} answered with the order {snapshot.ref.id}.", supplier=self.code)
        return snapshot

    def made_with(self, data: object, key: str) -> OrderSnapshot:
        """The order of a reply that must bear our key. Raises: NotOurs."""
        made = order(self.part(data), self.settings)
        if made.key != key:
            raise NotOurs(f"{self.code} answered with another order, {made.ref.id}.", supplier=self.code)
        return made

    def find(self, key: str) -> OrderSnapshot | None:
        """The order that was made with this key, among the newest; None when it is not there. Raises: Unreadable, also
        when the list is longer than what is read and is not in the order of creation.
        """
        found: list[Part] = []
        newest_first, last = True, ""
        for page in self.client.pages(ORDERS, {}, size=PAGE, most=MOST_PAGES, key=key):
            for raw in page.items:
                created = text(raw, "created_at")
                newest_first, last = newest_first and (not last or created <= last), created
                if text(raw, "metadata", KEY) == key:
                    found.append(raw)
            if page.last or found:
                break
        else:
            if not newest_first:
                raise Unreadable("The orders are too many to be looked through.", supplier=self.code)
        orders = [order(raw, self.settings) for raw in found]
        return next((each for each in orders if not each.cancelled), orders[0] if orders else None)

    def offer(self, name: str, *, key: str = "") -> Part:
        """An offer as it stands now."""
        data = self.part(self.client.get(path_of("air", "offers", name), key=key).data)
        if text(data, "id") != name:
            raise NotOurs(f"{self.code} answered with another offer.", supplier=self.code)
        return data

    def quoted(self, ref: OrderRef, *, key: str = "") -> Cancellation:
        """A new cancellation that is not confirmed: nothing is done."""
        reply = self.client.post(CANCELLATIONS, {"order_id": ref.id}, key=key)
        if not reply.done:
            raise SupplierError(f"{self.code} has not finished the quote.", supplier=self.code)
        return self.cancellation_of(reply.data, ref)

    def cancellation(self, name: str, ref: OrderRef, *, key: str) -> Cancellation:
        """A cancellation as it stands now."""
        found = self.cancellation_of(self.client.get(path_of("air", "order_cancellations", name), key=key).data, ref)
        if found.id != name:
            raise NotOurs(f"{self.code} answered with the cancellation {found.id}.", supplier=self.code)
        return found

    def cancellation_of(self, data: object, ref: OrderRef) -> Cancellation:
        """The cancellation of a reply that must be about this order. Raises: NotOurs."""
        found = cancellation(data, self.settings)
        if found.order_id != ref.id:
            raise NotOurs(f"{self.code} answered about the order {found.order_id}.", supplier=self.code)
        return found

    def part(self, data: object) -> Part:
        """An object where one must be. Raises: Unreadable."""
        if not isinstance(data, dict):
            raise Unreadable(f"{self.code} answered with no object.", supplier=self.code)
        return data


def confirmation(name: str) -> str:
    """Where a cancellation is confirmed."""
    return path_of("air", "order_cancellations", name, "actions", "confirm")
