"""Issue a ticket: its number and PNR are written, its coupons opened, its document made."""

from __future__ import annotations

from django.db import connection
from django.db.models import F

from qafila.kernel import clock
from qafila.kernel.actor import Actor
from qafila.kernel.audit import record
from qafila.kernel.errors import StaleVersion
from qafila.kernel.search import index
from qafila.kernel.states import move_row
from qafila.kernel.transaction import action
from qafila.ticketing.documents import file_eticket
from qafila.ticketing.errors import NoFlight, PnrMissing, TicketNotFound, TicketNumberMissing, TicketNumberTaken
from qafila.ticketing.models import TicketRecord
from qafila.ticketing.rules import ticket_number as cleaned
from qafila.ticketing.segments import Segment, flights_of_groups, segments
from qafila.ticketing.states import TICKET


@action
def issue_ticket(
    *, actor: Actor, ticket_id: int, ticket_number: str = "", pnr: str = "", version: int | None = None
) -> int:
    """Issue a cleared ticket. The PNR is the request's, else the ticket's, else by the precedence of the four sources.

    Refuses: TicketNotFound, WrongState (not cleared, or issued already), TicketNumberMissing, PnrMissing (both 400),
    TicketNumberTaken, NoFlight, StaleVersion. Source: document 002, issue; domain, section 2.5.
    """
    actor.need("tickets.approve")
    ticket = (
        TicketRecord.objects.select_for_update(of=("self",))
        .select_related("passenger", "booking__package__group")
        .filter(pk=ticket_id, booking__deleted_at__isnull=True)
        .first()
    )
    if ticket is None:
        raise TicketNotFound("There is no such ticket.")
    if version is not None and version != ticket.version:
        raise StaleVersion(ticket.version)
    TICKET.check(actor, ticket.state, "issue")
    number = _number(ticket_number)
    flown = segments(
        flights_of_groups([ticket.booking.package.group_id]),
        ticket.booking.package.group_id,
        ticket.passenger.flight_id,
        passenger_pnr=ticket.passenger.pnr,
        ticket_pnr=ticket.pnr,
        requested=pnr.upper(),
    )
    locator = _locator(flown, requested=pnr, ticket=ticket)
    _take_number(number, ticket)
    TicketRecord.objects.filter(pk=ticket_id).update(version=F("version") + 1)
    move_row(
        actor,
        TICKET,
        ticket,
        "issue",
        reason=f"{number} on {locator}",
        ticket_number=number,
        pnr=locator,
        issued_at=clock.now(),
        issued_by=actor.name,
    )
    _open_coupons(ticket_id, flown)
    file_eticket(actor, ticket, flown)
    record(actor, "ticket.issued", "ticket", ticket_id, after={"ticket_number": number, "pnr": locator})
    group = ticket.booking.package.group
    index(
        "ticket",
        ticket_id,
        title=f"{number} · {ticket.passenger_name}",
        subtitle=f"{ticket.booking.number} · {group.code}",
        url=f"/tickets/{ticket_id}",
        right="tickets.view",
        text=f"{number} {number[3:]} {locator} {ticket.passenger_name} {ticket.passenger.passport_no}",
    )
    return ticket_id


def _number(given: str) -> str:
    if not given.strip():
        raise TicketNumberMissing("A ticket is issued with its ticket number.", field="ticket_number")
    number = cleaned(given)
    if number is None:
        raise TicketNumberMissing(
            "A ticket number has 13 digits, or 6 to 14 letters and digits from a carrier without tickets.",
            field="ticket_number",
        )
    return number


def _locator(flown: list[Segment], *, requested: str, ticket: TicketRecord) -> str:
    if not flown:
        raise NoFlight(f"No flight is linked for {ticket.passenger_name}; link a block to the group first.")
    for locator in (requested.upper(), ticket.pnr, ticket.passenger.pnr, flown[0].pnr):
        if locator:
            return locator
    raise PnrMissing(
        "No PNR is known: not in the request, on the ticket, the passenger, the leg, the block or the group's flight.",
        field="pnr",
    )


def _take_number(number: str, ticket: TicketRecord) -> None:
    """Two people who issue with one number at once: the second waits for the first, then is refused."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 2))", [f"ticket {number}"])
    other = TicketRecord.objects.filter(ticket_number=number).exclude(pk=ticket.pk).first()
    if other is not None:
        raise TicketNumberTaken(f"{number} is the ticket of {other.passenger_name} already.", field="ticket_number")


def _open_coupons(ticket_id: int, flown: list[Segment]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ticketing_coupon (ticket_id, n, leg_id, state)"
            " SELECT %s, n, leg, 'OPEN' FROM unnest(%s::bigint[]) WITH ORDINALITY AS flown(leg, n)",
            [ticket_id, [segment.leg_id for segment in flown]],
        )
