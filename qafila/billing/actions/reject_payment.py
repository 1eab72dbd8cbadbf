"""Reject a payment that did not arrive."""

from __future__ import annotations

from qafila.billing import locks
from qafila.billing.receiving import Taken
from qafila.billing.states import PAYMENT
from qafila.kernel import clock
from qafila.kernel.actor import Actor
from qafila.kernel.audit import record
from qafila.kernel.states import move_row
from qafila.kernel.transaction import action


@action
def reject_payment(*, actor: Actor, payment_id: int, reason: str) -> Taken:
    """The money did not arrive, or was recorded wrongly: final; nothing was posted, nothing is.

    The maker may do it too: it takes nothing from anybody. Refuses: PaymentNotFound, WrongState.
    Source: domain.md, 2.6.
    """
    actor.need("finance.payments.reject")
    payment = locks.lock_payment(payment_id)
    move_row(
        actor,
        PAYMENT,
        payment,
        "reject",
        reason=reason,
        decided_by_id=actor.user_id,
        decided_at=clock.now(),
    )
    type(payment).objects.filter(pk=payment.pk).update(reason=reason)
    record(actor, "payment.rejected", "payment", payment.pk, note=reason)
    return Taken(payment.pk, "Rejected; it never counted as paid.")
