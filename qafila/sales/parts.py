"""What higher rooms add to a booking as it is read over HTTP: they register a reader, sales never calls up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from qafila.kernel.actor import Actor


@dataclass(frozen=True)
class PaymentPart:
    """Money received for a booking: `amount` of it counts for the booking, in `currency`."""

    payment_id: int
    number: str
    state: str
    method: str
    amount: Decimal
    currency: str
    received_on: date


Reader = Callable[[Actor, int], list[PaymentPart]]
_readers: list[Reader] = []


def add_payments(reader: Reader) -> None:
    """Called by the room that keeps payments, when it is loaded."""
    if reader not in _readers:
        _readers.append(reader)


def payments_of(actor: Actor, booking_id: int) -> list[PaymentPart]:
    """The payments of a booking as the room that keeps them tells."""
    return [payment for reader in _readers for payment in reader(actor, booking_id)]
