"""The whole of an order: searched, held, paid, cancelled; by a family and by one."""

from __future__ import annotations

from decimal import Decimal

from simulator.duffel.tests.shop import FAMILY, Shop


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
