"""Bookings over HTTP: anonymous, stranger, wrong right, wrong input, works."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qafila.identity.tests.factories import Caller, anonymous, as_role
from qafila.identity.types import Role
from qafila.parties.tests.factories import a_customer, an_agent
from qafila.sales.models import Booking
from qafila.sales.tests.factories import a_departure, a_passenger, asked, made_booking

pytestmark = pytest.mark.django_db


def said(answer) -> Any:
    return json.loads(answer.content)


def queries_of(caller: Caller, method: str, path: str, body: Any = None, **kwargs: Any) -> int:
    with CaptureQueriesContext(connection) as captured:
        answer = caller.send(method, path, body, **kwargs)
    assert answer.status_code < 300, answer.content
    return len([q for q in captured if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))])


def test_nobody_comes_in_unasked():
    made = made_booking()
    for method, path in (("GET", ""), ("POST", ""), ("GET", f"/{made.id}"), ("DELETE", f"/{made.id}")):
        assert anonymous().send(method, f"/sales/bookings{path}", {}).status_code == 401
    for method, path in (
        ("POST", ""),
        ("POST", "/import"),
        ("PATCH", f"/{made.id}"),
        ("DELETE", f"/{made.id}"),
        ("POST", f"/{made.id}/cancel"),
        ("POST", f"/{made.id}/passengers/{made.passenger_ids[0]}/cancel"),
        ("POST", f"/{made.id}/sync-rates"),
    ):
        answer = as_role(Role.AUDITOR).send(method, f"/sales/bookings{path}", {"group_id": 1, "bookings": [{}]})
        assert (answer.status_code, said(answer)["code"]) == (403, "MISSING_RIGHT"), path
    assert as_role(Role.AUDITOR).send("GET", f"/sales/bookings/{made.id}").status_code == 200


def test_a_booking_is_made_read_and_listed():
    seller = as_role(Role.SALES_EXECUTIVE)
    body = asked(a_departure(), 3, 0, 1, payment_policy="partial", room_type="Quad", booking_type="umrah")
    answer = seller.send("POST", "/sales/bookings", body)
    assert answer.status_code == 201, answer.content
    made = said(answer)
    assert (made["gross_total"], made["currency"], made["balance"]) == ("363825.00", "INR", "363825.00")
    row = said(seller.send("GET", f"/sales/bookings/{made['id']}"))
    assert row["number"] == made["number"]
    assert [p["tier"] for p in row["passengers"]] == ["adult", "adult", "adult", "infant"]
    assert (row["room_type"], row["payments"], row["group"]["code"]) == ("quad", [], made["group_code"])
    listed = said(seller.send("GET", "/sales/bookings?balance_due=true&state=draft&q=" + made["number"]))
    assert (listed["total"], listed["items"][0]["passengers"]) == (1, 4)


def test_the_same_key_makes_one_booking_and_answers_the_same():
    seller = as_role(Role.SALES_EXECUTIVE)
    body = asked(a_departure())
    first = seller.send("POST", "/sales/bookings", body, key="k-1")
    again = seller.send("POST", "/sales/bookings", body, key="k-1")
    assert (said(first), again["Idempotency-Replayed"]) == (said(again), "true")
    other = seller.send("POST", "/sales/bookings", {**body, "notes": "x"}, key="k-1")
    assert (other.status_code, said(other)["code"]) == (409, "IDEMPOTENCY_KEY_REUSED")
    assert Booking.objects.count() == 1


def test_making_a_booking_over_http_costs_eight_queries_with_its_log_in():
    seller = as_role(Role.SALES_EXECUTIVE)
    seller.send("GET", "/sales/bookings")
    group_id = a_departure()
    assert queries_of(seller, "POST", "/sales/bookings", asked(group_id, 3), key="k-2") <= 8


def test_reading_and_listing_cost_the_same_however_many_there_are():
    seller = as_role(Role.SALES_EXECUTIVE)
    group_id = a_departure()
    first = made_booking(group_id, adults=1)
    seller.send("GET", "/sales/bookings")  # the log-in is remembered
    few = queries_of(seller, "GET", "/sales/bookings?q=wani&sort=customer")
    one = queries_of(seller, "GET", f"/sales/bookings/{first.id}")
    for _ in range(5):
        made_booking(group_id, adults=3, payer_id=a_customer(), agent_id=an_agent())
    last = Booking.objects.latest("id")
    assert queries_of(seller, "GET", "/sales/bookings?q=wani&sort=customer") == few
    assert queries_of(seller, "GET", f"/sales/bookings/{last.pk}") <= one + 1


BAD = [
    ({"group_id": 999_999}, 404, "NOT_FOUND", ["group_id"]),
    ({"group_id": "soon"}, 422, "INVALID_INPUT", ["body", "group_id"]),
    ({"group_id": -1}, 422, "INVALID_INPUT", ["body", "group_id"]),
    ({"customer_id": None}, 422, "INVALID_INPUT", ["body"]),
    ({"customer_id": 2**70}, 422, "INVALID_INPUT", ["body", "customer_id"]),
    ({"discount": 5}, 422, "INVALID_INPUT", ["body", "discount"]),
    ({"adult_rate": -1}, 422, "INVALID_INPUT", ["body", "adult_rate"]),
    ({"adult_rate": "1e400"}, 422, "INVALID_INPUT", ["body", "adult_rate"]),
    ({"adult_rate": "NaN"}, 422, "INVALID_INPUT", ["body", "adult_rate"]),
    ({"payment_policy": "someday"}, 422, "INVALID_INPUT", ["body", "payment_policy"]),
    ({"room_type": "suite"}, 422, "INVALID_INPUT", ["body", "room_type"]),
    ({"adults": 40000}, 422, "INVALID_INPUT", ["body", "adults"]),
    ({"passengers": [a_passenger(), {"first_name": "x" * 300}]}, 422, "INVALID_INPUT", ["body", "passengers", 1]),
    (
        {"passengers": [{"first_name": "A", "date_of_birth": "1969-13-41"}]},
        422,
        "INVALID_INPUT",
        ["body", "passengers"],
    ),
    ({"passengers": [{"first_name": "A", "passport_no": "!"}]}, 422, "INVALID_INPUT", ["body", "passengers", 0]),
    ({"passengers": [{"first_name": "A", "nationality": "INDIA"}]}, 422, "INVALID_INPUT", ["body", "passengers", 0]),
    ({"passengers": [{"first_name": "A", "mrz": ["garbage"]}]}, 422, "INVALID_PASSENGER", ["passengers", 0, "mrz"]),
    ({"passengers": [{"first_name": "A\u200e\ud83d\ude00\u0007"}]}, 422, "INVALID_INPUT", ["body", "passengers", 0]),
    ({"passengers": [{}]}, 422, "INVALID_PASSENGER", ["passengers", 0, "first_name"]),
    ({"passengers": []}, 422, "COUNTS_DISAGREE", ["passengers"]),
    ({"passengers": [a_passenger("infant")]}, 422, "INVALID_PASSENGER", ["passengers", 0, "tier"]),
    ({"booking_type": "cruise"}, 422, "BOOKING_TYPE_DOES_NOT_FIT", ["booking_type"]),
    ({"total_amount": "999999999999999.99"}, 422, "INVALID_INPUT", ["body", "total_amount"]),
]


@pytest.mark.parametrize(("wrong", "status", "code", "loc"), BAD, ids=[json.dumps(b[0])[:50] for b in BAD])
def test_bad_input_is_told_at_its_field_and_changes_nothing(wrong, status, code, loc):
    seller = as_role(Role.SALES_EXECUTIVE)
    answer = seller.send("POST", "/sales/bookings", {**asked(a_departure()), **wrong})
    problem = said(answer)
    assert (answer.status_code, problem["code"]) == (status, code), problem
    assert any(error["loc"][: len(loc)] == loc for error in problem["errors"]), problem
    assert not Booking.objects.exists()


def test_a_duplicate_names_the_booking_there_is():
    seller = as_role(Role.SALES_EXECUTIVE)
    body = asked(a_departure())
    first = said(seller.send("POST", "/sales/bookings", body))
    again = seller.send("POST", "/sales/bookings", body)
    assert (again.status_code, said(again)["code"], said(again)["booking"]) == (
        409,
        "DUPLICATE_BOOKING",
        first["number"],
    )


def test_seats_exhausted_says_how_many_are_left():
    seller = as_role(Role.SALES_EXECUTIVE)
    answer = seller.send("POST", "/sales/bookings", asked(a_departure(seats=1), 2))
    assert (answer.status_code, said(answer)["code"], said(answer)["left"]) == (409, "SEATS_EXHAUSTED", 1)


def test_a_partner_sees_its_own_bookings_and_nobody_elses():
    group_id, mine, theirs = a_departure(), an_agent(), an_agent()
    own, other = made_booking(group_id, agent_id=mine), made_booking(group_id, agent_id=theirs)
    partner = as_role(Role.AGENT, party_id=mine)
    assert [row["id"] for row in said(partner.send("GET", "/sales/bookings"))["items"]] == [own.id]
    assert partner.send("GET", f"/sales/bookings/{own.id}").status_code == 200
    answer = partner.send("GET", f"/sales/bookings/{other.id}")
    assert (answer.status_code, said(answer)["code"]) == (404, "BOOKING_NOT_FOUND")
    flights = f"/sales/bookings/{other.id}/passengers/{other.passenger_ids[0]}/flights"
    assert partner.send("GET", flights).status_code == 404
    assert partner.send("PATCH", f"/sales/bookings/{own.id}", {"notes": "x"}).status_code == 403


def test_a_booking_is_changed_synced_and_let_go_over_http():
    seller = as_role(Role.SALES_MANAGER)
    made = made_booking(adults=2)
    path = f"/sales/bookings/{made.id}"
    answer = said(seller.send("PATCH", path, {"version": 1, "hotel_rate": "40000"}))
    assert (answer["version"], answer["adult_rate"]) == (2, "113000.00")
    stale = seller.send("PATCH", path, {"notes": "x"}, **{"If-Match": '"1"'})
    assert (stale.status_code, said(stale)["code"], said(stale)["current_version"]) == (409, "STALE_VERSION", 2)
    assert said(seller.send("POST", f"{path}/sync-rates"))["adult_rate"] == "107000.00"
    one = f"{path}/passengers/{made.passenger_ids[1]}"
    assert said(seller.send("PATCH", one, {"pnr": "k7qxpl"}))["passengers"][1]["pnr"] == "K7QXPL"
    assert said(seller.send("POST", f"{one}/cancel?preview=1", {}))["preview"] is True
    assert said(seller.send("POST", f"{one}/cancel", {"reason": "visa refused"}))["gross_after"] == "112350.00"
    preview = said(seller.send("POST", f"{path}/cancel?preview=1"))
    assert (preview["preview"], preview["seats"], preview["entries"]) == (True, 1, [])
    assert said(seller.send("GET", path))["state"] == "draft"
    assert said(seller.send("POST", f"{path}/cancel", {"reason": "ill"}))["state"] == "cancelled"
    again = seller.send("POST", f"{path}/cancel", {"reason": "ill"})
    assert (again.status_code, said(again)["code"]) == (409, "WRONG_STATE")
    assert seller.send("DELETE", f"{path}?reason=twice").status_code == 200
    assert seller.send("GET", path).status_code == 404


def test_lists_refuse_what_they_cannot_sort_by():
    answer = as_role(Role.SALES_MANAGER).send("GET", "/sales/bookings?sort=shoe_size")
    assert (answer.status_code, said(answer)["errors"][0]["loc"]) == (422, ["query", "sort"])
