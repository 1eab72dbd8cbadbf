"""What may be said about a block: the same rules for the API and the forms."""

from __future__ import annotations

from datetime import date, time
from typing import Annotated, Literal

from ninja import Field
from pydantic import AfterValidator, BeforeValidator, StringConstraints, WithJsonSchema

from qafila.inventory.rules import OUTBOUND, RETURN, Direction, Leg
from qafila.kernel.http import Id, In, LongText
from qafila.kernel.money import AmountIn, Currency, RateIn

MAX_LEGS = 12
TripType = Literal["one_way", "return", "multi_city"]


def _upper(value: object) -> object:
    return value.strip().upper() if isinstance(value, str) else value


def _blank_is_none(value: object) -> object:
    return None if isinstance(value, str) and not value.strip() else value


def _local(value: time) -> time:
    if value.tzinfo is not None:
        raise ValueError("a leg's time is local to its airport and carries no zone")
    return value.replace(second=0, microsecond=0)


def _spaced(value: str) -> str:
    compact = value.replace(" ", "")
    return f"{compact[:2]} {compact[2:]}"


PnrIn = Annotated[str, BeforeValidator(_upper), StringConstraints(pattern=r"^[A-Z0-9]{5,8}$")]
"""A record locator: 5 to 8 letters and digits, kept upper-case."""
NoPnrIn = Annotated[str, BeforeValidator(_upper), StringConstraints(pattern=r"^([A-Z0-9]{5,8})?$")]
AirportCode = Annotated[str, BeforeValidator(_upper), StringConstraints(pattern=r"^[A-Z]{3}$")]
AirlineCode = Annotated[str, BeforeValidator(_upper), StringConstraints(pattern=r"^[A-Z0-9]{2}$")]
FlightNo = Annotated[
    str,
    BeforeValidator(_upper),
    StringConstraints(pattern=r"^[A-Z0-9]{2} ?[0-9]{1,4}[A-Z]?$", max_length=10),
    AfterValidator(_spaced),
]
Terminal = Annotated[str, StringConstraints(strip_whitespace=True, max_length=10)]
Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2099, 12, 31))]
LocalTime = Annotated[
    time,
    AfterValidator(_local),
    WithJsonSchema({"type": "string", "pattern": r"^([01]\d|2[0-3]):[0-5]\d$", "examples": ["19:25"]}),
]
"""A time of day where it happens, without a zone."""
Version = Annotated[int, Field(ge=1, le=2**31 - 1)]
Seats = Annotated[int, Field(ge=1, le=2000)]


class LegIn(In):
    """One flight segment, in the local times of its airports. Without `pnr` it flies under the block's."""

    origin: AirportCode
    destination: AirportCode
    flight_no: FlightNo
    depart_date: Day
    depart_time: LocalTime
    arrive_date: Day
    arrive_time: LocalTime
    terminal: Terminal = ""
    arrival_terminal: Terminal = ""
    pnr: Annotated[PnrIn | None, BeforeValidator(_blank_is_none)] = None

    def leg(self, direction: Direction, n: int) -> Leg:
        return Leg(
            direction=direction,
            n=n,
            origin=self.origin,
            destination=self.destination,
            flight_no=self.flight_no,
            departs_on=self.depart_date,
            departs_at=self.depart_time,
            arrives_on=self.arrive_date,
            arrives_at=self.arrive_time,
            terminal=self.terminal,
            arrival_terminal=self.arrival_terminal,
            pnr=self.pnr,
        )


def numbered(legs: list[LegIn] | None, return_legs: list[LegIn] | None) -> list[Leg]:
    """The legs of a request, numbered in each direction."""
    out = [leg.leg(OUTBOUND, n) for n, leg in enumerate(legs or [], 1)]
    return out + [leg.leg(RETURN, n) for n, leg in enumerate(return_legs or [], 1)]


Legs = Annotated[list[LegIn], Field(max_length=MAX_LEGS)]


class BlockIn(In):
    """A block bought: from whom, on which PNR, how many seats at what price, which flights, which deadlines."""

    supplier_id: Id
    airline: AirlineCode
    pnr: PnrIn
    return_pnr: NoPnrIn = ""
    trip_type: TripType
    total_seats: Seats
    price_per_seat: AmountIn
    currency: Currency
    exchange_rate: RateIn | None = None
    deposit_amount: AmountIn | None = None
    deposit_due: Day | None = None
    names_due: Day | None = None
    ticketing_due: Day | None = None
    expiry_date: Day | None = None
    branch_id: Id | None = None
    notes: LongText = ""
    legs: Legs
    return_legs: Legs = []


class BlockPatch(In):
    """What may change of a block. What is left out stays; `version` (or If-Match) is the one that was read."""

    version: Version | None = None
    supplier_id: Id | None = None
    pnr: PnrIn | None = None
    return_pnr: NoPnrIn | None = None
    trip_type: TripType | None = None
    total_seats: Seats | None = None
    price_per_seat: AmountIn | None = None
    currency: Currency | None = None
    exchange_rate: RateIn | None = None
    deposit_amount: AmountIn | None = None
    deposit_due: Day | None = None
    names_due: Day | None = None
    ticketing_due: Day | None = None
    expiry_date: Day | None = None
    notes: LongText | None = None
    legs: Legs | None = None
    return_legs: Legs | None = None
