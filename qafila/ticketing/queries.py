"""Reads of the ticketing room."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Count, Q, QuerySet

from qafila.kernel import clock
from qafila.kernel.actor import Actor
from qafila.kernel.models import StateChange
from qafila.kernel.pagination import Page, Window, order, paginate
from qafila.sales.models import Booking
from qafila.ticketing.errors import TicketNotFound
from qafila.ticketing.models import TicketRecord
from qafila.ticketing.rules import DUE_SOON, is_due_soon
from qafila.ticketing.segments import Flights, Segment, flights_of_groups, segments
from qafila.ticketing.states import SCREEN_WORDS, TICKET

SORTS = {
    "id": "id",
    "name": "passenger_name",
    "state": "state",
    "deadline": "name_update_deadline",
    "issued": "issued_at",
    "departure": "booking__package__group__departure_date",
}
SOON = "due_soon"
QUEUES = ("pending_clearance", "ready_to_issue", "issued", "name_update", SOON)


@dataclass(frozen=True)
class TicketRow:
    """One ticket as lists and the API show it. `status` is the screen's word for `api_status`."""

    id: int
    booking_id: int
    booking_number: str
    booking_balance: Decimal
    currency: str
    group_id: int
    group_code: str
    departure_date: date
    passenger_id: int
    passenger: str
    passenger_name: str
    tier: str
    api_status: str
    status: str
    state_label: str
    state_tone: str
    clearance: str
    clearance_cause: str
    pnr: str
    pnr_source: str
    ticket_number: str | None
    name_update_pending: bool
    name_update_deadline: date | None
    due_soon: bool
    issued_at: datetime | None
    version: int

    @property
    def state(self) -> str:
        return self.api_status


@dataclass(frozen=True)
class HistoryRow:
    at: datetime
    from_state: str
    to_state: str
    event: str
    user: str
    reason: str


@dataclass(frozen=True)
class DocumentRow:
    id: int
    file_id: int
    name: str
    kind: str
    size: int
    at: datetime


@dataclass(frozen=True)
class TicketDetail(TicketRow):
    """One ticket whole: segments rebuilt from the inventory, coupons, papers, history."""

    passport_no: str
    date_of_birth: date | None
    customer: str
    cleared_at: datetime | None
    cleared_by: str
    issued_by: str
    segments: list[Segment]
    coupons: dict[int, str]
    documents: list[DocumentRow]
    history: list[HistoryRow]


def _tickets(actor: Actor) -> QuerySet[TicketRecord]:
    actor.need("tickets.view")
    return TicketRecord.objects.filter(booking__deleted_at__isnull=True).select_related(
        "passenger", "booking__package__group", "booking__customer__party"
    )


def in_queue(tickets: QuerySet[TicketRecord], queue: str) -> QuerySet[TicketRecord]:
    """One queue of the ticket desk; `due_soon`: names to be finalised within two days."""
    if queue == "pending_clearance":
        return tickets.filter(state__in=["NOT_READY", "ON_HOLD"])
    if queue == "ready_to_issue":
        return tickets.filter(state="FINANCE_CLEARED")
    if queue == "issued":
        return tickets.filter(state="ISSUED")
    pending = tickets.filter(name_update_pending=True, state__in=["NOT_READY", "ON_HOLD", "FINANCE_CLEARED"])
    if queue == "name_update":
        return pending
    if queue == SOON:
        return pending.filter(name_update_deadline__lte=clock.today() + DUE_SOON)
    return tickets


def _values(ticket: TicketRecord, found: list[Segment]) -> dict[str, object]:
    person, booking = ticket.passenger, ticket.booking
    group = booking.package.group
    first = found[0] if found else None
    return {
        "id": ticket.pk,
        "booking_id": booking.pk,
        "booking_number": booking.number,
        "booking_balance": booking.balance,
        "currency": booking.currency,
        "group_id": group.pk,
        "group_code": group.code,
        "departure_date": group.departure_date,
        "passenger_id": person.pk,
        "passenger": f"{person.first_name} {person.last_name}".strip(),
        "passenger_name": ticket.passenger_name,
        "tier": person.tier,
        "api_status": ticket.state,
        "status": SCREEN_WORDS[ticket.state],
        "state_label": TICKET.label(ticket.state),
        "state_tone": TICKET.tone(ticket.state),
        "clearance": ticket.clearance,
        "clearance_cause": ticket.clearance_cause,
        "pnr": first.pnr if first else ticket.pnr or person.pnr,
        "pnr_source": first.pnr_source
        if first
        else ("ticket" if ticket.pnr else "passenger" if person.pnr else "none"),
        "ticket_number": ticket.ticket_number,
        "name_update_pending": ticket.name_update_pending,
        "name_update_deadline": ticket.name_update_deadline,
        "due_soon": ticket.state != "VOID"
        and is_due_soon(pending=ticket.name_update_pending, deadline=ticket.name_update_deadline, today=clock.today()),
        "issued_at": ticket.issued_at,
        "version": ticket.version,
    }


def _segments(ticket: TicketRecord, flights: Flights) -> list[Segment]:
    return segments(
        flights,
        ticket.booking.package.group_id,
        ticket.passenger.flight_id,
        passenger_pnr=ticket.passenger.pnr,
        ticket_pnr=ticket.pnr,
    )


def tickets(
    actor: Actor,
    window: Window,
    *,
    queue: str = "",
    q: str = "",
    group_id: int | None = None,
    booking_id: int | None = None,
) -> Page[TicketRow]:
    """Tickets of a queue, names due first, then those who fly first. Four queries whatever the page holds."""
    rows = in_queue(_tickets(actor), queue)
    if group_id:
        rows = rows.filter(booking__package__group_id=group_id)
    if booking_id:
        rows = rows.filter(booking_id=booking_id)
    if q:
        rows = rows.filter(
            Q(passenger_name__icontains=q)
            | Q(ticket_number__istartswith=q.replace("-", ""))
            | Q(pnr__iexact=q)
            | Q(booking__number__iexact=q)
            | Q(booking__package__group__code__iexact=q)
            | Q(passenger__passport_no__istartswith=q)
        )
    page = paginate(rows.order_by(*order(window.sort, SORTS, "deadline")), window, lambda ticket: ticket)
    flights = flights_of_groups(ticket.booking.package.group_id for ticket in page.items)
    items = [TicketRow(**_values(ticket, _segments(ticket, flights))) for ticket in page.items]  # type: ignore[arg-type]
    return Page(items, page.page, page.page_size, page.total)


def ticket(actor: Actor, ticket_id: int) -> TicketDetail:
    """One ticket whole: six queries. Refuses: TicketNotFound."""
    found = _tickets(actor).filter(pk=ticket_id).first()
    if found is None:
        raise TicketNotFound("There is no such ticket.")
    flown = _segments(found, flights_of_groups([found.booking.package.group_id]))
    history = StateChange.objects.filter(machine=TICKET.name, object_id=ticket_id).order_by("-id")[:200]
    papers = found.documents.select_related("file").order_by("-id")
    return TicketDetail(
        **_values(found, flown),  # type: ignore[arg-type]
        passport_no=found.passenger.passport_no,
        date_of_birth=found.passenger.date_of_birth,
        customer=found.booking.customer.party.name,
        cleared_at=found.cleared_at,
        cleared_by=found.cleared_by,
        issued_by=found.issued_by,
        segments=flown,
        coupons={c.leg_id: c.state for c in found.coupons.all()},
        documents=[DocumentRow(d.pk, d.file_id, d.file.name, d.kind, d.file.size, d.created_at) for d in papers],
        history=[HistoryRow(h.at, h.from_state, h.to_state, h.event, h.user_name, h.reason) for h in history],
    )


def counts(actor: Actor) -> dict[str, int]:
    """How many tickets stand in each queue: one query."""
    if not actor.may("tickets.view"):
        return {}
    live = TicketRecord.objects.filter(booking__deleted_at__isnull=True)
    unissued = Q(state__in=["NOT_READY", "ON_HOLD", "FINANCE_CLEARED"])
    pending = unissued & Q(name_update_pending=True)
    return live.aggregate(
        pending_clearance=Count("id", filter=Q(state__in=["NOT_READY", "ON_HOLD"])),
        ready_to_issue=Count("id", filter=Q(state="FINANCE_CLEARED")),
        issued=Count("id", filter=Q(state="ISSUED")),
        name_update=Count("id", filter=pending),
        due_soon=Count("id", filter=pending & Q(name_update_deadline__lte=clock.today() + DUE_SOON)),
    )


def tickets_of_booking(actor: Actor, number: str) -> tuple[int, list[TicketRow]]:
    """A booking's id and its tickets in the order of its passengers. Four queries. Refuses: TicketNotFound."""
    actor.need("tickets.view")
    booking_id = Booking.objects.filter(number=number, deleted_at__isnull=True).values_list("pk", flat=True).first()
    if booking_id is None:
        raise TicketNotFound("There is no such booking.")
    found = list(_tickets(actor).filter(booking_id=booking_id).order_by("passenger__n", "pk"))
    flights = flights_of_groups(t.booking.package.group_id for t in found)
    return booking_id, [TicketRow(**_values(t, _segments(t, flights))) for t in found]  # type: ignore[arg-type]
