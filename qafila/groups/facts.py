"""What the groups room announces."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class BlockLinked:
    """Seats of a block became the group's; its flights carry every active passenger."""

    group_id: int
    flight_id: int
    block_id: int


@dataclass(frozen=True)
class BlockUnlinked:
    """A block is about to leave its group: whoever still needs its flights refuses; the link is deleted afterwards."""

    group_id: int
    flight_id: int
    block_id: int
    block_code: str


@dataclass(frozen=True)
class GroupFlightChanged:
    """The PNR, the notes or the flights behind a link changed: what shows them rebuilds."""

    group_id: int
    flight_id: int


@dataclass(frozen=True)
class RateSheetSaved:
    """A group's rate sheet was saved at this version."""

    group_id: int
    version: int


@dataclass(frozen=True)
class GroupDatesChanged:
    """A group departs or returns on other days than before."""

    group_id: int
    departure_date: str
    return_date: str


@dataclass(frozen=True)
class GroupCancelled:
    """A group is being cancelled or deleted: whoever has live bookings or issued invoices on it refuses."""

    group_id: int
    code: str
    reason: str


@dataclass(frozen=True)
class GroupDeparted:
    """A group's departure date is over; announced once, by the nightly job."""

    group_id: int
    code: str


@dataclass(frozen=True)
class GroupCompleted:
    """A group's return date is over; announced once, by the nightly job."""

    group_id: int
    code: str
