"""How a mutating call ends. Each has one request that makes the difference, sent at most once. Before it, nothing has
happened; after it, only a clean reply or the supplier's own record says what has. Source: suppliers.md 6.1 and 6.4.
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Generic, Literal, ParamSpec, TypeVar

from qafila.air.gateways.amadeus.envelope import Reply
from qafila.air.gateways.amadeus.problems import Problem, errors, line_failure
from qafila.air.gateways.amadeus.refusals import of_session
from qafila.air.gateways.amadeus.xml import Element
from qafila.air.gateways.errors import (
    Misconfigured,
    NotOurs,
    NotSent,
    SessionLost,
    SupplierError,
    Unanswered,
    Unreadable,
)
from qafila.air.gateways.outcomes import Done, Doubt, Outcome, Refused, Unknown
from qafila.air.gateways.values import Document, OrderRef

logger = logging.getLogger(__name__)

T = TypeVar("T")
R = TypeVar("R")
P = ParamSpec("P")

_DOUBTS: tuple[tuple[type[SupplierError], Doubt], ...] = (
    (NotSent, Doubt.NOT_SENT),
    (Unanswered, Doubt.UNANSWERED),
    (Unreadable, Doubt.UNREADABLE),
    (NotOurs, Doubt.NOT_OURS),
)
_NEVER_LEFT = (NotSent, SessionLost, Misconfigured)


class Settled(Exception):
    """The call is over before its deciding request: with a refusal, or not knowing anything new."""

    def __init__(self, outcome: Refused | Unknown) -> None:
        super().__init__(outcome.text)
        self.outcome = outcome


def verdict(call: Callable[P, Outcome[T]]) -> Callable[P, Outcome[T]]:
    """A mutating call: what settles it early is its outcome, not an exception."""

    @functools.wraps(call)
    def settled(*args: P.args, **kwargs: P.kwargs) -> Outcome[T]:
        try:
            return call(*args, **kwargs)
        except Settled as end:
            return end.outcome

    return settled


def ours(code: str, text: str) -> Settled:
    """We do not even ask."""
    return Settled(Refused(code, text, by="us"))


def doubt_of(error: SupplierError) -> Doubt:
    """Why nobody knows, by what went wrong."""
    return next((doubt for kind, doubt in _DOUBTS if isinstance(error, kind)), Doubt.UNDECIDED)


def unsent(error: SupplierError, ref: OrderRef | None = None) -> Settled:
    """Something went wrong before the deciding request: it was never sent."""
    return Settled(Unknown(doubt_of(error), error.detail, sent=False, code=error.supplier_code, ref=ref))


def understood(reader: Callable[[Element], R], message: Element) -> R:
    """The reply's value. Raises: Unreadable, also for what a reader did not foresee: a verdict must come of it."""
    try:
        return reader(message)
    except SupplierError:
        raise
    except Exception as wrong:
        # Its words could quote the reply: only the kind is told.
        logger.error(
            "A reply could not be read: %s in %s", type(wrong).__name__, getattr(reader, "__name__", "a reader")
        )
        raise Unreadable(f"The reply cannot be read ({type(wrong).__name__}).") from wrong


def step(ask: Callable[[], Reply], reader: Callable[[Element], R], ref: OrderRef | None = None) -> R:
    """A request before the deciding one, and its reply read. Raises: Settled (a fault; nothing to be read)."""
    try:
        reply = ask()
        fault = reply.fault
        if fault is None:
            return understood(reader, reply.message)
    except SupplierError as error:
        raise unsent(error, ref) from error
    if not reply.ours:
        raise Settled(Unknown(Doubt.NOT_OURS, str(fault), sent=False, code=fault.code, ref=ref))
    if (of_session(fault) and fault.code != "11") or line_failure(fault.text):
        raise Settled(Unknown(Doubt.UNDECIDED, str(fault), sent=False, code=fault.code, ref=ref))
    raise Settled(Refused(fault.code or "FAULT", fault.text or fault.level))


def require(found: Sequence[Problem], ref: OrderRef | None = None) -> None:
    """Raises: Settled when a reply before the deciding request reports an error."""
    wrong = errors(tuple(found))
    if wrong:
        raise refusal_before(wrong, ref)


def refusal_before(found: Sequence[Problem], ref: OrderRef | None = None) -> Settled:
    """What a complaint before the deciding request comes to: a refusal, but for a line that broke."""
    first = (errors(tuple(found)) or tuple(found))[0]
    if any(line_failure(problem.text) for problem in found):
        return Settled(Unknown(Doubt.UNDECIDED, str(first), sent=False, code=first.code, ref=ref))
    notes = tuple(str(problem) for problem in found if problem is not first)
    return Settled(Refused(first.code or "REFUSED", first.text or "Refused without a word.", notes=notes))


@dataclass(frozen=True, slots=True)
class Said(Generic[R]):
    """What came back of the deciding request. `no` only for a well-formed refusal to our own message, in words that are
    no broken line's; everything else that is no `yes` is a doubt.
    """

    word: Literal["yes", "no", "doubt"]
    reply: R | None = None
    code: str = ""
    text: str = ""
    doubt: Doubt = Doubt.UNDECIDED


def decide(
    ask: Callable[[], Reply], reader: Callable[[Element], R], judge: Callable[[R], Said[R]], ref: OrderRef | None
) -> Said[R]:
    """The deciding request, sent once. A fault is never a clean refusal: it is the machinery's. Raises: Settled (it
    never left this machine).
    """
    try:
        reply = ask()
    except SupplierError as error:
        if isinstance(error, _NEVER_LEFT):
            raise unsent(error, ref) from error
        return Said("doubt", code=error.supplier_code, text=error.detail, doubt=doubt_of(error))
    if reply.fault is not None:
        doubt = Doubt.UNDECIDED if reply.ours else Doubt.NOT_OURS
        return Said("doubt", code=reply.fault.code, text=str(reply.fault), doubt=doubt)
    try:
        return judge(understood(reader, reply.message))
    except SupplierError as error:
        return Said("doubt", text=error.detail, doubt=doubt_of(error))


def complaint(reply: R, found: Sequence[Problem]) -> Said[R] | None:
    """What the errors of a reply to the deciding request come to; None without errors."""
    wrong = errors(tuple(found))
    if not wrong:
        return None
    broken = any(line_failure(problem.text) for problem in wrong)
    return Said("doubt" if broken else "no", reply, wrong[0].code, wrong[0].text or str(wrong[0]))


@dataclass(frozen=True, slots=True)
class Seen(Generic[T]):
    """What the supplier's record shows of the effect: all of it (with its value), some of it, none."""

    extent: Literal["all", "some", "none"]
    value: T | None = None
    documents: tuple[Document, ...] = ()
    notes: tuple[str, ...] = ()


def settle(said: Said[R], look: Callable[[], Seen[T]], ref: OrderRef) -> Outcome[T]:
    """One look at the supplier's record, in a conversation of its own, and the verdict."""
    unsure = Unknown(
        Doubt.UNCONFIRMED if said.word == "yes" else said.doubt,
        said.text or "The supplier's record does not show it.",
        code=said.code,
        ref=ref,
    )
    try:
        seen = look()
    except SupplierError as error:
        return replace(unsure, notes=(f"The record could not be read: {error.detail}",))
    if seen.extent == "all" and seen.value is not None:
        return Done(seen.value, seen.notes)
    if seen.extent == "some":
        return replace(unsure, doubt=Doubt.PARTIAL, seen=seen.documents, notes=seen.notes)
    if said.word == "no":
        return Refused(said.code or "REFUSED", said.text or "Refused without a word.", notes=seen.notes)
    return replace(unsure, seen=seen.documents, notes=seen.notes)
