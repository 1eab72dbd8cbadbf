"""What higher rooms add to a booking's page and answer: they register here when loaded, sales never calls up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from qafila.kernel.actor import Actor
from qafila.sales.types import BookingDetail


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


@dataclass(frozen=True)
class MovePart:
    """A button on the booking's page that asks a higher room: approve, send back, hand in again.

    `url` answers the form of a dialog to htmx, and a page of its own without.
    """

    label: str
    url: str
    icon: str
    tone: str = ""


Payments = Callable[[Actor, int], list[PaymentPart]]
Moves = Callable[[Actor, BookingDetail], list[MovePart]]
_payments: list[Payments] = []
_moves: list[Moves] = []


def add_payments(reader: Payments) -> None:
    """Called by the room that keeps payments."""
    if reader not in _payments:
        _payments.append(reader)


def add_moves(reader: Moves) -> None:
    """Called by a room whose verbs a booking's page offers; `reader` answers those this actor may do now."""
    if reader not in _moves:
        _moves.append(reader)


def payments_of(actor: Actor, booking_id: int) -> list[PaymentPart]:
    """The payments of a booking as the room that keeps them tells."""
    return [payment for reader in _payments for payment in reader(actor, booking_id)]


def moves_of(actor: Actor, booking: BookingDetail) -> list[MovePart]:
    """What else this actor may do with this booking now."""
    return [move for reader in _moves for move in reader(actor, booking)]
