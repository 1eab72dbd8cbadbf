"""What a booking is made against, read in one query: the departure with its sheet, the parties, its twin."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from qafila.kernel import clock
from qafila.kernel.errors import NotFound
from qafila.sales.errors import DuplicateBooking, GroupNotSellable, UnknownParty
from qafila.tax.rules import Rate, TaxLine

SELLABLE = ("planning", "open", "full")
"""A full group is not refused here: a party of infants still fits, and who needs a seat hears how many are left."""

OFFER = """
SELECT g.id, g.code, g.group_type, g.departure_date, g.return_date, g.currency, g.branch_id, g.sheet_version,
       g.is_priced, g.deleted_at IS NOT NULL AS deleted,
       qafila_group_state(g.cancelled_at, g.status_override, g.departure_date, g.return_date, g.is_linked, g.is_priced,
                          g.booked_count, g.total_capacity, %(day)s) AS state,
       (SELECT booking_prefix FROM identity_agency) AS prefix,
       (SELECT json_agg(json_build_array(l.item, l.adult::text, l.child::text, l.infant::text))
          FROM groups_ratesheetline l WHERE l.group_id = g.id) AS rates,
       (SELECT json_agg(json_build_array(t.name, t.kind, t.rate::text, t.mode, t.applies_to) ORDER BY t.n)
          FROM groups_sheettaxline t WHERE t.group_id = g.id) AS taxes,
       (SELECT json_agg(json_build_array(p.id, p.kind, p.code, p.name,
                        coalesce(c.phone, a.phone), coalesce(c.is_active, a.is_active),
                        coalesce(c.deleted_at, a.deleted_at) IS NULL))
          FROM ledger_party p
          LEFT JOIN parties_customer c ON c.party_id = p.id
          LEFT JOIN parties_agent a ON a.party_id = p.id
         WHERE p.id = ANY(%(parties)s::bigint[])) AS parties,
       (SELECT b.number FROM sales_packagesale s JOIN sales_booking b ON b.id = s.booking_id
         WHERE s.customer_id = %(customer)s::bigint AND s.group_id = g.id AND s.is_live) AS twin,
       (SELECT json_agg(f.id) FROM groups_groupflight f
         WHERE f.group_id = g.id AND f.id = ANY(%(flights)s::bigint[])) AS flights
  FROM groups_travelgroup g WHERE g.id = %(group)s
"""


@dataclass(frozen=True)
class Departure:
    """The group a booking is made on, with its rate sheet."""

    id: int
    code: str
    group_type: str
    departure_date: date
    return_date: date
    currency: str
    branch_id: int | None
    sheet_version: int
    is_priced: bool
    state: str
    rates: tuple[Rate, ...]
    taxes: tuple[TaxLine, ...]


@dataclass(frozen=True)
class Party:
    id: int
    kind: str
    code: str
    name: str
    phone: str
    active: bool


@dataclass(frozen=True)
class Offer:
    """A departure, who may be party to a booking on it, and the prefix of its number."""

    departure: Departure
    prefix: str
    parties: dict[int, Party]
    twin: str | None
    flights: frozenset[int]

    def party(self, party_id: int | None, kind: str, field: str) -> Party | None:
        """The party as what it is to be. Refuses: UnknownParty, naming the field."""
        if party_id is None:
            return None
        party = self.parties.get(party_id)
        if party is None or party.kind != kind:
            raise UnknownParty(f"There is no such {kind}.", field=field)
        if not party.active:
            raise UnknownParty(f"{party.name} is not dealt with any more: the {kind} is inactive.", field=field)
        return party


def offer(
    group_id: int, *, customer_id: int | None, parties: Iterable[int | None] = (), flights: Iterable[int | None] = ()
) -> Offer:
    """What a booking of this customer on this group is made against. One query.

    Refuses: NotFound (no such group), GroupNotSellable, DuplicateBooking naming the booking there is.
    """
    wanted = sorted({p for p in (customer_id, *parties) if p is not None})
    with connection.cursor() as cursor:
        cursor.execute(
            OFFER,
            {
                "day": clock.today(),
                "group": group_id,
                "parties": wanted,
                "customer": customer_id,
                "flights": sorted({f for f in flights if f is not None}),
            },
        )
        row = cursor.fetchone()
        if row is None:
            raise NotFound("There is no such group.", field="group_id")
        found = dict(zip([column.name for column in cursor.description or ()], row, strict=True))
    if found["deleted"]:
        raise NotFound("There is no such group.", field="group_id")
    if found["state"] not in SELLABLE:
        raise GroupNotSellable(
            f"{found['code']} is {found['state']}: it takes no bookings.", field="group_id", state=found["state"]
        )
    if found["twin"]:
        raise DuplicateBooking(
            f"This customer is booked on {found['code']} already: {found['twin']}.",
            field="customer_id",
            booking=found["twin"],
        )
    return Offer(
        departure=departure_of(found),
        prefix=found["prefix"] or "BK",
        parties={p.id: p for p in map(_party, _listed(found["parties"])) if p is not None},
        twin=found["twin"],
        flights=frozenset(_listed(found["flights"])),
    )


def departure_of(found: dict[str, Any]) -> Departure:
    return Departure(
        id=found["id"],
        code=found["code"],
        group_type=found["group_type"],
        departure_date=found["departure_date"],
        return_date=found["return_date"],
        currency=found["currency"],
        branch_id=found["branch_id"],
        sheet_version=found["sheet_version"],
        is_priced=found["is_priced"],
        state=found["state"],
        rates=tuple(Rate(item, Decimal(a), Decimal(c), Decimal(i)) for item, a, c, i in _listed(found["rates"])),
        taxes=tuple(TaxLine(n, k, Decimal(r), m, tuple(on)) for n, k, r, m, on in _listed(found["taxes"])),
    )


def _listed(value: Any) -> list[Any]:
    if isinstance(value, str):
        value = json.loads(value)
    return value or []


def _party(row: list[Any]) -> Party | None:
    party_id, kind, code, name, phone, active, live = row
    return Party(party_id, kind, code, name, phone or "", bool(active)) if live else None
