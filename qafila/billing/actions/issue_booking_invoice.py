"""Issue a booking's invoice."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from qafila.billing import locks
from qafila.billing.bill import draw_up, read_booking
from qafila.billing.issuing import issue
from qafila.kernel.actor import Actor
from qafila.kernel.transaction import action


@dataclass(frozen=True)
class Issued:
    """The invoice that stands for a booking; `already` when it did before."""

    invoice_id: int
    number: str
    already: bool


@action
def issue_booking_invoice(*, actor: Actor, booking_id: int, exchange_rate: Decimal | None = None) -> Issued:
    """Number the invoice of a package booking and post it, dated today; the booking's receipts are applied to it.

    Naturally idempotent: a booking that is invoiced answers the invoice it has. `exchange_rate`: one unit of the
    booking's currency in base currency, for bookings in a foreign one.
    Refuses: BookingNotFound, NotBillable, BillDoesNotAddUp, ExchangeRateNeeded, and the ledger's period refusals.
    Source: domain.md, 2.4 and "Billing, never twice".
    """
    actor.need("bookings.invoice")
    locks.lock_bookings([booking_id])
    booking = read_booking(booking_id)
    standing = locks.live_invoices([booking_id]).get(booking_id)
    if standing is not None:
        return Issued(standing.pk, standing.number, already=True)
    invoice = issue(actor, draw_up(booking, exchange_rate=exchange_rate))
    return Issued(invoice.pk, invoice.number, already=False)
