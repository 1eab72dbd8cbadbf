"""Duffel over HTTP: who may ask, which route it is, what is answered.

Every answer carries `x-request-id` and the rate limit, whose reset is an HTTP date by the machine's own clock: it is
real requests in real seconds that are counted. Bodies come and go under `data`.
"""

from __future__ import annotations

import hmac
import secrets
import time
from email.utils import formatdate

from simulator.access import Access
from simulator.book import Book
from simulator.clock import Clock
from simulator.duffel.asked import data_of
from simulator.duffel.errors import (
    ApiError,
    airline,
    bad_request,
    bad_version,
    missing_authorization,
    not_acceptable,
    not_found,
    rate_limited,
    unknown_token,
)
from simulator.duffel.events import Events
from simulator.duffel.offers import Offers
from simulator.duffel.orders import Orders
from simulator.duffel.routes import STEPS, Answered, Call, Route, Routes, routed, written
from simulator.duffel.settling import Settling
from simulator.duffel.troubles import Accepted, Troubles
from simulator.duffel.webhooks import Webhooks
from simulator.duffel.words import Words
from simulator.faults import FaultBook
from simulator.http import HttpAnswer, HttpRequest
from simulator.refusals import BookRefusal, SimultaneousChange
from simulator.store import Store
from simulator.world import World

_WINDOW = 60  # seconds
_JSON = "application/json"


class Duffel:
    """The supplier. `currency` is the one its offers are in; `most` is how many requests a minute are answered."""

    steps = STEPS

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
        offers = Offers(book, world, words, currency)
        orders = Orders(book, offers, words, access.amadeus.office)
        self.webhooks = Webhooks(book, access.duffel.webhook_secret)
        self._events = Events(book, orders, self.webhooks)
        self.webhooks.on_first, self.webhooks.on_close = self._events.begin, self._events.rest
        self._routes = Routes(book, offers, orders, Settling(book, orders), self.webhooks)
        self.most = most
        self._window, self._count = 0, 0

    # -- what the server asks -------------------------------------------------------------------------------------

    def step(self, request: HttpRequest) -> str:
        """`duffel.pay`; `duffel.unknown` where there is no such route."""
        found = routed(request)
        return f"duffel.{found[0].__name__}" if found else "duffel.unknown"

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
            status, body = 202, written({"meta": {"status": 202, "request_id": request_id}})
        except ApiError as error:
            status, body = error.status, written(error.told(request_id))
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
        found = routed(request)
        if found is None:
            raise not_found()
        self._events.watch()
        route, id = found  # noqa: A001
        call = Call(id, request.query, request.body, Troubles(self._faults, f"duffel.{route.__name__}"))
        try:
            return self._with_troubles(route, call)
        except SimultaneousChange:
            raise airline(502, "airline_internal", "The order was changed at the same time.", "airline") from None
        except BookRefusal as refusal:
            raise airline(422, "airline_internal", f"The airline refused: {refusal.said}", "airline") from None

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

    def _with_troubles(self, route: Route, call: Call) -> Answered:
        troubles = call.troubles
        try:
            troubles.answer("before")
        except Accepted:
            if route is Routes.create_order:
                self._never_made(call)
            raise
        answered = route(self._routes, call)
        # Reads tell too: what the airline or the clock did is told with the next request at the latest.
        self._store.after_commit(lambda: self._events.tell(troubles.events))
        troubles.answer("after")
        return answered

    def _never_made(self, call: Call) -> None:
        """An order that was accepted and could not be made: the only word of it is an event."""
        key = f"failed-{secrets.token_hex(12)}"
        offers = data_of(call.body).get("selected_offers")
        self._store.after_commit(
            lambda: self.webhooks.tell("order.creation_failed", key, {"selected_offers": offers}, {})
        )
