"""How an entry travels to `ledger_post`, the one posting function (migrations/sql/post.sql)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection

from qafila.kernel.actor import Actor
from qafila.ledger.errors import NotBalanced
from qafila.ledger.refusing import the_books_refuse
from qafila.ledger.types import Entry, Line

ADJUST = "finance.periods.adjust"


@dataclass(frozen=True)
class Posted:
    """An entry's id; `fresh` when this call made it, not an earlier one of the same event."""

    id: int
    fresh: bool


def send(
    actor: Actor,
    entries: Sequence[Entry],
    *,
    reverses_id: int | None = None,
    break_glass: bool = False,
    reason: str = "",
) -> list[Posted]:
    """Post entries in one statement; answers in their order. Refuses what migrations/sql refuses."""
    if not entries:
        return []
    headers: list[dict[str, Any]] = []
    lines: list[dict[str, Any]] = []
    for e, entry in enumerate(entries):
        if not entry.lines:  # which the database would refuse only at commit
            raise NotBalanced(f"An entry needs two lines at least; {entry.narration!r} has no lines.", field="lines")
        headers.append(
            {**_header(entry), "e": e, "reverses_id": reverses_id, "break_glass": break_glass, "reason": reason}
        )
        lines += [{**_line(line), "e": e, "n": n} for n, line in enumerate(entry.lines, 1)]
    with the_books_refuse(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT entry_id, fresh FROM ledger_post(%s::jsonb, %s::bigint, %s::text, %s::boolean)",
            [json.dumps({"entries": headers, "lines": lines}), actor.user_id, actor.name, actor.may(ADJUST)],
        )
        return [Posted(entry_id, fresh) for entry_id, fresh in cursor.fetchall()]


def _header(entry: Entry) -> dict[str, Any]:
    return {
        "date": entry.date.isoformat(),
        "source": entry.source,
        "source_id": entry.source_id,
        "event": entry.event,
        "key": entry.key,
        "origin": entry.origin,
        "narration": entry.narration,
        "branch_id": entry.branch_id,
        "corrects_id": entry.corrects_id,
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "account": line.account,
        "debit": _text(line.debit),
        "credit": _text(line.credit),
        "party_id": line.party_id,
        "group_id": line.group_id,
        "booking_id": line.booking_id,
        "currency": line.currency,
        "amount": None if line.amount is None else _text(line.amount),
        "rate": None if line.rate is None else _text(line.rate),
        "memo": line.memo,
    }


def _text(amount: Decimal) -> str:
    return f"{amount:f}"
