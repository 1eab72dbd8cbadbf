"""GET /visas, PATCH /visas/{id}."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from ninja import Query
from pydantic import Field

from qafila.kernel.http import Envelope, Id, In, LongText, Out, Paging, Request, Routes, Text, envelope
from qafila.visas import queries
from qafila.visas.actions.move_case import move_case

router = Routes(tags=["Visas"])
State = Literal["NOT_STARTED", "APPLIED", "UNDER_PROCESS", "SENT_TO_EMBASSY", "ISSUED", "COLLECTED", "REJECTED"]
Event = Literal["apply", "process", "send", "issue", "reject", "collect"]


class VisaOut(Out):
    id: int
    booking_id: int
    booking_number: str
    group_code: str
    departure_date: date
    passenger_id: int
    passenger: str
    passport_no: str
    state: str
    reference: str
    visa_no: str
    valid_until: date | None
    notes: str
    version: int


class VisaFilter(Paging):
    state: State | None = None
    group_id: Id | None = None
    booking_id: Id | None = None


class VisaPatch(In):
    """What is known of the visa; `event` makes the move."""

    event: Event | None = None
    version: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = None
    reference: Annotated[Text, Field(max_length=60)] | None = None
    visa_no: Annotated[Text, Field(max_length=40)] | None = None
    valid_until: date | None = None
    notes: LongText | None = None
    reason: Text = ""


@router.get("/visas", may="visas.view", response=Envelope[VisaOut])
def list_cases(request: Request, query: Query[VisaFilter]) -> Any:
    """Open visa cases, those who depart first on top."""
    page = queries.cases(
        request.actor,
        query.window(),
        q=query.q,
        state=query.state or "",
        group_id=query.group_id,
        booking_id=query.booking_id,
    )
    return envelope(page)


@router.get("/visas/{case_id}", may="visas.view", response=VisaOut)
def read_case(request: Request, case_id: Id) -> Any:
    return queries.case(request.actor, case_id)


@router.patch("/visas/{case_id}", may="visas.edit", response=VisaOut)
def patch_case(request: Request, case_id: Id, payload: VisaPatch) -> Any:
    """Record references and dates, and move the case."""
    move_case(actor=request.actor, case_id=case_id, **payload.model_dump())
    return queries.case(request.actor, case_id)
