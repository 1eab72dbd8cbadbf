"""Whether a group can fly: who travels, and what each count still misses, with who it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connection

from qafila.groups import queries as groups
from qafila.kernel.actor import Actor
from qafila.sales.passengers import ACTIVE_SQL

SHOWN = 12


@dataclass(frozen=True)
class Missing:
    """One passenger who misses something: where to look, and what it is."""

    name: str
    booking: str
    what: str


@dataclass(frozen=True)
class Check:
    """One line of the readiness: `done` of `total`, and the first who miss it."""

    label: str
    done: int
    total: int
    missing: list[Missing]

    @property
    def lacking(self) -> int:
        return self.total - self.done

    @property
    def others(self) -> int:
        """Those who miss it beyond the ones named."""
        return self.lacking - len(self.missing)

    @property
    def is_ready(self) -> bool:
        return self.done >= self.total


@dataclass(frozen=True)
class Readiness:
    code: str
    tiers: list[tuple[str, int]]
    genders: list[tuple[str, int]]
    checks: list[Check]

    @property
    def travellers(self) -> int:
        return sum(n for _, n in self.tiers)


PEOPLE = (
    "SELECT passenger.first_name || ' ' || passenger.last_name, booking.number, passenger.tier, passenger.gender,"
    " passenger.passport_no, passenger.passport_expiry,"
    " passenger.passport_expiry >= (g.return_date + interval '6 months')::date,"
    " passenger.needs_visa, visa.state, booking.balance, ticket.state"
    " FROM sales_passenger passenger JOIN sales_booking booking ON booking.id = passenger.booking_id"
    " JOIN sales_packagesale sale ON sale.booking_id = booking.id JOIN groups_travelgroup g ON g.id = sale.group_id"
    " LEFT JOIN visas_visacase visa ON visa.passenger_id = passenger.id AND visa.closed_at IS NULL"
    " LEFT JOIN ticketing_ticketrecord ticket ON ticket.passenger_id = passenger.id AND ticket.state <> 'VOID'"
    f" WHERE sale.group_id = %s AND {ACTIVE_SQL} ORDER BY booking.number, passenger.n"
)


def group_readiness(actor: Actor, code: str) -> Readiness:
    """Who travels on a group and what is missing: passports, their six months past the return, visas, money, tickets.

    Three queries. Source: domain.md, "Readiness of a group".
    """
    actor.need("groups.view", "bookings.view")
    group = groups.group(actor, code)
    with connection.cursor() as cursor:
        cursor.execute(PEOPLE, [group.id])
        rows = cursor.fetchall()
    return Readiness(
        code=group.code,
        tiers=_counted(rows, 2, {"adult": "Adults", "child": "Children", "infant": "Infants"}),
        genders=_counted(rows, 3, {"M": "Men", "F": "Women"}),
        checks=[
            _check("Passports here", rows, lambda r: bool(r[4]), lambda r: "no passport"),
            _check(
                "Passports valid 6 months past the return",
                [r for r in rows if r[5]],
                lambda r: bool(r[6]),
                lambda r: f"{r[4]} expires {r[5]:%d %b %Y}",
            ),
            _check(
                "Visas issued",
                [r for r in rows if r[7]],
                lambda r: r[8] in ("ISSUED", "COLLECTED"),
                lambda r: (r[8] or "no case yet").replace("_", " ").lower(),
            ),
            _check("Paid", rows, lambda r: r[9] <= 0, lambda r: "balance open"),
            _check("Tickets issued", rows, lambda r: r[10] == "ISSUED", lambda r: "not issued"),
        ],
    )


def _counted(rows: list[tuple[Any, ...]], column: int, labels: dict[str, str]) -> list[tuple[str, int]]:
    counts = {label: sum(1 for row in rows if row[column] == value) for value, label in labels.items()}
    return [(label, n) for label, n in counts.items() if n]


def _check(label: str, rows: list[tuple[Any, ...]], ready: Any, why: Any) -> Check:
    lacking = [row for row in rows if not ready(row)]
    missing = [Missing(row[0].strip(), row[1], why(row)) for row in lacking[:SHOWN]]
    return Check(label, len(rows) - len(lacking), len(rows), missing)
