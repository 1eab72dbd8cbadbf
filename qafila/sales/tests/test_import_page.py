"""Importing a file on the screen: read, checked, corrected, run, gone on with."""

from __future__ import annotations

import io
import json
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile

from qafila.groups.models import TravelGroup
from qafila.identity.tests.factories import as_role
from qafila.identity.types import Role
from qafila.sales import files
from qafila.sales.errors import NothingToImport
from qafila.sales.models import Booking, ImportRun, Passenger
from qafila.sales.tests.factories import a_departure, a_passenger

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
HOME = "/sales/bookings/import"
FILE = Path(__file__).parent / "bookings-import.json"
CSV = """ref,lead,phone,title,first_name,last_name,sex,dob,passport_no,expiry_date,nationality,tier,visa
A-1,yes,+919906039378,Mr,Abdul,Wani,M,09/03/1969,U 1022552,2031-10-03,IND,adult,yes
,,,Mrs,Hafiza,Wani,F,12 Oct 1984,Y1361715,2032-06-12,IND,adult,yes
A-2,yes,,Mr,Nazir,Dar,M,1970-01-01,X1,2032-06-12,IND,adult,no
"""


@pytest.fixture
def seller():
    return as_role(Role.SALES_EXECUTIVE)


def sent(seller, name: str, content: bytes, group_id: int):
    said = {"group_id": group_id, "file": SimpleUploadedFile(name, content)}
    return seller.post(HOME, said, headers=HTMX)


def to_the_end(seller, run_id: int) -> str:
    body = ""
    for _ in range(20):
        body = seller.post(f"{HOME}/{run_id}/next", headers=HTMX).content.decode()
        if "/next" not in body:
            break
    return body


def test_only_who_may_make_bookings_and_customers_imports():
    assert as_role(Role.B2B_EXECUTIVE).get(HOME).status_code == 403
    mine = as_role(Role.SALES_MANAGER)
    run_id = int(sent(mine, "a.csv", CSV.encode(), a_departure())["HX-Redirect"].rpartition("/")[2])
    assert as_role(Role.SALES_MANAGER).get(f"{HOME}/{run_id}").status_code == 404, "another person's import"


def test_the_first_departure_goes_through_the_screen(seller):
    group_id = a_departure()
    assert "Drop a file" in seller.get(HOME).content.decode()
    to = sent(seller, "bookings-import.json", FILE.read_bytes(), group_id)["HX-Redirect"]
    run_id = int(to.rpartition("/")[2])
    assert "Checking" in seller.get(to).content.decode()
    checked = to_the_end(seller, run_id)
    assert "Import 14 bookings" in checked
    assert not Booking.objects.exists(), "the check writes nothing"
    seller.post(f"{to}/go", headers=HTMX)
    assert "See who travels" in to_the_end(seller, run_id)
    assert (Booking.objects.count(), Passenger.objects.count()) == (14, 45)
    assert Booking.objects.first().number in seller.get(to).content.decode()  # type: ignore[union-attr]


def test_row_errors_stand_beside_their_rows_and_the_rest_is_imported(seller):
    group_id = a_departure()
    run_id = int(sent(seller, "people.csv", CSV.encode(), group_id)["HX-Redirect"].rpartition("/")[2])
    checked = to_the_end(seller, run_id)
    assert "passenger 1 · passport no" in checked
    assert "Import 1 booking" in checked
    seller.post(f"{HOME}/{run_id}/go", headers=HTMX)
    to_the_end(seller, run_id)
    assert list(Booking.objects.values_list("external_ref", flat=True)) == ["A-1"]
    fixed = CSV.replace("X1,", "X1234567,")
    second = int(sent(seller, "people.csv", fixed.encode(), group_id)["HX-Redirect"].rpartition("/")[2])
    to_the_end(seller, second)
    seller.post(f"{HOME}/{second}/go", headers=HTMX)
    to_the_end(seller, second)
    assert Booking.objects.count() == 2, "what was there is found, not doubled"


def test_an_import_goes_on_where_it_stopped(seller):
    group_id = a_departure(seats=200)
    rows = [{"bookingRef": f"R-{n}", "passengers": [a_passenger()]} for n in range(130)]
    content = json.dumps({"bookings": rows}).encode()
    run_id = int(sent(seller, "many.json", content, group_id)["HX-Redirect"].rpartition("/")[2])
    to_the_end(seller, run_id)
    seller.post(f"{HOME}/{run_id}/go", headers=HTMX)
    seller.post(f"{HOME}/{run_id}/next", headers=HTMX)
    assert Booking.objects.count() == 60
    assert 'value="60"' in seller.get(f"{HOME}/{run_id}").content.decode()
    assert f"{HOME}/{run_id}" in seller.get(HOME).content.decode()
    to_the_end(seller, run_id)
    assert Booking.objects.count() == 130


def test_what_was_refused_is_checked_again(seller):
    group_id = a_departure(seats=1)
    rows = [{"bookingRef": f"R-{n}", "passengers": [a_passenger()]} for n in range(2)]
    run_id = int(sent(seller, "two.json", json.dumps(rows).encode(), group_id)["HX-Redirect"].rpartition("/")[2])
    assert "SEATS" not in to_the_end(seller, run_id)
    TravelGroup.objects.filter(pk=group_id).update(total_capacity=5)
    seller.post(f"{HOME}/{run_id}/again", headers=HTMX)
    assert "Import 2 bookings" in to_the_end(seller, run_id)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_template_is_a_file_that_goes_through(seller, kind):
    content = seller.get(f"{HOME}/template.{kind}").content
    (family,) = files.read(f"template.{kind}", content)
    assert [p["first_name"] for p in family["passengers"]] == ["Abdul", "Hafiza"]
    run_id = int(sent(seller, f"t.{kind}", content, a_departure())["HX-Redirect"].rpartition("/")[2])
    assert "Import 1 booking" in to_the_end(seller, run_id)


def test_a_workbook_keeps_its_dates_and_numbers():
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet = book.add_worksheet()
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    sheet.write_row(0, 0, ["Booking Ref", "First Name", "Date of Birth", "Passport No", "Adult Rate"])
    sheet.write(1, 0, 17)
    sheet.write(1, 1, "Nazir")
    sheet.write_datetime(1, 2, date(1969, 3, 9), day)
    sheet.write(1, 3, 1234567)
    sheet.write(1, 4, 95000.5)
    book.close()
    (booking,) = files.read("book.xlsx", target.getvalue())
    assert booking["booking_ref"] == "17"
    assert booking["adult_rate"] == "95000.5"
    assert booking["passengers"] == [{"first_name": "Nazir", "date_of_birth": "1969-03-09", "passport_no": "1234567"}]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.pdf", b"%PDF", "use JSON, CSV or an Excel workbook"),
        ("a.json", b"{", "no JSON"),
        ("a.json", b'{"rows": []}', "no list of bookings"),
        ("a.json", b"[]", "no bookings"),
        ("a.csv", b"", "no bookings"),
        ("a.csv", b"colour,shoe\nred,9\n", "no columns we know"),
        ("a.csv", b"first_name,shoe\nA,9\n", "shoe are not known"),
        ("a.xlsx", b"not a workbook", "cannot be read"),
    ],
)
def test_a_file_that_is_none_is_told_at_its_field(seller, name, content, told):
    with pytest.raises(NothingToImport, match=told) as refused:
        files.read(name, content)
    assert refused.value.loc == ["file"]
    assert sent(seller, name, content, a_departure()).status_code == 422
    assert not ImportRun.objects.exists()


def test_a_departure_and_a_file_are_asked_for(seller):
    answer = seller.post(HOME, {"group_id": a_departure()}, headers=HTMX)
    assert json.loads(answer.content)["errors"][0]["loc"] == ["file"]
    answer = seller.post(HOME, {"file": SimpleUploadedFile("a.csv", CSV.encode())}, headers=HTMX)
    assert json.loads(answer.content)["errors"][0]["loc"] == ["group_id"]
