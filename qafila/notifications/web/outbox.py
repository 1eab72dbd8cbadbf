"""The outbox: what the house sends, what waits, what failed and why."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from ninja import Field

from qafila.kernel.forms import form_key, parse_query
from qafila.kernel.http import Paging, Request
from qafila.kernel.idempotency import once
from qafila.kernel.listing import Column, Filter, Listing, respond
from qafila.kernel.web import done, page, render
from qafila.notifications import queries
from qafila.notifications.actions.send_again import send_again
from qafila.notifications.states import MESSAGE

URL = "/admin-desk/outbox"


class OutboxFilter(Paging):
    state: Annotated[str, Field(max_length=10)] = ""


LISTING = Listing(
    title="Outbox",
    columns=(
        Column("id", "No.", "number", sort="id", link=lambda m: f"{URL}/{m.id}"),
        Column("to", "To", sort="to", primary=True),
        Column("subject", "Subject"),
        Column("state", "State", "pill"),
        Column("attempts", "Attempts", "number", hide_on_phone=True),
        Column("last_error", "Last trouble", hide_on_phone=True),
        Column("created_at", "Queued", "datetime", sort="created_at"),
        Column("sent_at", "Sent", "datetime", sort="sent_at", hide_on_phone=True),
    ),
    filters=(Filter("state", "Any state", MESSAGE.choices()),),
    empty="Messages appear here when somebody is written to: a log-in link, an invoice, a quotation.",
    file_name="outbox",
    row_link=lambda m: f"{URL}/{m.id}",
)


@page("admin.outbox.view")
def outbox(request: Request) -> HttpResponseBase:
    """The messages, newest first."""
    paging = parse_query(request, OutboxFilter)
    return respond(
        request, LISTING, lambda w: queries.messages(request.actor, w, q=paging.q, state=paging.state), paging
    )


@page("admin.outbox.view")
def message(request: Request, message_id: int) -> HttpResponse:
    """One message and how its attempts went."""
    shown = queries.message(request.actor, message_id)
    return render(request, "notifications/message.html", message=shown, title=shown.subject, crumbs=[("Outbox", URL)])


@page("admin.outbox.send", methods=("POST",))
def again(request: Request, message_id: int) -> HttpResponse:
    """Send a failed message again."""
    once(form_key(request), request.actor, send_again, lambda nothing: nothing, 200, message_id=message_id)
    return done(request, "The message is queued again.", to=f"{URL}/{message_id}")
