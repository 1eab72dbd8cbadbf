"""An order as JSON and back, exactly: Decimals as text, moments with offset and zone (`…+05:30[Asia/Kolkata]`)."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from simulator.model import Document, Fare, Order, Passenger, PricedFare, Segment, Tax


@lru_cache(maxsize=512)
def zone(name: str) -> ZoneInfo:
    """Raises: zoneinfo.ZoneInfoNotFoundError."""
    return ZoneInfo(name)


def _moment(value: datetime | None) -> str | None:
    if value is None:
        return None
    place = getattr(value.tzinfo, "key", "")
    return f"{value.isoformat()}[{place}]" if place else value.isoformat()


def _read_moment(text: str) -> datetime:
    iso, _, place = text.partition("[")
    moment = datetime.fromisoformat(iso)
    if place:
        return moment.astimezone(zone(place[:-1]))
    return moment.astimezone(UTC) if moment.utcoffset() == timedelta(0) else moment


def _read_moment_or_none(text: str | None) -> datetime | None:
    return None if text is None else _read_moment(text)


def _read_tax(raw: list[str]) -> Tax:
    return Tax(raw[0], raw[1], Decimal(raw[2]))


def _fare(fare: Fare) -> dict[str, Any]:
    return {
        "kind": fare.kind,
        "base": str(fare.base),
        "taxes": [[tax.code, tax.nature, str(tax.amount)] for tax in fare.taxes],
        "currency": fare.currency,
        "classes": fare.classes,
        "fare_bases": fare.fare_bases,
        "cabin": fare.cabin,
        "baggage": fare.baggage,
        "refundable": fare.refundable,
        "penalty": str(fare.penalty),
        "last_ticketing": _moment(fare.last_ticketing),
    }


def _read_fare(raw: dict[str, Any]) -> Fare:
    return Fare(
        kind=raw["kind"],
        base=Decimal(raw["base"]),
        taxes=tuple(_read_tax(tax) for tax in raw["taxes"]),
        currency=raw["currency"],
        classes=tuple(raw["classes"]),
        fare_bases=tuple(raw["fare_bases"]),
        cabin=raw["cabin"],
        baggage=raw["baggage"],
        refundable=raw["refundable"],
        penalty=Decimal(raw["penalty"]),
        last_ticketing=_read_moment(raw["last_ticketing"]),
    )


def _date(value: date | None) -> str | None:
    return None if value is None else value.isoformat()


def _read_date(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _pairs(raw: list[list[str]]) -> list[tuple[str, str]]:
    return [(kind, text) for kind, text in raw]


_Write = Callable[[Any], Any]
# What JSON cannot say by itself, by class and field: how it is written and how it is read back.
_SPECIAL: dict[type, dict[str, tuple[_Write, _Write]]] = {
    Passenger: {"birth_date": (_date, _read_date)},
    Segment: {"departs": (_moment, _read_moment), "arrives": (_moment, _read_moment)},
    PricedFare: {
        "fare": (_fare, _read_fare),
        "passengers": (list, tuple),
        "segments": (list, tuple),
        "created": (_moment, _read_moment),
    },
    Document: {
        "segments": (list, tuple),
        "issued_at": (_moment, _read_moment),
        **dict.fromkeys(("shown_from", "voided_at", "refunded_at"), (_moment, _read_moment_or_none)),
        **dict.fromkeys(("amount", "refunded", "base", "penalty"), (str, Decimal)),
    },
    Order: {
        "created": (_moment, _read_moment),
        "price_factor": (str, Decimal),
        "contacts": (list, _pairs),
        **dict.fromkeys(("time_limit", "guarantee_until", "cancelled_at", "paid_at"), (_moment, _read_moment_or_none)),
    },
}
_PARTS: dict[str, type] = {"passengers": Passenger, "segments": Segment, "fares": PricedFare, "documents": Document}
_NAMES = {kind: tuple(part.name for part in fields(kind)) for kind in _SPECIAL}


def _written(value: Any) -> dict[str, Any]:
    special = _SPECIAL[type(value)]
    told = {name: getattr(value, name) for name in _NAMES[type(value)]}
    for name, (write, _) in special.items():
        told[name] = write(told[name])
    return told


def _made(kind: type, raw: dict[str, Any]) -> Any:
    for name, (_, read) in _SPECIAL[kind].items():
        raw[name] = read(raw[name])
    return kind(**raw)


def order_text(order: Order) -> str:
    """An order as JSON text for the store."""
    told = _written(order)
    for name in _PARTS:
        told[name] = [_written(part) for part in told[name]]
    return json.dumps(told, separators=(",", ":"))


def read_order(text: str) -> Order:
    """The order that `order_text` wrote: equal to it, zones included."""
    raw = json.loads(text)
    for name, kind in _PARTS.items():
        raw[name] = [_made(kind, part) for part in raw[name]]
    order: Order = _made(Order, raw)
    return order


def _copied(kind: type) -> Callable[[Any], Any]:
    names = _NAMES[kind]

    def copy(value: Any) -> Any:
        return kind(*[getattr(value, name) for name in names])

    return copy


_copy_order = _copied(Order)
_copy_part = {name: _copied(kind) for name, kind in _PARTS.items()}


def copy_order(order: Order) -> Order:
    """An order of one's own to change. Fares are frozen and shared."""
    copy: Order = _copy_order(order)
    for name, part in _copy_part.items():
        setattr(copy, name, [part(each) for each in getattr(order, name)])
    for passenger in copy.passengers:
        passenger.contact = dict(passenger.contact)
    copy.remarks = list(order.remarks)
    copy.contacts = list(order.contacts)
    copy.extra = json.loads(json.dumps(order.extra)) if order.extra else {}
    return copy


def plain(value: Any) -> Any:
    """What the control port shows: the fields of any of the simulator's values as JSON, moments as plain ISO."""
    if is_dataclass(value) and not isinstance(value, type):
        return {part.name: plain(getattr(value, part.name)) for part in fields(value)}
    if isinstance(value, dict):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value
