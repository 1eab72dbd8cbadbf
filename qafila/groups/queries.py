"""Every read of groups: lists, one departure, its flights and its history. The rate sheet is read in `sheets.py`."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.db.models import CharField, Count, DateField, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.expressions import Func
from django.db.models.functions import Cast

from qafila.groups.models import GroupEvent, GroupFlight, TravelGroup
from qafila.groups.rules import default_seats
from qafila.groups.sheets import Sheet, rate_sheet
from qafila.groups.types import (
    AvailableBlock,
    EventRow,
    FlightsSummaryRow,
    GroupDetail,
    GroupFlightInfo,
    GroupRow,
    StatusSummary,
)
from qafila.inventory.models import AirlineBlock
from qafila.inventory.queries import COST, LegInfo, legs_of_blocks, state_of_block
from qafila.kernel import clock
from qafila.kernel.actor import Actor
from qafila.kernel.errors import NotFound
from qafila.kernel.pagination import Page, Window, order, paginate

__all__ = [
    "AvailableBlock",
    "EventRow",
    "FlightsSummaryRow",
    "GroupDetail",
    "GroupFlightInfo",
    "GroupRow",
    "Sheet",
    "StatusSummary",
    "rate_sheet",
]

DEPARTING_SOON = timedelta(days=14)
OVER = ("completed", "cancelled")


def state_of_group() -> Func:
    """The state of a group today, in SQL: what lists filter by and pages show."""
    return Func(
        F("cancelled_at"),
        F("status_override"),
        F("departure_date"),
        F("return_date"),
        F("is_linked"),
        F("is_priced"),
        F("booked_count"),
        F("total_capacity"),
        Cast(Value(clock.today()), DateField()),
        function="qafila_group_state",
        output_field=CharField(),
    )


SORTS = {
    "code": "code",
    "name": "name",
    "departure_date": "departure_date",
    "booked": "booked_count",
    "capacity": "total_capacity",
    "status": "state_now",
}


def groups(
    actor: Actor, window: Window, *, q: str = "", scope: str = "active", status: str = "", group_type: str = ""
) -> Page[GroupRow]:
    """Groups by filters: `scope` active (not over), archived (completed or cancelled) or all. Two queries."""
    rows = _groups()
    if scope == "active":
        rows = rows.exclude(state_now__in=OVER)
    elif scope == "archived":
        rows = rows.filter(state_now__in=OVER)
    if q:
        text = q.strip()
        rows = rows.filter(Q(code__icontains=text) | Q(name__icontains=text) | Q(geography__icontains=text))
    if status:
        rows = rows.filter(state_now=status)
    if group_type:
        rows = rows.filter(group_type=group_type)
    rows = rows.order_by(*order(window.sort, SORTS, "departure_date"))
    return paginate(rows, window, lambda row: GroupRow(**_facts(row)))


def group(actor: Actor, group: int | str) -> GroupDetail:
    """One group, by id or code, with its flights. Three queries. Refuses: NotFound."""
    by = {"pk": group} if isinstance(group, int) else {"code": group.upper()}
    row = _groups().filter(**by).first()
    if row is None:
        raise NotFound(f"There is no group {group}.")
    flights = flights_of(row.pk)
    if not actor.may(COST):
        flights = [without_cost(flight) for flight in flights]
    return GroupDetail(
        **_facts(row),
        leader_id=row.leader_id,
        notes=row.notes,
        sheet_version=row.sheet_version,
        cancelled_at=row.cancelled_at,
        created_at=row.created_at,
        flights=tuple(flights),
    )


def group_state(group_id: int) -> str:
    """The state a group is in today. Refuses: NotFound."""
    state = TravelGroup.objects.filter(pk=group_id).values_list(state_of_group(), flat=True).first()
    if state is None:
        raise NotFound("There is no such group.", field="group_id")
    return str(state)


def flights_of(group_id: int) -> list[GroupFlightInfo]:
    """The flights of a group, in flying order, with their legs. Two queries."""
    return flights_of_many([group_id]).get(group_id, [])


def flights_of_many(group_ids: list[int]) -> dict[int, list[GroupFlightInfo]]:
    """The flights of several groups. Two queries, whatever their number."""
    found: dict[int, list[GroupFlightInfo]] = {pk: [] for pk in group_ids}
    rows = GroupFlight.objects.filter(group_id__in=group_ids).select_related("block")
    links = list(rows.order_by("block__departs_on", "pk"))
    legs = legs_of_blocks([link.block_id for link in links]) if links else {}
    for link in links:
        found[link.group_id].append(_flight(link, tuple(legs[link.block_id])))
    return found


def without_cost(flight: GroupFlightInfo) -> GroupFlightInfo:
    """The flight as those see it who may not see costs."""
    return replace(flight, cost=None)


def flight(actor: Actor, group_id: int, flight_id: int) -> GroupFlightInfo:
    """One flight of a group. Refuses: NotFound."""
    for one in flights_of(group_id):
        if one.id == flight_id:
            return one if actor.may(COST) else without_cost(one)
    raise NotFound("This group has no such flight.")


def available_flights(actor: Actor, group_id: int, window: Window, *, q: str = "") -> Page[AvailableBlock]:
    """Blocks that could be linked: active, of no group company-wide, flying inside the group's dates. Four queries."""
    row = _groups().filter(pk=group_id).first()
    if row is None:
        raise NotFound("There is no such group.")
    linked: dict[str, int] = {}
    for route, seats in GroupFlight.objects.filter(group_id=group_id).values_list("block__route", "seats"):
        linked[route] = linked.get(route, 0) + seats
    rows: QuerySet[Any] = AirlineBlock.objects.annotate(
        state_now=state_of_block(), left_over=F("total_seats") - F("allocated_seats")
    )
    rows = rows.filter(
        Q(returns_on=None) | Q(returns_on__lte=row.return_date),
        deleted_at=None,
        group_flight=None,
        state_now="active",
        departs_on__gte=row.departure_date,
        departs_on__lte=row.return_date,
    )
    if q:
        like = q.strip().upper()
        rows = rows.filter(Q(code__contains=like) | Q(pnr__contains=like) | Q(route__contains=like))
    rows = rows.order_by(*order(window.sort, {"departs_on": "departs_on", "code": "code"}, "departs_on"))
    sees = actor.may(COST)

    def read(b: AirlineBlock) -> AvailableBlock:
        return AvailableBlock(
            id=b.pk,
            code=b.code,
            airline=b.airline_id,
            pnr=b.pnr,
            route=b.route,
            departs_on=b.departs_on,
            returns_on=b.returns_on,
            available_seats=b.total_seats - b.allocated_seats,
            default_seats=default_seats(b.total_seats - b.allocated_seats, row.total_capacity, linked.get(b.route, 0)),
            price_per_seat=b.price_per_seat if sees else None,
            currency=b.currency,
            names_due=b.names_due,
        )

    return paginate(rows, window, read)


def history(actor: Actor, group_id: int, window: Window) -> Page[EventRow]:
    """What happened to a group, newest first. Refuses: NotFound."""
    if not TravelGroup.objects.filter(pk=group_id, deleted_at=None).exists():
        raise NotFound("There is no such group.")
    rows = GroupEvent.objects.filter(group_id=group_id).order_by(*order(window.sort, {"at": "id"}, "-at"))
    return paginate(rows, window, lambda e: EventRow(e.pk, e.at, e.what, e.text, e.booking_id, e.user_name))


def status(actor: Actor) -> StatusSummary:
    """The three figures over the list of groups. One query."""
    today = clock.today()
    live = ~Q(state_now__in=OVER)
    soon = live & Q(departure_date__gte=today, departure_date__lte=today + DEPARTING_SOON)
    rows: QuerySet[Any] = TravelGroup.objects.filter(deleted_at=None).annotate(state_now=state_of_group())
    counted = rows.aggregate(
        active=Count("pk", filter=live),
        departing_soon=Count("pk", filter=soon),
        completed=Count("pk", filter=Q(state_now="completed")),
    )
    return StatusSummary(**counted)


def flights_summary(actor: Actor, window: Window) -> Page[FlightsSummaryRow]:
    """Live groups with their seats, linked seats and routes. Three queries."""
    rows = _groups().exclude(state_now__in=OVER)
    rows = rows.order_by(*order(window.sort, {"departure_date": "departure_date", "code": "code"}, "departure_date"))
    page = paginate(rows, window, lambda row: GroupRow(**_facts(row)))
    routes: dict[int, list[str]] = {}
    links = GroupFlight.objects.filter(group_id__in=[row.id for row in page.items]).order_by("block__departs_on")
    for group_id, route in links.values_list("group_id", "block__route"):
        routes.setdefault(group_id, []).append(route)
    items = [
        FlightsSummaryRow(
            group_id=row.id,
            code=row.code,
            departure_date=row.departure_date,
            total_capacity=row.total_capacity,
            booked_count=row.booked_count,
            linked_seats=row.linked_seats,
            flights=len(routes.get(row.id, [])),
            routes=tuple(routes.get(row.id, [])),
        )
        for row in page.items
    ]
    return Page(items, page.page, page.page_size, page.total)


def code_preview(group_type: str, departure_date: date) -> tuple[str, str]:
    """The code and name the next such group would get; another may take them first. One query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT code, name FROM qafila_next_group_code(%s, %s)", [group_type, departure_date])
        code, name = cursor.fetchone()
    return code, name


def _groups() -> QuerySet[Any]:
    # Asked for the rows of the page only, where a join would add up every group there is.
    seats = GroupFlight.objects.filter(group_id=OuterRef("pk")).order_by().values("group_id")
    linked = Subquery(seats.annotate(seats_sum=Sum("seats")).values("seats_sum"))
    return TravelGroup.objects.filter(deleted_at=None).annotate(state_now=state_of_group(), linked=linked)


def _facts(row: TravelGroup) -> dict[str, Any]:
    return {
        "id": row.pk,
        "code": row.code,
        "name": row.name,
        "group_type": row.group_type,
        "departure_date": row.departure_date,
        "return_date": row.return_date,
        "total_capacity": row.total_capacity,
        "booked_count": row.booked_count,
        "linked_seats": row.linked or 0,  # type: ignore[attr-defined]
        "currency": row.currency,
        "branch_id": row.branch_id,
        "status": row.state_now,  # type: ignore[attr-defined]
        "status_override": row.status_override,
        "is_priced": row.is_priced,
        "is_linked": row.is_linked,
        "geography": row.geography,
        "version": row.version,
    }


def _flight(link: GroupFlight, legs: tuple[LegInfo, ...]) -> GroupFlightInfo:
    block = link.block
    return GroupFlightInfo(
        id=link.pk,
        group_id=link.group_id,
        block_id=link.block_id,
        block_code=block.code,
        airline=block.airline_id,
        trip_type=block.trip_type,
        seats=link.seats,
        pnr=link.pnr,
        block_pnr=block.pnr,
        return_pnr=block.return_pnr,
        route=block.route,
        departs_on=block.departs_on,
        returns_on=block.returns_on,
        names_due=block.names_due,
        ticketing_due=block.ticketing_due,
        notes=link.notes,
        version=link.version,
        cost=link.cost,
        legs=legs,
    )
