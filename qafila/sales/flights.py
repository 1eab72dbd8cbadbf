"""What a booking flies: rebuilt from the flights linked to its departure at every reading, never copied."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

from qafila.groups.queries import GroupFlightInfo, flights_of
from qafila.inventory.pnr import resolve_pnr
from qafila.sales.types import BookingDetail, PassengerRow


@dataclass(frozen=True)
class FlightLeg:
    """One flight a passenger takes, with the PNR that holds and whose it is. Times are local to the airport."""

    flight_id: int
    block_code: str
    airline: str
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
    pnr: str
    pnr_source: str

    @property
    def label(self) -> str:
        """`SV 757 DEL-JED 18 Jan 19:25 · K7QXPL`."""
        pnr = f" · {self.pnr}" if self.pnr else ""
        return f"{self.flight_no} {self.origin}-{self.destination} {self.departs_on:%d %b} {self.departs_at:%H:%M}{pnr}"


def legs_of_passenger(flights: list[GroupFlightInfo], person: PassengerRow) -> tuple[FlightLeg, ...]:
    """What this passenger flies, in order of departure: every flight of the group, or the one they are put on."""
    taken = [flight for flight in flights if person.flight_id in (None, flight.id)]
    return tuple(sorted(_legs(taken, person.pnr), key=lambda leg: (leg.departs_on, leg.departs_at)))


def legs_of_booking(booking: BookingDetail) -> dict[int, tuple[FlightLeg, ...]]:
    """The legs of each passenger who travels, by passenger id. Two queries."""
    flights = flights_of(booking.group.id)
    return {
        person.id: legs_of_passenger(flights, person) for person in booking.passengers if person.state != "cancelled"
    }


def _legs(flights: list[GroupFlightInfo], passenger_pnr: str) -> list[FlightLeg]:
    found = []
    for flight in flights:
        for leg in flight.legs:
            pnr = resolve_pnr(
                direction=leg.direction,
                leg=leg.own_pnr,
                block=flight.block_pnr,
                block_return=flight.return_pnr,
                group_flight=flight.pnr,
                passenger=passenger_pnr,
            )
            found.append(
                FlightLeg(
                    flight_id=flight.id,
                    block_code=flight.block_code,
                    airline=flight.airline,
                    direction=leg.direction,
                    flight_no=leg.flight_no,
                    origin=leg.origin,
                    destination=leg.destination,
                    departs_on=leg.departs_on,
                    departs_at=leg.departs_at,
                    arrives_on=leg.arrives_on,
                    arrives_at=leg.arrives_at,
                    terminal=leg.terminal,
                    arrival_terminal=leg.arrival_terminal,
                    pnr=pnr.value,
                    pnr_source=pnr.source,
                )
            )
    return found
