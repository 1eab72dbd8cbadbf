"""How a mutating call ends, by the same rules at every supplier.

Each verb has one request that makes the difference. Before it nothing has happened; after it, only a clean yes to our
own request or the supplier's own record says what has. Refused needs both: a clean, well-formed no to our own request,
and a record that was read and shows no effect. Everything else that the record does not settle is Unknown.
Source: suppliers.md 6.1 and 6.4.
"""

from __future__ import annotations

import functools
import logging
import re
import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Generic, Literal, ParamSpec, TypeVar

from qafila.air.gateways import masking_exact
from qafila.air.gateways.errors import NotOurs, NotSent, SupplierError, Unanswered, Unreadable
from qafila.air.gateways.moments import Moment
from qafila.air.gateways.outcomes import Done, Doubt, Outcome, Refused, Unknown
from qafila.air.gateways.protocol import fits_as_key
from qafila.air.gateways.values import Document, Offer, OrderRef

logger = logging.getLogger(__name__)

A = TypeVar("A")
R = TypeVar("R")
T = TypeVar("T")
P = ParamSpec("P")

_DOUBTS: tuple[tuple[type[SupplierError], Doubt], ...] = (
    (NotSent, Doubt.NOT_SENT),
    (Unanswered, Doubt.UNANSWERED),
    (Unreadable, Doubt.UNREADABLE),
    (NotOurs, Doubt.NOT_OURS),
)


class Settled(Exception):
    """The verdict is known and nothing more is to be done: `verdict` makes the outcome of it."""

    def __init__(self, outcome: Refused | Unknown) -> None:
        super().__init__(outcome.text)
        self.outcome = outcome


def verdict(call: Callable[P, Outcome[T]]) -> Callable[P, Outcome[T]]:
    """A mutating verb: it answers with an outcome whatever happens in it. What nobody foresaw is Unknown."""

    @functools.wraps(call)
    def settled(*args: P.args, **kwargs: P.kwargs) -> Outcome[T]:
        try:
            return call(*args, **kwargs)
        except Settled as end:
            return end.outcome
        except Exception as wrong:
            return Unknown(Doubt.UNDECIDED, f"Something went wrong on our side: {_unforeseen(wrong)}.")

    return settled


def _unforeseen(wrong: Exception) -> str:
    """What is told and logged of an error that nobody foresaw: its kind and place. Its words could quote the reply."""
    last = traceback.extract_tb(wrong.__traceback__)[-1:]
    where = "".join(f" in {Path(frame.filename).name}, line {frame.lineno}" for frame in last)
    logger.error("Unforeseen at a supplier: %s%s", type(wrong).__name__, where)
    return f"{type(wrong).__name__}{where}"


def ours(code: str, text: str) -> Settled:
    """We do not even ask."""
    return Settled(Refused(code, text, by="us"))


def check_hold(supplier: str, offer: Offer, key: str) -> None:
    """What every supplier wants of a hold. Raises: Settled (OTHER_SUPPLIER, KEY_UNFIT)."""
    if offer.supplier != supplier:
        raise ours("OTHER_SUPPLIER", f"The offer is {offer.supplier}'s, not {supplier}'s.")
    if not fits_as_key(key):
        raise ours("KEY_UNFIT", "The key of an attempt is 1 to 40 letters, digits and hyphens.")


def unsent(error: SupplierError, ref: OrderRef | None = None) -> Settled:
    """Something went wrong before the deciding request: it was never sent."""
    return Settled(Unknown(doubt_of(error), error.detail, sent=False, code=error.supplier_code, ref=ref))


def doubt_of(error: SupplierError) -> Doubt:
    """Why nobody knows, by what went wrong."""
    return next((doubt for kind, doubt in _DOUBTS if isinstance(error, kind)), Doubt.UNDECIDED)


def understood(reader: Callable[[A], R], reply: A) -> R:
    """The reply's value. Raises: SupplierError (Unreadable for what a reader did not foresee: a look must follow)."""
    try:
        return reader(reply)
    except (SupplierError, Settled):
        raise
    except Exception as wrong:
        raise Unreadable(f"The reply cannot be read: {_unforeseen(wrong)}.") from wrong


_ALREADY = re.compile(
    r"\balready\b|_already_|^already_|duplicate_booking|\bin progress\b|being processed", re.IGNORECASE
)


def says_already(*words: str) -> bool:
    """A no because it is done already, or is being done, is a yes of somebody's making: of another copy of our request
    perhaps, whose effect the record does not show yet.
    """
    return any(_ALREADY.search(each) for each in words)


@dataclass(frozen=True, slots=True)
class Said(Generic[R]):
    """What came back of the deciding request. `no` only for a clean refusal; what is neither that nor `yes` is a
    doubt, and `doubt` says which.
    """

    word: Literal["yes", "no", "doubt"]
    reply: R | None = None
    code: str = ""
    text: str = ""
    doubt: Doubt = Doubt.UNDECIDED
    retry_at: Moment | None = None


@dataclass(frozen=True, slots=True)
class Seen(Generic[T]):
    """What the supplier's record shows of the effect: all of it (with its value), some of it, none."""

    extent: Literal["all", "some", "none"]
    value: T | None = None
    documents: tuple[Document, ...] = ()
    notes: tuple[str, ...] = ()


def settle(said: Said[R], look: Callable[[], Seen[T]], ref: OrderRef | None = None) -> Outcome[T]:
    """One look at the supplier's record, and the verdict. Raises: Settled, by `look`."""
    unsure = Unknown(
        Doubt.UNCONFIRMED if said.word == "yes" else said.doubt,
        said.text or "The supplier said done; its record does not show it (yet).",
        code=said.code,
        ref=ref,
    )
    try:
        seen = look()
    except Settled:
        raise
    except Exception as error:
        why = error.detail if isinstance(error, SupplierError) else _unforeseen(error)
        return replace(unsure, notes=(f"The look at the record failed: {why}",))
    if seen.extent == "all" and seen.value is not None:
        return Done(seen.value, seen.notes)
    if seen.extent == "some":
        return replace(unsure, doubt=Doubt.PARTIAL, seen=seen.documents, notes=seen.notes)
    if said.word == "no":
        return Refused(
            said.code or "REFUSED", said.text or "Refused without a word.", retry_at=said.retry_at, notes=seen.notes
        )
    return replace(unsure, seen=seen.documents, notes=seen.notes)


def discreet(outcome: Outcome[T], secrets: Iterable[str]) -> Outcome[T]:
    """The outcome without these values, in whatever spelling the supplier's words quote them."""
    known = tuple(sorted(set(secrets)))
    notes = tuple(masking_exact.hidden(note, known) for note in outcome.notes)
    if isinstance(outcome, Done):
        return replace(outcome, notes=notes)
    return replace(outcome, text=masking_exact.hidden(outcome.text, known), notes=notes)
