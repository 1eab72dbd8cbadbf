"""Use money that is on account for a booking or its invoice."""

from __future__ import annotations

from decimal import Decimal

from qafila.billing import locks
from qafila.billing.allocating import applications, debt_of, owners_of, put_on, settle
from qafila.billing.bill import booking_meant, need_concerned, read_booking
from qafila.billing.errors import CurrencyNotTaken, MoreThanIsDue, NotEnoughLeft, PayerUnclear, PaymentNotVerified
from qafila.billing.models import Payment
from qafila.billing.receiving import Taken
from qafila.billing.rules import check_amount
from qafila.billing.states import PAYMENT, VERIFIED
from qafila.kernel.actor import Actor
from qafila.kernel.audit import record
from qafila.kernel.money import text
from qafila.kernel.transaction import action
from qafila.kernel.ui.formats import grouped
from qafila.ledger.steps import post_many
from qafila.sales.errors import BookingIsClosed
from qafila.sales.models import Booking


@action
def allocate(
    *,
    actor: Actor,
    payment_id: int,
    booking_id: int | None = None,
    invoice_id: int | None = None,
    amount: Decimal | None = None,
) -> Taken:
    """Put a part of a verified payment on a booking or its invoice; by default as much as there is and as is owed.

    With an invoice issued, an entry applies the advance to the receivable; without, the money waits as an advance and
    counts as paid. Refuses: PaymentNotFound, BookingNotFound, PaymentNotVerified, NotTheirBooking, CurrencyNotTaken,
    NotEnoughLeft, MoreThanIsDue, BookingIsClosed. Source: ledger.md, 3 ("Allocation to an invoice").
    """
    actor.need("finance.create")
    booking_id = booking_meant(booking_id, invoice_id)
    if booking_id is None:
        raise PayerUnclear("Say what it is for: a booking or an invoice.", field="booking_id")
    locks.lock_bookings([booking_id])
    invoice = locks.live_invoices([booking_id]).get(booking_id)
    payment = locks.lock_payment(payment_id)
    booking = read_booking(booking_id)
    amount = _allowed(payment, booking, amount)
    uses = [(put_on(actor, payment, booking_id, amount), payment)]
    if invoice is not None:
        entries = applications(invoice.number, debt_of(invoice), uses, owners_of({payment.party_id}))
        settle(actor, invoice, uses, post_many(actor, entries))
    record(actor, "payment.allocated", "payment", payment.pk, after={"booking": booking.number, "amount": amount})
    return Taken(payment.pk, f"{grouped(amount, payment.currency)} of {payment.number} is on {booking.number}.")


def _allowed(payment: Payment, booking: Booking, amount: Decimal | None) -> Decimal:
    """How much may be put on; every reason why not."""
    if payment.state != VERIFIED:
        label = PAYMENT.label(payment.state).lower()
        raise PaymentNotVerified(f"This payment is {label}: only verified money is used.", state=payment.state)
    need_concerned(booking, payment)
    if booking.currency != payment.currency:
        raise CurrencyNotTaken(
            f"{booking.number} is priced in {booking.currency}, the payment is in {payment.currency}."
        )
    if booking.state == "cancelled":
        raise BookingIsClosed(f"{booking.number} is cancelled: it takes no more money.")
    left: Decimal = payment.amount - payment.allocated
    due: Decimal = booking.balance
    if amount is not None:
        check_amount(amount, payment.currency)
        if amount > left:
            raise NotEnoughLeft(f"Only {text(left)} of this payment is on account.", field="amount", left=text(left))
        if amount > due:
            raise MoreThanIsDue(f"{booking.number} owes {text(max(due, Decimal(0)))}, not more.", field="amount")
        return amount
    if left <= 0:
        raise NotEnoughLeft("All of this payment is used already.", left="0")
    if due <= 0:
        raise MoreThanIsDue(f"{booking.number} owes nothing.", field="booking_id")
    return min(left, due)
