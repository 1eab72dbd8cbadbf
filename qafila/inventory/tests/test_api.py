"""Airline blocks over HTTP: anonymous, wrong right, wrong input, wrong state, works."""

from __future__ import annotations

import json

import pytest
from django.db import transaction

from qafila.identity.tests.factories import anonymous, as_role
from qafila.identity.types import Role
from qafila.inventory.models import AirlineBlock
from qafila.inventory.steps import take_block_seats
from qafila.inventory.tests.factories import a_block, a_leg, block_said, in_days
from qafila.kernel.actor import SYSTEM
from qafila.kernel.models import AuditEntry, SearchEntry, StateChange

pytestmark = pytest.mark.django_db
BLOCKS = "/inventory/airline-blocks"


def body(response):
    return json.loads(response.content)


def test_nobody_sees_blocks_without_signing_in():
    block_id = a_block()
    for method, path in [
        ("GET", BLOCKS),
        ("POST", BLOCKS),
        ("GET", f"{BLOCKS}/{block_id}"),
        ("PATCH", f"{BLOCKS}/{block_id}"),
        ("DELETE", f"{BLOCKS}/{block_id}"),
        ("GET", f"{BLOCKS}/{block_id}/movements"),
        ("GET", "/airlines"),
        ("GET", "/airports"),
    ]:
        assert anonymous().send(method, path, {} if method in ("POST", "PATCH") else None).status_code == 401


def test_each_verb_has_its_right():
    block_id = a_block()
    seller, buyer = as_role(Role.SALES_EXECUTIVE), as_role(Role.OPS_EXECUTIVE)
    assert as_role(Role.VISA_OFFICER).send("GET", BLOCKS).status_code == 403
    assert seller.send("GET", BLOCKS).status_code == 200
    assert seller.send("POST", BLOCKS, block_said()).status_code == 403
    assert seller.send("PATCH", f"{BLOCKS}/{block_id}", {"version": 1}).status_code == 403
    refused = buyer.send("DELETE", f"{BLOCKS}/{block_id}")
    assert refused.status_code == 403
    assert body(refused)["rights"] == ["inventory.delete"]


def test_a_block_is_bought_read_changed_and_deleted():
    manager = as_role(Role.OPS_MANAGER)
    made = manager.send("POST", BLOCKS, block_said(pnr="k7qxpl", return_pnr="k7qxr2", total_seats=50), key="buy-1")
    assert made.status_code == 201
    block = body(made)
    assert block["code"].startswith("BLK-SV-")
    assert (block["pnr"], block["route"]) == ("K7QXPL", "DEL → JED · JED → DEL")
    assert (block["state"], block["available_seats"], block["price_per_seat"]) == ("active", 50, "48500.00")
    assert (block["legs"][0]["pnr"], block["return_legs"][0]["pnr"]) == ("K7QXPL", "K7QXR2")
    assert block["legs"][0]["own_pnr"] is None
    assert (block["legs"][0]["depart_time"], block["legs"][0]["arrive_time"]) == ("10:40", "14:15")
    assert block["problems"] == []

    path = f"{BLOCKS}/{block['id']}"
    changed = manager.send("PATCH", path, {"total_seats": 52}, **{"If-Match": '"1"'})
    assert (changed.status_code, body(changed)["total_seats"], body(changed)["version"]) == (200, 52, 2)
    assert manager.send("GET", path).status_code == 200
    assert manager.send("DELETE", path).status_code == 204
    assert manager.send("GET", path).status_code == 404
    assert manager.send("DELETE", path).status_code == 404
    assert StateChange.objects.filter(machine="block", object_id=block["id"]).count() == 1
    assert AuditEntry.objects.filter(entity="block", entity_id=block["id"]).count() == 3


def test_the_same_key_buys_once():
    manager, said = as_role(Role.OPS_MANAGER), block_said()
    first, again = (manager.send("POST", BLOCKS, said, key="buy-2") for _ in range(2))
    assert body(first) == body(again)
    assert again["Idempotency-Replayed"] == "true"
    assert AirlineBlock.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "at"),
    [
        ({"pnr": "ABC"}, ["body", "pnr"]),
        ({"pnr": "K7 QX"}, ["body", "pnr"]),
        ({"return_pnr": "TOOLONG99"}, ["body", "return_pnr"]),
        ({"total_seats": 0}, ["body", "total_seats"]),
        ({"total_seats": 10**20}, ["body", "total_seats"]),
        ({"price_per_seat": "-1"}, ["body", "price_per_seat"]),
        ({"price_per_seat": "NaN"}, ["body", "price_per_seat"]),
        ({"price_per_seat": "1e999"}, ["body", "price_per_seat"]),
        ({"currency": "XYZ"}, ["body", "currency"]),
        ({"exchange_rate": "0"}, ["body", "exchange_rate"]),
        ({"airline": "??"}, ["body", "airline"]),
        ({"airline": "Q0"}, ["airline"]),
        ({"supplier_id": 999999}, ["supplier_id"]),
        ({"branch_id": 999999}, ["branch_id"]),
        ({"names_due": "31-12-2026"}, ["body", "names_due"]),
        ({"names_due": "9999-12-31"}, ["body", "names_due"]),
        ({"legs": []}, ["legs"]),
        ({"trip_type": "round"}, ["body", "trip_type"]),
        ({"colour": "red"}, ["body", "colour"]),
        ({"legs": [{}] * 50}, None),
    ],
)
def test_bad_input_is_named_by_its_field_and_changes_nothing(wrong, at):
    refused = as_role(Role.OPS_MANAGER).send("POST", BLOCKS, block_said(**wrong))
    assert refused.status_code == 422
    assert body(refused)["errors"]
    if at:
        assert body(refused)["errors"][0]["loc"] == at
    assert AirlineBlock.objects.count() == 0


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"flight_no": "SAUDIA 757"}, "flight_no"),
        ({"origin": "DELHI"}, "origin"),
        ({"depart_time": "10:40:00+05:30"}, "depart_time"),
        ({"arrive_time": "25:00"}, "arrive_time"),
        ({"pnr": "A"}, "pnr"),
    ],
)
def test_a_bad_leg_is_named_by_its_place(wrong, field):
    legs = [{**a_leg("DEL", "JED", in_days(30)), **wrong}]
    refused = as_role(Role.OPS_MANAGER).send("POST", BLOCKS, block_said(legs=legs))
    assert refused.status_code == 422
    assert body(refused)["errors"][0]["loc"] == ["body", "legs", 0, field]


def test_a_route_that_cannot_be_flown_is_refused_leg_by_leg():
    legs = [a_leg("SXR", "DEL", in_days(30), "10:00", "11:30"), a_leg("DXB", "JED", in_days(30), "09:00", "11:00")]
    refused = as_role(Role.OPS_MANAGER).send("POST", BLOCKS, block_said(legs=legs))
    assert (refused.status_code, body(refused)["code"]) == (422, "ROUTE_INVALID")
    assert [error["loc"] for error in body(refused)["errors"]] == [["legs", 1, "origin"], ["legs", 1, "depart_time"]]


def test_a_pnr_of_seven_is_taken_with_a_warning():
    made = as_role(Role.OPS_MANAGER).send("POST", BLOCKS, block_said(pnr="K7QXPL9"))
    assert made.status_code == 201
    assert [p["code"] for p in body(made)["problems"]] == ["PNR_LENGTH"]


def test_without_the_version_read_nothing_changes():
    path = f"{BLOCKS}/{a_block()}"
    refused = as_role(Role.OPS_MANAGER).send("PATCH", path, {"notes": "x"})
    assert (refused.status_code, body(refused)["errors"][0]["loc"]) == (422, ["version"])
    stale = as_role(Role.OPS_MANAGER).send("PATCH", path, {"notes": "x", "version": 7})
    assert (stale.status_code, body(stale)["code"], body(stale)["current_version"]) == (409, "STALE_VERSION", 1)


def test_a_block_in_use_is_not_deleted():
    block_id = a_block()
    with transaction.atomic():
        take_block_seats(SYSTEM, block_id, 3, reason="linked", note="UMR-27JAN-A")
    manager = as_role(Role.OPS_MANAGER)
    refused = manager.send("DELETE", f"{BLOCKS}/{block_id}")
    assert (refused.status_code, body(refused)["code"]) == (409, "SEATS_TAKEN")
    moved = body(manager.send("GET", f"{BLOCKS}/{block_id}/movements"))
    assert [(row["seats"], row["note"]) for row in moved["items"]] == [(3, "UMR-27JAN-A")]


def test_an_executive_buys_without_seeing_what_others_paid():
    executive = as_role(Role.OPS_EXECUTIVE)
    made = body(executive.send("POST", BLOCKS, block_said()))
    assert made["price_per_seat"] is None
    assert body(executive.send("GET", BLOCKS))["items"][0]["price_per_seat"] is None


def test_the_list_filters_and_sorts():
    early = a_block(departs=in_days(10), pnr="AAAAA1")
    late = a_block(departs=in_days(40), pnr="BBBBB2", airline="6E", legs=[a_leg("SXR", "JED", in_days(40))])
    someone = as_role(Role.SALES_EXECUTIVE)

    def found(**query):
        return [
            row["id"]
            for row in body(someone.send("GET", BLOCKS + "?" + "&".join(f"{k}={v}" for k, v in query.items())))["items"]
        ]

    assert found() == [late, early]
    assert found(sort="departs_on") == [early, late]
    assert found(q="aaaaa1") == [early]
    assert found(q="SXR") == [late]
    assert found(airline="6e") == [late]
    assert found(state="active", departs_to=in_days(20).isoformat()) == [early]
    assert found(state="departed") == []
    assert found(q="%25_") == []
    refused = someone.send("GET", BLOCKS + "?sort=price")
    assert (refused.status_code, body(refused)["errors"][0]["loc"]) == (422, ["query", "sort"])


def test_a_list_of_any_length_takes_the_same_queries(django_assert_num_queries):
    from qafila.inventory.queries import block, blocks, movements
    from qafila.kernel.pagination import Window

    first = a_block()
    with django_assert_num_queries(2):
        assert blocks(SYSTEM, Window()).total == 1
    for _ in range(3):
        a_block()
    with django_assert_num_queries(2):
        assert [row.supplier for row in blocks(SYSTEM, Window()).items]
    with django_assert_num_queries(2):
        assert block(SYSTEM, first).legs
    with django_assert_num_queries(3):
        movements(SYSTEM, first, Window())


def test_airports_and_airlines_are_found_by_code_city_and_name():
    anyone = as_role(Role.CASHIER)
    assert body(anyone.send("GET", "/airports?q=jed"))["items"][0]["code"] == "JED"
    assert "SXR" in [a["code"] for a in body(anyone.send("GET", "/airports?q=srinagar"))["items"]]
    assert body(anyone.send("GET", "/airlines?q=sv"))["items"][0]["name"] == "Saudia"
    assert body(anyone.send("GET", "/airports"))["total"] > 7000


def test_the_search_finds_a_block_by_pnr_flight_and_airport():
    block_id = a_block(pnr="K7QXPL")
    entry = SearchEntry.objects.get(entity="block", object_id=block_id)
    assert entry.url == f"/inventory/quota/{entry.title}"
    assert entry.right == "inventory.view"
    for word in ("k7qxpl", "sv757", "jed"):
        assert f"'{word}'" in str(entry.words)
