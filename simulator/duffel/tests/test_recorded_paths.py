"""The simulator is no private dialect: every key it uses is in a recording of the same object, with a value of the
recorded type. A whole walk is looked at here; every other answer of every test where the shop is closed (conftest)."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from simulator.duffel.tests.receiver import Receiver
from simulator.duffel.tests.recorded import FURTHER, RECORDED, V2, dishonest, owned, recorded, strange, typed_paths
from simulator.duffel.tests.shop import FAMILY, Shop


def whole_walk(shop: Shop, receiver: Receiver) -> list[tuple[str, Any]]:
    """(kind, object) of every answer and event of a family's orders: held, paid, changed, refunded, refused."""
    seen: list[tuple[str, Any]] = []

    def told(kind: str, answer: Any, status: int = 200) -> Any:
        assert answer.status_code == status, answer.text
        body = answer.json()
        if "errors" in body or status == 202:
            seen.append(("accepted" if status == 202 else "error", body))
            return body
        many = body["data"] if isinstance(body["data"], list) else [body["data"]]
        seen.extend((kind, each) for each in many)
        if "meta" in body:
            seen.append(("list", {"meta": body["meta"]}))
        return body["data"]

    told("webhook", shop.post("/air/webhooks", {"url": receiver.url, "events": ["order.created"]}), 201)
    shop.door.post("/webhooks", json={"url": receiver.url})
    told("webhook", shop.get("/air/webhooks"))
    there_and_back = [
        {"origin": "DEL", "destination": "LON", "departure_date": "2027-01-18"},
        {"origin": "LHR", "destination": "DEL", "departure_date": "2027-01-28"},
    ]
    asked = {"slices": there_and_back, "passengers": FAMILY, "cabin_class": "economy", "max_connections": 2}
    request = told("offer_request", shop.post("/air/offer_requests?return_offers=true", asked), 201)
    told("offer_request", shop.get(f"/air/offer_requests/{request['id']}"))
    told("offer", shop.get("/air/offers", offer_request_id=request["id"], limit=3))
    offer = told("offer", shop.get(f"/air/offers/{request['offers'][0]['id']}"))
    methods = {"intended_payment_methods": [{"type": "balance"}]}
    told("priced_offer", shop.post(f"/air/offers/{offer['id']}/actions/price", methods))
    offer = next(each for each in request["offers"] if not each["payment_requirements"]["requires_instant_payment"])
    body = shop.order(offer, metadata={"key": "K-7", "anything at all": "1"})
    body["passengers"][0]["loyalty_programme_accounts"] = [{"airline_iata_code": "BA", "account_number": "12901014"}]
    held = told("order", shop.post("/air/orders", body), 201)
    told("order", shop.get("/air/orders", limit=1))
    told("payment", shop.pay(held), 201)
    told("error", shop.pay(held), 422)
    told("order", shop.get(f"/air/orders/{held['id']}"))
    shop.advance(days=2)
    quote = told("cancellation", shop.post("/air/order_cancellations", {"order_id": held["id"]}), 201)
    told("cancellation", shop.get(f"/air/order_cancellations/{quote['id']}"))
    told("cancellation", shop.confirm(quote))
    told("order", shop.get(f"/air/orders/{held['id']}"))
    told("order", shop.client.patch(f"/air/orders/{held['id']}", json={"data": {"metadata": {"a": "b"}}}))
    changed = told("order", shop.post("/air/orders", shop.order(shop.holdable(FAMILY))), 201)
    shop.door.post(f"/airline/{changed['booking_reference']}/segments/1", json={"status": "UN"})
    told("order", shop.get(f"/air/orders/{changed['id']}"))
    told("error", shop.get("/air/orders/ord_0000000000000000000000"), 404)
    told("error", shop.post("/air/offer_requests", {"slices": []}), 422)
    shop.fault("issue_refused", "duffel.create_order")
    told("error", shop.post("/air/orders", shop.order(shop.holdable())), 502)
    shop.fault("accepted_202", "duffel.create_order")
    told("accepted", shop.post("/air/orders", shop.order(shop.holdable())), 202)
    things = {"order": "order", "payment": "payment", "order_cancellation": "cancellation"}
    for event in receiver.wait(9):
        seen.append(("event", {**event, "data": {"object": {}}}))
        kind = "change" if event["idempotency_key"].startswith("aic_") else things[event["type"].split(".")[0]]
        if event["type"] != "order.creation_failed":
            seen.append((kind, event["data"]["object"]))
    return seen


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, set[str]]]:
    """The types that each path of each kind of object has in the answers of the whole walk."""
    shop, receiver = Shop(tmp_path_factory.mktemp("shop")), Receiver()
    found: dict[str, dict[str, set[str]]] = {}
    try:
        for kind, thing in whole_walk(shop, receiver):
            for owner, path, type_ in owned(kind, thing):
                found.setdefault(owner, {}).setdefault(path, set()).add(type_)
    finally:
        receiver.close()
        shop.close()
    return found


def test_every_key_of_every_answer_is_recorded_for_the_same_object(used: dict[str, dict[str, set[str]]]):
    strangers = {
        kind: sorted(set(paths) - set(recorded(kind)) - set(FURTHER.get(kind, {}))) for kind, paths in used.items()
    }
    assert {kind: paths for kind, paths in strangers.items() if paths} == {}
    assert set(used) >= set(V2) | set(FURTHER)


def test_every_value_has_a_type_that_was_recorded_for_it(used: dict[str, dict[str, set[str]]]):
    wrong = [
        (kind, path, type_)
        for kind, paths in used.items()
        for path, types in paths.items()
        for type_ in types
        if strange(kind, path, type_)
    ]
    assert wrong == []


def test_a_key_that_no_recording_has_and_a_value_of_another_type_are_found_out(shop: Shop):
    order = shop.hold()
    answer = shop.get(f"/air/orders/{order['id']}")
    assert dishonest([answer]) == set()
    told = {"data": {**order, "invented": 1, "booking_reference": 7, "slices": [{**order["slices"][0], "made_up": {}}]}}
    spoilt = httpx.Response(200, json=told, request=answer.request)
    assert dishonest([spoilt]) == {
        ("order", "invented", "number"),
        ("order", "booking_reference", "number"),
        ("order", "slices[].made_up", "object"),
    }


def test_the_further_paths_are_needed_and_stand_where_they_are_said_to(used: dict[str, dict[str, set[str]]]):
    for kind, paths in FURTHER.items():
        for path, source in paths.items():
            assert path not in recorded(kind)
            assert path in used[kind]
            if source.endswith(".json") and source.startswith(("v1/", "vectors/")):
                folder = RECORDED / "duffel" if source.startswith("v1/") else RECORDED
                text = (folder / source).read_text()
                assert path.split(".")[-1] in text


def test_what_a_recorded_order_always_has_ours_has_too(used: dict[str, dict[str, set[str]]]):
    both = [json.loads((RECORDED / "duffel" / "v2" / "mockOrder.json").read_text())]
    both += json.loads((RECORDED / "duffel" / "v2" / "mockOnHoldOrders.json").read_text())
    always = set.intersection(*({path for path, _ in typed_paths(each) if "." not in path} for each in both))
    assert {path for path in always if "[]" not in path} <= set(used["order"])
