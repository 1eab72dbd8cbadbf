"""What is sent to Duffel, what comes back over a real socket, and what is no answer at all."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from qafila.air.gateways.calllog import Exchange
from qafila.air.gateways.duffel.adapter import DuffelSupplier
from qafila.air.gateways.duffel.client import DuffelClient, path_of
from qafila.air.gateways.duffel.wire import parse
from qafila.air.gateways.errors import (
    AccessRefused,
    NotSent,
    OrderNotFound,
    RateLimited,
    SupplierError,
    SupplierRefused,
    Unanswered,
    Unreadable,
)
from qafila.air.gateways.settings import DuffelSettings, Patience
from qafila.air.gateways.tests.scripted import HALF, HANG_UP, RESET, Asked, Said, Scripted, data, errors
from qafila.air.gateways.values import Cabin, OrderRef, SearchQuery, Slice
from qafila.kernel import clock

TOKEN = "duffel_test_a-token-of-nobody"
JSON = {"content-type": "application/json"}
REF = OrderRef("duffel", "ord_1")


OPEN: list[DuffelClient | DuffelSupplier] = []


@pytest.fixture(autouse=True)
def _connections_are_given_back() -> Iterator[None]:
    yield
    while OPEN:
        OPEN.pop().close()


def client_of(base: str, log: Callable[[Exchange], None] = lambda exchange: None, **patience: Any) -> DuffelClient:
    OPEN.append(client := DuffelClient(DuffelSettings(token=TOKEN, base=base, patience=Patience(**patience)), log))
    return client


def supplier_of(base: str) -> DuffelSupplier:
    OPEN.append(supplier := DuffelSupplier(DuffelSettings(token=TOKEN, base=base)))
    return supplier


def get(said: Said, **patience: Any) -> Any:
    with Scripted({"GET /air/orders/ord_1": said}) as desk:
        return client_of(desk.base, **patience).get("/air/orders/ord_1")


def test_a_request_bears_the_headers_that_duffel_wants_and_its_data_is_wrapped() -> None:
    with Scripted({"POST /air/payments": data({"id": "pay_1"}, 201)}) as desk:
        reply = client_of(desk.base).post("/air/payments", {"order_id": "ord_1"})
    (asked,) = desk.asked
    assert asked.headers["authorization"] == f"Bearer {TOKEN}"
    assert asked.headers["duffel-version"] == "v2"
    assert asked.headers["accept"] == "application/json"
    assert asked.headers["accept-encoding"] == "gzip"
    assert asked.headers["content-type"] == "application/json"
    assert json.loads(asked.body) == {"data": {"order_id": "ord_1"}}
    assert (reply.status, reply.data, reply.request_id) == (201, {"id": "pay_1"}, "FsTest")


def test_a_packed_reply_is_unpacked() -> None:
    packed = gzip.compress(b'{"data": {"id": "ord_1"}}')
    assert get(Said(200, packed, {**JSON, "content-encoding": "gzip"})).data == {"id": "ord_1"}
    with pytest.raises(Unreadable):
        get(Said(200, b"no gzip", {**JSON, "content-encoding": "gzip"}))


def test_meta_may_be_null() -> None:
    assert get(Said(200, b'{"meta": null, "data": {"id": "pay_1"}}', JSON)).meta == {}


def test_a_list_is_read_page_by_page_to_its_bound_and_the_cursor_is_quoted() -> None:
    def page(asked: Asked) -> Said:
        number = sum("after" in each.path for each in desk.asked)
        body = {"data": [{"id": f"ord_{number}"}], "meta": {"after": "g3Q/+=&x" if number < 9 else None}}
        return Said(200, json.dumps(body).encode(), JSON)

    with Scripted({"GET /air/orders": page}) as desk:
        found = list(client_of(desk.base).pages("/air/orders", {"awaiting_payment": "true"}, size=500, most=3))
    assert [item["id"] for page in found for item in page.items] == ["ord_0", "ord_1", "ord_2"]
    assert [page.last for page in found] == [False, False, False]
    assert desk.asked[0].path == "/air/orders?awaiting_payment=true&limit=200"
    assert desk.asked[1].path == "/air/orders?awaiting_payment=true&limit=200&after=g3Q%2F%2B%3D%26x"


def test_the_last_page_has_no_cursor() -> None:
    with Scripted({"GET /air/orders": data([{"id": "ord_1"}, "noise"])}) as desk:
        (page,) = client_of(desk.base).pages("/air/orders", {}, size=50, most=3)
    assert page.last
    assert [item["id"] for item in page.items] == ["ord_1"]


def test_an_id_never_names_another_path() -> None:
    assert path_of("air", "orders", "../payments?x=1") == "/air/orders/..%2Fpayments%3Fx%3D1"


# -- a search ----------------------------------------------------------------------------------------------------------


def test_a_search_asks_for_each_slice_and_each_passenger_and_for_the_offers_at_once() -> None:
    query = SearchQuery(
        (Slice("SXR", "JED", date(2027, 1, 18)), Slice("JED", "SXR", date(2027, 2, 1))),
        adults=2,
        children=1,
        infants=1,
        cabin=Cabin.BUSINESS,
        direct_only=True,
    )
    with Scripted({"POST /air/offer_requests": data({"id": "orq_1", "offers": []}, 201)}) as desk:
        assert supplier_of(desk.base).search(query) == ()
    (asked,) = desk.asked
    assert asked.path == "/air/offer_requests?return_offers=true&supplier_timeout=20000"
    assert asked.data == {
        "slices": [
            {"origin": "SXR", "destination": "JED", "departure_date": "2027-01-18"},
            {"origin": "JED", "destination": "SXR", "departure_date": "2027-02-01"},
        ],
        "passengers": [{"type": "adult"}, {"type": "adult"}, {"type": "child"}, {"type": "infant_without_seat"}],
        "cabin_class": "business",
        "max_connections": 0,
    }


def an_offer(number: int, total: str, carrier: str = "SV") -> dict[str, Any]:
    flight = {
        "origin": {"iata_code": "SXR"},
        "destination": {"iata_code": "JED"},
        "departing_at": "2027-01-18T09:00:00",
        "arriving_at": "2027-01-18T13:00:00",
        "marketing_carrier": {"iata_code": carrier},
        "marketing_carrier_flight_number": "773",
    }
    return {
        "id": f"off_{number}",
        "total_amount": total,
        "total_currency": "INR",
        "slices": [{"segments": [flight]}],
        "owner": {"iata_code": carrier},
    }


def test_offers_that_do_not_come_with_the_search_are_fetched_page_by_page_up_to_the_limit() -> None:
    def page(asked: Asked) -> Said:
        number = 2 * sum("after" in each.path for each in desk.asked)
        items = [an_offer(number, f"{number + 1}.00"), an_offer(number + 1, f"{number + 2}.00")]
        return Said(200, json.dumps({"data": items, "meta": {"after": "more"}}).encode(), JSON)

    with Scripted({"POST /air/offer_requests": data({"id": "orq_1"}), "GET /air/offers": page}) as desk:
        found = supplier_of(desk.base).search(SearchQuery((Slice("SXR", "JED", date(2027, 1, 18)),), limit=3))
    assert [offer.token for offer in found] == ["off_0", "off_1", "off_2"]
    assert desk.count("GET /air/offers") == 2
    assert desk.asked[1].path == "/air/offers?offer_request_id=orq_1&sort=total_amount&limit=3"


def test_offers_come_cheapest_first_and_only_of_the_carriers_asked_for() -> None:
    told = {"id": "orq_1", "offers": [an_offer(1, "900.00"), an_offer(2, "800.00", "6E"), an_offer(3, "100.00")]}
    with Scripted({"POST /air/offer_requests": data(told)}) as desk:
        query = SearchQuery((Slice("SXR", "JED", date(2027, 1, 18)),))
        assert [offer.token for offer in supplier_of(desk.base).search(query)] == ["off_3", "off_2", "off_1"]
        query = SearchQuery((Slice("SXR", "JED", date(2027, 1, 18)),), carriers=("6E",))
        assert [offer.token for offer in supplier_of(desk.base).search(query)] == ["off_2"]


# -- refusals, and what is none ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        (errors(401, "authentication_error", "access_token_not_found"), AccessRefused),
        (errors(403, "authentication_error", "insufficient_permissions"), AccessRefused),
        (errors(400, "invalid_request_error", "missing_version_header"), SupplierRefused),
        (errors(404, "invalid_request_error", "not_found"), OrderNotFound),
        (errors(422, "validation_error", "validation_required"), SupplierRefused),
        (errors(422, "invalid_state_error", "already_paid"), SupplierRefused),
        (errors(422, "airline_error", "offer_no_longer_available"), SupplierRefused),
        (errors(422, "airline_error", "airline_unknown"), SupplierError),
        (errors(422, "airline_error", "denied", "KU ETKT: COMMUNICATIONS LINE UNAVAILABLE"), SupplierError),
        (errors(422, "invalid_state_error", "odd", "The airline did not answer: timed out"), SupplierError),
        (errors(502, "airline_error", "airline_internal"), SupplierError),
        (errors(500, "api_error", "internal_server_error"), SupplierError),
        (errors(503, "validation_error", "validation_required"), SupplierError),
        (errors(200, "validation_error", "validation_required"), SupplierError),
    ],
)
def test_the_http_status_counts_and_not_what_the_body_says_of_it(said: Said, kind: type[SupplierError]) -> None:
    with pytest.raises(SupplierError) as raised:
        get(said)
    assert type(raised.value) is kind
    assert raised.value.supplier_code


@pytest.mark.parametrize("status", [400, 401, 404, 422, 500])
def test_an_error_that_may_have_made_the_order_is_no_refusal_whatever_its_status(status: int) -> None:
    """Trap 12: a body of type api_error, whose meta says 401."""
    message = "Something went wrong. The order may still have been created on the airline's side."
    with pytest.raises(SupplierError) as raised:
        get(errors(status, "api_error", "internal_server_error", message))
    assert not isinstance(raised.value, SupplierRefused)


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"ratelimit-reset": "Sun, 05 Nov 2028 09:00:00 GMT"}, datetime(2028, 11, 5, 9, tzinfo=UTC)),
        ({"ratelimit-reset": "Sun, 05 Nov 2028 09:00:00 -0000"}, datetime(2028, 11, 5, 9, tzinfo=UTC)),
        ({"ratelimit-reset": "Sun, 05 Nov 2028 14:30:00 +0530"}, datetime(2028, 11, 5, 9, tzinfo=UTC)),
        ({"ratelimit-reset": "", "retry-after": "Sun, 05 Nov 2028 09:00:00 GMT"}, datetime(2028, 11, 5, 9, tzinfo=UTC)),
        ({"retry-after": "90"}, datetime(2028, 11, 5, 9, 1, 30, tzinfo=UTC)),
        ({"ratelimit-reset": "soon"}, None),
        ({"ratelimit-reset": "Sun, 99 Nov 99999 09:00:00 GMT"}, None),
        ({}, None),
    ],
)  # fmt: skip
def test_a_rate_limit_says_until_when(headers: dict[str, str], expected: datetime | None) -> None:
    with clock.standing_at(datetime(2028, 11, 5, 9, tzinfo=UTC)), pytest.raises(RateLimited) as raised:
        get(errors(429, "rate_limit_error", "rate_limit_exceeded", **headers))
    found = raised.value.retry_at
    if expected is None or found is None:
        assert found is expected
    else:
        assert found.tzinfo is not None
        assert abs((found - expected).total_seconds()) < 30


PAGE = (
    b"<h1>Error: Server Error</h1><h2>The server encountered a temporary error<p>Please try again in 30 seconds.</h2>"
)


@pytest.mark.parametrize("status", [200, 400, 422, 500, 502])
def test_a_page_of_something_in_between_is_no_answer(status: int) -> None:
    """Trap 12: an HTML error page."""
    with pytest.raises(Unreadable):
        get(Said(status, PAGE, {"content-type": "text/html"}))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b'"data"',
        b"{}",
        b'{"meta": {"status": 200}}',
        b'{"data": {"id": "ord_1"}',
        b'{"data": {"id": "ord_1", "id": "ord_2"}}',
        b'{"data": {"total": NaN}}',
        b'{"data": {"total": 1' + b"0" * 5000 + b"}}",
        b'{"data": {"total": 1e9999999999999999999999999999999999999999}}',
        b'{"data": ' + b"[" * 100_000,
        b'{"data": ' + b"[" * 200 + b"]" * 200 + b"}",
        b'{"data": [' + b"[]," * 1_000_000 + b"[]]}",
        b'{"data": "\\ud800"}',
        b'{"data": {"\\udc00": 1}}',
        b'{"data": "\xff"}',
        '{"data": {"id": "ord_1"}}'.encode("utf-16"),
    ],
    ids=lambda body: repr(body[:24]),
)
def test_what_two_readers_could_understand_differently_is_no_answer(body: bytes) -> None:
    with pytest.raises(Unreadable):
        get(Said(200, body, JSON))


def test_a_refusal_without_a_word_of_why_is_no_answer() -> None:
    for body in (
        b"{}",
        b'{"errors": []}',
        b'{"errors": null}',
        b'{"errors": "no"}',
        b'{"data": {}}',
        b'{"errors": [1]}',
    ):
        with pytest.raises(Unreadable):
            get(Said(422, body, JSON))


def test_the_same_name_with_the_same_value_is_said_twice_and_means_one_thing() -> None:
    assert parse(b'{"data": {"terminal": "2", "id": "seg_1", "terminal": "2"}}') == {
        "data": {"terminal": "2", "id": "seg_1"}
    }


def test_numbers_stay_exact() -> None:
    assert parse(b'{"a": 0.1, "b": 12345678901234567890, "c": 1e2}') == {
        "a": Decimal("0.1"),
        "b": 12345678901234567890,
        "c": Decimal("1e2"),
    }


def test_accepted_is_not_done() -> None:
    assert not get(Said(202, b"", JSON)).done
    assert not get(Said(202, b'{"data": null}', JSON)).done
    assert not get(Said(202, b'{"meta": {"status": 202}}', JSON)).done
    assert get(Said(200, b'{"data": null}', JSON)).done


@pytest.mark.parametrize("then", [RESET, HANG_UP, HALF])
def test_no_whole_reply_is_unanswered(then: str) -> None:
    with pytest.raises(Unanswered):
        get(Said(200, b'{"data": {"id": "ord_1"}}', JSON, then))


def test_a_reply_that_is_too_large_is_not_read_to_its_end() -> None:
    with pytest.raises(Unreadable):
        get(Said(200, b'{"data": "' + b"x" * 5000 + b'"}', JSON), size=4096)
    bomb = gzip.compress(b" " * 40_000_000)
    with pytest.raises(Unreadable):
        get(Said(200, bomb, {**JSON, "content-encoding": "gzip"}), size=100_000)


def test_a_redirection_is_not_followed() -> None:
    with Scripted({"GET /air/orders/ord_1": Said(302, b"", {"location": "/elsewhere"})}) as desk:
        with pytest.raises(Unreadable):
            client_of(desk.base).get("/air/orders/ord_1")
        assert len(desk.asked) == 1


def test_a_port_where_nobody_listens_was_never_sent_to() -> None:
    with Scripted({}) as desk:
        base = desk.base
    with pytest.raises(NotSent):
        client_of(base).get("/air/orders")


# -- the log -----------------------------------------------------------------------------------------------------------


def test_every_exchange_is_told_with_the_suppliers_own_id_and_without_the_token() -> None:
    kept: list[Exchange] = []
    script = {
        "POST /air/payments": errors(
            422, "invalid_state_error", "already_paid", f"token {TOKEN}", **{"x-request-id": "FsJ5"}
        ),
        "GET /air/orders/ord_1": Said(then=RESET),
    }
    with Scripted(script) as desk:
        client = client_of(desk.base, kept.append)
        with pytest.raises(SupplierRefused):
            client.post("/air/payments", {"order_id": "ord_1"}, key="K-1", secrets=("ord_1",))
        with pytest.raises(Unanswered):
            client.get("/air/orders/ord_1")
    paid, read = kept
    assert (paid.message, paid.reference, paid.status, paid.key) == ("POST /air/payments", "FsJ5", 422, "K-1")
    assert "already_paid" in paid.response
    assert "SupplierRefused" in paid.error
    assert (read.message, read.status, read.response) == ("GET /air/orders/ord_1", None, "")
    assert "Unanswered" in read.error
    assert TOKEN not in repr(kept)
    assert "ord_1" not in paid.request


def test_the_settings_do_not_show_their_secrets() -> None:
    shown = repr(DuffelSettings(token=TOKEN, base="https://api.duffel.com", webhook_secret="hush"))
    assert TOKEN not in shown
    assert "hush" not in shown
