"""From money that arrived to a numbered, posted receipt: the steps that recording cash and verifying share."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from qafila.billing import locks, postings
from qafila.billing.allocating import applications, debt_of, owners_of, put_on, settle
from qafila.billing.models import Invoice, Payment
from qafila.billing.postings import Received, Trip
from qafila.billing.states import CANCELLED
from qafila.identity.queries import agency, branch_code
from qafila.kernel.actor import Actor
from qafila.kernel.money import ZERO
from qafila.kernel.numbers import fiscal_year, next_gapless
from qafila.kernel.search import index
from qafila.kernel.transaction import step
from qafila.kernel.ui.formats import grouped
from qafila.ledger.steps import post_many
from qafila.sales.models import Booking

SERIES = "RV"
CLOSED_TO_MONEY = (CANCELLED.lower(),)


@dataclass(frozen=True)
class Taken:
    """A payment taken or decided about, and what became of the money, in words."""

    payment_id: int
    told: str


@step
def receive(actor: Actor, payment: Payment, invoices: dict[int, Invoice]) -> str:
    """Put a payment on the booking it came for as far as that owes, then number and post it; says what happened.

    The caller holds the locks of the booking, of its live invoice (`invoices`, by booking) and of the payment. The
    number, which the law counts, is drawn after everything that may refuse.
    """
    booking = _open_booking(payment.booking_id)
    invoice = invoices.get(booking.pk) if booking else None
    uses = []
    if booking is not None and (amount := min(payment.amount, booking.balance)) > ZERO:
        uses = [(put_on(actor, payment, booking.pk, amount), payment)]
    debt = debt_of(invoice) if invoice is not None and uses else None
    payers = owners_of({payment.party_id})
    account, branch = payment.account.code, branch_code(payment.branch_id)
    year = fiscal_year(payment.received_on, agency().fiscal_year)
    payment.number = next_gapless(SERIES, branch, year)
    receipt = Received(
        payment_id=payment.pk,
        number=payment.number,
        day=payment.received_on,
        branch_id=payment.branch_id,
        party=payers[payment.party_id],
        party_name=payment.party.name,
        account=account,
        amount=payment.amount,
        trip=Trip(booking.pk, booking.package.group_id) if booking else None,
    )
    entries = [postings.payment_received(receipt)]
    if invoice is not None and debt is not None:
        entries += applications(invoice.number, debt, uses, payers)
    entry_id, *applied = post_many(actor, entries)
    payment.entry_id = entry_id
    if invoice is not None and debt is not None:
        settle(actor, invoice, uses, applied)
    return _told(payment, booking, sum((use.amount for use, _ in uses), ZERO))


def _open_booking(booking_id: int | None) -> Booking | None:
    """The booking if it still takes money."""
    if booking_id is None:
        return None
    booking = Booking.objects.select_related("package").get(pk=booking_id)
    return None if booking.deleted_at or booking.state in CLOSED_TO_MONEY else booking


def _told(payment: Payment, booking: Booking | None, used: Decimal) -> str:
    shown = grouped(payment.amount, payment.currency)
    told = f"{payment.currency} {shown} received as {payment.number}"
    rest = payment.amount - used
    if booking is not None and used:
        left = booking.balance - used
        told += f": {grouped(used, payment.currency)} on {booking.number}"
        told += f", {grouped(left, payment.currency)} still due" if left else ", which is paid"
    elif payment.booking_id is not None:
        why = "owes nothing" if booking is not None else "is cancelled"
        told += f"; {payment.booking.number if payment.booking else 'the booking'} {why}"
    if rest:
        told += f"; {grouped(rest, payment.currency)} stays on {payment.party.name}'s account"
    return f"{told}."


@step
def list_in_search(payment: Payment) -> None:
    """Make the payment findable by its number, its reference, its payer and its booking."""
    booking_number = payment.booking.number if payment.booking else ""
    index(
        "payment",
        payment.pk,
        title=payment.number or f"Payment {payment.pk}",
        subtitle=f"{payment.party.name} · {payment.currency} {grouped(payment.amount, payment.currency)}",
        url=f"/finance/payments/{payment.pk}",
        right="finance.view",
        text=f"{payment.number or ''} {payment.reference} {payment.party.name} {payment.party.code} {booking_number}",
    )


@step
def lock_for(payment_booking_id: int | None) -> dict[int, Invoice]:
    """Lock the booking a payment came for and its live invoice, in the house's order."""
    if payment_booking_id is None:
        return {}
    locks.lock_bookings([payment_booking_id])
    return locks.live_invoices([payment_booking_id])
