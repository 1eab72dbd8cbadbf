"""Bookings over HTTP."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from django.http import HttpResponse
from ninja import Query

from qafila.kernel.http import (
    Envelope,
    Id,
    In,
    Paging,
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
from qafila.kernel.transaction import rehearse
from qafila.sales import queries
from qafila.sales.actions.cancel_booking import cancel_booking
from qafila.sales.actions.cancel_passenger import cancel_passenger
from qafila.sales.actions.create_booking import create_booking
from qafila.sales.actions.delete_booking import delete_booking
from qafila.sales.actions.edit_booking import edit_booking
from qafila.sales.actions.edit_passenger import edit_passenger
from qafila.sales.actions.sync_rates import sync_rates
from qafila.sales.api_types import (
    BookingOut,
    BookingRowOut,
    CancellationOut,
    ImportOut,
    MadeOut,
    SaleLegOut,
    booking_out,
    cancellation_out,
    made_out,
)
from qafila.sales.errors import PassengerNotFound
from qafila.sales.filters import BookingFilters
from qafila.sales.flights import legs_of_booking
from qafila.sales.importing import RIGHTS, import_bookings
from qafila.sales.schemas import BookingIn, BookingPatch, CancelIn, ImportIn, OnePassengerPatch, Reason, SyncIn

router = Routes(tags=["Bookings"])

State = Literal["", "draft", "confirmed", "on_hold", "needs_correction", "cancelled", "completed"]


class BookingFilter(Paging):
    """Filters of the list of bookings; `q` finds by number, name, phone, passport, PNR, group. Dates are of booking."""

    state: State = ""
    group_id: Id | None = None
    customer_id: Id | None = None
    agent_id: Id | None = None
    finance: Literal["", "pending", "approved", "rejected"] = ""
    ops: Literal["", "pending", "approved", "sent_back"] = ""
    policy: Literal["", "full", "partial", "advance"] = ""
    balance_due: bool | None = None
    date_from: date | None = None
    date_to: date | None = None
    departs_from: date | None = None
    departs_to: date | None = None

    def wanted(self) -> BookingFilters:
        """As the query takes them."""
        given = self.model_dump(exclude=set(Paging.model_fields) - {"q"})
        return BookingFilters(**given)


class Preview(In):
    """`?preview=1`: tell what it would bring, and change nothing."""

    preview: bool = False


class Deletion(Preview):
    reason: Reason = ""
    version: int | None = None


def _version(request: Request, said: int | None) -> int | None:
    """The version read, if it was said: in the body or as If-Match."""
    return version_of(request, said) if said is not None or "If-Match" in request.headers else None


@router.get("/sales/bookings", may=needs("bookings.view", agent_own=True), response=Envelope[BookingRowOut])
def list_bookings(request: Request, query: Query[BookingFilter]) -> Any:
    """Bookings, newest first; a partner sees its own."""
    return envelope(queries.bookings(request.actor, query.window(), query.wanted()))


@router.post("/sales/bookings", may="bookings.create", response={201: MadeOut})
def create(request: Request, payload: BookingIn) -> HttpResponse:
    """Sell places on a departure. Rates left out come from the group's sheet; seats are taken at once."""
    return answered(once(key_of(request), request.actor, create_booking, made_out, 201, booking=payload))


@router.post("/sales/bookings/import", may=needs(*RIGHTS), response=ImportOut)
def import_many(request: Request, payload: ImportIn) -> Any:
    """Import bookings, each its own transaction with its own answer. Resumable: a `booking_ref` that is on the group
    already is answered with its booking and `already`."""
    return import_bookings(request.actor, payload.bookings, payload.group_id, dry_run=payload.dry_run)


@router.get("/sales/bookings/{booking_id}", may=needs("bookings.view", agent_own=True), response=BookingOut)
def read(request: Request, booking_id: Id) -> Any:
    """One booking: passengers with their flights, payments, customer, payer, group, agent."""
    return booking_out(request.actor, booking_id)


@router.patch("/sales/bookings/{booking_id}", may="bookings.edit", response=BookingOut)
def edit(request: Request, booking_id: Id, payload: BookingPatch) -> Any:
    """Change fields, rates, hold, or the whole roster of passengers; what is left out stays."""
    version = _version(request, payload.version)
    patch = payload.model_copy(update={"version": version})
    edit_booking(actor=request.actor, booking_id=booking_id, patch=patch)
    return booking_out(request.actor, booking_id)


@router.delete("/sales/bookings/{booking_id}", may="bookings.delete", response=CancellationOut)
def delete(request: Request, booking_id: Id, query: Query[Deletion]) -> Any:
    """Cancel and hide: entries are reversed by credit note and seats freed in the same transaction."""
    asked: dict[str, Any] = {
        "booking_id": booking_id,
        "reason": query.reason,
        "version": _version(request, query.version),
    }
    if query.preview:
        return cancellation_out(rehearse(delete_booking, actor=request.actor, **asked), preview=True)
    return cancellation_out(delete_booking(actor=request.actor, **asked), preview=False)


@router.post("/sales/bookings/{booking_id}/cancel", may="bookings.cancel", response=CancellationOut)
def cancel(request: Request, booking_id: Id, query: Query[Preview], payload: CancelIn | None = None) -> HttpResponse:
    """Cancel a booking: seats, tickets not issued and visa cases are let go, its invoice is credited. `?preview=1`
    tells what that would bring. Refused while a ticket is issued."""
    said = payload or CancelIn()
    asked: dict[str, Any] = {
        "booking_id": booking_id,
        "reason": said.reason,
        "version": _version(request, said.version),
    }
    if query.preview:
        told = cancellation_out(rehearse(cancel_booking, actor=request.actor, **asked), preview=True)
        return HttpResponse(CancellationOut.model_validate(told).model_dump_json(), content_type="application/json")

    def render(answer: Any) -> dict[str, Any]:
        return cancellation_out(answer, preview=False)

    return answered(once(key_of(request), request.actor, cancel_booking, render, 200, **asked))


@router.post(
    "/sales/bookings/{booking_id}/passengers/{passenger_id}/cancel", may="bookings.cancel", response=CancellationOut
)
def cancel_one(
    request: Request, booking_id: Id, passenger_id: Id, query: Query[Preview], payload: CancelIn | None = None
) -> HttpResponse:
    """Take one passenger off a booking; it is priced for who is left. `?preview=1` tells what that would bring."""
    said = payload or CancelIn()
    asked: dict[str, Any] = {"booking_id": booking_id, "passenger_id": passenger_id, "reason": said.reason}
    asked["version"] = _version(request, said.version)
    if query.preview:
        told = cancellation_out(rehearse(cancel_passenger, actor=request.actor, **asked), preview=True)
        return HttpResponse(CancellationOut.model_validate(told).model_dump_json(), content_type="application/json")

    def render(answer: Any) -> dict[str, Any]:
        return cancellation_out(answer, preview=False)

    return answered(once(key_of(request), request.actor, cancel_passenger, render, 200, **asked))


@router.patch("/sales/bookings/{booking_id}/passengers/{passenger_id}", may="bookings.edit", response=BookingOut)
def edit_one(request: Request, booking_id: Id, passenger_id: Id, payload: OnePassengerPatch) -> Any:
    """Change one passenger: PNR, flight, passport, name; what is left out stays."""
    patch = payload.model_copy(update={"version": _version(request, payload.version)})
    edit_passenger(actor=request.actor, booking_id=booking_id, passenger_id=passenger_id, patch=patch)
    return booking_out(request.actor, booking_id)


@router.get(
    "/sales/bookings/{booking_id}/passengers/{passenger_id}/flights",
    may=needs("bookings.view", agent_own=True),
    response=list[SaleLegOut],
)
def flights(request: Request, booking_id: Id, passenger_id: Id) -> Any:
    """What one passenger flies, with the PNR that holds on each leg and whose it is."""
    found = queries.booking(request.actor, booking_id)
    legs = legs_of_booking(found)
    if passenger_id not in legs:
        raise PassengerNotFound(f"{found.number} has no such passenger.")
    return [dump(SaleLegOut, leg) for leg in legs[passenger_id]]


@router.post("/sales/bookings/{booking_id}/sync-rates", may="bookings.edit", response=BookingOut)
def sync(request: Request, booking_id: Id, payload: SyncIn | None = None) -> Any:
    """Overwrite the booking's rates and taxes from its group's sheet as it stands."""
    sync_rates(
        actor=request.actor, booking_id=booking_id, version=_version(request, payload.version if payload else None)
    )
    return booking_out(request.actor, booking_id)
