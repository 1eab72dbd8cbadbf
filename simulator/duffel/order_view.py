"""An order as Duffel shows it, and what of it only Duffel knows (kept in `Order.extra`, as JSON).

`offer`, `metadata`, `price` ([kind, fare, taxes, how many] as agreed), `cabin`, `baggage`, `conditions`, `instant`,
`paid` (what was paid: fare, taxes), `payment` and `cancellation` (as told to the client). A passenger's id, title,
e-mail and telephone are in his `contact`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from simulator.book import active
from simulator.duffel import itinerary
from simulator.duffel.ids import written
from simulator.duffel.words import TYPES, Words, amount, moment, stable
from simulator.model import Document, Order, Passenger, Segment


@dataclass(frozen=True, slots=True)
class Price:
    base: Decimal
    tax: Decimal

    @property
    def total(self) -> Decimal:
        return self.base + self.tax


def agreed(order: Order) -> Price:
    """The price at which it was held, whatever the airline did to it since."""
    return _price(order, Decimal(1), 6)


def price(order: Order, minor: int) -> Price:
    """What it costs now, or what was paid for it."""
    paid = _of(order, "paid")
    if paid:
        return Price(Decimal(paid[0]), Decimal(paid[1]))
    return _price(order, order.price_factor, minor)


def _price(order: Order, factor: Decimal, minor: int) -> Price:
    unit = Decimal(1).scaleb(-minor)
    base = tax = Decimal(0)
    for _, one_base, one_tax, count in _of(order, "price"):
        one = Decimal(one_base) if factor == 1 else (Decimal(one_base) * factor).quantize(unit)
        base += one * count
        tax += Decimal(one_tax) * count
    return Price(base, tax)


def _of(order: Order, name: str) -> Any:
    return order.extra.get(name)


def awaiting(order: Order) -> bool:
    """Held and not paid. An order whose time limit passed awaits nothing (documented), though nobody paid for it."""
    return order.paid_at is None and order.cancelled_at is None


def disturbed(order: Order) -> list[Segment]:
    """Segments that the airline does not fly as sold."""
    return [each for each in order.segments if each.status not in {"HK", "XX"}]


def passenger_id(order: Order, tattoo: int) -> str:
    return next(each.contact["id"] for each in order.passengers if each.tattoo == tattoo)


def told(
    order: Order, words: Words, minor: int, now: datetime, documents: Iterable[Document], changed_at: datetime | None
) -> dict[str, Any]:
    """The object of an order at this moment; `documents` are those that show by now, `changed_at` is the moment of the
    airline's last change."""
    now_costs = price(order, minor)
    waits = awaiting(order)
    return {
        "synced_at": now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "airline_initiated_changes": _changes(order, words, changed_at or order.created),
        "available_actions": _actions(order),
        "total_currency": order.currency,
        "total_amount": amount(now_costs.total, minor),
        "tax_currency": order.currency,
        "tax_amount": amount(now_costs.tax, minor),
        "cancellation": _of(order, "cancellation"),
        "slices": [_slice(order, words, *each) for each in _slices(order)],
        "services": [],
        "payment_status": {
            "price_guarantee_expires_at": moment(order.guarantee_until) if waits and _guaranteed(order, now) else None,
            "payment_required_by": moment(order.time_limit) if waits else None,
            "awaiting_payment": waits,
            "paid_at": moment(order.paid_at),
        },
        "passengers": [_passenger(order, each) for each in order.passengers],
        "owner": words.carrier(order.validating_carrier),
        "metadata": _of(order, "metadata") or {},
        "live_mode": False,
        "id": order.id,
        "documents": [
            {
                "passenger_ids": [passenger_id(order, each.passenger)],
                "unique_identifier": each.number,
                "type": "electronic_ticket",
            }
            for each in documents
        ],
        "created_at": moment(order.created),
        "conditions": _of(order, "conditions"),
        "cancelled_at": moment(order.cancelled_at),
        "booking_reference": order.locator,
        "base_currency": order.currency,
        "base_amount": amount(now_costs.base, minor),
    }


def _guaranteed(order: Order, now: datetime) -> bool:
    """A price that the airline moved is no longer guaranteed, whatever it said before."""
    return order.guarantee_until is not None and order.guarantee_until > now and order.price_factor == 1


def _actions(order: Order) -> list[str]:
    if order.cancelled_at is not None:
        return []
    return ["cancel", "update"] if order.paid_at is None else ["cancel", "change", "update"]


def _passenger(order: Order, passenger: Passenger) -> dict[str, Any]:
    infant = next((each for each in order.passengers if each.infant_of == passenger.tattoo), None)
    loyalty = (_of(order, "loyalty") or {}).get(str(passenger.tattoo))
    shown: dict[str, Any] = {
        "type": TYPES[passenger.kind],
        "title": passenger.contact["title"],
        "infant_passenger_id": infant.contact["id"] if infant else None,
        "id": passenger.contact["id"],
        "given_name": passenger.first_name,
        "gender": passenger.gender,
        "family_name": passenger.last_name,
        "born_on": passenger.birth_date.isoformat() if passenger.birth_date else None,
        "email": passenger.contact["email"],
        "phone_number": passenger.contact["phone"],
    }
    if loyalty:
        shown["loyalty_programme_accounts"] = loyalty
    return shown


def _slices(order: Order) -> list[tuple[int, list[Segment]]]:
    """By number. A cancelled order still shows where it would have gone."""
    shown = active(order) if order.cancelled_at is None else order.segments
    numbers = sorted({segment.slice for segment in shown})
    return [(number, [each for each in shown if each.slice == number]) for number in numbers]


def _slice(
    order: Order, words: Words, number: int, flights: Sequence[Segment], removed: bool = False
) -> dict[str, Any]:
    offer = str(_of(order, "offer"))
    cabin, baggage = str(_of(order, "cabin")), _of(order, "baggage")
    riders = [
        itinerary.Rider(each.contact["id"], cabin, baggage[each.kind], each.kind == "INF") for each in order.passengers
    ]
    segments = []
    for flight in flights:
        seats = [itinerary.passenger(rider, 0) for rider in riders]
        if removed:
            # Recorded: a change names no passengers and leaves their bags out.
            for seat in seats:
                del seat["passenger_id"]
                seat["baggages"] = []
        nth = [each.tattoo for each in order.segments if each.slice == number].index(flight.tattoo)
        segments.append(itinerary.segment(words, flight, itinerary.segment_id(offer, number, nth), seats))
    frame = itinerary.slice_frame(words, flights, itinerary.slice_id(offer, number), cabin, segments)
    frame["conditions"] = {"change_before_departure": _of(order, "conditions")["change_before_departure"]}
    return frame


def _changes(order: Order, words: Words, changed_at: datetime) -> list[dict[str, Any]]:
    """One for each slice in which the airline no longer flies a segment as sold: it takes the slice out."""
    gone = {each.slice for each in disturbed(order)}
    return [
        {
            "updated_at": moment(changed_at),
            "travel_agent_ticket": None,
            "removed": [_slice(order, words, number, flights, removed=True)],
            "order_id": order.id,
            "id": change_id(order, number),
            "created_at": moment(changed_at),
            "available_actions": ["cancel"] if order.cancelled_at is None else [],
            "added": [],
            "action_taken_at": None,
            "action_taken": None,
        }
        for number, flights in _slices(order)
        if number in gone
    ]


def change_id(order: Order, number: int) -> str:
    """The id of the airline-initiated change of a slice."""
    return written("aic", stable("change", order.id, number))
