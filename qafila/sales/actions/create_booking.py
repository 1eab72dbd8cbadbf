"""Sell places on a departure to a customer."""

from __future__ import annotations

from qafila.kernel.actor import Actor
from qafila.kernel.transaction import action
from qafila.sales.making import MadeBooking, make_booking
from qafila.sales.schemas import BookingIn
from qafila.sales.walk_in import customer_of


@action
def create_booking(*, actor: Actor, booking: BookingIn) -> MadeBooking:
    """Make a package booking: price it, write it, take its seats. An inline customer is put on file first.

    Refuses: MissingRight, and all that `make_booking` refuses. Source: document 000, POST /sales/bookings.
    """
    actor.need("bookings.create")
    return make_booking(actor, booking, customer_of(actor, booking))
