"""What sales takes in and gives out, the same for API, forms and import."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from qafila.kernel.http import Id, LongText
from qafila.kernel.money import AmountIn
from qafila.parties.schemas import CustomerIn
from qafila.sales.types import Tier

MAX_PASSENGERS = 500
MAX_IMPORT = 500
CAMEL = re.compile(r"(?<=[a-z0-9])([A-Z])")


class Asked(BaseModel):
    """What a request may carry: unknown fields are refused. Plain pydantic: it is checked once, not once a level."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)


def _lower(value: Any) -> Any:
    return value.strip().lower() if isinstance(value, str) else value


def _upper(value: Any) -> Any:
    return value.strip().upper() if isinstance(value, str) else value


def _gender(value: Any) -> Any:
    return _upper(value)[:1] if isinstance(value, str) and _upper(value) in {"MALE", "FEMALE"} else _upper(value)


def _passport(value: Any) -> Any:
    return re.sub(r"[\s<\-]", "", value).upper() if isinstance(value, str) else value


def _lines(value: Any) -> Any:
    return [line for line in value.splitlines() if line.strip()] if isinstance(value, str) else value


def _shaped(pattern: str, sentence: str) -> Callable[[str], str]:
    """A check that speaks as people do, where a bare pattern would be told as one."""
    shape = re.compile(pattern)

    def check(value: str) -> str:
        if not shape.fullmatch(value):
            raise ValueError(sentence)
        return value

    return check


def _printable(value: str) -> str:
    if not value.isprintable():
        raise ValueError("holds characters that cannot be printed")
    return value


Name = Annotated[str, StringConstraints(strip_whitespace=True, max_length=100), AfterValidator(_printable)]
Passport = Annotated[
    str,
    BeforeValidator(_passport),
    AfterValidator(_shaped(r"([A-Z0-9]{5,20})?", "A passport number is 5 to 20 letters and digits.")),
    Field(max_length=20, examples=["U1022552"]),
]
Gender = Annotated[Literal["M", "F", "X", ""], BeforeValidator(_gender)]
Nationality = Annotated[
    str,
    BeforeValidator(_upper),
    AfterValidator(_shaped(r"([A-Z]{3})?", "Use the three letters of the passport, such as IND.")),
    Field(max_length=3, examples=["IND"]),
]
Pnr = Annotated[
    str,
    BeforeValidator(_upper),
    AfterValidator(_shaped(r"([A-Z0-9]{5,8})?", "A PNR is 5 to 8 letters and digits.")),
    Field(max_length=8, examples=["K7QXPL"]),
]
TierIn = Annotated[Tier, BeforeValidator(_lower)]
Room = Annotated[Literal["quad", "triple", "double", "quint", "single", "sharing", ""], BeforeValidator(_lower)]
Policy = Annotated[Literal["full", "partial", "advance"], BeforeValidator(_lower)]
Count = Annotated[int, Field(ge=0, le=MAX_PASSENGERS)]
MrzLines = Annotated[
    list[Annotated[str, StringConstraints(max_length=100)]], BeforeValidator(_lines), Field(max_length=3)
]
Phone = Annotated[str, StringConstraints(strip_whitespace=True, max_length=30)]
Word = Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)]
Ref = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]


class PassengerIn(Asked):
    """Who travels. What `mrz` lines say fills what is left out and must agree with what is given."""

    title: Annotated[str, StringConstraints(strip_whitespace=True, max_length=10)] = ""
    first_name: Name = ""
    last_name: Name = ""
    gender: Gender = ""
    date_of_birth: date | None = None
    passport_no: Passport = ""
    passport_issued: date | None = None
    passport_expiry: date | None = None
    nationality: Nationality = ""
    tier: TierIn | None = Field(None, description="Left out: by the age on the departure date, else adult.")
    needs_visa: bool = False
    is_lead: bool = False
    pnr: Pnr = ""
    flight_id: Id | None = None
    mrz: MrzLines = Field(default_factory=list)


class RatesIn(Asked):
    """Rates per person, in the group's currency. What is left out comes from the group's sheet."""

    adult_rate: AmountIn | None = None
    child_rate: AmountIn | None = None
    infant_rate: AmountIn | None = None
    ticket_rate: AmountIn | None = None
    visa_rate: AmountIn | None = None
    hotel_rate: AmountIn | None = None
    meals_rate: AmountIn | None = None
    ground_rate: AmountIn | None = None
    total_amount: AmountIn | None = Field(None, description="The net total agreed, instead of rates x counts.")

    def components(self) -> dict[str, Decimal]:
        """The adult component rates given."""
        given: dict[str, Decimal | None] = {
            "flight": self.ticket_rate,
            "visa": self.visa_rate,
            "hotel": self.hotel_rate,
            "meals": self.meals_rate,
            "ground_services": self.ground_rate,
        }
        return {item: rate for item, rate in given.items() if rate is not None}


class TermsIn(RatesIn):
    """What is sold and how it is paid."""

    booking_type: Annotated[Word, BeforeValidator(_lower)] = Field("", examples=["umrah"])
    room_type: Room = ""
    payment_policy: Policy = "full"
    adults: Count | None = None
    children: Count | None = None
    infants: Count | None = None
    notes: LongText = ""


class BookingIn(TermsIn):
    """A package booking: a customer, a group and who travels."""

    customer_id: Id | None = None
    customer: CustomerIn | None = Field(
        None, description="Somebody new, instead of customer_id; a known passport is found, not doubled."
    )
    payer_id: Id | None = None
    agent_id: Id | None = None
    group_id: Id
    external_ref: Annotated[str, StringConstraints(strip_whitespace=True, max_length=60)] = ""
    passengers: Annotated[list[PassengerIn], Field(max_length=MAX_PASSENGERS)] = Field(default_factory=list)

    @model_validator(mode="after")
    def _one_customer(self) -> BookingIn:
        if (self.customer_id is None) == (self.customer is None):
            raise ValueError("give either customer_id or customer")
        return self


Version = Annotated[int, Field(ge=1, le=2**31 - 1)]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000)]


class PassengerPatch(PassengerIn):
    """What changes of a passenger; what is left out stays. In a roster, one without `id` is new."""

    id: Id | None = None
    state: Literal["active", "waitlisted"] | None = None


class OnePassengerPatch(PassengerIn):
    """What changes of one passenger; what is left out stays."""

    version: Version | None = None
    state: Literal["active", "waitlisted"] | None = None


class BookingPatch(RatesIn):
    """What changes of a booking; what is left out stays. `passengers`, when given, is the whole roster: who is not on
    it any more no longer travels."""

    version: Version | None = None
    status: Annotated[Word, BeforeValidator(_lower)] | None = Field(
        None, description="on_hold, or draft to lift the hold. Confirming is up to operations; see also /cancel."
    )
    payer_id: Id | None = None
    agent_id: Id | None = None
    booking_type: Annotated[Word, BeforeValidator(_lower)] | None = None
    room_type: Room | None = None
    payment_policy: Policy | None = None
    notes: LongText | None = None
    external_ref: Annotated[str, StringConstraints(strip_whitespace=True, max_length=60)] | None = None
    adults: Count | None = None
    children: Count | None = None
    infants: Count | None = None
    passengers: Annotated[list[PassengerPatch], Field(min_length=1, max_length=MAX_PASSENGERS)] | None = None
    reason: Reason = ""


class CancelIn(Asked):
    """Why, and the version that was read."""

    reason: Reason = ""
    version: Version | None = None


class SyncIn(Asked):
    """The version that was read."""

    version: Version | None = None


def snake(value: Any, fields: Any) -> Any:
    """The documents' camelCase names (`bookingRef`) as ours (`booking_ref`), where we know them."""
    if not isinstance(value, dict):
        return value
    renamed: dict[Any, Any] = {}
    for key, item in value.items():
        ours = CAMEL.sub(r"_\1", key).lower() if isinstance(key, str) else key
        known = ours if ours in fields and ours not in value else key
        renamed[known] = item
    return renamed


class ImportPassengerIn(PassengerIn):
    """A passenger of an import; the documents' camelCase names are taken too."""

    @model_validator(mode="before")
    @classmethod
    def _ours(cls, value: Any) -> Any:
        return snake(value, cls.model_fields)


class ImportBookingIn(TermsIn):
    """One booking of an import: `booking_ref` is the sender's own, by which a second run finds what the first did.

    Without `customer_id` the customer is the first passenger, reached under `customer_phone`.
    """

    booking_ref: Annotated[str, StringConstraints(strip_whitespace=True, max_length=60)] = ""
    group_id: Id | None = None
    customer_id: Id | None = None
    customer_phone: Phone = ""
    payer_id: Id | None = None
    agent_id: Id | None = None
    passengers: Annotated[list[ImportPassengerIn], Field(min_length=1, max_length=MAX_PASSENGERS)]

    @model_validator(mode="before")
    @classmethod
    def _ours(cls, value: Any) -> Any:
        return snake(value, cls.model_fields)


class ImportIn(Asked):
    """Bookings to import, 1 to 500 a request; each is checked and made on its own, so a bad one stops no other."""

    group_id: Id | None = Field(None, description="The departure of every booking that names none itself.")
    bookings: Annotated[list[dict[str, Any]], Field(min_length=1, max_length=MAX_IMPORT)] = Field(
        description="Each as `ImportBookingIn`: booking_ref, customer_phone, booking_type, room_type, payment_policy,"
        " rates, passengers; camelCase names are taken too.",
        examples=[[{"bookingRef": "FD-01", "customerPhone": "+919906039378", "roomType": "quad", "passengers": []}]],
    )
    dry_run: bool = Field(False, description="Do everything and take it back: what would the answer be?")

    @model_validator(mode="before")
    @classmethod
    def _ours(cls, value: Any) -> Any:
        return snake(value, cls.model_fields)
