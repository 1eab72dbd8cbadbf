"""/finance: journals, accounts with their statements, the trial balance, periods."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from ninja import Query

from qafila.identity.queries import agency
from qafila.kernel import clock
from qafila.kernel.http import Envelope, Id, Request, Routes, answered, dump, envelope, key_of
from qafila.kernel.idempotency import once
from qafila.kernel.may import needs
from qafila.ledger import journals, queries, statement
from qafila.ledger.actions.create_journal import create_journal
from qafila.ledger.actions.decide_journals import approve_journal, approve_journals, reject_journal
from qafila.ledger.actions.keep_accounts import create_account, edit_account
from qafila.ledger.actions.reverse_journal import reverse_journal
from qafila.ledger.schemas import (
    AccountIn,
    AccountOut,
    AccountPatch,
    AccountStatementOut,
    Approved,
    BulkIn,
    DecisionIn,
    JournalDetailOut,
    JournalFilter,
    JournalIn,
    JournalOut,
    PeriodOut,
    RejectIn,
    ReverseIn,
    StatementFilter,
    TrialBalanceOut,
    TrialFilter,
)

router = Routes(tags=["Finance"])


def _list(request: Request, query: JournalFilter) -> dict[str, Any]:
    given = query.model_dump(exclude={"page", "page_size", "sort", "status", "origin"})
    page = journals.journals(
        request.actor, query.window(), status=query.status or "", origin=query.origin or "", **given
    )
    return envelope(page)


@router.get("/finance/journals", may="finance.view", response=Envelope[JournalOut])
def list_journals(request: Request, query: Query[JournalFilter]) -> Any:
    """Journal entries, the newest first; filters by status, origin, source, account, party, booking, group, dates."""
    return _list(request, query)


@router.get("/finance/journals/pending", may="finance.view", response=Envelope[JournalOut])
def list_pending(request: Request, query: Query[JournalFilter]) -> Any:
    """Entries that wait for their checker."""
    return _list(request, query.model_copy(update={"status": "pending"}))


@router.post("/finance/journals", may="finance.journals.create", response={201: JournalDetailOut})
def enter(request: Request, payload: JournalIn) -> HttpResponse:
    """Enter a manual journal. Above the agency's threshold it starts pending and needs somebody else's approval."""
    actor = request.actor
    return answered(
        once(
            key_of(request),
            actor,
            create_journal,
            lambda entry_id: dump(JournalDetailOut, journals.journal(actor, entry_id)),
            201,
            journal=payload,
        )
    )


@router.post(
    "/finance/journals/approve-bulk",
    may=needs("finance.journals.approve", "finance.journals.bulk_approve"),
    response=Approved,
)
def approve_bulk(request: Request, payload: BulkIn) -> Any:
    """Approve several pending entries: all or none."""
    return {"approved": approve_journals(actor=request.actor, entry_ids=payload.ids)}


@router.get("/finance/journals/{entry_id}", may="finance.view", response=JournalDetailOut)
def read_journal(request: Request, entry_id: Id) -> Any:
    return journals.journal(request.actor, entry_id)


@router.post("/finance/journals/{entry_id}/approve", may="finance.journals.approve", response=JournalDetailOut)
def approve(request: Request, entry_id: Id, payload: DecisionIn) -> Any:
    """Approve a pending entry: from now on it counts."""
    approve_journal(actor=request.actor, entry_id=entry_id, reason=payload.reason)
    return journals.journal(request.actor, entry_id)


@router.post("/finance/journals/{entry_id}/reject", may="finance.journals.reject", response=JournalDetailOut)
def reject(request: Request, entry_id: Id, payload: RejectIn) -> Any:
    """Reject a pending entry, for good."""
    reject_journal(actor=request.actor, entry_id=entry_id, reason=payload.reason)
    return journals.journal(request.actor, entry_id)


@router.post("/finance/journals/{entry_id}/reverse", may="finance.journals.reverse", response={201: JournalDetailOut})
def reverse(request: Request, entry_id: Id, payload: ReverseIn) -> HttpResponse:
    """Post the mirror of an approved manual entry or voucher; answers the reversal."""
    actor = request.actor
    return answered(
        once(
            key_of(request),
            actor,
            reverse_journal,
            lambda reversal: dump(JournalDetailOut, journals.journal(actor, reversal)),
            201,
            entry_id=entry_id,
            **payload.model_dump(),
        )
    )


@router.get("/finance/accounts", may="finance.view", response=list[AccountOut])
def list_accounts(request: Request) -> Any:
    """The whole chart, by code."""
    return queries.accounts(request.actor)


@router.post("/finance/accounts", may="finance.edit", response={201: AccountOut})
def add_account(request: Request, payload: AccountIn) -> HttpResponse:
    actor = request.actor
    return answered(
        once(
            key_of(request),
            actor,
            create_account,
            lambda account_id: dump(AccountOut, queries.account(actor, account_id)),
            201,
            account=payload,
        )
    )


@router.get("/finance/accounts/{account_id}", may="finance.view", response=AccountOut)
def read_account(request: Request, account_id: Id) -> Any:
    return queries.account(request.actor, account_id)


@router.patch("/finance/accounts/{account_id}", may="finance.edit", response=AccountOut)
def patch_account(request: Request, account_id: Id, payload: AccountPatch) -> Any:
    """Rename an account, hang it elsewhere, take it out of use or back."""
    edit_account(actor=request.actor, account_id=account_id, patch=payload)
    return queries.account(request.actor, account_id)


@router.get("/finance/accounts/{account_id}/statement", may="finance.view", response=AccountStatementOut)
def read_statement(request: Request, account_id: Id, query: Query[StatementFilter]) -> Any:
    """An account's approved lines, oldest first, with the balance after each."""
    found = statement.account_statement(request.actor, account_id, query.window(), since=query.since, until=query.until)
    head = {name: getattr(found, name) for name in ("account", "since", "until", "opening", "closing")}
    return {**head, **envelope(found.lines)}


@router.get("/finance/trial-balance", may="finance.reports.trial_balance.view", response=TrialBalanceOut)
def read_trial_balance(request: Request, query: Query[TrialFilter]) -> Any:
    """Every account's balance at the end of a day (today unless said); the two totals are equal."""
    found = statement.trial_balance(request.actor, as_of=query.as_of or clock.today(), branch_id=query.branch_id)
    return {
        "as_of": found.as_of,
        "currency": agency().base_currency,
        "rows": found.rows,
        "debit": found.debit,
        "credit": found.credit,
    }


@router.get("/finance/periods", may="finance.view", response=list[PeriodOut])
def list_periods(request: Request) -> Any:
    """The accounting periods, oldest first."""
    return queries.periods(request.actor)
