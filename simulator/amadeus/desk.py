"""What every message handler works with: the book, the office, the conversation, the PNR in view."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from simulator.access import AmadeusAccess
from simulator.amadeus.catalogue import Spoken
from simulator.amadeus.office import Office
from simulator.amadeus.replies.pnr import Problem, View
from simulator.amadeus.sessions import Session, Sessions
from simulator.amadeus.soap import Asked, Turned
from simulator.book import Book
from simulator.clock import Clock
from simulator.codec import copy_order
from simulator.faults import FaultBook
from simulator.model import Order
from simulator.store import Store
from simulator.world import World

NOT_FOUND = "1929|Application|INVALID RECORD LOCATOR"
AGENCY = "14312345"  # the agency's IATA number, eight digits


@dataclass(slots=True)
class Desk:
    """`rendered` keeps whole records by locator, version and schema; it is emptied whenever something is undone."""

    book: Book
    world: World
    clock: Clock
    store: Store
    faults: FaultBook
    access: AmadeusAccess
    sessions: Sessions
    office: Office
    rendered: dict[tuple[str, int, str], str] = field(default_factory=dict)


@dataclass(slots=True)
class Call:
    """One request on its way through. `session` is a passing one (status End) for a stateless call; `stored` is the
    locator of what this request stored, which need not be in view any more."""

    desk: Desk
    asked: Asked
    spoken: Spoken
    schema: str
    session: Session
    stateless: bool
    step: str
    stored: str = ""

    @property
    def now(self) -> datetime:
        return self.desk.book.now()

    def view(self, *problems: Problem, committed: bool = True) -> View:
        return View(self.desk.office, self.now, self.schema, committed, problems)

    def in_view(self) -> Order | None:
        """The PNR this conversation is about, with what is not stored yet; None when there is none."""
        work = self.session.work
        if work.order is not None:
            return work.order
        return self.desk.book.get(work.locator) if work.locator else None

    def draft(self) -> Order:
        """The PNR in view as a copy to change, or a new one. It counts when it is committed."""
        work = self.session.work
        if work.order is None:
            if work.locator:
                work.order = copy_order(self.desk.book.get(work.locator))
                work.order.received_from = ""  # every end of transaction says who asked for it
            else:
                work.order = blank(self.desk.office, self.now)
        return work.order

    def open(self, locator: str) -> Order:
        """Bring a stored PNR into view; what was in work before is dropped. Raises: Turned when it is not ours or does
        not exist: then what was in work stays."""
        order = find(self.desk, locator)
        self.give_back()
        work = self.session.work
        work.forget()
        work.locator, work.version = order.locator, order.version
        return order

    def give_back(self) -> None:
        """Seats that were sold and never committed go back."""
        work = self.session.work
        if work.held:
            self.desk.book.release(work.held, work.seats)
            work.held = []


def find(desk: Desk, locator: str) -> Order:
    """A stored PNR of our office. Raises: Turned."""
    version = desk.book.version(locator) if locator.isalnum() else None
    order = desk.book.get(locator) if version is not None else None
    if order is None or order.dialect != "amadeus" or order.office != desk.office.id:
        raise Turned(NOT_FOUND, code="soap:Server", actor="SI:Backend")
    return order


def blank(office: Office, now: datetime) -> Order:
    """A PNR in work: it has no locator before it is committed."""
    return Order(
        locator="",
        dialect="amadeus",
        id="",
        created=now.replace(microsecond=0),
        version=0,
        office=office.id,
        currency=office.currency,
        validating_carrier="",
        passengers=[],
        segments=[],
    )


def thirteen(texts: Iterator[str]) -> list[str]:
    """Document numbers as they are written in requests: with a dash, with the form's check digit, with blanks."""
    found = []
    for text in texts:
        digits = text.replace("-", "").replace(" ", "")
        if digits.isascii() and digits.isdigit() and len(digits) in {13, 14}:
            found.append(digits[:13])
    return found
