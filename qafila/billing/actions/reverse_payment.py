"""Reverse a verified payment."""

from __future__ import annotations

from qafila.billing import locks, postings
from qafila.billing.allocating import take_off
from qafila.billing.models import Payment
from qafila.billing.receiving import Taken
from qafila.billing.rules import REVERSE_OWN, check_maker
from qafila.billing.states import PAYMENT
from qafila.kernel import clock
from qafila.kernel.actor import Actor
from qafila.kernel.audit import record
from qafila.kernel.states import move_row
from qafila.kernel.transaction import action
from qafila.ledger.steps import reverse


@action
def reverse_payment(*, actor: Actor, payment_id: int, reason: str) -> Taken:
    """Take a verified payment back: un-allocated everywhere first, then its entry is reversed, dated today.

    Bookings it was put on owe the money again, and ticket clearance by payment ends with it.
    Refuses: PaymentNotFound, WrongState, MakerIsChecker (whoever recorded it, unless under break-glass), and the
    ledger's period refusals. Source: domain.md, 2.6; ledger.md, 4 ("reversed, never deleted").
    """
    actor.need("finance.payments.refund")
    payment, allocations = locks.payment_with_bookings(payment_id)
    PAYMENT.check(actor, payment.state, "reverse")
    own = check_maker(actor, payment.made_by_id, "reverse", REVERSE_OWN)
    take_off(actor, allocations, reason=reason)
    assert payment.entry_id is not None  # the database holds that a verified payment is posted
    reverse(
        actor,
        payment.entry_id,
        source=postings.PAYMENT,
        event="reversed",
        key=str(payment.pk),
        date=clock.today(),
        narration=f"Receipt {payment.number} reversed",
        reason=reason,
    )
    move_row(actor, PAYMENT, payment, "reverse", reason=reason, decided_by_id=actor.user_id, decided_at=clock.now())
    Payment.objects.filter(pk=payment.pk).update(reason=reason)
    after = {"number": payment.number, "amount": payment.amount, "break_glass": own}
    record(actor, "payment.reversed", "payment", payment.pk, after=after, note=reason)
    return Taken(payment.pk, f"{payment.number} is reversed.")
