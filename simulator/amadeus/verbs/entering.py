"""What PNR_AddMultiElements enters into the record in work: names, ticketing, contacts, requests, remarks, RF."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, time

from lxml import etree

from simulator.amadeus.desk import Call
from simulator.amadeus.elements import Element, elements, numbers, put
from simulator.amadeus.reading import MONTHS, day_of, every, first, text, whole
from simulator.amadeus.replies.pnr import NameProblem
from simulator.amadeus.verbs.searching import BadCode, kind_of
from simulator.codec import copy_order
from simulator.model import Order, Passenger

# What the schema of the reply has room for.
_NAMES, _ELEMENTS = 99, 500
_CODE = {
    "type": re.compile(r"[A-Z0-9]{4}"),
    "status": re.compile(r"[A-Z]{0,2}"),
    "company": re.compile(r"[A-Z0-9]{0,3}"),
}
_NAME = re.compile(r"[A-Z][A-Z '\-]{0,55}")
_DAY_IN_WORDS = re.compile(r"(\d\d)([A-Z]{3})(\d\d(?:\d\d)?)")


class Unfit(Exception):
    """Something of the message cannot stand in a record, and nothing of it is entered. `names` are told one by one,
    anything else as one problem."""

    def __init__(self, *names: NameProblem) -> None:
        super().__init__(*names)
        self.names = names


def enter(call: Call) -> None:
    """Put everything into the draft, or nothing. Raises: Unfit."""
    body = call.asked.body
    travellers = every(body, "travellerInfo")
    lines = every(body, "dataElementsMaster/dataElementsIndiv")
    if not travellers and not lines:
        return
    draft = copy_order(call.draft())
    problems, people, named = _names(draft, travellers)
    if problems:
        raise Unfit(*problems[:_NAMES])
    draft.passengers += people
    if draft.fares and people:
        draft.fares = []
    _lines(call, draft, lines, named)
    if len(draft.passengers) > _NAMES or len(elements(draft)) > _ELEMENTS:
        raise Unfit
    call.session.work.order = draft
    if people:
        call.session.work.quoted = []  # it was the price of fewer


def _names(
    draft: Order, travellers: list[etree._Element]
) -> tuple[tuple[NameProblem, ...], list[Passenger], dict[str, int]]:
    """Refused names, passengers, and the number of each by the reference the request gave it."""
    problems, people, named, laps = [], [], {}, set[int]()
    tattoo = max((each.tattoo for each in draft.passengers), default=0)
    for traveller in travellers:
        carrier: Passenger | None = None
        for passenger in _persons(traveller):
            tattoo += 1
            passenger.tattoo = tattoo
            if not _NAME.fullmatch(passenger.first_name) or not _NAME.fullmatch(passenger.last_name):
                problems.append(NameProblem(passenger.first_name, passenger.last_name, "20", "RESTRICTED"))
            elif passenger.kind == "INF" and (carrier is None or carrier.kind != "ADT" or carrier.tattoo in laps):
                problems.append(NameProblem(passenger.first_name, passenger.last_name, "3411", "NEED ADULT FOR INFANT"))
            elif passenger.kind == "INF" and carrier:
                passenger.infant_of = carrier.tattoo
                laps.add(carrier.tattoo)
            carrier = carrier or passenger
            people.append(passenger)
        reference = text(traveller, "elementManagementPassenger/reference/number")
        if carrier and reference:
            named[reference] = carrier.tattoo
    return tuple(problems), people, named


def _persons(traveller: etree._Element) -> Iterator[Passenger]:
    """The adult or child first, the infant after it, whether in one passengerData or in two."""
    found = []
    for data in every(traveller, "passengerData"):
        surname = text(data, "travellerInformation/traveller/surname").upper()
        born = _born(text(data, "dateOfBirth/dateAndTimeDetails/date"))
        persons = every(data, "travellerInformation/passenger")
        for person in persons:
            try:
                kind = kind_of(text(person, "type").upper())
            except BadCode:
                kind = "ADT"
            given = text(person, "firstName").upper()
            mine = born if len(persons) == 1 or kind == "INF" else None
            found.append(Passenger(0, kind, given, surname, mine))
    yield from sorted(found, key=lambda each: each.kind == "INF")


def _born(written: str) -> date | None:
    match = _DAY_IN_WORDS.fullmatch(written.upper())
    if match and match[2] in MONTHS:
        written = f"{match[1]}{MONTHS.index(match[2]) + 1:02}{match[3]}"
    try:
        return day_of(written)
    except ValueError:
        return None


def _lines(call: Call, draft: Order, lines: list[etree._Element], named: dict[str, int]) -> None:
    kept, number = elements(draft), numbers(draft)
    for line in lines:
        name = text(line, "elementManagementData/segmentName").upper()
        if name == "RF":
            draft.received_from = text(line, "freetextData/longFreetext")
        elif name == "TK":
            _ticketing(call, draft, line)
        else:
            made = _element(name, line, draft, named)
            if made is not None:
                made.number = next(number)
                kept.append(made)
    put(draft, kept)


def _ticketing(call: Call, draft: Order, line: etree._Element) -> None:
    """XL or TL with a date: the client's own limit, in the office's time; the airline's comes on top of it."""
    indicator = text(line, "ticketElement/ticket/indicator").upper()
    if indicator in {"XL", "TL", "OK"}:
        draft.ticketing = "XL" if indicator == "XL" else "TL" if indicator == "TL" else "OK"
    day, hour = text(line, "ticketElement/ticket/date"), text(line, "ticketElement/ticket/time")
    if indicator == "OK" or not day:
        return
    try:
        at = time.fromisoformat(f"{hour[:2]}:{hour[2:]}") if hour else time(23, 59)
        asked = datetime.combine(day_of(day), at, call.desk.office.zone)
    except ValueError:
        raise Unfit from None
    if asked <= call.now:
        raise Unfit
    draft.time_limit = min(asked, draft.time_limit) if draft.time_limit else asked


def _element(name: str, line: etree._Element, draft: Order, named: dict[str, int]) -> Element | None:
    passengers, segments = _references(line, draft, named)
    free = text(line, "freetextData/longFreetext")
    if name in {"SSR", "SK"}:
        ssr = first(line, "serviceRequest/ssr")
        said = " ".join(part.text.strip() for part in (ssr if ssr is not None else ()) if part.text and _is_text(part))
        told = {"type": text(ssr, "type"), "status": text(ssr, "status"), "company": text(ssr, "companyId")}
        if any(not _CODE[what].fullmatch(code.upper()) for what, code in told.items()):
            raise Unfit
        return Element(
            0, "SSR", told["type"].upper(), said, told["company"].upper(), told["status"].upper(), passengers, segments
        )
    if name in {"RM", "RC", "RI"}:
        remark = first(line, "miscellaneousRemark/remarks")
        if remark is None:
            remark = first(line, "miscellaneousRemarks/remarks")
        words = text(remark, "freetext")
        if not words:
            raise Unfit
        return Element(0, name, text(remark, "category"), words, passengers=passengers)
    if name == "FP":
        payment = first(line, "formOfPayment/fop")
        code = text(payment, "identification").upper()
        if not code:
            raise Unfit
        return Element(0, "FP", "", {"CA": "CASH"}.get(code, code) + text(payment, "freetext"), passengers=passengers)
    if name in {"AP", "OS", "FE", "FM", "FV"}:
        kind = text(line, "freetextData/freetextDetail/type")
        if not free or len(kind) > 4:
            raise Unfit
        return Element(0, name, kind if name == "AP" else "", free, passengers=passengers, segments=segments)
    return None


def _is_text(part: etree._Element) -> bool:
    return isinstance(part.tag, str) and part.tag.rpartition("}")[2].lower() == "freetext"


def _references(line: etree._Element, draft: Order, named: dict[str, int]) -> tuple[list[int], list[int]]:
    """PR is the request's own number of a passenger, PT and ST are the record's."""
    passengers: list[int] = []
    segments: list[int] = []
    people = {each.tattoo for each in draft.passengers}
    flights = {each.tattoo for each in draft.segments}
    for reference in every(line, "referenceForDataElement/reference"):
        kind, written = text(reference, "qualifier"), text(reference, "number")
        number = whole(written) or 0
        if kind == "PR" and written in named:
            passengers.append(named[written])
        elif kind in {"PT", "PR", "P"} and number in people:
            passengers.append(number)
        elif kind in {"ST", "S"} and number in flights:
            segments.append(number)
    return list(dict.fromkeys(passengers)), list(dict.fromkeys(segments))
