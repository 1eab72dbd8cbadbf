"""What higher rooms may do with parties inside their own transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, fields
from typing import Any

from qafila.kernel.actor import Actor
from qafila.kernel.errors import Invalid
from qafila.kernel.transaction import step
from qafila.parties import checking
from qafila.parties.checking import Faults, Values
from qafila.parties.keeping import change_many, put, values_of
from qafila.parties.models import Customer
from qafila.parties.passports import reserve
from qafila.parties.schemas import CustomerIn
from qafila.parties.shelves import CUSTOMERS
from qafila.parties.types import PersonIn

BLANK: Values = CustomerIn(first_name="-").model_dump()


@step
def save_by_passport(actor: Actor, person: PersonIn) -> int:
    """The customer who has this passport, renewed where the person says more, revived if deleted, entered if new.

    Needs customers.create. Refuses: Invalid naming the field. Source: domain.md 3, "Import".
    """
    return save_many_by_passport(actor, [person])[0]


@step
def save_many_by_passport(actor: Actor, persons: Sequence[PersonIn]) -> list[int]:
    """The same for many, in some eight statements however many; answers the customers' ids in their order.

    What a person leaves empty stays as it was. A passport that comes twice is one customer; the last word counts.
    Refuses: Invalid naming every person and field at fault: `persons[3].passport_no`.
    """
    actor.need("customers.create")
    if not persons:
        return []
    checked = _checked(persons)
    latest = {str(values["passport_no"]): values for values in checked}
    known = reserve(list(latest))
    ids = {number: row.pk for number, row in known.items()}
    _renew(actor, [(row, latest[number]) for number, row in known.items()])
    new = [number for number in latest if number not in known]
    if new:
        entered = put(actor, CUSTOMERS, [{**BLANK, **latest[number]} for number in new])
        ids |= dict(zip(new, entered, strict=True))
    return [ids[str(values["passport_no"])] for values in checked]


@step
def enter_customer(actor: Actor, details: CustomerIn) -> int:
    """Who walks in with a booking: found by passport when they have one and it is known, else entered.

    Needs customers.create. Refuses: Invalid with every field at fault.
    """
    actor.need("customers.create")
    values = CUSTOMERS.checked(details.model_dump())
    if number := values.get("passport_no"):
        holder = reserve([str(number)]).get(str(number))
        if holder is not None:
            # Who they are is renewed; credit, terms and the like are not for whoever makes a booking to change.
            _renew(actor, [(holder, {f.name: values[f.name] for f in fields(PersonIn)})])
            return int(holder.pk)
    return put(actor, CUSTOMERS, [values])[0]


def _checked(persons: Sequence[PersonIn]) -> list[Values]:
    home: list[str] = []

    def country() -> str:  # asked once for all of them
        if not home:
            home.append(checking.agency_country())
        return home[0]

    checked, errors = [], []
    for n, person in enumerate(persons):
        faults = Faults()
        values: dict[str, Any] = checking.person(checking.contact(asdict(person), faults, country), faults)
        if not values["passport_no"] and not faults.errors:
            faults.errors.append({"loc": ["passport_no"], "msg": "A passport number is needed."})
        if not person.first_name.strip():
            faults.errors.append({"loc": ["first_name"], "msg": "A name is needed."})
        errors += [{**error, "loc": ["persons", n, *error["loc"]]} for error in faults.errors]
        checked.append(values)
    if errors:
        where = ".".join(str(part) for part in errors[0]["loc"])
        raise Invalid(f"{where}: {errors[0]['msg']}", errors)
    return checked


def _renew(actor: Actor, pairs: Sequence[tuple[Customer, Values]]) -> None:
    """What a person leaves empty stays; the deleted come back. Nothing is written for those who say nothing new."""
    for deleted, event in ((False, "renewed"), (True, "revived")):
        chosen = [(row, values) for row, values in pairs if (row.deleted_at is not None) is deleted]
        change_many(actor, CUSTOMERS, [(row, _merged(row, values)) for row, values in chosen], event=event)


def _merged(row: Customer, values: Values) -> Values:
    news = {key: value for key, value in values.items() if value not in (None, "") and key != "country"}
    return {**values_of(CUSTOMERS, row), **news}
