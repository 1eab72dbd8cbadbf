from __future__ import annotations

import datetime as dt

from qafila.identity.queries import agency, branches
from qafila.kernel import clock
from qafila.kernel.actor import Actor
from qafila.kernel.audit import record
from qafila.kernel.transaction import action
from qafila.ledger import rules
from qafila.ledger.chart import CASH, CHART
from qafila.ledger.models import Account, Period
from qafila.ledger.steps import ensure_account

YEARS = 2


@action
def setup_books(*, actor: Actor) -> None:
    """Open the books: the travel chart, one cash drawer a branch, monthly periods of this fiscal year and the next.

    What is there already stays as it is. Refuses: MissingRight, AgencyNotSetUp. Source: ledger.md, 2.
    """
    actor.need("finance.edit")
    own = agency()
    known = set(Account.objects.values_list("code", flat=True))
    for account in CHART:
        if account.code not in known:
            ensure_account(
                actor,
                code=account.code,
                name=account.name,
                kind=account.kind,
                parent_code=account.parent,
                cash_or_bank=account.cash_or_bank,
                control=account.control,
                is_group=account.is_group,
            )
    for branch in branches():
        code = f"{CASH}-{branch.code}-01"
        if code not in known:
            ensure_account(
                actor,
                code=code,
                name=f"Cash, {branch.name}",
                kind="asset",
                parent_code=CASH,
                cash_or_bank="cash",
                branch_id=branch.id,
            )
    _open_periods(clock.today(), own.fiscal_year)
    made = sorted(set(Account.objects.values_list("code", flat=True)) - known)
    if made:
        record(actor, "books.set_up", "agency", 1, after={"accounts": made})


def _open_periods(today: dt.date, starts: tuple[int, int]) -> None:
    months = rules.months_of_year(rules.year_start(today, starts), YEARS)
    covered = list(Period.objects.values_list("starts", "ends"))
    missing = [m for m in months if not any(m.starts <= ends and m.ends >= begins for begins, ends in covered)]
    Period.objects.bulk_create(Period(name=m.name, starts=m.starts, ends=m.ends) for m in missing)
