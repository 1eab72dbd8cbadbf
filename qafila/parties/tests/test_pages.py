"""The pages of customers, partners and suppliers."""

import json
from decimal import Decimal
from typing import Any

import pytest

from qafila.identity.tests.factories import anonymous, as_role, make_agency
from qafila.identity.types import Role
from qafila.kernel.actor import SYSTEM
from qafila.parties import queries
from qafila.parties.models import Customer
from qafila.parties.tests.factories import a_customer, a_supplier, an_agent

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _agency():
    make_agency()


def test_a_stranger_is_led_to_the_log_in_and_the_wrong_role_is_told():
    key = a_customer()
    for path in ("/sales/customers", f"/sales/customers/{key}", f"/sales/customers/{key}/tab/profile"):
        assert anonymous().get(path).status_code == 302
    assert as_role(Role.CASHIER).get("/sales/suppliers").status_code == 403
    assert as_role(Role.CASHIER).get("/sales/customers/new").status_code == 403
    assert as_role(Role.CEO).get("/sales/customers/999999").status_code == 404


def test_the_lists_show_what_there_is_and_find_it():
    a_customer(first_name="Hafiza", last_name="Wani"), a_customer(first_name="Ghulam")
    an_agent(name="Rahmat Travels"), a_supplier(name="Zamzam Kitchen", category="food")
    boss = as_role(Role.CEO)
    page = boss.get("/sales/customers").content.decode()
    assert "Hafiza Wani" in page
    assert "New customer" in page
    found = boss.get("/sales/customers?q=hafiza").content.decode()
    assert "Hafiza Wani" in found
    assert "Ghulam" not in found
    assert "Rahmat Travels" in boss.get("/sales/partners").content.decode()
    assert "Zamzam Kitchen" in boss.get("/sales/suppliers?category=food").content.decode()
    assert "Zamzam Kitchen" not in boss.get("/sales/suppliers?category=hotel").content.decode()
    assert "New customer" not in as_role(Role.CASHIER).get("/sales/customers").content.decode()


def test_a_list_is_exported_as_it_stands():
    a_customer(first_name="=HYPERLINK(evil)")
    boss = as_role(Role.CEO)
    answer: Any = boss.get("/sales/customers?format=csv")
    csv = b"".join(answer.streaming_content).decode()
    assert "'=HYPERLINK(evil)" in csv
    for kind in ("partners", "suppliers"):
        book: Any = boss.get(f"/sales/{kind}?format=xlsx")
        assert b"".join(book.streaming_content)[:2] == b"PK"
        for close in book._resource_closers:  # the response's own close() would end the test's transaction
            close()
    assert as_role(Role.SALES_EXECUTIVE).get("/sales/customers?format=csv").status_code == 403


def test_a_customer_is_entered_on_the_form_and_the_same_click_twice_is_one():
    seller = as_role(Role.SALES_EXECUTIVE)
    assert 'name="idempotency_key"' in seller.get("/sales/customers/new").content.decode()
    form = {
        "first_name": "Hafiza",
        "last_name": "Wani",
        "passport_no": "y1361715",
        "phone": "99060 39378",
        "country": "IN",
        "is_active": ["false", "true"],
        "credit_hold": "false",
        "idempotency_key": "k1",
    }
    first, second = (seller.post("/sales/customers/new", form) for _ in range(2))
    row = Customer.objects.get()
    assert first["Location"] == second["Location"] == f"/sales/customers/{row.pk}"
    assert (row.passport_no, row.phone, row.is_active) == ("Y1361715", "+919906039378", True)


def test_what_is_wrong_on_the_form_is_told_beside_its_field():
    seller = as_role(Role.SALES_EXECUTIVE)
    answer = seller.post(
        "/sales/customers/new", {"first_name": "A", "phone": "12", "email": "x"}, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 422
    assert [error["loc"] for error in answer.json()["errors"]] == [["phone"], ["email"]]
    assert not Customer.objects.exists()


def test_the_form_of_a_customer_that_stands_clears_what_is_emptied_and_refuses_what_is_stale():
    key, seller = a_customer(phone="9906039378", city="Sopore", credit_limit="500"), as_role(Role.SALES_MANAGER)
    page = seller.get(f"/sales/customers/{key}/edit").content.decode()
    assert 'value="Sopore"' in page
    assert 'value="+919906039378"' in page
    form = {"first_name": "Bashir Ahmad", "last_name": "Lone", "country": "IN", "is_active": "false", "version": "1"}
    saved = seller.post(f"/sales/customers/{key}/edit", {**form, "passport_no": "T0000001"})
    assert saved.status_code == 302
    row = queries.customer(SYSTEM, key)
    assert (row.city, row.phone, row.is_active, row.credit_limit) == ("", "", False, Decimal(0))
    stale = seller.post(f"/sales/customers/{key}/edit", form, headers={"HX-Request": "true"})
    assert (stale.status_code, stale.json()["code"]) == (409, "STALE_VERSION")


@pytest.mark.parametrize("kind", ["customers", "partners", "suppliers"])
def test_every_tab_of_every_kind_opens(kind):
    made = {"customers": a_customer, "partners": an_agent, "suppliers": a_supplier}[kind]
    key, boss = made(), as_role(Role.CEO)
    shell = boss.get(f"/sales/{kind}/{key}").content.decode()
    for tab in ("profile", "ledger", "history"):
        assert f"/sales/{kind}/{key}/tab/{tab}" in shell
        assert boss.get(f"/sales/{kind}/{key}/tab/{tab}").status_code == 200
    assert "Created" in boss.get(f"/sales/{kind}/{key}/tab/history").content.decode()
    assert boss.get(f"/sales/{kind}/{key}/edit").status_code == 200
    assert boss.get(f"/sales/{kind}/new").status_code == 200


def test_buttons_are_shown_only_to_those_who_may_press_them():
    key = a_customer()
    executive = as_role(Role.SALES_EXECUTIVE).get(f"/sales/customers/{key}").content.decode()
    assert f"/sales/customers/{key}/edit" in executive
    assert f"/sales/customers/{key}/delete" not in executive
    assert "tab/ledger" not in executive
    manager = as_role(Role.SALES_MANAGER).get(f"/sales/customers/{key}").content.decode()
    assert f"/sales/customers/{key}/delete" in manager


def test_partners_and_suppliers_are_entered_changed_and_deleted_on_the_screen():
    boss = as_role(Role.CEO)
    to = boss.post("/sales/partners/new", {"name": "Rahmat Travels", "is_active": "true", "country": "IN"})["Location"]
    assert boss.post(f"{to}/edit", {"name": "Rahmat Tours", "is_active": "true", "version": "1"}).status_code == 302
    assert "Rahmat Tours" in boss.get(to).content.decode()
    assert boss.post(f"{to}/delete").status_code == 302
    assert boss.get(to).status_code == 404
    supplier = {"name": "Hijaz Coaches", "category": "transport", "currency": "SAR", "country": "SA"}
    to = boss.post("/sales/suppliers/new", supplier)["Location"]
    assert "Hijaz Coaches" in boss.get(to).content.decode()
    assert boss.post(f"{to}/edit", {**supplier, "city": "Jeddah", "version": "9"}).status_code == 409


def test_choices_found_by_typing():
    key = a_customer(first_name="Hafiza", last_name="Wani", passport_no="Y1361715", phone="9906039378")
    a_supplier(name="Zamzam Kitchen", category="food", city="Makkah")
    boss, executive = as_role(Role.CEO), as_role(Role.SALES_EXECUTIVE)
    offered = boss.get("/typeahead/customers?q=39378").json()
    assert offered[0]["id"] == key
    assert offered[0]["label"] == "Hafiza Wani"
    assert "Y1361715" in offered[0]["sub"]
    assert boss.get("/typeahead/suppliers?q=zam").json()[0]["sub"].endswith("Food · Makkah")
    assert executive.get("/typeahead/suppliers?q=zam").status_code == 200
    assert as_role(Role.TICKET_MANAGER).get("/typeahead/customers?q=x").status_code == 403
    assert as_role(Role.APPROVER).get("/typeahead/suppliers?q=zam").json() == []
    assert len(boss.get("/typeahead/agents").json()) == 0


def test_passport_lines_pasted_into_a_form_are_read():
    seller = as_role(Role.SALES_EXECUTIVE)
    lines = ["P<INDWANI<<HAFIZA<<<<<<<<<<<<<<<<<<<<<<<<<<<", "Y1361715<8IND8410124F3206124<<<<<<<<<<<<<<06"]
    said = seller.post("/sales/passport/read", json.dumps({"lines": lines}), content_type="application/json")
    assert (said.status_code, said.json()["surname"]) == (200, "WANI")
    assert seller.post("/sales/passport/read", {"mrz": "\r\n".join(lines)}).json()["surname"] == "WANI"
    for bad in ("nonsense", "[]", '{"lines": "x"}', '{"lines": [1]}', "{}"):
        answer = seller.post("/sales/passport/read", bad, content_type="application/json")
        assert answer.status_code == 422
        assert answer["Content-Type"] == "application/problem+json"
    assert as_role(Role.TICKET_MANAGER).post("/sales/passport/read", {"mrz": "x"}).status_code == 403
