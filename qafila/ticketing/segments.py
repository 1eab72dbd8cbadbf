"""The flights of a ticket: rebuilt from the linked inventory at every reading, never copied (domain, section 2.5)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time

from qafila.groups.models import GroupFlight
from qafila.inventory.models import BlockLeg
from qafila.inventory.pnr import Pnr, resolve_pnr


@dataclass(frozen=True)
class Segment:
    """One flight a passenger takes. Times are local to the airport; `pnr` is the one that holds, `pnr_source` whose."""

    leg_id: int
    n: int
    direction: str
    flight_no: str
    origin: str
    destination: str
    departs_on: date
    departs_at: time
    arrives_on: date
    arrives_at: time
    terminal: str
    arrival_terminal: str
    airline: str
    block_code: str
    pnr: str
    pnr_source: str


Flights = dict[int, list[GroupFlight]]


def flights_of_groups(group_ids: Iterable[int]) -> Flights:
    """The linked flights of several groups with their blocks and legs: two queries."""
    flights: Flights = defaultdict(list)
    linked = (
        GroupFlight.objects.filter(group_id__in=set(group_ids))
        .select_related("block")
        .order_by("block__departs_on", "pk")
    )
    for flight in linked.prefetch_related("block__legs"):
        flights[flight.group_id].append(flight)
    return flights


def chosen(flights: Flights, group_id: int, flight_id: int | None) -> list[GroupFlight]:
    """The group's flights, or the one a passenger was put on."""
    return [f for f in flights.get(group_id, []) if flight_id is None or f.pk == flight_id]


def leg_pnr(flight: GroupFlight, leg: BlockLeg, *, passenger: str, ticket: str, requested: str = "") -> Pnr:
    return resolve_pnr(
        direction=leg.direction,
        leg=leg.pnr,
        block=flight.block.pnr,
        block_return=flight.block.return_pnr,
        group_flight=flight.pnr,
        passenger=passenger,
        ticket=ticket,
        requested=requested,
    )


def segments(
    flights: Flights, group_id: int, flight_id: int | None, *, passenger_pnr: str, ticket_pnr: str, requested: str = ""
) -> list[Segment]:
    """What the passenger flies, in order of departure.

    What issue wrote on a ticket overrides its legs only where somebody asked for it: a PNR that the first leg gives by
    itself leaves the return legs theirs.
    """
    legs = [(flight, leg) for flight in chosen(flights, group_id, flight_id) for leg in flight.block.legs.all()]
    legs.sort(key=lambda pair: (pair[1].departs_on, pair[1].departs_at))
    found = []
    if ticket_pnr and not requested and legs:
        flight, leg = legs[0]
        if leg_pnr(flight, leg, passenger=passenger_pnr, ticket="").value == ticket_pnr:
            ticket_pnr = ""
    for n, (flight, leg) in enumerate(legs, 1):
        pnr = leg_pnr(flight, leg, passenger=passenger_pnr, ticket=ticket_pnr, requested=requested)
        found.append(
            Segment(
                leg_id=leg.pk,
                n=n,
                direction=leg.direction,
                flight_no=leg.flight_no,
                origin=leg.origin_id,
                destination=leg.destination_id,
                departs_on=leg.departs_on,
                departs_at=leg.departs_at,
                arrives_on=leg.arrives_on,
                arrives_at=leg.arrives_at,
                terminal=leg.terminal,
                arrival_terminal=leg.arrival_terminal,
                airline=flight.block.airline_id,
                block_code=flight.block.code,
                pnr=pnr.value,
                pnr_source=pnr.source,
            )
        )
    return found
