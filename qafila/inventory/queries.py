"""Every read of the inventory. Costs are blank for those who may not see them (`finance.cost.view`)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import BooleanField, Case, CharField, DateField, F, Q, QuerySet, Sum, Value, When
from django.db.models.expressions import Func
from django.db.models.functions import Cast

from qafila.identity.queries import agency
from qafila.inventory import rules
from qafila.inventory.models import Airline, AirlineBlock, Airport, BlockLeg, BlockSeatMovement
from qafila.inventory.rules import AirportFacts, Problem, effective_leg_pnr
from qafila.inventory.types import AirlineRow, AirportRow, BlockDetail, BlockRow, Deadline, Holder, LegInfo, MovementRow
from qafila.kernel import clock
from qafila.kernel.actor import Actor
from qafila.kernel.errors import NotFound
from qafila.kernel.money import rounded
from qafila.kernel.pagination import Page, Window, order, paginate

__all__ = ["AirlineRow", "AirportRow", "BlockDetail", "BlockRow", "Deadline", "Holder", "LegInfo", "MovementRow"]

COST = "finance.cost.view"


def state_of_block() -> Func:
    """The state of a block today, in SQL: what lists filter by and pages show."""
    return Func(
        F("state"),
        F("allocated_seats"),
        F("total_seats"),
        F("expiry_date"),
        F("departs_on"),
        Cast(Value(clock.today()), DateField()),
        function="qafila_block_state",
        output_field=CharField(),
    )


SORTS = {
    "code": "code",
    "departs_on": "departs_on",
    "airline": "airline_id",
    "seats": "total_seats",
    "available": "left_over",
    "names_due": "names_due",
}


def blocks(
    actor: Actor,
    window: Window,
    *,
    q: str = "",
    airline: str = "",
    state: str = "",
    departs_from: date | None = None,
    departs_to: date | None = None,
    has_seats: bool = False,
) -> Page[BlockRow]:
    """Blocks by filters; `q` looks in code, PNRs and route. Two queries."""
    rows = _blocks().filter(deleted_at=None)
    if q:
        like = q.strip().upper()
        rows = rows.filter(
            Q(code__contains=like)
            | Q(pnr__contains=like)
            | Q(return_pnr__contains=like)
            | Q(route__contains=like.replace("->", "→"))
        )
    if airline:
        rows = rows.filter(airline_id=airline.upper())
    if state:
        rows = rows.filter(state_now=state)
    if departs_from:
        rows = rows.filter(departs_on__gte=departs_from)
    if departs_to:
        rows = rows.filter(departs_on__lte=departs_to)
    if has_seats:
        rows = rows.filter(left_over__gt=0)
    rows = rows.order_by(*order(window.sort, SORTS, "-departs_on"))
    return paginate(rows, window, lambda row: BlockRow(**_facts(actor, row)))


def block(actor: Actor, block: int | str) -> BlockDetail:
    """One block, by id or code. Two queries. Refuses: NotFound."""
    by = {"pk": block} if isinstance(block, int) else {"code": block.upper()}
    row = _blocks().filter(deleted_at=None, **by).first()
    if row is None:
        raise NotFound(f"There is no block {block}.")
    legs = tuple(legs_of_blocks([row.pk]).get(row.pk, []))
    sees = actor.may(COST)
    return BlockDetail(
        **_facts(actor, row),
        exchange_rate=row.exchange_rate if sees else None,
        deposit_amount=row.deposit_amount if sees else None,
        deposit_due=row.deposit_due,
        branch_id=row.branch_id,
        notes=row.notes,
        created_at=row.created_at,
        legs=legs,
        problems=tuple(_problems(row, legs)),
    )


def legs_of_blocks(block_ids: Iterable[int]) -> dict[int, list[LegInfo]]:
    """The legs of several blocks in flying order, outbound before return. One query."""
    found: dict[int, list[LegInfo]] = {pk: [] for pk in block_ids}
    rows = BlockLeg.objects.filter(block_id__in=list(found)).select_related("block", "origin", "destination")
    for leg in rows.order_by("block_id", "direction", "n"):
        found[leg.block_id].append(_leg(leg))
    return found


def seat_cost(row: AirlineBlock, seats: int) -> tuple[Decimal, str, Decimal, Decimal]:
    """What seats of a block cost: (amount, currency) as contracted, the rate, and the amount in base currency."""
    amount = rounded(row.price_per_seat * seats, row.currency)
    base = rules.seat_base_cost(row.price_per_seat, row.exchange_rate, agency().base_currency) * seats
    return amount, row.currency, row.exchange_rate, base


def movements(actor: Actor, block_id: int, window: Window) -> Page[MovementRow]:
    """Every seat that moved, newest first. Refuses: NotFound."""
    if not AirlineBlock.objects.filter(pk=block_id, deleted_at=None).exists():
        raise NotFound("There is no such block.")
    rows = BlockSeatMovement.objects.filter(block_id=block_id).order_by(*order(window.sort, {"at": "id"}, "-at"))
    return paginate(
        rows,
        window,
        lambda m: MovementRow(m.pk, m.at, m.seats, m.reason, m.group_id, m.note, m.user_name),
    )


def airlines(window: Window, *, q: str = "") -> Page[AirlineRow]:
    """Airlines by code or name: an exact code first."""
    rows = Airline.objects.all()
    if q:
        rows = rows.filter(Q(code=q.strip().upper()) | Q(name__icontains=q.strip()))
    rows = rows.annotate(is_code=_is(q)).order_by(
        "-is_code", *order(window.sort, {"code": "code", "name": "name"}, "code")
    )
    return paginate(rows, window, lambda a: AirlineRow(a.code, a.icao, a.name, a.country))


def airports(window: Window, *, q: str = "") -> Page[AirportRow]:
    """Airports by code, city or name: an exact code first."""
    rows = Airport.objects.all()
    if q:
        text = q.strip()
        rows = rows.filter(Q(code=text.upper()) | Q(city__icontains=text) | Q(name__icontains=text))
    sorts = {"code": "code", "city": "city", "name": "name"}
    rows = rows.annotate(is_code=_is(q)).order_by("-is_code", *order(window.sort, sorts, "code"))
    return paginate(rows, window, lambda a: AirportRow(a.code, a.name, a.city, a.country, a.time_zone))


def airport_facts(codes: Iterable[str]) -> dict[str, AirportFacts]:
    """What the route analyser needs to know of airports; unknown codes are missing. One query."""
    rows = Airport.objects.filter(code__in=set(codes))
    return {a.code: AirportFacts(a.code, a.city, a.country, a.time_zone) for a in rows}


def _is(q: str) -> Any:
    return Case(When(code=q.strip().upper(), then=Value(True)), default=Value(False), output_field=BooleanField())


def _blocks() -> QuerySet[Any]:
    return AirlineBlock.objects.select_related("airline", "supplier__party").annotate(
        state_now=state_of_block(), left_over=F("total_seats") - F("allocated_seats")
    )


def _facts(actor: Actor, row: AirlineBlock) -> dict[str, Any]:
    return {
        "id": row.pk,
        "code": row.code,
        "airline": row.airline_id,
        "airline_name": row.airline.name,
        "supplier_id": row.supplier_id,
        "supplier": row.supplier.party.name,
        "pnr": row.pnr,
        "return_pnr": row.return_pnr,
        "trip_type": row.trip_type,
        "route": row.route,
        "departs_on": row.departs_on,
        "returns_on": row.returns_on,
        "total_seats": row.total_seats,
        "allocated_seats": row.allocated_seats,
        "price_per_seat": row.price_per_seat if actor.may(COST) else None,
        "currency": row.currency,
        "names_due": row.names_due,
        "ticketing_due": row.ticketing_due,
        "expiry_date": row.expiry_date,
        "state": row.state_now,  # type: ignore[attr-defined]
        "version": row.version,
    }


def _leg(leg: BlockLeg) -> LegInfo:
    block = leg.block
    return LegInfo(
        block_id=leg.block_id,
        direction=leg.direction,
        n=leg.n,
        origin=leg.origin_id,
        origin_city=leg.origin.city,
        origin_zone=leg.origin.time_zone,
        destination=leg.destination_id,
        destination_city=leg.destination.city,
        destination_zone=leg.destination.time_zone,
        flight_no=leg.flight_no,
        departs_on=leg.departs_on,
        departs_at=leg.departs_at,
        arrives_on=leg.arrives_on,
        arrives_at=leg.arrives_at,
        terminal=leg.terminal,
        arrival_terminal=leg.arrival_terminal,
        own_pnr=leg.pnr,
        pnr=effective_leg_pnr(leg.pnr, block.pnr, block.return_pnr, leg.direction),
    )


def _problems(row: AirlineBlock, legs: Sequence[LegInfo]) -> list[Problem]:
    """What the analyser says of legs as they stand; the airports come with them, so no query."""
    facts = {}
    for leg in legs:
        facts[leg.origin] = AirportFacts(leg.origin, leg.origin_city, "", leg.origin_zone)
        facts[leg.destination] = AirportFacts(leg.destination, leg.destination_city, "", leg.destination_zone)
    found = rules.analyse(row.trip_type, [leg.leg() for leg in legs], facts)
    for pnr, called in ((row.pnr, "PNR"), (row.return_pnr, "Return PNR")):
        if warning := rules.pnr_warning(pnr, called):
            found.append(warning)
    return found


def holders(block_id: int) -> list[Holder]:
    """Who holds the block's seats now, from the movements, most seats first. One query."""
    rows = BlockSeatMovement.objects.filter(block_id=block_id).values("group_id", "note").annotate(seats=Sum("seats"))
    found = [Holder(row["group_id"], row["note"], row["seats"]) for row in rows.exclude(seats=0).order_by("-seats")]
    return [holder for holder in found if holder.seats > 0]


GATEWAYS = ("BLR", "BOM", "CCU", "DAC", "DEL", "HYD", "JED", "LKO", "MED", "RUH", "SXR")
"""Airports that pilgrims use, suggested before the agency has blocks of its own."""


def airlines_in_use() -> list[tuple[str, str]]:
    """Code and name of the airlines that blocks were bought from, by code. One query."""
    used = AirlineBlock.objects.filter(deleted_at=None).values_list("airline_id", "airline__name")
    return list(used.distinct().order_by("airline_id"))


def airports_in_use() -> list[AirportRow]:
    """The airports that legs use, and those pilgrims usually do: what a leg's field suggests. One query."""
    used = BlockLeg.objects.values("origin_id").union(BlockLeg.objects.values("destination_id"))
    rows = Airport.objects.filter(Q(code__in=GATEWAYS) | Q(code__in=used)).order_by("code")[:200]
    return [AirportRow(a.code, a.name, a.city, a.country, a.time_zone) for a in rows]


def deadlines(found: BlockDetail) -> list[Deadline]:
    """The block's days by which something must be done, the next first. No query."""
    today = clock.today()
    days = [
        ("Deposit due", found.deposit_due),
        ("Names due", found.names_due),
        ("Ticketing due", found.ticketing_due),
        ("Expires", found.expiry_date),
    ]
    listed = [Deadline(label, day, end_of(day), day < today) for label, day in days if day]
    return sorted(listed, key=lambda deadline: deadline.day)


def end_of(day: date) -> datetime:
    """The instant a day ends where the agency is."""
    return datetime.combine(day + timedelta(days=1), time(), clock.zone())
