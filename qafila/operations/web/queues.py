"""The queues on the screen: what waits for operations, for finance, for correction."""

from __future__ import annotations

from django.http import HttpResponse
from django.http.response import HttpResponseBase

from qafila.kernel.forms import parse_query
from qafila.kernel.http import Request
from qafila.kernel.listing import Column, Listing, respond
from qafila.kernel.web import page, render
from qafila.operations import queries
from qafila.operations.schemas import FinanceQueueFilter, QueueFilter
from qafila.operations.types import Queue, QueueCounts
from qafila.sales.queries import booking

COLUMNS = (
    Column("number", "Booking", "code", sort="number", link=lambda r: f"/sales/bookings/{r.number}", primary=True),
    Column("customer", "Customer", sort="customer"),
    Column("group_code", "Group", "code", link=lambda r: f"/groups/{r.group_code}", needs="groups.view"),
    Column("departure_date", "Departs", "date", sort="departure"),
    Column("passengers", "People", "number"),
    Column("policy_label", "Policy"),
    Column("gross_total", "Charges", "money"),
    Column("paid", "Paid", "money", sort="paid"),
    Column("balance", "Balance", "money", sort="balance"),
    Column("invoice", "Invoice", "code"),
    Column("finance_label", "Finance"),
    Column("ops_label", "Operations"),
    Column("needs_attention", "What is to be corrected"),
)
TITLES: dict[Queue, str] = {"ops": "Approvals", "finance": "Finance clearance", "corrections": "Corrections"}
EMPTY: dict[Queue, str] = {
    "ops": "No booking waits for operations.",
    "finance": "No booking waits for finance.",
    "corrections": "Nothing was sent back.",
}


def _queue(request: Request, which: Queue, paging: QueueFilter | FinanceQueueFilter, here: str) -> HttpResponseBase:
    listing = Listing(title=TITLES[which], columns=COLUMNS, empty=EMPTY[which], file_name=which)
    return respond(
        request,
        listing,
        lambda w: queries.queue(request.actor, w, which, q=paging.q, group_id=paging.group_id),
        paging,
        template="operations/queue.html",
        which=which,
        tabs=_tabs(queries.queue_counts(request.actor)) if here != "finance" else [],
        title=TITLES[which],
        empty=EMPTY[which],
    )


def _tabs(counts: QueueCounts) -> list[tuple[str, str, str, int]]:
    """The neighbouring queues: key, label, address, how many."""
    return [
        ("ops", "For operations", "/operations/approvals?queue=ops", counts.ops or 0),
        ("finance", "For finance", "/operations/approvals?queue=finance", counts.finance or 0),
        ("corrections", "Corrections", "/operations/corrections", counts.corrections or 0),
    ]


@page("approvals.view")
def approvals(request: Request) -> HttpResponseBase:
    """The bookings that wait for operations, or with `?queue=finance` for finance."""
    paging = parse_query(request, QueueFilter)
    return _queue(request, paging.queue, paging, "operations")


@page("approvals.view")
def corrections(request: Request) -> HttpResponseBase:
    """The bookings sent back or rejected, with what is to be corrected."""
    return _queue(request, "corrections", parse_query(request, QueueFilter), "operations")


@page("finance.bookings.approve_finance")
def finance(request: Request) -> HttpResponseBase:
    """The bookings that wait for finance, for those who clear them."""
    return _queue(request, "finance", parse_query(request, FinanceQueueFilter), "finance")


@page("bookings.view")
def approvals_of_booking(request: Request, number: str) -> HttpResponse:
    """Tab of a booking: where both tracks stand and why, and what was decided. The page's head decides."""
    shown = booking(request.actor, number)
    row = queries.queue_row(request.actor, shown.id)
    return render(
        request,
        "operations/tab_approvals.html",
        row=row,
        decided=queries.decisions(shown.id),
    )
