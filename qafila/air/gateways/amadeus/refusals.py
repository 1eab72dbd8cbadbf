"""From what Amadeus says to the named errors that a read raises."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qafila.air.gateways.amadeus.envelope import Reply
from qafila.air.gateways.amadeus.problems import Fault, Problem, errors
from qafila.air.gateways.errors import (
    AccessRefused,
    OrderNotFound,
    RateLimited,
    SessionLost,
    SupplierRefused,
)

_NO_ORDER = re.compile(r"INVALID RECORD LOCATOR|NO MATCH FOR RECORD|RECORD NOT FOUND", re.IGNORECASE)
_TOO_MANY = re.compile(r"MAX(?:IMUM)? NUMBER|TOO MANY|QUOTA|LIMIT (?:REACHED|EXCEEDED)", re.IGNORECASE)
_CREDENTIALS = "11"


def of_session(fault: Fault) -> bool:
    """The machinery refused, not the business: the same request may well be taken in another conversation."""
    return fault.level.lower() in ("session", "presentation", "validation") or _TOO_MANY.search(fault.text) is not None


def fault_error(fault: Fault, supplier: str) -> SupplierRefused:
    """The named error of a SOAP fault."""
    kind: type[SupplierRefused] = SupplierRefused
    sentence = "The supplier refused"
    if _TOO_MANY.search(fault.text):
        kind, sentence = RateLimited, "Too many conversations are open at the supplier"
    elif fault.level.lower() == "session" and fault.code == _CREDENTIALS:
        kind, sentence = AccessRefused, "The supplier does not accept our user, password, office or clock"
    elif fault.level.lower() == "session":
        kind, sentence = SessionLost, "The conversation with the supplier broke off"
    elif fault.code == "1929" or _NO_ORDER.search(fault.text):
        kind, sentence = OrderNotFound, "The supplier knows no such order"
    return kind(
        f"{sentence}: {fault}.",
        supplier=supplier,
        supplier_code=fault.code,
        supplier_text=fault.text or fault.level,
    )


def raise_for(reply: Reply, supplier: str) -> None:
    """Raises the named error when the reply is a fault."""
    if reply.fault is not None:
        raise fault_error(reply.fault, supplier)


def problem_error(found: Sequence[Problem], supplier: str) -> SupplierRefused:
    """The named error of what a reply complains about, its first error before anything else."""
    first = (errors(tuple(found)) or tuple(found))[0]
    kind = OrderNotFound if first.code == "1929" or _NO_ORDER.search(first.text) else SupplierRefused
    return kind(
        f"The supplier refused: {first}.", supplier=supplier, supplier_code=first.code, supplier_text=first.text
    )
