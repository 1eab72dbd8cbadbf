"""What is decided about a payment, and where its money is put."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse

from qafila.billing.actions.allocate import allocate
from qafila.billing.actions.deallocate import deallocate
from qafila.billing.actions.reject_payment import reject_payment
from qafila.billing.actions.reverse_payment import reverse_payment
from qafila.billing.actions.verify_payment import verify_payment
from qafila.billing.receiving import Taken
from qafila.billing.schemas import AllocationIn, ReasonIn
from qafila.kernel.forms import form_key, parse
from qafila.kernel.http import Request
from qafila.kernel.idempotency import once
from qafila.kernel.web import done, page


def _decided(request: Request, verb: Callable[..., Taken], **asked: Any) -> HttpResponse:
    answer = once(form_key(request), request.actor, verb, lambda taken: taken.told, 200, **asked)
    return done(request, answer.body, f"/finance/payments/{asked['payment_id']}")


@page("finance.payments.verify", methods=("POST",))
def verify(request: Request, payment_id: int) -> HttpResponse:
    """The money has arrived."""
    return _decided(request, verify_payment, payment_id=payment_id)


@page("finance.payments.reject", methods=("POST",))
def reject(request: Request, payment_id: int) -> HttpResponse:
    """The money did not arrive."""
    return _decided(request, reject_payment, payment_id=payment_id, reason=parse(request, ReasonIn).reason)


@page("finance.payments.refund", methods=("POST",))
def reverse(request: Request, payment_id: int) -> HttpResponse:
    """The payment is taken back."""
    return _decided(request, reverse_payment, payment_id=payment_id, reason=parse(request, ReasonIn).reason)


@page("finance.create", methods=("POST",))
def put_on(request: Request, payment_id: int) -> HttpResponse:
    """Money on account is used for a booking."""
    form = parse(request, AllocationIn)
    return _decided(request, allocate, payment_id=payment_id, booking_id=form.booking_id, amount=form.amount)


@page("finance.create", methods=("POST",))
def take_off(request: Request, payment_id: int, allocation_id: int) -> HttpResponse:
    """What was put on a booking goes back on account."""
    return _decided(request, deallocate, payment_id=payment_id, allocation_id=allocation_id)
