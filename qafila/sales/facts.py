"""What sales announces; the rooms above react in the same transaction."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class BookingCreated:
    """A package booking was made and its seats taken."""

    booking_id: int
    number: str
    group_id: int


@dataclass(frozen=True)
class BookingCancelled:
    """A booking was cancelled, or deleted (`deleted`): whoever holds something for it lets go, or refuses."""

    booking_id: int
    number: str
    group_id: int
    deleted: bool
    reason: str


@dataclass(frozen=True)
class BookingTotalsChanged:
    """The price of a booking changed, and with it its balance. Amounts in the booking's currency."""

    booking_id: int
    gross_total: Decimal
    paid: Decimal
    balance: Decimal


@dataclass(frozen=True)
class PaymentApplied:
    """Money was counted as paid on a booking; negative when it was taken back. `paid` and `balance` after it."""

    booking_id: int
    amount: Decimal
    paid: Decimal
    balance: Decimal


@dataclass(frozen=True)
class PassengerRemoved:
    """A passenger no longer travels on a booking: cancelled or taken off its roster."""

    booking_id: int
    passenger_id: int


@dataclass(frozen=True)
class OpsApproved:
    """Operations approved a booking, which confirmed it."""

    booking_id: int
    number: str
    group_id: int


@dataclass(frozen=True)
class RosterChanged:
    """Passengers were added to a booking or changed; those taken off are told one by one as PassengerRemoved."""

    booking_id: int
    group_id: int


@dataclass(frozen=True)
class BilledPartyChanged:
    """Another payer or agent stands on a booking: whoever billed the former one refuses."""

    booking_id: int
    payer_id: int | None
    agent_id: int | None
