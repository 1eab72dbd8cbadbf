"""Slices and segments, as offers, orders and airline-initiated changes show them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from simulator import places
from simulator.duffel.ids import written
from simulator.duffel.words import CABIN_NAMES, Words, aircraft, duration, local, marketing_name, stable, terminal
from simulator.model import Fare, Flight, Segment


@dataclass(frozen=True, slots=True)
class Rider:
    """A passenger as a segment shows him; `fare_basis` is shown in offers only."""

    id: str
    cabin: str  # M, W, C, F
    baggage: str
    infant: bool
    fare_bases: tuple[str, ...] = ()


def segment_id(offer: str, slice_index: int, index: int) -> str:
    return written("seg", stable("segment", offer, slice_index, index))


def slice_id(offer: str, slice_index: int) -> str:
    return written("sli", stable("slice", offer, slice_index))


def baggages(baggage: str, infant: bool = False) -> list[dict[str, Any]]:
    """`30K` is one checked bag, `2PC` two; one on board for whoever has a seat."""
    pieces = int(baggage[:-2]) if baggage.endswith("PC") and baggage[:-2].isdigit() else 1 if baggage else 0
    checked = {"type": "checked", "quantity": pieces}
    return [checked] if infant else [checked, {"type": "carry_on", "quantity": 1}]


def penalty(allowed: bool, amount: str | None, currency: str) -> dict[str, Any]:
    """A condition: what is not allowed states no penalty."""
    if not allowed:
        return {"penalty_currency": None, "penalty_amount": None, "allowed": False}
    return {"penalty_currency": currency, "penalty_amount": amount, "allowed": True}


def segment(
    words: Words,
    flight: Flight | Segment,
    id: str,  # noqa: A002
    passengers: list[dict[str, Any]],
) -> dict[str, Any]:
    """One segment with what it says of its passengers. Durations and distances are of the flight itself."""
    carrier = words.carrier(flight.carrier)
    return {
        "passengers": passengers,
        "origin_terminal": terminal(flight.origin, flight.carrier),
        "origin": words.airport(flight.origin),
        "stops": [],
        "operating_carrier_flight_number": flight.number,
        "operating_carrier": carrier,
        "marketing_carrier_flight_number": flight.number,
        "marketing_carrier": carrier,
        "id": id,
        "duration": duration(flight.arrives - flight.departs),
        "distance": str(places.kilometres(flight.origin, flight.destination)),
        "destination_terminal": terminal(flight.destination, flight.carrier),
        "destination": words.airport(flight.destination),
        "departing_at": local(flight.departs),
        "arriving_at": local(flight.arrives),
        "aircraft": aircraft(flight.equipment),
    }


def passenger(rider: Rider, index: int) -> dict[str, Any]:
    """What a segment says of a passenger; `index` is the segment's place in the whole itinerary."""
    cabin = CABIN_NAMES[rider.cabin]
    told: dict[str, Any] = {
        "passenger_id": rider.id,
        "cabin_class_marketing_name": marketing_name(cabin),
        "cabin_class": cabin,
        "baggages": baggages(rider.baggage, rider.infant),
    }
    if rider.fare_bases:
        told["fare_basis_code"] = rider.fare_bases[index]
        told["cabin"] = {
            "name": cabin,
            "marketing_name": marketing_name(cabin),
            "amenities": {"wifi": None, "power": None, "seat": None},
        }
    return told


def slice_frame(
    words: Words,
    flights: Sequence[Flight | Segment],
    id: str,  # noqa: A002
    cabin: str,
    segments: list[dict[str, Any]],
) -> dict[str, Any]:
    """What offers and orders share of a slice; each adds its conditions."""
    return {
        "fare_brand_name": f"{marketing_name(CABIN_NAMES[cabin])} Basic",
        "segments": segments,
        "origin_type": "airport",
        "origin": words.airport(flights[0].origin),
        "id": id,
        "duration": duration(flights[-1].arrives - flights[0].departs),
        "destination_type": "airport",
        "destination": words.airport(flights[-1].destination),
    }


def rider_of(id: str, fare: Fare) -> Rider:  # noqa: A002
    return Rider(id, fare.cabin, fare.baggage, fare.kind == "INF", fare.fare_bases)
