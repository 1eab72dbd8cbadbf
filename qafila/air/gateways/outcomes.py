"""How a mutating call at a supplier ended: Done, Refused or Unknown. Three-valued on purpose: `Unknown` is a value the
booking stores and a reconciler settles by reading the supplier's record; it is never an exception and never "failed".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, TypeAlias, TypeVar

from qafila.air.gateways.moments import Moment
from qafila.air.gateways.values import Document, OrderRef

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Done(Generic[T]):
    """It took effect: a reply to our own message says so, or the supplier's record, read afterwards, shows it."""

    value: T
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """It did not take effect, and never will by this call. Only ever said on a well-formed reply to our own message
    (`by` "supplier", with its code and text), or because this side never sent it (`by` "us": unsupported, price moved).
    """

    code: str
    text: str
    by: str = "supplier"
    retry_at: Moment | None = None
    notes: tuple[str, ...] = ()


class Doubt(StrEnum):
    """Why nobody knows."""

    NOT_SENT = "not_sent"  # it never left this machine: safe to start over
    UNANSWERED = "unanswered"  # sent, no reply: time-out, reset, connection closed
    UNREADABLE = "unreadable"  # a reply, but garbled, cut off, too large, a gateway's error page
    NOT_OURS = "not_ours"  # a reply to somebody else's message
    UNDECIDED = "undecided"  # a reply of an unknown kind, or one that does not settle it
    UNCONFIRMED = "unconfirmed"  # the supplier says done (or already done), its record does not show it (yet)
    PARTIAL = "partial"  # done for some, not (yet) for others


@dataclass(frozen=True, slots=True)
class Unknown:
    """It may have taken effect. `sent` False: the call that would have done it provably never left this machine, so the
    attempt may start over at once. `seen`: documents the record already shows. `ref`: the order, when it is known.
    """

    doubt: Doubt
    text: str
    sent: bool = True
    code: str = ""
    ref: OrderRef | None = None
    seen: tuple[Document, ...] = field(default=())
    notes: tuple[str, ...] = ()


Outcome: TypeAlias = Done[T] | Refused | Unknown
