"""The book of orders: the business that both dialects call. One verb, one transaction, one row in the truth log.

Verbs may be called inside `store.transaction()`: they are then part of it. A refusal is a `BookRefusal`, and nothing
of the refused verb is left behind. Orders that come out are the caller's own to change; they count when `save` took
them. `VERBS` are the words of the truth log.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from simulator.clock import Clock
from simulator.codec import copy_order, order_text, read_order, zone
from simulator.issuing import issue
from simulator.model import Document, Fare, Order, PassengerKind, PricedFare, Segment, SegmentStatus
from simulator.orders import active, flight_key, moved, need_names, seated
from simulator.refunds import RefundQuote, quote, refund, void
from simulator.refusals import (
    DocumentNotFound,
    OrderCancelled,
    OrderNotFound,
    SeatsGone,
    SimultaneousChange,
)
from simulator.store import OrderRow, Store
from simulator.world import World

__all__ = ["VERBS", "Book", "RefundQuote", "active", "flight_key", "moved", "seated"]

VERBS = (
    "sold",  # seats taken
    "released",  # seats given back
    "held",  # an order exists
    "priced",  # its fares were stored
    "changed",  # anything else was stored
    "issued",  # documents exist: one row an issue that took effect, its documents in the detail
    "voided",  # one row a document
    "refunded",  # one row a refund that took effect
    "cancelled",  # by the client
    "expired",  # by its time limit
    "airline",  # the airline changed a segment or a price (control port)
)
_CACHED = 4096  # parsed orders kept, about 20 KB each at most
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # of locators: no I, O, 0 or 1
_LOCATORS = 24 * 32**5


class Book:
    """`office_zone` is where the office's midnight and its time limits are. Raises: ZoneInfoNotFoundError."""

    def __init__(self, store: Store, clock: Clock, world: World, office_zone: str = "Asia/Kolkata") -> None:
        self.store = store
        self.clock = clock
        self.world = world
        self.office_zone = zone(office_zone)
        self._ending: list[Callable[[], None]] = []
        self._cache: OrderedDict[tuple[str, int], Order] = OrderedDict()
        store.when_undone(self._cache.clear)

    # -- moments --------------------------------------------------------------------------------------------------

    def now(self) -> datetime:
        """The virtual moment, in the office's zone."""
        return self.clock.now().astimezone(self.office_zone)

    # -- seats ----------------------------------------------------------------------------------------------------

    def sell(self, segments: Sequence[Segment], seats: int) -> None:
        """Take `seats` seats on every segment, or none at all. `departs` and `arrives` are set to the flight's own.

        Refuses: SeatsGone (no such flight or class on that day, too few seats left, departed), with `indexes`.
        """
        gone = []
        self.settle()
        with self.store.transaction():
            for index, segment in enumerate(segments):
                if not self._sell_one(segment, seats):
                    gone.append(index)
            if gone:
                raise SeatsGone(tuple(gone))
            self._log("sold", "", flights=[[flight_key(each), each.booking_class] for each in segments], seats=seats)

    def release(self, segments: Iterable[Segment], seats: int) -> None:
        """Give back what `sell` took: for a session that ends without an order. `cancel` does it by itself."""
        given = list(segments)
        with self.store.transaction():
            for segment in given:
                self.store.give_seats(flight_key(segment), segment.booking_class, seats)
            self._log("released", "", flights=[[flight_key(each), each.booking_class] for each in given], seats=seats)

    def _sell_one(self, segment: Segment, seats: int) -> bool:
        if seats < 1 or seats > 9:
            return False
        flight = self.world.flight(
            segment.carrier, segment.number, segment.origin, segment.destination, segment.departs.date()
        )
        if flight is None or flight.departs <= self.clock.now():
            return False
        capacity = self.world.capacity(flight).get(segment.booking_class, 0)
        segment.departs, segment.arrives, segment.equipment = flight.departs, flight.arrives, flight.equipment
        return capacity > 0 and self.store.take_seats(flight.key, segment.booking_class, seats, capacity)

    # -- orders ---------------------------------------------------------------------------------------------------

    def create(self, order: Order) -> Order:
        """Store a new order whose seats were sold: the hold. Draws the locator; sets created, version 1, the time
        limit (24 hours, or 72 hours before departure if that is sooner, but at least 30 minutes; the order's own
        where that is sooner) and, where it is empty, the id.

        Refuses: NeedNames (nobody, or a nameless one). Raises: ValueError when it has a locator already.
        """
        if order.locator:
            raise ValueError("the order was created before")
        need_names(order)
        moment = self.now()
        now = moment.replace(microsecond=0)
        with self.store.transaction():
            order = copy_order(order)
            order.locator = self._draw_locator()
            order.id = order.id or order.locator
            order.created, order.version = now, 1
            limit = self.time_limit(order, now)
            order.time_limit = min(order.time_limit, limit) if order.time_limit else limit
            self.store.add_order(replace(self._row(order), created=moment.timestamp()))
            self._log("held", order.locator, id=order.id, key=order.key, passengers=len(order.passengers))
            if order.fares:
                self._log("priced", order.locator, fares=[fare.number for fare in order.fares])
        self._keep(order)
        return copy_order(order)

    def time_limit(self, order: Order, created: datetime) -> datetime:
        """When an order created at this moment lapses unticketed, in the office's zone."""
        latest = created + timedelta(hours=24)
        departs = min((segment.departs for segment in active(order)), default=None)
        if departs is not None:
            latest = min(latest, departs.astimezone(UTC) - timedelta(hours=72))
        return max(latest, created + timedelta(minutes=30)).astimezone(self.office_zone)

    def version(self, name: str) -> int | None:
        """The version of the order with this locator or id, None where there is none. Lapses it first if it is time.

        Cheap: for caches of rendered replies. They must be emptied by `store.when_undone`.
        """
        found = self._look(name)
        return found[1] if found else None

    def get(self, name: str) -> Order:
        """The order with this locator or id, cancelled ones too. Refuses: OrderNotFound."""
        found = self._look(name)
        if found is None:
            raise OrderNotFound
        kept = self._cache.get(found)
        if kept is None:
            kept = read_order(self.store.order_body(found[0]))
            self._keep(kept)
        return copy_order(kept)

    def save(self, order: Order, expected_version: int, effect: str = "changed", **detail: Any) -> Order:
        """Store a changed order as version `expected_version` + 1, with a row `effect` in the truth log.

        Seats are not touched: sell or release them in the same transaction. Refuses: SimultaneousChange, NeedNames.
        """
        need_names(order)
        order = copy_order(order)
        order.version = expected_version + 1
        with self.store.transaction():
            if not self.store.change_order(self._row(order), expected_version):
                raise SimultaneousChange
            self._log(effect, order.locator, version=order.version, **detail)
        self._keep(order)
        return copy_order(order)

    def put_fares(self, order: Order, fares: Mapping[PassengerKind, Fare]) -> list[PricedFare]:
        """Write these fares into the caller's copy, instead of those it has: one number a passenger kind, never used
        before in this order. It counts when `create` or `save(…, effect="priced")` took it."""
        number = max((int(str(order.extra.get("last_fare", 0))), *(fare.number for fare in order.fares)), default=0)
        segments = tuple(segment.tattoo for segment in active(order))
        made = []
        for kind, fare in fares.items():
            passengers = tuple(each.tattoo for each in order.passengers if each.kind == kind)
            if passengers:
                number += 1
                made.append(PricedFare(number, fare, passengers, segments, self.now().replace(microsecond=0)))
        order.fares = made
        order.extra["last_fare"] = number
        return made

    def store_fares(self, order: Order, fares: Mapping[PassengerKind, Fare]) -> Order:
        """`put_fares` and `save` in one. Refuses: SimultaneousChange."""
        made = self.put_fares(order, fares)
        return self.save(order, order.version, "priced", fares=[fare.number for fare in made])

    def cancel(self, order: Order, tattoos: Collection[int] | None = None) -> Order:
        """Cancel the whole itinerary, or these segments, and give the seats back. Open documents stay open: they are
        voided or refunded by themselves. With nothing left the order is cancelled and cannot be changed any more.

        Refuses: OrderCancelled, OrderNotFound (no such segment), SimultaneousChange.
        """
        if order.cancelled_at is not None:
            raise OrderCancelled
        known = {segment.tattoo for segment in active(order)}
        if tattoos is not None and not set(tattoos) <= known:
            raise OrderNotFound("INVALID SEGMENT NUMBER")
        return self._cancel(order, known if tattoos is None else set(tattoos), "cancelled")

    def expire(self) -> list[str]:
        """Cancel what passed its time limit unticketed; the locators. `get` and `version` do it for their own order."""
        lapsed = []
        while ids := self.store.expired_ids(self.clock.now().timestamp()):
            with self.store.transaction():
                for id in ids:  # noqa: A001
                    order = read_order(self.store.order_body(id))
                    self._cancel(order, {segment.tattoo for segment in active(order)}, "expired")
                    lapsed.append(order.locator)
        return lapsed

    def settle(self) -> None:
        """Give back the seats of what time has ended, before seats are shown or sold: of orders past their limit, and
        of whatever a dialect gives back by itself (`when_settled`)."""
        self.expire()
        for end in self._ending:
            end()

    def when_settled(self, call: Callable[[], None]) -> None:
        """Call this with every `settle`, for as long as the book lives."""
        self._ending.append(call)

    def orders(
        self,
        *,
        dialect: str = "",
        key: str = "",
        locator: str = "",
        since: datetime | None = None,
        limit: int = 200,
        skip: int = 0,
    ) -> list[Order]:
        """The orders that match all that is given, newest first but for `skip`; `since` is when they were created."""
        self.expire()
        ids = self.store.order_ids(
            dialect=dialect,
            key=key,
            locator=locator,
            since=since.timestamp() if since else 0.0,
            limit=limit,
            skip=skip,
        )
        return [self.get(id) for id in ids]  # noqa: A001

    # -- documents ------------------------------------------------------------------------------------------------

    def issue(
        self,
        order: Order,
        fare_numbers: Collection[int] | None = None,
        *,
        passengers: Collection[int] | None = None,
        shown_after: float = 0.0,
    ) -> list[Document]:
        """Issue a document for everyone on these stored fares (all, where None) who has none on the same fare yet.

        Whoever stores a new fare and issues that gets a second document: the GDS does not protect its user here.
        `passengers` (tattoos) and `shown_after` (seconds until the documents are shown) are for faults.
        Refuses: AlreadyTicketed, NeedNames, NoFare, SegmentsNotConfirmed, TimeLimitPassed, OrderCancelled,
        SimultaneousChange.
        """
        return issue(self, order, fare_numbers, passengers, shown_after)

    def shown(self, order: Order) -> list[Document]:
        """The documents of an order that a client may see by now."""
        now = self.clock.now()
        return [each for each in order.documents if each.shown_from is None or each.shown_from <= now]

    def document(self, number: str) -> tuple[Order, Document]:
        """Refuses: DocumentNotFound."""
        locator = self.store.locator_of(number)
        if locator is None:
            raise DocumentNotFound
        order = self.get(locator)
        return order, next(document for document in order.documents if document.number == number)

    def sales(self, day: date) -> list[tuple[Order, Document]]:
        """What was issued, voided or refunded on this day of the office, by number."""
        return [self.document(number) for number, _ in self.store.document_numbers(day=day.isoformat())]

    def void(self, number: str) -> Document:
        """Undo an issue, on the office's own day of issue. Refuses: DocumentNotFound, DocumentNotOpen,
        VoidWindowClosed."""
        return void(self, number)

    def quote_refund(self, numbers: Sequence[str]) -> RefundQuote:
        """What a refund of these documents of one order would give back: the fare less its penalty where it is
        refundable, and the taxes. Changes nothing. Refuses: DocumentNotFound, DocumentNotOpen."""
        return quote(self, numbers)

    def refund(self, numbers: Sequence[str], expected: Decimal | None = None) -> RefundQuote:
        """Give it back. Refuses: as the quote; RefundChanged when it is not `expected`."""
        return refund(self, numbers, expected)

    # -- what the airline does (control port) -----------------------------------------------------------------------

    def change_segment(self, locator: str, tattoo: int, status: SegmentStatus) -> Order:
        """The airline changes the status of a segment. Refuses: OrderNotFound."""
        with self.store.transaction():
            order = self.get(locator)
            for segment in order.segments:
                if segment.tattoo == tattoo and segment.status != "XX":
                    segment.status = status
                    return self.save(order, order.version, "airline", segment=tattoo, status=status)
        raise OrderNotFound("INVALID SEGMENT NUMBER")

    def change_price(self, locator: str, percent: Decimal) -> Order:
        """The airline moves what this order will cost when it is next priced. Refuses: OrderNotFound."""
        with self.store.transaction():
            order = self.get(locator)
            order.price_factor = moved(order.price_factor, percent)
            return self.save(order, order.version, "airline", price_factor=str(order.price_factor))

    # -- inside ---------------------------------------------------------------------------------------------------

    def _cancel(self, order: Order, tattoos: set[int], effect: str) -> Order:
        known = self.store.order_version(order.id)
        if known is None or known[2] != order.version:
            raise SimultaneousChange  # before any seat goes back: somebody else may have given them back
        order = copy_order(order)
        going = [segment for segment in active(order) if segment.tattoo in tattoos]
        with self.store.transaction():
            for segment in going:
                self.store.give_seats(flight_key(segment), segment.booking_class, seated(order.passengers))
                segment.status = "XX"
            if not active(order):
                order.cancelled_at = self.now().replace(microsecond=0)
                order.fares = [] if not order.documents else order.fares
            if effect == "expired":
                order.extra["expired"] = True
            return self.save(order, order.version, effect, segments=sorted(tattoos))

    def _look(self, name: str) -> tuple[str, int] | None:
        found = self.store.order_version(name)
        if found is None:
            return None
        if found[3] is not None and found[3] <= self.clock.now().timestamp():
            order = read_order(self.store.order_body(found[0]))
            lapsed = self._cancel(order, {segment.tattoo for segment in active(order)}, "expired")
            return lapsed.id, lapsed.version
        return found[0], found[2]

    def _row(self, order: Order) -> OrderRow:
        lapses = order.time_limit is not None and order.cancelled_at is None and not order.documents
        return OrderRow(
            id=order.id,
            locator=order.locator,
            dialect=order.dialect,
            key=order.key,
            created=order.created.timestamp(),
            version=order.version,
            expires=order.time_limit.timestamp() if lapses and order.time_limit else None,
            body=order_text(order),
        )

    def _keep(self, order: Order) -> None:
        self._cache[order.id, order.version] = copy_order(order)
        if len(self._cache) > _CACHED:
            self._cache.popitem(last=False)

    def _draw_locator(self) -> str:
        # A walk over all locators that meets each once: unique without looking, and not guessable at a glance.
        drawn = (self.store.count("locator") * 3_874_204_897 + 123_456_789) % _LOCATORS
        first, rest = divmod(drawn, 32**5)
        return _LETTERS[first] + "".join(_LETTERS[(rest >> shift) & 31] for shift in (20, 15, 10, 5, 0))

    def _log(self, verb: str, locator: str, **detail: Any) -> None:
        self.store.log(self.now().isoformat(), verb, locator, detail)
