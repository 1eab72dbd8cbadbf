"""The pages of bookings: who may open them, what they show, what their buttons do."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from qafila.identity.tests.factories import anonymous, as_role
from qafila.identity.types import Role
from qafila.kernel.actor import SYSTEM
from qafila.parties.tests.factories import a_customer, an_agent
from qafila.sales.models import Booking, Passenger
from qafila.sales.queries import booking
from qafila.sales.tests.factories import a_departure, a_passenger, made_booking

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
TABS = ("passengers", "flights", "history")


@pytest.fixture
def seller():
    return as_role(Role.SALES_MANAGER)


def shown(answer) -> str:
    assert answer.status_code == 200, (answer.status_code, answer.content[:500])
    return str(answer.content.decode())


def post(caller, path: str, **said):
    return caller.post(path, said, headers=HTMX)


def test_pages_need_their_rights():
    made = made_booking()
    path = f"/sales/bookings/{made.number}"
    assert anonymous().get("/sales/bookings").status_code == 302
    auditor = as_role(Role.AUDITOR)
    for page in ("/sales/bookings", path, *(f"{path}/tab/{tab}" for tab in TABS)):
        assert auditor.get(page).status_code == 200, page
    for page in (f"{path}/edit", f"{path}/cancel", f"{path}/delete", f"{path}/passengers/add"):
        assert auditor.get(page, headers=HTMX).status_code == 403, page
    body = shown(auditor.get(path))
    assert "Cancel booking" not in body
    assert f"{path}/edit" not in body


def test_the_list_filters_and_exports(seller):
    group_id = a_departure()
    mine = made_booking(group_id, customer_id=a_customer(first_name="Nazir"))
    other = made_booking(group_id, customer_id=a_customer(first_name="Tariq"))
    body = shown(seller.get("/sales/bookings?q=nazir"))
    assert mine.number in body
    assert other.number not in body
    assert "Nothing matches" in shown(seller.get("/sales/bookings?state=confirmed"))
    sheet = as_role(Role.CEO).get("/sales/bookings?format=csv&balance_due=true")
    text = sheet.getvalue().decode()
    assert mine.number in text
    assert "224700" in text


def test_one_booking_shows_its_money_its_people_and_its_past(seller):
    made = made_booking(adults=2, infants=1, notes="near the lift")
    path = f"/sales/bookings/{made.number}"
    body = shown(seller.get(path))
    for word in (made.number, made.group_code, "near the lift", "2,51,475.00", "Cancel booking", "Put on hold"):
        assert word in body, word
    people = shown(seller.get(f"{path}/tab/passengers"))
    assert all(p.passport_no in people for p in Passenger.objects.filter(booking_id=made.id))
    assert "Created" in shown(seller.get(f"{path}/tab/history"))
    assert "No flights yet" in shown(seller.get(f"{path}/tab/flights"))


def test_a_partner_opens_only_its_own(seller):
    mine = an_agent()
    own, other = made_booking(agent_id=mine), made_booking()
    partner = as_role(Role.AGENT, party_id=mine)
    assert partner.get(f"/sales/bookings/{own.number}").status_code == 200
    assert partner.get(f"/sales/bookings/{other.number}").status_code == 404


def test_the_edit_form_changes_only_what_was_changed_in_it(seller):
    made = made_booking(adults=1)
    path = f"/sales/bookings/{made.number}/edit"
    assert "107,000" not in shown(seller.get(path)), "grouping is Indian"
    same = {
        "version": 1,
        "booking_type": "umrah",
        "room_type": "",
        "payment_policy": "full",
        "ticket_rate": "52000.000",
        "visa_rate": "14500.000",
        "hotel_rate": "34000.000",
        "meals_rate": "0",
        "ground_rate": "6500.000",
        "child_rate": "94000.000",
        "infant_rate": "25500.000",
    }
    assert post(seller, path, **same).status_code == 204
    assert booking(SYSTEM, made.id).version == 1
    post(seller, path, **{**same, "hotel_rate": "30000", "notes": "floor 2"})
    row = booking(SYSTEM, made.id)
    assert (row.version, row.adult_rate, row.child_rate, row.notes) == (2, Decimal(103000), Decimal(94000), "floor 2")
    post(seller, path, **{**same, "version": 2, "hotel_rate": "30000", "notes": "", "total_amount": "90000"})
    row = booking(SYSTEM, made.id)
    assert (row.notes, row.agreed_total, row.net_total) == ("", Decimal(90000), Decimal(90000))
    post(seller, path, **{**same, "version": 3, "hotel_rate": "30000"})
    assert booking(SYSTEM, made.id).net_total == Decimal(103000), "an emptied agreed total is agreed no more"
    stale = post(seller, path, **same)
    assert (stale.status_code, json.loads(stale.content)["code"]) == (409, "STALE_VERSION")


def test_hold_and_sync_are_buttons(seller):
    made = made_booking(adults=1, adult_rate="90000")
    path = f"/sales/bookings/{made.number}"
    post(seller, f"{path}/hold")
    assert booking(SYSTEM, made.id).state == "on_hold"
    assert "Lift the hold" in shown(seller.get(path))
    post(seller, f"{path}/hold")
    post(seller, f"{path}/sync")
    row = booking(SYSTEM, made.id)
    assert (row.state, row.net_total) == ("draft", Decimal(107000))


def test_letting_go_says_in_words_what_it_brings_before_it_is_done(seller):
    made = made_booking(adults=2, infants=1)
    path = f"/sales/bookings/{made.number}"
    preview = shown(seller.get(f"{path}/cancel", headers=HTMX))
    assert f"2 seats go back to {made.group_code}" in preview
    assert booking(SYSTEM, made.id).state == "draft"
    one = f"{path}/passengers/{made.passenger_ids[0]}/cancel"
    assert "the total falls from" in shown(seller.get(one, headers=HTMX))
    answer = post(seller, one, version=1, reason="ill", idempotency_key="k1")
    assert (answer.status_code, "booking-changed" in answer["HX-Trigger"]) == (204, True)
    post(seller, one, version=1, reason="ill", idempotency_key="k1")
    assert booking(SYSTEM, made.id).adults == 1, "pressed twice, done once"
    assert post(seller, f"{path}/cancel", version=2, reason="war").status_code == 204
    assert booking(SYSTEM, made.id).state == "cancelled"
    assert "disappears from every list" in shown(seller.get(f"{path}/delete", headers=HTMX))
    assert post(seller, f"{path}/delete", version=3)["HX-Redirect"] == "/sales/bookings"
    assert seller.get(path).status_code == 404


def test_passengers_are_added_changed_and_given_a_pnr_in_place(seller):
    made = made_booking(adults=1)
    path = f"/sales/bookings/{made.number}/passengers"
    assert "Paste or scan" in shown(seller.get(f"{path}/add", headers=HTMX))
    person = {name: str(value) for name, value in a_passenger().items()}
    assert post(seller, f"{path}/add", version=1, **person).status_code == 204
    assert booking(SYSTEM, made.id).adults == 2
    first = f"{path}/{made.passenger_ids[0]}"
    assert post(seller, f"{first}/pnr", pnr="k7qxpl").status_code == 204
    wrong = post(seller, f"{first}/pnr", pnr="!!")
    assert json.loads(wrong.content)["errors"][0]["loc"] == ["pnr"]
    standing = Passenger.objects.get(pk=made.passenger_ids[0])
    assert standing.passport_no in shown(seller.get(first, headers=HTMX))
    post(
        seller,
        first,
        first_name="Abdul Rashid",
        last_name="Wani",
        tier="adult",
        passport_no=standing.passport_no,
        pnr="K7QXPL",
    )
    standing.refresh_from_db()
    assert (standing.gender, standing.date_of_birth, standing.pnr) == ("", None, "K7QXPL")
    lines = "P<INDWANI<<ABDUL<RASHID<<<<<<<<<<<<<<<<<<<<<\nU1022552<9IND6903099M3110038<<<<<<<<<<<<<<08"
    post(seller, first, mrz=lines)
    standing.refresh_from_db()
    assert (standing.passport_no, standing.gender) == ("U1022552", "M")


def test_the_departures_page_lists_who_travels(seller):
    group_id = a_departure()
    made = made_booking(group_id, adults=1)
    gone = made_booking(group_id, adults=1)
    post(seller, f"/sales/bookings/{gone.number}/cancel", version=1)
    body = shown(seller.get(f"/groups/{made.group_code}/tab/passengers"))
    assert made.number in body
    assert gone.number not in body
    assert Booking.objects.count() == 2
