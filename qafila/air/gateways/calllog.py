"""What is kept of every exchange with a supplier, already masked: card numbers, passwords, tokens, passports and
contact data never leave the adapter in clear.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from qafila.air.gateways.moments import Moment


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and what came back. `request` and `response` are masked texts; `error` names what went wrong."""

    supplier: str
    message: str  # PNR_Retrieve, POST /air/orders
    reference: str  # MessageID, x-request-id
    at: Moment
    milliseconds: int
    request: str
    response: str
    status: int | None = None
    error: str = ""
    key: str = ""  # the attempt it belongs to


CallLog: TypeAlias = Callable[[Exchange], None]


def discard(exchange: Exchange) -> None:
    """The log of somebody who keeps none."""
