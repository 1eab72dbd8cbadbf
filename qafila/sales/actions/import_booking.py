"""One booking of an import: its people put on file, then sold as any other."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from qafila.kernel.actor import Actor
from qafila.kernel.errors import Invalid
from qafila.kernel.transaction import action
from qafila.parties.schemas import CustomerIn
from qafila.parties.steps import enter_customer, save_many_by_passport
from qafila.parties.types import PersonIn
from qafila.sales.errors import CountsDisagree, NothingToImport
from qafila.sales.making import MadeBooking, make_booking
from qafila.sales.people import Warned, filled
from qafila.sales.schemas import BookingIn, ImportBookingIn, PassengerIn

# Two runs of the same file wait for each other here, row by row; the second finds what the first made.
TURN = "SELECT pg_advisory_xact_lock(hashtextextended('import ' || %s || ' ' || %s, 0))"
MADE = (
    "SELECT b.id, b.number FROM sales_booking b JOIN sales_packagesale p ON p.booking_id = b.id"
    " WHERE b.external_ref = %s AND p.group_id = %s AND b.deleted_at IS NULL ORDER BY b.id LIMIT 1"
)


@dataclass(frozen=True)
class Imported:
    """A booking that an import made, or that an earlier run had made (`already`)."""

    booking_id: int
    number: str
    already: bool
    warnings: tuple[Warned, ...] = ()


@action
def import_booking(*, actor: Actor, row: ImportBookingIn, group_id: int | None) -> Imported:
    """Make one booking of an import; its passengers become customers by passport, or are renewed.

    Refuses: MissingRight, and all that creating customers and bookings refuses. Source: document 000, import.
    """
    actor.need("bookings.create", "customers.create")
    group = row.group_id or group_id
    if group is None:
        raise NothingToImport("Name the departure: group_id for all, or on each booking.", field="group_id")
    if row.booking_ref and (made := _made_before(row.booking_ref, group)):
        return made
    people: list[PassengerIn] = [filled(n, person) for n, person in enumerate(row.passengers)]
    customer_id = _customer(actor, row, people)
    booking = _sell(actor, row, people, customer_id, group)
    return Imported(booking.id, booking.number, already=False, warnings=booking.warnings)


def _made_before(ref: str, group_id: int) -> Imported | None:
    with connection.cursor() as cursor:
        cursor.execute(TURN, [str(group_id), ref])
        cursor.execute(MADE, [ref, group_id])
        found = cursor.fetchone()
    return Imported(found[0], found[1], already=True) if found else None


def _customer(actor: Actor, row: ImportBookingIn, people: list[PassengerIn]) -> int:
    """The booking's customer, everybody with a passport on file. The first passenger is the customer."""
    with_passport = [n for n, person in enumerate(people) if person.passport_no]
    try:
        ids = save_many_by_passport(actor, [_person(row, n, people[n]) for n in with_passport])
    except Invalid as refused:
        raise _at_passengers(refused, with_passport) from None
    if row.customer_id is not None:
        return row.customer_id
    if 0 in with_passport:
        return ids[0]
    first = people[0]
    if not first.first_name:
        raise CountsDisagree(
            "The first passenger is the customer, and has no name.", field=("passengers", 0, "first_name")
        )
    details = CustomerIn(
        title=first.title,
        first_name=first.first_name,
        last_name=first.last_name,
        phone=row.customer_phone,
        date_of_birth=first.date_of_birth,
    )
    return enter_customer(actor, details)


def _person(row: ImportBookingIn, n: int, person: PassengerIn) -> PersonIn:
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
        phone=row.customer_phone if n == 0 and row.customer_id is None else "",
    )


def _at_passengers(refused: Invalid, indexes: list[int]) -> Invalid:
    """What the parties room refuses of the third person, said of the passenger it is."""
    errors = []
    for error in refused.errors:
        loc = list(error["loc"])
        if loc[:1] == ["persons"] and len(loc) > 1:
            loc = ["passengers", indexes[loc[1]], *loc[2:]]
        errors.append({**error, "loc": loc})
    first = errors[0] if errors else {"loc": [], "msg": refused.detail}
    return Invalid(f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}", errors)


def _sell(actor: Actor, row: ImportBookingIn, people: list[PassengerIn], customer_id: int, group: int) -> MadeBooking:
    terms = {name: getattr(row, name) for name in row.model_fields_set if name in BookingIn.model_fields}
    terms |= {"customer_id": customer_id, "group_id": group, "external_ref": row.booking_ref, "passengers": people}
    asked = BookingIn.model_construct(**{**BLANK, **terms})
    return make_booking(actor, asked, customer_id)


BLANK = {name: value.get_default(call_default_factory=True) for name, value in BookingIn.model_fields.items()}
