"""Numbers of documents: sequences where a gap does not matter, gapless series where the law counts."""

from __future__ import annotations

from datetime import date

from django.db import connection

from qafila.kernel.errors import Refusal
from qafila.kernel.transaction import step


class SeriesTooLong(Refusal):
    """Numbers of documents the law counts have at most 16 characters (CGST Rules, rule 46(b))."""

    code, status = "NUMBER_TOO_LONG", 409


def fiscal_year(day: date, starts: tuple[int, int]) -> str:
    """The fiscal year a day falls in, by the year it starts in: `26` for April 2026 to March 2027.

    Two digits, because a number the law counts has at most 16 characters and a busy branch needs seven of them.
    """
    year = day.year if (day.month, day.day) >= starts else day.year - 1
    return f"{year % 100:02d}"


@step
def next_number(prefix: str, year: int) -> str:
    """The next of a yearly sequence, e.g. `BK-2026-000123`. May leave gaps; takes no lock that others wait for."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT qafila_next_number(%s, %s)", [prefix, year])
        (value,) = cursor.fetchone()
    return f"{prefix}-{year}-{value:06d}"


@step
def next_gapless(series: str, branch: str, year: str) -> str:
    """The next number of a gapless series, e.g. `INSXR/26/1`: draw it last, its row is locked until commit.

    Refuses: SeriesTooLong beyond 16 characters.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kernel_numberseries (series, branch, fiscal_year, last) VALUES (%s, %s, %s, 1)"
            " ON CONFLICT (series, branch, fiscal_year) DO UPDATE SET last = kernel_numberseries.last + 1"
            " RETURNING last",
            [series, branch, year],
        )
        (last,) = cursor.fetchone()
    number = f"{series}{branch}/{year}/{last}"
    if len(number) > 16:
        raise SeriesTooLong(f"The number {number} would have more than 16 characters; shorten the branch code.")
    return number
