"""Overwrite a booking's rates from its group's sheet."""

from __future__ import annotations

from qafila.groups.queries import rate_sheet
from qafila.kernel.actor import Actor
from qafila.kernel.audit import record
from qafila.kernel.transaction import action
from qafila.sales.errors import RatesMissing
from qafila.sales.keeping import counts_of_sale, open_booking, put, reprice, seen
from qafila.sales.rules import RatesAsked, sold_rates
from qafila.sales.types import EditedBooking


@action
def sync_rates(*, actor: Actor, booking_id: int, version: int | None = None) -> EditedBooking:
    """Take the group's sheet as it stands today for the booking's rates and taxes; given rates and an agreed total go.

    Refuses: MissingRight, BookingNotFound, StaleVersion, BookingIsClosed, RatesMissing (sheet not complete), and what
    rooms that billed the old price refuse. Source: domain.md, "Rate sheet".
    """
    actor.need("bookings.edit")
    booking, sale = open_booking(actor, booking_id, version)
    sheet = rate_sheet(sale.group_id)
    if not sheet.is_complete:
        raise RatesMissing(f"The rate sheet of {sale.group.code} is not complete.", field="group_id")
    before = seen(booking, sale)
    counts = counts_of_sale(sale)
    reprice(
        actor,
        booking,
        sale,
        counts=counts,
        rates=sold_rates(sheet.rates, RatesAsked(), counts, booking.currency),
        taxes=sheet.tax_lines,
        agreed=None,
        rates_from="sheet",
        sheet_version=sheet.version,
    )
    put(booking, version=booking.version + 1)
    record(actor, "booking.synced", "booking", booking.pk, before=before, after=seen(booking, sale))
    return EditedBooking(booking.pk, booking.number, booking.version)
