"""Anything of Duffel's, turned into its typed value: for people who look at a recording, and for the adapter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from qafila.air.gateways.duffel.offers import offer, offers
from qafila.air.gateways.duffel.orders import order
from qafila.air.gateways.duffel.problems import error_of, problems
from qafila.air.gateways.duffel.webhook import event_of
from qafila.air.gateways.duffel.wire import Part, amount, left_over, moment, money, parse, text
from qafila.air.gateways.errors import Unreadable
from qafila.air.gateways.settings import DuffelSettings
from qafila.air.gateways.values import Money


@dataclass(frozen=True, slots=True)
class Cancellation:
    """A quote to cancel an order, or its execution. `refund` None: the airline decides later. `confirmed_at` counts
    even when it is later than `expires_at`.
    """

    id: str
    order_id: str
    refund: Money | None
    refund_to: str
    expires_at: datetime | None
    created_at: datetime | None
    confirmed_at: datetime | None
    confirmed: bool
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment of an order. `order_id` and `status` are empty where they are not told, as in all recordings."""

    id: str
    order_id: str
    amount: Money
    type: str
    status: str
    created_at: datetime | None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Other:
    """Something of Duffel's that the contract has no value for; `notes` keeps what it says."""

    kind: str
    id: str
    notes: tuple[str, ...] = ()


_CANCELLATION = frozenset({
    "id", "order_id", "refund_amount", "refund_currency", "refund_to", "expires_at", "created_at", "confirmed_at",
    "live_mode",
})  # fmt: skip
_PAYMENT = frozenset({"id", "order_id", "amount", "currency", "type", "status", "created_at", "live_mode"})
_KINDS = {
    "off": "offer", "ord": "order", "orq": "offer_request", "prq": "offer_request", "ore": "cancellation",
    "pay": "payment", "wev": "event", "eve": "event", "end": "webhook", "sev": "webhook", "del": "delivery",
    "ocr": "order_change", "oce": "order_change", "aic": "airline_initiated_change", "pas": "passenger",
    "ase": "service", "aso": "service", "ser": "service", "pit": "payment_intent", "ref": "refund",
}  # fmt: skip
_READABLE = DuffelSettings(token="", base="")


def cancellation(data: Any, settings: DuffelSettings = _READABLE) -> Cancellation:
    """Raises: Unreadable (no id, a refund that is no amount)."""
    if not isinstance(data, dict) or not text(data, "id"):
        raise Unreadable("A cancellation without its id.", supplier=settings.code)
    return Cancellation(
        id=text(data, "id"),
        order_id=text(data, "order_id"),
        refund=money(data, "refund"),
        refund_to=text(data, "refund_to"),
        expires_at=moment(data.get("expires_at")),
        created_at=moment(data.get("created_at")),
        confirmed_at=moment(data.get("confirmed_at")),
        confirmed=bool(text(data, "confirmed_at")),
        notes=left_over(data, _CANCELLATION),
    )


def payment(data: Any, settings: DuffelSettings = _READABLE) -> Payment:
    """Raises: Unreadable (no id, no amount)."""
    if not isinstance(data, dict) or not text(data, "id"):
        raise Unreadable("A payment without its id.", supplier=settings.code)
    return Payment(
        id=text(data, "id"),
        order_id=text(data, "order_id"),
        amount=amount(data.get("amount"), data.get("currency")),
        type=text(data, "type"),
        status=text(data, "status"),
        created_at=moment(data.get("created_at")),
        notes=left_over(data, _PAYMENT),
    )


def read(data: bytes | str | dict[str, Any] | list[Any], settings: DuffelSettings = _READABLE) -> object:
    """An offer, offers, an order, a payment, a cancellation, a webhook's event, a list of them, or `Other`; with or
    without the `data` around it, parsed or not. Raises: SupplierError: Unreadable, or what a body of errors names.
    """
    whole = parse(data) if isinstance(data, bytes | str) else data
    if isinstance(whole, dict):
        if "errors" in whole and "data" not in whole:
            raise error_of(problems(whole), supplier=settings.code, status=None)
        if kind_of(whole) == "event":
            return event_of(whole)
        if "data" in whole:
            whole = whole["data"]
    if isinstance(whole, list):
        return tuple(_one(each, settings) for each in whole)
    return _one(whole, settings)


def kind_of(data: Part) -> str:
    """What an object of Duffel's is: by its id's prefix, else by what it holds."""
    prefix, mark, _ = text(data, "id").partition("_")
    if mark and prefix in _KINDS:
        return _KINDS[prefix]
    if "payment_status" in data or "booking_reference" in data:
        return "order"
    if "payment_requirements" in data:
        return "offer"
    if "offers" in data:
        return "offer_request"
    if "refund_to" in data and "order_id" in data and "new_total_amount" not in data:
        return "cancellation"
    return "other"


def _one(data: Any, settings: DuffelSettings) -> object:
    if not isinstance(data, dict):
        raise Unreadable("This is nothing of Duffel's.", supplier=settings.code)
    kind = kind_of(data)
    if reader := _READERS.get(kind):
        return reader(data, settings)
    return Other(kind, text(data, "id"), left_over(data, frozenset({"id"})))


_READERS: dict[str, Callable[[Part, DuffelSettings], object]] = {
    "offer": offer,
    "offer_request": offers,
    "order": order,
    "cancellation": cancellation,
    "payment": payment,
    "event": lambda data, settings: event_of(data),
}
