"""Take an invoice back by a credit note."""

from __future__ import annotations

from dataclasses import dataclass

from qafila.billing import locks
from qafila.billing.errors import InvoiceIsCancelled
from qafila.billing.issuing import credit
from qafila.billing.states import CANCELLED
from qafila.kernel.actor import Actor
from qafila.kernel.transaction import action


@dataclass(frozen=True)
class Credited:
    """The invoice taken back, and the number of its credit note."""

    invoice_id: int
    number: str


@action
def credit_invoice(*, actor: Actor, invoice_id: int, reason: str) -> Credited:
    """Issue a credit note over the whole invoice: the mirror of its own entry, numbered without gaps, dated today.

    The booking lives on and may be invoiced anew; what was paid stays paid on it and waits as an advance.
    Refuses: InvoiceNotFound, InvoiceIsCancelled, and the ledger's period refusals.
    Source: domain.md, 2.4; ledger.md, 3.
    """
    actor.need("invoices.credit")
    invoice = locks.lock_invoice(invoice_id)
    if invoice.state == CANCELLED:
        raise InvoiceIsCancelled(f"{invoice.number} has its credit note already.")
    note = credit(actor, invoice, event="credit", reason=reason, off_booking=False)
    return Credited(invoice.pk, note.number)
