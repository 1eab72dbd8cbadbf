"""The supplier on a real socket, in a thread of its own, with its side doors; and a client that speaks to it."""

from __future__ import annotations

import asyncio
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from simulator.access import access
from simulator.book import Book
from simulator.clock import Clock
from simulator.control import Control
from simulator.duffel import Duffel
from simulator.faults import FaultBook
from simulator.server import HttpServer, Latency
from simulator.store import Store
from simulator.world import World

NOW = datetime(2026, 11, 21, 6, 0, tzinfo=UTC)
DAY = "2027-01-18"


class Shop:
    """A running supplier: `call` asks it as a client would, `door` is the control port."""

    def __init__(self, home: Path) -> None:
        self.store = Store(home / "simulator.sqlite3")
        self.clock = Clock(self.store)
        self.clock.set(NOW)
        self.clock.freeze()
        self.faults = FaultBook()
        world = World(1, self.clock, self.store.sold)
        self.book = Book(self.store, self.clock, world)
        latency = Latency()
        self._suppliers = HttpServer("127.0.0.1", 0, faults=self.faults, store=self.store, latency=latency)
        self._doors = HttpServer("127.0.0.1", 0)
        self.base = f"http://127.0.0.1:{self._suppliers.bind()}"
        control = f"http://127.0.0.1:{self._doors.bind()}"
        told = access(home, self.base, control)
        self.token, self.secret = told.duffel.token, told.duffel.webhook_secret
        self.duffel = Duffel(self.book, world, self.clock, self.store, self.faults, told)
        self.duffel.webhooks.retry_after = 0.05
        self._control = Control(self.book, self.faults, latency, webhooks=self.duffel.webhooks)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._open(), self._loop).result(10)
        self.answers: list[httpx.Response] = []
        self.client = httpx.Client(
            base_url=self.base, timeout=20, headers=self.headers(), event_hooks={"response": [self.answers.append]}
        )
        self.door = httpx.Client(base_url=control, timeout=20)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()

    async def _open(self) -> None:
        await self._suppliers.serve(self.duffel)
        await self._doors.serve(self._control)

    async def _shut(self) -> None:
        await self._suppliers.close()
        await self._doors.close()

    def close(self) -> None:
        self.client.close()
        self.door.close()
        asyncio.run_coroutine_threadsafe(self._shut(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()
        self.duffel.close()
        self.store.close()

    def headers(self, **other: str | None) -> dict[str, str]:
        known = {
            "Authorization": f"Bearer {self.token}",
            "Duffel-Version": "v2",
            "Accept": "application/json",
            **{name.replace("_", "-"): value for name, value in other.items()},
        }
        return {name: value for name, value in known.items() if value is not None}

    # -- what a client does -----------------------------------------------------------------------------------------

    def get(self, path: str, **query: Any) -> httpx.Response:
        return self.client.get(path, params=query)

    def post(self, path: str, data: object = None) -> httpx.Response:
        return self.client.post(path, json={"data": data}) if data is not None else self.client.post(path)

    def search(
        self,
        origin: str = "SXR",
        destination: str = "JED",
        passengers: list[dict[str, Any]] | None = None,
        **other: Any,
    ) -> dict[str, Any]:
        """A new offer request with its offers."""
        asked = {
            "slices": [{"origin": origin, "destination": destination, "departure_date": DAY}],
            "passengers": passengers or [{"type": "adult"}],
            **other,
        }
        answer = self.post("/air/offer_requests?return_offers=true", asked)
        assert answer.status_code == 201, answer.text
        return answer.json()["data"]

    def holdable(self, passengers: list[dict[str, Any]] | None = None, **other: Any) -> dict[str, Any]:
        """The first offer that can be held."""
        offers = self.search(passengers=passengers, **other)["offers"]
        return next(each for each in offers if not each["payment_requirements"]["requires_instant_payment"])

    def order(self, offer: dict[str, Any], **other: Any) -> dict[str, Any]:
        """The body of an order of an offer, for made-up passengers."""
        return {"type": "hold", "selected_offers": [offer["id"]], "passengers": people(offer), **other}

    def hold(self, passengers: list[dict[str, Any]] | None = None, **other: Any) -> dict[str, Any]:
        answer = self.post("/air/orders", self.order(self.holdable(passengers), **other))
        assert answer.status_code == 201, answer.text
        return answer.json()["data"]

    def payment(self, order: dict[str, Any], **other: Any) -> dict[str, Any]:
        told = {"type": "balance", "amount": order["total_amount"], "currency": order["total_currency"], **other}
        return {"order_id": order["id"], "payment": told}

    def pay(self, order: dict[str, Any], **other: Any) -> httpx.Response:
        return self.post("/air/payments", self.payment(order, **other))

    def quote(self, order: dict[str, Any]) -> dict[str, Any]:
        answer = self.post("/air/order_cancellations", {"order_id": order["id"]})
        assert answer.status_code == 201, answer.text
        return answer.json()["data"]

    def confirm(self, quote: dict[str, Any]) -> httpx.Response:
        return self.post(f"/air/order_cancellations/{quote['id']}/actions/confirm")

    def again(self, order: dict[str, Any]) -> dict[str, Any]:
        """The order as it is now."""
        return self.get(f"/air/orders/{order['id']}").json()["data"]

    # -- the side doors ---------------------------------------------------------------------------------------------

    def truth(self, order: dict[str, Any]) -> dict[str, Any]:
        return self.door.get(f"/truth/orders/{order['booking_reference']}").json()

    def fault(self, name: str, step: str, when: str = "before", **params: Any) -> None:
        answer = self.door.post("/faults", json={"name": name, "step": step, "when": when, "params": params})
        assert answer.status_code == 200, answer.text

    def advance(self, **time: float) -> None:
        seconds = time.get("seconds", 0) + 3600 * time.get("hours", 0) + 86400 * time.get("days", 0)
        assert self.door.post("/clock", json={"advance": seconds}).status_code == 200


GIVEN = ["Amelia", "Charles", "Junko", "Neil", "Sally", "Yuri", "Valentina", "Bessie", "Louis"]
FAMILY: list[dict[str, Any]] = [{"type": "adult"}, {"type": "adult"}, {"age": 7}, {"age": 1}]


def people(offer: dict[str, Any]) -> list[dict[str, Any]]:
    """Made-up passengers of the offer's ages; each infant with the first free adult."""
    born = {"adult": "1987-07-24", "child": "2018-05-05", "infant_without_seat": "2026-01-02"}
    made = [
        {
            "id": each["id"],
            "title": "ms",
            "gender": "f",
            "given_name": GIVEN[nth],
            "family_name": "Earhart",
            "born_on": born[each["type"]],
            "email": "traveller@example.com",
            "phone_number": "+442080160509",
            "identity_documents": [
                {
                    "type": "passport",
                    "unique_identifier": f"X10000{nth}",
                    "issuing_country_code": "GB",
                    "expires_on": "2031-04-25",
                }
            ],
        }
        for nth, each in enumerate(offer["passengers"])
    ]
    adults = [each for each, told in zip(made, offer["passengers"], strict=True) if told["type"] == "adult"]
    infants = [told["id"] for told in offer["passengers"] if told["type"] == "infant_without_seat"]
    for adult, infant in zip(adults, infants, strict=False):
        adult["infant_passenger_id"] = infant
    return made
