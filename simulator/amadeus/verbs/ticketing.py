"""DocIssuance_IssueTicket, Ticket_ProcessEDoc, Ticket_CancelDocument, SalesReports_DisplayQueryReport.

The reply of an issue has no ticket number: it is on the FA line of the PNR, and the retrieve is the evidence.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from lxml import etree

from simulator.amadeus.desk import Call, thirteen
from simulator.amadeus.reading import deep, every, local, text, texts, whole
from simulator.amadeus.replies.documents import Sale, displayed, issued, no_sales, not_displayed, sales, voided
from simulator.model import Document, Order
from simulator.refusals import BookRefusal, DocumentNotFound

OK = ("OK", "  OK ETICKET  ")
_TOO_LONG = 31  # days of a report


def issue(
    call: Call,
    *,
    passengers: Collection[int] | None = None,
    shown_after: float = 0.0,
) -> str:
    """Issue on the stored fares asked for (all, where none is named). With the indicator TKT only look whether it would
    work. `passengers` and `shown_after` are for faults. Refusals are told with statusCode X."""
    work, body = call.session.work, call.asked.body
    order = call.in_view()
    if order is None:
        return issued(call.schema, "X", "120", "UNABLE TO PROCESS")
    if not order.passengers:
        return issued(call.schema, "X", "339", "NEED NAMES")
    if work.changed:
        return issued(call.schema, "X", "31", "FINISH OR IGNORE")
    named = [
        number
        for each in every(body, "selection/referenceDetails")
        if text(each, "type") == "TS" and (number := whole(text(each, "value"))) is not None
    ]
    only_look = "TKT" in texts(body, "optionGroup/switches/statusDetails/indicator")
    order.version = work.version
    book = call.desk.book
    try:
        if only_look:
            with call.desk.store.rehearsal():
                book.issue(order, named or None)
        else:
            book.issue(order, named or None, passengers=passengers, shown_after=shown_after)
    except BookRefusal as refusal:
        return issued(call.schema, "X", refusal.code, refusal.said)
    work.version = book.version(order.locator) or work.version
    return issued(call.schema, "O", *OK)


def display(call: Call) -> str:
    """Function 131: how the coupons of these documents stand. 401 when one does not exist."""
    found: list[tuple[Order, Document]] = []
    numbers = thirteen(text(each) for each in deep(call.asked.body, "number"))
    try:
        for number in numbers:
            order, document = call.desk.book.document(number)
            if order.dialect != "amadeus" or document not in call.desk.book.shown(order):
                raise DocumentNotFound
            found.append((order, document))
    except DocumentNotFound:
        return not_displayed(call.schema, "401", "TICKET NUMBER NOT FOUND")
    return displayed(call.schema, found) if found else not_displayed(call.schema, "118", "SYSTEM UNABLE TO PROCESS")


def void(call: Call) -> str:
    """Cancel documents of today's sales, each by itself. 118 for a number that is none of ours."""
    asked = [text(each) for each in deep(call.asked.body, "number")]
    results = []
    for written in asked:
        code = "118"
        for number in thirteen(iter((written,))):
            code = _void(call, number)
        results.append((written, code))
    return voided(call.schema, results or [("", "118")])


def _void(call: Call, number: str) -> str:
    work, book = call.session.work, call.desk.book
    try:
        order, _ = book.document(number)
        if order.dialect != "amadeus":
            raise DocumentNotFound
        book.void(number)
    except BookRefusal as refusal:
        return refusal.code
    # Our own doing is no simultaneous change, but for what this conversation changed before and did not store.
    if work.order is None and work.locator == order.locator and work.version == order.version:
        work.version += 1
    return ""


def report(call: Call) -> str:
    """What the office sold, voided and refunded from the first day named to the last (today, where none is)."""
    days = [day for each in call.asked.body.iter() if local(each) in _DAYS and (day := _day(each))]
    today = call.now.date()
    begin, end = min(days, default=today), max(days, default=today)
    asked, lines = _between(begin, end), []
    for day in asked:
        for order, document in call.desk.book.sales(day):
            if order.dialect == "amadeus" and order.office == call.desk.office.id:
                lines += [Sale(order, document, code) for code in _happened(call, document, day)]
    return sales(call.schema, asked[0], asked[-1], call.desk.office, lines) if lines else no_sales(call.schema)


_DAYS = ("dateTime", "beginDateTime", "endDateTime")


def _between(begin: date, end: date) -> list[date]:
    """The days of a report, the first and the last with them; none where it ends before it begins."""
    return [begin + timedelta(days=days) for days in range(min((end - begin).days, _TOO_LONG) + 1)]


def _day(element: etree._Element) -> date | None:
    try:
        return date(*(whole(text(element, part)) or 0 for part in ("year", "month", "day")))
    except ValueError:
        return None


def _happened(call: Call, document: Document, day: date) -> list[str]:
    zone = call.desk.office.zone
    if document.shown_from and document.shown_from > call.now:
        return []
    if document.voided_at and document.voided_at.astimezone(zone).date() == day:
        return ["CANX"]
    codes = ["TKTT"] if document.issued_at.astimezone(zone).date() == day else []
    if document.refunded_at and document.refunded_at.astimezone(zone).date() == day:
        codes.append("RFND")
    return codes
