"""How the one request that makes the difference ended, and what may be said of it afterwards.

Only a clean and well-formed no to our own request, and a record that shows no effect, make Refused. Everything else
that the record does not settle is Unknown. Source: suppliers.md 6.1, 6.4.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

from qafila.air.gateways.duffel.client import Reply
from qafila.air.gateways.errors import (
    NotOurs,
    NotSent,
    RateLimited,
    SupplierError,
    SupplierRefused,
    Unanswered,
    Unreadable,
)
from qafila.air.gateways.outcomes import Done, Doubt, Outcome, Refused, Unknown
from qafila.air.gateways.values import Document, OrderRef

T = TypeVar("T")


class Over(Exception):
    """The verdict is known, and nothing more is to be done. Never leaves this package."""

    def __init__(self, verdict: Refused | Unknown) -> None:
        super().__init__(verdict)
        self.verdict = verdict


def no(code: str, sentence: str) -> Over:
    """We do not send this."""
    return Over(Refused(code, sentence, by="us"))


@dataclass(frozen=True, slots=True)
class End:
    """`reply` when the supplier said yes; `refused` when it said a clean no; else `doubt`."""

    reply: Reply | None = None
    refused: Refused | None = None
    doubt: Doubt = Doubt.UNDECIDED
    text: str = ""
    code: str = ""

    @property
    def left(self) -> bool:
        """Whether the request may have left this machine."""
        return self.doubt is not Doubt.NOT_SENT

    def doubtful(self, doubt: Doubt, sentence: str) -> End:
        """A yes that turned out to be none."""
        return replace(self, reply=None, refused=None, doubt=doubt, text=sentence)

    def without_effect(self, ref: OrderRef | None = None) -> Refused | Unknown:
        """The verdict when the record could be read and shows nothing."""
        return self.refused or self.unknown(ref)

    def unknown(self, ref: OrderRef | None = None, *, look: str = "", seen: tuple[Document, ...] = ()) -> Unknown:
        """The verdict when nothing settles it. `look`: why the record could not be read."""
        notes = (f"The look at the record failed: {look}",) if look else ()
        if self.reply is not None:
            sentence = "The supplier said done; its record does not show it (yet)."
            return Unknown(Doubt.UNCONFIRMED, sentence, ref=ref, seen=seen, notes=notes)
        if self.refused is not None:  # a clean no, and no look to confirm it
            said = self.refused
            return Unknown(Doubt.UNDECIDED, said.text, code=said.code, ref=ref, seen=seen, notes=notes)
        return Unknown(self.doubt, self.text, sent=self.left, code=self.code, ref=ref, seen=seen, notes=notes)


def attempt(call: Callable[[], Reply]) -> End:
    """Sends the one request, once."""
    try:
        reply = call()
    except SupplierRefused as error:
        return End(refused=refusal(error))
    except SupplierError as error:
        return End(doubt=doubt_of(error), text=error.detail, code=error.supplier_code)
    if not reply.done:
        return End(doubt=Doubt.UNDECIDED, text="The supplier accepted it and has not finished.", code=str(reply.status))
    return End(reply=reply)


def verdict_of(course: Callable[[], Outcome[T]], ref: OrderRef | None = None) -> Outcome[T]:
    """A verb's verdict. An error that leaves `course` came before the one request: `settled` catches the later ones."""
    try:
        return course()
    except Over as over:
        return over.verdict
    except SupplierError as error:
        return before(error, ref)


def settled(
    end: End,
    yes: Callable[[Reply], Done[T] | None],
    look: Callable[[], Done[T] | None],
    ref: OrderRef | None = None,
) -> Outcome[T]:
    """The verdict after the one request. `yes` reads a reply that says done: Done when all is in hand, None when the
    record has the rest; it raises what shows that it is none. `look` reads the record, once: None when it shows no
    effect. Raises: Over, by `look`.
    """
    if not end.left:
        return end.unknown(ref)
    if end.reply is not None:
        try:
            if (done := yes(end.reply)) is not None:
                return done
        except SupplierError as error:
            end = end.doubtful(doubt_of(error), error.detail)
    try:
        return look() or end.without_effect(ref)
    except SupplierError as error:
        return end.unknown(ref, look=error.detail)


def before(error: SupplierError, ref: OrderRef | None = None) -> Refused | Unknown:
    """The verdict when something went wrong before the one request was sent."""
    if isinstance(error, SupplierRefused):
        return refusal(error)
    return Unknown(doubt_of(error), error.detail, sent=False, code=error.supplier_code, ref=ref)


def refusal(error: SupplierRefused) -> Refused:
    """The supplier's own no."""
    retry_at = error.retry_at if isinstance(error, RateLimited) else None
    return Refused(error.supplier_code or error.code, error.supplier_text or error.detail, retry_at=retry_at)


def doubt_of(error: SupplierError) -> Doubt:
    """What an error that is no refusal leaves open."""
    kinds = {
        NotSent: Doubt.NOT_SENT,
        Unanswered: Doubt.UNANSWERED,
        Unreadable: Doubt.UNREADABLE,
        NotOurs: Doubt.NOT_OURS,
    }
    return next((doubt for kind, doubt in kinds.items() if isinstance(error, kind)), Doubt.UNDECIDED)
