"""/tickets: list, sync, read, name, names, finance-clear, issue, documents."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpResponse
from ninja import File, Form, Query
from ninja.files import UploadedFile
from pydantic import Field, StringConstraints, model_validator

from qafila.kernel.http import (
    ClockTime,
    Envelope,
    Id,
    In,
    Out,
    Paging,
    Request,
    Routes,
    Text,
    answered,
    dump,
    envelope,
    key_of,
)
from qafila.kernel.idempotency import once
from qafila.kernel.money import Amount
from qafila.ticketing import queries
from qafila.ticketing.actions.add_document import add_document
from qafila.ticketing.actions.clear_ticket import clear_ticket
from qafila.ticketing.actions.issue_ticket import issue_ticket
from qafila.ticketing.actions.sync_tickets import sync_tickets
from qafila.ticketing.actions.update_names import update_names

router = Routes(tags=["Tickets"])
TicketName = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=2, max_length=120, pattern=r"^[A-Za-z][A-Za-z /'-]*$")
]
Locator = Annotated[str, StringConstraints(strip_whitespace=True, to_upper=True, pattern=r"^([A-Za-z0-9]{5,8})?$")]
DocumentKind = Literal["scan", "eticket", "other"]
Version = Annotated[int, Field(ge=1, le=2**31 - 1)]


class TicketOut(Out):
    id: int
    booking_id: int
    booking_number: str
    booking_balance: Amount
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


class SegmentOut(Out):
    leg_id: int
    n: int
    direction: str
    flight_no: str
    origin: str
    destination: str
    departs_on: date
    departs_at: ClockTime
    arrives_on: date
    arrives_at: ClockTime
    terminal: str
    arrival_terminal: str
    airline: str
    block_code: str
    pnr: str
    pnr_source: str


class DocumentOut(Out):
    id: int
    file_id: int
    name: str
    kind: str
    size: int
    at: datetime


class HistoryOut(Out):
    at: datetime
    from_state: str
    to_state: str
    event: str
    user: str
    reason: str


class TicketDetailOut(TicketOut):
    passport_no: str
    customer: str
    cleared_at: datetime | None
    cleared_by: str
    issued_by: str
    segments: list[SegmentOut]
    documents: list[DocumentOut]
    history: list[HistoryOut]


class TicketFilter(Paging):
    queue: Literal["", "pending_clearance", "ready_to_issue", "issued", "name_update", "due_soon"] = ""
    group_id: Id | None = None
    booking_id: Id | None = None


class TicketSyncIn(In):
    """What to sync: a booking, a group, or everything."""

    booking_id: Id | None = None
    group_id: Id | None = None
    sync_all: bool = False

    @model_validator(mode="after")
    def _one_of_three(self) -> TicketSyncIn:
        if [self.booking_id is not None, self.group_id is not None, self.sync_all].count(True) != 1:
            raise ValueError("say one of booking_id, group_id and sync_all")
        return self


class Synced(Out):
    created: int


class NameIn(In):
    """The final name as on the passport, e.g. `WANI/ABDUL RASHID MR`."""

    passenger_name: TicketName
    version: Version | None = None


class NamesIn(In):
    class One(NameIn):
        ticket_id: Id

    names: Annotated[list[One], Field(min_length=1, max_length=500)]


class Named(Out):
    updated: list[int]


class TicketIssueIn(In):
    """The document's number; the PNR only when it differs from what the ticket would take."""

    ticket_number: Annotated[Text, Field(max_length=20)] = ""
    pnr: Locator = ""
    version: Version | None = None


class ClearIn(In):
    reason: Text = ""


class Cleared(Out):
    id: int
    api_status: str


@router.get("/tickets", may="tickets.view", response=Envelope[TicketOut])
def list_tickets(request: Request, query: Query[TicketFilter]) -> Any:
    """The ticket desk's queues; names due first."""
    page = queries.tickets(
        request.actor,
        query.window(),
        queue=query.queue,
        q=query.q,
        group_id=query.group_id,
        booking_id=query.booking_id,
    )
    return envelope(page)


@router.post("/tickets", may="tickets.edit", response=Synced)
def sync(request: Request, payload: TicketSyncIn) -> HttpResponse:
    """Make the missing records, one for each active passenger; voids none. Naturally idempotent."""
    return answered(
        once(key_of(request), request.actor, sync_tickets, lambda made: {"created": made}, 200, **payload.model_dump())
    )


@router.post("/tickets/names", may="tickets.edit", response=Named)
def name_many(request: Request, payload: NamesIn) -> Any:
    """Finalise several names at once: all or none."""
    updated = update_names(
        actor=request.actor,
        names={one.ticket_id: one.passenger_name for one in payload.names},
        versions={one.ticket_id: one.version for one in payload.names if one.version is not None},
    )
    return {"updated": updated}


@router.get("/tickets/{ticket_id}", may="tickets.view", response=TicketDetailOut)
def read_ticket(request: Request, ticket_id: Id) -> Any:
    return queries.ticket(request.actor, ticket_id)


@router.patch("/tickets/{ticket_id}/name", may="tickets.edit", response=TicketDetailOut)
def name_one(request: Request, ticket_id: Id, payload: NameIn) -> Any:
    """Finalise the passenger's name."""
    versions = {ticket_id: payload.version} if payload.version is not None else {}
    update_names(actor=request.actor, names={ticket_id: payload.passenger_name}, versions=versions)
    return queries.ticket(request.actor, ticket_id)


@router.post("/tickets/{ticket_id}/finance-clear", may="finance.bookings.approve_finance", response=Cleared)
def finance_clear(request: Request, ticket_id: Id, payload: ClearIn) -> Any:
    """Let one ticket be issued though the booking is not paid."""
    clear_ticket(actor=request.actor, ticket_id=ticket_id, reason=payload.reason)
    return {"id": ticket_id, "api_status": "FINANCE_CLEARED"}


@router.post("/tickets/{ticket_id}/issue", may="tickets.approve", response=TicketDetailOut)
def issue(request: Request, ticket_id: Id, payload: TicketIssueIn) -> HttpResponse:
    """Issue a cleared ticket. 400 with the reason when no PNR or ticket number is known."""
    actor = request.actor
    return answered(
        once(
            key_of(request),
            actor,
            issue_ticket,
            lambda issued: dump(TicketDetailOut, queries.ticket(actor, issued)),
            200,
            ticket_id=ticket_id,
            **payload.model_dump(),
        )
    )


@router.get("/tickets/{ticket_id}/documents", may="tickets.view", response=list[DocumentOut])
def list_documents(request: Request, ticket_id: Id) -> Any:
    return queries.ticket(request.actor, ticket_id).documents


@router.post("/tickets/{ticket_id}/documents", may="tickets.edit", response={201: DocumentOut})
def upload(request: Request, ticket_id: Id, file: File[UploadedFile], kind: Form[DocumentKind] = "scan") -> Any:
    """Keep an e-ticket or a scan (PDF, JPEG, PNG; 10 MB at most) with the ticket."""
    document_id = add_document(
        actor=request.actor,
        ticket_id=ticket_id,
        name=file.name or "document",
        content=file.read(),
        content_type=file.content_type or "",
        kind=kind,
    )
    return next(d for d in queries.ticket(request.actor, ticket_id).documents if d.id == document_id)
