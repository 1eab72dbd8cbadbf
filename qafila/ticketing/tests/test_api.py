"""Tickets over HTTP: who may, what is refused, what works."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from qafila.identity.tests.factories import anonymous, as_role
from qafila.identity.types import Role
from qafila.ticketing.tests.factories import a_number, a_ticketed_booking, tickets_of

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def test_a_stranger_sees_no_tickets():
    assert anonymous().send("GET", "/tickets").status_code == 401


def test_who_may_only_look_issues_nothing():
    ticket = tickets_of(a_ticketed_booking(paid=True))[0]
    looker = as_role(Role.OPS_MANAGER)
    assert looker.send("GET", f"/tickets/{ticket.pk}").status_code == 200
    refused = looker.send("POST", f"/tickets/{ticket.pk}/issue", {"ticket_number": a_number()})
    assert refused.status_code == 403
    assert "tickets.approve" in refused.json()["detail"]


def test_a_ticket_that_is_not_there_is_404():
    answer = as_role(Role.TICKET_MANAGER).send("GET", "/tickets/999999")
    assert (answer.status_code, answer.json()["code"]) == (404, "TICKET_NOT_FOUND")


def test_the_desk_works_a_booking_from_sync_to_issue():
    booking = a_ticketed_booking(paid=True)
    desk = as_role(Role.TICKET_MANAGER)
    assert desk.send("POST", "/tickets", {"booking_id": booking.pk}).json() == {"created": 0}
    listed = desk.send("GET", "/tickets?queue=ready_to_issue").json()
    assert (listed["total"], {t["status"] for t in listed["items"]}) == (2, {"ready_to_issue"})
    one = listed["items"][0]
    named = desk.send(
        "PATCH", f"/tickets/{one['id']}/name", {"passenger_name": "WANI/ABDUL MR", "version": one["version"]}
    )
    assert named.json()["name_update_pending"] is False
    number = a_number()
    issued = desk.send("POST", f"/tickets/{one['id']}/issue", {"ticket_number": number}, key="issue-1")
    again = desk.send("POST", f"/tickets/{one['id']}/issue", {"ticket_number": number}, key="issue-1")
    assert issued.status_code == again.status_code == 200
    assert issued.json() == again.json()
    assert again["Idempotency-Replayed"] == "true"
    assert issued.json()["api_status"] == "ISSUED"
    assert issued.json()["documents"][0]["kind"] == "eticket"
    many = desk.send(
        "POST", "/tickets/names", {"names": [{"ticket_id": listed["items"][1]["id"], "passenger_name": "A/B"}]}
    )
    assert many.json() == {"updated": [listed["items"][1]["id"]]}


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({}, 400, "ticket_number"),
        ({"ticket_number": "065-1"}, 400, "ticket_number"),
        ({"ticket_number": "0652400000123", "pnr": "AB"}, 422, "pnr"),
        ({"ticket_number": "0652400000123", "seat": "1A"}, 422, "seat"),
        ({"ticket_number": "0652400000123", "version": 0}, 422, "version"),
    ],
)
def test_bad_input_names_its_field(body, status, field):
    ticket = tickets_of(a_ticketed_booking(paid=True))[0]
    answer = as_role(Role.TICKET_MANAGER).send("POST", f"/tickets/{ticket.pk}/issue", body)
    assert answer.status_code == status
    assert answer.json()["errors"][0]["loc"][-1] == field


def test_a_paper_is_kept_with_its_ticket_and_a_false_one_refused():
    ticket = tickets_of(a_ticketed_booking())[0]
    desk = as_role(Role.TICKET_MANAGER)
    path = f"/api/v1/tickets/{ticket.pk}/documents"
    kept = desk.post(path, {"file": SimpleUploadedFile("scan.pdf", PDF, "application/pdf")})
    assert (kept.status_code, kept.json()["name"]) == (201, "scan.pdf")
    false = desk.post(path, {"file": SimpleUploadedFile("scan.pdf", b"MZ not a pdf", "application/pdf")})
    assert false.status_code == 422
    assert len(desk.send("GET", f"/tickets/{ticket.pk}/documents").json()) == 1


def test_the_desk_and_its_ticket_open_in_a_browser():
    booking = a_ticketed_booking(paid=True)
    ticket = tickets_of(booking)[0]
    desk = as_role(Role.TICKET_MANAGER)
    for address in (
        "/tickets",
        "/tickets?queue=issued",
        f"/tickets/{ticket.pk}",
        f"/sales/bookings/{booking.number}/tab/tickets",
    ):
        assert desk.get(address).status_code == 200, address
    assert "Issue ticket" in desk.get(f"/tickets/{ticket.pk}").content.decode()
    assert "Issue ticket" not in as_role(Role.OPS_MANAGER).get(f"/tickets/{ticket.pk}").content.decode()
    export = desk.get("/tickets?queue=ready_to_issue&format=csv")
    assert ticket.passenger_name in b"".join(export.streaming_content).decode()
    assert as_role(Role.OPS_MANAGER).get("/tickets?format=csv").status_code == 403
