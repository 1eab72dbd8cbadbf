"""What fields ask for while somebody types a group."""

from __future__ import annotations

from django.http import JsonResponse

from qafila.groups import queries
from qafila.kernel.http import Request
from qafila.kernel.pagination import Window
from qafila.kernel.web import page


@page("groups.view")
def groups(request: Request) -> JsonResponse:
    """GET /typeahead/groups?q=: groups that are not over, the next departure first."""
    rows = queries.groups(request.actor, Window(1, 12), q=request.GET.get("q", "")[:100]).items
    found = [
        {
            "id": row.id,
            "label": f"{row.code} · {row.name}",
            "sub": f"{row.departure_date:%d %b %Y} · {row.free} free · {row.status_label}",
        }
        for row in rows
    ]
    return JsonResponse(found, safe=False)
