"""Reads of the visas room."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from qafila.kernel.actor import Actor
from qafila.kernel.pagination import Page, Window, order, paginate
from qafila.visas.errors import VisaCaseNotFound
from qafila.visas.models import VisaCase
from qafila.visas.states import VISA

SORTS = {
    "id": "id",
    "state": "state",
    "passenger": "passenger__last_name",
    "departure": "booking__package__group__departure_date",
}


@dataclass(frozen=True)
class VisaRow:
    """One case as lists and the API show it."""

    id: int
    booking_id: int
    booking_number: str
    group_code: str
    departure_date: date
    passenger_id: int
    passenger: str
    passport_no: str
    state: str
    state_label: str
    state_tone: str
    reference: str
    visa_no: str
    valid_until: date | None
    notes: str
    version: int


def _cases(actor: Actor) -> QuerySet[VisaCase]:
    actor.need("visas.view")
    return VisaCase.objects.filter(closed_at__isnull=True, booking__deleted_at__isnull=True).select_related(
        "passenger", "booking__package__group"
    )


def _row(case: VisaCase) -> VisaRow:
    group = case.booking.package.group
    return VisaRow(
        id=case.pk,
        booking_id=case.booking_id,
        booking_number=case.booking.number,
        group_code=group.code,
        departure_date=group.departure_date,
        passenger_id=case.passenger_id,
        passenger=f"{case.passenger.first_name} {case.passenger.last_name}".strip(),
        passport_no=case.passenger.passport_no,
        state=case.state,
        state_label=VISA.label(case.state),
        state_tone=VISA.tone(case.state),
        reference=case.reference,
        visa_no=case.visa_no,
        valid_until=case.valid_until,
        notes=case.notes,
        version=case.version,
    )


def cases(
    actor: Actor,
    window: Window,
    *,
    q: str = "",
    state: str = "",
    group_id: int | None = None,
    booking_id: int | None = None,
) -> Page[VisaRow]:
    """Open cases, those who depart first on top. Two queries."""
    rows = _cases(actor)
    if state:
        rows = rows.filter(state=state)
    if group_id:
        rows = rows.filter(booking__package__group_id=group_id)
    if booking_id:
        rows = rows.filter(booking_id=booking_id)
    if q:
        rows = rows.filter(
            Q(passenger__first_name__icontains=q)
            | Q(passenger__last_name__icontains=q)
            | Q(passenger__passport_no__istartswith=q)
            | Q(booking__number__iexact=q)
            | Q(visa_no__istartswith=q)
        )
    return paginate(rows.order_by(*order(window.sort, SORTS, "departure")), window, _row)


def case(actor: Actor, case_id: int) -> VisaRow:
    """One open case. Refuses: VisaCaseNotFound."""
    found = _cases(actor).filter(pk=case_id).first()
    if found is None:
        raise VisaCaseNotFound("There is no such visa case.")
    return _row(found)


def counts(actor: Actor) -> dict[str, int]:
    """Open cases per state: one query."""
    if not actor.may("visas.view"):
        return {}
    open_cases = VisaCase.objects.filter(closed_at__isnull=True, booking__deleted_at__isnull=True)
    return dict(open_cases.values_list("state").annotate(n=Count("id")).order_by("state"))
