"""Bookings of an import: their people put on file, then sold as any other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from qafila.kernel.actor import Actor
from qafila.kernel.errors import Invalid
from qafila.kernel.transaction import action
from qafila.parties.schemas import CustomerIn
from qafila.parties.steps import enter_customer, save_many_by_passport
from qafila.parties.types import PersonIn
from qafila.sales.errors import NothingToImport, UnknownParty
from qafila.sales.making import MadeBooking, seat_booking, write_booking
from qafila.sales.people import Warned, filled
from qafila.sales.schemas import BookingIn, ImportBookingIn, PassengerIn

# Two runs of the same file wait for each other here, always in the same order; the second finds what the first made.
TURN = (
    "SELECT count(pg_advisory_xact_lock(turn)) FROM (SELECT hashtextextended('import ' || g || ' ' || r, 0) AS turn"
    " FROM unnest(%s::text[], %s::bigint[]) AS asked(r, g) ORDER BY 1) turns"
)
MADE = (
    "SELECT b.external_ref, p.group_id, b.id, b.number FROM sales_booking b"
    " JOIN sales_packagesale p ON p.booking_id = b.id JOIN unnest(%s::text[], %s::bigint[]) AS asked(r, g)"
    " ON b.external_ref = asked.r AND p.group_id = asked.g WHERE b.deleted_at IS NULL ORDER BY b.id DESC"
)


@dataclass(frozen=True)
class Imported:
    """A booking that an import made, or that an earlier run had made (`already`)."""

    booking_id: int
    number: str
    already: bool
    warnings: tuple[Warned, ...] = ()


@dataclass(frozen=True)
class _Row:
    """A row with its departure and its people as their passport lines complete them."""

    asked: ImportBookingIn
    group_id: int
    people: list[PassengerIn]

    @property
    def with_passport(self) -> list[int]:
        return [n for n, person in enumerate(self.people) if person.passport_no]


@action
def import_booking(*, actor: Actor, row: ImportBookingIn, group_id: int | None) -> Imported:
    """Make one booking of an import; its passengers become customers by passport, or are renewed.

    Refuses: MissingRight, and all that creating customers and bookings refuses. Source: document 000, import.
    """
    (made,) = _import(actor, [row], group_id)
    return made


@action
def import_together(*, actor: Actor, rows: Sequence[ImportBookingIn], group_id: int | None) -> list[Imported]:
    """Make several at once, set by set: all or none. For rows that nothing is wrong with; refuses as import_booking."""
    return _import(actor, rows, group_id)


def _import(actor: Actor, rows: Sequence[ImportBookingIn], group_id: int | None) -> list[Imported]:
    """People first, then the bookings, the seats last: the group's row is locked for as short as can be."""
    actor.need("bookings.create", "customers.create")
    wanted = [_Row(row, _group_of(row, group_id), _people(row)) for row in rows]
    made = _made_before(wanted)
    new = [row for row in wanted if (row.asked.booking_ref, row.group_id) not in made]
    customers = _customers(actor, new)
    written = [_write(actor, row, customer_id) for row, customer_id in zip(new, customers, strict=True)]
    for booking in written:
        seat_booking(actor, booking)
    fresh = iter(written)
    answers = []
    for row in wanted:
        answer = made.get((row.asked.booking_ref, row.group_id))
        if answer is None:
            booking = next(fresh)
            answer = Imported(booking.id, booking.number, already=False, warnings=booking.warnings)
        answers.append(answer)
    return answers


def _group_of(row: ImportBookingIn, group_id: int | None) -> int:
    if group := row.group_id or group_id:
        return group
    raise NothingToImport("Name the departure: group_id for all, or on each booking.", field="group_id")


def _people(row: ImportBookingIn) -> list[PassengerIn]:
    return [filled(n, person) for n, person in enumerate(row.passengers)]


def _made_before(rows: Sequence[_Row]) -> dict[tuple[str, int], Imported]:
    keys = sorted({(row.asked.booking_ref, row.group_id) for row in rows if row.asked.booking_ref})
    if not keys:
        return {}
    columns: list[list[str] | list[int]] = [[ref for ref, _ in keys], [group for _, group in keys]]
    with connection.cursor() as cursor:
        cursor.execute(TURN, columns)
        cursor.execute(MADE, columns)
        found = cursor.fetchall()
    return {(ref, group): Imported(pk, number, already=True) for ref, group, pk, number in found}


def _customers(actor: Actor, rows: Sequence[_Row]) -> list[int]:
    """Each booking's customer, everybody with a passport on file. The first passenger is the customer."""
    where = [(k, n) for k, row in enumerate(rows) for n in row.with_passport]
    try:
        ids = save_many_by_passport(actor, [_person(rows[k], n) for k, n in where])
    except Invalid as refused:
        raise _at_passengers(refused, where) from None
    by_place = dict(zip(where, ids, strict=True))
    return [
        row.asked.customer_id or by_place.get((k, 0)) or _without_passport(actor, row) for k, row in enumerate(rows)
    ]


def _without_passport(actor: Actor, row: _Row) -> int:
    first = row.people[0]
    if not first.first_name:
        raise UnknownParty(
            "The first passenger is the customer, and has no name.", field=("passengers", 0, "first_name")
        )
    details = CustomerIn(
        title=first.title,
        first_name=first.first_name,
        last_name=first.last_name,
        phone=row.asked.customer_phone,
        date_of_birth=first.date_of_birth,
    )
    return enter_customer(actor, details)


def _person(row: _Row, n: int) -> PersonIn:
    person = row.people[n]
    return PersonIn(
        first_name=person.first_name,
        last_name=person.last_name,
        passport_no=person.passport_no,
        title=person.title,
        gender=person.gender if person.gender in ("M", "F") else "",
        date_of_birth=person.date_of_birth,
        passport_issued=person.passport_issued,
        passport_expiry=person.passport_expiry,
        nationality=person.nationality,
        phone=row.asked.customer_phone if n == 0 and row.asked.customer_id is None else "",
    )


def _at_passengers(refused: Invalid, where: Sequence[tuple[int, int]]) -> Invalid:
    """What the parties room refuses of the third person, said of the passenger it is."""
    errors = []
    for error in refused.errors:
        loc = list(error["loc"])
        if loc[:1] == ["persons"] and len(loc) > 1:
            loc = ["passengers", where[loc[1]][1], *loc[2:]]
        errors.append({**error, "loc": loc})
    first = errors[0] if errors else {"loc": [], "msg": refused.detail}
    return Invalid(f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}", errors)


def _write(actor: Actor, row: _Row, customer_id: int) -> MadeBooking:
    asked = row.asked
    terms = {name: getattr(asked, name) for name in asked.model_fields_set if name in BookingIn.model_fields}
    terms |= {
        "customer_id": customer_id,
        "group_id": row.group_id,
        "external_ref": asked.booking_ref,
        "passengers": row.people,
    }
    return write_booking(actor, BookingIn.model_construct(**{**BLANK, **terms}), customer_id)


BLANK = {name: value.get_default(call_default_factory=True) for name, value in BookingIn.model_fields.items()}
