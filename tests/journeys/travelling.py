"""The first sale, three: approvals, visas, tickets; and one booking that is deleted."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from qafila.identity.types import Role
from tests.harness.office import TODAY, Office, data, lines_of
from tests.journeys.story import ACCOUNTANT, CASHIER, NOBODY, OPS, SALES, SEAT, SELLER, TICKETS, Story


def finance_and_operations_approve(story: Story) -> None:
    office = story.office
    home, away = story.imported["FD-03"], story.walk_in["id"]
    finance, ops = "/finance/bookings/{}/approve", "/operations/bookings/{}/ops-approve"
    told = office.refused(OPS, "POST", ops.format(away), status=409, code="PAYMENT_POLICY_NOT_MET")
    assert "finance" in told["detail"].lower()
    office.refused(ACCOUNTANT, "POST", finance.format(away), status=422, field="reason", code="REASON_NEEDED")
    office.refused(ACCOUNTANT, "POST", finance.format(NOBODY), status=404)
    office.refused(SALES, "POST", finance.format(home), status=403, code="MISSING_RIGHT")
    waiting = office.reads(OPS, "/operations/bookings", queue="ops", page_size=200)["items"]
    assert {row["id"] for row in waiting if row["may_ops_approve"]} == set(), "nobody is ready before finance is"
    for booking_id in (home, away):
        why = {"reason": "The rest is promised for Friday."} if booking_id == away else None
        assert office.does(ACCOUNTANT, "POST", finance.format(booking_id), why)["ok"]
        assert office.reads(Role.VISA_OFFICER, "/visas", booking_id=booking_id)["total"] == 0
        office.refused(SALES, "POST", ops.format(booking_id), status=403, code="MISSING_RIGHT")
        assert office.does(OPS, "POST", ops.format(booking_id)) == {"ok": True, "already_approved": False}
        assert office.does(OPS, "POST", ops.format(booking_id)) == {"ok": True, "already_approved": True}
        booking = story.booking(booking_id)
        assert (booking["state"], booking["ops_approval"]) == ("confirmed", "approved")
        need = [p["id"] for p in booking["passengers"] if p["needs_visa"]]
        cases = office.reads(Role.VISA_OFFICER, "/visas", booking_id=booking_id)["items"]
        assert sorted(case["passenger_id"] for case in cases) == sorted(need)


def the_tickets_are_issued(story: Story) -> None:
    office = story.office
    home, away = story.imported["FD-03"], story.walk_in["id"]
    office.refused(TICKETS, "POST", "/tickets", {"booking_id": NOBODY}, status=404)
    office.refused(TICKETS, "POST", "/tickets", {"group_id": "all"}, status=422, field="group_id")
    office.refused(SELLER, "POST", "/tickets", {"group_id": story.group}, status=403)
    assert office.does(TICKETS, "POST", "/tickets", {"booking_id": home})["created"] == len(story.tickets(home))
    assert office.does(TICKETS, "POST", "/tickets", {"group_id": story.group})["created"] == 47 - len(
        story.tickets(home)
    )
    assert office.does(TICKETS, "POST", "/tickets", {"sync_all": True})["created"] == 0

    causes = {home: "payment", away: "approval"}
    for booking_id, cause in causes.items():
        for ticket in story.tickets(booking_id):
            assert (ticket["api_status"], ticket["clearance_cause"]) == ("FINANCE_CLEARED", cause), ticket
    unpaid = story.tickets(story.imported["FD-01"])[0]
    assert unpaid["status"] == "pending_clearance"
    number = {"ticket_number": "065-2400000999"}
    office.refused(
        TICKETS,
        "POST",
        f"/tickets/{unpaid['id']}/issue",
        number,
        status=409,
        code="TICKET_NOT_IN_FINANCE_CLEARED_STATE",
    )

    one, two = story.tickets(away)
    office.refused(TICKETS, "PATCH", f"/tickets/{one['id']}/name", {"passenger_name": "1"}, status=422)
    named = office.does(TICKETS, "PATCH", f"/tickets/{one['id']}/name", {"passenger_name": "ANSARI/BILAL MR"})
    assert (named["passenger_name"], named["name_update_pending"]) == ("ANSARI/BILAL MR", False)
    issue = f"/tickets/{one['id']}/issue"
    for wrong in ({}, {"ticket_number": ""}, {"ticket_number": "65-1"}):
        office.refused(TICKETS, "POST", issue, wrong, status=400, code="TICKET_NUMBER_MISSING", field="ticket_number")
    office.refused(TICKETS, "POST", issue, {**number, "pnr": "ab"}, status=422, field="pnr")
    office.refused(SALES, "POST", issue, number, status=403, code="MISSING_RIGHT")
    which_pnr_holds(story, away, one, two)
    the_ticket_on_paper(story, one["id"])


def which_pnr_holds(story: Story, booking_id: int, one: dict[str, Any], two: dict[str, Any]) -> None:
    """Request > ticket > passenger > leg > block: each outranks what the step before it left standing."""
    office, block = story.office, f"/inventory/airline-blocks/{story.block}"

    def pnr(ticket: dict[str, Any]) -> tuple[str, str]:
        told = office.reads(TICKETS, f"/tickets/{ticket['id']}")
        first = told["segments"][0]
        return first["pnr"], first["pnr_source"]

    assert pnr(one) == ("K7QXPL", "block")
    legs = data("departure.json")["airline_block"]["legs"]
    legs = [{**legs[0], "pnr": "LEG111"}, legs[1]]
    version = office.reads(OPS, block)["version"]
    office.does(OPS, "PATCH", block, {"version": version, "legs": legs})
    assert pnr(one) == ("LEG111", "leg")
    passenger = f"/sales/bookings/{booking_id}/passengers/{one['passenger_id']}"
    office.refused(SALES, "PATCH", passenger, {"pnr": "no good"}, status=422, field="pnr")
    office.does(SALES, "PATCH", passenger, {"pnr": "pax222"})
    assert pnr(one) == ("PAX222", "passenger")
    assert pnr(two) == ("LEG111", "leg"), "a passenger's own PNR is nobody else's"

    number = "0652400000101"
    issued = office.does(
        TICKETS, "POST", f"/tickets/{one['id']}/issue", {"ticket_number": "065-2400000101", "pnr": "req333"}, key="t-1"
    )
    assert (issued["status"], issued["pnr"], issued["ticket_number"]) == ("issued", "REQ333", number)
    office.refused(TICKETS, "POST", f"/tickets/{one['id']}/issue", {"ticket_number": "0652400000102"}, status=409)
    taken = {"ticket_number": number}
    office.refused(
        TICKETS, "POST", f"/tickets/{two['id']}/issue", taken, status=409, code="TICKET_NUMBER_TAKEN",
        field="ticket_number",
    )  # fmt: skip
    # No verb stores a PNR on a ticket before it is issued; where one stands, it outranks the passenger's.
    with office.at_desk():
        from qafila.ticketing.models import TicketRecord

        TicketRecord.objects.filter(pk=two["id"]).update(pnr="TKT444")
    office.does(SALES, "PATCH", f"/sales/bookings/{booking_id}/passengers/{two['passenger_id']}", {"pnr": "PAX555"})
    assert pnr(two) == ("TKT444", "ticket")
    second = office.does(TICKETS, "POST", f"/tickets/{two['id']}/issue", {"ticket_number": "0652400000103"})
    assert second["pnr"] == "TKT444"


def the_ticket_on_paper(story: Story, ticket_id: int) -> None:
    office = story.office
    [document] = office.reads(TICKETS, f"/tickets/{ticket_id}/documents")
    assert document["kind"] == "eticket"
    paper = office.paper(TICKETS, f"/files/{document['file_id']}")
    for word in ("0652400000101", "REQ333", "ANSARI/BILAL MR", "SV 757", "SXR", "JED", "19:25", story.group_code):
        assert word in paper, f"{word} is not on the ticket: {paper}"
    office.refused(CASHIER, "GET", f"/files/{document['file_id']}", status=403)


def a_booking_is_deleted(story: Story) -> None:
    office = story.office
    away, home = story.walk_in["id"], story.imported["FD-03"]
    office.refused(SALES, "DELETE", f"/sales/bookings/{NOBODY}", status=404)
    told = office.refused(SALES, "DELETE", f"/sales/bookings/{away}", status=409, code="TICKET_IS_ISSUED")
    assert "void" in told["detail"].lower()
    office.refused(SELLER, "DELETE", f"/sales/bookings/{home}", status=403, code="MISSING_RIGHT")

    seats, before = story.seats(), office.trial_balance()
    gone = story.booking(home)
    places = sum(p["tier"] != "infant" for p in gone["passengers"])
    preview = office.does(SALES, "DELETE", f"/sales/bookings/{home}", preview=1)
    assert (preview["preview"], preview["seats"]) == (True, places)
    assert (story.seats(), office.trial_balance()) == (seats, before), "a preview changes nothing"
    the_month_is("closed", office)
    told = office.refused(SALES, "DELETE", f"/sales/bookings/{home}", status=409)
    assert "period" in told["detail"].lower()
    assert (story.seats(), office.trial_balance()) == (seats, before), "what cannot be posted does not happen"
    the_month_is("open", office)

    done = office.does(SALES, "DELETE", f"/sales/bookings/{home}", reason="The grandmother fell ill")
    assert done["seats"] == places
    assert story.seats() == (seats[0] - places, seats[1] + places)
    office.refused(SALES, "GET", f"/sales/bookings/{home}", status=404)
    assert office.reads(TICKETS, "/tickets", booking_id=home)["total"] == 0
    paid = Decimal(gone["gross_total"])
    after = office.trial_balance()
    assert after["2051"] == -paid, "what they paid stands on their account"
    assert after["4022"] == -Decimal("214000.00"), "only the Ansaris' tour is still revenue"
    assert after["2061-I"] == -Decimal("10700.00")
    assert {"2061-C", "2061-S"} & set(after) == set(), "the tax of the deleted booking is credited"
    assert after["1001-SXR-01"] == before["1001-SXR-01"], "a receipt is never reversed by a deletion"
    entries = office.entries(booking_id=home)
    sums: dict[str, Decimal] = {}
    for entry in entries:
        for code, amount in lines_of(entry).items():
            sums[code] = sums.get(code, Decimal(0)) + amount
    assert {code: amount for code, amount in sums.items() if amount} == {"1001-SXR-01": paid, "2051": -paid}


def the_month_is(state: str, office: Office) -> None:
    """Closing a month has no route yet: its row is written."""
    from qafila.ledger.models import Period

    with office.at_desk():
        assert Period.objects.filter(starts__lte=TODAY, ends__gte=TODAY).update(state=state) == 1


def the_books_after_it(story: Story) -> None:
    office = story.office
    [cash] = office.reads(ACCOUNTANT, "/payments", method="cash")["items"]
    paid = Decimal(cash["amount"])
    assert office.trial_balance() == {
        "1001-SXR-01": paid,
        "1010-01": Decimal("100000.00"),
        "1101": Decimal("124700.00"),
        "1310": 2 * SEAT,
        "2025": -50 * SEAT,
        "2051": -paid,
        "2061-I": -Decimal("10700.00"),
        "4022": -Decimal("214000.00"),
        "5102": 48 * SEAT,
    }
    assert office.verify() == []
