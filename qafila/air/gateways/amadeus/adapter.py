"""Amadeus as one of the suppliers: the contract's verbs, each by the file of its flow."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial

from qafila.air.gateways.amadeus import cancelling, hold, issuing, looking, pricing, refunding, requests, voiding
from qafila.air.gateways.amadeus.problems import errors
from qafila.air.gateways.amadeus.refusals import problem_error, raise_for
from qafila.air.gateways.amadeus.replies.sales import SalesReply, sales_reply
from qafila.air.gateways.amadeus.replies.search import search_reply
from qafila.air.gateways.amadeus.session import Wire
from qafila.air.gateways.amadeus.versions import check
from qafila.air.gateways.calllog import CallLog, discard
from qafila.air.gateways.errors import OrderNotFound
from qafila.air.gateways.outcomes import Outcome
from qafila.air.gateways.protocol import Capabilities, check_query
from qafila.air.gateways.settings import AmadeusSettings
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
from qafila.air.gateways.verdicts import ours, understood, verdict


class AmadeusSupplier:
    """One Amadeus access point; threads may share it. Uncertified: README.md says what is proven. Raises: Misconfigured
    (when it is made).
    """

    def __init__(self, settings: AmadeusSettings, *, log: CallLog = discard) -> None:
        check(settings)
        self.settings = settings
        self.wire = Wire(settings, log)

    @property
    def code(self) -> str:
        return self.settings.code

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(world=self.settings.world)

    def search(self, query: SearchQuery) -> tuple[Offer, ...]:
        """Offers, cheapest first; "no fare found" is none. Refuses: Invalid. Raises: SupplierRefused, SupplierError."""
        check_query(query)
        message = "Fare_MasterPricerTravelBoardSearch"
        reply = self.wire.send(message, requests.search(self.settings, query))
        raise_for(reply, self.code)
        found = understood(partial(search_reply, query=query, settings=self.settings), reply.message)
        if not found.offers and not found.empty and errors(found.problems):
            raise problem_error(found.problems, self.code)
        return found.offers

    def hold(self, offer: Offer, travellers: Sequence[Traveller], key: str) -> Outcome[OrderSnapshot]:
        """Sell, names, form of payment, commit. Source: suppliers.md 3."""
        return hold.hold(self.wire, offer, travellers, key)

    @verdict
    def price(self, ref: OrderRef) -> Outcome[Priced]:
        """Price, stored fares, end of transaction."""
        return pricing.price(self.wire, self._asked(ref))

    @verdict
    def issue(self, ref: OrderRef, priced: Priced, key: str) -> Outcome[Issued]:
        """Electronic tickets, once."""
        return issuing.issue(self.wire, self._asked(ref), priced, key)

    def retrieve(self, ref: OrderRef) -> OrderSnapshot:
        """The order with its documents' coupon states. Raises: OrderNotFound, SupplierError."""
        _, snapshot = looking.order(self.wire, self._own(ref))
        return looking.with_coupons(self.wire, snapshot)

    @verdict
    def void(self, ref: OrderRef, document: Document, key: str) -> Outcome[Document]:
        """Only on the day of issue where the office is: the supplier decides."""
        return voiding.void(self.wire, self._asked(ref), document, key)

    def refund_quote(self, ref: OrderRef, documents: Sequence[Document], *, waiver: str = "") -> RefundQuote:
        """A refund record, opened and dropped. `waiver`: the airline's code, put in when the quote is carried out.
        Raises: SupplierRefused, SupplierError.
        """
        return refunding.refund_quote(self.wire, self._own(ref), documents, waiver=waiver)

    @verdict
    def refund(self, quote: RefundQuote, key: str) -> Outcome[Refunded]:
        """A refund record, opened, compared with the quote, and processed."""
        self._asked(quote.ref)
        return refunding.refund(self.wire, quote, key)

    @verdict
    def cancel(self, ref: OrderRef, key: str) -> Outcome[OrderSnapshot]:
        """The whole itinerary."""
        return cancelling.cancel(self.wire, self._asked(ref), key)

    def sales_report(self, day: date) -> SalesReply:
        """What the office sold on a day (its own date): the second witness of an issue nobody answered.
        Raises: SupplierRefused, SupplierError.
        """
        reply = self.wire.send("SalesReports_DisplayQueryReport", requests.sales(self.settings, day))
        raise_for(reply, self.code)
        report = understood(sales_reply, reply.message)
        if not report.lines and errors(report.problems):
            raise problem_error(report.problems, self.code)
        return report

    def close(self) -> None:
        """Gives connections back."""
        self.wire.close()

    def _own(self, ref: OrderRef) -> OrderRef:
        """Raises: OrderNotFound (another supplier's order, or no record locator)."""
        locator = ref.id.strip().upper()
        if ref.supplier != self.code or not (5 <= len(locator) <= 6 and locator.isascii() and locator.isalnum()):
            raise OrderNotFound("That is no order of this supplier.", supplier=self.code)
        return OrderRef(self.code, locator)

    def _asked(self, ref: OrderRef) -> OrderRef:
        """The same for a mutating call. Raises: Settled."""
        try:
            return self._own(ref)
        except OrderNotFound as error:
            raise ours("NO_SUCH_ORDER", error.detail) from error
