"""Keep the chart of accounts: add an account, rename it, move it, take it out of use."""

from __future__ import annotations

from typing import Any

from qafila.identity.queries import branches
from qafila.kernel.actor import Actor
from qafila.kernel.audit import record, snapshot
from qafila.kernel.errors import StaleVersion
from qafila.kernel.transaction import action
from qafila.ledger import steps
from qafila.ledger.errors import AccountExists, AccountNotFound, AccountRefused, BadEntry
from qafila.ledger.models import Account, AccountBalance
from qafila.ledger.refusing import the_books_refuse
from qafila.ledger.schemas import AccountIn, AccountPatch

FIELDS = (
    "code",
    "name",
    "kind",
    "parent_id",
    "is_group",
    "is_active",
    "control",
    "currency",
    "cash_or_bank",
    "branch_id",
)


@action
def create_account(*, actor: Actor, account: AccountIn) -> int:
    """Add an account to the chart; its id. Refuses: AccountExists, NoSuchAccount (the parent), AccountRefused."""
    actor.need("finance.edit")
    if Account.objects.filter(code=account.code).exists():
        raise AccountExists(f"There is an account {account.code} already.", field="code")
    if account.branch_id is not None and account.branch_id not in {branch.id for branch in branches()}:
        raise BadEntry("There is no such branch.", field="branch_id")
    if account.parent_code is not None and not Account.objects.filter(code=account.parent_code).exists():
        raise AccountNotFound(f"There is no group {account.parent_code}.", field="parent_code")
    account_id = steps.ensure_account(actor, **account.model_dump())
    record(actor, "account.created", "account", account_id, after=account.model_dump())
    return account_id


@action
def edit_account(*, actor: Actor, account_id: int, patch: AccountPatch) -> int:
    """Rename an account, hang it elsewhere, take it out of use or back. What is not given stays.

    An account with a balance stays in use. Refuses: AccountNotFound, StaleVersion, AccountRefused.
    """
    actor.need("finance.edit")
    row = Account.objects.select_for_update().filter(pk=account_id).first()
    if row is None:
        raise AccountNotFound("There is no such account.")
    if patch.version is not None and patch.version != row.version:
        raise StaleVersion(row.version)
    values = _changed(row, patch)
    before = snapshot(row, FIELDS)
    with the_books_refuse():
        Account.objects.filter(pk=account_id).update(**values, version=row.version + 1)
    record(actor, "account.edited", "account", account_id, before=before, after={**before, **values})
    return account_id


def _changed(row: Account, patch: AccountPatch) -> dict[str, Any]:
    given = patch.model_dump(exclude_unset=True, exclude={"version"})
    values = {name: value for name, value in given.items() if name != "parent_code" and value is not None}
    if "parent_code" in given:
        parent = Account.objects.filter(code=given["parent_code"]).first() if given["parent_code"] else None
        if given["parent_code"] and parent is None:
            raise AccountNotFound(f"There is no group {given['parent_code']}.", field="parent_code")
        values["parent_id"] = parent.pk if parent else None
    if values.get("is_active") is False and _has_balance(row.pk):
        raise AccountRefused(f"Account {row.code} has a balance: move it out first.", field="is_active")
    return values


def _has_balance(account_id: int) -> bool:
    rows = AccountBalance.objects.filter(account_id=account_id).values_list("debit", "credit")
    return sum(d - c for d, c in rows) != 0
