"""What journals, accounts and reports look like at the door: the API's and the forms' schemas."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from qafila.kernel.http import Id, In, Out, Paging, Reason, Text
from qafila.kernel.money import Amount, AmountIn, Currency, PositiveAmountIn, RateIn

Day = Annotated[dt.date, Field(ge=dt.date(2000, 1, 1), le=dt.date(2999, 12, 31), examples=["2026-11-21"])]
AccountCode = Annotated[
    str, StringConstraints(strip_whitespace=True, to_upper=True, pattern=r"^[A-Za-z0-9][A-Za-z0-9-]{0,19}$")
]
Kind = Literal["asset", "liability", "equity", "income", "expense"]
Status = Literal["pending", "approved", "rejected"]
Version = Annotated[int, Field(ge=1, le=2**31 - 1)]


class LineIn(In):
    """One line: an account by its code, and a debit or a credit in base currency."""

    account: AccountCode
    debit: AmountIn | None = None
    credit: AmountIn | None = None
    party_id: Id | None = None
    group_id: Id | None = None
    booking_id: Id | None = None
    currency: Currency | None = None
    amount: PositiveAmountIn | None = None
    rate: RateIn | None = None
    memo: Text = ""

    @model_validator(mode="after")
    def _one_side(self) -> LineIn:
        if bool(self.debit) == bool(self.credit):
            raise ValueError("a line has either a debit or a credit, above zero")
        return self


class JournalIn(In):
    """A manual journal: two lines at least, debits equal to credits."""

    date: Day | None = None
    narration: Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=500)]
    branch_id: Id | None = None
    lines: Annotated[list[LineIn], Field(min_length=2, max_length=200)]


class DecisionIn(In):
    reason: Text = ""


class RejectIn(In):
    reason: Reason


class ReverseIn(In):
    """Why, and on which day the mirror is posted (today unless said)."""

    reason: Reason
    date: Day | None = None


class BulkIn(In):
    ids: Annotated[list[Id], Field(min_length=1, max_length=200)]


class AccountIn(In):
    """A new account; it hangs under a group of its own kind."""

    code: AccountCode
    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=120)]
    kind: Kind
    parent_code: AccountCode | None = None
    is_group: bool = False
    control: Literal["", "customer", "agent", "supplier", "any"] = ""
    currency: Currency | None = None
    cash_or_bank: Literal["", "cash", "bank"] = ""
    branch_id: Id | None = None


class AccountPatch(In):
    """What may change of an account; its code, kind and control stay once it has postings."""

    version: Version | None = None
    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=120)] | None = None
    parent_code: AccountCode | None = None
    is_active: bool | None = None


class JournalFilter(Paging):
    status: Status | None = None
    origin: Literal["operation", "manual", "voucher", "reversal"] | None = None
    source: Annotated[str, Field(max_length=40)] = ""
    account_id: Id | None = None
    party_id: Id | None = None
    booking_id: Id | None = None
    group_id: Id | None = None
    since: Day | None = None
    until: Day | None = None


class StatementFilter(Paging):
    since: Day | None = None
    until: Day | None = None


class TrialFilter(In):
    as_of: Day | None = None
    branch_id: Id | None = None


class LineOut(Out):
    n: int
    account: str
    account_name: str
    party_id: int | None
    party_name: str
    debit: Amount
    credit: Amount
    currency: str | None
    amount: Amount | None
    rate: Amount | None
    memo: str


class JournalOut(Out):
    id: int
    number: str
    date: dt.date
    narration: str
    source: str
    source_id: int | None
    event: str
    origin: str
    status: str
    total: Amount
    reverses_id: int | None
    reversed_by_id: int | None
    made_by: str
    checked_by: str
    created_at: dt.datetime


class JournalDetailOut(JournalOut):
    checked_at: dt.datetime | None
    break_glass: bool
    reason: str
    lines: list[LineOut]


class Approved(Out):
    approved: list[int]


class AccountOut(Out):
    id: int
    code: str
    name: str
    kind: str
    parent_code: str | None
    is_group: bool
    is_active: bool
    control: str
    currency: str | None
    cash_or_bank: str
    branch_id: int | None
    version: int


class AccountStatementLineOut(Out):
    entry_id: int
    number: str
    date: dt.date
    narration: str
    memo: str
    party_id: int | None
    party: str
    booking_id: int | None
    debit: Amount
    credit: Amount
    balance: Amount


class AccountStatementOut(Out):
    account: AccountOut
    since: dt.date | None
    until: dt.date | None
    opening: Amount
    closing: Amount
    items: list[AccountStatementLineOut]
    page: int
    page_size: int
    total: int
    pages: int


class TrialRowOut(Out):
    account_id: int
    code: str
    name: str
    kind: str
    depth: int
    is_group: bool
    debit: Amount
    credit: Amount


class TrialBalanceOut(Out):
    as_of: dt.date
    currency: str
    rows: list[TrialRowOut]
    debit: Amount
    credit: Amount


class PeriodOut(Out):
    id: int
    name: str
    starts: dt.date
    ends: dt.date
    state: str
