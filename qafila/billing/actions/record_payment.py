"""Record money received."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from qafila.billing.accounts import account_for
from qafila.billing.bill import billed_party, booking_meant, concerned, read_booking
from qafila.billing.errors import CurrencyNotTaken, PayerUnclear
from qafila.billing.models import Payment
from qafila.billing.receiving import Taken, list_in_search, lock_for, receive
from qafila.billing.rules import check_amount, check_received, payer_of
from qafila.billing.states import PAYMENT, PENDING, VERIFIED
from qafila.identity.queries import agency
from qafila.kernel import clock
from qafila.kernel.actor import Actor
from qafila.kernel.audit import record
from qafila.kernel.states import begin
from qafila.kernel.transaction import action
from qafila.kernel.ui.formats import grouped
from qafila.ledger.models import Party
from qafila.sales.errors import BookingIsClosed
from qafila.sales.models import Booking


@action
def record_payment(
    *,
    actor: Actor,
    amount: Decimal,
    method: str,
    customer_id: int | None = None,
    agent_id: int | None = None,
    booking_id: int | None = None,
    invoice_id: int | None = None,
    currency: str | None = None,
    account: str | None = None,
    received_on: date | None = None,
    reference: str = "",
    note: str = "",
) -> Taken:
    """Take money from a customer or partner: for a booking, for its invoice, or on account. `amount` in base currency.

    Cash is verified at once: receipt number, entry, and it counts as paid. Everything else waits for verification,
    posts nothing and counts as nothing. What a booking does not owe stays on the payer's account.
    Refuses: PayerUnclear, NotTheirBooking, CurrencyNotTaken, AmountTooFine, AccountUnclear, AccountDoesNotFit,
    NotReceivedYet, BookingNotFound, BookingIsClosed, InvoiceNotFound, InvoiceIsCancelled, and the ledger's period
    refusals. Source: domain.md, 2.6; ledger.md, 3.
    """
    actor.need("finance.payments.record")
    booking_id = booking_meant(booking_id, invoice_id)
    invoices = lock_for(booking_id)
    booking = read_booking(booking_id) if booking_id else None
    if booking is not None and booking.state == "cancelled":
        raise BookingIsClosed(f"{booking.number} is cancelled: take the money on account.", field="booking_id")
    base = agency().base_currency
    currency = _currency(currency or base, base, booking)
    day = received_on or clock.today()
    check_amount(amount, currency)
    check_received(day, clock.today())
    party = _payer(customer_id, agent_id, booking)
    branch_id = actor.branch_id or (booking.branch_id if booking else None)
    into = account_for(actor, method, account, branch_id)
    payment = Payment.objects.create(
        state=PENDING,
        party=party,
        booking=booking,
        branch_id=into.branch_id or branch_id,
        method=method,
        account_id=into.id,
        amount=amount,
        currency=currency,
        received_on=day,
        reference=reference,
        note=note,
        made_by_id=actor.user_id,
        made_by_name=actor.name,
    )
    if method == "cash":
        told = receive(actor, payment, invoices)
        payment.state = VERIFIED
        payment.save(update_fields=["state", "number", "entry"])
        begin(actor, PAYMENT, [payment.pk], "receive")
    else:
        told = f"{currency} {grouped(amount, currency)} recorded; it counts once somebody else has verified it."
        begin(actor, PAYMENT, [payment.pk], "record")
    facts = {"party": party.code, "amount": amount, "currency": currency, "method": method, "number": payment.number}
    record(actor, "payment.recorded", "payment", payment.pk, after={**facts, "booking": booking and booking.number})
    list_in_search(payment)
    return Taken(payment.pk, told)


def _currency(currency: str, base: str, booking: Booking | None) -> str:
    if currency != base:
        raise CurrencyNotTaken(f"Payments are taken in {base}; change {currency} into {base} first.", field="currency")
    if booking is not None and booking.currency != base:
        raise CurrencyNotTaken(
            f"{booking.number} is priced in {booking.currency}, and payments are taken in {base}: take the money on"
            " account instead.",
            field="booking_id",
        )
    return currency


def _payer(customer_id: int | None, agent_id: int | None, booking: Booking | None) -> Party:
    billed = billed_party(booking)[0] if booking else None
    owner = payer_of(customer_id, agent_id, billed, concerned(booking), booking.number if booking else "")
    party = Party.objects.filter(pk=owner.id, kind=owner.kind).first()
    if party is None:
        word, field = ("customer", "customer_id") if owner.kind == "customer" else ("partner", "agent_id")
        raise PayerUnclear(f"There is no such {word}.", field=field)
    return party
