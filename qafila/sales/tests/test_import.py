"""Importing a departure's bookings: the real file, a second run, bad rows, a rehearsal."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from qafila.groups.models import TravelGroup
from qafila.identity.tests.factories import as_role
from qafila.identity.types import Role
from qafila.kernel import clock
from qafila.parties.models import Customer
from qafila.sales.models import Booking, Passenger
from qafila.sales.tests.factories import a_departure, a_passenger, made_booking

pytestmark = pytest.mark.django_db
FILE = Path(__file__).parent / "bookings-import.json"


@pytest.fixture
def group_id():
    with clock.standing_at(date(2026, 11, 21)):
        yield a_departure(departure_date=date(2027, 1, 18))


@pytest.fixture
def seller():
    return as_role(Role.SALES_EXECUTIVE)


def run(seller, group_id: int | None, bookings: list[Any], **also: Any) -> dict[str, Any]:
    body = {"bookings": bookings, **({"group_id": group_id} if group_id else {}), **also}
    answer = seller.send("POST", "/sales/bookings/import", body)
    assert answer.status_code == 200, answer.content
    told: dict[str, Any] = json.loads(answer.content)
    return told


def families() -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = json.loads(FILE.read_text())["bookings"]
    return listed


def one(ref: str = "A-1", **said: Any) -> dict[str, Any]:
    return {"bookingRef": ref, "customerPhone": "+919906039378", "passengers": [a_passenger()], **said}


def test_the_first_departure_is_imported_as_it_stands(seller, group_id):
    answer = run(seller, group_id, families())
    assert [(row["ref"], row["ok"]) for row in answer["results"]] == [(f"FD-{n:02d}", True) for n in range(1, 15)]
    assert (answer["ok"], answer["failed"], answer["already"]) == (14, 0, 0)
    assert Passenger.objects.count() == 45
    assert Passenger.objects.filter(customer__isnull=True).count() == 0
    assert TravelGroup.objects.get(pk=group_id).booked_count == 42
    first = Booking.objects.get(external_ref="FD-01")
    # By hand: three adults at 107,000, one infant at 25,500, GST 5 % on all of it.
    assert (str(first.net_total), str(first.tax_total), str(first.gross_total)) == (
        "346500.000",
        "17325.000",
        "363825.000",
    )
    assert (first.package.payment_policy, first.package.room_type) == ("partial", "quad")
    assert (first.customer.party.name, first.customer.phone) == ("Abdul Rashid Wani", "+919906039378")
    told = [warning for row in answer["results"] for warning in row["warnings"]]
    assert [t.split(":")[0] for t in told if "six months" in t] == ["Rifat Ara Shah", "Faizan Zargar"]
    assert [t.split(":")[0] for t in told if "lies before the birth" in t] == ["Faizan Zargar"]


def test_a_second_run_finds_what_the_first_made(seller, group_id):
    first = run(seller, group_id, families()[:3])
    again = run(seller, group_id, families()[:4])
    assert [row["booking_id"] for row in again["results"][:3]] == [row["booking_id"] for row in first["results"]]
    assert [row["already"] for row in again["results"]] == [True, True, True, False]
    assert Booking.objects.count() == 4


def test_a_bad_row_stands_in_nobodys_way(seller, group_id):
    wrong = one("A-2", passengers=[a_passenger(), {"first_name": "B", "dateOfBirth": "yesterday"}])
    lines = families()[0]["passengers"][0]
    doubtful = one("A-3", passengers=[{**lines, "passport_no": "U1022553"}])
    stranger = one("A-4", passengers=[a_passenger(nationality="ZZZ")])
    answer = run(seller, group_id, [one("A-1"), wrong, doubtful, stranger, {"x": 1}, one("A-5")])
    rows = answer["results"]
    assert [row["ok"] for row in rows] == [True, False, False, False, False, True]
    assert rows[1]["error"]["errors"][0]["loc"] == ["passengers", 1, "date_of_birth"]
    assert rows[2]["error"]["code"] == "INVALID_PASSENGER"
    assert rows[2]["error"]["errors"][0]["loc"] == ["passengers", 0, "passport_no"]
    assert rows[3]["error"]["errors"][0]["loc"] == ["passengers", 0, "nationality"]
    assert Booking.objects.count() == 2
    assert not Customer.objects.filter(passport_no="U1022553").exists(), "a refused booking leaves nobody behind"


def test_seats_run_out_in_the_middle_and_the_rest_is_told(seller):
    group_id = a_departure(seats=2)
    answer = run(seller, group_id, [one(f"A-{n}") for n in range(4)])
    assert [row["ok"] for row in answer["results"]] == [True, True, False, False]
    assert answer["results"][3]["error"]["code"] == "SEATS_EXHAUSTED"


def test_a_rehearsal_tells_everything_and_writes_nothing(seller):
    group_id = a_departure(seats=2)
    answer = run(seller, group_id, [one(f"A-{n}") for n in range(3)], dry_run=True)
    assert answer["dry_run"] is True
    assert [row["ok"] for row in answer["results"]] == [True, True, False], "rows of a rehearsal see one another"
    assert Booking.objects.count() == Customer.objects.count() == 0
    assert TravelGroup.objects.get(pk=group_id).booked_count == 0


def test_known_people_are_renewed_not_doubled(seller):
    group_id = a_departure()
    person = a_passenger()
    run(seller, group_id, [one("A-1", passengers=[person])])
    run(seller, a_departure(), [one("A-1", passengers=[{**person, "last_name": "Bhat"}])])
    customer = Customer.objects.get(passport_no=person["passport_no"])
    assert (customer.last_name, customer.phone) == ("Bhat", "+919906039378")


def test_a_family_without_passports_still_books_and_each_row_may_name_its_departure(seller):
    here, there = a_departure(), a_departure()
    people = [{"first_name": "Imran", "last_name": "Malik"}, {"first_name": "Sara", "last_name": "Malik"}]
    answer = run(seller, here, [one("A-1", passengers=people), one("A-1", groupId=there)])
    assert answer["ok"] == 2
    assert Booking.objects.filter(package__group_id=there).count() == 1
    nowhere = run(seller, None, [one("A-9")])["results"][0]
    assert nowhere["error"]["errors"][0]["loc"] == ["group_id"]


def test_a_deleted_booking_may_be_imported_again(seller):
    from qafila.kernel.actor import SYSTEM
    from qafila.sales.actions.delete_booking import delete_booking

    group_id = a_departure()
    row = one("A-1")
    first = run(seller, group_id, [row])["results"][0]
    delete_booking(actor=SYSTEM, booking_id=first["booking_id"])
    second = run(seller, group_id, [row])["results"][0]
    assert (second["already"], second["booking_id"] != first["booking_id"]) == (False, True)


def test_both_rights_are_asked_before_the_first_row():
    clerk = as_role(Role.B2B_EXECUTIVE)  # makes bookings, but no customers
    answer = clerk.send("POST", "/sales/bookings/import", {"group_id": a_departure(), "bookings": [one()]})
    assert (answer.status_code, json.loads(answer.content)["code"]) == (403, "MISSING_RIGHT")


@pytest.mark.parametrize("body", [{}, {"bookings": []}, {"bookings": [{}] * 501}, {"bookings": [1]}, {"bookings": "x"}])
def test_a_body_that_is_no_import_is_refused(seller, body):
    assert seller.send("POST", "/sales/bookings/import", body).status_code == 422


def test_a_booking_of_somebody_booked_already_is_told_as_such(seller):
    group_id = a_departure()
    person = a_passenger()
    run(seller, group_id, [one("A-1", passengers=[person])])
    answer = run(seller, group_id, [one("A-2", passengers=[person])])
    assert answer["results"][0]["error"]["code"] == "DUPLICATE_BOOKING"
    assert made_booking(group_id)
