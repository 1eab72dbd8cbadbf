"""Letting a booking go, by cancelling or deleting it: one path, so that neither forgets what the other lets go."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from qafila.kernel import clock
from qafila.kernel.actor import Actor
from qafila.kernel.audit import record
from qafila.kernel.errors import StaleVersion
from qafila.kernel.facts import announce
from qafila.kernel.search import forget
from qafila.kernel.states import move_row
from qafila.kernel.transaction import step
from qafila.sales.effects import EntryEffect, collected
from qafila.sales.facts import BookingCancelled
from qafila.sales.keeping import counts_of_sale, move_seats, own_booking, put, renew_search, tell_group
from qafila.sales.models import Booking, PackageSale
from qafila.sales.people import travellers_told
from qafila.sales.states import CANCELLED, PACKAGE
from qafila.tax.rules import Counts


@dataclass(frozen=True)
class Cancellation:
    """What letting a booking (or a passenger) go brings with it: seats given back, money freed, entries posted."""

    booking_id: int
    number: str
    state: str
    currency: str
    seats: int
    gross_before: Decimal
    gross_after: Decimal
    paid_before: Decimal
    paid_after: Decimal
    told: tuple[str, ...]
    entries: tuple[EntryEffect, ...]

    @property
    def freed(self) -> Decimal:
        """Money taken off the booking to its payer's account."""
        return self.paid_before - self.paid_after


@step
def let_go(
    actor: Actor, booking_id: int, event: Literal["cancel", "delete"], *, reason: str, version: int | None
) -> Cancellation:
    """Cancel or delete. Refuses: BookingNotFound, StaleVersion, WrongState, and what rooms above refuse."""
    booking = own_booking(actor, booking_id)
    if version is not None and version != booking.version:
        raise StaleVersion(booking.version)
    sale = PackageSale.objects.get(pk=booking.pk)
    was_live = booking.state != CANCELLED
    counts, gross, paid = counts_of_sale(sale), booking.gross_total, booking.paid
    deleted = event == "delete"
    move_row(actor, PACKAGE, booking, event, reason=reason, version=booking.version + 1)
    put(sale, is_live=False)
    with collected(booking.pk) as effects:
        if was_live:
            announce(actor, BookingCancelled(booking.pk, booking.number, sale.group_id, deleted, reason))
    paid_after = Booking.objects.values_list("paid", flat=True).get(pk=booking.pk)
    if deleted:
        put(booking, deleted_at=clock.now())
        forget("booking", booking.pk)
    else:
        renew_search(booking.pk)
    what = "deleted" if deleted else "cancelled"
    record(actor, f"booking.{what}", "booking", booking.pk, before={"gross_total": gross, "paid": paid}, note=reason)
    if was_live:
        tell_group(actor, booking, sale, f"booking {what}", travellers_told(counts))
        move_seats(actor, booking, sale, counts, Counts(), what)
    return Cancellation(
        booking_id=booking.pk,
        number=booking.number,
        state=booking.state,
        currency=booking.currency,
        seats=counts.adult + counts.child if was_live else 0,
        gross_before=gross,
        gross_after=gross,
        paid_before=paid,
        paid_after=paid_after,
        told=tuple(effects.told),
        entries=tuple(effects.entries),
    )
