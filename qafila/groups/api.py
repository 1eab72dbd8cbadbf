"""Groups over HTTP: departures, their flights, their rate sheet."""

from __future__ import annotations

from typing import Any, Literal

from django.http import HttpResponse
from ninja import Query, Status

from qafila.groups import queries
from qafila.groups.actions.cancel_group import cancel_group
from qafila.groups.actions.create_group import create_group
from qafila.groups.actions.delete_group import delete_group
from qafila.groups.actions.edit_group import edit_group
from qafila.groups.actions.edit_link import edit_link
from qafila.groups.actions.link_block import link_block
from qafila.groups.actions.save_rate_sheet import save_rate_sheet
from qafila.groups.actions.unlink_block import unlink_block
from qafila.groups.api_types import (
    AvailableFlightOut,
    CodePreviewOut,
    EventOut,
    FlightOut,
    FlightsSummaryOut,
    GroupOut,
    GroupRowOut,
    RefreshOut,
    SheetOut,
    StatusOut,
    sheet_as_told,
)
from qafila.groups.refresh import refresh_from_inventory
from qafila.groups.schemas import GroupIn, GroupPatch, GroupTypeIn, LinkIn, LinkPatch, SheetIn
from qafila.inventory.schemas import Day
from qafila.kernel.http import (
    Envelope,
    Id,
    In,
    Paging,
    Reason,
    Request,
    Routes,
    answered,
    dump,
    envelope,
    key_of,
    version_of,
)
from qafila.kernel.idempotency import once
from qafila.kernel.may import needs
from qafila.kernel.pagination import Page

router = Routes(tags=["Groups"])


class GroupFilter(Paging):
    """Filters of the list of groups; `q` looks in code, name and geography."""

    scope: Literal["active", "archived", "all"] = "active"
    status: Literal["", "planning", "open", "full", "departed", "completed", "cancelled"] = ""
    type: Literal[""] | GroupTypeIn = ""


class CodeAsked(In):
    group_type: GroupTypeIn
    departure_date: Day


class Cancellation(In):
    reason: Reason


@router.get("/groups", may="groups.view", response=Envelope[GroupRowOut])
def list_groups(request: Request, query: Query[GroupFilter]) -> Any:
    """Departures: `scope` active (not over), archived (completed or cancelled) or all."""
    return envelope(
        queries.groups(
            request.actor, query.window(), q=query.q, scope=query.scope, status=query.status, group_type=query.type
        )
    )


@router.post("/groups", may="groups.create", response={201: GroupOut})
def create(request: Request, payload: GroupIn) -> HttpResponse:
    """Open a departure for planning; its code and name are minted."""

    def told(group_id: int) -> Any:
        return dump(GroupOut, queries.group(request.actor, group_id))

    return answered(once(key_of(request), request.actor, create_group, told, 201, group=payload))


@router.get("/groups/status", may="groups.view", response=StatusOut)
def status(request: Request) -> Any:
    """How many groups are not over, depart within 14 days, are completed."""
    return queries.status(request.actor)


@router.get("/groups/flights-summary", may="groups.view", response=Envelope[FlightsSummaryOut])
def flights_summary(request: Request, query: Query[Paging]) -> Any:
    """Groups that are not over, with places, linked seats and routes."""
    return envelope(queries.flights_summary(request.actor, query.window()))


@router.get("/groups/code-preview", may="groups.view", response=CodePreviewOut)
def code_preview(request: Request, query: Query[CodeAsked]) -> Any:
    """What a group of this type and month would be called if it were opened now."""
    code, name = queries.code_preview(query.group_type, query.departure_date)
    return {"code": code, "name": name}


@router.get("/groups/{group_id}", may="groups.view", response=GroupOut)
def read_group(request: Request, group_id: Id) -> Any:
    """One departure with its flights."""
    return queries.group(request.actor, group_id)


@router.patch("/groups/{group_id}", may="groups.edit", response=GroupOut)
def change_group(request: Request, group_id: Id, payload: GroupPatch) -> Any:
    """Change dates, capacity, currency, notes, or pin the state; type, code and name stay."""
    payload.version = version_of(request, payload.version)
    edit_group(actor=request.actor, group_id=group_id, changed=payload)
    return queries.group(request.actor, group_id)


@router.delete("/groups/{group_id}", may="groups.delete", response={204: None})
def remove_group(request: Request, group_id: Id) -> Any:
    """Delete a departure nobody is booked on; its inventory goes back first."""
    delete_group(actor=request.actor, group_id=group_id)
    return Status(204, None)


@router.post("/groups/{group_id}/cancel", may="groups.edit", response=GroupOut)
def cancel(request: Request, group_id: Id, payload: Cancellation) -> HttpResponse:
    """Cancel a departure nobody is booked on; its inventory goes back."""

    def told(_: None) -> Any:
        return dump(GroupOut, queries.group(request.actor, group_id))

    asked = {"group_id": group_id, "reason": payload.reason}
    return answered(once(key_of(request), request.actor, cancel_group, told, 200, **asked))


@router.get("/groups/{group_id}/history", may="groups.view", response=Envelope[EventOut])
def history(request: Request, group_id: Id, query: Query[Paging]) -> Any:
    """What happened to a group, newest first."""
    return envelope(queries.history(request.actor, group_id, query.window()))


@router.get("/groups/{group_id}/pricing", may="groups.view", response=SheetOut)
def read_sheet(request: Request, group_id: Id) -> Any:
    """The rate sheet, with what one adult, child and infant cost by it."""
    return sheet_as_told(queries.rate_sheet(group_id))


@router.patch("/groups/{group_id}/pricing", may="group_pricing.edit", response=SheetOut)
def change_sheet(request: Request, group_id: Id, payload: SheetIn) -> Any:
    """Save the rate sheet: lines left out stay; tax lines, when given, replace all."""
    payload.version = version_of(request, payload.version)
    save_rate_sheet(actor=request.actor, group_id=group_id, sheet=payload)
    return sheet_as_told(queries.rate_sheet(group_id))


@router.post("/groups/{group_id}/pricing/refresh-from-inventory", may="group_pricing.edit", response=RefreshOut)
def refresh(request: Request, group_id: Id) -> Any:
    """The sheet as the linked inventory would have it, figure by figure; saves nothing."""
    found = refresh_from_inventory(request.actor, group_id)
    return {
        "group_id": group_id,
        "currency": found.sheet.currency,
        "version": found.sheet.version,
        "line_items": {rate.item: rate for rate in found.rates},
        "figures": found.figures,
    }


@router.get("/groups/{group_id}/flights", may="groups.view", response=Envelope[FlightOut])
def list_flights(request: Request, group_id: Id) -> Any:
    """The flights linked to a group, in flying order: all of them on one page."""
    flights = queries.group(request.actor, group_id).flights
    return envelope(Page(flights, 1, max(1, len(flights)), len(flights)))


@router.post("/groups/{group_id}/flights", may=needs("groups.edit", "inventory.allocate"), response={201: FlightOut})
def link(request: Request, group_id: Id, payload: LinkIn) -> HttpResponse:
    """Give a block's seats to the group: they leave the stock and become its cost."""

    def told(flight_id: int) -> Any:
        return dump(FlightOut, queries.flight(request.actor, group_id, flight_id))

    return answered(once(key_of(request), request.actor, link_block, told, 201, group_id=group_id, link=payload))


@router.patch("/groups/{group_id}/flights/{flight_id}", may="groups.edit", response=FlightOut)
def change_flight(request: Request, group_id: Id, flight_id: Id, payload: LinkPatch) -> Any:
    """Change the PNR or the notes of a linked flight."""
    payload.version = version_of(request, payload.version)
    edit_link(actor=request.actor, group_id=group_id, flight_id=flight_id, changed=payload)
    return queries.flight(request.actor, group_id, flight_id)


@router.delete("/groups/{group_id}/flights/{flight_id}", may="groups.edit", response={204: None})
def unlink(request: Request, group_id: Id, flight_id: Id) -> Any:
    """Give the block's seats back; the cost entry is reversed."""
    unlink_block(actor=request.actor, group_id=group_id, flight_id=flight_id)
    return Status(204, None)


@router.get("/groups/{group_id}/available-flights", may="bookings.view", response=Envelope[AvailableFlightOut])
def available_flights(request: Request, group_id: Id, query: Query[Paging]) -> Any:
    """Blocks that could be linked: active, of no group, flying inside the group's dates."""
    return envelope(queries.available_flights(request.actor, group_id, query.window(), q=query.q))
