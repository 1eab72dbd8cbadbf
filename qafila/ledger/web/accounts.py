"""The chart, statements of accounts, the trial balance."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from qafila.identity.queries import agency, branches
from qafila.kernel import clock
from qafila.kernel.errors import Invalid
from qafila.kernel.forms import form_key, parse, parse_query
from qafila.kernel.http import Request
from qafila.kernel.idempotency import once
from qafila.kernel.listing import EXPORT_RIGHT, Column, Listing, to_csv, to_xlsx
from qafila.kernel.pagination import Window, every
from qafila.kernel.web import done, page, render
from qafila.ledger import queries, statement
from qafila.ledger.actions.keep_accounts import create_account, edit_account
from qafila.ledger.errors import AccountNotFound
from qafila.ledger.models import Account
from qafila.ledger.schemas import AccountIn, AccountPatch, StatementFilter, TrialFilter

STATEMENT = Listing(
    title="Statement",
    columns=[
        Column("date", "Date", kind="date"),
        Column("number", "Entry"),
        Column("text", "What"),
        Column("party", "Party"),
        Column("debit", "Debit"),
        Column("credit", "Credit"),
        Column("balance", "Balance"),
    ],
    file_name="statement",
)
CHART = Listing(
    title="Chart of accounts",
    columns=[
        Column("code", "Code"),
        Column("name", "Account"),
        Column("kind", "Kind"),
        Column("is_active", "In use"),
        Column("balance", "Balance"),
    ],
    file_name="chart-of-accounts",
)
TRIAL = Listing(
    title="Trial balance",
    columns=[
        Column("code", "Code"),
        Column("name", "Account"),
        Column("kind", "Kind"),
        Column("debit", "Debit"),
        Column("credit", "Credit"),
    ],
    file_name="trial-balance",
)
TRIAL_EXPORT = "finance.reports.trial_balance.export"
KINDS = [
    ("asset", "Assets"),
    ("liability", "Liabilities"),
    ("equity", "Equity"),
    ("income", "Income"),
    ("expense", "Expenses"),
]


@page("finance.view")
def chart(request: Request) -> HttpResponseBase:
    """GET /finance/accounts: the chart as a tree with balances; `?format=xlsx` or csv."""
    if wanted := request.GET.get("format"):
        request.actor.need(EXPORT_RIGHT)
        return exported(wanted, CHART, iter(statement.chart(request.actor, as_of=clock.today())))
    return render(
        request,
        "ledger/chart.html",
        title=_("Chart of accounts"),
        rows=statement.chart(request.actor, as_of=clock.today()),
        currency=agency().base_currency,
        kinds=KINDS,
        controls=Account.Control.choices,
        tills=[("cash", _("Cash drawer")), ("bank", _("Bank account"))],
        branches=[(b.id, b.name) for b in branches()],
        groups=[(a.code, a.label) for a in queries.accounts(request.actor) if a.is_group],
        periods=queries.periods(request.actor),
    )


@page("finance.edit", methods=("POST",))
def add(request: Request) -> HttpResponse:
    """POST /finance/accounts/new"""
    form = parse(request, AccountIn)
    once(form_key(request), request.actor, create_account, lambda pk: pk, 201, account=form)
    return done(request, _("%(code)s is in the chart.") % {"code": form.code}, "/finance/accounts")


@page("finance.edit", methods=("POST",))
def edit(request: Request, account_id: int) -> HttpResponse:
    """POST /finance/accounts/<id>/edit"""
    edit_account(actor=request.actor, account_id=account_id, patch=parse(request, AccountPatch))
    return done(request, _("Saved."), f"/finance/accounts/{queries.account(request.actor, account_id).code}")


@page("finance.view")
def one(request: Request, code: str) -> HttpResponseBase:
    """GET /finance/accounts/<code>: the account's statement; `?format=xlsx` or csv for all of it."""
    account = queries.account_by_code(code)
    if account is None:
        raise AccountNotFound("There is no such account.")
    asked = parse_query(request, StatementFilter)

    def fetch(window: Window) -> statement.AccountStatement:
        return statement.account_statement(request.actor, account.id, window, since=asked.since, until=asked.until)

    if wanted := request.GET.get("format"):
        request.actor.need(EXPORT_RIGHT)
        return exported(wanted, STATEMENT, every(lambda window: fetch(window).lines))
    found = fetch(asked.window())
    return render(
        request,
        "ledger/statement.html",
        title=account.label,
        crumbs=[(_("Chart of accounts"), "/finance/accounts")],
        found=found,
        account=account,
        currency=account.currency or agency().base_currency,
        groups=[(a.code, a.label) for a in queries.accounts(request.actor) if a.is_group and a.kind == account.kind],
    )


@page("finance.reports.trial_balance.view")
def trial_balance(request: Request) -> HttpResponseBase:
    """GET /finance/trial-balance: as of a day, of all branches or one."""
    asked = parse_query(request, TrialFilter)
    found = statement.trial_balance(request.actor, as_of=asked.as_of or clock.today(), branch_id=asked.branch_id)
    if wanted := request.GET.get("format"):
        request.actor.need(TRIAL_EXPORT)
        return exported(wanted, TRIAL, iter(found.rows))
    return render(
        request,
        "ledger/trial_balance.html",
        title=_("Trial balance"),
        found=found,
        currency=agency().base_currency,
        branches=[(b.id, b.name) for b in branches()],
        branch_id=asked.branch_id,
    )


def exported(wanted: str, listing: Listing, rows: Any) -> HttpResponseBase:
    if wanted == "xlsx":
        return to_xlsx(listing, rows)
    if wanted == "csv":
        return to_csv(listing, rows)
    raise Invalid(f"There is no {wanted} export; use xlsx or csv.", field=("query", "format"))


@page("finance.view")
def typeahead(request: Request) -> JsonResponse:
    """GET /typeahead/accounts?q=: leaves in use, by code or name. The id is the code, as journals name accounts."""
    answer = [
        {"id": code, "label": f"{code} · {name}", "sub": control and f"needs a {control}"}
        for code, name, control in queries.leaves(request.actor, request.GET.get("q", "")[:60])
    ]
    return JsonResponse(answer, safe=False)


@page("finance.view")
def parties(request: Request) -> JsonResponse:
    """GET /typeahead/parties?q=: customers, agents and suppliers of the books, by code or name."""
    rows = queries.parties(request.actor, request.GET.get("q", "")[:60])
    return JsonResponse([{"id": p.id, "label": p.name, "sub": f"{p.code} · {p.kind}"} for p in rows], safe=False)
