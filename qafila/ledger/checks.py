"""What a manual journal's lines get wrong, told line by line before the database refuses the whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Subquery

from qafila.identity.models import Agency
from qafila.kernel.money import minor_units, text
from qafila.ledger.errors import BadEntry
from qafila.ledger.models import Account, Party
from qafila.ledger.schemas import LineIn
from qafila.ledger.types import ZERO

WHOSE = {"agent": "an agent", "any": "a customer, agent or supplier"}


@dataclass(frozen=True)
class Wrong:
    """One thing wrong with one line: where, and a sentence."""

    field: str
    sentence: str


def check_lines(lines: Sequence[LineIn]) -> None:
    """One query, two where lines name parties. Refuses: BadEntry naming the place of everything that is wrong."""
    rows = Account.objects.filter(code__in={line.account for line in lines}).annotate(
        base=Subquery(Agency.objects.values("base_currency")[:1])
    )
    accounts: dict[str, Account] = {row.code: row for row in rows}
    base = next((str(row.base) for row in rows), "")
    whose = {line.party_id for line in lines if line.party_id is not None}
    kinds = dict(Party.objects.filter(pk__in=whose).values_list("pk", "kind")) if whose else {}
    errors: list[dict[str, Any]] = []
    for n, line in enumerate(lines):
        wrong = _of_account(line, accounts.get(line.account), base) or _of_party(line, accounts[line.account], kinds)
        wrong = wrong or _of_amounts(line, base)
        if wrong:
            errors.append({"loc": ["lines", n, wrong.field], "msg": wrong.sentence})
    if errors:
        more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
        raise BadEntry(f"Line {errors[0]['loc'][1] + 1}: {errors[0]['msg']}{more}", errors)
    debits = sum((line.debit or ZERO for line in lines), ZERO)
    credits_ = sum((line.credit or ZERO for line in lines), ZERO)
    if debits != credits_:
        sentence = f"Debits are {text(debits)}, credits {text(credits_)}: {text(abs(debits - credits_))} apart."
        raise BadEntry(sentence, field="lines")


def _of_account(line: LineIn, account: Account | None, base: str) -> Wrong | None:
    if account is None:
        return Wrong("account", f"There is no account {line.account}.")
    if account.is_group:
        return Wrong("account", f"{account.code} {account.name} is a group: post to one of its accounts.")
    if not account.is_active:
        return Wrong("account", f"{account.code} {account.name} is not in use any more.")
    if account.currency and account.currency != (line.currency or base):
        return Wrong("currency", f"{account.code} {account.name} is kept in {account.currency}.")
    return None


def _of_party(line: LineIn, account: Account, kinds: dict[int, str]) -> Wrong | None:
    if line.party_id is not None and line.party_id not in kinds:
        return Wrong("party_id", "There is no such customer, agent or supplier.")
    if not account.control:
        return Wrong("party_id", f"{account.code} {account.name} takes no party.") if line.party_id else None
    if line.party_id is None or account.control not in ("any", kinds[line.party_id]):
        return Wrong(
            "party_id", f"{account.code} {account.name} needs {WHOSE.get(account.control, 'a ' + account.control)}."
        )
    return None


def _of_amounts(line: LineIn, base: str) -> Wrong | None:
    side = "debit" if line.debit else "credit"
    amount = line.debit or line.credit or ZERO
    if amount != round(amount, minor_units(base)):
        return Wrong(side, f"{text(amount)} is finer than {base} goes.")
    foreign = (line.currency, line.amount, line.rate)
    if any(part is not None for part in foreign) and any(part is None for part in foreign):
        return Wrong("amount", "A foreign line carries its currency, its amount and its rate, all three.")
    return None
