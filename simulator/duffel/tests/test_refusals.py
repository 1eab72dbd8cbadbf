"""What the real one rejects is rejected here, in its words: type, code and, for a field, the pointer to it."""

from __future__ import annotations

from email.utils import parsedate_to_datetime
from typing import Any

import httpx
import pytest

from simulator.duffel.tests.shop import DAY, FAMILY, Shop, people


def refused(answer: Any, status: int, kind: str, code: str, pointer: str = "") -> dict[str, Any]:
    """The error of an answer, after looking at its shape."""
    body = answer.json()
    error = body["errors"][0]
    assert (answer.status_code, error["type"], error["code"]) == (status, kind, code), body
    assert body["meta"] == {"status": status, "request_id": answer.headers["x-request-id"]}
    if pointer:
        assert error["source"]["pointer"] == pointer
    return error


# -- headers ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "status", "kind", "code"),
    [
        ({"Authorization": None}, 401, "authentication_error", "missing_authorization_header"),
        ({"Authorization": "Basic abc"}, 401, "authentication_error", "missing_authorization_header"),
        ({"Authorization": "Bearer duffel_test_other"}, 401, "authentication_error", "access_token_not_found"),
        ({"Duffel_Version": None}, 400, "invalid_request_error", "missing_version_header"),
        ({"Duffel_Version": "v1"}, 400, "invalid_request_error", "unsupported_version"),
        ({"Accept": "text/xml"}, 406, "invalid_request_error", "not_acceptable"),
    ],
)
def test_whoever_asks_in_the_wrong_way_is_told_how(shop: Shop, headers, status, kind, code):
    with httpx.Client(base_url=shop.base, headers=shop.headers(**headers)) as stranger:
        refused(stranger.get("/air/orders"), status, kind, code)


def test_every_answer_has_a_request_id_and_tells_the_rate_limit_with_a_date(shop: Shop):
    first, second = shop.get("/air/orders"), shop.get("/air/orders/ord_none")
    assert first.headers["x-request-id"] != second.headers["x-request-id"]
    for answer in (first, second):
        assert int(answer.headers["ratelimit-remaining"]) < int(answer.headers["ratelimit-limit"])
        assert parsedate_to_datetime(answer.headers["ratelimit-reset"]).tzinfo is not None


def test_too_many_requests_a_minute_are_refused(shop: Shop):
    shop.duffel.most = 3
    answers = [shop.get("/air/orders") for _ in range(8)]
    last = next(each for each in answers if each.status_code == 429)
    refused(last, 429, "rate_limit_error", "rate_limit_exceeded")
    assert last.headers["ratelimit-remaining"] == "0"


def test_what_is_not_there_is_not_found(shop: Shop):
    for path in ("/air/nothing", "/air/orders/ord_0000000000000000000000", "/air/offers/off_x", "/air/payments/pay_1"):
        refused(shop.get(path), 404, "invalid_request_error", "not_found")


def test_a_body_that_is_no_json_or_has_no_data_is_refused(shop: Shop):
    for content, code in (
        (b"{", "malformed_request_body"),
        (b"[]", "invalid_data_param"),
        (b"{}", "invalid_data_param"),
    ):
        answer = shop.client.post("/air/orders", content=content, headers={"Content-Type": "application/json"})
        refused(answer, 400, "invalid_request_error", code)
    deep = b"[" * 100_000
    answer = shop.client.post("/air/orders", content=deep, headers={"Content-Type": "application/json"})
    refused(answer, 400, "invalid_request_error", "malformed_request_body")
    answer = shop.client.post("/air/orders", content=b"{}", headers={"Content-Type": "text/plain"})
    refused(answer, 400, "invalid_request_error", "invalid_content_type")


# -- searches ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "code", "pointer"),
    [
        ({"slices": None}, "validation_required", "/slices"),
        ({"slices": []}, "validation_required", "/slices"),
        ({"slices": [{"origin": "SXR"}]}, "validation_required", "/slices/0/destination"),
        ({"slices.origin": "sxr"}, "validation_format", "/slices/0/origin"),
        ({"slices.origin": "QQQ"}, "invalid_iata_code", "/slices/0/origin"),
        ({"slices.destination": "SXR"}, "validation_format", "/slices/0/destination"),
        ({"slices.departure_date": "18/01/2027"}, "validation_format", "/slices/0/departure_date"),
        ({"slices.departure_date": "2026-11-20"}, "validation_format", "/slices/0/departure_date"),
        ({"passengers": []}, "validation_required", "/passengers"),
        ({"passengers": [{}]}, "validation_required", "/passengers/0/type"),
        ({"passengers": [{"type": "senior"}]}, "validation_inclusion", "/passengers/0/type"),
        ({"passengers": [{"age": -1}]}, "validation_format", "/passengers/0/age"),
        ({"passengers": [{"type": "adult"}] * 10}, "validation_format", "/passengers"),
        ({"passengers": [{"type": "adult"}, {"age": 0}, {"age": 1}]}, "invalid_passengers", "/passengers"),
        ({"cabin_class": "cattle"}, "validation_inclusion", "/cabin_class"),
        ({"max_connections": -1}, "validation_format", "/max_connections"),
    ],
)
def test_a_search_that_makes_no_sense_is_refused_with_the_place_of_the_fault(shop: Shop, change, code, pointer):
    asked: dict[str, Any] = {
        "slices": [{"origin": "SXR", "destination": "JED", "departure_date": DAY}],
        "passengers": [{"type": "adult"}],
    }
    for name, value in change.items():
        if name.startswith("slices."):
            asked["slices"][0][name.removeprefix("slices.")] = value
        else:
            asked[name] = value
    refused(shop.post("/air/offer_requests", asked), 422, "validation_error", code, pointer)


# -- orders -----------------------------------------------------------------------------------------------------


def test_an_offer_that_nobody_made_cannot_be_booked(shop: Shop):
    order = {**shop.order(shop.holdable()), "selected_offers": ["off_0000000000000000000001"]}
    refused(shop.post("/air/orders", order), 422, "validation_error", "not_found", "/selected_offers/0")


def test_an_offer_that_wants_its_money_at_once_cannot_be_held(shop: Shop):
    offers = shop.search()["offers"]
    instant = next(each for each in offers if each["payment_requirements"]["requires_instant_payment"])
    assert instant["payment_requirements"]["payment_required_by"] is None
    refused(shop.post("/air/orders", shop.order(instant)), 422, "invalid_state_error", "invalid_order_create_type")


def test_an_offer_lives_half_an_hour(shop: Shop):
    offer = shop.holdable()
    shop.advance(seconds=29 * 60)
    assert shop.get(f"/air/offers/{offer['id']}").status_code == 200
    shop.advance(seconds=61)
    refused(shop.get(f"/air/offers/{offer['id']}"), 422, "airline_error", "offer_no_longer_available")
    refused(shop.post("/air/orders", shop.order(offer)), 422, "airline_error", "offer_no_longer_available")


def test_an_offer_whose_last_seats_were_sold_is_gone(shop: Shop):
    nine = [{"type": "adult"}] * 9
    offer = shop.holdable(nine)
    answers = []
    for _ in range(60):
        answers.append(shop.post("/air/orders", shop.order(offer)))
        if answers[-1].status_code != 201:
            break
    assert len(answers) > 1
    refused(answers[-1], 422, "airline_error", "offer_no_longer_available")


@pytest.mark.parametrize(
    ("change", "kind", "code", "pointer"),
    [
        ({"type": "later"}, "invalid_state_error", "invalid_order_create_type", ""),
        ({"selected_offers": []}, "validation_error", "validation_required", "/selected_offers"),
        ({"selected_offers": ["off_1", "off_2"]}, "validation_error", "validation_format", "/selected_offers"),
        ({"passengers": []}, "validation_error", "validation_required", "/passengers"),
        ({"payments": [{"type": "balance"}]}, "validation_error", "validation_format", "/payments"),
        ({"services": [{"id": "ase_1", "quantity": 1}]}, "validation_error", "validation_format", "/services"),
        ({"metadata": {"k": 1}}, "validation_error", "validation_format", "/metadata/k"),
        ({"metadata": {"k" * 41: "v"}}, "validation_error", "validation_format", "/metadata"),
        ({"metadata": {"k": "v" * 501}}, "validation_error", "validation_format", "/metadata/k"),
        ({"metadata": {str(n): "v" for n in range(51)}}, "validation_error", "validation_format", "/metadata"),
        ({"passengers.given_name": "عائشة"}, "validation_error", "validation_format", "/passengers/0/given_name"),
        ({"passengers.family_name": "E" * 21}, "validation_error", "validation_format", "/passengers/0/family_name"),
        ({"passengers.title": "lord"}, "validation_error", "validation_inclusion", "/passengers/0/title"),
        ({"passengers.gender": "x"}, "validation_error", "validation_inclusion", "/passengers/0/gender"),
        ({"passengers.email": "nobody"}, "validation_error", "validation_format", "/passengers/0/email"),
        ({"passengers.phone_number": "0194 22"}, "validation_error", "validation_format", "/passengers/0/phone_number"),
        ({"passengers.phone_number": None}, "validation_error", "validation_required", "/passengers/0/phone_number"),
        ({"passengers.born_on": "2027-01-01"}, "validation_error", "validation_format", "/passengers/0/born_on"),
        ({"passengers.born_on": "2020-01-01"}, "validation_error", "invalid_passenger_age", "/passengers/0/born_on"),
        ({"passengers.id": "pas_other"}, "validation_error", "not_found", "/passengers/0/id"),
    ],
)
def test_an_order_that_makes_no_sense_is_refused_and_nothing_is_held(shop: Shop, change, kind, code, pointer):
    order = shop.order(shop.holdable())
    for name, value in change.items():
        if name.startswith("passengers."):
            order["passengers"][0][name.removeprefix("passengers.")] = value
        else:
            order[name] = value
    refused(shop.post("/air/orders", order), 422, kind, code, pointer)
    assert shop.door.get("/truth/orders").json()["orders"] == []


def test_passengers_are_those_of_the_offer_and_every_infant_has_an_adult(shop: Shop):
    offer = shop.holdable(FAMILY)
    everybody = people(offer)
    infant = next(each["id"] for each in offer["passengers"] if each["type"] == "infant_without_seat")

    def order(change: Any) -> Any:
        made = [dict(each) for each in everybody]
        change(made)
        return shop.post("/air/orders", {**shop.order(offer), "passengers": made})

    def lost(made: list[dict[str, Any]]) -> None:
        del made[0]["infant_passenger_id"]

    def twice(made: list[dict[str, Any]]) -> None:
        made[1]["infant_passenger_id"] = infant

    def with_child(made: list[dict[str, Any]]) -> None:
        del made[0]["infant_passenger_id"]
        made[2]["infant_passenger_id"] = infant

    refused(order(lambda made: made.pop(1)), 422, "validation_error", "invalid_passengers", "/passengers")
    refused(order(lost), 422, "validation_error", "infant_not_associated", "/passengers/3/id")
    refused(order(twice), 422, "validation_error", "invalid_infant_passenger_id")
    refused(order(with_child), 422, "validation_error", "invalid_infant_passenger_id")


def test_whoever_flies_to_america_shows_his_passport_first(shop: Shop):
    offer = shop.holdable(origin="DEL", destination="NYC", max_connections=2)
    assert offer["passenger_identity_documents_required"] is True
    order = shop.order(offer)
    del order["passengers"][0]["identity_documents"]
    refused(
        shop.post("/air/orders", order),
        422,
        "validation_error",
        "validation_required",
        "/passengers/0/identity_documents",
    )


# -- payments ---------------------------------------------------------------------------------------------------


def test_a_payment_is_of_the_orders_own_amount_and_currency(shop: Shop):
    held = shop.hold()
    refused(
        shop.pay(held, amount="1.00"),
        422,
        "validation_error",
        "payment_amount_does_not_match_order_amount",
        "/payment/amount",
    )
    refused(
        shop.pay(held, currency="GBP"),
        422,
        "validation_error",
        "payment_currency_does_not_match_order_currency",
        "/payment/currency",
    )
    refused(shop.pay(held, amount=1.0), 422, "validation_error", "validation_required", "/payment/amount")
    refused(shop.pay(held, type="card"), 422, "validation_error", "validation_inclusion", "/payment/type")
    refused(
        shop.post("/air/payments", {"order_id": "ord_none", "payment": shop.payment(held)["payment"]}),
        422,
        "validation_error",
        "not_found",
        "/order_id",
    )
    assert shop.truth(held)["counts"]["issued"] == 0


def test_an_order_is_paid_once(shop: Shop):
    held = shop.hold()
    assert shop.pay(held).status_code == 201
    refused(shop.pay(held), 422, "invalid_state_error", "already_paid")
    assert shop.truth(held)["counts"]["issued"] == 1


def test_a_moved_price_is_refused_at_the_old_one_and_taken_at_the_new(shop: Shop):
    held = shop.hold()
    shop.door.post(f"/airline/{held['booking_reference']}/price", json={"percent": 5})
    refused(shop.pay(held), 422, "validation_error", "price_changed", "/payment/amount")
    now = shop.again(held)
    assert float(now["total_amount"]) > float(held["total_amount"])
    assert now["tax_amount"] == held["tax_amount"]
    assert now["payment_status"]["price_guarantee_expires_at"] is None
    paid = shop.pay(now)
    assert paid.json()["data"]["amount"] == now["total_amount"]
    assert shop.again(now)["total_amount"] == now["total_amount"]
    assert [each["amount"] for each in shop.truth(held)["documents"]] == [now["total_amount"]]


def test_an_order_that_the_airline_changed_cannot_be_paid(shop: Shop):
    held = shop.hold()
    shop.door.post(f"/airline/{held['booking_reference']}/segments/1", json={"status": "UN"})
    refused(shop.pay(held), 422, "invalid_state_error", "schedule_changed")
    change = shop.again(held)["airline_initiated_changes"][0]
    assert change["order_id"] == held["id"]
    assert change["removed"][0]["segments"][0]["id"] == held["slices"][0]["segments"][0]["id"]
    assert change["added"] == []


def test_an_order_that_nobody_paid_in_time_lapses(shop: Shop):
    held = shop.hold()
    shop.advance(days=2)
    refused(shop.pay(held), 422, "invalid_state_error", "past_payment_required_by_date")
    now = shop.again(held)
    # Documented: an order that lapsed awaits no payment either. Only `paid_at` says that somebody paid.
    assert now["payment_status"] == {
        "awaiting_payment": False,
        "paid_at": None,
        "payment_required_by": None,
        "price_guarantee_expires_at": None,
    }
    assert now["available_actions"] == []
    assert now["total_amount"] == held["total_amount"]
    assert shop.truth(held)["counts"]["expired"] == 1


def test_an_instant_order_needs_its_payment_with_it_and_none_later(shop: Shop):
    offer = shop.search()["offers"][0]
    order = shop.order(offer, type="instant")
    refused(shop.post("/air/orders", order), 422, "validation_error", "validation_required", "/payments")
    order["payments"] = [{"type": "balance", "amount": "1.00", "currency": offer["total_currency"]}]
    refused(shop.post("/air/orders", order), 422, "validation_error", "payment_amount_does_not_match_order_amount")
    order["payments"][0]["amount"] = offer["total_amount"]
    made = shop.post("/air/orders", order).json()["data"]
    assert len(made["documents"]) == 1
    assert made["payment_status"]["awaiting_payment"] is False
    refused(shop.pay(made), 422, "validation_error", "order_type_not_eligible_for_payment", "/order_id")


# -- cancellations ------------------------------------------------------------------------------------------------


def test_only_the_newest_quote_can_be_confirmed(shop: Shop):
    held = shop.hold()
    first, second = shop.quote(held), shop.quote(held)
    refused(shop.confirm(first), 422, "invalid_state_error", "order_cancellation_stale")
    assert shop.confirm(second).json()["data"]["confirmed_at"] is not None
    refused(shop.confirm(second), 422, "invalid_state_error", "already_cancelled")
    refused(
        shop.post("/air/order_cancellations", {"order_id": held["id"]}), 422, "invalid_state_error", "already_cancelled"
    )
    refused(shop.pay(held), 422, "invalid_state_error", "already_cancelled")
    refused(shop.confirm({"id": "ore_none"}), 404, "invalid_request_error", "not_found")


def test_a_quote_that_counted_on_the_day_of_issue_is_stale_the_next_day(shop: Shop):
    held = shop.hold()
    shop.pay(held)
    quote = shop.quote(held)
    assert quote["refund_amount"] == held["total_amount"]
    assert quote["expires_at"] == "2026-11-21T18:30:00.000Z"  # midnight in the office
    shop.advance(hours=13)
    refused(shop.confirm(quote), 422, "invalid_state_error", "order_cancellation_stale")
    assert shop.truth(held)["counts"] == {**shop.truth(held)["counts"], "voided": 0, "refunded": 0, "cancelled": 0}


def test_a_quote_may_be_confirmed_a_while_after_it_expired_but_not_for_ever(shop: Shop):
    held = shop.hold()
    shop.pay(held)
    shop.advance(days=3)
    quote = shop.quote(held)
    shop.advance(hours=20)
    assert shop.confirm(quote).status_code == 200
    held = shop.hold()
    shop.pay(held)
    shop.advance(days=3)
    quote = shop.quote(held)
    shop.advance(hours=21.5)
    refused(shop.confirm(quote), 422, "invalid_state_error", "order_cancellation_stale")
