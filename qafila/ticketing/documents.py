"""The ticket's own document: an itinerary receipt, made at issue and kept."""

from __future__ import annotations

from typing import Any

from qafila.documents.steps import render_pdf, store
from qafila.identity.queries import agency
from qafila.inventory.models import Airport
from qafila.kernel.actor import Actor
from qafila.ticketing.models import TicketDocument, TicketRecord
from qafila.ticketing.segments import Segment


def eticket_data(ticket: TicketRecord, flown: list[Segment]) -> dict[str, Any]:
    """What the document says, from the rows as they stand."""
    house = agency()
    person, group = ticket.passenger, ticket.booking.package.group
    codes = {s.origin for s in flown} | {s.destination for s in flown}
    cities = dict(Airport.objects.filter(code__in=codes).values_list("code", "city"))
    return {
        "agency": {
            "name": house.name,
            "address": [line for line in house.address.splitlines() if line.strip()],
            "contact": [" · ".join(part for part in (house.phone, house.email) if part)],
        },
        "ticket_number": ticket.ticket_number or "",
        "pnr": ticket.pnr,
        "passenger": ticket.passenger_name,
        "passport_no": person.passport_no,
        "tier": person.get_tier_display(),
        "booking": ticket.booking.number,
        "group": group.code,
        "issued_on": ticket.issued_at.strftime("%d %b %Y") if ticket.issued_at else "",
        "issued_by": ticket.issued_by,
        "segments": [
            {
                "flight": s.flight_no,
                "pnr": s.pnr,
                "origin": s.origin,
                "origin_city": cities.get(s.origin, ""),
                "destination": s.destination,
                "destination_city": cities.get(s.destination, ""),
                "departs": f"{s.departs_on:%a %d %b %Y}",
                "departs_at": f"{s.departs_at:%H:%M}",
                "arrives": f"{s.arrives_on:%a %d %b %Y}",
                "arrives_at": f"{s.arrives_at:%H:%M}",
                "terminal": s.terminal,
                "arrival_terminal": s.arrival_terminal,
            }
            for s in flown
        ],
    }


def file_eticket(actor: Actor, ticket: TicketRecord, flown: list[Segment]) -> int:
    """Make the document and keep it with the ticket; the stored file's id."""
    content = render_pdf("ticketing/eticket", eticket_data(ticket, flown))
    file_id = store(
        actor,
        entity="ticket",
        entity_id=ticket.pk,
        kind="eticket",
        name=f"e-ticket {ticket.ticket_number} {ticket.passenger_name.replace('/', ' ')}.pdf",
        content=content,
        content_type="application/pdf",
        right="tickets.view",
    )
    TicketDocument.objects.create(ticket_id=ticket.pk, file_id=file_id, kind="eticket")
    return file_id
