"""What both halves of the queries read: parties and allocations."""

from __future__ import annotations

from typing import Any

from qafila.billing.models import Allocation
from qafila.billing.types import AllocationRow, PartyRef
from qafila.ledger.models import Party


def allocations(**of: Any) -> tuple[AllocationRow, ...]:
    rows = Allocation.objects.select_related("payment", "booking", "invoice").filter(**of).order_by("pk")
    return tuple(
        AllocationRow(
            id=row.pk,
            payment_id=row.payment_id,
            payment_number=row.payment.number or "",
            method=row.payment.method,
            received_on=row.payment.received_on,
            booking_id=row.booking_id,
            booking_number=row.booking.number,
            invoice_id=row.invoice_id,
            invoice_number=row.invoice.number if row.invoice else "",
            amount=row.amount,
            entry_id=row.entry_id,
            created_at=row.created_at,
            taken_back_at=row.taken_back_at,
        )
        for row in rows
    )


def party(row: Party) -> PartyRef:
    return PartyRef(row.pk, row.code, row.name, row.kind)
