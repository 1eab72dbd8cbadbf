"""What the command line remembers between two commands: the last offers, the orders at work, their prices and quotes.
Files of one user under DATA_DIR/air/desk; of a traveller they hold no more than the name.
"""

from __future__ import annotations

import fcntl
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

from pydantic import ValidationError

from qafila.air.gateways.moments import Moment
from qafila.air.gateways.values import (
    Offer,
    OrderRef,
    OrderSnapshot,
    Priced,
    RefundQuote,
    SearchQuery,
    restored,
    stored,
)
from qafila.kernel import clock
from qafila.kernel.errors import Invalid

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Search:
    """The offers of the last search, numbered from 1 by their place."""

    supplier: str
    query: SearchQuery
    offers: tuple[Offer, ...]
    at: Moment


@dataclass(frozen=True, slots=True)
class Order:
    """An order the desk has worked on. `undecided`: the attempt to issue of which nobody knows yet how it ended.
    `people`: the travellers' names by the supplier's references, which is all that a ticket tells of whose it is.
    """

    ref: OrderRef
    locator: str
    at: Moment
    priced: Priced | None = None
    quote: RefundQuote | None = None
    undecided: str = ""
    people: Mapping[str, str] = field(default_factory=dict, repr=False)


class Desk:
    """One folder, made when something is remembered."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    # -- searches -----------------------------------------------------------------------------------------------

    def remember_search(self, supplier: str, query: SearchQuery, offers: tuple[Offer, ...]) -> None:
        """These offers are the ones that have numbers now."""
        self._write("search.json", stored(Search(supplier, query, offers, clock.now())))

    def offer(self, number: int) -> tuple[SearchQuery, Offer]:
        """An offer by its number. Refuses: Invalid (no search; no such number)."""
        search = self._read("search.json", Search)
        if search is None:
            raise Invalid("No offers are known: search first (qafila air search).")
        if not search.offers:
            raise Invalid("The last search found nothing: search again (qafila air search).")
        if not 1 <= number <= len(search.offers):
            raise Invalid(f"The last search has the offers 1 to {len(search.offers)}, no {number}.")
        return search.query, search.offers[number - 1]

    # -- orders -------------------------------------------------------------------------------------------------

    def saw(self, ref: OrderRef, locator: str = "") -> None:
        """This order was worked on: it is the last one now."""
        self._change(ref, **({"locator": locator} if locator else {}))

    def saw_snapshot(self, snapshot: OrderSnapshot) -> None:
        """The same, from the supplier's record; tickets in it settle an attempt that was undecided."""
        self.saw(snapshot.ref, snapshot.locator)
        people = {each.id: f"{each.last_name}/{each.first_name}" for each in snapshot.travellers}
        self._change(snapshot.ref, people=people, **({"undecided": ""} if snapshot.documents else {}))

    def saw_priced(self, priced: Priced) -> None:
        """The price that `issue` will ask for."""
        self._change(priced.ref, priced=priced)

    def saw_quote(self, quoted: RefundQuote) -> None:
        """The quote that `refund` will carry out."""
        self._change(quoted.ref, quote=quoted)

    def undecided(self, ref: OrderRef, key: str) -> None:
        """Whether this attempt issued tickets is not known yet; an empty one: it is known now."""
        self._change(ref, undecided=key)

    def forget(self, ref: OrderRef) -> None:
        """What was priced and quoted has been used."""
        self._change(ref, priced=None, quote=None, undecided="")

    def order_of(self, ref: OrderRef) -> Order:
        """What is remembered of an order; a new one when nothing is."""
        return self._read(_file(ref), Order) or Order(ref, "", clock.now())

    def orders(self) -> tuple[Order, ...]:
        """All of them, the last first."""
        found = [self._read(f"orders/{file.name}", Order) for file in self.folder.glob("orders/*.json")]
        return tuple(sorted((order for order in found if order), key=lambda order: order.at, reverse=True))

    def ref(self, text: str | None, suppliers: tuple[str, ...], supplier: str | None = None) -> OrderRef:
        """An order as a person names it: `amadeus:ABC123`, ABC123, or nothing for the last one. Refuses: Invalid."""
        known = [order for order in self.orders() if not supplier or order.ref.supplier == supplier]
        if not text:
            if not known:
                raise Invalid("No order is known here yet: name one, such as amadeus:ABC123.")
            return known[0].ref
        code, sign, name = text.partition(":")
        if sign:
            if code not in suppliers:
                raise Invalid(f"{code} is no supplier here; there are {', '.join(suppliers)}.")
            return OrderRef(code, self._named(name, [o for o in known if o.ref.supplier == code]) or _cased(name))
        matches = {order.ref for order in known if text.lower() in {order.ref.id.lower(), order.locator.lower()}}
        if len(matches) == 1:
            return matches.pop()
        choice = supplier or (suppliers[0] if len(suppliers) == 1 else "")
        if choice and not matches:
            return OrderRef(choice, _cased(text))
        if matches:
            raise Invalid(f"{text} is an order at {' and at '.join(sorted(map(str, matches)))}: name it so.")
        raise Invalid(f"{text} is not known here: name its supplier too, such as {suppliers[0]}:{text}.")

    @staticmethod
    def _named(name: str, orders: list[Order]) -> str:
        return next((o.ref.id for o in orders if name.lower() in {o.ref.id.lower(), o.locator.lower()}), "")

    # -- files --------------------------------------------------------------------------------------------------

    def _change(self, ref: OrderRef, **changes: Any) -> None:
        """The order as it is remembered, with these changes, and the last one now."""
        with self._alone():
            self._write(_file(ref), stored(replace(self.order_of(ref), at=clock.now(), **changes)))

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One command at a time: what another one noted meanwhile is not forgotten."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)

    def _read(self, name: str, kind: type[T]) -> T | None:
        try:
            return restored(kind, (self.folder / name).read_bytes())
        except (FileNotFoundError, ValidationError):  # never written, or by another version
            return None

    def _write(self, name: str, text: str) -> None:
        file = self.folder / name
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, made = tempfile.mkstemp(dir=file.parent, prefix=".")  # mode 600
        try:
            with os.fdopen(handle, "w") as out:
                out.write(text)
            Path(made).replace(file)
        except BaseException:
            Path(made).unlink(missing_ok=True)
            raise


def _file(ref: OrderRef) -> str:
    return f"orders/{quote(str(ref), safe='')}.json"


def _cased(name: str) -> str:
    """Locators are capitals; Duffel's ids are not."""
    return name if "_" in name else name.upper()
