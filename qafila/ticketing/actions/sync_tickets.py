"""Make the ticket records that are missing."""

from __future__ import annotations

from qafila.kernel.actor import Actor
from qafila.kernel.transaction import action
from qafila.sales.models import Booking
from qafila.ticketing import steps
from qafila.ticketing.errors import NothingToSync


@action
def sync_tickets(
    *, actor: Actor, booking_id: int | None = None, group_id: int | None = None, sync_all: bool = False
) -> int:
    """Make a ticket record for each active passenger who has none, of a booking, a group, or all; how many were made.

    Refuses: NothingToSync. Source: document 002, sync action.
    """
    actor.need("tickets.edit")
    bookings = Booking.objects.filter(product="package", deleted_at__isnull=True).exclude(state="cancelled")
    if booking_id is not None:
        bookings = bookings.filter(pk=booking_id)
    elif group_id is not None:
        bookings = bookings.filter(package__group_id=group_id)
    elif not sync_all:
        raise NothingToSync("Say which booking or group to sync, or sync_all.", field="booking_id")
    wanted = list(bookings.order_by("pk").values_list("pk", flat=True))
    if not wanted and not sync_all:
        raise NothingToSync("There is no such booking or group with bookings to ticket.")
    return steps.sync(actor, wanted)
