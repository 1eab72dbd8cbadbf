"""What the end of a request to Duffel comes to: of those before the deciding one, and of the deciding one. The rest of
the way to a verdict is every supplier's (`gateways.verdicts`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from qafila.air.gateways.duffel.client import Reply
from qafila.air.gateways.errors import NotSent, RateLimited, SupplierError, SupplierRefused
from qafila.air.gateways.outcomes import Done, Doubt, Refused
from qafila.air.gateways.values import OrderRef
from qafila.air.gateways.verdicts import Said, Settled, doubt_of, says_already, understood, unsent

T = TypeVar("T")


def step(ask: Callable[[], T], ref: OrderRef | None = None) -> T:
    """What is asked before the deciding request. Raises: Settled (a clean refusal; what is not sent for this)."""
    try:
        return ask()
    except SupplierRefused as error:
        raise Settled(_refusal(error)) from error
    except SupplierError as error:
        raise unsent(error, ref) from error


def decide(
    send: Callable[[], Reply], yes: Callable[[Reply], Done[T] | None], ref: OrderRef | None = None
) -> Said[Done[T]]:
    """The deciding request, sent once. `yes` reads a reply that says done: what is Done when all is in hand, None when
    the record has the rest; it raises what shows that it is no yes. Raises: Settled (it never left this machine).
    """
    try:
        reply = send()
    except NotSent as error:
        raise unsent(error, ref) from error
    except SupplierRefused as error:
        no = _refusal(error)
        if says_already(error.supplier_code, error.supplier_text):
            return Said("doubt", code=no.code, text=no.text, doubt=Doubt.UNCONFIRMED)
        return Said("no", code=no.code, text=no.text, retry_at=no.retry_at)
    except SupplierError as error:
        return Said("doubt", code=error.supplier_code, text=error.detail, doubt=doubt_of(error))
    if not reply.done:
        return Said("doubt", code=str(reply.status), text="The supplier accepted it and has not finished.")
    try:
        return Said("yes", understood(yes, reply))
    except SupplierError as error:
        return Said("doubt", code=error.supplier_code, text=error.detail, doubt=doubt_of(error))


def _refusal(error: SupplierRefused) -> Refused:
    """The supplier's own no, or ours where it was not asked."""
    retry_at = error.retry_at if isinstance(error, RateLimited) else None
    by = "supplier" if error.supplier_code or error.supplier_text else "us"
    return Refused(error.supplier_code or error.code, error.supplier_text or error.detail, by=by, retry_at=retry_at)
