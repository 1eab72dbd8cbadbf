"""PNR_AddMultiElements, PNR_Retrieve and PNR_Cancel: the record in view, and what makes it count.

Option codes: 0 nothing special, 10 end of transaction, 11 end and retrieve, 20 and 21 ignore (and retrieve), 16 cancel,
end and retrieve, 30 accept warnings (there are none). Source: supplier reference, 3.
"""

from __future__ import annotations

from simulator.amadeus.desk import Call
from simulator.amadeus.elements import elements, put
from simulator.amadeus.reading import every, text, texts, whole
from simulator.amadeus.replies import pnr
from simulator.amadeus.replies.pnr import Problem
from simulator.amadeus.verbs.entering import Unfit, enter
from simulator.book import active, seated
from simulator.codec import copy_order
from simulator.model import Order
from simulator.refusals import BookRefusal, SimultaneousChange

END, END_AND_RETRIEVE, CANCEL_AND_END = "10", "11", "16"
IGNORE, IGNORE_AND_RETRIEVE = "20", "21"
SIMULTANEOUS = Problem("8111", ("SIMULTANEOUS CHANGES TO PNR - USE WRA/RT TO PRINT OR IGNORE",))
FINISH = Problem("31", ("FINISH OR IGNORE",))
FORMAT = Problem("1", ("CHECK FORMAT",))
_AT_END = ("ERROR AT END OF TRANSACTION TIME", "ERROR AT EOT TIME")


def add(call: Call) -> str:
    """Enter names and lines, then end, ignore or show. What is refused leaves nothing of the message behind."""
    options = set(texts(call.asked.body, "pnrActions/optionCode"))
    _bring_into_view(call)
    if options & {IGNORE, IGNORE_AND_RETRIEVE}:
        return _ignore(call, IGNORE_AND_RETRIEVE in options)
    try:
        enter(call)
    except Unfit as unfit:
        return shown(call, names=unfit.names) if unfit.names else shown(call, FORMAT)
    if CANCEL_AND_END in options:
        _mark_all(call)
    if options & {END, END_AND_RETRIEVE, CANCEL_AND_END}:
        return end(call, short=not options & {END_AND_RETRIEVE, CANCEL_AND_END})
    return shown(call)


def retrieve(call: Call) -> str:
    """Type 1 the PNR in view, 2 by locator. With changes in work the answer is to finish or ignore them first."""
    locator = text(call.asked.body, "retrievalFacts/reservationOrProfileIdentifier/reservation/controlNumber").upper()
    work = call.session.work
    if work.changed or (work.locator and not locator):
        return shown(call, FINISH) if locator else shown(call)
    return fresh(call, locator)


def cancel(call: Call) -> str:
    """I the whole itinerary, E segments and lines. Open documents neither stop it nor are touched by it."""
    body = call.asked.body
    _bring_into_view(call)
    if call.in_view() is None:
        return pnr.nothing(call.view(Problem("1931", ("NO MATCH FOR RECORD LOCATOR",))))
    draft = call.draft()
    going = {segment.tattoo for segment in active(draft)}
    if "I" not in texts(body, "cancelElements/entryType"):
        problem, going = _elements_to_cancel(call, draft)
        if problem:
            return shown(call, problem)
    elif not going:
        return shown(call, Problem("1", ("NO ITINERARY",)))
    _mark(call, going)
    options = set(texts(body, "pnrActions/optionCode"))
    if options & {END, END_AND_RETRIEVE}:
        # This message has no place for a received-from, so that ending with it needs none.
        draft.received_from = draft.received_from or "PNR_CANCEL"
        return end(call, short=END_AND_RETRIEVE not in options)
    return shown(call)


def end(call: Call, *, short: bool) -> str:
    """End of transaction: everything in work is stored, or nothing is and it stays in work."""
    work = call.session.work
    draft = work.order
    if draft is None:
        return _ended(call, short) if work.locator else shown(call, Problem("1", ("NEED ITINERARY",)))
    problem = _missing(draft)
    if problem:
        return shown(call, problem)
    try:
        with call.desk.store.transaction():
            stored = _store(call, draft)
    except SimultaneousChange:
        return shown(call, SIMULTANEOUS)
    except BookRefusal as refusal:
        return shown(call, Problem(refusal.code, (refusal.said,)))
    work.forget()
    work.locator, work.version = stored.locator, stored.version
    call.stored = stored.locator
    return _ended(call, short)


def shown(call: Call, *problems: Problem, names: tuple[pnr.NameProblem, ...] = ()) -> str:
    """The record in view with what is in work."""
    order = call.in_view()
    view = call.view(*problems, committed=bool(order and order.locator))
    if order is None:
        return pnr.nothing(view)
    cancelling = set(cancelled(order))
    if cancelling:
        order = copy_order(order)
        for segment in order.segments:
            segment.status = "XX" if segment.tattoo in cancelling else segment.status
    return pnr.record(order, pnr.View(view.office, view.now, view.schema, view.committed, view.problems, names))


def fresh(call: Call, locator: str) -> str:
    """The stored record, from memory when it was shown before. Raises: Turned when there is none."""
    desk = call.desk
    version = desk.book.version(locator) if locator.isalnum() else None
    kept = desk.rendered.get((locator, version, call.schema)) if version is not None else None
    if kept is not None and version is not None:
        work = call.session.work
        work.forget()
        work.locator, work.version = locator, version
        return kept
    order = call.open(locator)
    told = pnr.record(order, call.view())
    if len(desk.book.shown(order)) == len(order.documents):  # else it will look different without another version
        if len(desk.rendered) >= 4096:
            desk.rendered.clear()
        desk.rendered[order.locator, order.version, call.schema] = told
    return told


def cancelled(order: Order) -> list[int]:
    """Segments that an end of transaction will cancel."""
    marked = order.extra.get("cancelling", [])
    assert isinstance(marked, list)
    return marked


def _bring_into_view(call: Call) -> None:
    named = text(call.asked.body, "reservationInfo/reservation/controlNumber").upper()
    if named and named != call.session.work.locator:
        call.open(named)


def _ignore(call: Call, again: bool) -> str:
    locator = call.session.work.locator
    call.give_back()
    call.session.work.forget()
    return fresh(call, locator) if again and locator else pnr.nothing(call.view())


def _missing(draft: Order) -> Problem | None:
    if not draft.received_from:
        return Problem("8111", (*_AT_END, "NEED RECEIVED FROM"))
    if not draft.passengers:
        return Problem("8111", (*_AT_END, "NEED NAME"))
    if not draft.locator and not active(draft):
        return Problem("8111", (*_AT_END, "NEED ITINERARY"))
    if seated(draft.passengers) != draft.extra.get("seats"):
        return Problem("8111", (*_AT_END, "NUMBER OF NAMES NOT EQUAL TO NUMBER IN PARTY"))
    return None


def _store(call: Call, draft: Order) -> Order:
    book, work = call.desk.book, call.session.work
    going = set(cancelled(draft))
    order = copy_order(draft)
    order.extra.pop("cancelling", None)
    priced = bool(order.extra.pop("new_fares", False))
    effect = "priced" if priced else "changed"
    stored = book.save(order, work.version, effect) if order.locator else book.create(order)
    return book.cancel(stored, going) if going else stored


def _ended(call: Call, short: bool) -> str:
    locator = call.session.work.locator
    if not short:
        return fresh(call, locator)
    told = pnr.short(call.desk.book.get(locator), call.view())
    call.session.work.forget()
    return told


def _mark_all(call: Call) -> None:
    draft = call.draft()
    _mark(call, {segment.tattoo for segment in active(draft)})


def _mark(call: Call, going: set[int]) -> None:
    """Mark stored segments for the end of transaction; what was only sold in this conversation goes back at once."""
    draft, work = call.draft(), call.session.work
    if going:
        work.quoted = []  # it was the price of another journey
    held = [segment for segment in work.held if segment.tattoo in going]
    if held:
        call.desk.book.release(held, work.seats)
        gone = {segment.tattoo for segment in held}
        work.held = [segment for segment in work.held if segment.tattoo not in gone]
        draft.segments = [segment for segment in draft.segments if segment.tattoo not in gone]
        going = going - gone
    if going:
        draft.extra["cancelling"] = sorted({*cancelled(draft), *going})


def _elements_to_cancel(call: Call, draft: Order) -> tuple[Problem | None, set[int]]:
    named = [
        (text(each, "identifier"), whole(text(each, "number")))
        for each in every(call.asked.body, "cancelElements/element")
    ]
    kept = elements(draft)
    segments = {segment.tattoo for segment in active(draft)}
    known = {("ST", tattoo) for tattoo in segments} | {("OT", each.number) for each in kept}
    if not named or not set(named) <= known:
        return Problem("7", ("ELEMENT NUMBER NOT FOUND",)), set()
    if any(kind == "OT" for kind, _ in named):
        put(draft, [each for each in kept if ("OT", each.number) not in named])
    return None, {tattoo for tattoo in segments if ("ST", tattoo) in named}
