"""What billing does when sales announces something."""

from __future__ import annotations

from decimal import Decimal

from qafila.billing import locks, parts  # noqa: F401 - parts register themselves
from qafila.billing.allocating import release_excess, take_off
from qafila.billing.errors import InvoicedAlready
from qafila.billing.issuing import credit
from qafila.kernel.actor import Actor
from qafila.kernel.facts import on
from qafila.kernel.money import ZERO, text
from qafila.kernel.ui.formats import grouped
from qafila.sales.effects import tell
from qafila.sales.facts import BilledPartyChanged, BookingCancelled, BookingTotalsChanged


@on(BookingCancelled)
def credit_what_was_billed(actor: Actor, fact: BookingCancelled) -> None:
    """The booking's invoice gets its numbered credit note; its receipts go to the payer's account, none is reversed."""
    locks.lock_bookings([fact.booking_id])
    invoice = locks.live_invoices([fact.booking_id]).get(fact.booking_id)
    reason = f"{fact.number} {'deleted' if fact.deleted else 'cancelled'}" + (f": {fact.reason}" if fact.reason else "")
    standing = locks.live_allocations(booking_id=fact.booking_id)
    if invoice is not None:
        note = credit(actor, invoice, event="cancel_with_booking", reason=reason[:1000], off_booking=True)
        tell(f"Invoice {invoice.number} gets credit note {note.number} over {_shown(invoice.currency, note.amount)}.")
    waiting = locks.live_allocations(booking_id=fact.booking_id)
    locks.lock_payments(a.payment_id for a in waiting)
    take_off(actor, waiting, reason=reason[:1000])
    if standing:
        freed = _shown(standing[0].payment.currency, sum((a.amount for a in standing), ZERO))
        tell(f"{freed} goes to the account of whoever paid it; no receipt is reversed.")


def _shown(currency: str, amount: Decimal) -> str:
    return f"{currency} {grouped(amount, currency)}"


@on(BookingTotalsChanged)
def keep_what_was_billed(actor: Actor, fact: BookingTotalsChanged) -> None:
    """An invoiced price does not change under its invoice: refused. Else, what is paid beyond it goes on account."""
    invoice = locks.live_invoices([fact.booking_id]).get(fact.booking_id)
    if invoice is not None and invoice.gross_total != fact.gross_total:
        raise InvoicedAlready(
            f"This booking is invoiced at {text(invoice.gross_total)} {invoice.currency} ({invoice.number}): take that"
            f" invoice back by a credit note first, then change the price to {text(fact.gross_total)}.",
            invoice=invoice.number,
        )
    if invoice is None and fact.balance < 0:
        locks.lock_payments(a.payment_id for a in locks.live_allocations(booking_id=fact.booking_id))
        release_excess(actor, fact.booking_id, -fact.balance, reason="the booking's price went down")


@on(BilledPartyChanged)
def keep_who_was_billed(actor: Actor, fact: BilledPartyChanged) -> None:
    """Who was invoiced stays on the booking while the invoice stands."""
    invoice = locks.live_invoices([fact.booking_id]).get(fact.booking_id)
    if invoice is not None:
        raise InvoicedAlready(
            f"This booking is invoiced ({invoice.number}): take that invoice back by a credit note before somebody else"
            " is billed.",
            invoice=invoice.number,
        )
