"""Duffel over HTTP: who may ask, which route it is, what is answered.

Every answer carries `x-request-id` and the rate limit, whose reset is an HTTP date by the machine's own clock: it is
real requests in real seconds that are counted. Bodies come and go under `data`.
"""

from __future__ import annotations

import hmac
import json
import re
import secrets
import time
from collections.abc import Callable
from email.utils import formatdate
from typing import Any

from simulator.access import Access
from simulator.book import Book
from simulator.clock import Clock
from simulator.duffel import asked
from simulator.duffel.errors import (
    ApiError,
    airline,
    bad_request,
    bad_version,
    blank,
    invalid,
    missing_authorization,
    not_acceptable,
    not_found,
    rate_limited,
    unknown_token,
)
from simulator.duffel.events import Events
from simulator.duffel.offers import Offers
from simulator.duffel.orders import Orders
from simulator.duffel.settling import Settling
from simulator.duffel.troubles import Accepted, Troubles
from simulator.duffel.webhooks import Webhooks
from simulator.duffel.words import Words
from simulator.faults import FaultBook
from simulator.http import HttpAnswer, HttpRequest
from simulator.refusals import BookRefusal, SimultaneousChange
from simulator.store import Store
from simulator.world import World

_ID = r"([A-Za-z0-9_]{1,64})"
_ROUTES: tuple[tuple[str, str, str], ...] = (
    ("GET", rf"/air/orders/{_ID}", "get_order"),
    ("POST", r"/air/offer_requests", "offer_request"),
    ("GET", rf"/air/offer_requests/{_ID}", "get_offer_request"),
    ("GET", r"/air/offers", "list_offers"),
    ("GET", rf"/air/offers/{_ID}", "offer"),
    ("POST", rf"/air/offers/{_ID}/actions/price", "price"),
    ("POST", r"/air/orders", "create_order"),
    ("GET", r"/air/orders", "list_orders"),
    ("PATCH", rf"/air/orders/{_ID}", "update_order"),
    ("POST", r"/air/payments", "pay"),
    ("GET", rf"/air/payments/{_ID}", "get_payment"),
    ("POST", r"/air/order_cancellations", "create_cancellation"),
    ("GET", rf"/air/order_cancellations/{_ID}", "get_cancellation"),
    ("POST", rf"/air/order_cancellations/{_ID}/actions/confirm", "confirm_cancellation"),
    ("POST", r"/air/webhooks", "create_webhook"),
    ("GET", r"/air/webhooks", "list_webhooks"),
    ("DELETE", rf"/air/webhooks/{_ID}", "delete_webhook"),
)
_MATCHERS = tuple((method, re.compile(pattern), name) for method, pattern, name in _ROUTES)
_WINDOW = 60  # seconds
_JSON = "application/json"

Answered = tuple[int, bytes]


class Duffel:
    """The supplier. `currency` is the one its offers are in; `most` is how many requests a minute are answered."""

    def __init__(
        self,
        book: Book,
        world: World,
        clock: Clock,
        store: Store,
        faults: FaultBook,
        access: Access,
        *,
        currency: str = "INR",
        most: int = 120_000,
    ) -> None:
        self._book, self._clock, self._store, self._faults = book, clock, store, faults
        self._token = access.duffel.token.encode()
        words = Words(world)
        self._words = words
        self._offers = Offers(book, world, words, currency)
        self._orders = Orders(book, self._offers, words, access.amadeus.office)
        self._settling = Settling(book, self._orders)
        self.webhooks = Webhooks(book, access.duffel.webhook_secret)
        self.events = Events(book, self._orders, self.webhooks)
        self.webhooks.on_first = self.events.begin
        self.most = most
        self._window, self._count = 0, 0

    # -- what the server asks -------------------------------------------------------------------------------------

    def step(self, request: HttpRequest) -> str:
        """`duffel.pay`; `duffel.unknown` where there is no such route."""
        return f"duffel.{_route(request)[0]}"

    def handle(self, request: HttpRequest) -> HttpAnswer:
        """Answer one request. Everything it changes, it changes in the store."""
        request_id = secrets.token_urlsafe(15)
        window = int(time.time()) // _WINDOW
        if window != self._window:
            self._window, self._count = window, 0
        self._count += 1
        try:
            status, body = self._admitted(request)
        except Accepted:
            status, body = 202, _written({"meta": {"status": 202, "request_id": request_id}})
        except ApiError as error:
            status, body = error.status, _written(error.told(request_id))
        return HttpAnswer(
            status,
            {
                "content-type": _JSON,
                "x-request-id": request_id,
                "ratelimit-limit": str(self.most),
                "ratelimit-remaining": "0" if status == 429 else str(max(0, self.most - self._count)),
                "ratelimit-reset": formatdate((window + 1) * _WINDOW, usegmt=True),
            },
            body,
        )

    def close(self) -> None:
        """Deliver no more events."""
        self.webhooks.close()

    def _admitted(self, request: HttpRequest) -> Answered:
        self._check_headers(request)
        if self._count > self.most:
            raise rate_limited()
        name, id = _route(request)  # noqa: A001
        if name == "unknown":
            raise not_found()
        troubles = Troubles(self._faults, f"duffel.{name}")
        try:
            answered = self._with(troubles, name, id, request)
        except SimultaneousChange:
            raise airline(502, "airline_internal", "The order was changed at the same time.", "airline") from None
        except BookRefusal as refusal:
            raise airline(422, "airline_internal", f"The airline refused: {refusal.said}", "airline") from None
        return answered

    def _check_headers(self, request: HttpRequest) -> None:
        """In the order in which the real one complains: who, which version, which format."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.casefold() != "bearer" or not token.strip():
            raise missing_authorization()
        if not hmac.compare_digest(token.strip().encode(), self._token):
            raise unknown_token()
        version = request.headers.get("duffel-version", "")
        if version != "v2":
            raise bad_version(version)
        accept = request.headers.get("accept", "*/*")
        if not any(kind in accept for kind in (_JSON, "application/*", "*/*")):
            raise not_acceptable()
        if request.body and _JSON not in request.headers.get("content-type", ""):
            raise bad_request(
                "invalid_content_type", "Invalid content type", "The 'Content-Type' header must be 'application/json'."
            )

    # -- one request and its faults ---------------------------------------------------------------------------------

    def _with(self, troubles: Troubles, name: str, id: str, request: HttpRequest) -> Answered:  # noqa: A002
        call: Callable[[Troubles, str, HttpRequest], Answered] = getattr(self, f"_{name}")
        if not troubles:
            answered = call(troubles, id, request)
        else:
            try:
                troubles.answer("before")
            except Accepted:
                self._never_made(name, request)
                raise
            answered = call(troubles, id, request)
        # Reads tell too: what the airline or the clock did is told with the next request.
        self._store.after_commit(lambda: self.events.tell(troubles.events))
        if troubles:
            troubles.answer("after")
        return answered

    def _never_made(self, name: str, request: HttpRequest) -> None:
        """An order that was accepted and could not be made: the only word of it is an event."""
        if name == "create_order":
            key = f"failed-{secrets.token_hex(12)}"
            offers = asked.data_of(request.body).get("selected_offers")
            self._store.after_commit(
                lambda: self.webhooks.tell("order.creation_failed", key, {"selected_offers": offers}, {})
            )

    # -- routes ---------------------------------------------------------------------------------------------------

    def _offer_request(self, troubles: Troubles, id: str, request: HttpRequest) -> Answered:  # noqa: A002
        search = self._offers.search(asked.read_search(asked.data_of(request.body), self._clock.now().date()))
        with_offers = request.query.get("return_offers", ["true"])[-1] != "false"
        return 201, _data(self._offers.told_request(search, with_offers))

    def _get_offer_request(self, troubles: Troubles, id: str, request: HttpRequest) -> Answered:  # noqa: A002
        return 200, _data(self._offers.told_request(self._offers.request(id), True))

    def _list_offers(self, troubles: Troubles, id: str, request: HttpRequest) -> Answered:  # noqa: A002
        of = request.query.get("offer_request_id", [""])[-1]
        if not of:
            raise blank("/offer_request_id")
        return 200, _listed(*self._offers.page(of, request.query))

    def _offer(self, troubles: Troubles, id: str, request: HttpRequest) -> Answered:  # noqa: A002
        troubles.meet_offer(self._offers, id, "before")
        body = _data(self._offers.told(self._offers.read(id)))
        troubles.meet_offer(self._offers, id, "after")
        return 200, body

    def _price(self, troubles: Troubles, id: str, request: HttpRequest) -> Answered:  # noqa: A002
        data = asked.data_of(request.body) if request.body else {}
        if data.get("intended_services"):
            raise invalid(
                "/intended_services", "not_found", "Linked record(s) not found", "The offer has no such services"
            )
        troubles.meet_offer(self._offers, id, "before")
        offer = self._offers.read(id)
        told = self._offers.told(offer) | {
            "intended_payment_methods": [
                {
                    "type": each["type"],
                    "surcharge_amount": None,
                    "surcharge_currency": None,
                    "charge_amount": None,
                    "charge_currency": None,
                }
                for each in data.get("intended_payment_methods") or []
                if isinstance(each, dict) and each.get("type") in {"balance", "arc_bsp_cash"}
            ],
            "intended_services": [],
        }
        troubles.meet_offer(self._offers, id, "after")
        return 200, _data(told)

    def _create_order(self, troubles: Troubles, id: str, request: HttpRequest) -> Answered:  # noqa: A002
        wanted = asked.read_order(asked.data_of(request.body), self._clock.now().date())
        troubles.meet_offer(self._offers, wanted.offer, "before")
        with self._store.transaction():
            order = self._orders.create(wanted)
            if wanted.payment is not None:
                self._settling.take(order, wanted.payment, troubles.issue(order))
                order = self._orders.get(order.id)
        body = _data(self._orders.told(order))
        troubles.meet_order(self._book, order.id, "after")
        return 201, body

    def _get_order(self, troubles: Troubles, id: str, request: HttpRequest) -> Answered:  # noqa: A002
        if not troubles:
            return 200, self._orders.body(id)
        troubles.meet_order(self._book, id, "before")
        body = self._orders.body(id)
        troubles.meet_order(self._book, id, "after")
        return 200, body

    def _list_orders(self, troubles: Troubles, id: str, request: HttpRequest) -> Answered:  # noqa: A002
        return 200, _listed(*self._orders.page(request.query))

    def _update_order(self, troubles: Troubles, id: str, request: HttpRequest) -> Answered:  # noqa: A002
        order = self._orders.update(id, asked.read_metadata(asked.data_of(request.body).get("metadata")))
        return 200, _data(self._orders.told(order))

    def _pay(self, troubles: Troubles, id: str, request: HttpRequest) -> Answered:  # noqa: A002
        data = asked.data_of(request.body)
        of, payment = asked.read_order_id(data), asked.read_payment(data.get("payment"), "/payment")
        troubles.meet_order(self._book, of, "before")
        issue = troubles.issue(self._orders.get(of)) if troubles else None
        paid = self._settling.pay(of, payment, issue) if issue else self._settling.pay(of, payment)
        troubles.meet_order(self._book, of, "after")
        return 201, _data(paid)

    def _get_payment(self, troubles: Troubles, id: str, request: HttpRequest) -> Answered:  # noqa: A002
        return 200, _data(self._settling.payment(id))

    def _create_cancellation(self, troubles: Troubles, id: str, request: HttpRequest) -> Answered:  # noqa: A002
        of = asked.read_order_id(asked.data_of(request.body))
        troubles.meet_order(self._book, of, "before")
        quote = self._settling.quote(of)
        self._store.after_commit(
            lambda: self.webhooks.tell("order_cancellation.created", quote["id"], quote, troubles.events)
        )
        troubles.meet_order(self._book, of, "after")
        return 201, _data(quote)

    def _get_cancellation(self, troubles: Troubles, id: str, request: HttpRequest) -> Answered:  # noqa: A002
        return 200, _data(self._settling.cancellation(id))

    def _confirm_cancellation(self, troubles: Troubles, id: str, request: HttpRequest) -> Answered:  # noqa: A002
        if troubles.at("time_limit_passed", "before"):
            self._settling.expire(id)
        elif troubles:
            troubles.meet_order(self._book, self._settling.cancellation(id)["order_id"], "before")
        return 200, _data(self._settling.confirm(id))

    def _create_webhook(self, troubles: Troubles, id: str, request: HttpRequest) -> Answered:  # noqa: A002
        data = asked.data_of(request.body)
        url, events = data.get("url"), data.get("events")
        if not isinstance(url, str) or not url:
            raise blank("/url")
        if not isinstance(events, list) or not events:
            raise blank("/events")
        try:
            told = self.webhooks.register(url, [str(each) for each in events])
        except ValueError as wrong:
            raise invalid("/url", "validation_format", "Invalid format", str(wrong)) from None
        return 201, _data(told)

    def _list_webhooks(self, troubles: Troubles, id: str, request: HttpRequest) -> Answered:  # noqa: A002
        return 200, _listed(self.webhooks.receivers(), {"limit": 50, "after": None, "before": None})

    def _delete_webhook(self, troubles: Troubles, id: str, request: HttpRequest) -> Answered:  # noqa: A002
        if not self.webhooks.forget(id):
            raise not_found()
        return 204, b""


def _route(request: HttpRequest) -> tuple[str, str]:
    """(name, the id in the path); `unknown` where there is no such route."""
    for method, pattern, name in _MATCHERS:
        if method == request.method:
            found = pattern.fullmatch(request.path)
            if found:
                return name, found[1] if pattern.groups else ""
    return "unknown", ""


def _written(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def _data(value: object) -> bytes:
    return _written({"data": value})


def _listed(things: list[dict[str, Any]], meta: dict[str, Any]) -> bytes:
    return _written({"data": things, "meta": meta})
