"""The business faults that concern Duffel: what they do to an offer or an order around a step, and what they answer.

Before: the step meets what the fault did, or is refused and has no effect. After: it has its effect, then the fault
comes over the order, or its answer takes the place of the true one. Documents that are late are late either way.
"""

from __future__ import annotations

from datetime import timedelta

from simulator.book import Book, active
from simulator.duffel.errors import airline, rate_limited
from simulator.duffel.offers import Offers
from simulator.duffel.settling import Issue
from simulator.faults import Fault, FaultBook, When
from simulator.model import Order

_EVENTS = ("webhook_twice", "webhook_late", "webhook_out_of_order", "webhook_forged")
_MOVES = ("price_changed", "time_limit_passed", "segment_cancelled")
_WRITES = ("rate_limited", "accepted_202", *_MOVES, *_EVENTS)
# Which faults a step asks for, in the order in which they are shown.
NAMES: dict[str, tuple[str, ...]] = {
    "duffel.offer_request": ("rate_limited",),
    "duffel.get_offer_request": ("rate_limited",),
    "duffel.list_offers": ("rate_limited",),
    "duffel.offer": ("rate_limited", *_MOVES),
    "duffel.price": ("rate_limited", *_MOVES),
    "duffel.create_order": ("issue_refused", "late_documents", *_WRITES),
    "duffel.get_order": ("rate_limited", *_MOVES),
    "duffel.list_orders": ("rate_limited",),
    "duffel.update_order": ("rate_limited", *_EVENTS),
    "duffel.pay": ("issue_refused", "partial_issue", "late_documents", *_WRITES),
    "duffel.get_payment": ("rate_limited",),
    "duffel.create_cancellation": ("rate_limited", *_MOVES, *_EVENTS),
    "duffel.get_cancellation": ("rate_limited",),
    "duffel.confirm_cancellation": ("void_refused", *_WRITES),
}
_LATE = 30.0  # seconds
_PERCENT = 10


class Accepted(Exception):
    """The request was taken and is not finished: nobody knows yet."""


class Troubles:
    """The faults that hit one request, each counted once."""

    def __init__(self, faults: FaultBook, step: str) -> None:
        self._hits: dict[str, Fault] = {}
        if not faults.listed():
            return
        for name in NAMES.get(step, ()):
            fault = faults.armed(step, name)
            if fault is not None:
                self._hits[name] = fault

    def __bool__(self) -> bool:
        return bool(self._hits)

    @property
    def events(self) -> dict[str, Fault]:
        """Those that befall the events of this request."""
        return {name: self._hits[name] for name in _EVENTS if name in self._hits}

    def at(self, name: str, when: When) -> Fault | None:
        fault = self._hits.get(name)
        return fault if fault is not None and fault.when == when else None

    # -- answers --------------------------------------------------------------------------------------------------

    def answer(self, when: When) -> None:
        """Raises: ApiError or Accepted, where a fault answers in place of the step."""
        if self.at("rate_limited", when):
            raise rate_limited()
        if self.at("accepted_202", when):
            raise Accepted
        refused = self.at("issue_refused", when)
        if refused:
            raise airline(
                502,
                refused.params.get("code", "airline_unknown"),
                refused.params.get("text", "The airline responded with an unexpected error. Please contact us."),
                refused.params.get("airline", "airline"),
            )
        if self.at("void_refused", when):
            raise airline(502, "airline_internal", "The airline refused: NOT AUTHORISED", "airline")
        if when == "after" and "partial_issue" in self._hits and self.at("partial_issue", "after"):
            raise airline(502, "airline_internal", "The airline did not issue all documents.", "airline")

    def issue(self, order: Order) -> Issue:
        """How the documents of this order come about."""
        late = self._hits.get("late_documents")
        first = [order.passengers[0].tattoo] if "partial_issue" in self._hits else None
        return Issue(first, late.number("seconds", _LATE) if late else 0.0)

    # -- what becomes of an offer or an order ---------------------------------------------------------------------

    def meet_offer(self, offers: Offers, id: str, when: When) -> None:  # noqa: A002
        """The airline moves the price of an offer, or takes it back."""
        offer = offers.find(id)
        if offer is None:
            return
        moved = self.at("price_changed", when)
        if moved:
            offers.move_price(offer, moved.percent(_PERCENT))
        if self.at("time_limit_passed", when) or self.at("segment_cancelled", when):
            offers.expire(offer)

    def meet_order(self, book: Book, name: str, when: When) -> None:
        """The airline moves the price of an order, cancels its first flight, or its time limit passes.

        Nothing becomes of an order that is cancelled or does not exist.
        """
        if not any(self.at(each, when) for each in _MOVES) or book.version(name) is None:
            return
        order = book.get(name)
        if order.cancelled_at is not None:
            return
        moved = self.at("price_changed", when)
        if moved:
            order = book.change_price(order.locator, moved.percent(_PERCENT))
        if self.at("segment_cancelled", when):
            order = book.change_segment(order.locator, active(order)[0].tattoo, "UN")
        if self.at("time_limit_passed", when) and not order.documents:
            order.time_limit = book.now() - timedelta(seconds=1)
            book.save(order, order.version, "airline", time_limit=order.time_limit.isoformat())
