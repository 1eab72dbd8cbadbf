"""Finance clears one ticket by hand."""

from __future__ import annotations

from qafila.kernel.actor import Actor
from qafila.kernel.audit import record
from qafila.kernel.transaction import action
from qafila.ticketing import steps
from qafila.ticketing.errors import AlreadyCleared, TicketNotFound
from qafila.ticketing.models import TicketRecord


@action
def clear_ticket(*, actor: Actor, ticket_id: int, reason: str = "") -> int:
    """Let one ticket be issued though its booking is not paid; the cause is `approval`, the reason is kept.

    Refuses: TicketNotFound, AlreadyCleared, WrongState. Source: document 002, finance-clear.
    """
    actor.need("finance.bookings.approve_finance")
    ticket = TicketRecord.objects.select_for_update().filter(pk=ticket_id, booking__deleted_at__isnull=True).first()
    if ticket is None:
        raise TicketNotFound("There is no such ticket.")
    if ticket.state == "FINANCE_CLEARED":
        raise AlreadyCleared(f"The ticket of {ticket.passenger_name} is cleared already.")
    steps.clear_one(actor, ticket_id, cause="approval", note=reason)
    record(actor, "ticket.finance_cleared", "ticket", ticket_id, note=reason)
    return ticket_id
