"""Sync, names and issue."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.db.models import F
from pypdf import PdfReader

from qafila.documents.models import StoredFile
from qafila.documents.store import fetch
from qafila.groups.models import GroupFlight
from qafila.identity.tests.factories import actor_with
from qafila.identity.types import Role
from qafila.inventory.models import AirlineBlock, BlockLeg
from qafila.kernel import clock
from qafila.kernel.actor import SYSTEM
from qafila.kernel.errors import MissingRight, StaleVersion, WrongState
from qafila.kernel.pagination import Window
from qafila.sales.models import Passenger
from qafila.sales.tests.factories import a_booking, a_departure
from qafila.ticketing import queries
from qafila.ticketing.actions.issue_ticket import issue_ticket
from qafila.ticketing.actions.sync_tickets import sync_tickets
from qafila.ticketing.actions.update_names import update_names
from qafila.ticketing.errors import NoFlight, NothingToSync, PnrMissing, TicketNumberMissing, TicketNumberTaken
from qafila.ticketing.models import TicketRecord
from qafila.ticketing.tests.factories import a_number, a_ticketed_booking, count_as_paid, tickets_of

pytestmark = pytest.mark.django_db


def test_sync_makes_one_record_for_each_active_passenger_and_voids_none():
    booking = a_ticketed_booking(adults=3)
    assert len(tickets_of(booking)) == 3
    assert sync_tickets(actor=SYSTEM, booking_id=booking.pk) == 0
    assert sync_tickets(actor=SYSTEM, sync_all=True) == 0
    block = AirlineBlock.objects.get()
    assert {t.name_update_deadline for t in tickets_of(booking)} == {block.names_due}


def test_what_is_not_there_is_not_synced():
    with pytest.raises(NothingToSync):
        sync_tickets(actor=SYSTEM, booking_id=10**9)
    with pytest.raises(MissingRight):
        sync_tickets(actor=actor_with(Role.SALES_MANAGER), sync_all=True)


def test_a_final_name_makes_a_cleared_ticket_ready_and_leaves_the_others_waiting():
    booking = a_ticketed_booking()
    ticket = tickets_of(booking)[0]
    update_names(actor=SYSTEM, names={ticket.pk: "wani/abdul mr"})
    ticket.refresh_from_db()
    assert (ticket.passenger_name, ticket.name_update_pending, ticket.state) == ("WANI/ABDUL MR", False, "NOT_READY")
    count_as_paid(booking)
    with pytest.raises(StaleVersion):
        update_names(actor=SYSTEM, names={ticket.pk: "X/Y"}, versions={ticket.pk: ticket.version})


def test_an_issued_ticket_has_its_coupons_its_document_and_keeps_its_name():
    ticket = tickets_of(a_ticketed_booking(paid=True))[0]
    manager = actor_with(Role.TICKET_MANAGER)
    issue_ticket(actor=manager, ticket_id=ticket.pk, ticket_number="065-2400000123")
    shown = queries.ticket(manager, ticket.pk)
    block = AirlineBlock.objects.get()
    assert (shown.api_status, shown.ticket_number, shown.pnr) == ("ISSUED", "0652400000123", block.pnr)
    assert shown.issued_by == manager.name
    assert [s.direction for s in shown.segments] == ["outbound", "return"]
    assert set(shown.coupons.values()) == {"OPEN"}
    assert len(shown.coupons) == 2
    stored = StoredFile.objects.get(pk=shown.documents[0].file_id)

    with fetch(stored.path) as kept:
        text = PdfReader(io.BytesIO(kept.read())).pages[0].extract_text()
    for said in ("0652400000123", block.pnr, shown.passenger_name, "DEL", "JED"):
        assert said in text
    with pytest.raises(WrongState):
        update_names(actor=SYSTEM, names={ticket.pk: "OTHER/NAME"})
    with pytest.raises(WrongState):
        issue_ticket(actor=SYSTEM, ticket_id=ticket.pk, ticket_number=a_number())


def test_at_issue_each_source_of_the_pnr_gives_way_to_those_before_it():
    booking = a_ticketed_booking(paid=True, adults=5)
    tickets = tickets_of(booking)
    block, flight = AirlineBlock.objects.get(), GroupFlight.objects.get()
    GroupFlight.objects.update(pnr="GRPPNR")
    Passenger.objects.filter(pk=tickets[0].passenger_id).update(pnr="PAXPNR")
    issue_ticket(actor=SYSTEM, ticket_id=tickets[0].pk, ticket_number=a_number(), pnr="reqpnr")
    assert TicketRecord.objects.get(pk=tickets[0].pk).pnr == "REQPNR"
    Passenger.objects.filter(pk=tickets[1].passenger_id).update(pnr="PAXPNR")
    issue_ticket(actor=SYSTEM, ticket_id=tickets[1].pk, ticket_number=a_number())
    assert TicketRecord.objects.get(pk=tickets[1].pk).pnr == "PAXPNR"
    issue_ticket(actor=SYSTEM, ticket_id=tickets[2].pk, ticket_number=a_number())
    assert TicketRecord.objects.get(pk=tickets[2].pk).pnr == block.pnr
    BlockLeg.objects.filter(block=block, direction="outbound").update(pnr="LEGPNR")
    issue_ticket(actor=SYSTEM, ticket_id=tickets[3].pk, ticket_number=a_number())
    assert TicketRecord.objects.get(pk=tickets[3].pk).pnr == "LEGPNR"
    BlockLeg.objects.update(pnr=None)
    AirlineBlock.objects.update(pnr="", return_pnr="")
    issue_ticket(actor=SYSTEM, ticket_id=tickets[4].pk, ticket_number=a_number())
    assert TicketRecord.objects.get(pk=tickets[4].pk).pnr == flight.pnr or "GRPPNR"


def test_without_a_pnr_or_a_number_nothing_is_issued_and_the_reason_is_400():
    ticket = tickets_of(a_ticketed_booking(paid=True))[0]
    for number in ("", "  ", "065-12"):
        with pytest.raises(TicketNumberMissing) as refused:
            issue_ticket(actor=SYSTEM, ticket_id=ticket.pk, ticket_number=number)
        assert (refused.value.status, refused.value.loc) == (400, ["ticket_number"])
    GroupFlight.objects.update(pnr="")
    AirlineBlock.objects.update(pnr="", return_pnr="")
    with pytest.raises(PnrMissing) as refused_pnr:
        issue_ticket(actor=SYSTEM, ticket_id=ticket.pk, ticket_number=a_number())
    assert refused_pnr.value.status == 400
    ticket.refresh_from_db()
    assert ticket.state == "FINANCE_CLEARED"


def test_a_ticket_number_is_used_once():
    first, second = tickets_of(a_ticketed_booking(paid=True))
    issue_ticket(actor=SYSTEM, ticket_id=first.pk, ticket_number="065-2400000777")
    with pytest.raises(TicketNumberTaken, match=first.passenger_name):
        issue_ticket(actor=SYSTEM, ticket_id=second.pk, ticket_number="0652400000777")


def test_a_passenger_without_a_flight_gets_no_ticket():
    booking = a_booking(a_departure())
    sync_tickets(actor=SYSTEM, booking_id=booking.pk)
    count_as_paid(booking)
    with pytest.raises(NoFlight):
        issue_ticket(actor=SYSTEM, ticket_id=tickets_of(booking)[0].pk, ticket_number=a_number())


def test_names_due_within_two_days_are_a_queue_of_their_own():
    booking = a_ticketed_booking()
    viewer = actor_with(Role.TICKET_MANAGER)
    assert queries.counts(viewer)["due_soon"] == 0
    TicketRecord.objects.update(name_update_deadline=clock.today() + timedelta(days=2))
    due = queries.tickets(viewer, Window(), queue="due_soon")
    assert (due.total, queries.counts(viewer)["due_soon"]) == (2, 2)
    update_names(actor=SYSTEM, names={t.pk: t.passenger_name for t in tickets_of(booking)})
    assert queries.tickets(viewer, Window(), queue="due_soon").total == 0


def test_a_list_of_tickets_takes_the_same_queries_however_long(django_assert_num_queries):
    viewer = actor_with(Role.TICKET_MANAGER)
    a_ticketed_booking(adults=2)
    with django_assert_num_queries(4):
        queries.tickets(viewer, Window())
    a_ticketed_booking(adults=6)
    with django_assert_num_queries(4):
        assert queries.tickets(viewer, Window()).total == 8
    with django_assert_num_queries(1):
        queries.counts(viewer)


def test_the_flights_shown_are_those_of_the_inventory_as_it_stands():
    ticket = tickets_of(a_ticketed_booking(paid=True))[0]
    issue_ticket(actor=SYSTEM, ticket_id=ticket.pk, ticket_number=a_number())
    BlockLeg.objects.update(flight_no="SV 999", departs_at=F("departs_at"))
    assert {s.flight_no for s in queries.ticket(SYSTEM, ticket.pk).segments} == {"SV 999"}


def test_return_flights_keep_their_own_pnr_after_issue_unless_another_was_asked_for():
    first, second = tickets_of(a_ticketed_booking(paid=True))
    AirlineBlock.objects.update(return_pnr="RETPNR")
    issue_ticket(actor=SYSTEM, ticket_id=first.pk, ticket_number=a_number())
    out, back = queries.ticket(SYSTEM, first.pk).segments
    assert (out.pnr, back.pnr) == (AirlineBlock.objects.get().pnr, "RETPNR")
    issue_ticket(actor=SYSTEM, ticket_id=second.pk, ticket_number=a_number(), pnr="ASKED1")
    assert {s.pnr for s in queries.ticket(SYSTEM, second.pk).segments} == {"ASKED1"}
