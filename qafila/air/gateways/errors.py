"""What a read at a supplier may raise: one class each. Mutating calls answer with `outcomes` instead."""

from __future__ import annotations

from typing import Any

from qafila.air.gateways.moments import Moment
from qafila.kernel.errors import Refusal


class SupplierError(Refusal):
    """Anything a supplier's side can go wrong with. `supplier_code` and `supplier_text` are its own words."""

    code, status, title = "SUPPLIER_ERROR", 502, "The supplier did not answer as it should"

    def __init__(
        self, detail: str, *, supplier: str = "", supplier_code: str = "", supplier_text: str = "", **facts: Any
    ) -> None:
        super().__init__(detail, **facts)
        self.supplier, self.supplier_code, self.supplier_text = supplier, supplier_code, supplier_text


class NotSent(SupplierError):
    """The request never left this machine: no such host, refused, or no connection in time."""

    code, status, title = "SUPPLIER_UNREACHABLE", 503, "The supplier cannot be reached"


class Unanswered(SupplierError):
    """The request left, and no whole reply came: time-out, reset, cut off."""

    code, status, title = "SUPPLIER_UNANSWERED", 504, "The supplier did not answer"


class Unreadable(SupplierError):
    """A reply that is no message: garbled, truncated, too large, an error page of something in between."""

    code, status, title = "SUPPLIER_UNREADABLE", 502, "The supplier's answer cannot be read"


class NotOurs(SupplierError):
    """A well-formed reply to another message than ours."""

    code, status, title = "SUPPLIER_NOT_OURS", 502, "The supplier answered somebody else"


class SupplierRefused(SupplierError):
    """The supplier says no, in words of its own."""

    code, status, title = "SUPPLIER_REFUSED", 409, "The supplier refused"


class OrderNotFound(SupplierRefused):
    code, status, title = "SUPPLIER_ORDER_NOT_FOUND", 404, "The supplier knows no such order"


class AccessRefused(SupplierRefused):
    """Bad credentials, an office without the right, an expired token: for the administrator, not for the counter."""

    code, status, title = "SUPPLIER_ACCESS_REFUSED", 502, "The supplier does not let us in"


class SessionLost(SupplierRefused):
    """The conversation was ended at the supplier's side: expired, out of step, unknown."""

    code, status, title = "SUPPLIER_SESSION_LOST", 502, "The conversation with the supplier broke off"


class RateLimited(SupplierRefused):
    """Too many requests; `retry_at` when the supplier says."""

    code, status, title = "SUPPLIER_RATE_LIMITED", 503, "The supplier asks us to wait"

    def __init__(self, detail: str, *, retry_at: Moment | None = None, **kwargs: Any) -> None:
        super().__init__(detail, **kwargs)
        self.retry_at = retry_at


class Unsupported(SupplierError):
    """This supplier cannot do it; `capabilities` said so before."""

    code, status, title = "SUPPLIER_UNSUPPORTED", 409, "This supplier cannot do that"


class Misconfigured(SupplierError):
    """The configuration of a supplier is incomplete or wrong; the sentence names the setting."""

    code, status, title = "SUPPLIER_MISCONFIGURED", 503, "A supplier is not set up"
