"""Refunds: a record is opened (the quote), perhaps given a waiver, and processed or ignored, all in one conversation.
Processing is the one request that makes the difference; coupon states are the evidence.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation

from qafila.air.gateways.amadeus import requests
from qafila.air.gateways.amadeus.judging import decide, refusal, refusal_before, step
from qafila.air.gateways.amadeus.looking import coupons, coupons_before, ticket_number
from qafila.air.gateways.amadeus.refusals import problem_error, raise_for
from qafila.air.gateways.amadeus.replies.edoc import EdocReply
from qafila.air.gateways.amadeus.replies.refund import RefundFigures, RefundReply, refund_reply
from qafila.air.gateways.amadeus.session import Conversation, Wire
from qafila.air.gateways.errors import SupplierError, SupplierRefused, Unreadable
from qafila.air.gateways.outcomes import Done, Doubt, Outcome, Unknown
from qafila.air.gateways.values import CouponStatus, Document, Money, OrderRef, Refunded, RefundQuote
from qafila.air.gateways.verdicts import Said, Seen, Settled, ours, settle, understood, unsent
from qafila.kernel import clock

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class QuoteToken:
    """What `refund` must find unchanged."""

    documents: tuple[str, ...]
    refund: Money | None
    waiver: str = ""

    def written(self) -> str:
        told = {"v": 1, "documents": list(self.documents), "waiver": self.waiver}
        if self.refund is not None:
            told |= {"refund": str(self.refund.amount), "currency": self.refund.currency}
        return json.dumps(told, separators=(",", ":"))


def token_of(quote: RefundQuote) -> QuoteToken | None:
    """The token of a quote; None when it is none of ours."""
    try:
        told = json.loads(quote.token)
        documents = tuple(str(number) for number in told["documents"])
        refund = Money(Decimal(told["refund"]), str(told["currency"])) if "refund" in told else None
        return QuoteToken(documents, refund, str(told.get("waiver", ""))) if documents else None
    except (ValueError, TypeError, KeyError, AttributeError, InvalidOperation):
        return None


def refund_quote(wire: Wire, ref: OrderRef, documents: Sequence[Document], *, waiver: str = "") -> RefundQuote:
    """Opens a refund record, reads it, drops it. Raises: SupplierRefused (with its code), SupplierError."""
    numbers = tuple(ticket_number(document) for document in documents)
    if not numbers or not all(numbers):
        raise SupplierRefused("Only documents with a ticket number can be refunded.", supplier=wire.settings.code)
    with Conversation(wire) as talk:
        reply = talk.ask("Ticket_InitRefund", requests.refund_init(wire.settings, numbers))
        raise_for(reply, wire.settings.code)
        record = understood(refund_reply, reply.message)
        if record.status != "ok" or record.figures is None:
            if record.problems:
                raise problem_error(record.problems, wire.settings.code)
            raise Unreadable("The reply shows no refund record.", supplier=wire.settings.code)
        _ignore(wire, talk)
    return _quoted(ref, numbers, record.figures, waiver)


def _quoted(ref: OrderRef, numbers: tuple[str, ...], figures: RefundFigures, waiver: str) -> RefundQuote:
    paid = figures.paid_fare
    if paid is not None and figures.tax_paid is not None and figures.tax_paid.currency == paid.currency:
        paid = paid + figures.tax_paid
    return RefundQuote(
        ref=ref,
        documents=numbers,
        refund=figures.refund,
        token=QuoteToken(numbers, figures.refund, waiver).written(),
        paid=paid,
        penalty=figures.penalty,
        used=figures.used,
        tax_refund=figures.tax_refund,
        taxes=figures.taxes,
        refund_to=figures.form_of_payment,
        notes=figures.notes,
    )


def refund(wire: Wire, quote: RefundQuote, key: str) -> Outcome[Refunded]:
    """Carries out a quote whose figures are still the same. Raises: Settled."""
    token = token_of(quote)
    if token is None or token.documents != quote.documents:
        raise ours("NOT_QUOTED", "This is no quote of ours.")
    before = _refunded(coupons_before(wire, quote.ref, token.documents, key), token.documents)
    if len(before) == len(token.documents):
        done = Refunded(token.documents, quote.refund)
        return Done(done, ("The documents were refunded already; nothing was sent.",))
    if before:
        text = "Some of the documents are refunded already, others are not; nothing was sent."
        raise Settled(Unknown(Doubt.PARTIAL, text, ref=quote.ref, seen=before))
    with Conversation(wire, key) as talk:
        figures = _opened(wire, talk, quote.ref, token)
        said = decide(
            lambda: talk.ask("Ticket_ProcessRefund", requests.refund_process(wire.settings)),
            refund_reply,
            _judged,
            quote.ref,
        )
    record = said.reply.figures if said.reply is not None else None
    value = Refunded(token.documents, figures.refund, figures.reference, clock.now())
    if said.word == "yes" and record is not None:  # without a record it says no more than that it was understood
        return _done(value, record)
    return settle(said, lambda: _look(wire, token.documents, value, key), quote.ref)


def _done(opened: Refunded, record: RefundFigures) -> Done[Refunded]:
    """What the processed record says, where it says it; another amount than the opened one's is told."""
    value = replace(opened, refund=record.refund or opened.refund, reference=record.reference or opened.reference)
    moved = value.refund != opened.refund
    return Done(value, (f"{value.refund} is refunded, where {opened.refund} was quoted.",) if moved else ())


def _opened(wire: Wire, talk: Conversation, ref: OrderRef, token: QuoteToken) -> RefundFigures:
    """The refund record, when it is what was quoted and with its waiver no less; else dropped. Raises: Settled."""
    settings = wire.settings
    body = requests.refund_init(settings, token.documents)
    figures = _figures(step(lambda: talk.ask("Ticket_InitRefund", body), refund_reply, ref), ref)
    same = figures.refund == token.refund
    if same and token.waiver:
        update = requests.refund_update(settings, token.waiver)
        figures = _figures(step(lambda: talk.ask("Ticket_UpdateRefund", update), refund_reply, ref), ref)
        same = _no_less(figures.refund, token.refund)
    if not same:
        _ignore(wire, talk)
        raise ours("QUOTE_CHANGED", f"The refund is {figures.refund} now, not {token.refund}.")
    return figures


def _no_less(now: Money | None, quoted: Money | None) -> bool:
    if now is None or quoted is None:
        return now is quoted
    return now.currency == quoted.currency and now.amount >= quoted.amount


def _figures(record: RefundReply, ref: OrderRef) -> RefundFigures:
    if record.status == "refused":
        raise refusal_before(record.problems, ref)
    if record.status != "ok" or record.figures is None:
        raise unsent(Unreadable("The reply shows no refund record."), ref)
    return record.figures


def _ignore(wire: Wire, talk: Conversation) -> None:
    """Drops the record; the end of the conversation would drop it too, so nothing hangs on this."""
    try:
        reply = talk.ask("Ticket_IgnoreRefund", requests.refund_ignore(wire.settings))
        raise_for(reply, wire.settings.code)
    except SupplierError as error:
        logger.warning("A refund record at %s was not dropped: %s", wire.settings.code, error.detail)


def _judged(reply: RefundReply) -> Said[RefundReply]:
    found = reply.problems
    code, text = (found[0].code, found[0].text) if found else ("", "")
    if reply.status == "ok":
        return Said("yes", reply)
    if reply.status == "refused":
        return refusal(reply, code, text or "Not refunded.")
    return Said("doubt", reply, code, text or "The reply does not settle it.")


def _refunded(reply: EdocReply | None, numbers: Sequence[str]) -> tuple[Document, ...]:
    states = [reply.of(number) for number in numbers] if reply else []
    return tuple(state for state in states if state is not None and state.status is CouponStatus.REFUNDED)


def _look(wire: Wire, numbers: Sequence[str], value: Refunded, key: str) -> Seen[Refunded]:
    reply = coupons(wire, numbers, key=key)
    states = [reply.of(number) for number in numbers]
    if any(state is None or state.status is CouponStatus.UNKNOWN for state in states):
        raise SupplierError("The coupons of the documents could not be read.", supplier=wire.settings.code)
    documents = _refunded(reply, numbers)
    if len(documents) == len(numbers):
        return Seen("all", value)
    return Seen("some", documents=documents) if documents else Seen("none")
