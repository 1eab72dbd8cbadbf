"""The whole of an order: searched, held, paid, cancelled; by a family and by one."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from simulator.duffel.tests.shop import DAY, FAMILY, Shop


def test_a_family_searches_holds_pays_and_gets_a_document_each(shop: Shop):
    search = shop.search(passengers=FAMILY)
    assert [each["type"] for each in search["passengers"]] == ["adult", "adult", "child", "infant_without_seat"]
    assert len(search["offers"]) > 10
    held = shop.hold(FAMILY, metadata={"key": "K-1"})
    assert held["payment_status"]["awaiting_payment"] is True
    assert held["documents"] == []
    adults = [each for each in held["passengers"] if each["type"] == "adult"]
    infant = next(each for each in held["passengers"] if each["type"] == "infant_without_seat")
    assert [each["infant_passenger_id"] for each in adults] == [infant["id"], None]

    paid = shop.pay(held)

    assert paid.status_code == 201
    assert paid.json()["data"]["amount"] == held["total_amount"]
    order = shop.again(held)
    assert order["payment_status"]["awaiting_payment"] is False
    assert order["payment_status"]["paid_at"] is not None
    assert sorted(each["passenger_ids"][0] for each in order["documents"]) == sorted(
        each["id"] for each in order["passengers"]
    )
    numbers = [each["unique_identifier"] for each in order["documents"]]
    assert all(len(each) == 13 and each.isdigit() for each in numbers)
    truth = shop.truth(held)
    assert truth["key"] == "K-1"
    assert truth["counts"]["held"] == 1
    assert truth["counts"]["issued"] == 1
    assert sorted(each["number"] for each in truth["documents"]) == sorted(numbers)
    assert sum(Decimal(each["amount"]) for each in truth["documents"]) == Decimal(order["total_amount"])


def test_a_cancelled_hold_gives_nothing_back_and_its_seats_can_be_sold_again(shop: Shop):
    offer = shop.holdable([{"type": "adult"}] * 9)
    body = shop.order(offer)
    held = shop.post("/air/orders", body).json()["data"]
    quote = shop.quote(held)
    assert (quote["refund_amount"], quote["refund_to"], quote["confirmed_at"]) == ("0.00", "awaiting_payment", None)
    assert shop.again(held)["cancelled_at"] is None

    confirmed = shop.confirm(quote).json()["data"]

    order = shop.again(held)
    assert order["cancellation"] == confirmed
    assert order["cancelled_at"] is not None
    assert order["available_actions"] == []
    assert order["payment_status"]["awaiting_payment"] is False
    assert order["slices"] == held["slices"]
    assert order["total_amount"] == held["total_amount"]
    assert shop.truth(held)["counts"]["cancelled"] == 1
    assert shop.post("/air/orders", body).status_code == 201


def test_on_the_day_of_issue_everything_comes_back_and_the_documents_are_void(shop: Shop):
    held = shop.hold(FAMILY)
    shop.pay(held, type="arc_bsp_cash")
    quote = shop.quote(held)
    assert (quote["refund_amount"], quote["refund_to"]) == (held["total_amount"], "arc_bsp_cash")
    shop.confirm(quote)
    truth = shop.truth(held)
    assert {each["status"] for each in truth["documents"]} == {"VOID"}
    assert truth["counts"]["voided"] == 4
    assert truth["counts"]["refunded"] == 0
    assert len(shop.again(held)["documents"]) == 4


def test_later_the_refund_is_what_the_fare_gives_back(shop: Shop):
    held = shop.hold(FAMILY)
    shop.pay(held)
    shop.advance(days=2)
    quote = shop.quote(held)
    back = Decimal(quote["refund_amount"])
    assert Decimal(held["tax_amount"]) <= back < Decimal(held["total_amount"])
    condition = held["conditions"]["refund_before_departure"]
    if condition["allowed"]:
        assert back == Decimal(held["total_amount"]) - Decimal(condition["penalty_amount"])
    else:
        assert back == Decimal(held["tax_amount"])
    shop.confirm(quote)
    truth = shop.truth(held)
    assert {each["status"] for each in truth["documents"]} == {"REFUNDED"}
    assert sum(Decimal(each["refunded"]) for each in truth["documents"]) == back
    assert truth["counts"]["refunded"] == 1


def test_what_a_changed_and_paid_order_gives_back_nobody_knows_beforehand(shop: Shop):
    held = shop.hold()
    shop.pay(held)
    shop.door.post(f"/airline/{held['booking_reference']}/segments/1", json={"status": "UN"})
    quote = shop.quote(held)
    assert quote["refund_amount"] is None
    assert shop.confirm(quote).json()["data"]["confirmed_at"] is not None


def test_pay_later_is_another_word_for_hold(shop: Shop):
    assert shop.hold(type="pay_later")["payment_status"]["awaiting_payment"] is True


def test_metadata_is_kept_and_can_be_replaced_the_key_stays(shop: Shop):
    metadata = {"key": "K-2", "note": "x" * 500}
    held = shop.hold(metadata=metadata)
    assert shop.again(held)["metadata"] == metadata
    changed = shop.client.patch(f"/air/orders/{held['id']}", json={"data": {"metadata": {"note": "y"}}})
    assert changed.json()["data"]["metadata"] == {"note": "y"}
    assert shop.truth(held)["key"] == "K-2"


def test_some_offers_must_be_paid_at_once_and_some_guarantee_no_price(shop: Shop):
    offers = [each for day in range(18, 25) for each in offers_of(shop, f"2027-01-{day}")]
    needs = [each["payment_requirements"] for each in offers]
    assert {each["requires_instant_payment"] for each in needs} == {True, False}
    held = [each for each in needs if not each["requires_instant_payment"]]
    assert any(each["price_guarantee_expires_at"] is None for each in held)
    assert any(each["price_guarantee_expires_at"] == each["payment_required_by"] for each in held)
    assert all(each["payment_required_by"] for each in held)


def offers_of(shop: Shop, day: str) -> list[dict[str, Any]]:
    slices = [{"origin": "SXR", "destination": "JED", "departure_date": day}]
    asked = {"slices": slices, "passengers": [{"type": "adult"}]}
    return shop.post("/air/offer_requests", asked).json()["data"]["offers"]


def test_an_order_costs_what_its_offer_cost_and_is_due_when_the_offer_said(shop: Shop):
    offer = shop.holdable(FAMILY)
    held = shop.post("/air/orders", shop.order(offer)).json()["data"]
    for name in ("total_amount", "total_currency", "base_amount", "tax_amount", "conditions", "owner"):
        assert held[name] == offer[name]
    assert Decimal(held["base_amount"]) + Decimal(held["tax_amount"]) == Decimal(held["total_amount"])
    needs, has = offer["payment_requirements"], held["payment_status"]
    assert has["payment_required_by"] == needs["payment_required_by"]
    assert has["price_guarantee_expires_at"] == needs["price_guarantee_expires_at"]
    segment, sold = offer["slices"][0]["segments"][0], held["slices"][0]["segments"][0]
    assert (sold["id"], sold["departing_at"]) == (segment["id"], segment["departing_at"])


def test_a_priced_offer_has_the_price_it_was_found_with(shop: Shop):
    offer = shop.holdable()
    priced = shop.post(f"/air/offers/{offer['id']}/actions/price", {"intended_payment_methods": [{"type": "balance"}]})
    told = priced.json()["data"]
    assert told["total_amount"] == offer["total_amount"]
    assert told["intended_payment_methods"][0]["type"] == "balance"
    assert shop.post(f"/air/offers/{offer['id']}/actions/price").status_code == 200


def test_searches_and_orders_outlive_a_restart(tmp_path: Path):
    first = Shop(tmp_path)
    offer = first.holdable(FAMILY)
    held = first.hold(metadata={"key": "K-3"})
    first.close()
    second = Shop(tmp_path)
    try:
        assert second.get(f"/air/offers/{offer['id']}").json()["data"] == offer
        assert second.again(held) == held
        assert second.post("/air/orders", second.order(offer)).status_code == 201
        assert second.pay(held).status_code == 201
    finally:
        second.close()


@pytest.mark.parametrize("route", ["SXR-JED", "LHR-DXB"])
def test_connections_are_as_many_as_were_asked_for(shop: Shop, route: str):
    origin, destination = route.split("-")
    direct = shop.search(origin, destination, max_connections=0)["offers"]
    any_way = shop.search(origin, destination, max_connections=2)["offers"]
    assert {len(each["slices"][0]["segments"]) for each in any_way} >= {2}
    # In test mode LHR-DXB is the route with connections.
    assert {len(each["slices"][0]["segments"]) for each in direct} == ({1} if origin == "SXR" else {2})


def test_the_test_routes_do_what_the_documentation_says(shop: Shop):
    assert shop.search("PVD", "RAI")["offers"] == []
    timed_out = {
        "slices": [{"origin": "STN", "destination": "LHR", "departure_date": DAY}],
        "passengers": [{"type": "adult"}],
    }
    answer = shop.post("/air/offer_requests", timed_out)
    assert answer.status_code == 504
    assert answer.json()["errors"][0]["type"] == "api_error"
