"""The Operations tab: the flights of a group, linked, edited and given back."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _

from qafila.groups import queries
from qafila.groups.actions.edit_link import edit_link
from qafila.groups.actions.link_block import link_block
from qafila.groups.actions.unlink_block import unlink_block
from qafila.groups.schemas import LinkIn, LinkPatch
from qafila.identity.queries import agency
from qafila.kernel import clock
from qafila.kernel.forms import form_key, nested, parse, parse_data
from qafila.kernel.http import Request
from qafila.kernel.idempotency import once
from qafila.kernel.may import needs
from qafila.kernel.pagination import Window
from qafila.kernel.web import page, refreshed, render

CHANGED = "flights-changed"


@page("groups.view")
def operations(request: Request, code: str) -> HttpResponse:
    """GET /groups/<code>/tab/operations: the flights panel, and what else will stand here."""
    found = queries.group(request.actor, code)
    return render(
        request, "groups/operations.html", group=found, today=clock.today(), base_currency=agency().base_currency
    )


@page(needs("groups.edit", "inventory.allocate"))
def available(request: Request, code: str) -> HttpResponse:
    """GET /groups/<code>/flights/available?q=: blocks that could be linked, as rows to choose from."""
    found = queries.group(request.actor, code)
    blocks = queries.available_flights(request.actor, found.id, Window(1, 12), q=request.GET.get("q", "")[:100])
    return render(request, "groups/available.html", group=found, blocks=blocks)


@page(needs("groups.edit", "inventory.allocate"), methods=("POST",))
def link(request: Request, code: str) -> HttpResponse:
    """POST /groups/<code>/flights: link a block."""
    found = queries.group(request.actor, code)
    said = parse(request, LinkIn)
    answer = once(form_key(request), request.actor, link_block, int, group_id=found.id, link=said)
    flight = queries.flight(request.actor, found.id, answer.body)
    text = _("%(seats)s seats of %(block)s are the group's now.") % {"seats": flight.seats, "block": flight.block_code}
    return refreshed(text, CHANGED, "close-dialog")


@page("groups.edit", methods=("POST",))
def save(request: Request, code: str, flight_id: int) -> HttpResponse:
    """POST /groups/<code>/flights/<id>: save the PNR of a flight."""
    found = queries.group(request.actor, code)
    data = nested(request.POST)
    data.setdefault("pnr", "")
    edit_link(actor=request.actor, group_id=found.id, flight_id=flight_id, changed=parse_data(data, LinkPatch))
    return refreshed(_("PNR saved."), CHANGED)


@page("groups.edit", methods=("POST",))
def unlink(request: Request, code: str, flight_id: int) -> HttpResponse:
    """POST /groups/<code>/flights/<id>/unlink: give a block's seats back."""
    found = queries.group(request.actor, code)
    flight = queries.flight(request.actor, found.id, flight_id)
    unlink_block(actor=request.actor, group_id=found.id, flight_id=flight_id)
    text = _("%(seats)s seats went back to %(block)s.") % {"seats": flight.seats, "block": flight.block_code}
    return refreshed(text, CHANGED)
