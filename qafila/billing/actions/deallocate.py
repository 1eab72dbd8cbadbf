"""Take money off the bookings it was put on."""

from __future__ import annotations

from qafila.billing import locks
from qafila.billing.allocating import take_off
from qafila.billing.errors import AllocationNotFound
from qafila.billing.receiving import Taken
from qafila.kernel.actor import Actor
from qafila.kernel.audit import record
from qafila.kernel.transaction import action
from qafila.kernel.ui.formats import grouped


@action
def deallocate(
    *, actor: Actor, payment_id: int, allocation_id: int | None = None, reason: str = "un-allocated"
) -> Taken:
    """Put one allocation of a payment, or all of them, back on the payer's account; what was paid by it is owed again.

    Refuses: PaymentNotFound, AllocationNotFound, and the ledger's period refusals.
    """
    actor.need("finance.create")
    payment, allocations = locks.payment_with_bookings(payment_id)
    if allocation_id is not None:
        allocations = [a for a in allocations if a.pk == allocation_id]
        if not allocations:
            raise AllocationNotFound("This payment has no such allocation, or it was taken back already.")
    take_off(actor, allocations, reason=reason)
    amount = sum((a.amount for a in allocations), start=payment.amount * 0)
    if allocations:
        after = {"amount": amount, "bookings": [a.booking_id for a in allocations]}
        record(actor, "payment.unallocated", "payment", payment.pk, after=after, note=reason)
    return Taken(payment.pk, f"{grouped(amount, payment.currency)} is on {payment.party.name}'s account again.")
