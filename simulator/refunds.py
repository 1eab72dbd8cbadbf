"""What becomes of a document after its issue: void on the office's day, refund afterwards. Called through the book."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from simulator.model import Document, Order
from simulator.refusals import DocumentNotFound, DocumentNotOpen, RefundChanged, VoidWindowClosed

if TYPE_CHECKING:
    from simulator.book import Book


@dataclass(frozen=True, slots=True)
class RefundLine:
    """One document's part: `fare` comes back of its fare, `penalty` is kept of it, `tax` comes back whole."""

    number: str
    passenger: int
    paid: Decimal
    fare: Decimal
    penalty: Decimal
    tax: Decimal

    @property
    def total(self) -> Decimal:
        return self.fare + self.tax


@dataclass(frozen=True, slots=True)
class RefundQuote:
    locator: str
    currency: str
    lines: tuple[RefundLine, ...]

    @property
    def total(self) -> Decimal:
        return sum((line.total for line in self.lines), Decimal(0))


def void(book: Book, number: str) -> Document:
    """Refuses: DocumentNotFound, DocumentNotOpen, VoidWindowClosed."""
    with book.store.transaction():
        order, document = book.document(number)
        if document.status != "OPEN":
            raise DocumentNotOpen
        now = book.now().replace(microsecond=0)
        if document.issued_at.astimezone(book.office_zone).date() != now.date():
            raise VoidWindowClosed
        document.status, document.voided_at = "VOID", now
        _close(book, document, now.date().isoformat())
        book.save(order, order.version, "voided", document=number, passenger=document.passenger)
    return document


def quote(book: Book, numbers: Sequence[str]) -> RefundQuote:
    """Refuses: DocumentNotFound (none asked, or of several orders), DocumentNotOpen."""
    order, documents = _open(book, numbers)
    lines = tuple(
        RefundLine(
            each.number, each.passenger, each.amount, each.base - each.penalty, each.penalty, each.amount - each.base
        )
        for each in documents
    )
    return RefundQuote(order.locator, documents[0].currency, lines)


def refund(book: Book, numbers: Sequence[str], expected: Decimal | None) -> RefundQuote:
    """Refuses: as `quote`; RefundChanged when the total is not `expected`."""
    with book.store.transaction():
        given = quote(book, numbers)
        if expected is not None and given.total != expected:
            raise RefundChanged
        order, documents = _open(book, numbers)
        now = book.now().replace(microsecond=0)
        for document, line in zip(documents, given.lines, strict=True):
            document.status, document.refunded_at, document.refunded = "REFUNDED", now, line.total
            _close(book, document, now.date().isoformat())
        book.save(
            order,
            order.version,
            "refunded",
            documents=[line.number for line in given.lines],
            amount=str(given.total),
            currency=given.currency,
        )
    return given


def _open(book: Book, numbers: Sequence[str]) -> tuple[Order, list[Document]]:
    if not numbers or len(set(numbers)) != len(numbers):
        raise DocumentNotFound
    order, _ = book.document(numbers[0])
    by_number = {document.number: document for document in order.documents}
    if not set(numbers) <= by_number.keys():
        raise DocumentNotFound
    documents = [by_number[number] for number in numbers]
    if any(document.status != "OPEN" for document in documents):
        raise DocumentNotOpen
    return order, documents


def _close(book: Book, document: Document, day: str) -> None:
    if not book.store.change_document(document.number, document.status, day):
        raise DocumentNotOpen
