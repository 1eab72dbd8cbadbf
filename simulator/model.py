"""What the simulated airlines and the GDS keep: words shared by the book of orders and by both dialects.

All amounts are Decimal in `currency`; all moments are aware datetimes; `departs` and `arrives` in the airport's zone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

PassengerKind = Literal["ADT", "CHD", "INF"]
SegmentStatus = Literal["HK", "HL", "UN", "UC", "HX", "XX"]  # XX: cancelled by us and no longer shown
DocumentStatus = Literal["OPEN", "VOID", "REFUNDED"]


@dataclass(frozen=True, slots=True)
class Flight:
    """One flight on a day. `seats`: what each booking class still has, at most 9, in the order of the fare ladder."""

    carrier: str
    number: str
    origin: str
    destination: str
    departs: datetime
    arrives: datetime
    equipment: str
    seats: dict[str, int]

    @property
    def key(self) -> str:
        """`SV773/2027-01-18/SXR`: what inventory is counted on."""
        return f"{self.carrier}{self.number}/{self.departs.date().isoformat()}/{self.origin}"


@dataclass(frozen=True, slots=True)
class Tax:
    code: str  # the country or fee code: YQ, IN, SA …
    nature: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Fare:
    """What one passenger of a kind pays for a whole itinerary, one booking class and fare basis a segment."""

    kind: PassengerKind
    base: Decimal
    taxes: tuple[Tax, ...]
    currency: str
    classes: tuple[str, ...]
    fare_bases: tuple[str, ...]
    cabin: str  # M economy, W premium, C business, F first
    baggage: str  # 30K, 1PC
    refundable: bool
    penalty: Decimal  # kept from the fare when refunded
    last_ticketing: datetime  # after this the fare is gone

    @property
    def tax(self) -> Decimal:
        return sum((tax.amount for tax in self.taxes), Decimal(0))

    @property
    def total(self) -> Decimal:
        return self.base + self.tax


@dataclass(frozen=True, slots=True)
class Itinerary:
    """One way to fly the asked slices: `flights[i]` are the flights of slice i; fares by passenger kind."""

    flights: tuple[tuple[Flight, ...], ...]
    fares: dict[PassengerKind, Fare]
    validating_carrier: str


@dataclass(slots=True)
class Passenger:
    tattoo: int  # 1, 2, …; stable for the life of the order
    kind: PassengerKind
    first_name: str
    last_name: str
    birth_date: date | None = None
    gender: str = ""
    passport: str = ""  # as given: a DOCS line for Amadeus, a number for Duffel
    infant_of: int | None = None  # tattoo of the adult who carries this infant
    contact: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Segment:
    tattoo: int
    carrier: str
    number: str
    origin: str
    destination: str
    departs: datetime
    arrives: datetime
    booking_class: str
    equipment: str
    status: SegmentStatus
    slice: int = 0


@dataclass(slots=True)
class PricedFare:
    """A stored fare (an Amadeus TST; the price of a Duffel order): a fare and who it is for. `number` is the TST's."""

    number: int
    fare: Fare
    passengers: tuple[int, ...]
    segments: tuple[int, ...]
    created: datetime


@dataclass(slots=True)
class Document:
    number: str  # 13 digits: airline code and ten more
    passenger: int
    segments: tuple[int, ...]
    amount: Decimal  # fare and taxes of this passenger
    currency: str
    status: DocumentStatus
    issued_at: datetime  # in the office's zone
    shown_from: datetime | None = None  # later than issued_at when a fault delays the FA line
    voided_at: datetime | None = None
    refunded_at: datetime | None = None
    refunded: Decimal = Decimal(0)
    fare_number: int = 0  # of the stored fare it was issued from
    base: Decimal = Decimal(0)  # the fare within `amount`; the rest are taxes
    penalty: Decimal = Decimal(0)  # what a refund keeps of `base`: all of it when the fare is not refundable
    form_of_payment: str = ""


@dataclass(slots=True)
class Order:
    """One PNR or Duffel order. `version` is the envelope number: it grows with every change that was stored."""

    locator: str
    dialect: Literal["amadeus", "duffel"]
    id: str  # the locator for Amadeus, ord_… for Duffel
    created: datetime
    version: int
    office: str
    currency: str
    validating_carrier: str
    passengers: list[Passenger]
    segments: list[Segment]
    fares: list[PricedFare] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    contacts: list[tuple[str, str]] = field(default_factory=list)  # (AP type, text)
    form_of_payment: str = ""
    received_from: str = ""
    ticketing: Literal["XL", "TL", "OK"] = "XL"
    time_limit: datetime | None = None  # in the office's zone; the order is cancelled when it passes unticketed
    guarantee_until: datetime | None = None
    key: str = ""  # the client's own key: RM remark `QK/…`, metadata `key`
    cancelled_at: datetime | None = None
    paid_at: datetime | None = None
    price_factor: Decimal = Decimal(1)  # a side door moved the price between hold and issue
    extra: dict[str, object] = field(default_factory=dict)  # what only one dialect needs (JSON values)
