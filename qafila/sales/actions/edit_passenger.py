"""Change one passenger of a booking: PNR, flight, passport, name."""

from __future__ import annotations

from qafila.kernel.actor import Actor
from qafila.kernel.audit import record
from qafila.kernel.transaction import action
from qafila.sales.errors import PassengerNotFound
from qafila.sales.keeping import agreed_for, counts_of_sale, move_seats, open_booking, put, renew_search, reprice
from qafila.sales.queries import rates_of, tax_lines_of
from qafila.sales.roster import change_roster
from qafila.sales.schemas import OnePassengerPatch, PassengerPatch
from qafila.sales.types import EditedBooking


@action
def edit_passenger(*, actor: Actor, booking_id: int, passenger_id: int, patch: OnePassengerPatch) -> EditedBooking:
    """Change what is given of one passenger; another tier, or a place from the waiting list, moves seats and price.

    Refuses: MissingRight, BookingNotFound, PassengerNotFound, StaleVersion, BookingIsClosed, InvalidPassenger,
    FlightNotOfGroup, SeatsExhausted. Source: document 000, PATCH …/passengers/:pid.
    """
    actor.need("bookings.edit")
    booking, sale = open_booking(actor, booking_id, patch.version)
    if not booking.passengers.filter(pk=passenger_id).exclude(state="cancelled").exists():
        raise PassengerNotFound(f"{booking.number} has no such passenger.")
    given = {name: getattr(patch, name) for name in patch.model_fields_set if name != "version"}
    one = PassengerPatch.model_construct(
        _fields_set={*given, "id"}, **{**PassengerPatch().__dict__, **given, "id": passenger_id}
    )
    before = counts_of_sale(sale)
    change = change_roster(actor, booking, sale, [one], whole=False)
    if not change.anything:
        return EditedBooking(booking.pk, booking.number, booking.version)
    if change.counts != before:
        rates = rates_of(sale)
        agreed = agreed_for(sale, rates, change.counts, booking.currency)
        reprice(actor, booking, sale, counts=change.counts, rates=rates, taxes=tax_lines_of(sale), agreed=agreed)
    put(booking, version=booking.version + 1)
    record(actor, "booking.passenger_edited", "booking", booking.pk, after=change.told())
    renew_search(booking.pk)
    move_seats(actor, booking, sale, before, change.counts, "roster")
    return EditedBooking(booking.pk, booking.number, booking.version)
