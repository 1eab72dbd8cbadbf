"""Customers, partners and suppliers over HTTP."""

import pytest

from qafila.identity.tests.factories import anonymous, as_role, make_agency
from qafila.identity.types import Role
from qafila.parties.models import Customer
from qafila.parties.tests.factories import a_customer, a_supplier, an_agent

pytestmark = pytest.mark.django_db
WANI = {"first_name": "Abdul Rashid", "last_name": "Wani", "phone": "9906039378", "passport_no": "U1022552"}


@pytest.fixture(autouse=True)
def _agency():
    make_agency()


def test_a_customer_is_entered_read_changed_and_deleted():
    seller = as_role(Role.SALES_MANAGER)
    made = seller.send("POST", "/customers", WANI, key="k1")
    assert made.status_code == 201
    customer = made.json()
    assert (customer["phone"], customer["credit_limit"], customer["version"]) == ("+919906039378", "0.00", 1)
    path = f"/customers/{customer['id']}"
    read = seller.send("GET", path).json()
    assert {**read, "created_at": None} == {**customer, "created_at": None}
    assert seller.send("GET", "/customers/by-passport/u1022552").json()["id"] == customer["id"]
    changed = seller.send("PATCH", path, {"city": "Sopore", "version": 1})
    assert (changed.status_code, changed.json()["city"], changed.json()["version"]) == (200, "Sopore", 2)
    assert changed.json()["passport_no"] == "U1022552"
    assert seller.send("DELETE", path).status_code == 204
    assert seller.send("GET", path).status_code == 404
    assert seller.send("GET", "/customers/by-passport/U1022552").status_code == 404
    again = seller.send("POST", "/customers", WANI, key="k2")
    assert (again.status_code, again.json()["id"]) == (201, customer["id"])


def test_the_same_key_enters_one_customer():
    seller = as_role(Role.SALES_EXECUTIVE)
    body = {"first_name": "Walk-in"}
    first, second = (seller.send("POST", "/customers", body, key="same") for _ in range(2))
    assert first.json() == second.json()
    assert second["Idempotency-Replayed"] == "true"
    assert Customer.objects.count() == 1
    assert seller.send("POST", "/customers", {"first_name": "Other"}, key="same").status_code == 409


def test_a_stale_version_is_refused_and_told():
    seller, key = as_role(Role.SALES_MANAGER), a_customer()
    assert seller.send("PATCH", f"/customers/{key}", {"city": "A"}, **{"If-Match": '"1"'}).status_code == 200
    stale = seller.send("PATCH", f"/customers/{key}", {"city": "B"}, **{"If-Match": '"1"'})
    assert (stale.status_code, stale.json()["code"], stale.json()["current_version"]) == (409, "STALE_VERSION", 2)
    assert seller.send("PATCH", f"/customers/{key}", {"city": "B"}).status_code == 422


def test_a_live_passport_is_a_conflict_that_names_who_has_it():
    seller, key = as_role(Role.SALES_MANAGER), a_customer(passport_no="U1022552")
    problem = seller.send("POST", "/customers", WANI).json()
    assert (problem["status"], problem["code"], problem["customer_id"]) == (409, "CONFLICT", key)
    assert problem["errors"][0]["loc"] == ["passport_no"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "first_name"),
        ({"first_name": ""}, "first_name"),
        ({"first_name": "x" * 101}, "first_name"),
        ({"first_name": "A", "colour": "red"}, "colour"),
        ({"first_name": "A", "phone": "12"}, "phone"),
        ({"first_name": "A", "email": "a"}, "email"),
        ({"first_name": "A", "gstin": "29AAFCA7488L1Z0"}, "gstin"),
        ({"first_name": "A", "passport_no": "??"}, "passport_no"),
        ({"first_name": "A", "nationality": "XX"}, "nationality"),
        ({"first_name": "A", "country": "ZZ"}, "country"),
        ({"first_name": "A", "credit_limit": "-1"}, "credit_limit"),
        ({"first_name": "A", "credit_limit": "1e30"}, "credit_limit"),
        ({"first_name": "A", "payment_terms_days": 9999}, "payment_terms_days"),
        ({"first_name": "A", "date_of_birth": "2027-02-30"}, "date_of_birth"),
        ({"first_name": "A", "kind": "king"}, "kind"),
    ],
)
def test_bad_input_names_its_field_and_enters_nobody(body, field):
    problem = as_role(Role.SALES_MANAGER).send("POST", "/customers", body)
    assert problem.status_code == 422
    assert field in [error["loc"][-1] for error in problem.json()["errors"]]
    assert not Customer.objects.exists()


def test_a_list_is_a_page_found_by_what_was_typed():
    seller = as_role(Role.SALES_MANAGER)
    keys = [a_customer(first_name=f"Pilgrim{n}") for n in range(3)]
    page = seller.send("GET", "/customers?page_size=2&sort=id").json()
    assert ([row["id"] for row in page["items"]], page["total"], page["pages"]) == (keys[:2], 3, 2)
    assert [row["id"] for row in seller.send("GET", "/customers?q=pilgrim2").json()["items"]] == [keys[2]]
    assert seller.send("GET", "/customers?sort=shoe_size").status_code == 422
    assert seller.send("GET", "/customers?status=dead").status_code == 422


def test_partners_and_suppliers_are_entered_and_changed_the_same_way():
    b2b, ops = as_role(Role.B2B_MANAGER), as_role(Role.OPS_MANAGER)
    agent = b2b.send("POST", "/agents", {"name": "Rahmat Travels", "commission_rate": "2.5"}).json()
    assert agent["code"].startswith("AGT-")
    path = f"/agents/{agent['id']}"
    assert b2b.send("PATCH", path, {"name": "Rahmat Tours", "version": 1}).json()["name"] == "Rahmat Tours"
    assert b2b.send("GET", "/agents?q=rahmat").json()["total"] == 1
    assert b2b.send("DELETE", path).status_code == 204
    body = {"name": "Makkah Towers", "category": "hotel", "currency": "SAR", "country": "SA"}
    supplier = ops.send("POST", "/suppliers", body).json()
    assert (supplier["code"][:4], supplier["currency"], supplier["base_currency"]) == ("SUP-", "SAR", "INR")
    assert ops.send("PATCH", f"/suppliers/{supplier['id']}", {"currency": "XYZ1"}).status_code == 422
    assert ops.send("GET", "/suppliers?category=hotel").json()["total"] == 1
    assert ops.send("DELETE", f"/suppliers/{supplier['id']}").status_code == 204


def test_who_may_what():
    key, agent, supplier = a_customer(), an_agent(), a_supplier()
    cashier, visa, auditor = as_role(Role.CASHIER), as_role(Role.VISA_OFFICER), as_role(Role.AUDITOR)
    assert anonymous().send("GET", "/customers").status_code == 401
    for person in (cashier, visa, auditor):
        assert person.send("GET", f"/customers/{key}").status_code == 200
        assert person.send("POST", "/customers", {"first_name": "A"}).status_code == 403
        assert person.send("PATCH", f"/customers/{key}", {"city": "A", "version": 1}).status_code == 403
        assert person.send("DELETE", f"/customers/{key}").status_code == 403
    assert as_role(Role.SALES_EXECUTIVE).send("DELETE", f"/customers/{key}").status_code == 403
    assert cashier.send("GET", f"/agents/{agent}").status_code == 403
    assert cashier.send("GET", f"/suppliers/{supplier}").status_code == 403
    assert auditor.send("GET", f"/suppliers/{supplier}").status_code == 200
    assert as_role(Role.AGENT, party_id=agent).send("GET", f"/customers/{key}").status_code == 403


def test_passport_lines_are_read_and_doubted():
    seller, key = as_role(Role.SALES_EXECUTIVE), a_customer(passport_no="Y1361715", phone="9906039378")
    lines = ["P<INDWANI<<HAFIZA<<<<<<<<<<<<<<<<<<<<<<<<<<<", "Y1361715<8IND8410124F3206124<<<<<<<<<<<<<<06"]
    said = seller.send("POST", "/customers/read-passport", {"lines": lines}).json()
    assert (said["given_names"], said["passport_no"], said["date_of_birth"]) == ("HAFIZA", "Y1361715", "1984-10-12")
    assert (said["customer_id"], said["phone"]) == (key, "+919906039378")
    lines[1] = lines[1].replace("841012", "841013")
    problem = seller.send("POST", "/customers/read-passport", {"lines": lines})
    assert (problem.status_code, problem.json()["code"]) == (422, "MRZ_INVALID")
    assert problem.json()["parts"] == ["date of birth", "whole line"]
    assert seller.send("POST", "/customers/read-passport", {"lines": []}).status_code == 422
    assert seller.send("POST", "/customers/read-passport", {"lines": ["x"]}).json()["code"] == "MRZ_INVALID"
