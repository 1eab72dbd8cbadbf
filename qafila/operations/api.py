"""Approvals over HTTP. Source: api.md, 2 "Operations"."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from ninja import Query

from qafila.kernel.actor import Actor
from qafila.kernel.http import Envelope, Id, Request, Routes, answered, dump, envelope, key_of
from qafila.kernel.idempotency import once
from qafila.operations import queries
from qafila.operations.actions.approve_finance import approve_finance
from qafila.operations.actions.approve_ops import approve_ops
from qafila.operations.actions.reject_finance import reject_finance
from qafila.operations.actions.resubmit import resubmit
from qafila.operations.actions.send_back import send_back
from qafila.operations.actions.withdraw_finance import withdraw_finance
from qafila.operations.schemas import (
    ApprovalOut,
    FinanceApprovalIn,
    FinanceQueueFilter,
    QueueFilter,
    QueueRowOut,
    ReasonIn,
)
from qafila.operations.types import Approval

router = Routes(tags=["Approvals"])
FINANCE = "finance.bookings.approve_finance"


def _approved(approval: Approval) -> Any:
    return dump(ApprovalOut, approval)


def _moved(request: Request, verb: Any, **asked: Any) -> HttpResponse:
    """A move whose answer is the booking as the queues show it."""
    actor: Actor = request.actor

    def told(booking_id: int) -> Any:
        return dump(QueueRowOut, queries.queue_row(actor, booking_id))

    return answered(once(key_of(request), actor, verb, told, 200, **asked))


@router.get("/operations/bookings", may="approvals.view", response=Envelope[QueueRowOut])
def list_queue(request: Request, query: Query[QueueFilter]) -> Any:
    """The bookings that wait for operations, for finance, or for correction; those that leave first on top."""
    return envelope(queries.queue(request.actor, query.window(), query.queue, q=query.q, group_id=query.group_id))


@router.get("/finance/bookings", may=FINANCE, response=Envelope[QueueRowOut])
def list_finance_queue(request: Request, query: Query[FinanceQueueFilter]) -> Any:
    """The bookings that wait for finance, for those who clear them."""
    return envelope(queries.queue(request.actor, query.window(), "finance", q=query.q, group_id=query.group_id))


@router.post("/operations/bookings/{booking_id}/ops-approve", may="approvals.approve", response=ApprovalOut)
def ops_approve(request: Request, booking_id: Id) -> HttpResponse:
    """Confirm a booking whose payment policy is met. Approving twice answers `already_approved`."""
    return answered(once(key_of(request), request.actor, approve_ops, _approved, 200, booking_id=booking_id))


@router.post("/operations/bookings/{booking_id}/ops-send-back", may="approvals.approve", response=QueueRowOut)
def ops_send_back(request: Request, booking_id: Id, payload: ReasonIn) -> HttpResponse:
    """Send a booking back to sales, with what is to be corrected."""
    return _moved(request, send_back, booking_id=booking_id, reason=payload.reason)


@router.post("/operations/bookings/{booking_id}/resubmit", may="bookings.edit", response=QueueRowOut)
def hand_in_again(request: Request, booking_id: Id) -> HttpResponse:
    """Hand a corrected booking in again: both tracks are pending."""
    return _moved(request, resubmit, booking_id=booking_id)


@router.post("/finance/bookings/{booking_id}/approve", may=FINANCE, response=ApprovalOut)
def finance_approve(request: Request, booking_id: Id, payload: FinanceApprovalIn | None = None) -> HttpResponse:
    """Let a booking go ahead for finance; with a balance due the reason is needed, and the tickets are cleared."""
    asked = {"booking_id": booking_id, "reason": payload.reason if payload else ""}
    return answered(once(key_of(request), request.actor, approve_finance, _approved, 200, **asked))


@router.post("/finance/bookings/{booking_id}/reject", may=FINANCE, response=QueueRowOut)
def finance_reject(request: Request, booking_id: Id, payload: ReasonIn) -> HttpResponse:
    """Refuse a booking for finance: it goes to the correction queue."""
    return _moved(request, reject_finance, booking_id=booking_id, reason=payload.reason)


@router.post("/finance/bookings/{booking_id}/withdraw", may=FINANCE, response=QueueRowOut)
def finance_withdraw(request: Request, booking_id: Id, payload: ReasonIn) -> HttpResponse:
    """Take finance's approval back; tickets it cleared and that are not issued wait again."""
    return _moved(request, withdraw_finance, booking_id=booking_id, reason=payload.reason)
