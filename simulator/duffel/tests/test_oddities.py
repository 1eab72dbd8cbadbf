"""What nobody should send: every place of every body with every odd value, and it is answered in Duffel's own words."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from simulator.duffel.tests.shop import DAY, Shop
from simulator.duffel.tests.test_refusals import refused

ODD: list[Any] = [
    *(None, [], {}, "", " ", "²", "\x00", "\ud800", -1, 10**30, 1.5, True, [[]], [{}], {"a": []}, "x" * 5000),
    *("9999-12-31", "0001-01-01", float("nan"), float("inf")),
]
JSON = {"Content-Type": "application/json"}


def places(value: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where something stands in a body, the body itself first."""
    yield above
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, each in pairs:
        yield from places(each, (*above, name))


def put(body: Any, place: tuple[Any, ...], value: Any) -> Any:
    """The body with another value in this place."""
    if not place:
        return value
    changed = inner = copy.deepcopy(body)
    for name in place[:-1]:
        inner = inner[name]
    inner[place[-1]] = value
    return changed


def sent(shop: Shop, path: str, data: Any) -> Any:
    """As a client that knows no limits writes it: halves of characters, and numbers that are none."""
    return shop.client.post(path, content=json.dumps({"data": data}).encode(), headers=JSON)


@pytest.fixture
def bodies(shop: Shop) -> dict[str, Any]:
    offer = shop.holdable()
    order = shop.order(offer, metadata={"key": "K-1"})
    order["passengers"][0]["loyalty_programme_accounts"] = [{"airline_iata_code": "BA", "account_number": "12901014"}]
    held = shop.hold()
    return {
        "/air/offer_requests": {
            "slices": [{"origin": "SXR", "destination": "JED", "departure_date": DAY}],
            "passengers": [{"type": "adult", "age": 30}],
            "cabin_class": "economy",
            "max_connections": 1,
        },
        "/air/orders": order,
        "/air/payments": shop.payment(held),
        "/air/order_cancellations": {"order_id": held["id"]},
        f"/air/offers/{offer['id']}/actions/price": {"intended_payment_methods": [{"type": "balance"}]},
        "/air/webhooks": {"url": "http://127.0.0.1:9/", "events": ["order.created"]},
    }


def test_an_odd_value_is_answered_wherever_it_stands(shop: Shop, bodies: dict[str, Any]) -> None:
    tried = 0
    for path, body in bodies.items():
        for place in places(body):
            for value in ODD:
                answer = sent(shop, path, put(body, place, value))
                assert answer.status_code in {200, 201, 400, 422}, (path, place, value, answer.text)
                assert "data" in answer.json() or answer.json()["errors"][0]["type"] in {
                    "airline_error",
                    "invalid_request_error",
                    "invalid_state_error",
                    "validation_error",
                }
                tried += 1
    assert tried > 800


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b'{"data":' + b"[" * 99_999, b"\xff", b'{"data":{"a":NaN}}'])
def test_what_is_no_body_is_told_so(shop: Shop, body: bytes) -> None:
    answer = shop.client.post("/air/orders", content=body, headers=JSON)
    assert answer.json()["errors"][0]["code"] in {"malformed_request_body", "invalid_data_param"}


@pytest.mark.parametrize("most", ["²", "1" * 5000, "-1", "x"])
def test_a_number_in_an_address_is_a_number(shop: Shop, most: str) -> None:
    answer = shop.get("/air/offers", offer_request_id=shop.search()["id"], max_connections=most)
    refused(answer, 422, "validation_error", "validation_format", "/max_connections")


def test_a_day_that_is_over_where_the_journey_begins_is_refused(shop: Shop) -> None:
    shop.clock.set(datetime(2026, 11, 21, 20, 0, tzinfo=UTC))  # the 22nd in India

    def search(origin: str, day: str) -> Any:
        asked = {"origin": origin, "destination": "DXB", "departure_date": day}
        return shop.post("/air/offer_requests", {"slices": [asked], "passengers": [{"type": "adult"}]})

    refused(search("DEL", "2026-11-21"), 422, "validation_error", "validation_format", "/slices/0/departure_date")
    assert search("DEL", "2026-11-22").status_code == 201
    assert search("JFK", "2026-11-21").status_code == 201


def test_a_price_that_is_moved_again_and_again_stays_a_price(shop: Shop) -> None:
    held = shop.hold()
    for percent in [1000] * 20 + [-90] * 40:
        shop.door.post(f"/airline/{held['booking_reference']}/price", json={"percent": percent})
        assert float(shop.again(held)["total_amount"]) > 0
    assert shop.pay(shop.again(held)).status_code == 201
