"""Tickets for tests, made by the rooms' own actions. Higher rooms' tests may use these."""

from __future__ import annotations

import itertools
from decimal import Decimal
from typing import Any

from django.db import transaction

from qafila.groups.tests.factories import a_priced_group
from qafila.kernel.actor import SYSTEM
from qafila.sales.models import Booking
from qafila.sales.steps import apply_money
from qafila.sales.tests.factories import a_booking
from qafila.ticketing.actions.sync_tickets import sync_tickets
from qafila.ticketing.models import TicketRecord

_numbers = itertools.count(1)


def a_number() -> str:
    """A ticket number nobody has."""
    return f"065{next(_numbers):010d}"


def count_as_paid(booking: Booking, amount: Decimal | None = None) -> None:
    """Count money as paid on a booking, all of its balance unless told; negative takes it back."""
    balance = Booking.objects.values_list("balance", flat=True).get(pk=booking.pk)
    with transaction.atomic():
        apply_money(SYSTEM, booking.pk, balance if amount is None else amount)


def tickets_of(booking: Booking) -> list[TicketRecord]:
    return list(TicketRecord.objects.filter(booking=booking).order_by("pk"))


def a_ticketed_booking(*, paid: bool = False, adults: int = 2, **said: Any) -> Booking:
    """A booking on a group with a linked block, its tickets synced; cleared where it is paid."""
    booking = a_booking(a_priced_group(), adults, **said)
    sync_tickets(actor=SYSTEM, booking_id=booking.pk)
    if paid:
        count_as_paid(booking)
    return booking
