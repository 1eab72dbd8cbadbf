"""Put a paper with a ticket."""

from __future__ import annotations

from qafila.documents.steps import store
from qafila.kernel.actor import Actor
from qafila.kernel.audit import record
from qafila.kernel.transaction import action
from qafila.ticketing.errors import TicketNotFound
from qafila.ticketing.models import TicketDocument, TicketRecord


@action
def add_document(
    *, actor: Actor, ticket_id: int, name: str, content: bytes, content_type: str, kind: str = "scan"
) -> int:
    """Keep an e-ticket or scan with a ticket; its id. Refuses: TicketNotFound, what the store refuses."""
    actor.need("tickets.edit")
    if not TicketRecord.objects.filter(pk=ticket_id, booking__deleted_at__isnull=True).exists():
        raise TicketNotFound("There is no such ticket.")
    file_id = store(
        actor,
        entity="ticket",
        entity_id=ticket_id,
        kind=kind,
        name=name,
        content=content,
        content_type=content_type,
        right="tickets.view",
    )
    document = TicketDocument.objects.create(ticket_id=ticket_id, file_id=file_id, kind=kind)
    record(actor, "ticket.document_added", "ticket", ticket_id, after={"file": file_id, "name": name})
    return document.pk
