"""Refund replies: AMA_Ticket(Init|Update|Process|Ignore)RefundRS, and the older DocRefund_ family."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from qafila.air.gateways.amadeus.problems import Problem
from qafila.air.gateways.amadeus.xml import Element
from qafila.air.gateways.values import Money, TaxLine

RefundStatus = Literal["ok", "refused", "doubtful"]


@dataclass(frozen=True, slots=True)
class RefundFigures:
    """A refund record. refund = (paid fare - used - penalty) + tax_refund, as the supplier worked it out."""

    documents: tuple[str, ...]  # 13 digits
    refund: Money | None
    paid_fare: Money | None = None
    fare_refund: Money | None = None
    used: Money | None = None
    penalty: Money | None = None
    tax_refund: Money | None = None
    tax_paid: Money | None = None
    taxes: tuple[TaxLine, ...] = ()  # those given back
    travellers: tuple[str, ...] = ()
    coupons: tuple[tuple[str, int, str], ...] = ()  # document, number, status after the refund
    form_of_payment: str = ""  # its kind (CA, CC), never a number
    refunded_on: date | None = None
    issued_on: date | None = None
    status: str = ""  # Refunded …
    reference: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RefundReply:
    """`step`: init, update, process or ignore. An error beside a whole record is a refusal all the same."""

    step: str
    status: RefundStatus
    figures: RefundFigures | None
    problems: tuple[Problem, ...]


def refund_reply(el: Element) -> RefundReply:
    """What became of one step of a refund. Raises: Unreadable (another message)."""
    raise NotImplementedError
