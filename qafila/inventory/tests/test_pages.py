"""The pages of airline blocks: who sees them, what they show, what their forms do."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from qafila.identity.tests.factories import anonymous, as_role
from qafila.identity.types import Role
from qafila.inventory.models import AirlineBlock
from qafila.inventory.queries import block
from qafila.inventory.tests.factories import a_block, books, in_days
from qafila.kernel.actor import SYSTEM
from qafila.parties.tests.factories import a_supplier

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def html(response):
    assert response.status_code == 200, response.content[:500]
    return response.content.decode()


def form(**more):
    """A block's form as a browser posts it."""
    day, back = in_days(30).isoformat(), in_days(46).isoformat()
    return {
        "pnr": "k7qxpl",
        "return_pnr": "",
        "trip_type": "return",
        "total_seats": "50",
        "price_per_seat": "48500.00",
        "currency": "INR",
        "exchange_rate": "1",
        "names_due": in_days(10).isoformat(),
        "expiry_date": "",
        "notes": "",
        "legs[0].origin": "del",
        "legs[0].destination": "jed",
        "legs[0].flight_no": "sv757",
        "legs[0].depart_date": day,
        "legs[0].depart_time": "19:25",
        "legs[0].arrive_date": day,
        "legs[0].arrive_time": "23:05",
        "return_legs[0].origin": "JED",
        "return_legs[0].destination": "DEL",
        "return_legs[0].flight_no": "SV 758",
        "return_legs[0].depart_date": back,
        "return_legs[0].depart_time": "02:20",
        "return_legs[0].arrive_date": back,
        "return_legs[0].arrive_time": "09:35",
        **more,
    }


def test_a_page_asks_for_the_log_in_and_for_the_right():
    code = block(SYSTEM, a_block()).code
    for path in ("/inventory/quota", f"/inventory/quota/{code}", "/inventory/quota/new"):
        assert anonymous().get(path).status_code == 302
        assert as_role(Role.VISA_OFFICER).get(path).status_code == 403
    assert as_role(Role.SALES_EXECUTIVE).get("/inventory/quota/BLK-XX-00JAN-A").status_code == 404


def test_the_list_shows_routes_and_seats():
    code = block(SYSTEM, a_block()).code
    shown = html(as_role(Role.OPS_MANAGER).get("/inventory/quota"))
    assert code in shown
    assert "DEL → JED · JED → DEL" in shown
    assert "0/50" in shown
    assert "/inventory/quota/new" in shown
    assert "/inventory/quota/new" not in html(as_role(Role.SALES_EXECUTIVE).get("/inventory/quota"))
    assert code not in html(as_role(Role.OPS_MANAGER).get("/inventory/quota?airline=6E"))


def test_one_block_shows_its_flights_seats_and_entries():
    found = block(SYSTEM, a_block(pnr="K7QXPL9"))
    shown = html(as_role(Role.FINANCE_MANAGER).get(f"/inventory/quota/{found.code}"))
    for piece in ("K7QXPL9", "SV 757", "Jeddah", "0 of 50 seats taken", "48,500", "/finance/journals/", "characters"):
        assert piece in shown
    plain = html(as_role(Role.OPS_EXECUTIVE).get(f"/inventory/quota/{found.code}"))
    assert "48,500" not in plain
    assert "/finance/journals/" not in plain
    assert "In the books" not in plain


def test_a_block_is_recorded_by_its_form_once():
    books()
    manager = as_role(Role.OPS_MANAGER)
    assert 'name="legs[0].origin"' in html(manager.get("/inventory/quota/new"))
    said = form(supplier_id=str(a_supplier()), airline="SV", idempotency_key="opened-1")
    for _ in range(2):
        answer = manager.post("/inventory/quota/new", said, headers=HTMX)
        assert answer.status_code == 204, answer.content
    made = AirlineBlock.objects.get()
    assert answer["HX-Redirect"] == f"/inventory/quota/{made.code}"
    assert (made.pnr, made.route, made.notes) == ("K7QXPL", "DEL → JED · JED → DEL", "")
    assert list(made.legs.values_list("flight_no", flat=True)) == ["SV 757", "SV 758"]


def test_a_bad_leg_is_told_beside_its_field_with_the_input_kept():
    books()
    said = form(supplier_id=str(a_supplier()), airline="SV", **{"return_legs[0].origin": "MED"})
    said["legs[0].destination"] = "JEDDAH"
    answer = as_role(Role.OPS_MANAGER).post("/inventory/quota/new", said, headers=HTMX)
    assert answer.status_code == 422
    assert json.loads(answer.content)["errors"][0]["loc"] == ["legs", 0, "destination"]
    assert AirlineBlock.objects.count() == 0


def test_the_edit_form_changes_clears_and_minds_the_version():
    found = block(SYSTEM, a_block(names_due=in_days(10).isoformat()))
    manager, path = as_role(Role.OPS_MANAGER), f"/inventory/quota/{found.code}/edit"
    shown = html(manager.get(path))
    assert 'value="SV 757"' in shown
    said = form(version="1", supplier_id=str(found.supplier_id), names_due="", total_seats="52", notes="Rang the desk")
    assert manager.post(path, said, headers=HTMX).status_code == 204
    now = block(SYSTEM, found.id)
    assert (now.total_seats, now.names_due, now.notes, now.pnr) == (52, None, "Rang the desk", "K7QXPL")
    stale = manager.post(path, said, headers=HTMX)
    assert (stale.status_code, json.loads(stale.content)["code"]) == (409, "STALE_VERSION")


def test_an_edit_by_somebody_who_sees_no_price_keeps_it():
    found = block(SYSTEM, a_block(price_per_seat="777.00", deposit_amount="5000.00"))
    executive, path = as_role(Role.OPS_EXECUTIVE), f"/inventory/quota/{found.code}/edit"
    assert "777" not in html(executive.get(path))
    said = form(version="1", supplier_id=str(found.supplier_id))
    for hidden in ("price_per_seat", "currency", "exchange_rate"):
        del said[hidden]
    assert executive.post(path, said, headers=HTMX).status_code == 204
    now = block(SYSTEM, found.id)
    assert (now.price_per_seat, now.deposit_amount) == (Decimal(777), Decimal(5000))


def test_a_block_is_deleted_from_its_page():
    found = block(SYSTEM, a_block())
    manager = as_role(Role.OPS_MANAGER)
    assert "the stock entry of its 50 seats is reversed" in html(manager.get(f"/inventory/quota/{found.code}"))
    answer = manager.post(f"/inventory/quota/{found.code}/delete", headers=HTMX)
    assert answer["HX-Redirect"] == "/inventory/quota"
    assert manager.get(f"/inventory/quota/{found.code}").status_code == 404


def test_fields_find_airlines_airports_and_blocks():
    found = block(SYSTEM, a_block(pnr="K7QXPL"))
    someone = as_role(Role.OPS_EXECUTIVE)
    assert json.loads(someone.get("/typeahead/airlines?q=saudia").content)[0]["id"] == "SV"
    assert json.loads(someone.get("/typeahead/airports?q=med").content)[0]["id"] == "MED"
    assert json.loads(someone.get("/typeahead/blocks?q=k7q").content)[0]["id"] == found.id
    assert as_role(Role.CASHIER).get("/typeahead/blocks?q=k").status_code == 403
