"""The contract with nobody at the other end: a person did it on another screen and types what came of it. Whatever is
missing or cannot be right is refused by us, the code naming the field; nothing is ever unknown but a disk that failed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar
from zoneinfo import ZoneInfo

from qafila.air.gateways.errors import OrderNotFound, SupplierError, SupplierRefused, Unsupported
from qafila.air.gateways.manual.orders import added, ended, flights, kept, people, put_in, still_to_come, ticket
from qafila.air.gateways.manual.records import ChangedMeanwhile, Records, TicketNumberTaken
from qafila.air.gateways.manual.refunds import back, token_of, told_by
from qafila.air.gateways.manual.typed import (
    Declined,
    Typed,
    costs_something,
    locator_of,
    locator_warnings,
    ticket_numbers,
)
from qafila.air.gateways.moments import Moment
from qafila.air.gateways.outcomes import Done, Doubt, Outcome, Refused, Unknown
from qafila.air.gateways.protocol import Capabilities
from qafila.air.gateways.settings import ManualSettings
from qafila.air.gateways.values import (
    CouponStatus,
    Document,
    Issued,
    LimitKind,
    Offer,
    OrderRef,
    OrderSnapshot,
    Priced,
    Refunded,
    RefundQuote,
    SearchQuery,
    SegmentState,
    TimeLimit,
    Traveller,
    stored,
)
from qafila.air.gateways.verdicts import check_hold, verdict
from qafila.kernel import clock
from qafila.kernel.errors import Invalid

T = TypeVar("T")


class ManualSupplier:
    """A supplier of typed orders. `typed` is what was typed for the next call: `typing(...)` gives the same supplier
    with other words.
    """

    def __init__(self, settings: ManualSettings, records: Records, typed: Typed | None = None) -> None:
        self.settings, self.records, self.typed = settings, records, typed or Typed()

    def typing(self, typed: Typed) -> ManualSupplier:
        """The same supplier for one call with these words."""
        return ManualSupplier(self.settings, self.records, typed)

    @property
    def code(self) -> str:
        return self.settings.code

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(search=False, typed=True, world=self.settings.world)

    def close(self) -> None:
        """Nothing is open."""

    # -- reading -------------------------------------------------------------------------------------------------------

    def search(self, query: SearchQuery) -> tuple[Offer, ...]:
        """Raises: Unsupported: an offer is typed (`offer_from`)."""
        raise Unsupported("Nobody can be asked: type the itinerary and its price.", supplier=self.code)

    def retrieve(self, ref: OrderRef) -> OrderSnapshot:
        """Raises: OrderNotFound, Unreadable."""
        if ref.supplier != self.code:
            raise OrderNotFound(f"{ref} is no order of {self.code}.", supplier=self.code)
        return self.records.load(ref)

    # -- holding and issuing -------------------------------------------------------------------------------------------

    def hold(self, offer: Offer, travellers: Sequence[Traveller], key: str) -> Outcome[OrderSnapshot]:
        """Wants `typed.locator`; `ticketing_limit` and `airline_locators` where they are known."""
        return self._settled(lambda: self._hold(offer, travellers, key))

    def _hold(self, offer: Offer, travellers: Sequence[Traveller], key: str) -> Done[OrderSnapshot]:
        check_hold(self.code, offer, key)
        locator = locator_of(self.typed.locator)
        airlines = {
            carrier: locator_of(written, field="AIRLINE_LOCATOR")
            for carrier, written in self.typed.airline_locators.items()
        }
        if not travellers:
            raise Declined("TRAVELLERS_MISSING", "An order needs a traveller.")
        if len({traveller.ref for traveller in travellers}) != len(travellers):
            raise Declined("TRAVELLERS_TWICE", "Two travellers bear the same reference.")
        costs_something(offer.total)
        ref = OrderRef(self.code, locator)
        try:
            there = self.records.load(ref)
        except OrderNotFound:
            there = None
        if there is not None:
            if there.key == key and not there.cancelled:
                return Done(there, notes=("It was typed before.",))
            raise Declined("LOCATOR_TAKEN", f"The locator {locator} was typed for another order.")
        still_to_come(offer, clock.now())
        limits = offer.time_limits
        if self.typed.ticketing_limit:
            limits = (*limits, TimeLimit(LimitKind.TICKETING, self.typed.ticketing_limit, "typed"))
        snapshot = OrderSnapshot(
            ref=ref,
            locator=locator,
            version="1",
            travellers=people(travellers),
            segments=flights(offer, travellers, airlines),
            time_limits=limits,
            fares=offer.fares,
            total=offer.total,
            paid=False,
            key=key,
            created_at=self._now(),
            validating_carrier=offer.validating_carrier,
            notes=self._signed("Typed", *offer.notes),
            simulated=self.settings.world == "simulated",
        )
        self.records.save(snapshot, "")
        return Done(snapshot, notes=locator_warnings(locator))

    def price(self, ref: OrderRef) -> Outcome[Priced]:
        """The typed `total` or `fares`, stored with the order; without either, what is stored."""
        return self._settled(lambda: self._price(ref))

    def _price(self, ref: OrderRef) -> Done[Priced]:
        snapshot = self._open(ref)
        fares, total = self.typed.fares or snapshot.fares, self.typed.total
        if self.typed.fares:
            total = total or added(self.typed.fares)
        if total is None:
            total = snapshot.total
        if total is None:
            raise Declined("TOTAL_MISSING", "Type what the order costs.")
        costs_something(total)
        if fares and added(fares) != total:
            if self.typed.fares:
                raise Declined("TOTAL_WRONG", f"The fares add up to {added(fares)}, not to {total}.")
            fares = ()  # the stored ones are of the price before
        if (fares, total) != (snapshot.fares, snapshot.total):
            snapshot = self._store(snapshot, fares=fares, total=total, notes=(*snapshot.notes, *self._signed("Priced")))
        limit = snapshot.time_limit
        return Done(
            Priced(
                ref=ref,
                fares=snapshot.fares,
                total=total,
                token=stored(total),
                version=snapshot.version,
                valid_until=limit.at if limit else None,
                time_limits=snapshot.time_limits,
            )
        )

    def issue(self, ref: OrderRef, priced: Priced, key: str) -> Outcome[Issued]:
        """Wants a number in `typed.tickets` for every traveller."""
        return self._settled(lambda: self._issue(ref, priced))

    def _issue(self, ref: OrderRef, priced: Priced) -> Done[Issued]:
        snapshot = self._open(ref)
        if snapshot.documents and not snapshot.unticketed():
            return Done(Issued(snapshot.documents, snapshot), notes=("It was ticketed before.",))
        if priced.ref != ref:
            raise Declined("OTHER_ORDER", f"The price is that of {priced.ref}, not of {ref}.")
        if snapshot.total != priced.total:
            raise Declined("PRICE_CHANGED", f"The order costs {snapshot.total} now, no longer {priced.total}.")
        waiting = tuple(traveller.id for traveller in snapshot.unticketed())
        numbers = ticket_numbers(self.typed.tickets, waiting)
        if taken := {document.number for document in snapshot.documents} & set(numbers.values()):
            raise Declined("TICKET_NUMBER_TWICE", f"{min(taken)} is in this order already.")
        today = self._now().date()
        made = tuple(ticket(snapshot, traveller, numbers[traveller], today) for traveller in waiting)
        snapshot = self._store(
            snapshot,
            documents=(*snapshot.documents, *made),
            paid=True,
            time_limits=(),
            notes=(*snapshot.notes, *self._signed("Ticketed")),
        )
        return Done(Issued(made, snapshot))

    # -- undoing -------------------------------------------------------------------------------------------------------

    def void(self, ref: OrderRef, document: Document, key: str) -> Outcome[Document]:
        """Notes that a document was voided. Another day than that of issue is noted too: the airline decided."""
        return self._settled(lambda: self._void(ref, document))

    def _void(self, ref: OrderRef, document: Document) -> Done[Document]:
        snapshot = self.retrieve(ref)
        found = kept(snapshot, document.number)
        if found.status is CouponStatus.VOID:
            return Done(found, notes=("It was voided before.",))
        if found.status is not CouponStatus.OPEN:
            raise Declined("DOCUMENT_NOT_OPEN", f"The ticket {found.number} is {found.status.value}.")
        gone = ended(found, CouponStatus.VOID)
        self._store(
            snapshot, documents=put_in(snapshot, gone), notes=(*snapshot.notes, *self._signed(f"Voided {found.number}"))
        )
        today = found.issued_on == self._now().date()
        return Done(gone, notes=() if today else (f"Issued on {found.issued_on}: not the day of the void.",))

    def refund_quote(self, ref: OrderRef, documents: Sequence[Document]) -> RefundQuote:
        """The typed `refund`, `penalty` and `used`. Raises: SupplierRefused (nothing typed, a document that is not
        open, figures that cannot be right beside what was paid).
        """
        snapshot = self.retrieve(ref)
        try:
            asked = [kept(snapshot, document.number) for document in documents]
            if not asked:
                raise Declined("DOCUMENTS_MISSING", "Name the tickets to refund.")
            if closed := next((each for each in asked if each.status is not CouponStatus.OPEN), None):
                raise Declined("DOCUMENT_NOT_OPEN", f"The ticket {closed.number} is {closed.status.value}.")
            refund, paid = back(self.typed, snapshot, asked)
        except Declined as declined:
            raise SupplierRefused(str(declined), supplier=self.code, supplier_code=declined.refused.code) from None
        return RefundQuote(
            ref=ref,
            documents=tuple(each.number for each in asked),
            refund=refund,
            token=token_of(snapshot, self.typed),
            paid=paid,
            penalty=self.typed.penalty,
            used=self.typed.used,
            refund_to="typed",
        )

    def refund(self, quote: RefundQuote, key: str) -> Outcome[Refunded]:
        """Notes that the documents were refunded; Refused when the order has moved since the quote."""
        return self._settled(lambda: self._refund(quote))

    def _refund(self, quote: RefundQuote) -> Done[Refunded]:
        snapshot = self.retrieve(quote.ref)
        asked = [kept(snapshot, number) for number in quote.documents]
        if not asked:
            raise Declined("DOCUMENTS_MISSING", "The quote names no ticket.")
        told = told_by(quote)
        done = Refunded(quote.documents, quote.refund, reference=told.get("reference", ""), at=self._now())
        if all(each.status is CouponStatus.REFUNDED for each in asked):
            return Done(done, notes=("It was refunded before.",))
        if told.get("version") != snapshot.version:
            raise Declined("QUOTE_CHANGED", "The order was changed since the refund was worked out.")
        documents = snapshot.documents
        for each in asked:
            documents = put_in(replace(snapshot, documents=documents), ended(each, CouponStatus.REFUNDED))
        numbers = ", ".join(quote.documents)
        self._store(
            snapshot,
            documents=documents,
            notes=(*snapshot.notes, *self._signed(f"Refunded {numbers}: {quote.refund}")),
        )
        return Done(done)

    def cancel(self, ref: OrderRef, key: str) -> Outcome[OrderSnapshot]:
        """Notes that the seats were let go. Documents must be void or refunded first."""
        return self._settled(lambda: self._cancel(ref))

    def _cancel(self, ref: OrderRef) -> Done[OrderSnapshot]:
        snapshot = self.retrieve(ref)
        if snapshot.cancelled:
            return Done(snapshot, notes=("It was cancelled before.",))
        if live := [each.number for each in snapshot.documents if each.status is CouponStatus.OPEN]:
            raise Declined("DOCUMENTS_LIVE", f"The ticket {live[0]} must be voided or refunded first.")
        gone = tuple(replace(each, status="XX", state=SegmentState.CANCELLED) for each in snapshot.segments)
        return Done(
            self._store(snapshot, cancelled=True, segments=gone, notes=(*snapshot.notes, *self._signed("Cancelled")))
        )

    # -- keeping -------------------------------------------------------------------------------------------------------

    @verdict
    def _settled(self, course: Callable[[], Done[T]]) -> Outcome[T]:
        try:
            return course()
        except (ChangedMeanwhile, OrderNotFound, TicketNumberTaken) as error:
            return Refused(error.code, error.detail, by="us")
        except Invalid as invalid:  # amounts of two currencies
            return Refused("AMOUNT_INVALID", invalid.detail, by="us")
        except SupplierError as error:
            return Unknown(Doubt.UNREADABLE, error.detail, sent=False)
        except OSError as error:
            return Unknown(Doubt.UNDECIDED, f"The order could not be stored ({type(error).__name__}).")

    def _open(self, ref: OrderRef) -> OrderSnapshot:
        snapshot = self.retrieve(ref)
        if snapshot.cancelled:
            raise Declined("ORDER_CANCELLED", f"The order {snapshot.locator} is cancelled.")
        return snapshot

    def _store(self, snapshot: OrderSnapshot, **changes: object) -> OrderSnapshot:
        after = int(snapshot.version) + 1 if snapshot.version.isdecimal() else 1
        changed: OrderSnapshot = replace(snapshot, version=str(after), **changes)  # type: ignore[arg-type]
        self.records.save(changed, snapshot.version)
        return changed

    def _now(self) -> Moment:
        return clock.now().astimezone(ZoneInfo(self.settings.zone))

    def _signed(self, what: str, *others: str) -> tuple[str, ...]:
        by = f" by {self.typed.by}" if self.typed.by else ""
        return (*others, f"{what}{by}, {self._now():%Y-%m-%d %H:%M}.")
