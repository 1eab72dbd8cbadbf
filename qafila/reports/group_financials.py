"""What a group earns, from the lines of the ledger that carry it: income less expense, account by account."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db import connection

from qafila.groups import queries as groups
from qafila.identity.queries import agency
from qafila.kernel.actor import Actor
from qafila.sales.passengers import ACTIVE_SQL

ZERO = Decimal(0)


@dataclass(frozen=True)
class AccountLine:
    code: str
    name: str
    kind: str
    amount: Decimal


@dataclass(frozen=True)
class GroupFinancials:
    """In base currency. `charges`, `collected`, `balance` are the bookings' totals; the lines are the ledger's."""

    code: str
    currency: str
    charges: Decimal
    collected: Decimal
    balance: Decimal
    passengers: int
    income: list[AccountLine]
    expense: list[AccountLine]

    @property
    def income_total(self) -> Decimal:
        return sum((line.amount for line in self.income), ZERO)

    @property
    def expense_total(self) -> Decimal:
        return sum((line.amount for line in self.expense), ZERO)

    @property
    def margin(self) -> Decimal:
        return self.income_total - self.expense_total


def group_financials(actor: Actor, code: str) -> GroupFinancials:
    """The income and expense of one group. Five queries. Refuses: the groups room's not-found."""
    actor.need("finance.reports.group_profit_loss.view")
    group = groups.group(actor, code)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT account.code, account.name, account.kind, sum(line.credit - line.debit)"
            " FROM ledger_journalline line JOIN ledger_account account ON account.id = line.account_id"
            " JOIN ledger_journalentry entry ON entry.id = line.entry_id AND entry.status = 'approved'"
            " WHERE line.group_id = %s AND account.kind IN ('income', 'expense')"
            " GROUP BY account.code, account.name, account.kind HAVING sum(line.credit - line.debit) <> 0"
            " ORDER BY account.code",
            [group.id],
        )
        lines = [AccountLine(c, n, k, net if k == "income" else -net) for c, n, k, net in cursor.fetchall()]
        cursor.execute(
            "SELECT coalesce(sum(gross_total), 0), coalesce(sum(paid), 0), coalesce(sum(balance), 0)"
            " FROM sales_booking booking JOIN sales_packagesale sale ON sale.booking_id = booking.id"
            " WHERE sale.group_id = %s AND booking.deleted_at IS NULL AND booking.state <> 'cancelled'",
            [group.id],
        )
        charges, collected, balance = cursor.fetchone()
        cursor.execute(
            "SELECT count(*) FROM sales_passenger passenger"
            " JOIN sales_booking booking ON booking.id = passenger.booking_id"
            f" JOIN sales_packagesale sale ON sale.booking_id = booking.id WHERE sale.group_id = %s AND {ACTIVE_SQL}",
            [group.id],
        )
        (passengers,) = cursor.fetchone()
    return GroupFinancials(
        code=group.code,
        currency=agency().base_currency,
        charges=charges,
        collected=collected,
        balance=balance,
        passengers=passengers,
        income=[line for line in lines if line.kind == "income"],
        expense=[line for line in lines if line.kind == "expense"],
    )
