"""What happened to a booking, told from its lifecycles and the trail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from qafila.kernel.models import AuditEntry, StateChange
from qafila.kernel.states import Machine
from qafila.sales.states import FINANCE, OPS, PACKAGE

MACHINES = {machine.name: machine for machine in (PACKAGE, FINANCE, OPS)}


@dataclass(frozen=True)
class HistoryRow:
    """One thing that happened to a booking: a move of its lifecycles, or a change that the trail keeps."""

    at: datetime
    what: str
    who: str
    reason: str
    changes: tuple[tuple[str, str, str], ...] = ()


def history(booking_id: int) -> list[HistoryRow]:
    """What happened to a booking, latest first: its lifecycles and the trail, at most 300 rows. Two queries.

    Whoever asks has read the booking before: `queries.booking` says whether they may.
    """
    moves = StateChange.objects.filter(machine__in=MACHINES, object_id=booking_id).order_by("-id")[:150]
    trail = AuditEntry.objects.filter(entity="booking", entity_id=booking_id).order_by("-id")[:150]
    rows = [HistoryRow(m.at, _move_told(MACHINES[m.machine], m), m.user_name, m.reason) for m in moves]
    rows += [HistoryRow(a.at, _said(a.action), a.user_name, a.note, _changes(a)) for a in trail]
    return sorted(rows, key=lambda row: row.at, reverse=True)


def _move_told(machine: Machine, move: StateChange) -> str:
    before = f"{machine.label(move.from_state)} → " if move.from_state in machine.states else ""
    return f"{before}{machine.label(move.to_state)}" if move.to_state in machine.states else move.to_state


def _said(action: str) -> str:
    return action.partition(".")[2].replace("_", " ").capitalize()


def _changes(entry: AuditEntry) -> tuple[tuple[str, str, str], ...]:
    before, after = entry.before or {}, entry.after or {}
    return tuple(
        (key.replace("_", " "), _shown(before.get(key)), _shown(after.get(key))) for key in sorted({*before, *after})
    )


def _shown(value: Any) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(value, list):
        return ", ".join(str(v) for v in value)
    return str(value)
