"""The contract every supplier keeps. Reads raise `errors`; mutating calls return `outcomes` and raise nothing, whatever
happens in them; nobody in this layer opens a database transaction, and nobody sends a mutating call twice.
Source: document 004 and domain.md 2.1.
"""

from __future__ import annotations

import re
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
from qafila.kernel.errors import Invalid


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


def check_query(query: SearchQuery) -> None:
    """What every supplier wants of a search. Refuses: Invalid (no slice or more than six; a place that is no three
    letters; no adult, more infants than adults, more than nine seats; a carrier, currency or limit that is none).
    """
    if not 1 <= len(query.slices) <= 6:
        raise Invalid("A journey has one to six flights of its own.", field="slices")
    for one in query.slices:
        if not all(re.fullmatch("[A-Z]{3}", place, re.ASCII) for place in (one.origin, one.destination)):
            raise Invalid("A place is three letters: SXR, JED, LON.", field="slices")
        if one.origin == one.destination:
            raise Invalid("A flight goes to another place than it comes from.", field="slices")
    if min(query.adults, query.children, query.infants) < 0 or query.adults < 1:
        raise Invalid("At least one adult travels.", field="adults")
    if query.infants > query.adults:
        raise Invalid("Every infant needs an adult of his own.", field="infants")
    if query.adults + query.children > 9:
        raise Invalid("At most nine seats are sold at once; more are a group.", field="adults")
    if not all(re.fullmatch("[A-Z0-9]{2}", carrier, re.ASCII) for carrier in query.carriers):
        raise Invalid("A carrier is two letters or digits: SV, 6E.", field="carriers")
    if query.currency is not None and not re.fullmatch("[A-Z]{3}", query.currency, re.ASCII):
        raise Invalid("A currency is three letters: INR.", field="currency")
    if query.limit < 1:
        raise Invalid("At least one offer must be asked for.", field="limit")


def fits_as_key(key: str) -> bool:
    """Whether suppliers can keep it: 1 to 40 of A-Z a-z 0-9 and the hyphen (Duffel's metadata set the length)."""
    return re.fullmatch(r"[A-Za-z0-9-]{1,40}", key) is not None


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
