"""What the groups' reads answer with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from qafila.groups.models import TravelGroup
from qafila.groups.states import GROUP
from qafila.inventory.queries import end_of
from qafila.inventory.types import LegInfo


@dataclass(frozen=True)
class GroupRow:
    """A group as lists show it."""

    id: int
    code: str
    name: str
    group_type: str
    departure_date: date
    return_date: date
    total_capacity: int
    booked_count: int
    linked_seats: int
    currency: str
    branch_id: int | None
    status: str
    status_override: str
    is_priced: bool
    is_linked: bool
    geography: str
    version: int

    @property
    def free(self) -> int:
        return self.total_capacity - self.booked_count

    # what a capacity column reads
    @property
    def booked_count_total(self) -> int:
        return self.total_capacity

    @property
    def status_label(self) -> str:
        return GROUP.label(self.status)

    @property
    def status_tone(self) -> str:
        return GROUP.tone(self.status)

    @property
    def type_label(self) -> str:
        return str(TravelGroup.GroupType(self.group_type).label)

    @property
    def nights(self) -> int:
        return (self.return_date - self.departure_date).days


@dataclass(frozen=True)
class GroupFlightInfo:
    """A block linked to a group: how many of its seats, under which PNR, flying which legs. `cost` in base currency."""

    id: int
    group_id: int
    block_id: int
    block_code: str
    airline: str
    trip_type: str
    seats: int
    pnr: str
    block_pnr: str
    return_pnr: str
    route: str
    departs_on: date
    returns_on: date | None
    names_due: date | None
    ticketing_due: date | None
    notes: str
    version: int
    cost: Decimal | None
    legs: tuple[LegInfo, ...]

    @property
    def names_due_ends(self) -> datetime | None:
        """The instant the names' last day ends where the agency is."""
        return end_of(self.names_due) if self.names_due else None

    @property
    def pnr_is_outranked(self) -> bool:
        """Whether the block's PNR counts before this one: then the screen says so. Source: domain 2.5."""
        return bool(self.pnr) and self.pnr != self.block_pnr


@dataclass(frozen=True)
class GroupDetail(GroupRow):
    """One group whole, with its flights."""

    leader_id: int | None
    notes: str
    sheet_version: int
    cancelled_at: datetime | None
    created_at: datetime
    flights: tuple[GroupFlightInfo, ...]


@dataclass(frozen=True)
class EventRow:
    id: int
    at: datetime
    what: str
    text: str
    booking_id: int | None
    user_name: str


@dataclass(frozen=True)
class StatusSummary:
    """How many groups are being sold or travelling, leave within 14 days, are over. Source: domain 2.3."""

    active: int
    departing_soon: int
    completed: int


@dataclass(frozen=True)
class FlightsSummaryRow:
    """One group's seats against its flights, in one line."""

    group_id: int
    code: str
    departure_date: date
    total_capacity: int
    booked_count: int
    linked_seats: int
    flights: int
    routes: tuple[str, ...]


@dataclass(frozen=True)
class AvailableBlock:
    """A block that could be linked to a group: active, of no group, flying inside its dates."""

    id: int
    code: str
    airline: str
    pnr: str
    route: str
    departs_on: date
    returns_on: date | None
    available_seats: int
    default_seats: int
    price_per_seat: Decimal | None
    currency: str
    names_due: date | None
