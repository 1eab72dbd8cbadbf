"""Finalise passengers' names as they will stand on their tickets."""

from __future__ import annotations

from collections.abc import Mapping

from qafila.groups.models import GroupFlight
from qafila.kernel.actor import Actor
from qafila.kernel.audit import record
from qafila.kernel.errors import StaleVersion, WrongState
from qafila.kernel.transaction import action
from qafila.ticketing.errors import TicketNotFound
from qafila.ticketing.models import TicketRecord
from qafila.ticketing.rules import standing
from qafila.ticketing.states import TICKET, UNISSUED


@action
def update_names(*, actor: Actor, names: Mapping[int, str], versions: Mapping[int, int] | None = None) -> list[int]:
    """Write the final names (ticket id → name as on the passport) and re-evaluate where each ticket stands.

    Refuses: TicketNotFound, StaleVersion, WrongState once issued. Source: document 002, name update.
    """
    actor.need("tickets.edit")
    tickets = {
        t.pk: t
        for t in TicketRecord.objects.select_for_update(of=("self",))
        .select_related("passenger", "booking__package")
        .filter(pk__in=names, booking__deleted_at__isnull=True)
        .order_by("pk")
    }
    for ticket_id in names:
        if ticket_id not in tickets:
            raise TicketNotFound(f"There is no ticket {ticket_id}.")
    flying = set(
        GroupFlight.objects.filter(group_id__in={t.booking.package.group_id for t in tickets.values()}).values_list(
            "group_id", flat=True
        )
    )
    for ticket in tickets.values():
        expected = (versions or {}).get(ticket.pk)
        if expected is not None and expected != ticket.version:
            raise StaleVersion(ticket.version)
        _finalise(actor, ticket, names[ticket.pk], has_flight=ticket.booking.package.group_id in flying)
    return sorted(tickets)


def _finalise(actor: Actor, ticket: TicketRecord, name: str, *, has_flight: bool) -> None:
    if ticket.state not in UNISSUED:
        raise WrongState(
            f"The ticket of {ticket.passenger_name} is {TICKET.label(ticket.state).lower()}: its name stands.",
            state=ticket.state,
            event="name_update",
        )
    before = {"passenger_name": ticket.passenger_name, "state": ticket.state}
    stands = standing(
        cleared=ticket.clearance == "cleared", has_flight=has_flight, exception_asked=ticket.state == "ON_HOLD"
    )
    TicketRecord.objects.filter(pk=ticket.pk).update(
        passenger_name=name.upper(), name_update_pending=False, state=stands, version=ticket.version + 1
    )
    record(
        actor,
        "ticket.name_updated",
        "ticket",
        ticket.pk,
        before=before,
        after={"passenger_name": name.upper(), "state": stands},
    )
