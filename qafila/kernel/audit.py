"""The audit trail: one row beside each change, in its transaction."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection

from qafila.kernel.actor import Actor
from qafila.kernel.transaction import step

HIDDEN = frozenset({"password", "secret", "token", "hash"})


def plain(value: Any) -> Any:
    """A value as the trail's JSON keeps it."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(v) for v in value]
    if value is None or isinstance(value, bool | int | str):
        return value
    return str(value)


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Only the fields that differ, before and after."""
    keys = [k for k in after if plain(before.get(k)) != plain(after[k])]
    return {k: plain(before.get(k)) for k in keys}, {k: plain(after[k]) for k in keys}


def snapshot(row: Any, fields: Iterable[str]) -> dict[str, Any]:
    return {name: plain(getattr(row, name)) for name in fields}


@step
def record(
    actor: Actor,
    action: str,
    entity: str,
    entity_id: int | None,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    note: str = "",
) -> None:
    """Write one audit row, e.g. `record(actor, "booking.created", "booking", 7, after={…})`.

    With both `before` and `after` given only the fields that differ are kept; secrets never are.
    """
    if before is not None and after is not None:
        before, after = changes(before, after)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kernel_auditentry"
            " (user_id, user_name, ip, request_id, action, entity, entity_id, before, after, note)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s::jsonb, %s::jsonb, %s)",
            [
                actor.user_id,
                actor.name,
                actor.ip,
                actor.request_id,
                action,
                entity,
                entity_id,
                _json(before),
                _json(after),
                note,
            ],
        )


@step
def record_many(
    actor: Actor,
    action: str,
    entity: str,
    rows: Sequence[tuple[int, Mapping[str, Any] | None, Mapping[str, Any] | None]],
) -> None:
    """Write one audit row for each (id, before, after), all in one statement; kept as by `record`."""
    listed = []
    for entity_id, before, after in rows:
        old, new = changes(before, after) if before is not None and after is not None else (before, after)
        listed.append({"entity_id": entity_id, "before": _kept(old), "after": _kept(new)})
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kernel_auditentry"
            " (user_id, user_name, ip, request_id, action, entity, entity_id, before, after, note)"
            " SELECT %s, %s, %s, %s, %s, %s, r.entity_id, r.before, r.after, ''"
            " FROM jsonb_to_recordset(%s::jsonb) AS r(entity_id bigint, before jsonb, after jsonb)",
            [actor.user_id, actor.name, actor.ip, actor.request_id, action, entity, json.dumps(listed)],
        )


def _json(values: Mapping[str, Any] | None) -> str | None:
    return None if values is None else json.dumps(_kept(values))


def _kept(values: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if values is None:
        return None
    return {k: plain(v) for k, v in values.items() if not HIDDEN & set(k.lower().split("_"))}


@dataclass(frozen=True)
class TrailRow:
    """One row of the trail: who did what, when, and what changed."""

    at: datetime
    user_name: str
    action: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    note: str

    @property
    def what(self) -> str:
        """`customer.changed` as people read it: Changed."""
        return self.action.rpartition(".")[2].replace("_", " ").capitalize()

    @property
    def changed(self) -> list[tuple[str, Any, Any]]:
        """Field, before, after; only where both are known."""
        before, after = self.before or {}, self.after or {}
        return [(key.replace("_", " "), before.get(key), after.get(key)) for key in {**before, **after}]


def trail(entity: str, entity_id: int, limit: int = 100) -> list[TrailRow]:
    """What happened to one thing, newest first. One query. Checks no right: the thing's room does."""
    from qafila.kernel.models import AuditEntry

    rows = AuditEntry.objects.filter(entity=entity, entity_id=entity_id).order_by("-id")[:limit]
    return [TrailRow(row.at, row.user_name, row.action, row.before, row.after, row.note) for row in rows]
