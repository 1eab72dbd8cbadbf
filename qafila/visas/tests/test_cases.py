"""Visa cases: opened by approval, moved by the desk, let go with the passenger."""

from __future__ import annotations

import pytest
from django.db import transaction

from qafila.identity.tests.factories import actor_with, anonymous, as_role
from qafila.identity.types import Role
from qafila.kernel.actor import SYSTEM
from qafila.kernel.errors import StaleVersion, WrongState
from qafila.kernel.facts import announce
from qafila.kernel.models import StateChange
from qafila.kernel.pagination import Window
from qafila.sales.actions.cancel_booking import cancel_booking
from qafila.sales.facts import OpsApproved, PassengerRemoved
from qafila.sales.models import Booking
from qafila.sales.tests.factories import a_booking, a_departure, a_passenger
from qafila.visas import queries
from qafila.visas.actions.move_case import move_case
from qafila.visas.errors import VisaCaseClosed, VisaNumberMissing
from qafila.visas.models import VisaCase

pytestmark = pytest.mark.django_db


def approved() -> Booking:
    booking = a_booking(a_departure(), passengers=[a_passenger(), a_passenger(), a_passenger(needs_visa=False)])
    tell(booking)
    return booking


def tell(booking: Booking) -> None:
    with transaction.atomic():
        announce(SYSTEM, OpsApproved(booking.pk, booking.number, booking.package.group_id))


def test_approval_opens_a_case_for_each_passenger_who_needs_one_and_once():
    booking = approved()
    assert VisaCase.objects.filter(booking=booking).count() == 2
    tell(booking)
    assert VisaCase.objects.filter(booking=booking).count() == 2
    assert StateChange.objects.filter(machine="visa_case", event="open").count() == 2


def test_a_case_moves_along_its_table_and_no_other_way():
    case = VisaCase.objects.filter(booking=approved()).first()
    officer = actor_with(Role.VISA_OFFICER)
    with pytest.raises(WrongState):
        move_case(actor=officer, case_id=case.pk, event="issue", visa_no="V1")
    for event in ("apply", "process"):
        move_case(actor=officer, case_id=case.pk, event=event, reference="MOFA-1")
    with pytest.raises(VisaNumberMissing):
        move_case(actor=officer, case_id=case.pk, event="issue")
    move_case(actor=officer, case_id=case.pk, event="issue", visa_no="6012345678")
    shown = queries.case(officer, case.pk)
    assert (shown.state, shown.visa_no, shown.reference) == ("ISSUED", "6012345678", "MOFA-1")
    with pytest.raises(StaleVersion):
        move_case(actor=officer, case_id=case.pk, version=1, notes="late")


def test_who_does_not_travel_needs_no_visa_and_who_comes_back_starts_anew():
    booking = approved()
    case = VisaCase.objects.filter(booking=booking).first()
    with transaction.atomic():
        announce(SYSTEM, PassengerRemoved(booking.pk, case.passenger_id))
    with pytest.raises(VisaCaseClosed):
        move_case(actor=SYSTEM, case_id=case.pk, event="apply")
    assert queries.cases(SYSTEM, Window()).total == 1
    tell(booking)
    assert queries.case(SYSTEM, case.pk).state == "NOT_STARTED"


def test_a_cancelled_booking_lets_its_cases_go():
    booking = approved()
    cancel_booking(actor=SYSTEM, booking_id=booking.pk, reason="stays at home")
    assert queries.cases(SYSTEM, Window()).total == 0


def test_cases_over_http_and_on_screen():
    booking = approved()
    assert anonymous().send("GET", "/visas").status_code == 401
    assert as_role(Role.CASHIER).send("GET", "/visas").status_code == 403
    officer = as_role(Role.VISA_OFFICER)
    listed = officer.send("GET", f"/visas?booking_id={booking.pk}").json()
    assert listed["total"] == 2
    case_id = listed["items"][0]["id"]
    moved = officer.send("PATCH", f"/visas/{case_id}", {"event": "apply", "reference": "M-7"})
    assert (moved.status_code, moved.json()["state"]) == (200, "APPLIED")
    wrong = officer.send("PATCH", f"/visas/{case_id}", {"event": "collect"})
    assert wrong.status_code == 409
    assert officer.send("PATCH", f"/visas/{case_id}", {"event": "fly"}).status_code == 422
    assert as_role(Role.OPS_EXECUTIVE).send("PATCH", f"/visas/{case_id}", {"notes": "x"}).status_code == 403
    for address in ("/operations/visas", "/operations/visas?state=APPLIED&q=wani", f"/operations/visas/{case_id}"):
        assert officer.get(address).status_code == 200


def test_a_list_of_cases_takes_two_queries(django_assert_num_queries):
    viewer = actor_with(Role.VISA_OFFICER)
    approved()
    approved()
    with django_assert_num_queries(2):
        assert queries.cases(viewer, Window()).total == 4
    with django_assert_num_queries(1):
        assert queries.counts(viewer) == {"NOT_STARTED": 4}
