"""Take one passenger off a booking; the others travel."""

from __future__ import annotations

from qafila.kernel.actor import Actor
from qafila.kernel.audit import record
from qafila.kernel.transaction import action
from qafila.sales.cancelling import Cancellation
from qafila.sales.effects import collected
from qafila.sales.errors import LastPassenger, PassengerNotFound
from qafila.sales.keeping import (
    agreed_for,
    counts_of_sale,
    move_seats,
    open_booking,
    put,
    renew_search,
    reprice,
    tell_group,
)
from qafila.sales.models import Booking, Passenger
from qafila.sales.people import counts_of
from qafila.sales.queries import rates_of, tax_lines_of
from qafila.sales.roster import cancel_row, lead_after


@action
def cancel_passenger(
    *, actor: Actor, booking_id: int, passenger_id: int, reason: str = "", version: int | None = None
) -> Cancellation:
    """Cancel one passenger: their seat, ticket and visa case are let go and the booking is priced for who is left.

    Refuses: MissingRight, BookingNotFound, PassengerNotFound, StaleVersion, BookingIsClosed, LastPassenger (cancel the
    booking; also when only infants would be left), and what rooms above refuse: an issued ticket, an issued invoice.
    Source: domain.md, "Cancel or delete a booking"; api.md.
    """
    actor.need("bookings.cancel")
    booking, sale = open_booking(actor, booking_id, version)
    row = booking.passengers.filter(pk=passenger_id).exclude(state="cancelled").first()
    if row is None:
        raise PassengerNotFound(f"{booking.number} has no such passenger.")
    name = f"{row.first_name} {row.last_name}".strip()
    left = list(booking.passengers.exclude(state="cancelled").exclude(pk=row.pk).order_by("n"))
    active = [p for p in left if p.state == "active"]
    if not any(p.tier != "infant" for p in active):
        raise LastPassenger(f"Without {name} nobody is left to travel on {booking.number}: cancel the booking instead.")
    before, gross, paid = counts_of_sale(sale), booking.gross_total, booking.paid
    counts = counts_of(p.tier for p in active)
    with collected(booking.pk) as effects:
        cancel_row(actor, booking, row)
        if row.is_lead and (heir := lead_after(active)):
            Passenger.objects.filter(pk=heir.pk).update(is_lead=True)
        if counts != before:
            rates = rates_of(sale)
            agreed = agreed_for(sale, rates, counts, booking.currency)
            reprice(actor, booking, sale, counts=counts, rates=rates, taxes=tax_lines_of(sale), agreed=agreed)
    put(booking, version=booking.version + 1)
    told = {"passenger": name, "gross_total": booking.gross_total}
    record(
        actor,
        "booking.passenger_cancelled",
        "booking",
        booking.pk,
        before={"gross_total": gross},
        after=told,
        note=reason,
    )
    renew_search(booking.pk)
    tell_group(actor, booking, sale, "passenger cancelled", name)
    move_seats(actor, booking, sale, before, counts, "passenger")
    return Cancellation(
        booking_id=booking.pk,
        number=booking.number,
        state=booking.state,
        currency=booking.currency,
        seats=(before.adult + before.child) - (counts.adult + counts.child),
        gross_before=gross,
        gross_after=booking.gross_total,
        paid_before=paid,
        paid_after=Booking.objects.values_list("paid", flat=True).get(pk=booking.pk),
        told=tuple(effects.told),
        entries=tuple(effects.entries),
    )
