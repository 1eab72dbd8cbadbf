"""What crosses the contract: frozen, typed, the same for every supplier. Money is Decimal with its currency; moments
keep the zone of the place they happen. All of it can be stored and read back: `stored(value)`, `restored(kind, text)`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any, TypeAlias, TypeVar

from pydantic import TypeAdapter

from qafila.air.gateways.moments import Moment
from qafila.kernel.errors import Invalid
from qafila.kernel.money import minor_units

T = TypeVar("T")
_Day: TypeAlias = date  # a field called `date` hides the type from whoever resolves its annotation


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in a currency. Adding two currencies is refused."""

    amount: Decimal
    currency: str

    def __add__(self, other: Money) -> Money:
        if other.currency != self.currency:
            raise Invalid(f"{self} and {other} are not of one currency.")
        return Money(self.amount + other.amount, self.currency)

    def __sub__(self, other: Money) -> Money:
        return self + Money(-other.amount, other.currency)

    def times(self, count: int) -> Money:
        """So many of it."""
        return Money(self.amount * count, self.currency)

    def __str__(self) -> str:
        return f"{self.currency} {self.amount:,.{minor_units(self.currency)}f}"


def total_of(amounts: Iterable[Money]) -> Money:
    """The sum of at least one amount, all of one currency. Refuses: Invalid (none; two currencies)."""
    rest = iter(amounts)
    try:
        whole = next(rest)
    except StopIteration:
        raise Invalid("Nothing to add up.") from None
    for amount in rest:
        whole = whole + amount
    return whole


class PassengerType(StrEnum):
    """IATA's three passenger types that the agency sells."""

    ADULT = "ADT"
    CHILD = "CHD"
    INFANT = "INF"


class Cabin(StrEnum):
    ECONOMY = "economy"
    PREMIUM = "premium_economy"
    BUSINESS = "business"
    FIRST = "first"


# -- searching --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Slice:
    """One direction of a journey: airports or cities by three letters, and the local date of departure."""

    origin: str
    destination: str
    date: _Day


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """What to look for. Refuses nothing by itself: `protocol.check_query` does."""

    slices: tuple[Slice, ...]
    adults: int = 1
    children: int = 0
    infants: int = 0
    cabin: Cabin | None = None
    direct_only: bool = False
    carriers: tuple[str, ...] = ()
    currency: str | None = None
    limit: int = 50

    def travellers(self) -> tuple[PassengerType, ...]:
        """One type for each passenger, adults first."""
        return (
            *(PassengerType.ADULT,) * self.adults,
            *(PassengerType.CHILD,) * self.children,
            *(PassengerType.INFANT,) * self.infants,
        )


@dataclass(frozen=True, slots=True)
class OfferSegment:
    """One flight of an offer; `slice` counts the query's slices from 0. Times are local to the airport."""

    slice: int
    carrier: str
    number: str
    origin: str
    destination: str
    departs: Moment
    arrives: Moment
    booking_class: str
    cabin: str = ""
    fare_basis: str = ""
    operated_by: str = ""
    equipment: str = ""
    baggage: str = ""
    seats_left: int | None = None
    origin_terminal: str = ""
    destination_terminal: str = ""


@dataclass(frozen=True, slots=True)
class TaxLine:
    """One tax or fee of one passenger: its code (YQ, SA, K3 …), its nature code where the supplier says, its amount."""

    code: str
    amount: Money
    nature: str = ""


@dataclass(frozen=True, slots=True)
class FareLine:
    """What each of `count` passengers of a type pays. `base` is in the total's currency (`filed` in the fare's own);
    `total` = base + taxes + fees, of ONE passenger. `travellers` are the supplier's own references, when it says whose.
    """

    passenger_type: PassengerType
    count: int
    base: Money
    tax: Money
    total: Money
    taxes: tuple[TaxLine, ...] = ()
    fees: Money | None = None
    filed: Money | None = None
    fare_bases: tuple[str, ...] = ()
    validating_carrier: str = ""
    refundable: bool | None = None
    baggage: str = ""
    travellers: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()
    reference: str = ""


class LimitKind(StrEnum):
    """Which clock a time limit runs on. The earliest of all wins."""

    TICKETING = "ticketing"  # TL, or a search's last ticketing date
    CANCEL = "cancel"  # XL: the supplier cancels by itself
    FARE = "fare"  # the price is gone after it
    AIRLINE = "airline"  # an SSR of the carrier
    PAYMENT = "payment"
    GUARANTEE = "guarantee"  # the price is promised until


@dataclass(frozen=True, slots=True)
class TimeLimit:
    """Until when something must be done, in the zone of the place that counts; `text` as the supplier wrote it."""

    kind: LimitKind
    at: Moment
    text: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """A priced itinerary a supplier will sell. `token` is the supplier's own: hand it back unread to `hold`."""

    supplier: str
    token: str
    segments: tuple[OfferSegment, ...]
    fares: tuple[FareLine, ...]
    total: Money
    validating_carrier: str
    can_hold: bool = True
    expires_at: Moment | None = None
    time_limits: tuple[TimeLimit, ...] = ()
    refundable: bool | None = None
    notes: tuple[str, ...] = ()
    passengers: tuple[str, ...] = ()  # the supplier's references, in the order of `SearchQuery.travellers()`
    simulated: bool = False


# -- people -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Passport:
    """A travel document; never shown by `repr`."""

    number: str = field(repr=False)
    issued_by: str  # ISO 3166 two or three letters
    nationality: str
    expires_on: date


@dataclass(frozen=True, slots=True)
class Traveller:
    """Who will fly. `ref` is ours (`T1`). An infant names the adult who carries it. `repr` shows no contact data."""

    ref: str
    type: PassengerType
    first_name: str
    last_name: str
    title: str = ""  # MR, MRS, MS, MSTR, MISS
    gender: str = ""  # M, F
    birth_date: date | None = field(default=None, repr=False)
    passport: Passport | None = field(default=None, repr=False)
    email: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    infant_of: str | None = None


# -- orders -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OrderRef:
    """One order at one supplier: Amadeus' record locator, Duffel's `ord_…`, a typed locator."""

    supplier: str
    id: str

    def __str__(self) -> str:
        return f"{self.supplier}:{self.id}"


@dataclass(frozen=True, slots=True)
class OrderTraveller:
    """A traveller as the supplier knows him; `id` is its reference (an Amadeus tattoo); infants have their own."""

    id: str
    type: PassengerType
    first_name: str
    last_name: str
    birth_date: date | None = field(default=None, repr=False)
    infant_of: str | None = None


class SegmentState(StrEnum):
    CONFIRMED = "confirmed"
    WAITLISTED = "waitlisted"
    REQUESTED = "requested"
    CANCELLED = "cancelled"  # by the airline or by us
    CHANGED = "changed"  # the airline moved it and waits for an answer
    FLOWN = "flown"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class OrderSegment:
    """A flight of an order; `status` is the supplier's code (HK, UN, TK …), `state` what it means."""

    id: str
    carrier: str
    number: str
    origin: str
    destination: str
    departs: Moment | None
    arrives: Moment | None
    booking_class: str
    status: str
    state: SegmentState
    seats: int = 1
    airline_locator: str = ""
    equipment: str = ""


class CouponStatus(StrEnum):
    OPEN = "open"
    FLOWN = "flown"
    VOID = "void"
    REFUNDED = "refunded"
    EXCHANGED = "exchanged"
    AIRPORT = "airport"  # under the control of an airport: neither void nor refund now
    SUSPENDED = "suspended"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Coupon:
    number: int
    status: CouponStatus
    code: str = ""  # the supplier's: I, OK, AL, CK, F, V, RF, E …
    segment: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """One electronic ticket (or EMD) of one traveller. `number` is 13 digits without a hyphen when the supplier gives a
    real one. `status` sums up the coupons; UNKNOWN when the supplier does not tell here (ask with the coupon status).
    """

    number: str
    travellers: tuple[str, ...]
    segments: tuple[str, ...] = ()
    status: CouponStatus = CouponStatus.UNKNOWN
    coupons: tuple[Coupon, ...] = ()
    kind: str = "ticket"  # ticket, emd
    amount: Money | None = None
    issued_on: date | None = None
    validating_carrier: str = ""
    office: str = ""
    iata_number: str = ""
    text: str = ""
    conjunction: tuple[str, ...] = ()  # the numbers of its further booklets


@dataclass(frozen=True, slots=True)
class OrderSnapshot:
    """The supplier's record as it stands: the source of truth. `version` grows with each stored change (an Amadeus
    envelope number, Duffel's `synced_at`). `notes` keeps what was there and has no place of its own.
    """

    ref: OrderRef
    locator: str
    version: str
    travellers: tuple[OrderTraveller, ...]
    segments: tuple[OrderSegment, ...]
    documents: tuple[Document, ...] = ()
    time_limits: tuple[TimeLimit, ...] = ()
    fares: tuple[FareLine, ...] = ()
    total: Money | None = None
    paid: bool | None = None
    cancelled: bool = False
    key: str = ""
    created_at: Moment | None = None
    validating_carrier: str = ""
    notes: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    simulated: bool = False

    @property
    def time_limit(self) -> TimeLimit | None:
        """The earliest of all limits that end something: what must be done by then, must be done by then."""
        ending = [limit for limit in self.time_limits if limit.kind is not LimitKind.GUARANTEE]
        return min(ending, key=lambda limit: limit.at, default=None)

    def unticketed(self) -> tuple[OrderTraveller, ...]:
        """The travellers who have no live ticket."""
        dead = {CouponStatus.VOID, CouponStatus.REFUNDED, CouponStatus.EXCHANGED}
        live = {t for d in self.documents if d.kind == "ticket" and d.status not in dead for t in d.travellers}
        return tuple(traveller for traveller in self.travellers if traveller.id not in live)


@dataclass(frozen=True, slots=True)
class Priced:
    """A price the supplier will issue at. `token` is its own (TST numbers; an order's total): `issue` wants it back."""

    ref: OrderRef
    fares: tuple[FareLine, ...]
    total: Money
    token: str
    version: str = ""
    guaranteed: bool = False
    valid_until: Moment | None = None
    time_limits: tuple[TimeLimit, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Issued:
    """Every expected traveller's document, and the record they were read from."""

    documents: tuple[Document, ...]
    snapshot: OrderSnapshot


@dataclass(frozen=True, slots=True)
class RefundQuote:
    """What the supplier would give back for these documents, nothing done yet. `refund` None: it does not know.
    paid = refund + penalty + what was used (+ taxes not given back), as far as the supplier tells.
    """

    ref: OrderRef
    documents: tuple[str, ...]
    refund: Money | None
    token: str
    paid: Money | None = None
    penalty: Money | None = None
    used: Money | None = None
    tax_refund: Money | None = None
    taxes: tuple[TaxLine, ...] = ()
    refund_to: str = ""
    expires_at: Moment | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refunded:
    """A refund the supplier has carried out."""

    documents: tuple[str, ...]
    refund: Money | None
    reference: str = ""
    at: Moment | None = None


# -- keeping ----------------------------------------------------------------------------------------------------------


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def stored(value: Any) -> str:
    """A value of this file as JSON text: Decimals as strings, moments with their zones."""
    kind: Any = type(value)
    return _adapter(kind).dump_json(value).decode()


def restored(kind: type[T], text: str | bytes) -> T:
    """The value that `stored` wrote. Raises: pydantic.ValidationError when it is none."""
    anything: Any = kind
    value: T = _adapter(anything).validate_json(text)
    return value
