"""Rows written past the product, as somebody with the application's database password would."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from qafila.kernel import clock

_numbers = itertools.count(1)
Row = tuple[str, int | str, int | str]  # account code, debit, credit


def sql(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, list(values) or None)
        return cursor.fetchall() if cursor.description else []


def header(**given: Any) -> int:
    """A journal entry's header alone; its id."""
    n = next(_numbers)
    day = given.get("date") or clock.today()
    period = sql("SELECT id FROM ledger_period WHERE %s::date BETWEEN starts AND ends", day)
    values: dict[str, Any] = {
        "number": f"RAW-{n}",
        "date": day,
        "period_id": period[0][0] if period else None,
        "source": "raw",
        "event": "posted",
        "key": f"raw{n}",
        "origin": "operation",
        "status": "approved",
        "narration": "By hand",
        "total": Decimal(100),
        "made_by_name": "Somebody",
        "checked_by_name": "",
        "break_glass": False,
        "reason": "",
        **given,
    }
    names = ", ".join(values)
    marks = ", ".join(["%s"] * len(values))
    rows = sql(f"INSERT INTO ledger_journalentry ({names}) VALUES ({marks}) RETURNING id", *values.values())
    return int(rows[0][0])


def lines(entry_id: int, *rows: Row, start: int = 1, **given: Any) -> None:
    """All of an entry's lines in one statement."""
    also = {"memo": "", "party_id": None, "currency": None, "amount": None, "rate": None, **given}
    values: list[Any] = []
    for n, (code, debit, credit) in enumerate(rows, start):
        values += [entry_id, n, code, Decimal(debit), Decimal(credit), *also.values()]
    casts = {"party_id": "bigint", "amount": "numeric", "rate": "numeric", "currency": "text", "memo": "text"}
    own = ", ".join(f"%s::{casts.get(name, 'text')}" for name in also)
    one = f"(%s::bigint, %s::int, %s::text, %s::numeric, %s::numeric, {own})"
    names = ", ".join(also)
    sql(
        f"INSERT INTO ledger_journalline (entry_id, n, account_id, date, branch_id, debit, credit, {names})"
        f" SELECT v.entry_id, v.n, a.id, e.date, e.branch_id, v.debit, v.credit, {', '.join('v.' + n for n in also)}"
        f" FROM (VALUES {', '.join([one] * len(rows))}) AS v(entry_id, n, code, debit, credit, {names})"
        f" JOIN ledger_account a ON a.code = v.code JOIN ledger_journalentry e ON e.id = v.entry_id",
        *values,
    )


def entry(*rows: Row, total: int | str = 100, **given: Any) -> int:
    entry_id = header(total=Decimal(total), **given)
    lines(entry_id, *(rows or (("5106", 100, 0), ("1010-01", 0, 100))))
    return entry_id


def at_commit() -> None:
    sql("SET CONSTRAINTS ALL IMMEDIATE")


@contextmanager
def refused(rule: str) -> Iterator[None]:
    """Inside, the database refuses by this rule (the name of its constraint), and nothing is kept."""
    with pytest.raises(DatabaseError) as caught, transaction.atomic():  # noqa: PT012 - the body is the caller's
        yield
        at_commit()
    cause = caught.value.__cause__
    assert isinstance(cause, psycopg.Error)
    assert cause.diag.constraint_name == rule, cause


@contextmanager
def forbidden() -> Iterator[None]:
    """Inside, the application's role is not granted the statement."""
    with pytest.raises(DatabaseError) as caught, transaction.atomic():
        yield
    assert isinstance(caught.value.__cause__, psycopg.errors.InsufficientPrivilege), caught.value


def tomorrow() -> dt.date:
    return clock.today() + dt.timedelta(days=1)
