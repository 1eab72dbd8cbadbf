"""GET /search."""

from __future__ import annotations

from typing import Annotated, Any

from ninja import Query
from pydantic import Field

from qafila.kernel.http import In, Out, Request, Routes
from qafila.kernel.may import SIGNED_IN
from qafila.reports import search as searching

router = Routes(tags=["Search"])


class HitOut(Out):
    entity: str
    id: int
    title: str
    subtitle: str
    url: str


class SearchIn(In):
    q: Annotated[str, Field(min_length=1, max_length=100)]


@router.get("/search", may=SIGNED_IN, response=list[HitOut])
def search(request: Request, query: Query[SearchIn]) -> Any:
    """Find bookings, people, groups, tickets, invoices by any of their words or digits; at most 20."""
    return searching.search(request.actor, query.q)
