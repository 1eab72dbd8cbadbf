"""Verify that recorded money has arrived."""

from __future__ import annotations

from qafila.billing import locks
from qafila.billing.errors import PaymentNotFound
from qafila.billing.models import Payment
from qafila.billing.receiving import Taken, list_in_search, lock_for, receive
from qafila.billing.rules import APPROVE_OWN, check_maker
from qafila.billing.states import PAYMENT
from qafila.kernel import clock
from qafila.kernel.actor import Actor
from qafila.kernel.audit import record
from qafila.kernel.states import move_row
from qafila.kernel.transaction import action


@action
def verify_payment(*, actor: Actor, payment_id: int) -> Taken:
    """The money is there: it gets its receipt number and entry, dated the day it was received, and counts as paid.

    Refuses: PaymentNotFound, WrongState, MakerIsChecker (whoever recorded it, unless under break-glass), and the
    ledger's period refusals. Source: domain.md, 2.6.
    """
    actor.need("finance.payments.verify")
    invoices = lock_for(_booking_id(payment_id))
    payment = locks.lock_payment(payment_id)
    PAYMENT.check(actor, payment.state, "verify")
    own = check_maker(actor, payment.made_by_id, "verify", APPROVE_OWN)
    told = receive(actor, payment, invoices)
    move_row(
        actor,
        PAYMENT,
        payment,
        "verify",
        number=payment.number,
        entry_id=payment.entry_id,
        decided_by_id=actor.user_id,
        decided_at=clock.now(),
    )
    after = {"number": payment.number, "amount": payment.amount, "break_glass": own}
    record(actor, "payment.verified", "payment", payment.pk, after=after)
    list_in_search(payment)
    return Taken(payment.pk, told)


def _booking_id(payment_id: int) -> int | None:
    row = Payment.objects.filter(pk=payment_id).values_list("booking_id").first()
    if row is None:
        raise PaymentNotFound("There is no such payment.")
    booking_id: int | None = row[0]
    return booking_id
