"""The search table: rooms feed it in their own transactions, the search box reads it."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TypeVar

from django.db import connection
from django.db.models import Model, QuerySet
from django.db.models.expressions import RawSQL

from qafila.kernel.transaction import step

M = TypeVar("M", bound=Model)

WORD = re.compile(r"[^\W_]+", re.UNICODE)
MAX_WORDS = 200


def tokens(text: str) -> list[str]:
    """The words of a text, lower-cased; digit runs of 5 and more also by their endings of 4 and more.

    So that the last digits of a phone number find it, and `bk 123` finds BK-2026-000123.
    """
    found: dict[str, None] = {}
    for word in WORD.findall(text.lower()):
        found[word] = None
        if word.isdigit():
            for cut in range(1, len(word) - 3) if len(word) >= 5 else ():
                found[word[cut:]] = None
            if stripped := word.lstrip("0"):
                found[stripped] = None
    return list(found)[:MAX_WORDS]


@step
def index(
    entity: str,
    object_id: int,
    *,
    title: str,
    subtitle: str,
    url: str,
    right: str,
    text: str,
    agent_id: int | None = None,
    rank: int = 0,
) -> None:
    """Put (or renew) one thing's entry. `text` holds everything it may be found by; a higher `rank` comes first."""
    with connection.cursor() as cursor:
        cursor.execute(
            'INSERT INTO kernel_searchentry (entity, object_id, title, subtitle, url, "right", agent_id, words, rank)'
            " VALUES (%s, %s, %s, %s, %s, %s, %s, array_to_tsvector(%s::text[]), %s)"
            " ON CONFLICT (entity, object_id) DO UPDATE SET title = EXCLUDED.title, subtitle = EXCLUDED.subtitle,"
            ' url = EXCLUDED.url, "right" = EXCLUDED."right", agent_id = EXCLUDED.agent_id, words = EXCLUDED.words,'
            " rank = EXCLUDED.rank, updated_at = now()",
            [entity, object_id, title[:200], subtitle[:300], url, right, agent_id, tokens(text), rank],
        )


@dataclass(frozen=True)
class Found:
    """One thing's entry, as `index` takes it."""

    object_id: int
    title: str
    subtitle: str
    url: str
    text: str
    agent_id: int | None = None


@step
def index_many(entity: str, right: str, entries: Sequence[Found], *, rank: int = 0) -> None:
    """Put (or renew) the entries of many things of one kind, in one statement."""
    rows = [
        {**asdict(e), "title": e.title[:200], "subtitle": e.subtitle[:300], "text": tokens(e.text)} for e in entries
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            'INSERT INTO kernel_searchentry (entity, object_id, title, subtitle, url, "right", agent_id, words, rank)'
            " SELECT %s, r.object_id, r.title, r.subtitle, r.url, %s, r.agent_id, array_to_tsvector(r.text), %s"
            " FROM jsonb_to_recordset(%s::jsonb)"
            " AS r(object_id bigint, title text, subtitle text, url text, text text[], agent_id bigint)"
            " ON CONFLICT (entity, object_id) DO UPDATE SET title = EXCLUDED.title, subtitle = EXCLUDED.subtitle,"
            ' url = EXCLUDED.url, "right" = EXCLUDED."right", agent_id = EXCLUDED.agent_id, words = EXCLUDED.words,'
            " rank = EXCLUDED.rank, updated_at = now()",
            [entity, right, rank, json.dumps(rows)],
        )


def prefix_query(q: str) -> str:
    """What was typed as a tsquery: every word must begin some word of the thing. Empty when there is no word."""
    return " & ".join(f"'{word}':*" for word in WORD.findall(q.lower())[:10])


def matching(rows: QuerySet[M], entity: str, q: str) -> QuerySet[M]:
    """The rows of a list that the search finds by what was typed; all of them when nothing was. Adds no query."""
    if not q.strip():
        return rows
    found = RawSQL(
        "SELECT object_id FROM kernel_searchentry WHERE entity = %s AND words @@ to_tsquery('simple', %s)",
        [entity, prefix_query(q)],
    )
    return rows.filter(pk__in=found) if prefix_query(q) else rows.none()


@step
def forget(entity: str, object_id: int) -> None:
    """Take a thing out of the search."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM kernel_searchentry WHERE entity = %s AND object_id = %s", [entity, object_id])
