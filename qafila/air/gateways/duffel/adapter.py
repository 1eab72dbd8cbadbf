"""Duffel behind the contract. Each verb has one request that makes the difference, sent at most once; whatever way it
ends but a clean yes, one look at Duffel's record follows, and only then is a verdict given.
"""

from __future__ import annotations

from collections.abc import Sequence

from qafila.air.gateways.calllog import CallLog, discard
from qafila.air.gateways.duffel import holding, issuing, undoing
from qafila.air.gateways.duffel.offers import offers
from qafila.air.gateways.duffel.records import MOST_PAGES, Records
from qafila.air.gateways.duffel.requests import search_body
from qafila.air.gateways.duffel.wire import text
from qafila.air.gateways.outcomes import Outcome, Refused
from qafila.air.gateways.protocol import Capabilities, check_query
from qafila.air.gateways.settings import DuffelSettings
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
from qafila.air.gateways.verdicts import verdict


class DuffelSupplier:
    """One Duffel organisation. Holds are orders of type hold; issuing is paying; there is no void, and cancelling a
    paid order is its refund. Threads may share it.
    """

    def __init__(self, settings: DuffelSettings, *, log: CallLog = discard) -> None:
        self.settings, self.records = settings, Records(settings, log)

    @property
    def code(self) -> str:
        return self.settings.code

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(void=False, partial_refund=False, price_guarantee=True, world=self.settings.world)

    def search(self, query: SearchQuery) -> tuple[Offer, ...]:
        """Offers, cheapest first. Duffel sells in the organisation's own currency: `query.currency` is not asked for.
        Refuses: Invalid. Raises: SupplierError.
        """
        check_query(query)
        patience = int(min(20.0, max(2.0, self.settings.patience.read - 5)) * 1000)
        asked = (("return_offers", "true"), ("supplier_timeout", str(patience)))
        client = self.records.client
        data = self.records.part(client.post("/air/offer_requests", search_body(query), query=asked).data)
        found = self._wanted(offers(data, self.settings), query)
        if "offers" not in data and not found:
            wanted = {"offer_request_id": text(data, "id"), "sort": "total_amount"}
            for page in client.pages("/air/offers", wanted, size=query.limit, most=MOST_PAGES):
                found += self._wanted(offers(list(page.items), self.settings), query)
                if len(found) >= query.limit:
                    break
        return tuple(found[: query.limit])

    @staticmethod
    def _wanted(found: Sequence[Offer], query: SearchQuery) -> list[Offer]:
        carriers = set(query.carriers)
        return [
            offer
            for offer in found
            if not carriers
            or offer.validating_carrier in carriers
            or {segment.carrier for segment in offer.segments} <= carriers
        ]

    @verdict
    def hold(self, offer: Offer, travellers: Sequence[Traveller], key: str) -> Outcome[OrderSnapshot]:
        """Needs of each traveller: names, title, gender, date of birth, and an e-mail address and telephone number of
        at least one of them.
        """
        return holding.hold(self.records, offer, travellers, key)

    @verdict
    def price(self, ref: OrderRef) -> Outcome[Priced]:
        """The order's current total: Duffel stores no other price, and nothing is changed."""
        return issuing.price(self.records, ref)

    @verdict
    def issue(self, ref: OrderRef, priced: Priced, key: str) -> Outcome[Issued]:
        """Pays the order's current total, when it is still the one that was priced."""
        return issuing.issue(self.records, ref, priced, key)

    def retrieve(self, ref: OrderRef) -> OrderSnapshot:
        """Raises: OrderNotFound, NotOurs (Duffel answered with another order), SupplierError."""
        return self.records.order(ref)

    def find(self, key: str) -> OrderSnapshot | None:
        """The order that was held with this key, among the newest. Raises: SupplierError."""
        return self.records.find(key)

    def void(self, ref: OrderRef, document: Document, key: str) -> Outcome[Document]:
        """Refused: Duffel voids by itself, when a paid order is cancelled in time."""
        return Refused("UNSUPPORTED", "Duffel has no void: ask what a refund would give.", by="us")

    def refund_quote(self, ref: OrderRef, documents: Sequence[Document]) -> RefundQuote:
        """What cancelling the whole order would give. Raises: Unsupported, SupplierRefused, SupplierError."""
        return undoing.refund_quote(self.records, ref, documents)

    @verdict
    def refund(self, quote: RefundQuote, key: str) -> Outcome[Refunded]:
        """Confirms the quoted cancellation, when its refund is still the quoted one."""
        return undoing.refund(self.records, quote, key)

    @verdict
    def cancel(self, ref: OrderRef, key: str) -> Outcome[OrderSnapshot]:
        """Cancels an order that was never paid."""
        return undoing.cancel(self.records, ref, key)

    def close(self) -> None:
        """Gives the connections back."""
        self.records.client.close()
