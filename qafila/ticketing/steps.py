"""What higher rooms and reactions may do with tickets inside their own transaction."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection
from django.db.models import F

from qafila.kernel import clock
from qafila.kernel.actor import Actor
from qafila.kernel.audit import record
from qafila.kernel.states import begin, move_many
from qafila.kernel.transaction import step
from qafila.sales.models import Booking
from qafila.sales.passengers import active_passengers
from qafila.ticketing.errors import TicketIsIssued
from qafila.ticketing.models import Clearance, TicketRecord
from qafila.ticketing.rules import ticket_name
from qafila.ticketing.states import TICKET, UNISSUED


@step
def sync(actor: Actor, booking_ids: Sequence[int]) -> int:
    """Make the missing ticket records, one for each active passenger; how many. Voids none.

    A booking that is paid or approved already gets its tickets cleared at once. A void ticket does not count as there.
    """
    missing = list(
        active_passengers(booking_ids)
        .exclude(tickets__state__in=["NOT_READY", "ON_HOLD", "FINANCE_CLEARED", "ISSUED"])
        .order_by("booking_id", "n")
        .values_list("pk", "booking_id", "first_name", "last_name", "title")
    )
    if not missing:
        return 0
    with connection.cursor() as cursor:
        # Two people who sync at once make one record each passenger: the second one's rows find the place taken.
        cursor.execute(
            "INSERT INTO ticketing_ticketrecord (booking_id, passenger_id, state, passenger_name, pnr,"
            " name_update_pending, name_update_deadline, clearance, clearance_cause, cleared_by, issued_by, version)"
            " SELECT b, p, 'NOT_READY', name, '', true,"
            "  (SELECT min(block.names_due) FROM groups_groupflight link JOIN inventory_airlineblock block"
            "    ON block.id = link.block_id JOIN sales_passenger person ON person.id = p"
            "    JOIN sales_packagesale sale ON sale.booking_id = b"
            "    WHERE link.group_id = sale.group_id AND (person.flight_id IS NULL OR person.flight_id = link.id)),"
            "  'pending', '', '', '', 1"
            " FROM unnest(%s::bigint[], %s::bigint[], %s::text[]) AS wanted(p, b, name)"
            " ON CONFLICT DO NOTHING RETURNING id, booking_id",
            [
                [row[0] for row in missing],
                [row[1] for row in missing],
                [ticket_name(first, last, title) for _, _, first, last, title in missing],
            ],
        )
        made = cursor.fetchall()
    if not made:
        return 0
    begin(actor, TICKET, [pk for pk, _ in made])
    bookings = sorted({booking_id for _, booking_id in made})
    record(actor, "ticket.synced", "booking", bookings[0] if len(bookings) == 1 else None, after={"tickets": len(made)})
    for booking_id, balance, finance in Booking.objects.filter(pk__in=bookings).values_list(
        "pk", "balance", "package__finance_approval"
    ):
        if balance <= 0:
            clear(actor, booking_id, cause="payment")
        elif finance == "approved":
            clear(actor, booking_id, cause="approval")
    return len(made)


@step
def clear(actor: Actor, booking_id: int, *, cause: str, note: str = "") -> int:
    """Finance lets a booking's tickets be issued, because of a `payment` or an `approval`: an event, kept."""
    waiting = list(
        TicketRecord.objects.filter(booking_id=booking_id, state__in=["NOT_READY", "ON_HOLD"]).values_list(
            "pk", flat=True
        )
    )
    return _clear(actor, waiting, cause, note)


@step
def clear_one(actor: Actor, ticket_id: int, *, cause: str, note: str = "") -> None:
    _clear(actor, [ticket_id], cause, note)


def _clear(actor: Actor, ticket_ids: list[int], cause: str, note: str) -> int:
    if not ticket_ids:
        return 0
    values = {"clearance": "cleared", "clearance_cause": cause, "cleared_at": clock.now(), "cleared_by": actor.name}
    cleared = move_many(
        actor, TICKET, TicketRecord, ticket_ids, "clear", reason=note or cause, version=F("version") + 1, **values
    )
    _remember(actor, cleared, granted=True, cause=cause, note=note)
    return len(cleared)


@step
def withdraw(actor: Actor, booking_id: int, *, cause: str, note: str = "") -> int:
    """Take a clearance of this cause back from the tickets not issued yet; how many."""
    cleared = list(
        TicketRecord.objects.filter(
            booking_id=booking_id, state="FINANCE_CLEARED", clearance="cleared", clearance_cause=cause
        ).values_list("pk", flat=True)
    )
    if not cleared:
        return 0
    moved = move_many(
        actor,
        TICKET,
        TicketRecord,
        cleared,
        "withdraw",
        reason=note or f"{cause} withdrawn",
        clearance="pending",
        clearance_cause="",
        cleared_at=None,
        cleared_by="",
        version=F("version") + 1,
    )
    _remember(actor, moved, granted=False, cause=cause, note=note)
    return len(moved)


@step
def release(actor: Actor, *, booking_id: int | None = None, passenger_id: int | None = None, reason: str = "") -> int:
    """Let the tickets of a cancelled booking or passenger go. Refuses: TicketIsIssued (void it first)."""
    tickets = TicketRecord.objects.select_for_update().order_by("pk")
    mine = {"passenger_id": passenger_id} if passenger_id else {"booking_id": booking_id}
    tickets = tickets.filter(**mine)
    standing = list(tickets.values_list("pk", "state", "passenger_name", "ticket_number"))
    for _, state, name, number in standing:
        if state == "ISSUED":
            raise TicketIsIssued(f"The ticket {number} of {name} is issued; void it first.", ticket_number=number)
    unissued = [pk for pk, state, _, _ in standing if state in UNISSUED]
    return len(
        move_many(
            actor, TICKET, TicketRecord, unissued, "release", reason=reason or "cancelled", version=F("version") + 1
        )
    )


def _remember(actor: Actor, ticket_ids: list[int], *, granted: bool, cause: str, note: str) -> None:
    Clearance.objects.bulk_create(
        Clearance(ticket_id=pk, granted=granted, cause=cause, note=note, user_id=actor.user_id, user_name=actor.name)
        for pk in ticket_ids
    )
