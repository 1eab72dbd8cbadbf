"""The four steps of a refund: begin (which is the quote), change, carry out, drop. They belong to one conversation.

A step without its record is refused with 11004 NEED REFUND RECORD, and the general reply is a success even then.
"""

from __future__ import annotations

from simulator.amadeus.desk import Call, thirteen
from simulator.amadeus.reading import attribute, deep
from simulator.amadeus.replies import refunds
from simulator.amadeus.replies.refunds import ignored, not_ignored, processed, record
from simulator.refusals import BookRefusal, DocumentNotFound

NEED_RECORD = ("11004", "NEED REFUND RECORD")
# The recorded refusals of this family, by the book's own code.
_SAID = {
    "118": ("118", "DOCUMENT NOT FOUND"),
    "8105": ("25677", "ATC REFUND NOT AUTHORIZED"),
}


def begin(call: Call) -> str:
    """Work out what these documents give back. Nothing is refunded yet."""
    named = [
        attribute(each, "Number") for name in ("Contract", "DocumentNumber") for each in deep(call.asked.body, name)
    ]
    numbers = list(dict.fromkeys(thirteen(iter(named))))
    call.session.work.refund = []
    try:
        for number in numbers:
            if call.desk.book.document(number)[0].dialect != "amadeus":
                raise DocumentNotFound
        told = _record(call, numbers)
    except BookRefusal as refusal:
        return _refused(call, *_SAID.get(refusal.code, (refusal.code, refusal.said)))
    call.session.work.refund = numbers
    return told


def change(call: Call) -> str:
    """A waiver changes no figure here: the record as it stands."""
    if not call.session.work.refund:
        return _refused(call, *NEED_RECORD)
    try:
        return _record(call, call.session.work.refund)
    except BookRefusal as refusal:
        return _refused(call, *_SAID.get(refusal.code, (refusal.code, refusal.said)))


def process(call: Call) -> str:
    """Give the money back."""
    work, book = call.session.work, call.desk.book
    if not work.refund:
        return _refused(call, *NEED_RECORD)
    numbers, work.refund = work.refund, []
    try:
        quote = book.refund(numbers)
    except BookRefusal as refusal:
        return _refused(call, *_SAID.get(refusal.code, (refusal.code, refusal.said)))
    order = book.get(quote.locator)
    if work.order is None and work.locator == order.locator and work.version == order.version - 1:
        work.version = order.version
    return processed(call.spoken.reply, call.schema, order, quote, call.now.date(), call.desk.world.minor_units)


def drop(call: Call) -> str:
    if not call.session.work.refund:
        return not_ignored(call.spoken.reply, call.schema, *NEED_RECORD)
    call.session.work.refund = []
    return ignored(call.spoken.reply, call.schema)


def _record(call: Call, numbers: list[str]) -> str:
    desk = call.desk
    quote = desk.book.quote_refund(numbers)
    order = desk.book.get(quote.locator)
    return record(call.spoken.reply, call.schema, order, quote, desk.office, call.now.date(), desk.world.minor_units)


def _refused(call: Call, code: str, words: str) -> str:
    return refunds.refused(call.spoken.reply, call.schema, code, words)
