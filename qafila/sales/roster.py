"""Who travels on a booking, changed: people added, changed, taken off; seats and price follow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db.models import Max

from qafila.groups.models import GroupFlight
from qafila.kernel import clock
from qafila.kernel.actor import Actor
from qafila.kernel.facts import announce
from qafila.kernel.transaction import step
from qafila.parties.models import Customer
from qafila.sales.errors import FlightNotOfGroup, PassengerNotFound
from qafila.sales.facts import PassengerRemoved, RosterChanged
from qafila.sales.models import Booking, PackageSale, Passenger
from qafila.sales.people import Traveller, check_travellers, counts_of
from qafila.sales.schemas import PassengerIn, PassengerPatch
from qafila.tax.rules import Counts

FIELDS = tuple(Traveller.__dataclass_fields__)


@dataclass
class RosterChange:
    """What a change of the roster comes to: who travels now, and the diff for the trail."""

    counts: Counts
    added: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)

    @property
    def anything(self) -> bool:
        return bool(self.added or self.removed or self.changed)

    def told(self) -> dict[str, Any]:
        """For the trail: only what happened."""
        return {key: value for key in ("added", "removed", "changed") if (value := getattr(self, key))}


@step
def change_roster(
    actor: Actor, booking: Booking, sale: PackageSale, patches: Sequence[PassengerPatch], *, whole: bool
) -> RosterChange:
    """Write the passengers as the patches have them; with `whole` those who are not named no longer travel.

    Announces PassengerRemoved for each who was taken off, RosterChanged for the rest. Seats and price are the caller's.
    Refuses: PassengerNotFound, InvalidPassenger, FlightNotOfGroup.
    """
    rows = {row.pk: row for row in booking.passengers.exclude(state="cancelled").order_by("n")}
    for n, patch in enumerate(patches):
        if patch.id is not None and patch.id not in rows:
            raise PassengerNotFound(f"{booking.number} has no such passenger.", field=("passengers", n, "id"))
    named = {patch.id for patch in patches if patch.id is not None}
    staying = [PassengerPatch(id=pk) for pk in rows if pk not in named] if not whole else []
    wanted = [*patches, *staying]
    people = _checked(sale, rows, wanted)
    change = RosterChange(_travelling(people, rows, wanted))
    _remove(actor, booking, change, [row for pk, row in rows.items() if whole and pk not in named])
    known = _customers(people)
    last = booking.passengers.aggregate(last=Max("n"))["last"] or 0
    for patch, person in zip(wanted, people, strict=True):
        state = patch.state or (rows[patch.id].state if patch.id else "active")
        values = {**asdict(person), "state": state, "customer_id": known.get(person.passport_no)}
        if patch.id is None:
            last += 1
            Passenger.objects.create(booking=booking, n=last, **values)
            change.added.append(f"{person.name} ({person.tier})")
        else:
            _write(rows[patch.id], values, change)
    if change.added or change.changed:
        announce(actor, RosterChanged(booking.pk, sale.group_id))
    return change


def _checked(sale: PackageSale, rows: dict[int, Passenger], wanted: Sequence[PassengerPatch]) -> list[Traveller]:
    merged = [_merged(rows.get(patch.id) if patch.id else None, patch) for patch in wanted]
    group = sale.group
    if any(p.is_lead for p in wanted if "is_lead" in p.model_fields_set):
        merged = [
            m if "is_lead" in p.model_fields_set else m.model_copy(update={"is_lead": False})
            for m, p in zip(merged, wanted, strict=True)
        ]
    people = check_travellers(merged, group.departure_date, group.return_date, clock.today())
    flights = {p.flight_id for p in people if p.flight_id}
    if flights:
        linked = set(GroupFlight.objects.filter(group_id=sale.group_id, pk__in=flights).values_list("pk", flat=True))
        for n, person in enumerate(people):
            if person.flight_id and person.flight_id not in linked:
                raise FlightNotOfGroup(
                    f"{person.name}: this flight is not linked to {group.code}.", field=("passengers", n, "flight_id")
                )
    return people


def _merged(row: Passenger | None, patch: PassengerPatch) -> PassengerIn:
    given = {name: getattr(patch, name) for name in patch.model_fields_set if name in PassengerIn.model_fields}
    if row is None:
        return PassengerIn.model_construct(**{**PassengerIn().__dict__, **given})
    standing = {name: getattr(row, name) for name in FIELDS}
    if given.get("mrz"):
        # New passport lines speak for the fields that were not typed beside them.
        for name in ("passport_no", "passport_expiry", "nationality", "date_of_birth", "gender"):
            if name not in given:
                standing[name] = PassengerIn.model_fields[name].default
    if given.get("tier", "") is None:
        del given["tier"]
    return PassengerIn.model_construct(**{**PassengerIn().__dict__, **standing, **given})


def _travelling(people: Sequence[Traveller], rows: dict[int, Passenger], wanted: Sequence[PassengerPatch]) -> Counts:
    active = []
    for patch, person in zip(wanted, people, strict=True):
        state = patch.state or (rows[patch.id].state if patch.id else "active")
        if state == "active":
            active.append(person.tier)
    return counts_of(active)


def _remove(actor: Actor, booking: Booking, change: RosterChange, gone: Sequence[Passenger]) -> None:
    for row in gone:
        cancel_row(actor, booking, row)
        change.removed.append(f"{row.first_name} {row.last_name}".strip() + f" ({row.tier})")


@step
def cancel_row(actor: Actor, booking: Booking, row: Passenger) -> None:
    """The passenger no longer travels; announces PassengerRemoved. Refuses: what rooms above refuse (issued ticket)."""
    Passenger.objects.filter(pk=row.pk).update(state="cancelled", is_lead=False)
    announce(actor, PassengerRemoved(booking.pk, row.pk))


def _customers(people: Sequence[Traveller]) -> dict[str, int]:
    numbers = [person.passport_no for person in people if person.passport_no]
    if not numbers:
        return {}
    found = Customer.objects.filter(passport_no__in=numbers, deleted_at__isnull=True)
    return {str(number): pk for number, pk in found.values_list("passport_no", "pk")}


def _write(row: Passenger, values: dict[str, Any], change: RosterChange) -> None:
    differing = {name: value for name, value in values.items() if getattr(row, name) != value}
    if not differing:
        return
    shown = [
        f"{name.replace('_', ' ')} {getattr(row, name) or '–'} → {value or '–'}"
        for name, value in differing.items()
        if name != "customer_id"
    ]
    Passenger.objects.filter(pk=row.pk).update(**differing)
    if shown:
        change.changed.append(f"{row.first_name} {row.last_name}".strip() + ": " + ", ".join(shown))


def lead_after(people: Sequence[Passenger]) -> Passenger | None:
    """Who leads when the lead is gone: the first adult, else the first."""
    return next((p for p in people if p.tier == "adult"), people[0] if people else None)
