"""Lists come in pages with opaque cursors, newest first or as asked, filtered as documented."""

from __future__ import annotations

from typing import Any

from simulator.duffel.tests.shop import Shop


def walked(shop: Shop, path: str, **query: Any) -> list[list[dict[str, Any]]]:
    """All pages, by their cursors."""
    pages, after = [], None
    while True:
        body = shop.get(path, **query, **({"after": after} if after else {})).json()
        pages.append(body["data"])
        after = body["meta"]["after"]
        if after is None:
            return pages


def test_offers_are_paged_by_cursor_cheapest_first(shop: Shop):
    request = shop.search()
    pages = walked(shop, "/air/offers", offer_request_id=request["id"], limit=7)
    assert all(len(page) == 7 for page in pages[:-1])
    assert 1 <= len(pages[-1]) <= 7
    offers = [each for page in pages for each in page]
    assert sorted(each["id"] for each in offers) == sorted(each["id"] for each in request["offers"])
    prices = [float(each["total_amount"]) for each in offers]
    assert prices == sorted(prices)
    dear = shop.get("/air/offers", offer_request_id=request["id"], sort="-total_amount", limit=1).json()["data"][0]
    assert float(dear["total_amount"]) == max(prices)
    quick = shop.get("/air/offers", offer_request_id=request["id"], sort="total_duration", limit=200).json()["data"]
    assert len(quick[0]["slices"][0]["segments"]) == 1
    direct = shop.get("/air/offers", offer_request_id=request["id"], max_connections=0, limit=200).json()["data"]
    assert {len(each["slices"][0]["segments"]) for each in direct} == {1}


def test_a_page_knows_the_one_before_it(shop: Shop):
    request = shop.search()
    first = shop.get("/air/offers", offer_request_id=request["id"], limit=5).json()
    second = shop.get("/air/offers", offer_request_id=request["id"], limit=5, after=first["meta"]["after"]).json()
    assert first["meta"]["before"] is None
    back = shop.get("/air/offers", offer_request_id=request["id"], limit=5, before=second["meta"]["before"]).json()
    assert back["data"] == first["data"]
    assert back["meta"]["before"] is None


def test_orders_are_listed_newest_first_and_found_by_what_is_known_of_them(shop: Shop):
    orders = []
    for nth in range(5):
        orders.append(shop.hold(metadata={"key": f"K-{nth}"}))
        shop.advance(seconds=60)
    shop.pay(orders[2])
    pages = walked(shop, "/air/orders", limit=2)
    assert [len(page) for page in pages] == [2, 2, 1]
    assert [each["id"] for page in pages for each in page] == [each["id"] for each in reversed(orders)]
    assert [each["metadata"]["key"] for each in pages[0]] == ["K-4", "K-3"]

    found = shop.get("/air/orders", booking_reference=orders[1]["booking_reference"]).json()["data"]
    assert [each["id"] for each in found] == [orders[1]["id"]]
    assert shop.get("/air/orders", booking_reference="NONE99").json()["data"] == []
    waiting = shop.get("/air/orders", awaiting_payment="true").json()["data"]
    assert {each["id"] for each in waiting} == {each["id"] for each in orders} - {orders[2]["id"]}
    paid = shop.get("/air/orders", awaiting_payment="false").json()["data"]
    assert [each["id"] for each in paid] == [orders[2]["id"]]
    oldest = shop.get("/air/orders", sort="created_at", limit=1).json()["data"]
    assert [each["id"] for each in oldest] == [orders[0]["id"]]


def test_orders_are_found_by_the_names_of_their_passengers(shop: Shop):
    order = shop.order(shop.holdable())
    order["passengers"][0].update(given_name="Ibn", family_name="Battuta")
    held = shop.post("/air/orders", order).json()["data"]
    shop.hold()
    for names in (["battuta"], ["IBN BATTUTA"], ["nobody", "battu"]):
        found = shop.get("/air/orders", **{"passenger_name[]": names}).json()["data"]
        assert [each["id"] for each in found] == [held["id"]]
    assert shop.get("/air/orders", **{"passenger_name[]": ["Marco Polo"]}).json()["data"] == []


def test_a_limit_or_cursor_that_makes_no_sense_is_refused(shop: Shop):
    request = shop.search()
    for limit in ("0", "201", "x", "-1", "²"):
        answer = shop.get("/air/orders", limit=limit)
        assert (answer.status_code, answer.json()["errors"][0]["source"]["pointer"]) == (422, "/limit")
    for cursor in ("x", "YXQ6b3JkX25vbmU=", "%%%"):
        answer = shop.get("/air/offers", offer_request_id=request["id"], after=cursor)
        assert (answer.status_code, answer.json()["errors"][0]["type"]) == (400, "invalid_request_error")
    assert shop.get("/air/offers").status_code == 422
    assert shop.get("/air/offers", offer_request_id="orq_none").status_code == 404
    assert shop.get("/air/orders", sort="colour").status_code == 422
    assert shop.get("/air/orders", awaiting_payment="maybe").status_code == 422
