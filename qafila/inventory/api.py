"""Airline blocks over HTTP, and the airlines and airports of the world."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from django.http import HttpResponse
from ninja import Query, Status

from qafila.inventory import queries
from qafila.inventory.actions.create_block import create_block
from qafila.inventory.actions.delete_block import delete_block
from qafila.inventory.actions.edit_block import edit_block
from qafila.inventory.schemas import BlockIn, BlockPatch, Day
from qafila.kernel.http import (
    Envelope,
    Id,
    Out,
    Paging,
    Request,
    Routes,
    answered,
    dump,
    envelope,
    key_of,
    version_of,
)
from qafila.kernel.idempotency import once
from qafila.kernel.may import SIGNED_IN
from qafila.kernel.money import Amount

router = Routes(tags=["Inventory"])
BlockState = Literal["", "active", "exhausted", "expired", "departed", "cancelled"]


class BlockFilter(Paging):
    """Filters of the list of blocks; `q` looks in code, PNRs and route."""

    airline: str = ""
    state: BlockState = ""
    departs_from: Day | None = None
    departs_to: Day | None = None
    has_seats: bool = False


class LegOut(Out):
    """One flight; dates and times (HH:MM) are local to its airports. `pnr` is the one that holds."""

    direction: str
    n: int
    origin: str
    origin_city: str
    destination: str
    destination_city: str
    flight_no: str
    depart_date: date
    depart_time: str
    arrive_date: date
    arrive_time: str
    terminal: str
    arrival_terminal: str
    own_pnr: str | None
    pnr: str
    minutes: int

    @staticmethod
    def resolve_depart_date(leg: Any) -> date:
        return leg.departs_on  # type: ignore[no-any-return]

    @staticmethod
    def resolve_depart_time(leg: Any) -> str:
        return f"{leg.departs_at:%H:%M}"

    @staticmethod
    def resolve_arrive_date(leg: Any) -> date:
        return leg.arrives_on  # type: ignore[no-any-return]

    @staticmethod
    def resolve_arrive_time(leg: Any) -> str:
        return f"{leg.arrives_at:%H:%M}"


class ProblemOut(Out):
    """What the route analyser says: only warnings are left on a block that was saved."""

    code: str
    severity: Literal["error", "warning"]
    text: str
    loc: list[str | int]


class BlockRowOut(Out):
    """A block in a list. `price_per_seat` is null for those who may not see costs."""

    id: int
    code: str
    airline: str
    airline_name: str
    supplier_id: int
    supplier: str
    pnr: str
    return_pnr: str
    trip_type: str
    route: str
    departs_on: date
    returns_on: date | None
    total_seats: int
    allocated_seats: int
    available_seats: int
    price_per_seat: Amount | None
    currency: str
    names_due: date | None
    ticketing_due: date | None
    expiry_date: date | None
    state: str
    version: int


class BlockOut(BlockRowOut):
    """A block whole."""

    exchange_rate: Amount | None
    deposit_amount: Amount | None
    deposit_due: date | None
    branch_id: int | None
    notes: str
    created_at: datetime
    legs: list[LegOut]
    return_legs: list[LegOut]
    problems: list[ProblemOut]

    @staticmethod
    def resolve_legs(block: Any) -> Any:
        return block.outbound

    @staticmethod
    def resolve_return_legs(block: Any) -> Any:
        return block.returning


class MovementOut(Out):
    id: int
    at: datetime
    seats: int
    reason: str
    group_id: int | None
    note: str
    user_name: str


class AirlineOut(Out):
    code: str
    icao: str
    name: str
    country: str


class AirportOut(Out):
    code: str
    name: str
    city: str
    country: str
    time_zone: str


@router.get("/inventory/airline-blocks", may="inventory.view", response=Envelope[BlockRowOut])
def list_blocks(request: Request, query: Query[BlockFilter]) -> Any:
    """Blocks by airline, state, departure and what is left of them."""
    return envelope(
        queries.blocks(
            request.actor,
            query.window(),
            q=query.q,
            airline=query.airline[:3],
            state=query.state,
            departs_from=query.departs_from,
            departs_to=query.departs_to,
            has_seats=query.has_seats,
        )
    )


@router.post("/inventory/airline-blocks", may="inventory.create", response={201: BlockOut})
def create(request: Request, payload: BlockIn) -> HttpResponse:
    """Record a block bought: its seats are stock from now on, owed to the supplier."""

    def told(block_id: int) -> Any:
        return dump(BlockOut, queries.block(request.actor, block_id))

    return answered(once(key_of(request), request.actor, create_block, told, 201, block=payload))


@router.get("/inventory/airline-blocks/{block_id}", may="inventory.view", response=BlockOut)
def read_block(request: Request, block_id: Id) -> Any:
    """One block with its legs and what is odd about them."""
    return queries.block(request.actor, block_id)


@router.patch("/inventory/airline-blocks/{block_id}", may="inventory.edit", response=BlockOut)
def change_block(request: Request, block_id: Id, payload: BlockPatch) -> Any:
    """Change seats, legs, deadlines; the price only while no seat is taken."""
    payload.version = version_of(request, payload.version)
    edit_block(actor=request.actor, block_id=block_id, changed=payload)
    return queries.block(request.actor, block_id)


@router.delete("/inventory/airline-blocks/{block_id}", may="inventory.delete", response={204: None})
def remove_block(request: Request, block_id: Id) -> Any:
    """Delete a block nobody took seats of; its stock entries are reversed."""
    delete_block(actor=request.actor, block_id=block_id)
    return Status(204, None)


@router.get("/inventory/airline-blocks/{block_id}/movements", may="inventory.view", response=Envelope[MovementOut])
def list_movements(request: Request, block_id: Id, query: Query[Paging]) -> Any:
    """Every seat that moved, newest first; the sum is what is taken."""
    return envelope(queries.movements(request.actor, block_id, query.window()))


@router.get("/airlines", may=SIGNED_IN, response=Envelope[AirlineOut])
def list_airlines(request: Request, query: Query[Paging]) -> Any:
    """Airlines by code or name."""
    return envelope(queries.airlines(query.window(), q=query.q))


@router.get("/airports", may=SIGNED_IN, response=Envelope[AirportOut])
def list_airports(request: Request, query: Query[Paging]) -> Any:
    """Airports by IATA code, city or name."""
    return envelope(queries.airports(query.window(), q=query.q))
