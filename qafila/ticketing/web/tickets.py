"""The ticket desk: queues, one ticket, and a booking's tickets."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from qafila.kernel.errors import Invalid
from qafila.kernel.forms import form_key, parse, parse_query
from qafila.kernel.http import Request
from qafila.kernel.idempotency import once
from qafila.kernel.listing import Column, Listing, respond
from qafila.kernel.pagination import Page, Window
from qafila.kernel.web import done, page, refreshed, render
from qafila.ticketing import queries
from qafila.ticketing.actions.add_document import add_document
from qafila.ticketing.actions.clear_ticket import clear_ticket
from qafila.ticketing.actions.issue_ticket import issue_ticket
from qafila.ticketing.actions.sync_tickets import sync_tickets
from qafila.ticketing.actions.update_names import update_names
from qafila.ticketing.api import ClearIn, NameIn, TicketFilter, TicketIssueIn, TicketSyncIn

QUEUES = [
    (gettext_noop("Due in 2 days"), "/tickets?queue=due_soon", "due_soon"),
    (gettext_noop("Pending clearance"), "/tickets?queue=pending_clearance", "pending_clearance"),
    (gettext_noop("Ready to issue"), "/tickets?queue=ready_to_issue", "ready_to_issue"),
    (gettext_noop("Issued"), "/tickets?queue=issued", "issued"),
    (gettext_noop("Name update"), "/tickets?queue=name_update", "name_update"),
    (gettext_noop("All"), "/tickets?queue=", ""),
]
LISTING = Listing(
    title="Tickets",
    columns=[
        Column("passenger_name", "Name on ticket", sort="name", link=lambda r: f"/tickets/{r.id}", primary=True),
        Column("booking_number", "Booking", kind="code", link=lambda r: f"/sales/bookings/{r.booking_number}"),
        Column("group_code", "Group", kind="code", link=lambda r: f"/groups/{r.group_code}"),
        Column("pnr", "PNR", kind="code"),
        Column("ticket_number", "Ticket number", kind="code"),
        Column("booking_balance", "Balance", kind="money", hide_on_phone=True),
        Column("name_update_deadline", "Names due", kind="date", sort="deadline"),
        Column("departure_date", "Departs", kind="date", sort="departure", hide_on_phone=True),
        Column("state", "State", kind="pill", sort="state"),
    ],
    file_name="tickets",
    empty="Tickets are made from bookings: open a booking or group and press Sync tickets.",
    tabs=QUEUES,
)


def _fetch(request: Request, asked: TicketFilter, queue: str) -> Callable[[Window], Page[queries.TicketRow]]:
    return lambda window: queries.tickets(
        request.actor, window, queue=queue, q=asked.q, group_id=asked.group_id, booking_id=asked.booking_id
    )


@page("tickets.view")
def tickets(request: Request) -> HttpResponseBase:
    """GET /tickets: the queue that is asked for; names due on top of every one."""
    counts = queries.counts(request.actor)
    asked = parse_query(request, TicketFilter)
    queue = asked.queue if "queue" in request.GET else ("due_soon" if counts["due_soon"] else "pending_clearance")
    return respond(
        request,
        LISTING,
        _fetch(request, asked, queue),
        asked,
        template="ticketing/tickets.html",
        tab=queue,
        tab_counts=counts,
        filtered=bool(asked.q),
    )


@page("tickets.view")
def ticket(request: Request, ticket_id: int) -> HttpResponse:
    """GET /tickets/<id>"""
    found = queries.ticket(request.actor, ticket_id)
    return render(
        request,
        "ticketing/ticket.html",
        title=f"{found.passenger_name} · Ticket",
        crumbs=[
            (_("Tickets"), "/tickets"),
            (found.booking_number, f"/sales/bookings/{found.booking_number}?tab=tickets"),
        ],
        ticket=found,
    )


@page("tickets.view")
def of_booking(request: Request, number: str) -> HttpResponse:
    """GET /sales/bookings/<number>/tab/tickets: a booking's tickets, as a fragment."""
    booking_id, found = queries.tickets_of_booking(request.actor, number)
    return render(request, "ticketing/of_booking.html", tickets=found, booking_id=booking_id, number=number)


@page("tickets.edit", methods=("POST",))
def sync(request: Request) -> HttpResponse:
    """POST /tickets/sync: make the missing records of a booking, a group or all."""
    asked = parse(request, TicketSyncIn)
    made = once(form_key(request), request.actor, sync_tickets, lambda n: n, 200, **asked.model_dump()).body
    text = _("%(n)s ticket records made.") % {"n": made} if made else _("Every passenger has a ticket record already.")
    return refreshed(text, "tickets-changed")


@page("tickets.edit", methods=("POST",))
def rename(request: Request, ticket_id: int) -> HttpResponse:
    """POST /tickets/<id>/name"""
    form = parse(request, NameIn)
    update_names(
        actor=request.actor,
        names={ticket_id: form.passenger_name},
        versions={ticket_id: form.version} if form.version else {},
    )
    return done(request, _("The name is final."), f"/tickets/{ticket_id}")


@page("tickets.approve", methods=("POST",))
def issue(request: Request, ticket_id: int) -> HttpResponse:
    """POST /tickets/<id>/issue"""
    form = parse(request, TicketIssueIn)
    once(form_key(request), request.actor, issue_ticket, lambda n: n, 200, ticket_id=ticket_id, **form.model_dump())
    return done(request, _("The ticket is issued."), f"/tickets/{ticket_id}")


@page("finance.bookings.approve_finance", methods=("POST",))
def clear(request: Request, ticket_id: int) -> HttpResponse:
    """POST /tickets/<id>/finance-clear"""
    clear_ticket(actor=request.actor, ticket_id=ticket_id, reason=parse(request, ClearIn).reason)
    return done(request, _("The ticket may be issued."), f"/tickets/{ticket_id}")


@page("tickets.edit", methods=("POST",))
def upload(request: Request, ticket_id: int) -> HttpResponse:
    """POST /tickets/<id>/documents"""
    file = request.FILES.get("file")
    if file is None:
        raise Invalid("Choose a file.", field="file")
    add_document(
        actor=request.actor,
        ticket_id=ticket_id,
        name=file.name or "document",
        content=file.read(),
        content_type=file.content_type or "",
    )
    return done(request, _("The document is kept."), f"/tickets/{ticket_id}")
