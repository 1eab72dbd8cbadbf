"""The pages of groups: who sees them, what they show, what their forms do."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from qafila.groups import figures
from qafila.groups.figures import Figures
from qafila.groups.models import TravelGroup
from qafila.groups.queries import flights_of, group, rate_sheet
from qafila.groups.tests.factories import a_group, a_priced_group
from qafila.identity.tests.factories import anonymous, as_role
from qafila.identity.types import Role
from qafila.inventory.tests.factories import a_block, books, in_days
from qafila.kernel import web
from qafila.kernel.actor import SYSTEM
from qafila.kernel.web import Tab, add_tab

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def html(response):
    assert response.status_code == 200, response.content[:500]
    return response.content.decode()


def code_of(group_id):
    return group(SYSTEM, group_id).code


def sheet_form(version, **more):
    said = {
        "version": str(version),
        "tax_lines[0].name": "",
        "tax_lines[0].kind": "gst",
        "tax_lines[0].mode": "exclusive",
    }
    for item in ("flight", "hotel", "visa", "ground_services"):
        said |= {
            f"line_items.{item}.adult": "1000",
            f"line_items.{item}.child": "500",
            f"line_items.{item}.infant": "0",
        }
    return {**said, **more}


def test_a_page_asks_for_the_log_in_and_for_the_right():
    code = code_of(a_priced_group())
    tabs = [f"/groups/{code}/tab/{tab}" for tab in ("overview", "operations", "itinerary", "pricing")]
    for path in ("/groups", "/groups/new", f"/groups/{code}", *tabs):
        assert anonymous().get(path).status_code == 302
        assert as_role(Role.CASHIER).get(path).status_code == 403
    assert as_role(Role.VISA_OFFICER).get("/groups/UMR-00JAN-A").status_code == 404
    viewer = as_role(Role.VISA_OFFICER)
    for path in (f"/groups/{code}/flights", f"/groups/{code}/cancel", f"/groups/{code}/delete"):
        assert viewer.post(path, headers=HTMX).status_code == 403
    assert viewer.post(f"/groups/{code}/tab/pricing", sheet_form(2), headers=HTMX).status_code == 403


def test_the_list_shows_cards_or_a_table_and_remembers_which():
    code = code_of(a_priced_group())
    someone = as_role(Role.SALES_MANAGER)
    cards = html(someone.get("/groups"))
    assert f'href="/groups/{code}"' in cards
    assert "0/48" in cards
    assert "<article" in cards
    table = someone.get("/groups?look=table")
    assert "<article" not in html(table)
    assert table.cookies["qafila_groups_look"].value == "table"
    assert "<article" not in html(someone.get("/groups"))
    assert code not in html(someone.get("/groups?status=planning"))
    part = someone.get("/groups?q=umr", headers={**HTMX, "HX-Target": "list"})
    assert "<html" not in html(part)


def test_higher_rooms_fill_in_what_a_group_was_charged(monkeypatch):
    group_id = a_group()
    told = Figures(Decimal("112350.00"), Decimal("50000.00"), Decimal("62350.00"))
    monkeypatch.setattr(figures, "_providers", [lambda actor, ids: {group_id: told} if group_id in ids else {}])
    someone = as_role(Role.SALES_MANAGER)
    for look in ("cards", "table"):
        assert "62,350.00" in html(someone.get(f"/groups?look={look}"))


def test_a_list_of_any_length_takes_the_same_queries(django_assert_max_num_queries):
    someone = as_role(Role.SALES_MANAGER)
    a_group()
    with django_assert_max_num_queries(12) as first:
        someone.get("/groups")
    for _ in range(4):
        a_group()
    with django_assert_max_num_queries(len(first.captured_queries)):
        someone.get("/groups")


def test_a_group_is_opened_by_its_form_once_and_previewed_before():
    books()
    manager = as_role(Role.SALES_MANAGER)
    assert 'hx-get="/groups/new/code"' in html(manager.get("/groups/new"))
    preview = html(manager.get("/groups/new/code?group_type=UMRAH&departure_date=2027-01-18&total_capacity="))
    assert "UMR-27JAN-A" in preview
    assert "Choose the type" in html(manager.get("/groups/new/code?group_type=UMRAH&departure_date="))
    said = {
        "group_type": "UMRAH",
        "departure_date": "2027-01-18",
        "return_date": "2027-02-03",
        "total_capacity": "48",
        "currency": "INR",
        "branch_id": "",
        "geography": "",
        "notes": "",
        "idempotency_key": "form-1",
    }
    for _ in range(2):
        answer = manager.post("/groups/new", said, headers=HTMX)
        assert (answer.status_code, answer["HX-Redirect"]) == (204, "/groups/UMR-27JAN-A")
    assert TravelGroup.objects.count() == 1
    wrong = manager.post(
        "/groups/new", {**said, "return_date": "2027-01-01", "idempotency_key": "form-2"}, headers=HTMX
    )
    assert (wrong.status_code, json.loads(wrong.content)["errors"][0]["loc"]) == (422, ["return_date"])


def test_the_shell_offers_the_tabs_one_may_open_and_the_moves_one_may_make():
    code = code_of(a_priced_group())
    shown = html(as_role(Role.ADMIN_HR).get(f"/groups/{code}?tab=pricing"))
    for tab in ("overview", "operations", "itinerary", "pricing"):
        assert f"/groups/{code}/tab/{tab}" in shown
    assert f"<title>{code} · Pricing · Qafila</title>" in shown
    assert "Cancel group" in shown
    assert "1 linked flights go back" in shown
    viewer = html(as_role(Role.VISA_OFFICER).get(f"/groups/{code}"))
    assert "Cancel group" not in viewer
    assert f"/groups/{code}/edit" not in viewer


def test_the_overview_tells_what_is_missing_and_makes_room_for_higher_rooms(monkeypatch):
    code = code_of(a_group())
    monkeypatch.setattr(web, "_tabs", {**web._tabs, "group_overview": {}})
    add_tab("group_overview", Tab("x", "Composition", "/groups/{code}/composition", "groups.view"))
    shown = html(as_role(Role.VISA_OFFICER).get(f"/groups/{code}/tab/overview"))
    assert "No inventory is linked yet" in shown
    assert f'hx-get="/groups/{code}/composition"' in shown
    assert "opened for planning" in shown
    assert "1448" in shown  # the Hijri year of the departure


def test_a_group_is_edited_and_its_state_pinned_on_its_form():
    group_id = a_priced_group()
    code, manager = code_of(group_id), as_role(Role.SALES_MANAGER)
    assert "Dates and seats decide" in html(manager.get(f"/groups/{code}/edit"))
    now = group(SYSTEM, group_id)
    said = {
        "version": "1",
        "departure_date": now.departure_date.isoformat(),
        "return_date": now.return_date.isoformat(),
        "total_capacity": "50",
        "currency": "INR",
        "geography": "Makkah",
        "status_override": "planning",
    }
    assert manager.post(f"/groups/{code}/edit", said, headers=HTMX).status_code == 204
    now = group(SYSTEM, group_id)
    assert (now.total_capacity, now.geography, now.status) == (50, "Makkah", "planning")


def test_a_block_is_linked_from_the_operations_tab_and_its_pnr_edited_in_place():
    group_id, block_id = a_group(), a_block(pnr="K7QXPL")
    code, manager = code_of(group_id), as_role(Role.OPS_MANAGER)
    assert "No flights yet" in html(manager.get(f"/groups/{code}/tab/operations"))
    assert f'value="{block_id}"' in html(manager.get(f"/groups/{code}/flights/available"))
    assert "No free block" in html(manager.get(f"/groups/{code}/flights/available?q=nothing"))
    said = {"block_id": str(block_id), "seats": "", "pnr": "", "idempotency_key": "link-1"}
    for _ in range(2):
        answer = manager.post(f"/groups/{code}/flights", said, headers=HTMX)
        assert answer.status_code == 204
        assert {"flights-changed", "close-dialog", "toast"} <= json.loads(answer["HX-Trigger"]).keys()
    (flight,) = flights_of(group_id)
    assert (flight.seats, flight.pnr) == (48, "K7QXPL")
    shown = html(manager.get(f"/groups/{code}/tab/operations"))
    assert "48 seats go back to BLK-SV-" in shown
    assert "INR 2,328,000.00" in shown
    hidden = html(as_role(Role.OPS_EXECUTIVE).get(f"/groups/{code}/tab/operations"))
    assert "2,328,000" not in hidden

    path = f"/groups/{code}/flights/{flight.id}"
    assert manager.post(path, {"version": "1", "pnr": "abc123"}, headers=HTMX).status_code == 204
    assert "K7QXPL counts before this one" in html(manager.get(f"/groups/{code}/tab/operations"))
    assert manager.post(path, {"version": "1", "pnr": "late99"}, headers=HTMX).status_code == 409
    assert manager.post(path, {"version": "2", "pnr": ""}, headers=HTMX).status_code == 204
    assert flights_of(group_id)[0].pnr == ""
    assert manager.post(f"{path}/unlink", headers=HTMX).status_code == 204
    assert flights_of(group_id) == []


def test_the_itinerary_reads_in_local_times_with_the_nights_between():
    code = code_of(a_priced_group())
    shown = html(as_role(Role.VISA_OFFICER).get(f"/groups/{code}/tab/itinerary"))
    for piece in ("SV 757", "Jeddah", "10:40", "16 nights, from Jeddah"):
        assert piece in shown
    assert "seats on" not in shown
    short = code_of(a_group(seats=10))
    assert "No flights yet" in html(as_role(Role.VISA_OFFICER).get(f"/groups/{short}/tab/itinerary"))


def test_the_sheet_is_typed_totalled_and_saved():
    group_id = a_group()
    code, manager = code_of(group_id), as_role(Role.SALES_MANAGER)
    path = f"/groups/{code}/tab/pricing"
    assert 'name="line_items.flight.adult"' in html(manager.get(path))
    assert "Save sheet" not in html(as_role(Role.VISA_OFFICER).get(path))
    taxed = sheet_form(
        1, **{"tax_lines[0].name": "GST", "tax_lines[0].rate": "5", "tax_lines[0].applies_to[]": ["flight", "hotel"]}
    )
    assert "4,100.00" in html(manager.get(f"{path}/totals", taxed))
    assert "applies_to" in html(manager.get(f"{path}/totals", {**taxed, "tax_lines[0].applies_to[]": []}))
    answer = manager.post(path, taxed, headers=HTMX)
    assert answer.status_code == 204
    assert "sheet-changed" in json.loads(answer["HX-Trigger"])
    sheet = rate_sheet(group_id)
    assert (sheet.is_complete, sheet.tax_lines[0].applies_to) == (True, ("flight", "hotel"))
    assert manager.post(path, taxed, headers=HTMX).status_code == 409
    assert manager.post(path, sheet_form(2), headers=HTMX).status_code == 204
    assert rate_sheet(group_id).tax_lines == ()
    wrong = manager.post(path, sheet_form(3, **{"line_items.visa.child": "abc"}), headers=HTMX)
    assert json.loads(wrong.content)["errors"][0]["loc"] == ["line_items", "visa", "child"]


def test_refreshing_from_inventory_shows_how_and_saves_only_when_told():
    group_id = a_priced_group()
    code, manager = code_of(group_id), as_role(Role.SALES_MANAGER)
    path = f"/groups/{code}/tab/pricing"
    shown = html(manager.post(f"{path}/refresh", headers=HTMX))
    assert "48500.00 a seat" in shown
    assert "Save these figures" in shown
    assert rate_sheet(group_id).version == 2
    said = {
        "version": "2",
        "line_items.flight.adult": "48500.00",
        "line_items.flight.child": "48500.00",
        "line_items.flight.infant": "9500.00",
    }
    assert manager.post(f"{path}/keep", said, headers=HTMX).status_code == 204
    sheet = rate_sheet(group_id)
    assert sheet.rate("flight").adult == Decimal(48500)
    assert (len(sheet.tax_lines), sheet.rate("visa").adult) == (1, Decimal(14500))


def test_a_group_is_cancelled_with_a_reason_and_deleted_by_who_may():
    group_id = a_priced_group()
    code, hr = code_of(group_id), as_role(Role.ADMIN_HR)
    bare = hr.post(f"/groups/{code}/cancel", {"reason": ""}, headers=HTMX)
    assert (bare.status_code, json.loads(bare.content)["errors"][0]["loc"]) == (422, ["reason"])
    answer = hr.post(f"/groups/{code}/cancel", {"reason": "Too few pilgrims"}, headers=HTMX)
    assert answer["HX-Redirect"] == f"/groups/{code}"
    assert "Cancelled: Too few pilgrims" in html(hr.get(f"/groups/{code}/tab/overview"))
    assert hr.post(f"/groups/{code}/delete", headers=HTMX)["HX-Redirect"] == "/groups"
    assert hr.get(f"/groups/{code}").status_code == 404


def test_a_field_finds_groups_that_are_not_over():
    group_id = a_group(departure_date=in_days(5), geography="Makkah")
    found = json.loads(as_role(Role.SALES_EXECUTIVE).get("/typeahead/groups?q=makkah").content)
    assert [row["id"] for row in found] == [group_id]
    assert "48 free" in found[0]["sub"]
