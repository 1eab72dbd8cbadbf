"""The journal on screen: the list and its queue, one entry, the form for a manual one."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from qafila.identity.queries import agency, branches
from qafila.kernel import clock
from qafila.kernel.actor import Actor
from qafila.kernel.audit import trail
from qafila.kernel.forms import form_key, parse, parse_query
from qafila.kernel.http import Request
from qafila.kernel.idempotency import once
from qafila.kernel.listing import Column, Filter, Listing, respond
from qafila.kernel.may import needs
from qafila.kernel.pagination import Window
from qafila.kernel.web import done, page, render
from qafila.ledger import journals, queries
from qafila.ledger.actions.create_journal import create_journal
from qafila.ledger.actions.decide_journals import approve_journal, approve_journals, reject_journal
from qafila.ledger.actions.reverse_journal import reverse_journal
from qafila.ledger.schemas import BulkIn, DecisionIn, JournalFilter, JournalIn, RejectIn, ReverseIn
from qafila.ledger.states import JOURNAL

LISTING = Listing(
    title="Journal",
    columns=[
        Column("number", "Entry", kind="code", sort="number", link=lambda r: f"/finance/journals/{r.number}"),
        Column("date", "Date", kind="date", sort="date"),
        Column("narration", "What", primary=True),
        Column("made_by", "Made by", hide_on_phone=True),
        Column("total", "Amount", kind="money", sort="total"),
        Column("status", "Status", kind="pill", sort="status"),
    ],
    filters=[
        Filter("status", "Any status", JOURNAL.choices()),
        Filter(
            "origin",
            "Any origin",
            [("operation", "Operation"), ("manual", "Manual"), ("voucher", "Voucher"), ("reversal", "Reversal")],
        ),
        Filter("since", "From", kind="date"),
        Filter("until", "To", kind="date"),
    ],
    file_name="journal",
    empty="Every sale, payment and ticket posts here by itself.",
    action=("Manual journal", "/finance/journals/new", "finance.journals.create"),
    tabs=[("All entries", "/finance/journals", ""), ("To check", "/finance/journals?status=pending", "pending")],
)


@page("finance.view")
def journal_list(request: Request) -> HttpResponseBase:
    """GET /finance/journals: all entries, or those that wait for their checker."""
    asked = parse_query(request, JournalFilter)
    given = asked.model_dump(exclude={"page", "page_size", "sort", "status", "origin"})

    def fetch(window: Window) -> object:
        return journals.journals(request.actor, window, status=asked.status or "", origin=asked.origin or "", **given)

    waiting = asked.status == "pending"
    base = agency().base_currency
    columns = [replace(c, currency=f"={base}") if c.kind == "money" else c for c in LISTING.columns]
    return respond(
        request,
        replace(LISTING, columns=columns),
        fetch,  # type: ignore[arg-type]
        asked,
        template="ledger/journals.html",
        tab="pending" if waiting else "",
        tab_counts={"pending": journals.pending_count()},
        filtered=bool(asked.q or asked.status or asked.origin or asked.since or asked.until),
    )


@page("finance.view")
def journal(request: Request, number: str) -> HttpResponse:
    """GET /finance/journals/<number or id>"""
    found = (
        journals.journal(request.actor, int(number))
        if number.isdecimal() and len(number) < 19
        else journals.journal_by_number(request.actor, number)
    )
    own = found.made_by_id is not None and found.made_by_id == request.actor.user_id
    return render(
        request,
        "ledger/journal.html",
        title=f"{found.number} · {_('Journal')}",
        crumbs=[(_("Journal"), "/finance/journals")],
        entry=found,
        currency=agency().base_currency,
        trail=trail("journal_entry", found.id),
        own=own,
        **offers(request.actor, found, own),
    )


def offers(actor: Actor, entry: journals.JournalDetail, own: bool) -> dict[str, bool]:
    """Which buttons the entry offers this person: on their own entry only with the break-glass right."""
    pending, checks = entry.status == "pending", not own or actor.may("finance.journals.approve_own")
    reversible = entry.status == "approved" and entry.origin in ("manual", "voucher") and entry.reversed_by_id is None
    undoes = not own or actor.may("finance.journals.reverse_own")
    return {
        "may_approve": pending and checks and actor.may("finance.journals.approve"),
        "may_reject": pending and checks and actor.may("finance.journals.reject"),
        "may_reverse": reversible and undoes and actor.may("finance.journals.reverse"),
    }


@page("finance.journals.create", methods=("GET", "POST"))
def new_journal(request: Request) -> HttpResponse:
    """GET, POST /finance/journals/new: a manual journal."""
    if request.method == "POST":
        form = parse(request, JournalIn)
        entry_id = once(form_key(request), request.actor, create_journal, lambda made: made, 201, journal=form).body
        made = journals.journal(request.actor, entry_id)
        text = _("%(n)s waits for its checker.") if made.status == "pending" else _("%(n)s is posted.")
        return done(request, text % {"n": made.number}, f"/finance/journals/{made.number}")
    return render(
        request,
        "ledger/journal_form.html",
        title=_("Manual journal"),
        crumbs=[(_("Journal"), "/finance/journals")],
        today=clock.today(),
        currency=agency().base_currency,
        threshold=agency().journal_threshold,
        branches=[(b.id, b.name) for b in branches()],
        lines=range(4),
    )


@page("finance.journals.approve", methods=("POST",))
def approve(request: Request, entry_id: int) -> HttpResponse:
    """POST /finance/journals/<id>/approve"""
    approve_journal(actor=request.actor, entry_id=entry_id, reason=parse(request, DecisionIn).reason)
    return done(request, _("Approved: it counts from now on."), f"/finance/journals/{entry_id}")


@page(needs("finance.journals.approve", "finance.journals.bulk_approve"), methods=("POST",))
def approve_many(request: Request) -> HttpResponse:
    """POST /finance/journals/approve-bulk"""
    made = approve_journals(actor=request.actor, entry_ids=parse(request, BulkIn).ids)
    return done(request, _("%(n)s entries approved.") % {"n": len(made)}, "/finance/journals?status=pending")


@page("finance.journals.reject", methods=("POST",))
def reject(request: Request, entry_id: int) -> HttpResponse:
    """POST /finance/journals/<id>/reject"""
    reject_journal(actor=request.actor, entry_id=entry_id, reason=parse(request, RejectIn).reason)
    return done(request, _("Rejected."), f"/finance/journals/{entry_id}")


@page("finance.journals.reverse", methods=("POST",))
def reverse(request: Request, entry_id: int) -> HttpResponse:
    """POST /finance/journals/<id>/reverse"""
    form = parse(request, ReverseIn)
    made = once(
        form_key(request), request.actor, reverse_journal, lambda pk: pk, 201, entry_id=entry_id, **form.model_dump()
    )
    return done(request, _("Reversed."), f"/finance/journals/{made.body}")


@page("finance.view")
def of_booking(request: Request, booking_id: int) -> HttpResponse:
    """GET /finance/journals/of-booking/<id>: every entry that names a booking, as a fragment."""
    entries = queries.entries_of_booking(request.actor, booking_id)
    return render(request, "ledger/of_booking.html", entries=entries, currency=agency().base_currency)
