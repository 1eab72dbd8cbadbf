"""What the home page shows: work queues with counts, this month's figures, the next departures, each by right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection

from qafila.billing import queries as billing
from qafila.identity.queries import agency
from qafila.kernel import clock
from qafila.kernel.actor import Actor
from qafila.ledger import journals
from qafila.operations import queries as operations
from qafila.sales.passengers import ACTIVE_SQL
from qafila.ticketing import queries as ticketing
from qafila.visas import queries as visas


@dataclass(frozen=True)
class Queue:
    """One queue of work: how many wait, and where they are."""

    label: str
    count: int
    url: str
    icon: str
    urgent: bool = False


@dataclass(frozen=True)
class Figures:
    """This month in base currency: what was sold, what was collected, what is owed to the agency."""

    currency: str
    bookings: int
    seats: int
    sold: Decimal
    collected: Decimal | None
    owed: Decimal


@dataclass(frozen=True)
class Departure:
    """A departure ahead."""

    code: str
    departs: date
    returns: date
    booked: int
    capacity: int
    days: int


@dataclass(frozen=True)
class Home:
    queues: list[Queue]
    figures: Figures | None
    weeks: list[tuple[str, int]]
    departures: list[Departure]


def home(actor: Actor) -> Home:
    """Everything the home page shows this person, in a fixed number of queries."""
    return Home(
        queues=queues(actor),
        figures=_figures(actor) if actor.may("bookings.view") else None,
        weeks=_weeks() if actor.may("bookings.view") else [],
        departures=_departures() if actor.may("groups.view") else [],
    )


def queues(actor: Actor) -> list[Queue]:
    """The queues of this person's work; an empty queue is not work."""
    found: list[Queue] = []
    sources: list[Callable[[Actor], list[Queue]]] = [_tickets, _approvals, _visas, _passports, _money]
    for source in sources:
        found += [queue for queue in source(actor) if queue.count]
    return found


def _tickets(actor: Actor) -> list[Queue]:
    n = ticketing.counts(actor)
    if not n:
        return []
    return [
        Queue("Names due in 2 days", n["due_soon"], "/tickets?queue=due_soon", "clock", urgent=True),
        Queue("Tickets ready to issue", n["ready_to_issue"], "/tickets?queue=ready_to_issue", "ticket"),
        Queue("Tickets pending clearance", n["pending_clearance"], "/tickets?queue=pending_clearance", "hourglass"),
    ]


def _approvals(actor: Actor) -> list[Queue]:
    n = operations.queue_counts(actor)
    # Finance, who may not see the operations' queues, has its own.
    finance = "/operations/approvals?queue=finance" if actor.may("approvals.view") else "/finance/approvals"
    return [
        Queue("Bookings for finance", n.finance or 0, finance, "cash"),
        Queue("Bookings for operations", n.ops or 0, "/operations/approvals?queue=ops", "clipboard-check"),
        Queue("Corrections", n.corrections or 0, "/operations/corrections", "alert-triangle", urgent=True),
    ]


def _visas(actor: Actor) -> list[Queue]:
    n = visas.counts(actor)
    waiting = n.get("NOT_STARTED", 0)
    return [Queue("Visas not started", waiting, "/operations/visas?state=NOT_STARTED", "id-badge")]


def _passports(actor: Actor) -> list[Queue]:
    """Passports that expire within six months of the return, on departures ahead."""
    if not actor.may("bookings.view", "groups.view"):
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), min(groups.code) FROM sales_passenger passenger"
            " JOIN sales_booking booking ON booking.id = passenger.booking_id"
            " JOIN sales_packagesale sale ON sale.booking_id = booking.id"
            " JOIN groups_travelgroup groups ON groups.id = sale.group_id"
            f" WHERE {ACTIVE_SQL} AND groups.departure_date >= %s"
            " AND passenger.passport_expiry < groups.return_date + interval '6 months'",
            [clock.today()],
        )
        count, code = cursor.fetchone()
    return [Queue("Passports under 6 months", count, f"/groups/{code}?tab=passengers", "alert-circle", urgent=True)]


def _money(actor: Actor) -> list[Queue]:
    found = []
    if actor.may("finance.journals.approve"):
        found.append(Queue("Journals to check", journals.pending_count(), "/finance/journals?status=pending", "book"))
    if actor.may("finance.payments.verify"):
        waiting = billing.pending_count()
        found.append(Queue("Payments to verify", waiting, "/finance/payments?state=pending_verification", "cash"))
    return found


def _figures(actor: Actor) -> Figures:
    first = clock.today().replace(day=1)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FILTER (WHERE created_at >= %(first)s),"
            " coalesce(sum(gross_total) FILTER (WHERE created_at >= %(first)s), 0), coalesce(sum(balance), 0)"
            " FROM sales_booking WHERE deleted_at IS NULL AND state <> 'cancelled'",
            {"first": first},
        )
        bookings, sold, owed = cursor.fetchone()
        cursor.execute("SELECT coalesce(sum(seats), 0) FROM groups_groupseatmovement WHERE at >= %s", [first])
        (seats,) = cursor.fetchone()
        collected = None
        if actor.may("finance.view"):
            cursor.execute(
                "SELECT coalesce(sum(amount), 0) FROM billing_payment WHERE state = 'verified' AND received_on >= %s",
                [first],
            )
            (collected,) = cursor.fetchone()
    return Figures(agency().base_currency, bookings, seats, sold, collected, owed)


def _weeks() -> list[tuple[str, int]]:
    """Seats sold in each of the last eight weeks, the oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT to_char(week, 'DD Mon'), coalesce(sum(m.seats), 0)::int"
            " FROM generate_series(date_trunc('week', %(today)s::date) - interval '7 weeks',"
            "  date_trunc('week', %(today)s::date), interval '1 week') AS week"
            " LEFT JOIN groups_groupseatmovement m ON m.at >= week AND m.at < week + interval '1 week'"
            " GROUP BY week ORDER BY week",
            {"today": clock.today()},
        )
        return [(label, int(seats)) for label, seats in cursor.fetchall()]


def _departures() -> list[Departure]:
    today = clock.today()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT code, departure_date, return_date, booked_count, total_capacity, departure_date - %(today)s::date"
            " FROM groups_travelgroup WHERE deleted_at IS NULL AND cancelled_at IS NULL AND departure_date >= %(today)s"
            " ORDER BY departure_date, id LIMIT 8",
            {"today": today},
        )
        return [Departure(*row) for row in cursor.fetchall()]
