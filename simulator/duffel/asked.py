"""What a client asked for: request bodies read into values, refused with Duffel's validation errors.

Only the first error is told, with a pointer into `data`. Limits: 9 passengers, 50 metadata pairs of 40 and 500
characters (documented), names of 1-20 Latin letters (documented), one selected offer.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from simulator.duffel import fields
from simulator.duffel.errors import bad_request, blank, invalid, wrong_state
from simulator.model import PassengerKind

KINDS: dict[str, PassengerKind] = {
    "adult": "ADT",
    "child": "CHD",
    "infant_without_seat": "INF",
}
CABINS = {"economy": "M", "premium_economy": "W", "business": "C", "first": "F"}
TITLES = frozenset({"mr", "ms", "mrs", "miss", "dr"})
MOST_PASSENGERS = 9
_CODE = re.compile(r"[A-Z]{3}")
# ASCII, Latin-1 and Latin Extended-A letters but the ligatures, Þ and ð; blank, hyphen, apostrophe.
_NAME = re.compile(r"(?![ÆæĲĳŒœÞð×÷])(?:(?![ÆæĲĳŒœÞð×÷])[A-Za-zÀ-ſ '\-]){1,20}")
_PHONE = re.compile(r"\+[1-9][0-9]{6,14}")
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,255}")
_AMOUNT = re.compile(r"[0-9]{1,12}(\.[0-9]{1,3})?")


@dataclass(frozen=True, slots=True)
class AskedSlice:
    origin: str
    destination: str
    day: date


@dataclass(frozen=True, slots=True)
class AskedPassenger:
    """`type` as asked; derived from `age` in whole years where only that was given."""

    type: str
    age: int | None

    @property
    def kind(self) -> PassengerKind:
        return KINDS[self.type]


@dataclass(frozen=True, slots=True)
class AskedSearch:
    slices: tuple[AskedSlice, ...]
    passengers: tuple[AskedPassenger, ...]
    cabin: str
    max_connections: int


@dataclass(frozen=True, slots=True)
class AskedTraveller:
    """One passenger of an order to be made; `id` is one of the offer's passengers."""

    id: str
    title: str
    given_name: str
    family_name: str
    gender: str
    born_on: date
    email: str
    phone_number: str
    infant_passenger_id: str
    documents: tuple[dict[str, str], ...]
    loyalty: tuple[dict[str, str], ...]


@dataclass(frozen=True, slots=True)
class AskedPayment:
    type: str
    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class AskedOrder:
    type: str  # hold or instant
    offer: str
    travellers: tuple[AskedTraveller, ...]
    metadata: dict[str, str] = field(default_factory=dict)
    payment: AskedPayment | None = None


def data_of(body: bytes) -> dict[str, Any]:
    """The object under `data`. Raises: ApiError."""
    try:
        told = json.loads(body, parse_constant=_no_number)
        json.dumps(told, ensure_ascii=False).encode()  # half of a character is no text: it could not be told again
    except (ValueError, RecursionError):
        raise bad_request(
            "malformed_request_body", "Malformed request body", "The request body is not valid JSON."
        ) from None
    data = told.get("data") if isinstance(told, dict) else None
    if not isinstance(data, dict):
        raise bad_request(
            "invalid_data_param", "Invalid 'data' param", "The request body needs an object in its 'data' param."
        )
    return data


def _no_number(name: str) -> None:
    """NaN and the infinities are no JSON. Raises: ValueError."""
    raise ValueError(name)


def read_search(data: dict[str, Any], today: date) -> AskedSearch:
    """Raises: ApiError for what does not hold. Whether the places exist is the world's to say."""
    slices = tuple(
        _slice(each, f"/slices/{n}", today) for n, each in enumerate(fields.many(data, "slices", "/slices", 6))
    )
    passengers = tuple(
        _passenger(each, f"/passengers/{n}")
        for n, each in enumerate(fields.many(data, "passengers", "/passengers", MOST_PASSENGERS))
    )
    kinds = [each.kind for each in passengers]
    if kinds.count("INF") > kinds.count("ADT"):
        raise invalid(
            "/passengers", "invalid_passengers", "Invalid passengers", "There must be an adult for each infant"
        )
    if "ADT" not in kinds and "CHD" not in kinds:
        raise blank("/passengers")
    cabin = data.get("cabin_class") or "economy"
    if not isinstance(cabin, str) or cabin not in CABINS:
        raise fields.not_one_of("/cabin_class", CABINS)
    connections = data.get("max_connections", 1)
    if connections is None:
        connections = 1
    if not isinstance(connections, int) or isinstance(connections, bool) or connections < 0:
        raise fields.wrong("/max_connections", "must be a whole number from 0")
    return AskedSearch(slices, passengers, cabin, connections)


def read_order(data: dict[str, Any], today: date) -> AskedOrder:
    """Raises: ApiError. Whether the passengers are the offer's is checked with the offer."""
    kind = data.get("type", "instant")
    if kind not in ("hold", "pay_later", "instant"):
        raise wrong_state(
            "invalid_order_create_type", "Invalid order create type", "The specified `type` was incorrect."
        )
    offers = fields.many(data, "selected_offers", "/selected_offers", 1)
    if not isinstance(offers[0], str):
        raise blank("/selected_offers/0")
    travellers = tuple(
        _traveller(each, f"/passengers/{n}", today)
        for n, each in enumerate(fields.many(data, "passengers", "/passengers", MOST_PASSENGERS))
    )
    if data.get("services"):
        raise fields.wrong("/services", "contains services that the offer does not have")
    payment = None
    if kind == "instant":
        payment = read_payment(fields.many(data, "payments", "/payments", 1)[0], "/payments/0")
    elif data.get("payments"):
        raise fields.wrong("/payments", "must be left out for an order that is paid later")
    return AskedOrder(
        "instant" if kind == "instant" else "hold", offers[0], travellers, read_metadata(data.get("metadata")), payment
    )


def read_payment(raw: object, pointer: str) -> AskedPayment:
    """Raises: ApiError. The amount and the currency are compared with the order's elsewhere."""
    if not isinstance(raw, dict):
        raise blank(pointer)
    kind = fields.text(raw, "type", pointer)
    if kind not in {"balance", "arc_bsp_cash"}:
        raise fields.not_one_of(f"{pointer}/type", ("balance", "arc_bsp_cash"))
    amount = fields.text(raw, "amount", pointer)
    currency = fields.text(raw, "currency", pointer)
    if not _AMOUNT.fullmatch(amount):
        raise fields.wrong(f"{pointer}/amount", "must be a decimal number written as a string")
    if not _CODE.fullmatch(currency):
        raise fields.wrong(f"{pointer}/currency", "must be an ISO 4217 currency code")
    try:
        return AskedPayment(kind, Decimal(amount), currency)
    except InvalidOperation:
        raise fields.wrong(f"{pointer}/amount", "must be a decimal number written as a string") from None


def read_methods(data: dict[str, Any]) -> list[str]:
    """The payment methods that are meant for an offer; those that do not exist here are left out. Raises: ApiError."""
    asked = data.get("intended_payment_methods") or []
    if not isinstance(asked, list) or not all(isinstance(each, dict) for each in asked):
        raise fields.wrong("/intended_payment_methods", "must be a list of payment methods")
    return [each["type"] for each in asked if each.get("type") in ("balance", "arc_bsp_cash")]


def read_order_id(data: dict[str, Any]) -> str:
    """Raises: ApiError."""
    return fields.text(data, "order_id", "")


def read_metadata(raw: object) -> dict[str, str]:
    """Raises: ApiError beyond 50 pairs, keys of 40 and values of 500 characters."""
    if raw is None:
        return {}
    if not isinstance(raw, dict):
        raise fields.wrong("/metadata", "must be an object")
    if len(raw) > 50:
        raise fields.wrong("/metadata", "must have at most 50 pairs")
    for key, value in raw.items():
        if not key or len(key) > 40:
            raise fields.wrong("/metadata", "must have keys of at most 40 characters")
        if not isinstance(value, str) or len(value) > 500:
            raise fields.wrong(f"/metadata/{key}", "must be a string of at most 500 characters")
    return dict(raw)


def _slice(raw: object, pointer: str, today: date) -> AskedSlice:
    if not isinstance(raw, dict):
        raise blank(pointer)
    places = []
    for end in ("origin", "destination"):
        code = fields.text(raw, end, pointer)
        if not _CODE.fullmatch(code):
            raise fields.wrong(f"{pointer}/{end}", "must be the IATA code of an airport or a city")
        places.append(code)
    if places[0] == places[1]:
        raise fields.wrong(f"{pointer}/destination", "must not be the same as the origin")
    day = fields.day(raw, "departure_date", pointer)
    if day < today:
        raise fields.wrong(f"{pointer}/departure_date", f"must be after {today.isoformat()}")
    return AskedSlice(places[0], places[1], day)


def _passenger(raw: object, pointer: str) -> AskedPassenger:
    if not isinstance(raw, dict):
        raise blank(pointer)
    kind, age = raw.get("type"), raw.get("age")
    if age is not None and (not isinstance(age, int) or isinstance(age, bool) or not 0 <= age <= 130):
        raise fields.wrong(f"{pointer}/age", "must be a whole number of years")
    if kind is None:
        if age is None:
            raise blank(f"{pointer}/type")
        kind = "infant_without_seat" if age < 2 else "child" if age < 12 else "adult"
    if not isinstance(kind, str) or kind not in KINDS:
        raise fields.not_one_of(f"{pointer}/type", KINDS)
    return AskedPassenger(kind, age)


def _traveller(raw: object, pointer: str, today: date) -> AskedTraveller:
    if not isinstance(raw, dict):
        raise blank(pointer)
    title, gender = fields.text(raw, "title", pointer), fields.text(raw, "gender", pointer)
    if title not in TITLES:
        raise fields.not_one_of(f"{pointer}/title", TITLES)
    if gender not in {"m", "f"}:
        raise fields.not_one_of(f"{pointer}/gender", ("m", "f"))
    names = {}
    for name in ("given_name", "family_name"):
        names[name] = fields.text(raw, name, pointer)
        if not _NAME.fullmatch(names[name]):
            raise fields.wrong(f"{pointer}/{name}", "must be 1 to 20 Latin letters, blanks, hyphens or apostrophes")
    born = fields.day(raw, "born_on", pointer)
    if born > today or born.year < 1900:
        raise fields.wrong(f"{pointer}/born_on", "must be a date in the past")
    phone, email = fields.text(raw, "phone_number", pointer), fields.text(raw, "email", pointer)
    if not _PHONE.fullmatch(phone):
        raise fields.wrong(f"{pointer}/phone_number", "must be a valid phone number in international format")
    if not _EMAIL.fullmatch(email):
        raise fields.wrong(f"{pointer}/email", "must be a valid email address")
    infant = raw.get("infant_passenger_id")
    if infant is not None and not isinstance(infant, str):
        raise fields.wrong(f"{pointer}/infant_passenger_id", "must be the id of a passenger")
    return AskedTraveller(
        id=fields.text(raw, "id", pointer),
        title=title,
        **names,
        gender=gender,
        born_on=born,
        email=email,
        phone_number=phone,
        infant_passenger_id=infant or "",
        documents=_documents(raw.get("identity_documents"), f"{pointer}/identity_documents"),
        loyalty=_loyalty(raw.get("loyalty_programme_accounts"), f"{pointer}/loyalty_programme_accounts"),
    )


def _documents(raw: object, pointer: str) -> tuple[dict[str, str], ...]:
    if not raw:
        return ()
    if not isinstance(raw, list) or len(raw) > 1:
        raise fields.wrong(pointer, "must be a list of one document")
    document = raw[0]
    if not isinstance(document, dict):
        raise blank(f"{pointer}/0")
    told = {
        name: fields.text(document, name, f"{pointer}/0")
        for name in ("type", "unique_identifier", "issuing_country_code", "expires_on")
    }
    if told["type"] != "passport":
        raise fields.not_one_of(f"{pointer}/0/type", ("passport",))
    if not re.fullmatch(r"[A-Z]{2}", told["issuing_country_code"]):
        raise fields.wrong(f"{pointer}/0/issuing_country_code", "must be a country code of two letters")
    if not re.fullmatch(r"[A-Za-z0-9]{1,15}", told["unique_identifier"]):
        raise fields.wrong(f"{pointer}/0/unique_identifier", "must be 1 to 15 letters and digits")
    fields.day(document, "expires_on", f"{pointer}/0")
    return (told,)


def _loyalty(raw: object, pointer: str) -> tuple[dict[str, str], ...]:
    if not raw:
        return ()
    if not isinstance(raw, list) or not all(isinstance(each, dict) for each in raw):
        raise fields.wrong(pointer, "must be a list of accounts")
    return tuple(
        {name: fields.text(each, name, f"{pointer}/{n}") for name in ("airline_iata_code", "account_number")}
        for n, each in enumerate(raw)
    )
