"""The first sale, two: bookings come by file and over the counter, are invoiced and paid."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tests.harness.office import data, lines_of
from tests.journeys.story import (
    ACCOUNTANT,
    CASHIER,
    GST,
    NOBODY,
    OPS,
    PRICE,
    RUPEE,
    SALES,
    SELLER,
    TICKETS,
    Story,
    grouped,
)


def the_file_of_bookings_is_imported(story: Story) -> None:
    office, path, file = story.office, "/sales/bookings/import", data("bookings-import.json")
    office.refused(OPS, "POST", path, file, status=403, code="MISSING_RIGHT")
    office.refused(SALES, "POST", path, {"bookings": []}, status=422, field="bookings")
    unreadable = office.does(SALES, "POST", path, {**file, "group_id": NOBODY, "dry_run": True})
    assert unreadable["failed"] == 14

    broken = {**file["bookings"][0], "bookingRef": "BAD-1"}
    lines = broken["passengers"][0]["mrz"]
    broken["passengers"] = [
        {**broken["passengers"][0], "mrz": [lines[0], lines[1].replace("U1022552<9", "U1022552<8")]}
    ]
    told = office.does(SALES, "POST", path, {"group_id": story.group, "bookings": [broken]})
    assert told["failed"] == 1
    assert told["results"][0]["error"]["errors"][0]["loc"][:3] == ["passengers", 0, "mrz"], told

    rehearsed = office.does(SALES, "POST", path, {**file, "group_id": story.group, "dry_run": True})
    assert (rehearsed["ok"], rehearsed["failed"]) == (14, 0)
    assert story.seats() == (0, 48), "a dry run takes no seat"
    first = office.does(SALES, "POST", path, {**file, "group_id": story.group})
    assert (first["ok"], first["already"], first["failed"]) == (14, 0, 0), first
    story.imported = {row["ref"]: row["booking_id"] for row in first["results"]}
    second = office.does(SALES, "POST", path, {**file, "group_id": story.group})
    assert (second["ok"], second["already"]) == (14, 14)
    assert {row["ref"]: row["booking_id"] for row in second["results"]} == story.imported
    assert story.seats() == (42, 6), "45 passengers, of whom three infants need no seat"

    rows = office.reads(SALES, "/sales/bookings", group_id=story.group, page_size=200)
    assert (rows["total"], sum(row["passengers"] for row in rows["items"])) == (14, 45)
    totals = {row["external_ref"]: Decimal(row["gross_total"]) for row in rows["items"]}
    for booking in file["bookings"]:
        net = sum((PRICE[person["tier"]] for person in booking["passengers"]), Decimal(0))
        assert totals[booking["bookingRef"]] == net + net * GST, booking["bookingRef"]
    assert len(office.entries()) == 2, "a booking alone posts nothing"


def a_family_walks_in(story: Story) -> None:
    office, path = story.office, "/sales/bookings"
    couple = [
        {"title": "Mr", "first_name": "Bilal", "last_name": "Ansari", "date_of_birth": "1980-05-01", "gender": "M"},
        {"title": "Mrs", "first_name": "Rukhsana", "last_name": "Ansari", "date_of_birth": "1984-02-11", "gender": "F"},
    ]
    for person, passport in zip(couple, ("P4411220", "P4411221"), strict=True):
        person |= {"passport_no": passport, "passport_expiry": "2033-01-01", "nationality": "IND"}
        person |= {"tier": "adult", "needs_visa": True}
    customer = {"first_name": "Bilal", "last_name": "Ansari", "phone": "+919906012345", "state_code": "07"}
    customer["passport_no"] = "P4411220"
    body = {"group_id": story.group, "customer": customer, "passengers": couple, "payment_policy": "full"}
    bad_fields = {
        "group_id": NOBODY,
        "room_type": "cave",
        "payment_policy": "never",
        "adults": -1,
        "adult_rate": "Infinity",
        "passengers": "two",
        "surprise": 1,
    }
    for where, wrong in bad_fields.items():
        status = 404 if where == "group_id" else 422
        office.refused(SELLER, "POST", path, {**body, where: wrong}, status=status, field=where)
    bad_people = {"date_of_birth": "1980-13-01", "passport_no": "?", "tier": "senior", "first_name": "a" * 101}
    for where, wrong in bad_people.items():
        people = [couple[0], {**couple[1], where: wrong}]
        office.refused(SELLER, "POST", path, {**body, "passengers": people}, status=422, field=f"passengers.1.{where}")
    bad_customer = {**customer, "phone": "12"}
    office.refused(SELLER, "POST", path, {**body, "customer": bad_customer}, status=422, field="customer.phone")
    office.refused(TICKETS, "POST", path, body, status=403, code="MISSING_RIGHT")
    crowd = {**body, "passengers": couple + [{"first_name": f"Guest {n}", "tier": "adult"} for n in "ABCDE"]}
    told = office.refused(SELLER, "POST", path, crowd, status=409, code="SEATS_EXHAUSTED")
    assert "6" in told["detail"], "it says how many are left"
    assert story.seats() == (42, 6)

    made = office.does(SELLER, "POST", path, body, key="ansari-1", status=201)
    assert office.does(SELLER, "POST", path, body, key="ansari-1", status=201) == made
    twin = office.refused(SELLER, "POST", path, body, status=409, code="DUPLICATE_BOOKING")
    assert made["number"] in twin["detail"], "one customer, one booking on a departure, and it says which"
    assert made["number"].startswith("BK-2026-")
    assert Decimal(made["gross_total"]) == Decimal(made["balance"]) == Decimal("224700.00")
    story.walk_in = made
    assert story.seats() == (44, 4)
    legs = office.reads(SELLER, f"/sales/bookings/{made['id']}/passengers/{made['passenger_ids'][0]}/flights")
    assert [leg["pnr"] for leg in legs] == ["K7QXPL", "K7QXPL", "K7QXR2", "K7QXR2"]


def both_are_invoiced(story: Story) -> None:
    office = story.office
    home, away = story.imported["FD-03"], story.walk_in["id"]
    preview = office.reads(SELLER, f"/sales/bookings/{home}/invoice")
    assert (preview["state"], preview["number"]) == ("PREVIEW", None)
    office.refused(ACCOUNTANT, "POST", f"/sales/bookings/{NOBODY}/invoice", status=404)
    office.refused(SELLER, "POST", f"/sales/bookings/{home}/invoice", status=403, code="MISSING_RIGHT")
    bad = {"exchange_rate": "0"}
    office.refused(ACCOUNTANT, "POST", f"/sales/bookings/{home}/invoice", bad, status=422, field="exchange_rate")
    assert len(office.entries()) == 2

    for booking_id, parts in ((home, ("2061-C", "2061-S")), (away, ("2061-I",))):
        invoice = office.does(ACCOUNTANT, "POST", f"/sales/bookings/{booking_id}/invoice", status=201)
        again = office.does(ACCOUNTANT, "POST", f"/sales/bookings/{booking_id}/invoice", status=200)
        assert again["number"] == invoice["number"], "a booking is billed once"
        gross, tax = Decimal(invoice["gross_total"]), Decimal(invoice["tax_total"])
        assert gross == Decimal(story.booking(booking_id)["gross_total"])
        assert tax == (gross / (1 + GST) * GST).quantize(RUPEE)
        [entry] = office.entries(source="booking_invoice", booking_id=booking_id)
        lines = lines_of(entry)
        assert lines["1101"] == gross
        assert lines["4022"] == tax - gross
        assert {code: amount for code, amount in lines.items() if code.startswith("2061")} == dict.fromkeys(
            parts, -tax / len(parts)
        ), "at home the tax is halved between centre and state; across the border it is one"
        paper = office.paper(SELLER, f"/sales/bookings/{booking_id}/invoice.pdf")
        assert invoice["number"] in paper
        assert story.group_code in paper
        assert grouped(gross) in paper, paper
        assert grouped(tax / len(parts)) in paper
        for word in ("CGST", "SGST") if len(parts) == 2 else ("IGST",):
            assert word in paper
        assert ("IGST" in paper) == (len(parts) == 1)


def they_pay(story: Story) -> None:
    office, path = story.office, "/payments"
    home, away = story.imported["FD-03"], story.walk_in["id"]
    owed = Decimal(story.booking(home)["balance"])
    cash = {"amount": str(owed), "method": "cash", "booking_id": home}
    bad_fields: dict[str, Any] = {
        "amount": "0",
        "method": "shells",
        "booking_id": NOBODY,
        "currency": "USD",
        "account": "4022",
        "received_on": "2027-01-01",
        "customer_id": NOBODY,
        "note": "n" * 501,
    }
    for where, wrong in bad_fields.items():
        status = 404 if where == "booking_id" else (409, 422)[where != "customer_id"]
        office.refused(CASHIER, "POST", path, {**cash, where: wrong}, status=status, field=where)
    office.refused(CASHIER, "POST", path, {**cash, "amount": "1.001"}, status=422, field="amount")
    office.refused(SELLER, "POST", path, cash, status=403, code="MISSING_RIGHT")
    assert Decimal(story.booking(home)["paid"]) == 0

    taken = office.does(CASHIER, "POST", path, cash, key="cash-1", status=201)
    assert office.does(CASHIER, "POST", path, cash, key="cash-1", status=201) == taken
    twisted = office.client(CASHIER).post(
        f"/api/v1{path}", json={**cash, "amount": "1"}, headers={"Idempotency-Key": "cash-1"}
    )
    assert (twisted.status_code, twisted.json()["code"]) == (409, "IDEMPOTENCY_KEY_REUSED")
    assert taken["state"] == "verified"
    assert Decimal(story.booking(home)["balance"]) == 0
    assert taken["number"] in office.paper(CASHIER, f"/payments/{taken['id']}/receipt.pdf")

    bank = {"amount": "100000.00", "method": "bank", "booking_id": away, "reference": "NEFT 4711"}
    pending = office.does(CASHIER, "POST", path, bank, status=201)
    assert (pending["state"], story.booking(away)["paid"]) == ("pending_verification", "0.00")
    office.refused(CASHIER, "POST", f"/payments/{pending['id']}/verify", status=403)
    verified = office.does(ACCOUNTANT, "POST", f"/payments/{pending['id']}/verify")
    assert verified["state"] == "verified"
    office.refused(ACCOUNTANT, "POST", f"/payments/{pending['id']}/verify", status=409)
    assert Decimal(story.booking(away)["balance"]) == Decimal("124700.00")
    books = office.trial_balance()
    assert books["1001-SXR-01"] == owed
    assert books["1010-01"] == 100000
    assert books["1101"] == Decimal("124700.00"), "what the Ansaris still owe"
    assert "2051" not in books, "money received was put on its invoice"
