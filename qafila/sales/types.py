"""What sales hands to other rooms and to its own pages: frozen, typed, read once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

Tier = Literal["adult", "child", "infant"]
Component = Literal["flight", "visa", "hotel", "meals", "ground_services"]
COMPONENTS: tuple[Component, ...] = ("flight", "visa", "hotel", "meals", "ground_services")
POLICIES = {"full": "Full payment", "partial": "Part payment", "advance": "Advance"}
ROOMS = {
    "quad": "Quad",
    "triple": "Triple",
    "double": "Double",
    "quint": "Quint",
    "single": "Single",
    "sharing": "Sharing",
}


@dataclass(frozen=True)
class BookingMoney:
    """A booking's money in its currency: `balance` = `gross_total` - `paid`."""

    gross_total: Decimal
    paid: Decimal
    balance: Decimal


@dataclass(frozen=True)
class PartyRef:
    """A customer, payer or agent as a booking names them."""

    id: int
    code: str
    name: str
    phone: str
    email: str


@dataclass(frozen=True)
class GroupRef:
    """The departure of a booking."""

    id: int
    code: str
    name: str
    group_type: str
    departure_date: date
    return_date: date


@dataclass(frozen=True)
class RateRow:
    """One component's rate per person, as sold."""

    item: str
    adult: Decimal
    child: Decimal
    infant: Decimal


@dataclass(frozen=True)
class TaxRow:
    """One tax of a booking as computed."""

    name: str
    kind: str
    rate: Decimal
    mode: str
    applies_to: tuple[str, ...]
    base: Decimal
    amount: Decimal


@dataclass(frozen=True)
class PassengerRow:
    """One passenger. `age` and `warning` are reckoned on the departure date."""

    id: int
    booking_id: int
    n: int
    customer_id: int | None
    state: str
    tier: str
    is_lead: bool
    title: str
    first_name: str
    last_name: str
    gender: str
    date_of_birth: date | None
    passport_no: str
    passport_issued: date | None
    passport_expiry: date | None
    nationality: str
    needs_visa: bool
    pnr: str
    flight_id: int | None
    age: int | None
    warning: str

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def is_active(self) -> bool:
        """Of a live booking: whether they travel."""
        return self.state == "active"


@dataclass(frozen=True)
class BookingRow:
    """One booking as lists show it."""

    id: int
    number: str
    state: str
    state_label: str
    state_tone: str
    customer_id: int
    customer: str
    customer_phone: str
    payer_id: int | None
    payer: str
    agent_id: int | None
    agent: str
    group_id: int
    group_code: str
    departure_date: date
    booking_type: str
    room_type: str
    payment_policy: str
    finance_approval: str
    finance_approval_label: str
    finance_approval_tone: str
    ops_approval: str
    ops_approval_label: str
    ops_approval_tone: str
    needs_attention: str
    passengers: int
    currency: str
    gross_total: Decimal
    paid: Decimal
    balance: Decimal
    external_ref: str
    created_at: datetime


@dataclass(frozen=True)
class BookingDetail:
    """One package booking, whole."""

    id: int
    number: str
    product: str
    state: str
    state_label: str
    state_tone: str
    customer: PartyRef
    payer: PartyRef | None
    agent: PartyRef | None
    group: GroupRef
    branch_id: int | None
    currency: str
    net_total: Decimal
    tax_total: Decimal
    tcs_total: Decimal
    gross_total: Decimal
    paid: Decimal
    balance: Decimal
    external_ref: str
    notes: str
    version: int
    deleted_at: datetime | None
    created_at: datetime
    booking_type: str
    room_type: str
    payment_policy: str
    adults: int
    children: int
    infants: int
    adult_rate: Decimal
    child_rate: Decimal
    infant_rate: Decimal
    rates: tuple[RateRow, ...]
    taxes: tuple[TaxRow, ...]
    rates_from: str
    agreed_total: Decimal | None
    sheet_version: int | None
    finance_approval: str
    ops_approval: str
    needs_attention: str
    passengers: tuple[PassengerRow, ...]

    @property
    def all_taxes(self) -> Decimal:
        """Every tax in the total, GST or VAT and TCS."""
        return self.tax_total + self.tcs_total

    @property
    def billed_to(self) -> PartyRef:
        """Who is billed: the payer when there is one, else the customer."""
        return self.payer or self.customer

    @property
    def is_live(self) -> bool:
        return self.deleted_at is None and self.state != "cancelled"

    @property
    def active(self) -> tuple[PassengerRow, ...]:
        """The passengers who travel."""
        return tuple(p for p in self.passengers if p.is_active) if self.is_live else ()


@dataclass(frozen=True)
class EditedBooking:
    """The booking after the change."""

    id: int
    number: str
    version: int
