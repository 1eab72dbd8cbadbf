"""What the inventory's reads answer with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

from qafila.inventory import rules
from qafila.inventory.rules import Leg, Problem
from qafila.inventory.states import BLOCK


@dataclass(frozen=True)
class LegInfo:
    """A flight segment with the PNR it flies under; times are local to its airports."""

    block_id: int
    direction: str
    n: int
    origin: str
    origin_city: str
    origin_zone: str
    destination: str
    destination_city: str
    destination_zone: str
    flight_no: str
    departs_on: date
    departs_at: time
    arrives_on: date
    arrives_at: time
    terminal: str
    arrival_terminal: str
    own_pnr: str | None
    pnr: str

    @property
    def leaves(self) -> datetime:
        """The instant it leaves, in UTC."""
        return rules.instant(self.departs_on, self.departs_at, self.origin_zone)

    @property
    def lands(self) -> datetime:
        """The instant it lands, in UTC."""
        return rules.instant(self.arrives_on, self.arrives_at, self.destination_zone)

    @property
    def minutes(self) -> int:
        return int((self.lands - self.leaves).total_seconds() // 60)

    @property
    def nights(self) -> int:
        """Calendar days between leaving and landing, by the local dates: the `+1` of a timetable."""
        return (self.arrives_on - self.departs_on).days

    def leg(self) -> Leg:
        return Leg(
            direction="return" if self.direction == "return" else "outbound",
            n=self.n,
            origin=self.origin,
            destination=self.destination,
            flight_no=self.flight_no,
            departs_on=self.departs_on,
            departs_at=self.departs_at,
            arrives_on=self.arrives_on,
            arrives_at=self.arrives_at,
            terminal=self.terminal,
            arrival_terminal=self.arrival_terminal,
            pnr=self.own_pnr,
        )


@dataclass(frozen=True)
class BlockRow:
    """A block as lists show it. `price_per_seat` is None for those who may not see costs."""

    id: int
    code: str
    airline: str
    airline_name: str
    supplier_id: int
    supplier: str
    pnr: str
    return_pnr: str
    trip_type: str
    route: str
    departs_on: date
    returns_on: date | None
    total_seats: int
    allocated_seats: int
    price_per_seat: Decimal | None
    currency: str
    names_due: date | None
    ticketing_due: date | None
    expiry_date: date | None
    state: str
    version: int

    @property
    def available_seats(self) -> int:
        return self.total_seats - self.allocated_seats

    # what a capacity column reads
    @property
    def allocated_seats_total(self) -> int:
        return self.total_seats

    @property
    def state_label(self) -> str:
        return BLOCK.label(self.state)

    @property
    def state_tone(self) -> str:
        return BLOCK.tone(self.state)


@dataclass(frozen=True)
class BlockDetail(BlockRow):
    """A block whole, with its legs and what the route analyser says of them."""

    exchange_rate: Decimal | None
    deposit_amount: Decimal | None
    deposit_due: date | None
    branch_id: int | None
    notes: str
    created_at: datetime
    legs: tuple[LegInfo, ...]
    problems: tuple[Problem, ...]

    @property
    def outbound(self) -> list[LegInfo]:
        return [leg for leg in self.legs if leg.direction == rules.OUTBOUND]

    @property
    def returning(self) -> list[LegInfo]:
        return [leg for leg in self.legs if leg.direction == rules.RETURN]


@dataclass(frozen=True)
class Deadline:
    """A day something falls due, and the instant that day ends where the agency is."""

    label: str
    day: date
    ends: datetime
    is_over: bool


@dataclass(frozen=True)
class MovementRow:
    id: int
    at: datetime
    seats: int
    reason: str
    group_id: int | None
    note: str
    user_name: str


@dataclass(frozen=True)
class Holder:
    """Who holds seats of a block: a group (its code in `note`) or whoever `note` names."""

    group_id: int | None
    note: str
    seats: int


@dataclass(frozen=True)
class AirlineRow:
    code: str
    icao: str
    name: str
    country: str


@dataclass(frozen=True)
class AirportRow:
    code: str
    name: str
    city: str
    country: str
    time_zone: str
