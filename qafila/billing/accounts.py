"""Into which drawer or bank account money goes."""

from __future__ import annotations

from qafila.billing.errors import AccountDoesNotFit, AccountUnclear
from qafila.kernel.actor import Actor
from qafila.ledger.queries import AccountInfo, cash_and_bank_accounts


def kind_for(method: str) -> str:
    """Cash goes into a drawer, everything else to a bank account."""
    return "cash" if method == "cash" else "bank"


def account_for(actor: Actor, method: str, code: str | None, branch_id: int | None) -> AccountInfo:
    """The account named, or the one that the branch has for this method.

    Refuses: AccountDoesNotFit (unknown, inactive, or a bank for cash), AccountUnclear (none or several would do).
    """
    kind = kind_for(method)
    fitting = [account for account in cash_and_bank_accounts(actor) if account.cash_or_bank == kind]
    place = "cash drawer" if kind == "cash" else "bank account"
    if code:
        for account in fitting:
            if account.code == code:
                return account
        raise AccountDoesNotFit(f"{code} is no {place} that takes money.", field="account")
    for wanted in (branch_id, None):
        own = [account for account in fitting if account.branch_id == wanted]
        if own:
            fitting = own
            break
    if len(fitting) == 1:
        return fitting[0]
    if not fitting:
        raise AccountUnclear(f"There is no {place} yet: open one in the chart of accounts.", field="account")
    codes = ", ".join(account.code for account in fitting)
    raise AccountUnclear(f"Say which {place} it goes into: {codes}.", field="account")
