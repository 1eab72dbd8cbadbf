"""Groups over HTTP: anonymous, wrong right, wrong input, wrong state, works."""

from __future__ import annotations

import json
from typing import Any

import pytest

from qafila.groups.models import TravelGroup
from qafila.groups.tests.factories import GST, LINE_ITEMS, a_group, a_priced_group
from qafila.identity.tests.factories import anonymous, as_role, caller, deny, make_user
from qafila.identity.types import Role
from qafila.inventory.tests.factories import a_block, books, in_days
from qafila.kernel.models import SearchEntry

pytestmark = pytest.mark.django_db


def body(response):
    return json.loads(response.content)


def said(**more):
    return {
        "group_type": "UMRAH",
        "departure_date": in_days(30).isoformat(),
        "return_date": in_days(46).isoformat(),
        "total_capacity": 48,
        **more,
    }


ROUTES = [
    ("GET", "/groups", "groups.view"),
    ("POST", "/groups", "groups.create"),
    ("GET", "/groups/status", "groups.view"),
    ("GET", "/groups/flights-summary", "groups.view"),
    ("GET", "/groups/code-preview", "groups.view"),
    ("GET", "/groups/{id}", "groups.view"),
    ("PATCH", "/groups/{id}", "groups.edit"),
    ("DELETE", "/groups/{id}", "groups.delete"),
    ("POST", "/groups/{id}/cancel", "groups.edit"),
    ("GET", "/groups/{id}/history", "groups.view"),
    ("GET", "/groups/{id}/pricing", "groups.view"),
    ("PATCH", "/groups/{id}/pricing", "group_pricing.edit"),
    ("POST", "/groups/{id}/pricing/refresh-from-inventory", "group_pricing.edit"),
    ("GET", "/groups/{id}/flights", "groups.view"),
    ("POST", "/groups/{id}/flights", "groups.edit"),
    ("PATCH", "/groups/{id}/flights/1", "groups.edit"),
    ("DELETE", "/groups/{id}/flights/1", "groups.edit"),
    ("GET", "/groups/{id}/available-flights", "bookings.view"),
]


@pytest.mark.parametrize(("method", "path", "right"), ROUTES)
def test_every_route_asks_who_and_whether_they_may(method, path, right):
    path = path.format(id=a_group())
    payload: dict[str, Any] | None = {} if method in ("POST", "PATCH") else None
    assert anonymous().send(method, path, payload).status_code == 401
    user = make_user(Role.CASHIER)
    deny(user, "bookings.view")
    answer = caller(user).send(method, path, payload)
    assert answer.status_code == 403
    assert right in body(answer)["rights"]


def test_a_group_is_opened_read_changed_cancelled_and_deleted():
    books()
    manager, hr = as_role(Role.SALES_MANAGER), as_role(Role.ADMIN_HR)
    made = manager.send("POST", "/groups", said(geography="Makkah, Madinah"), key="open-1")
    assert made.status_code == 201
    group = body(made)
    assert group["code"].startswith("UMR-")
    assert group["name"].startswith("Umrah ")
    assert (group["status"], group["free"], group["currency"]) == ("planning", 48, "INR")
    again = manager.send("POST", "/groups", said(geography="Makkah, Madinah"), key="open-1")
    assert body(again) == group
    assert TravelGroup.objects.count() == 1

    path = f"/groups/{group['id']}"
    changed = manager.send("PATCH", path, {"version": 1, "total_capacity": 50})
    assert (changed.status_code, body(changed)["total_capacity"], body(changed)["version"]) == (200, 50, 2)
    assert manager.send("PATCH", path, {"version": 1, "total_capacity": 40}).status_code == 409
    cancelled = manager.send("POST", f"{path}/cancel", {"reason": "Too few pilgrims"})
    assert (cancelled.status_code, body(cancelled)["status"]) == (200, "cancelled")
    refused = manager.send("POST", f"{path}/cancel", {"reason": "Once more"})
    assert (refused.status_code, body(refused)["code"]) == (409, "WRONG_STATE")
    assert manager.send("DELETE", path).status_code == 403
    assert hr.send("DELETE", path).status_code == 204
    assert manager.send("GET", path).status_code == 404
    assert not SearchEntry.objects.filter(entity="group").exists()


@pytest.mark.parametrize(
    ("wrong", "at"),
    [
        ({"group_type": "CRUISE"}, ["body", "group_type"]),
        ({"departure_date": "18/01/2027"}, ["body", "departure_date"]),
        ({"departure_date": "0001-01-01"}, ["body", "departure_date"]),
        ({"return_date": "2020-01-01"}, ["return_date"]),
        ({"total_capacity": 0}, ["body", "total_capacity"]),
        ({"total_capacity": "many"}, ["body", "total_capacity"]),
        ({"total_capacity": 10**30}, ["body", "total_capacity"]),
        ({"currency": "RUPEE"}, ["body", "currency"]),
        ({"branch_id": 424242}, ["branch_id"]),
        ({"code": "UMR-27JAN-Z"}, ["body", "code"]),
        ({"geography": "x" * 201}, ["body", "geography"]),
    ],
)
def test_bad_input_is_named_by_its_field_and_changes_nothing(wrong, at):
    refused = as_role(Role.SALES_MANAGER).send("POST", "/groups", said(**wrong))
    assert refused.status_code == 422
    assert body(refused)["errors"][0]["loc"] == at
    assert TravelGroup.objects.count() == 0


def test_type_and_code_are_not_among_what_may_change():
    path = f"/groups/{a_group()}"
    for field in ("group_type", "code", "name", "booked_count"):
        refused = as_role(Role.SALES_MANAGER).send("PATCH", path, {"version": 1, field: "HAJ"})
        assert (refused.status_code, body(refused)["errors"][0]["loc"]) == (422, ["body", field])


def test_a_block_is_linked_its_pnr_edited_and_unlinked():
    block_id, group_id = a_block(pnr="K7QXPL"), a_group()
    manager = as_role(Role.OPS_MANAGER)
    flights = f"/groups/{group_id}/flights"
    offered = body(manager.send("GET", f"/groups/{group_id}/available-flights?q=k7q"))
    assert [(b["id"], b["default_seats"]) for b in offered["items"]] == [(block_id, 48)]

    made = manager.send("POST", flights, {"block_id": block_id}, key="link-1")
    assert made.status_code == 201
    flight = body(made)
    assert (flight["seats"], flight["pnr"], flight["cost"]) == (48, "K7QXPL", "2328000.00")
    assert [leg["origin"] for leg in flight["legs"]] == ["DEL", "JED"]
    assert body(manager.send("POST", flights, {"block_id": block_id}, key="link-1"))["id"] == flight["id"]
    assert body(manager.send("GET", flights))["total"] == 1
    hidden = body(as_role(Role.OPS_EXECUTIVE).send("GET", flights))
    assert hidden["items"][0]["cost"] is None

    path = f"{flights}/{flight['id']}"
    edited = manager.send("PATCH", path, {"version": 1, "pnr": "abc12345"})
    assert (edited.status_code, body(edited)["pnr"], body(edited)["pnr_is_outranked"]) == (200, "ABC12345", True)
    for wrong in ("ABC123456", "A B", "é"):
        refused = manager.send("PATCH", path, {"version": 2, "pnr": wrong})
        assert (refused.status_code, body(refused)["errors"][0]["loc"]) == (422, ["body", "pnr"])
    assert manager.send("DELETE", path).status_code == 204
    assert manager.send("DELETE", path).status_code == 404
    assert manager.send("POST", flights, {"block_id": 999999}).status_code == 404


def test_linking_needs_the_right_to_allocate_too():
    refused = as_role(Role.SALES_MANAGER).send("POST", f"/groups/{a_group()}/flights", {"block_id": a_block()})
    assert (refused.status_code, body(refused)["rights"]) == (403, ["inventory.allocate"])


def test_the_sheet_is_saved_and_tells_what_one_of_each_costs():
    group_id = a_group()
    manager, path = as_role(Role.SALES_MANAGER), f"/groups/{group_id}/pricing"
    empty = body(manager.send("GET", path))
    assert (empty["version"], empty["is_complete"], empty["line_items"]) == (1, False, {})
    camel = {("groundServices" if k == "ground_services" else k): v for k, v in LINE_ITEMS.items()}
    saved = manager.send("PATCH", path, {"version": 1, "line_items": camel, "tax_lines": [GST]})
    assert saved.status_code == 200
    sheet = body(saved)
    assert (sheet["version"], sheet["is_complete"]) == (2, True)
    assert sheet["totals"]["adult"] == {
        "net": "107000.00",
        "tax_total": "5350.00",
        "tcs_total": "0.00",
        "gross": "112350.00",
    }
    assert manager.send("PATCH", path, {"version": 1, "line_items": {}}).status_code == 409
    by_header = manager.send("PATCH", path, {"tax_lines": []}, **{"If-Match": "2"})
    assert (by_header.status_code, body(by_header)["tax_lines"]) == (200, [])


@pytest.mark.parametrize(
    ("wrong", "at"),
    [
        ({"line_items": {"camel": {"adult": "1"}}}, ["body", "line_items", "camel"]),
        ({"line_items": {"visa": {"adult": "-1"}}}, ["body", "line_items", "visa", "adult"]),
        ({"line_items": {"visa": {"adult": "1.2345"}}}, ["body", "line_items", "visa", "adult"]),
        ({"line_items": {"visa": {"adult": "Infinity"}}}, ["body", "line_items", "visa", "adult"]),
        ({"tax_lines": [{**GST, "rate": "101"}]}, ["body", "tax_lines", 0, "rate"]),
        ({"tax_lines": [{**GST, "mode": "sideways"}]}, ["body", "tax_lines", 0, "mode"]),
        ({"tax_lines": [{**GST, "applies_to": []}]}, ["body", "tax_lines", 0, "applies_to"]),
        ({"tax_lines": [{**GST, "applies_to": ["meals"]}]}, ["body", "tax_lines", 0, "applies_to", 0]),
        ({"tax_lines": [GST] * 13}, ["body", "tax_lines"]),
    ],
)
def test_a_bad_sheet_is_named_by_its_figure(wrong, at):
    refused = as_role(Role.SALES_MANAGER).send("PATCH", f"/groups/{a_group()}/pricing", {"version": 1, **wrong})
    assert refused.status_code == 422
    assert body(refused)["errors"][0]["loc"] == at


def test_refreshing_answers_a_sheet_with_its_reasons():
    group_id = a_priced_group()
    told = body(as_role(Role.SALES_MANAGER).send("POST", f"/groups/{group_id}/pricing/refresh-from-inventory"))
    assert told["line_items"]["flight"] == {"adult": "48500.00", "child": "48500.00", "infant": "9500.00"}
    assert any("48500.00 a seat" in line for figure in told["figures"] for line in figure["how"])


def test_the_list_filters_sorts_and_counts():
    umrah = a_group(geography="Makkah")
    haj = a_group(group_type="HAJ", departure_date=in_days(10))
    someone = as_role(Role.VISA_OFFICER)

    def found(query=""):
        return [row["id"] for row in body(someone.send("GET", f"/groups?{query}"))["items"]]

    assert found() == [haj, umrah]
    assert found("sort=-departure_date") == [umrah, haj]
    assert found("q=makkah") == [umrah]
    assert found("q=umr-") == [umrah]
    assert found("type=HAJ") == [haj]
    assert found("status=open") == []
    assert found("scope=archived") == []
    as_role(Role.SALES_MANAGER).send("POST", f"/groups/{haj}/cancel", {"reason": "Too few"})
    assert (found(), found("scope=archived"), len(found("scope=all"))) == ([umrah], [haj], 2)
    assert someone.send("GET", "/groups?scope=lost").status_code == 422
    assert body(someone.send("GET", "/groups/status")) == {"active": 1, "departing_soon": 0, "completed": 0}
    summary = body(someone.send("GET", "/groups/flights-summary"))
    assert [(row["group_id"], row["flights"]) for row in summary["items"]] == [(umrah, 0)]


def test_the_preview_names_the_group_before_it_is_there():
    someone = as_role(Role.SALES_EXECUTIVE)
    told = body(someone.send("GET", "/groups/code-preview?group_type=UMRAH&departure_date=2027-01-18"))
    assert told == {"code": "UMR-27JAN-A", "name": "Umrah January 2027 A"}
    assert someone.send("GET", "/groups/code-preview?group_type=UMRAH").status_code == 422


def test_the_history_of_a_group_is_a_page():
    group_id = a_priced_group()
    told = body(as_role(Role.AUDITOR).send("GET", f"/groups/{group_id}/history"))
    assert [event["what"] for event in told["items"]] == ["priced", "linked", "created"]


def test_the_search_finds_a_group_by_code_type_and_month():
    entry = SearchEntry.objects.get(entity="group", object_id=a_group(departure_date="2027-01-18"))
    assert (entry.url, entry.right) == ("/groups/UMR-27JAN-A", "groups.view")
    for word in ("umr", "27jan", "umrah", "january"):
        assert f"'{word}'" in str(entry.words)
