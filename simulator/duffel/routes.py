"""The routes of Duffel's interface: what is read from a request and what is answered."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from simulator.book import Book
from simulator.duffel import asked
from simulator.duffel.errors import blank, invalid, not_found
from simulator.duffel.offers import Offers
from simulator.duffel.orders import Orders
from simulator.duffel.settling import Settling
from simulator.duffel.troubles import Troubles
from simulator.duffel.webhooks import Webhooks
from simulator.http import HttpRequest

Answered = tuple[int, bytes]


@dataclass(frozen=True, slots=True)
class Call:
    """One request on its route: `id` is the one in the path, `troubles` the faults that hit it."""

    id: str
    query: dict[str, list[str]]
    body: bytes
    troubles: Troubles


class Routes:
    """One method a route."""

    def __init__(self, book: Book, offers: Offers, orders: Orders, settling: Settling, webhooks: Webhooks) -> None:
        self._book, self._offers, self._orders = book, offers, orders
        self._settling, self._webhooks = settling, webhooks

    def offer_request(self, call: Call) -> Answered:
        search = self._offers.search(asked.read_search(asked.data_of(call.body), self._book.clock.now().date()))
        with_offers = call.query.get("return_offers", ["true"])[-1] != "false"
        return 201, _data(self._offers.told_request(search, with_offers))

    def get_offer_request(self, call: Call) -> Answered:
        return 200, _data(self._offers.told_request(self._offers.request(call.id), True))

    def list_offers(self, call: Call) -> Answered:
        of = call.query.get("offer_request_id", [""])[-1]
        if not of:
            raise blank("/offer_request_id")
        return 200, _listed(*self._offers.page(of, call.query))

    def offer(self, call: Call) -> Answered:
        call.troubles.meet_offer(self._offers, call.id, "before")
        body = _data(self._offers.told(self._offers.read(call.id)))
        call.troubles.meet_offer(self._offers, call.id, "after")
        return 200, body

    def price(self, call: Call) -> Answered:
        data = asked.data_of(call.body) if call.body else {}
        if data.get("intended_services"):
            raise invalid(
                "/intended_services", "not_found", "Linked record(s) not found", "The offer has no such services"
            )
        call.troubles.meet_offer(self._offers, call.id, "before")
        offer = self._offers.read(call.id)
        told = self._offers.told(offer) | {
            "intended_payment_methods": [
                {
                    "type": method,
                    "surcharge_amount": None,
                    "surcharge_currency": None,
                    "charge_amount": None,
                    "charge_currency": None,
                }
                for method in asked.read_methods(data)
            ],
            "intended_services": [],
        }
        call.troubles.meet_offer(self._offers, call.id, "after")
        return 200, _data(told)

    def create_order(self, call: Call) -> Answered:
        wanted = asked.read_order(asked.data_of(call.body), self._book.clock.now().date())
        call.troubles.meet_offer(self._offers, wanted.offer, "before")
        with self._book.store.transaction():
            order = self._orders.create(wanted)
            if wanted.payment is not None:
                self._settling.take(order, wanted.payment, call.troubles.issue(order))
                order = self._orders.get(order.id)
        body = _data(self._orders.told(order))
        call.troubles.meet_order(self._book, order.id, "after")
        return 201, body

    def get_order(self, call: Call) -> Answered:
        if not call.troubles:
            return 200, self._orders.body(call.id)
        call.troubles.meet_order(self._book, call.id, "before")
        body = self._orders.body(call.id)
        call.troubles.meet_order(self._book, call.id, "after")
        return 200, body

    def list_orders(self, call: Call) -> Answered:
        return 200, _listed(*self._orders.page(call.query))

    def update_order(self, call: Call) -> Answered:
        order = self._orders.update(call.id, asked.read_metadata(asked.data_of(call.body).get("metadata")))
        return 200, _data(self._orders.told(order))

    def pay(self, call: Call) -> Answered:
        data = asked.data_of(call.body)
        of, payment = asked.read_order_id(data), asked.read_payment(data.get("payment"), "/payment")
        call.troubles.meet_order(self._book, of, "before")
        paid = self._settling.pay(of, payment, call.troubles.issue)
        call.troubles.meet_order(self._book, of, "after")
        return 201, _data(paid)

    def get_payment(self, call: Call) -> Answered:
        return 200, _data(self._settling.payment(call.id))

    def create_cancellation(self, call: Call) -> Answered:
        of = asked.read_order_id(asked.data_of(call.body))
        call.troubles.meet_order(self._book, of, "before")
        quote = self._settling.quote(of)
        self._book.store.after_commit(
            lambda: self._webhooks.tell("order_cancellation.created", quote["id"], quote, call.troubles.events)
        )
        call.troubles.meet_order(self._book, of, "after")
        return 201, _data(quote)

    def get_cancellation(self, call: Call) -> Answered:
        return 200, _data(self._settling.cancellation(call.id))

    def confirm_cancellation(self, call: Call) -> Answered:
        if call.troubles.at("time_limit_passed", "before"):
            self._settling.expire(call.id)
        elif call.troubles:
            call.troubles.meet_order(self._book, self._settling.cancellation(call.id)["order_id"], "before")
        return 200, _data(self._settling.confirm(call.id))

    def create_webhook(self, call: Call) -> Answered:
        data = asked.data_of(call.body)
        url, events = data.get("url"), data.get("events")
        if not isinstance(url, str) or not url:
            raise blank("/url")
        if not isinstance(events, list) or not events:
            raise blank("/events")
        try:
            told = self._webhooks.register(url, [str(each) for each in events])
        except ValueError as wrong:
            raise invalid("/url", "validation_format", "Invalid format", str(wrong)) from None
        return 201, _data(told)

    def list_webhooks(self, call: Call) -> Answered:
        return 200, _listed(self._webhooks.receivers(), {"limit": 50, "after": None, "before": None})

    def delete_webhook(self, call: Call) -> Answered:
        if not self._webhooks.forget(call.id):
            raise not_found()
        return 204, b""


Route = Callable[[Routes, Call], Answered]
_ID = r"([A-Za-z0-9_]{1,64})"
_ROUTES: tuple[tuple[str, re.Pattern[str], Route], ...] = tuple(
    (method, re.compile(pattern), route)
    for method, pattern, route in (
        ("GET", rf"/air/orders/{_ID}", Routes.get_order),  # first: it is asked most
        ("POST", r"/air/offer_requests", Routes.offer_request),
        ("GET", rf"/air/offer_requests/{_ID}", Routes.get_offer_request),
        ("GET", r"/air/offers", Routes.list_offers),
        ("GET", rf"/air/offers/{_ID}", Routes.offer),
        ("POST", rf"/air/offers/{_ID}/actions/price", Routes.price),
        ("POST", r"/air/orders", Routes.create_order),
        ("GET", r"/air/orders", Routes.list_orders),
        ("PATCH", rf"/air/orders/{_ID}", Routes.update_order),
        ("POST", r"/air/payments", Routes.pay),
        ("GET", rf"/air/payments/{_ID}", Routes.get_payment),
        ("POST", r"/air/order_cancellations", Routes.create_cancellation),
        ("GET", rf"/air/order_cancellations/{_ID}", Routes.get_cancellation),
        ("POST", rf"/air/order_cancellations/{_ID}/actions/confirm", Routes.confirm_cancellation),
        ("POST", r"/air/webhooks", Routes.create_webhook),
        ("GET", r"/air/webhooks", Routes.list_webhooks),
        ("DELETE", rf"/air/webhooks/{_ID}", Routes.delete_webhook),
    )
)


STEPS = frozenset({f"duffel.{route.__name__}" for _, _, route in _ROUTES} | {"duffel.unknown"})


def routed(request: HttpRequest) -> tuple[Route, str] | None:
    """The route and the id in the path; None where there is no such route."""
    for method, pattern, route in _ROUTES:
        if method == request.method:
            found = pattern.fullmatch(request.path)
            if found:
                return route, found[1] if pattern.groups else ""
    return None


def written(value: object) -> bytes:
    """As JSON."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def _data(value: object) -> bytes:
    return written({"data": value})


def _listed(things: list[dict[str, Any]], meta: dict[str, Any]) -> bytes:
    return written({"data": things, "meta": meta})
