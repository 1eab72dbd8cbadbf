"""The same thing asked many times at once happens once: one key, one ticket, one payment, one way out."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from qafila.identity.types import Role
from tests.harness.office import Office
from tests.races.crowd import a_booking, a_departure, asked, at_once, moved, sold, told

SELLER, MANAGER, OPS = Role.SALES_EXECUTIVE, Role.SALES_MANAGER, Role.OPS_MANAGER
CASHIER, ACCOUNTANT, FINANCE, TICKETS = Role.CASHIER, Role.ACCOUNTANT, Role.FINANCE_MANAGER, Role.TICKET_MANAGER
PRICE = Decimal(4000)
DRAWER = "1001-SXR-01"


def cash(booking_id: int, amount: str = "4000.00") -> dict[str, Any]:
    return {"amount": amount, "method": "cash", "booking_id": booking_id}


def thirty_times(office: Office, role: Role, path: str, body: Any, key: str, times: int = 30) -> dict[str, Any]:
    """One answer, whoever of the twins asks first."""
    office.client(role)
    answers = at_once([partial(office.ask, role, "POST", path, body, key=key)] * times)
    assert told(answers) == {201: times}
    first: dict[str, Any] = answers[0].json()
    assert all(answer.json() == first for answer in answers), "twins were told different things"
    assert sum("Idempotency-Replayed" not in answer.headers for answer in answers) == 1
    return first


def test_the_same_key_thirty_times_is_one_booking_and_one_payment(office: Office) -> None:
    group_id = a_departure(office, 20)
    before = office.trial_balance()
    made = thirty_times(office, SELLER, "/sales/bookings", asked(group_id, 1, 2), key="one booking")
    assert office.reads(MANAGER, "/sales/bookings", group_id=group_id)["total"] == 1
    assert sold(office, group_id) == 2
    paid = thirty_times(office, CASHIER, "/payments", cash(made["id"], "500.00"), key="one payment")
    payments = office.reads(ACCOUNTANT, "/payments", booking_id=made["id"])["items"]
    assert [row["id"] for row in payments] == [paid["id"]]
    assert moved(office, before) == {DRAWER: Decimal(500), "2051": Decimal(-500)}
    other = office.ask(SELLER, "POST", "/sales/bookings", asked(group_id, 2), key="one booking")
    assert (other.status_code, other.json()["code"]) == (409, "IDEMPOTENCY_KEY_REUSED")
    assert office.verify() == []


@pytest.mark.slow
def test_the_same_key_two_hundred_times_is_one_booking(office: Office) -> None:
    group_id = a_departure(office, 20)
    thirty_times(office, SELLER, "/sales/bookings", asked(group_id, 1, 2), key="many", times=200)
    assert sold(office, group_id) == 2


def test_a_ticket_issued_by_twenty_people_at_once_is_issued_once(office: Office) -> None:
    booking_id = a_booking(office, a_departure(office, 4))
    office.does(CASHIER, "POST", "/payments", cash(booking_id))
    office.does(TICKETS, "POST", "/tickets", {"booking_id": booking_id})
    [ticket] = office.reads(TICKETS, "/tickets", booking_id=booking_id)["items"]
    assert ticket["api_status"] == "FINANCE_CLEARED"
    bodies = [{"ticket_number": f"{652400000100 + n:013d}"} for n in range(20)]
    path = f"/tickets/{ticket['id']}/issue"
    answers = at_once([partial(office.ask, TICKETS, "POST", path, body) for body in bodies])
    assert told(answers) == {200: 1, 409: 19}
    [winner] = [answer.json() for answer in answers if answer.status_code == 200]
    after = office.reads(TICKETS, f"/tickets/{ticket['id']}")
    assert (after["api_status"], after["ticket_number"]) == ("ISSUED", winner["ticket_number"])
    assert len(after["documents"]) == 1
    assert [row["to_state"] for row in after["history"]].count("ISSUED") == 1


def test_one_ticket_number_is_given_to_one_of_two_passengers(office: Office) -> None:
    booking_id = a_booking(office, a_departure(office, 4), size=2)
    office.does(CASHIER, "POST", "/payments", cash(booking_id, "8000.00"))
    office.does(TICKETS, "POST", "/tickets", {"booking_id": booking_id})
    tickets = office.reads(TICKETS, "/tickets", booking_id=booking_id)["items"]
    body = {"ticket_number": "0652400000900"}
    answers = at_once([partial(office.ask, TICKETS, "POST", f"/tickets/{t['id']}/issue", body) for t in tickets])
    assert told(answers) == {200: 1, 409: 1}


def test_a_payment_verified_by_two_at_once_counts_once(office: Office) -> None:
    booking_id = a_booking(office, a_departure(office, 4))
    transfer = {**cash(booking_id, "1000.00"), "method": "bank"}
    payments = [office.does(CASHIER, "POST", "/payments", transfer)["id"] for _ in range(3)]
    before = office.trial_balance()
    office.client(FINANCE)
    jobs = [
        partial(office.ask, role, "POST", f"/payments/{payment}/verify")
        for payment in payments
        for role in (ACCOUNTANT, FINANCE, ACCOUNTANT, FINANCE)
    ]
    assert told(at_once(jobs)) == {200: 3, 409: 9}
    assert Decimal(office.reads(MANAGER, f"/sales/bookings/{booking_id}")["paid"]) == 3000
    assert moved(office, before) == {"1010-01": Decimal(3000), "2051": Decimal(-3000)}
    numbers = [office.reads(ACCOUNTANT, f"/payments/{payment}")["number"] for payment in payments]
    assert len(set(numbers)) == 3
    assert office.verify() == []


def test_a_booking_invoiced_by_many_at_once_is_billed_once_without_a_gap(office: Office) -> None:
    group_id = a_departure(office, 8)
    bookings = [a_booking(office, group_id, n) for n in range(4)]
    before = office.trial_balance()
    jobs = [partial(office.ask, ACCOUNTANT, "POST", f"/sales/bookings/{b}/invoice") for b in bookings * 4]
    answers = at_once(jobs)
    assert set(told(answers)) <= {200, 201}
    assert told(answers)[201] == 4
    numbers = sorted(row["number"] for row in office.reads(ACCOUNTANT, "/invoices", group_id=group_id)["items"])
    last = [int(number.rpartition("/")[2].rpartition("-")[2]) for number in numbers]
    assert last == list(range(last[0], last[0] + 4)), numbers
    assert moved(office, before) == {"1101": 4 * PRICE, "4022": -4 * PRICE}


def test_operations_approving_together_approve_once(office: Office) -> None:
    booking_id = a_booking(office, a_departure(office, 4))
    office.does(CASHIER, "POST", "/payments", cash(booking_id))
    path = f"/operations/bookings/{booking_id}/ops-approve"
    office.client(OPS)
    answers = at_once([partial(office.ask, OPS, "POST", path)] * 10)
    assert told(answers) == {200: 10}
    assert Counter(answer.json()["already_approved"] for answer in answers) == {False: 1, True: 9}


def test_a_booking_deleted_while_it_is_paid_loses_no_money(office: Office) -> None:
    """Either the money came first and stands on the customer's account, or the booking was gone and took none."""
    group_id = a_departure(office, 12)
    before = office.trial_balance()
    bookings = [a_booking(office, group_id, n) for n in range(6)]
    for booking_id in bookings[:3]:
        office.does(ACCOUNTANT, "POST", f"/sales/bookings/{booking_id}/invoice")
    for role in (CASHIER, MANAGER):
        office.client(role)
    jobs = []
    for booking_id in bookings:
        jobs.append(partial(office.ask, CASHIER, "POST", "/payments", cash(booking_id)))
        jobs.append(partial(office.ask, MANAGER, "DELETE", f"/sales/bookings/{booking_id}"))
    answers = at_once(jobs)
    told(answers)
    payments, deletions = answers[0::2], answers[1::2]
    assert told(deletions) == {200: 6}
    assert set(told(payments)) <= {201, 404, 409}
    taken = told(payments)[201] * PRICE
    expected = {DRAWER: taken, "2051": -taken} if taken else {}
    assert moved(office, before) == expected, "money is on account, and no invoice of a deleted booking stands"
    assert sold(office, group_id) == 0
    assert office.verify() == []
