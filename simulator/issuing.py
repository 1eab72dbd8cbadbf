"""How documents come to be: who is owed one, what forbids it, and its number. Called through the book."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from simulator.model import Document, Order, PricedFare
from simulator.orders import active, need_names
from simulator.refusals import (
    AlreadyTicketed,
    NoFare,
    OrderCancelled,
    SegmentsNotConfirmed,
    SimultaneousChange,
    TimeLimitPassed,
)

if TYPE_CHECKING:
    from simulator.book import Book

_FIRST_SERIAL = 2_400_000_000


def issue(
    book: Book,
    order: Order,
    fare_numbers: Collection[int] | None,
    passengers: Collection[int] | None,
    shown_after: float,
) -> list[Document]:
    """Refuses: as `Book.issue`."""
    with book.store.transaction():
        now = book.now().replace(microsecond=0)
        order, fares = _issuable(book, order, fare_numbers, now)
        made = [
            _document(book, order, priced, passenger, now, shown_after)
            for priced, passenger in _owed(order, fares)
            if passengers is None or passenger in passengers
        ]
        if not made:
            raise AlreadyTicketed
        order.documents.extend(made)
        order.ticketing = "OK"
        book.save(order, order.version, "issued", documents=[_told(document) for document in made])
    return made


def _issuable(
    book: Book, order: Order, fare_numbers: Collection[int] | None, now: datetime
) -> tuple[Order, list[PricedFare]]:
    """The order as it is stored, and the fares to issue."""
    current = book.get(order.locator)
    if current.extra.get("expired"):
        raise TimeLimitPassed
    if current.cancelled_at is not None:
        raise OrderCancelled
    if current.version != order.version:
        raise SimultaneousChange
    need_names(current)
    fares = [fare for fare in current.fares if fare_numbers is None or fare.number in fare_numbers]
    if not fares or (fare_numbers is not None and len(fares) != len(set(fare_numbers))):
        raise NoFare
    if not _owed(current, fares):
        raise AlreadyTicketed
    segments = active(current)
    if not segments or any(segment.status != "HK" for segment in segments):
        raise SegmentsNotConfirmed
    if {tattoo for fare in fares for tattoo in fare.segments} - {segment.tattoo for segment in segments}:
        raise NoFare
    if any(fare.fare.last_ticketing < now for fare in fares) or segments[0].departs <= now:
        raise TimeLimitPassed
    return current, fares


def _owed(order: Order, fares: Iterable[PricedFare]) -> list[tuple[PricedFare, int]]:
    """Who has no open document on which of these fares."""
    have = {(each.fare_number, each.passenger) for each in order.documents if each.status == "OPEN"}
    return [(fare, each) for fare in fares for each in fare.passengers if (fare.number, each) not in have]


def _document(
    book: Book, order: Order, priced: PricedFare, passenger: int, now: datetime, shown_after: float
) -> Document:
    airline = book.world.numeric(order.validating_carrier)
    number = f"{airline}{_FIRST_SERIAL + book.store.count(f'document.{airline}'):010d}"
    book.store.add_document(number, order.locator, passenger, now.date().isoformat())
    fare = priced.fare
    return Document(
        number=number,
        passenger=passenger,
        segments=priced.segments,
        amount=fare.total,
        currency=fare.currency,
        status="OPEN",
        issued_at=now,
        shown_from=now + timedelta(seconds=shown_after) if shown_after else None,
        fare_number=priced.number,
        base=fare.base,
        penalty=min(fare.penalty, fare.base) if fare.refundable else fare.base,
        form_of_payment=order.form_of_payment,
    )


def _told(document: Document) -> dict[str, Any]:
    return {
        "number": document.number,
        "passenger": document.passenger,
        "amount": str(document.amount),
        "currency": document.currency,
    }
