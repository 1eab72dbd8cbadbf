"""What is decided about a booking: one form each, shown in a dialog of the queue or as a page of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from django.http import HttpResponse
from django.utils.translation import gettext as _

from qafila.kernel.forms import form_key, parse
from qafila.kernel.http import Request
from qafila.kernel.idempotency import once
from qafila.kernel.web import done, page, render
from qafila.operations import queries
from qafila.operations.actions.approve_finance import approve_finance
from qafila.operations.actions.approve_ops import approve_ops
from qafila.operations.actions.reject_finance import reject_finance
from qafila.operations.actions.resubmit import resubmit
from qafila.operations.actions.send_back import send_back
from qafila.operations.actions.withdraw_finance import withdraw_finance
from qafila.operations.schemas import FinanceApprovalIn, ReasonIn
from qafila.operations.types import QueueRow

FINANCE = "finance.bookings.approve_finance"
HOMES = ("/operations/", "/finance/", "/sales/bookings/", "/groups/")


@dataclass(frozen=True)
class Decision:
    """What a decision's form says. `told` and `consequence` take the booking's number."""

    title: str
    consequence: str
    yes: str
    told: str
    reason: Literal["no", "needed", "if_due"] = "needed"
    tone: str = "primary"


def _decide(request: Request, booking_id: int, decision: Decision, verb: Callable[..., Any], back: str) -> HttpResponse:
    row = queries.queue_row(request.actor, booking_id)
    if request.method == "POST":
        asked: dict[str, Any] = {"booking_id": booking_id}
        if decision.reason == "needed":
            asked["reason"] = parse(request, ReasonIn).reason
        elif decision.reason == "if_due":
            asked["reason"] = parse(request, FinanceApprovalIn).reason
        once(form_key(request), request.actor, verb, lambda answer: None, 200, **asked)
        return done(request, decision.told % {"number": row.number}, _back(request, back))
    return render(
        request,
        "operations/decision.html" if request.htmx else "operations/decision_page.html",
        title=decision.title,
        decision=decision,
        row=row,
        consequence=decision.consequence % {"number": row.number},
        needs_reason=_needs_reason(decision, row),
        back=back,
        form_action=request.path,
    )


def _needs_reason(decision: Decision, row: QueueRow) -> bool:
    return decision.reason == "needed" or (decision.reason == "if_due" and row.balance > 0)


def _back(request: Request, back: str) -> str:
    """The page the decision was made on, when it is one of ours; else the queue."""
    came = request.htmx.current_url_abs_path if request.htmx else None
    return came if came and came.startswith(HOMES) and came != request.path else back


@page("approvals.approve", methods=("GET", "POST"))
def ops_approve(request: Request, booking_id: int) -> HttpResponse:
    """Operations approve."""
    decision = Decision(
        title=_("Approve for operations"),
        consequence=_("%(number)s is confirmed, and a visa case opens for everybody who needs one."),
        yes=_("Approve"),
        told=_("%(number)s is approved and confirmed."),
        reason="no",
    )
    return _decide(request, booking_id, decision, approve_ops, "/operations/approvals?queue=ops")


@page("approvals.approve", methods=("GET", "POST"))
def ops_send_back(request: Request, booking_id: int) -> HttpResponse:
    """Operations send back."""
    decision = Decision(
        title=_("Send back to sales"),
        consequence=_("%(number)s goes to the correction queue; sales hand it in again when it is put right."),
        yes=_("Send back"),
        told=_("%(number)s is sent back for correction."),
        tone="danger",
    )
    return _decide(request, booking_id, decision, send_back, "/operations/approvals?queue=ops")


@page("bookings.edit", methods=("GET", "POST"))
def hand_in_again(request: Request, booking_id: int) -> HttpResponse:
    """Sales hand a corrected booking in again."""
    decision = Decision(
        title=_("Hand in again"),
        consequence=_("%(number)s is a draft again: finance and operations both decide anew."),
        yes=_("Hand in again"),
        told=_("%(number)s is handed in again."),
        reason="no",
    )
    return _decide(request, booking_id, decision, resubmit, f"/sales/bookings/{_number(request, booking_id)}")


def _number(request: Request, booking_id: int) -> str:
    return queries.queue_row(request.actor, booking_id).number


@page(FINANCE, methods=("GET", "POST"))
def finance_approve(request: Request, booking_id: int) -> HttpResponse:
    """Finance approves."""
    decision = Decision(
        title=_("Approve for finance"),
        consequence=_(
            "%(number)s may go ahead. While a balance is due its tickets are cleared by this approval,"
            " and only finance can take that back."
        ),
        yes=_("Approve"),
        told=_("%(number)s is approved for finance."),
        reason="if_due",
    )
    return _decide(request, booking_id, decision, approve_finance, "/finance/approvals")


@page(FINANCE, methods=("GET", "POST"))
def finance_reject(request: Request, booking_id: int) -> HttpResponse:
    """Finance refuses."""
    decision = Decision(
        title=_("Reject for finance"),
        consequence=_("%(number)s goes to the correction queue; clearance given by approval ends."),
        yes=_("Reject"),
        told=_("%(number)s is rejected and waits for correction."),
        tone="danger",
    )
    return _decide(request, booking_id, decision, reject_finance, "/finance/approvals")


@page(FINANCE, methods=("GET", "POST"))
def finance_withdraw(request: Request, booking_id: int) -> HttpResponse:
    """Finance takes its approval back."""
    decision = Decision(
        title=_("Take the finance approval back"),
        consequence=_("Tickets of %(number)s that it cleared and that are not issued wait again; the booking stays."),
        yes=_("Take back"),
        told=_("The finance approval of %(number)s is taken back."),
        tone="danger",
    )
    return _decide(request, booking_id, decision, withdraw_finance, "/finance/approvals")
