"""The contract every supplier keeps. Reads raise `errors`; mutating calls return `outcomes`; nobody in this layer opens
a database transaction, and nobody sends a mutating call twice. Source: document 004 and domain.md 2.1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from qafila.air.gateways.outcomes import Outcome
from qafila.air.gateways.values import (
    Document,
    Issued,
    Offer,
    OrderRef,
    OrderSnapshot,
    Priced,
    Refunded,
    RefundQuote,
    SearchQuery,
    Traveller,
)


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a supplier can do, so that a screen offers only that. `world`: whose money it is."""

    search: bool = True
    hold: bool = True
    void: bool = True
    refund: bool = True
    partial_refund: bool = True
    price_guarantee: bool = False
    cancel: bool = True
    typed: bool = False  # a person types locators and ticket numbers
    world: Literal["live", "test", "simulated"] = "test"


class Supplier(Protocol):
    """One supplier. `key` is the caller's own name of an attempt (at most 40 of A-Z a-z 0-9 -): suppliers take no
    idempotency key, so it is stored in the order (a remark, metadata) to find an orphan by.
    """

    @property
    def code(self) -> str: ...

    @property
    def capabilities(self) -> Capabilities: ...

    def search(self, query: SearchQuery) -> tuple[Offer, ...]:
        """Offers, cheapest first; none is an empty tuple. Raises: SupplierError."""
        ...

    def hold(self, offer: Offer, travellers: Sequence[Traveller], key: str) -> Outcome[OrderSnapshot]:
        """Keep the seats until a time limit; no money moves."""
        ...

    def price(self, ref: OrderRef) -> Outcome[Priced]:
        """A fresh price for the order, stored with the supplier where it stores one."""
        ...

    def issue(self, ref: OrderRef, priced: Priced, key: str) -> Outcome[Issued]:
        """Issue every traveller's document, once. Done only when every number was read from the record. An order that
        is ticketed already is Done with the documents it has: nothing is sent.
        """
        ...

    def retrieve(self, ref: OrderRef) -> OrderSnapshot:
        """The supplier's record with documents and coupon states. Raises: OrderNotFound, SupplierError."""
        ...

    def void(self, ref: OrderRef, document: Document, key: str) -> Outcome[Document]:
        """Undo a document on its day of issue."""
        ...

    def refund_quote(self, ref: OrderRef, documents: Sequence[Document]) -> RefundQuote:
        """What a refund would give; nothing is done. Raises: SupplierRefused, SupplierError."""
        ...

    def refund(self, quote: RefundQuote, key: str) -> Outcome[Refunded]:
        """Carry out a quoted refund; Refused when the figures have moved."""
        ...

    def cancel(self, ref: OrderRef, key: str) -> Outcome[OrderSnapshot]:
        """Let the seats go. Documents must be void or refunded first."""
        ...

    def close(self) -> None:
        """Give connections back."""
        ...
