"""Finance lets a ticket be issued for a cause, and takes that back the same way."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from qafila.identity.tests.factories import actor_with
from qafila.identity.types import Role
from qafila.kernel.actor import SYSTEM
from qafila.kernel.errors import MissingRight, WrongState
from qafila.sales.actions.cancel_booking import cancel_booking
from qafila.sales.models import Booking
from qafila.ticketing import steps
from qafila.ticketing.actions.clear_ticket import clear_ticket
from qafila.ticketing.actions.issue_ticket import issue_ticket
from qafila.ticketing.actions.sync_tickets import sync_tickets
from qafila.ticketing.errors import AlreadyCleared, TicketIsIssued
from qafila.ticketing.models import Clearance, TicketRecord
from qafila.ticketing.tests.factories import a_number, a_ticketed_booking, count_as_paid, tickets_of

pytestmark = pytest.mark.django_db


def states(booking: Booking) -> set[str]:
    return {t.state for t in tickets_of(booking)}


def test_a_ticket_waits_for_finance_until_the_balance_is_paid():
    booking = a_ticketed_booking()
    assert states(booking) == {"NOT_READY"}
    count_as_paid(booking, Decimal(1000))
    assert states(booking) == {"NOT_READY"}
    count_as_paid(booking)
    assert states(booking) == {"FINANCE_CLEARED"}
    assert {t.clearance_cause for t in tickets_of(booking)} == {"payment"}
    assert Clearance.objects.filter(ticket__booking=booking, granted=True, cause="payment").count() == 2


def test_money_taken_back_before_issue_takes_the_clearance_back():
    booking = a_ticketed_booking(paid=True)
    count_as_paid(booking, Decimal(-1))
    assert states(booking) == {"NOT_READY"}
    assert {t.clearance for t in tickets_of(booking)} == {"pending"}
    assert Clearance.objects.filter(ticket__booking=booking, granted=False).count() == 2


def test_money_taken_back_does_not_touch_what_finance_approved():
    booking = a_ticketed_booking()
    with transaction.atomic():
        steps.clear(SYSTEM, booking.pk, cause="approval", note="the family head vouches")
    count_as_paid(booking, Decimal(500))
    count_as_paid(booking, Decimal(-500))
    assert states(booking) == {"FINANCE_CLEARED"}


def test_tickets_synced_after_the_payment_are_cleared_at_once():
    booking = a_ticketed_booking(paid=True)
    ticket = tickets_of(booking)[0]
    with transaction.atomic():
        steps.release(SYSTEM, passenger_id=ticket.passenger_id, reason="made again")
    assert sync_tickets(actor=SYSTEM, booking_id=booking.pk) == 1
    assert sorted(t.state for t in tickets_of(booking)) == ["FINANCE_CLEARED", "FINANCE_CLEARED", "VOID"]


def test_one_ticket_is_cleared_by_finance_alone():
    booking = a_ticketed_booking()
    first, second = tickets_of(booking)
    with pytest.raises(MissingRight):
        clear_ticket(actor=actor_with(Role.TICKET_MANAGER), ticket_id=first.pk)
    accountant = actor_with(Role.ACCOUNTANT)
    clear_ticket(actor=accountant, ticket_id=first.pk, reason="the cheque is in our hand")
    with pytest.raises(AlreadyCleared):
        clear_ticket(actor=accountant, ticket_id=first.pk)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == ("FINANCE_CLEARED", "NOT_READY")
    assert first.cleared_by == accountant.name


def test_a_cancelled_booking_lets_its_tickets_go():
    booking = a_ticketed_booking()
    cancel_booking(actor=SYSTEM, booking_id=booking.pk, reason="the family stays at home")
    assert states(booking) == {"VOID"}


def test_a_booking_with_an_issued_ticket_is_not_cancelled():
    booking = a_ticketed_booking(paid=True)
    issue_ticket(actor=SYSTEM, ticket_id=tickets_of(booking)[0].pk, ticket_number=a_number())
    with pytest.raises(TicketIsIssued, match="void it first"):
        cancel_booking(actor=SYSTEM, booking_id=booking.pk, reason="changed their mind")


def test_no_ticket_is_issued_uncleared_even_by_raw_sql():
    ticket = tickets_of(a_ticketed_booking())[0]
    with pytest.raises(WrongState):
        issue_ticket(actor=SYSTEM, ticket_id=ticket.pk, ticket_number=a_number())
    raw = (
        "UPDATE ticketing_ticketrecord SET state = 'ISSUED', pnr = 'ABCDEF', ticket_number = '0651', issued_at = now()"
    )
    with pytest.raises(IntegrityError, match="no_ticket_issued_uncleared"), transaction.atomic():
        connection.cursor().execute(raw)


def test_no_ticket_is_issued_without_number_or_pnr_even_by_raw_sql():
    a_ticketed_booking(paid=True)
    raw = "UPDATE ticketing_ticketrecord SET state = 'ISSUED', issued_at = now()"
    with pytest.raises(IntegrityError, match="an_issued_ticket_has_number_and_pnr"), transaction.atomic():
        connection.cursor().execute(raw)


def test_a_passenger_has_one_live_ticket_even_by_raw_sql():
    ticket = tickets_of(a_ticketed_booking())[0]
    with pytest.raises(IntegrityError, match="one_live_ticket_per_passenger"), transaction.atomic():
        TicketRecord.objects.create(
            booking_id=ticket.booking_id, passenger_id=ticket.passenger_id, passenger_name="TWICE/TOLD"
        )


def test_a_clearance_once_written_stays():
    a_ticketed_booking(paid=True)
    for change in ("UPDATE ticketing_clearance SET granted = false", "DELETE FROM ticketing_clearance"):
        with pytest.raises(Exception, match=r"append-only|permission denied"), transaction.atomic():
            connection.cursor().execute(change)
