"""What goes wrong on purpose at Duffel, before and after its effect, judged by the truth of the side doors."""

from __future__ import annotations

from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
import pytest

from simulator.duffel.tests.shop import FAMILY, Shop


def counts(shop: Shop, order: dict[str, Any]) -> dict[str, int]:
    return {name: count for name, count in shop.truth(order)["counts"].items() if count and name != "priced"}


def orders(shop: Shop) -> list[dict[str, Any]]:
    return shop.door.get("/truth/orders").json()["orders"]


@pytest.mark.parametrize(
    ("fault", "status", "kind"),
    [
        ("rate_limited", 429, "rate_limit_error"),
        ("accepted_202", 202, None),
        ("issue_refused", 502, "airline_error"),
        ("fault_500", 500, "api_error"),
    ],
)
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_hold_that_is_answered_so_exists_only_when_the_fault_came_after(shop: Shop, fault, status, kind, when):
    shop.fault(fault, "duffel.create_order", when)
    body = shop.order(shop.holdable(), metadata={"key": "K-9"})
    answer = shop.post("/air/orders", body)
    assert answer.status_code == status
    assert [each["type"] for each in answer.json().get("errors", [])] == ([kind] if kind else [])
    assert [each["key"] for each in orders(shop)] == ([] if when == "before" else ["K-9"])
    assert shop.post("/air/orders", body).status_code == 201  # once only


@pytest.mark.parametrize(
    ("fault", "status"), [("rate_limited", 429), ("accepted_202", 202), ("issue_refused", 502), ("fault_500", 500)]
)
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_payment_that_is_answered_so_was_made_only_when_the_fault_came_after(shop: Shop, fault, status, when):
    held = shop.hold()
    shop.fault(fault, "duffel.pay", when)
    assert shop.pay(held).status_code == status
    now = shop.again(held)
    assert (now["payment_status"]["paid_at"] is not None) == (when == "after")
    assert counts(shop, held) == {"held": 1, **({"issued": 1} if when == "after" else {})}


@pytest.mark.parametrize(
    ("fault", "status"), [("rate_limited", 429), ("accepted_202", 202), ("void_refused", 502), ("fault_500", 500)]
)
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_cancellation_that_is_answered_so_happened_only_when_the_fault_came_after(shop: Shop, fault, status, when):
    held = shop.hold()
    shop.pay(held)
    quote = shop.quote(held)
    shop.fault(fault, "duffel.confirm_cancellation", when)
    assert shop.confirm(quote).status_code == status
    done = {"voided": 1, "cancelled": 1} if when == "after" else {}
    assert counts(shop, held) == {"held": 1, "issued": 1, **done}
    told = shop.get(f"/air/order_cancellations/{quote['id']}").json()["data"]
    assert (told["confirmed_at"] is not None) == (when == "after")


def test_the_end_of_a_rate_limit_is_an_http_date(shop: Shop):
    shop.fault("rate_limited", "duffel.get_order")
    answer = shop.get("/air/orders/ord_none")
    assert answer.headers["ratelimit-remaining"] == "0"
    reset = parsedate_to_datetime(answer.headers["ratelimit-reset"])
    assert 0 <= (reset - datetime.now(reset.tzinfo)).total_seconds() <= 60


def test_the_airline_says_no_in_the_words_that_were_asked_for(shop: Shop):
    held = shop.hold()
    shop.fault("issue_refused", "duffel.pay", code="airline_internal", text="NO STOCK")
    error = shop.pay(held).json()["errors"][0]
    assert (error["code"], error["message"]) == ("airline_internal", "NO STOCK")


@pytest.mark.parametrize("when", ["before", "after"])
def test_documents_for_the_first_passenger_only(shop: Shop, when: str):
    held = shop.hold(FAMILY)
    shop.fault("partial_issue", "duffel.pay", when)
    assert shop.pay(held).status_code == (201 if when == "before" else 502)
    now = shop.again(held)
    assert [each["passenger_ids"] for each in now["documents"]] == [[held["passengers"][0]["id"]]]
    assert now["payment_status"]["paid_at"] is not None
    assert len(shop.truth(held)["documents"]) == 1


def test_documents_that_are_late_are_issued_at_once_and_shown_later(shop: Shop):
    held = shop.hold(FAMILY)
    shop.fault("late_documents", "duffel.pay", seconds=40)
    assert shop.pay(held).status_code == 201
    now = shop.again(held)
    assert now["documents"] == []
    assert now["payment_status"]["awaiting_payment"] is False
    assert len(shop.truth(held)["documents"]) == 4
    shop.advance(seconds=39)
    assert shop.again(held)["documents"] == []
    shop.advance(seconds=2)
    assert len(shop.again(held)["documents"]) == 4


def test_a_price_that_moves_before_the_payment_is_refused_and_after_it_changes_nothing(shop: Shop):
    held = shop.hold()
    shop.fault("price_changed", "duffel.pay", "before", percent=-10)
    answer = shop.pay(held)
    assert answer.json()["errors"][0]["code"] == "price_changed"
    now = shop.again(held)
    assert float(now["total_amount"]) < float(held["total_amount"])
    shop.fault("price_changed", "duffel.pay", "after", percent=10)
    assert shop.pay(now).status_code == 201
    assert shop.again(held)["total_amount"] == now["total_amount"]


def test_a_price_that_moves_at_the_hold(shop: Shop):
    offer = shop.holdable()
    shop.fault("price_changed", "duffel.create_order", "before", percent=10)
    held = shop.post("/air/orders", shop.order(offer)).json()["data"]
    assert float(held["total_amount"]) > float(offer["total_amount"])
    shop.fault("price_changed", "duffel.create_order", "after", percent=10)
    held = shop.post("/air/orders", shop.order(offer)).json()["data"]
    assert float(shop.again(held)["total_amount"]) > float(held["total_amount"])


@pytest.mark.parametrize("step", ["offer", "price"])
def test_a_price_that_moves_when_the_offer_is_read(shop: Shop, step: str):
    offer = shop.holdable()
    shop.fault("price_changed", f"duffel.{step}", "before", percent=10)
    path = f"/air/offers/{offer['id']}"
    told = (shop.get(path) if step == "offer" else shop.post(f"{path}/actions/price")).json()["data"]
    assert float(told["total_amount"]) > float(offer["total_amount"])
    assert told["tax_amount"] == offer["tax_amount"]


@pytest.mark.parametrize("fault", ["time_limit_passed", "segment_cancelled"])
def test_an_offer_that_is_gone_when_it_is_booked(shop: Shop, fault: str):
    shop.fault(fault, "duffel.create_order", "before")
    answer = shop.post("/air/orders", shop.order(shop.holdable()))
    assert answer.json()["errors"][0]["code"] == "offer_no_longer_available"
    assert orders(shop) == []


def test_a_limit_that_passes_between_the_look_and_the_payment(shop: Shop):
    held = shop.hold()
    shop.fault("time_limit_passed", "duffel.pay", "before")
    assert shop.pay(held).json()["errors"][0]["code"] == "past_payment_required_by_date"
    assert counts(shop, held) == {"held": 1, "expired": 1}
    held = shop.hold()
    shop.fault("time_limit_passed", "duffel.pay", "after")
    assert shop.pay(held).status_code == 201
    assert counts(shop, held) == {"held": 1, "issued": 1}
    held = shop.hold()
    shop.fault("time_limit_passed", "duffel.get_order", "after")
    assert shop.again(held)["payment_status"]["awaiting_payment"] is True
    assert shop.again(held)["payment_status"]["awaiting_payment"] is False


def test_an_airline_that_cancels_the_flight(shop: Shop):
    held = shop.hold()
    shop.fault("segment_cancelled", "duffel.pay", "before")
    assert shop.pay(held).json()["errors"][0]["code"] == "schedule_changed"
    assert len(shop.again(held)["airline_initiated_changes"]) == 1
    assert counts(shop, held) == {"held": 1}
    held = shop.hold()
    shop.fault("segment_cancelled", "duffel.pay", "after")
    assert shop.pay(held).status_code == 201
    now = shop.again(held)
    assert (len(now["documents"]), len(now["airline_initiated_changes"])) == (1, 1)


def test_a_quote_that_is_over_when_it_is_confirmed(shop: Shop):
    held = shop.hold()
    shop.pay(held)
    quote = shop.quote(held)
    shop.fault("time_limit_passed", "duffel.confirm_cancellation", "before")
    assert shop.confirm(quote).json()["errors"][0]["code"] == "order_cancellation_stale"
    assert counts(shop, held) == {"held": 1, "issued": 1}


def test_a_doubled_payment_issues_once_and_a_doubled_hold_holds_twice(shop: Shop):
    held = shop.hold()
    shop.fault("duplicate", "duffel.pay", "after")
    assert shop.pay(held).json()["errors"][0]["code"] == "already_paid"
    assert counts(shop, held) == {"held": 1, "issued": 1}
    shop.fault("duplicate", "duffel.create_order", "after")
    shop.post("/air/orders", shop.order(shop.holdable()))
    assert len(orders(shop)) == 3


def test_what_was_only_rehearsed_left_nothing_behind(shop: Shop):
    held = shop.hold()
    shop.fault("half_body", "duffel.pay", "before")
    with pytest.raises(httpx.RemoteProtocolError):
        shop.pay(held)
    assert shop.again(held)["payment_status"]["awaiting_payment"] is True
    assert counts(shop, held) == {"held": 1}


def test_the_steps_have_the_names_that_faults_go_by(shop: Shop):
    quote = shop.quote(shop.hold())
    named = {
        "offer_request": lambda: shop.post("/air/offer_requests", {}),
        "list_offers": lambda: shop.get("/air/offers"),
        "offer": lambda: shop.get("/air/offers/off_1"),
        "price": lambda: shop.post("/air/offers/off_1/actions/price"),
        "create_order": lambda: shop.post("/air/orders", {}),
        "get_order": lambda: shop.get("/air/orders/ord_1"),
        "list_orders": lambda: shop.get("/air/orders"),
        "pay": lambda: shop.post("/air/payments", {}),
        "create_cancellation": lambda: shop.post("/air/order_cancellations", {}),
        "get_cancellation": lambda: shop.get(f"/air/order_cancellations/{quote['id']}"),
        "confirm_cancellation": lambda: shop.post("/air/order_cancellations/ore_1/actions/confirm"),
    }
    for step, call in named.items():
        shop.fault("rate_limited", f"duffel.{step}")
        assert call().status_code == 429, step
        assert call().status_code != 429, step
