"""What becomes of a held order: paid, which issues its documents, or cancelled against what was quoted.

There is no void of its own: confirming a cancellation on the day of issue voids the documents and gives everything
back, later it refunds what the fare allows. A quote ends at its `expires_at`, or at the office's midnight where it
counted on a void. The guide says that an expired quote cannot be confirmed, a recording shows one confirmed 69
minutes later: here it can for two hours, as long as it would still give back the same. Only the newest quote counts.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from simulator.book import Book
from simulator.duffel import ids, order_view
from simulator.duffel.asked import AskedPayment
from simulator.duffel.errors import ApiError, invalid, not_found, unlinked, wrong_state
from simulator.duffel.offer import moved
from simulator.duffel.orders import Orders, need_amount
from simulator.duffel.words import amount, moment
from simulator.model import Document, Order
from simulator.refusals import NoFare, TimeLimitPassed

_LIFE = timedelta(hours=19)  # as in the recording
_GRACE = timedelta(hours=2)
_QUOTE, _NEWEST, _PAYMENT = "duffel.cancellation", "duffel.newest", "duffel.payment"


@dataclass(frozen=True, slots=True)
class Issue:
    """How the documents of a payment come about. `passengers` (tattoos) None: everybody's."""

    passengers: Collection[int] | None = None
    shown_after: float = 0.0


class Settling:
    """Payments and cancellations."""

    def __init__(self, book: Book, orders: Orders) -> None:
        self._book, self._orders = book, orders
        self.minor = orders.minor

    # -- payments -------------------------------------------------------------------------------------------------

    def pay(self, order_id: str, asked: AskedPayment, issue: Callable[[Order], Issue]) -> dict[str, Any]:
        """Take the money and issue the documents, in one transaction. The payment as told.

        Refuses (ApiError): no such order, cancelled, paid, past its limit, changed by the airline, another amount or
        currency. Source: the documented codes of payments.
        """
        order = self._order(order_id)
        self._need_payable(order)
        now_costs = order_view.price(order, self.minor)
        agreed = order_view.agreed(order)
        if asked.currency == order.currency and asked.amount == agreed.total != now_costs.total:
            raise invalid(
                "/payment/amount",
                "price_changed",
                "Price changed",
                "The price of the order has changed since it was created. Please retrieve the order for its new price.",
            )
        need_amount(asked.amount, asked.currency, now_costs.total, order.currency, "/payment")
        return self.take(order, asked, issue(order))

    def take(self, order: Order, asked: AskedPayment, issue: Issue = Issue()) -> dict[str, Any]:
        """The payment itself, of the order's price as it is now. Refuses (ApiError): too late, changed."""
        now_costs = order_view.price(order, self.minor)
        payment = {
            "type": asked.type,
            "id": ids.new("pay"),
            "currency": order.currency,
            "created_at": moment(self._book.clock.now()),
            "amount": amount(now_costs.total, self.minor),
            "live_mode": False,
        }
        with self._book.store.transaction():
            factor = order.price_factor
            if factor != 1:
                fares = {each.fare.kind: moved(each.fare, factor, self.minor) for each in order.fares}
                self._book.put_fares(order, fares)
            order.paid_at = self._book.now()
            order.form_of_payment = asked.type
            order.extra["paid"] = [str(now_costs.base), str(now_costs.tax)]
            order.extra["payment"] = payment
            order = self._book.save(order, order.version, "priced" if factor != 1 else "changed", payment=payment["id"])
            try:
                self._book.issue(order, passengers=issue.passengers, shown_after=issue.shown_after)
            except (NoFare, TimeLimitPassed):
                raise _too_late() from None
            self._book.store.put(_PAYMENT, str(payment["id"]), payment, self._book.clock.now().timestamp())
        return payment

    def payment(self, id: str) -> dict[str, Any]:  # noqa: A002
        """Raises: ApiError (not found)."""
        found = self._book.store.item(_PAYMENT, id)
        if found is None:
            raise not_found()
        return found

    @staticmethod
    def _need_payable(order: Order) -> None:
        if order.extra.get("expired"):
            raise _too_late()
        if order.cancelled_at is not None:
            raise wrong_state("already_cancelled", "Already cancelled", "The order has already been cancelled.")
        if order.extra.get("instant"):
            raise invalid(
                "/order_id",
                "order_type_not_eligible_for_payment",
                "Order type not eligible for payment",
                "Only an order of type hold can be paid for",
            )
        if order.paid_at is not None:
            raise wrong_state("already_paid", "Already paid", "The order you're paying for has already been paid for.")
        if order_view.disturbed(order):
            raise wrong_state(
                "schedule_changed",
                "Schedule changed",
                "You can't pay for this order because it has been changed in some way on the airline's side.",
            )

    # -- cancellations --------------------------------------------------------------------------------------------

    def quote(self, order_id: str) -> dict[str, Any]:
        """What cancelling would give back, without doing it. Nothing for an order that was never paid.

        Refuses (ApiError): no such order, cancelled before.
        """
        order = self._order(order_id)
        if order.cancelled_at is not None:
            raise wrong_state("already_cancelled", "Already cancelled", "The order has already been cancelled.")
        now = self._book.clock.now()
        expires = now + _LIFE
        if self._voidable(order):
            tomorrow = self._book.now().date() + timedelta(days=1)
            expires = min(expires, datetime.combine(tomorrow, time(), self._book.office_zone))
        quote: dict[str, Any] = {
            "refund_to": order.form_of_payment if order.paid_at else "awaiting_payment",
            "refund_currency": order.currency,
            "refund_amount": self._shown(order),
            "order_id": order.id,
            "live_mode": False,
            "id": ids.new("ore"),
            "expires_at": moment(expires),
            "created_at": moment(now),
            "confirmed_at": None,
            "airline_credits": [],
        }
        store = self._book.store
        with store.transaction():
            store.put(_QUOTE, str(quote["id"]), quote, now.timestamp())
            store.put(_NEWEST, order.id, {"id": quote["id"]}, now.timestamp())
        return quote

    def cancellation(self, id: str) -> dict[str, Any]:  # noqa: A002
        """Raises: ApiError (not found)."""
        found = self._book.store.item(_QUOTE, id)
        if found is None:
            raise not_found()
        return found

    def confirm(self, id: str) -> dict[str, Any]:  # noqa: A002
        """Cancel with the airline: void or refund what was issued, give the seats back, in one transaction.

        Refuses (ApiError): no such quote, cancelled before, and a stale one: not the newest, long expired, or no
        longer what it would give back.
        """
        quote = self.cancellation(id)
        order = self._order(quote["order_id"])
        if quote["confirmed_at"] is not None or order.cancelled_at is not None:
            raise wrong_state("already_cancelled", "Already cancelled", "The order has already been cancelled.")
        now = self._book.clock.now()
        newest = self._book.store.item(_NEWEST, order.id)
        late = now - datetime.fromisoformat(quote["expires_at"])
        if newest is None or newest["id"] != id or late >= _GRACE or self._shown(order) != quote["refund_amount"]:
            raise stale()
        with self._book.store.transaction():
            confirmed = {**quote, "confirmed_at": moment(now)}
            self._give_back(order)
            order = self._book.get(order.id)
            order.extra["cancellation"] = confirmed
            self._book.cancel(order)
            self._book.store.put(_QUOTE, id, confirmed, now.timestamp())
        return confirmed

    def expire(self, id: str) -> None:  # noqa: A002
        """Let a quote be long expired. Raises: ApiError (not found)."""
        quote = self.cancellation(id)
        over = {**quote, "expires_at": moment(self._book.clock.now() - _GRACE)}
        with self._book.store.transaction():
            self._book.store.put(_QUOTE, id, over, self._book.clock.now().timestamp())

    def _give_back(self, order: Order) -> None:
        voidable = {each.number for each in self._voidable(order)}
        rest = [each.number for each in _open(order) if each.number not in voidable]
        for number in sorted(voidable):
            self._book.void(number)
        if rest:
            self._book.refund(rest)

    def _voidable(self, order: Order) -> list[Document]:
        """Open documents issued on this day of the office."""
        today = self._book.now().date()
        return [each for each in _open(order) if each.issued_at.astimezone(self._book.office_zone).date() == today]

    def _shown(self, order: Order) -> str | None:
        """The refund as told; None, unknown, where the airline changed the flights: it will say what it gives back."""
        if order_view.disturbed(order) and order.paid_at is not None:
            return None
        back = sum((each.amount for each in self._voidable(order)), Decimal(0))
        voided = {each.number for each in self._voidable(order)}
        rest = [each.number for each in _open(order) if each.number not in voided]
        if rest:
            back += self._book.quote_refund(rest).total
        return amount(back, self.minor)

    def _order(self, id: str) -> Order:  # noqa: A002
        try:
            return self._orders.get(id)
        except ApiError:
            raise unlinked("/order_id") from None


def stale() -> ApiError:
    return wrong_state(
        "order_cancellation_stale",
        "Order cancellation stale",
        "The order cancellation is no longer valid. Please create a new one.",
    )


def _too_late() -> ApiError:
    return wrong_state(
        "past_payment_required_by_date",
        "Past payment required by date",
        "The order's `payment_required_by` date has elapsed.",
    )


def _open(order: Order) -> list[Document]:
    return [each for each in order.documents if each.status == "OPEN"]
