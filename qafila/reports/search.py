"""The global search: order-free, by beginnings of words and endings of numbers, each hit by its own right."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from qafila.kernel.actor import Actor
from qafila.kernel.search import WORD

LIMIT = 20
ICONS = {
    "booking": "clipboard-list",
    "customer": "user",
    "agent": "users",
    "supplier": "building-store",
    "group": "plane-departure",
    "block": "armchair",
    "ticket": "ticket",
    "invoice": "file-invoice",
    "payment": "cash",
    "journal_entry": "book",
}


@dataclass(frozen=True)
class Hit:
    """One thing found: what it is, how it reads, where it opens."""

    entity: str
    id: int
    title: str
    subtitle: str
    url: str

    @property
    def icon(self) -> str:
        return ICONS.get(self.entity, "search")


def prefix_query(text: str) -> str:
    """The words of a search as a tsquery of prefixes, all of them needed, in any order; empty when there are none."""
    words = [word for word in WORD.findall(text.lower()[:100]) if word]
    return " & ".join(f"'{word}':*" for word in words[:8])


def search(actor: Actor, text: str, limit: int = LIMIT) -> list[Hit]:
    """What the actor may see of what matches, the nearest first. One query.

    A partner finds only its own rows; staff what their rights let them see.
    """
    wanted = prefix_query(text)
    if not wanted:
        return []
    mine = "agent_id = %(party)s" if actor.kind == "agent" else '"right" = ANY(%(rights)s)'
    if actor.kind == "customer":
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT entity, object_id, title, subtitle, url FROM kernel_searchentry"
            f" WHERE words @@ %(wanted)s::tsquery AND {mine}"
            " ORDER BY (lower(title) = %(text)s) DESC, rank DESC, updated_at DESC LIMIT %(limit)s",
            {
                "wanted": wanted,
                "rights": sorted(actor.rights),
                "party": actor.party_id,
                "text": text.strip().lower(),
                "limit": limit,
            },
        )
        return [Hit(*row) for row in cursor.fetchall()]
