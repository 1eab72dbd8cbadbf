"""What ticketing does when sales announces something: money clears tickets, and takes clearance back."""

from __future__ import annotations

from decimal import Decimal

from qafila.kernel.actor import Actor
from qafila.kernel.facts import on
from qafila.kernel.money import text
from qafila.sales.effects import tell
from qafila.sales.facts import BookingCancelled, BookingTotalsChanged, PassengerRemoved, PaymentApplied
from qafila.ticketing import steps


@on(PaymentApplied)
def clear_when_paid(actor: Actor, fact: PaymentApplied) -> None:
    """Balance at zero: the booking's tickets are cleared; money taken back before issue: clearance by payment ends."""
    _follow_the_balance(actor, fact.booking_id, fact.balance)


@on(BookingTotalsChanged)
def follow_the_total(actor: Actor, fact: BookingTotalsChanged) -> None:
    """A new total moves the balance: clearance by payment follows it."""
    _follow_the_balance(actor, fact.booking_id, fact.balance)


@on(BookingCancelled)
def let_tickets_go(actor: Actor, fact: BookingCancelled) -> None:
    """Tickets not issued are let go; an issued one refuses the cancellation."""
    if released := steps.release(actor, booking_id=fact.booking_id, reason=fact.reason):
        tell(f"{released} ticket{'s' if released > 1 else ''} not issued {'are' if released > 1 else 'is'} let go.")


@on(PassengerRemoved)
def let_a_ticket_go(actor: Actor, fact: PassengerRemoved) -> None:
    """The passenger's ticket is let go; an issued one refuses."""
    if steps.release(actor, passenger_id=fact.passenger_id, reason="passenger cancelled"):
        tell("Their ticket, not issued, is let go.")


def _follow_the_balance(actor: Actor, booking_id: int, balance: Decimal) -> None:
    if balance <= 0:
        steps.clear(actor, booking_id, cause="payment")
    else:
        steps.withdraw(actor, booking_id, cause="payment", note=f"balance is {text(balance)}")
