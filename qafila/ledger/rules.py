"""What the books compute, without a database: fiscal years, months, signs."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

DEBIT_KINDS = ("asset", "expense")


@dataclass(frozen=True)
class Month:
    """An accounting month: a calendar month where the fiscal year starts on the 1st, else from that day on."""

    name: str
    starts: dt.date
    ends: dt.date


def year_start(day: dt.date, starts: tuple[int, int]) -> dt.date:
    """The first day of the fiscal year that `day` falls in; `starts` is (month, day)."""
    this = dt.date(day.year, *starts)
    return this if day >= this else dt.date(day.year - 1, *starts)


def add_months(day: dt.date, months: int) -> dt.date:
    """`day` so many months later; days up to the 28th exist in every month."""
    years, month = divmod(day.month - 1 + months, 12)
    return dt.date(day.year + years, month + 1, day.day)


def months_of_year(first: dt.date, years: int) -> list[Month]:
    """The months of so many fiscal years from `first` on, named by the month they start in: `Apr 2026`."""
    found = []
    for n in range(12 * years):
        starts = add_months(first, n)
        found.append(Month(f"{starts:%b %Y}", starts, add_months(first, n + 1) - dt.timedelta(days=1)))
    return found


def natural(kind: str, debit: Decimal, credit: Decimal) -> Decimal:
    """The balance on the side where an account of this kind grows: debit for assets and expenses, else credit."""
    return debit - credit if kind in DEBIT_KINDS else credit - debit


def month_start(day: dt.date) -> dt.date:
    return day.replace(day=1)


def month_end(day: dt.date) -> dt.date:
    return add_months(day.replace(day=1), 1) - dt.timedelta(days=1)
