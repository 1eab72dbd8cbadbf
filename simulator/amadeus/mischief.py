"""The business faults of this dialect: what goes wrong on purpose, before a step takes effect or after it did.

Some are a refusal told instead of the answer (`Refusal`); others change the world around the step (`_around`), so that
the step, or a later one, is refused by the book itself; `partial_issue` and `late_documents` change how the issue is
done. Before: the step's effect does not happen. After: it happened all the same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from simulator.amadeus.desk import Call, thirteen
from simulator.amadeus.reading import deep, text
from simulator.amadeus.replies import documents
from simulator.amadeus.replies.pnr import Problem
from simulator.amadeus.soap import Turned
from simulator.amadeus.verbs import records, ticketing
from simulator.book import active, moved
from simulator.faults import Fault
from simulator.model import Order

Verb = Callable[[Call], str]
_TIME_LIMIT = ("8104", "TICKETING TIME LIMIT EXPIRED")
_LINE = ("0", "ETKT: COMMUNICATIONS LINE UNAVAILABLE")


@dataclass(frozen=True, slots=True)
class Refusal:
    """What is told instead of the answer."""

    code: str
    words: str


def perform(call: Call, verb: Verb) -> str:
    """Do the step with whatever is armed for it. Raises: Turned."""
    faults, step = call.desk.faults, call.step
    if not faults.listed():
        return verb(call)
    for name, refuse in _REFUSALS.items():
        fault = faults.armed(step, name) if _fits(step, name) else None
        if fault is not None:
            if fault.when == "after":
                verb(call)
            return refuse(call, fault)
    if step == "amadeus.issue":
        for name in ("partial_issue", "late_documents"):
            fault = faults.armed(step, name)
            if fault is not None:
                return _issue(call, name, fault)
    return _around(call, verb)


def _fits(step: str, name: str) -> bool:
    if name in {"issue_refused", "void_refused"}:
        return step == f"amadeus.{name.removesuffix('_refused')}"
    if name == "simultaneous_change":
        return step in {"amadeus.commit", "amadeus.end", "amadeus.cancel", "amadeus.issue"}
    return True


def _expired(call: Call, fault: Fault) -> str:
    raise Turned("95|Session|Inactive conversation", ends=True)


def _too_many(call: Call, fault: Fault) -> str:
    raise Turned(" 14|Session|Max number of sessions reached")


def _simultaneous(call: Call, fault: Fault) -> str:
    return told(call, Refusal("8111", "SIMULTANEOUS CHANGES TO PNR - USE WRA/RT TO PRINT OR IGNORE"))


def _issue_refused(call: Call, fault: Fault) -> str:
    return told(call, Refusal(fault.params.get("code", _LINE[0]), fault.params.get("text", _LINE[1])))


def _void_refused(call: Call, fault: Fault) -> str:
    return told(call, Refusal("5458", "NOT AUTHORISED"))


_REFUSALS: dict[str, Callable[[Call, Fault], str]] = {
    "session_expired": _expired,
    "rate_limited": _too_many,
    "simultaneous_change": _simultaneous,
    "issue_refused": _issue_refused,
    "void_refused": _void_refused,
}


def told(call: Call, refusal: Refusal) -> str:
    """A refusal in the shape of the message that was asked: a record's, an issue's or a void's (`_fits`)."""
    code, words = refusal.code, refusal.words
    if call.spoken.reply == "PNR_Reply":
        return records.shown(call, Problem(code, (words,)))
    if call.step == "amadeus.issue":
        return documents.issued(call.schema, "X", code, words)
    numbers = thirteen(text(each) for each in deep(call.asked.body, "number"))
    return documents.voided(call.schema, [(number, code) for number in numbers])


def _issue(call: Call, name: str, fault: Fault) -> str:
    """`partial_issue`: documents for the first passenger only; the reply is an error when it comes after.
    `late_documents`: issued and shown later; when it comes before, the reply is fine and nothing is issued."""
    before = fault.when == "before"
    if name == "late_documents":
        if before:
            return documents.issued(call.schema, "O", *ticketing.OK)
        return ticketing.issue(call, shown_after=fault.number("seconds", 30))
    order = call.in_view()
    first = [passenger.tattoo for passenger in order.passengers][:1] if order else []
    done = ticketing.issue(call, passengers=first)
    return done if before else told(call, Refusal(*_LINE))


def _around(call: Call, verb: Verb) -> str:
    """Change the world before or after the step."""
    faults, step = call.desk.faults, call.step
    armed = [(change, fault) for name, change in _CHANGES.items() if (fault := faults.armed(step, name)) is not None]
    for change, fault in armed:
        if fault.when == "before":
            change(call, fault)
    reply = verb(call)
    for change, fault in armed:
        if fault.when == "after":
            refused = change(call, fault)
            reply = told(call, refused) if refused else reply
    return reply


def _stored(call: Call) -> Order | None:
    """The stored record in view, or the one that the request brings into view."""
    named = next((text(each).upper() for each in deep(call.asked.body, "controlNumber")), "")
    locator = named or call.session.work.locator or call.stored
    known = locator.isalnum() and call.desk.book.version(locator) is not None
    return call.desk.book.get(locator) if known else None


def _seen(call: Call, was: int, now: int) -> None:
    """The airline's change is not a simultaneous change by somebody: this conversation goes on from it."""
    work = call.session.work
    if work.version == was:
        work.version = now


def _price_changed(call: Call, fault: Fault) -> Refusal | None:
    percent = fault.percent(5)
    work, stored = call.session.work, _stored(call)
    if work.order is not None:
        work.order.price_factor = moved(work.order.price_factor, percent)
    if stored is not None:
        _seen(call, stored.version, call.desk.book.change_price(stored.locator, percent).version)
    return None


def _segment_cancelled(call: Call, fault: Fault) -> Refusal | None:
    work, stored = call.session.work, _stored(call)
    order = stored or work.order
    flights = active(order) if order else []
    asked = fault.params.get("tattoo")
    tattoo = next((each.tattoo for each in flights if asked is None or each.tattoo == asked), None)
    if tattoo is None:
        return None
    for segment in work.order.segments if work.order is not None else ():
        segment.status = "UN" if segment.tattoo == tattoo else segment.status
    if stored is not None:
        _seen(call, stored.version, call.desk.book.change_segment(stored.locator, tattoo, "UN").version)
    return None


def _time_limit_passed(call: Call, fault: Fault) -> Refusal | None:
    """Before: the record lapses and the step meets that. After: the step was done and is told as too late."""
    stored = _stored(call)
    if fault.when == "after" and call.step == "amadeus.issue":
        return Refusal(*_TIME_LIMIT)
    if stored is not None and not stored.documents and stored.cancelled_at is None:
        book = call.desk.book
        stored.time_limit = call.now - timedelta(seconds=1)
        lapsed = book.save(stored, stored.version, "airline", time_limit=stored.time_limit.isoformat())
        if call.session.work.order is None:  # else what it changed is of a record that is no more
            _seen(call, lapsed.version - 1, book.version(stored.locator) or lapsed.version)
    return None


_CHANGES: dict[str, Callable[[Call, Fault], Refusal | None]] = {
    "price_changed": _price_changed,
    "segment_cancelled": _segment_cancelled,
    "time_limit_passed": _time_limit_passed,
}
