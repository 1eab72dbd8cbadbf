"""Holding seats, and what is held: made, read, listed and given other metadata."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from json import dumps
from typing import Any

from simulator.book import Book, seated
from simulator.duffel import ids, order_view, paging
from simulator.duffel.asked import AskedOrder
from simulator.duffel.errors import invalid, not_found, unlinked, wrong_state
from simulator.duffel.offer import Offer
from simulator.duffel.offers import Offers
from simulator.duffel.searches import as_segment
from simulator.duffel.travellers import passengers_of
from simulator.duffel.words import Words
from simulator.model import Order, Passenger, Segment
from simulator.refusals import OrderNotFound, SeatsGone

_RENDERED = 4096  # orders kept as bytes
_SYNC = timedelta(seconds=30)  # after this an order is read from the airline again
_LISTED = 10_000
_BIG = Decimal(10) ** 12


@dataclass(frozen=True, slots=True)
class _Rendered:
    version: int
    since: datetime
    until: datetime
    body: bytes


class Orders:
    """`office` is whose orders they are in the book."""

    def __init__(self, book: Book, offers: Offers, words: Words, office: str) -> None:
        self._book, self._offers, self._words, self._office = book, offers, words, office
        self.minor = offers.minor
        self._rendered: OrderedDict[str, _Rendered] = OrderedDict()
        book.store.when_undone(self._rendered.clear)

    # -- made -----------------------------------------------------------------------------------------------------

    def create(self, asked: AskedOrder) -> Order:
        """Take the seats and store the order, unpaid. The same offer can be booked twice: nobody prevents it.

        Refuses (ApiError): an offer that is unknown, gone or only to be bought at once; passengers that are not the
        offer's, or not of the age that was asked for; an amount that is not the offer's.
        """
        offer = self._offers.find(asked.offer)
        if offer is None:
            raise unlinked("/selected_offers/0")
        self._offers.need_alive(offer)
        if asked.type == "hold" and offer.instant:
            raise wrong_state(
                "invalid_order_create_type", "Invalid order create type", "The specified `type` was incorrect."
            )
        passengers = passengers_of(offer, asked.travellers)
        if asked.payment is not None:
            need_amount(asked.payment.amount, asked.payment.currency, offer.total, offer.currency, "/payments/0")
        segments = self._segments(offer)
        with self._book.store.transaction():
            try:
                self._book.sell(segments, seated(passengers))
            except SeatsGone:
                raise self._offers.gone(offer) from None
            order = self._book.create(self._new(offer, asked, passengers, segments))
            return self._settled(order, offer, asked)

    def _segments(self, offer: Offer) -> list[Segment]:
        classes = next(iter(offer.fares.values())).classes
        flights = [(index, flight) for index, part in enumerate(offer.itinerary.flights) for flight in part]
        return [as_segment(flight, classes[nth], nth + 1, index) for nth, (index, flight) in enumerate(flights)]

    def _new(self, offer: Offer, asked: AskedOrder, passengers: list[Passenger], segments: list[Segment]) -> Order:
        counts = {kind: sum(each.kind == kind for each in passengers) for kind in offer.fares}
        order = Order(
            locator="",
            dialect="duffel",
            id=ids.new("ord"),
            created=self._book.now(),
            version=0,
            office=self._office,
            currency=offer.currency,
            validating_carrier=offer.carrier,
            passengers=passengers,
            segments=segments,
            key=asked.metadata.get("key", ""),
            extra={
                "offer": offer.id,
                "metadata": asked.metadata,
                "price": [[kind, str(fare.base), str(fare.tax), counts[kind]] for kind, fare in offer.fares.items()],
                "cabin": next(iter(offer.fares.values())).cabin,
                "baggage": {kind: fare.baggage for kind, fare in offer.fares.items()},
                "conditions": self._offers.conditions(offer),
                "instant": asked.type == "instant",
                "loyalty": {
                    str(nth + 1): list(each.loyalty) for nth, each in enumerate(asked.travellers) if each.loyalty
                },
            },
        )
        self._book.put_fares(order, offer.fares)
        return order

    def _settled(self, order: Order, offer: Offer, asked: AskedOrder) -> Order:
        """With the limits that only the offer knows: the fare may have to be paid before the book's own limit."""
        assert order.time_limit is not None
        lasts = min(fare.last_ticketing for fare in offer.fares.values())
        order.time_limit = min(order.time_limit, lasts.astimezone(order.time_limit.tzinfo))
        order.guarantee_until = offer.guarantee(order.created, order.time_limit)
        return self._book.save(order, order.version, "changed", limits=True)

    # -- read -----------------------------------------------------------------------------------------------------

    def get(self, id: str) -> Order:  # noqa: A002
        """Raises: ApiError (not found) for what is no order of ours."""
        try:
            order = self._book.get(id)
        except OrderNotFound:
            raise not_found() from None
        if order.dialect != "duffel" or order.id != id:
            raise not_found()
        return order

    def body(self, id: str) -> bytes:  # noqa: A002
        """The answer to GET, kept until the order changes, a limit passes or it is to be synced again."""
        version = self._book.version(id)
        now = self._book.clock.now()
        kept = self._rendered.get(id)
        if kept is not None and kept.version == version and kept.since <= now < kept.until:
            return kept.body
        order = self.get(id)
        body = dumps({"data": self.told(order)}, separators=(",", ":"), ensure_ascii=False).encode()
        until = min([now + _SYNC, *(each for each in _turns(order) if each > now)])
        self._rendered[id] = _Rendered(order.version, now, until, body)
        if len(self._rendered) > _RENDERED:
            self._rendered.popitem(last=False)
        return body

    def told(self, order: Order) -> dict[str, Any]:
        changed = self._changed_at(order) if order_view.disturbed(order) else None
        return order_view.told(order, self._words, self.minor, self._book.clock.now(), self._book.shown(order), changed)

    def _changed_at(self, order: Order) -> datetime | None:
        rows = [row for row in self._book.store.effects(locator=order.locator) if row.verb == "airline"]
        return datetime.fromisoformat(rows[-1].at) if rows else None

    def page(self, query: paging.Query) -> tuple[list[dict[str, Any]], dict[str, Any]]:
        """Newest first, or as `sort` says; filtered by booking_reference, passenger_name[] (any of them, any part of
        the whole name), awaiting_payment. Raises: ApiError."""
        asked, sort = paging.asked(query), paging.sorting(query, ("-created_at", *_SORTS))
        waits = query.get("awaiting_payment", [""])[-1]
        if waits not in {"", "true", "false"}:
            raise invalid(
                "/awaiting_payment",
                "validation_inclusion",
                "Invalid value",
                "Field 'awaiting_payment' must be one of: true, false",
            )
        names = [each.casefold() for each in query.get("passenger_name[]", []) + query.get("passenger_name", [])]
        reference = query.get("booking_reference", [""])[-1]
        found = self._book.store.order_ids(dialect="duffel", locator=reference, limit=_LISTED)
        if sort != "-created_at":
            orders = [self._book.get(each) for each in found]
            orders.sort(key=lambda order: (*self._sort_key(sort, order), order.id), reverse=sort.startswith("-"))
            found = [order.id for order in orders]

        def keep(id: str) -> dict[str, Any] | None:  # noqa: A002
            order = self._book.get(id)
            if waits and order_view.awaiting(order) != (waits == "true"):
                return None
            if names and not any(name in _full_name(each) for name in names for each in order.passengers):
                return None
            return self.told(order)

        return paging.cut(found, asked, keep)

    def _sort_key(self, sort: str, order: Order) -> tuple[Any, ...]:
        field = sort.removeprefix("-")
        if field == "total_amount":
            return (order_view.price(order, self.minor).total,)
        if field == "payment_required_by":
            limit = order.time_limit if order_view.awaiting(order) else None
            return (limit.timestamp() if limit else float(_BIG),)
        return (order.created.timestamp(),)

    def update(self, id: str, metadata: dict[str, str]) -> Order:  # noqa: A002
        """Put other metadata in place of what it has. The key it was made with stays its key."""
        order = self.get(id)
        order.extra["metadata"] = metadata
        return self._book.save(order, order.version, "changed", metadata=True)


_SORTS = ("created_at", "total_amount", "payment_required_by")


def need_amount(given: Decimal, currency: str, total: Decimal, expected_currency: str, pointer: str) -> None:
    """Refuses (ApiError) any other amount or currency: the codes are those documented for payments."""
    if currency != expected_currency:
        raise invalid(
            f"{pointer}/currency",
            "payment_currency_does_not_match_order_currency",
            "Payment currency does not match order currency",
            f"The order's currency is {expected_currency}",
        )
    if given != total:
        raise invalid(
            f"{pointer}/amount",
            "payment_amount_does_not_match_order_amount",
            "Payment amount does not match order amount",
            f"The order's total is {total} {expected_currency}",
        )


def _turns(order: Order) -> list[datetime]:
    """When an order looks different though nobody changed it."""
    turns = [each for each in (order.time_limit, order.guarantee_until) if each is not None]
    return turns + [each.shown_from for each in order.documents if each.shown_from is not None]


def _full_name(passenger: Passenger) -> str:
    return f"{passenger.first_name} {passenger.last_name}".casefold()
