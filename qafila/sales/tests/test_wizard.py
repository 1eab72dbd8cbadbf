"""The booking wizard: four steps, each checked by the server, nothing lost, one booking at the end."""

from __future__ import annotations

import json
from typing import Any

import pytest

from qafila.identity.tests.factories import as_role
from qafila.identity.types import Role
from qafila.kernel.actor import SYSTEM
from qafila.parties.models import Customer
from qafila.parties.tests.factories import a_customer, an_agent
from qafila.sales.models import Booking, WizardDraft
from qafila.sales.queries import booking
from qafila.sales.tests.factories import a_departure, a_passenger, made_booking

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
KEY = "key-of-this-wizard"
HERE = f"/sales/bookings/new/{KEY}"
MRZ = "P<INDWANI<<ABDUL<RASHID<<<<<<<<<<<<<<<<<<<<<\nU1022552<9IND6903099M3110038<<<<<<<<<<<<<<08"


@pytest.fixture
def seller():
    return as_role(Role.SALES_EXECUTIVE)


def post(caller, path: str, said: dict[str, Any]):
    return caller.post(path, said, headers=HTMX)


def people(*listed: dict[str, Any], **also: Any) -> dict[str, Any]:
    """A form's fields for these passengers."""
    fields = {f"passengers[{n}].{k}": str(v) for n, person in enumerate(listed) for k, v in person.items()}
    return {"buyer": "lead", "phone": "+919906039378", **fields, **also}


def walked_to_confirm(seller, group_id: int, *listed: dict[str, Any], **package: Any) -> None:
    assert (
        post(seller, f"{HERE}/group", {"source": "direct", "group_id": group_id})["HX-Redirect"] == f"{HERE}/passengers"
    )
    answer = post(seller, f"{HERE}/passengers", people(*(listed or (a_passenger(), a_passenger("infant")))))
    assert answer["HX-Redirect"] == f"{HERE}/package", answer.content
    answer = post(seller, f"{HERE}/package", {"payment_policy": "partial", "room_type": "quad", **package})
    assert answer["HX-Redirect"] == f"{HERE}/confirm", answer.content


def test_only_who_may_sell_opens_the_wizard():
    assert as_role(Role.CASHIER).get(f"{HERE}/group").status_code == 403


def test_four_steps_make_one_booking(seller):
    group_id = a_departure()
    assert "UMR-" in seller.get(f"{HERE}/group?group={group_id}").content.decode()
    walked_to_confirm(seller, group_id)
    last = seller.get(f"{HERE}/confirm").content.decode()
    assert "1,39,125.00" in last
    answer = post(seller, f"{HERE}/confirm", {})
    made = Booking.objects.get()
    assert answer["HX-Redirect"] == f"/sales/bookings/{made.number}"
    row = booking(SYSTEM, made.pk)
    assert (row.room_type, row.payment_policy, row.rates_from, len(row.passengers)) == ("quad", "partial", "sheet", 2)
    assert row.customer.phone == "+919906039378"
    assert row.customer.id == Customer.objects.get(passport_no=row.passengers[0].passport_no).pk
    assert not WizardDraft.objects.exists()


def test_the_last_button_pressed_twice_books_once(seller):
    walked_to_confirm(seller, a_departure())
    kept = WizardDraft.objects.get()
    first = post(seller, f"{HERE}/confirm", {})
    WizardDraft.objects.create(user=kept.user, key=KEY, step="confirm", data=kept.data, updated_at=kept.updated_at)
    again = post(seller, f"{HERE}/confirm", {})
    assert first["HX-Redirect"] == again["HX-Redirect"]
    assert Booking.objects.count() == 1


def test_next_is_blocked_until_the_step_is_in_order(seller):
    group_id = a_departure(seats=1)
    answer = post(seller, f"{HERE}/group", {"source": "agent", "group_id": group_id})
    assert answer.status_code == 422
    assert json.loads(post(seller, f"{HERE}/group", {"group_id": 999}).content)["code"] == "NOT_FOUND"
    post(seller, f"{HERE}/group", {"group_id": group_id})
    wrong = post(seller, f"{HERE}/passengers", people(a_passenger(passport_no="!")))
    assert json.loads(wrong.content)["errors"][0]["loc"] == ["passengers", 0, "passport_no"]
    full = post(seller, f"{HERE}/passengers", people(a_passenger(), a_passenger()))
    assert json.loads(full.content)["code"] == "SEATS_EXHAUSTED"
    assert seller.get(f"{HERE}/confirm")["Location"] == f"{HERE}/passengers", "no later step opens"
    assert not Booking.objects.exists()


def test_a_customer_booked_already_is_told_at_the_second_step(seller):
    group_id, customer = a_departure(), a_customer()
    there = made_booking(group_id, customer_id=customer)
    post(seller, f"{HERE}/group", {"group_id": group_id})
    answer = post(seller, f"{HERE}/passengers", people(a_passenger(), buyer="file", customer_id=customer))
    assert (answer.status_code, json.loads(answer.content)["booking"]) == (409, there.number)


def test_nothing_is_lost_on_reload(seller):
    group_id = a_departure()
    post(seller, f"{HERE}/group", {"group_id": group_id})
    half = people({"first_name": "Nazir", "passport_no": "wrong!", "date_of_birth": "19"})
    assert post(seller, f"{HERE}/passengers/keep", half).status_code == 204
    body = seller.get(f"{HERE}/passengers").content.decode()
    assert 'value="Nazir"' in body
    assert 'value="wrong!"' in body
    unfinished = seller.get("/sales/bookings/new").content.decode()
    assert f"{HERE}/passengers" in unfinished
    assert "Nazir" in unfinished
    assert "Nazir" not in as_role(Role.SALES_EXECUTIVE).get(f"{HERE}/passengers", follow=True).content.decode()
    post(seller, f"{HERE}/discard", {})
    assert seller.get("/sales/bookings/new").status_code == 302


def test_passport_lines_and_passports_on_file_fill_a_row(seller):
    a_customer(first_name="Shameema", last_name="Bhat", passport_no="Y6574507", gender="F")
    post(seller, f"{HERE}/group", {"group_id": a_departure()})
    body = post(seller, f"{HERE}/person", people({"tier": "adult"}, find=MRZ)).content.decode()
    for value in ("Abdul Rashid", "Wani", "U1022552", "1969-03-09", "2031-10-03"):
        assert f'value="{value}"' in body, value
    body = post(seller, f"{HERE}/person", people({"first_name": "Abdul"}, find="y6574507")).content.decode()
    assert 'name="passengers[1].first_name" value="Shameema"' in body
    wrong = post(seller, f"{HERE}/person", people(find=MRZ.replace("<9IND", "<8IND")))
    assert (wrong.status_code, json.loads(wrong.content)["code"]) == (422, "MRZ_INVALID")
    nobody = post(seller, f"{HERE}/person", people(find="Z9999999")).content.decode()
    assert "Nobody on file" in nobody
    assert post(seller, f"{HERE}/person", people()).status_code == 422


def test_the_price_follows_what_is_typed(seller):
    walked_to_confirm(seller, a_departure(), a_passenger())
    body = post(seller, f"{HERE}/price", {"payment_policy": "full", "hotel_rate": "40000"}).content.decode()
    assert "1,18,650.00" in body
    body = post(seller, f"{HERE}/price", {"payment_policy": "full", "hotel_rate": "cheap"}).content.decode()
    assert "hotel_rate" in body
    body = post(seller, f"{HERE}/price", {"payment_policy": "full", "total_amount": "100000"}).content.decode()
    assert "1,05,000.00" in body


def test_rates_left_as_the_sheet_has_them_stay_the_sheets(seller):
    sheet = {"ticket_rate": "52000.000", "visa_rate": "14500", "hotel_rate": "34000.0", "ground_rate": "6500"}
    sheet |= {"meals_rate": "0", "child_rate": "94000", "infant_rate": "25500"}
    walked_to_confirm(seller, a_departure(), a_passenger(), **sheet)
    post(seller, f"{HERE}/confirm", {})
    row = booking(SYSTEM, Booking.objects.get().pk)
    assert (row.rates_from, row.agreed_total) == ("sheet", None)


def test_a_partner_sells_through_the_wizard(seller):
    agent = an_agent()
    group_id = a_departure()
    post(seller, f"{HERE}/group", {"source": "agent", "agent_id": agent, "group_id": group_id})
    post(
        seller,
        f"{HERE}/passengers",
        people(a_passenger(), buyer="file", customer_id=a_customer(), payer_id=a_customer()),
    )
    post(seller, f"{HERE}/package", {"payment_policy": "advance", "notes": "window seats"})
    body = seller.get(f"{HERE}/confirm").content.decode()
    assert "Rahmat Travels" in body
    post(seller, f"{HERE}/confirm", {})
    row = booking(SYSTEM, Booking.objects.get().pk)
    assert row.agent is not None
    assert (row.agent.id, row.payment_policy, row.notes) == (agent, "advance", "window seats")


def test_an_unpriced_departure_asks_for_its_rates_at_the_third_step(seller):
    post(seller, f"{HERE}/group", {"group_id": a_departure(priced=False)})
    assert post(seller, f"{HERE}/passengers", people(a_passenger())).status_code == 204
    assert "no complete rate sheet" in seller.get(f"{HERE}/package").content.decode()
    refused = post(seller, f"{HERE}/package", {"payment_policy": "full"})
    assert json.loads(refused.content)["code"] == "RATES_MISSING"
    assert post(seller, f"{HERE}/package", {"payment_policy": "full", "ticket_rate": "90000"}).status_code == 204
