"""PNR_Reply: the order as it stands at Amadeus."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from qafila.air.gateways.amadeus.problems import Problem, problems
from qafila.air.gateways.amadeus.replies import limits
from qafila.air.gateways.amadeus.replies.deadlines import Surroundings
from qafila.air.gateways.amadeus.replies.figures import clock, day
from qafila.air.gateways.amadeus.replies.flights import flights, nothing_left
from qafila.air.gateways.amadeus.replies.lines import PnrElement, RawLine, lines
from qafila.air.gateways.amadeus.replies.people import people
from qafila.air.gateways.amadeus.replies.stored_fares import PnrTst, stored_fares, total
from qafila.air.gateways.amadeus.replies.tickets import DOCUMENT_LINES, document, ticket_line
from qafila.air.gateways.amadeus.xml import Element, every, expect, first, text
from qafila.air.gateways.masking import masked
from qafila.air.gateways.moments import Moment
from qafila.air.gateways.settings import AmadeusSettings
from qafila.air.gateways.values import (
    Document,
    OrderRef,
    OrderSegment,
    OrderSnapshot,
    OrderTraveller,
    TimeLimit,
)

__all__ = ["PnrElement", "PnrReply", "PnrTst", "pnr_reply"]

_KEY = re.compile(r"\bQK/([A-Za-z0-9-]{1,40})(?![A-Za-z0-9-])")


@dataclass(frozen=True, slots=True)
class PnrReply:
    """`locator` is empty as long as nothing is stored (option 0). `snapshot` is None then, and when the reply tells
    nothing but a locator (option 10). `ticketing`: the indicator of the TK line (OK, TL, XL). `changed`: the
    supplier holds changes of this conversation that are not stored yet. An error may stand beside a whole order:
    then it is the order as before.
    """

    locator: str
    snapshot: OrderSnapshot | None
    problems: tuple[Problem, ...]
    travellers: tuple[OrderTraveller, ...] = ()
    segments: tuple[OrderSegment, ...] = ()
    elements: tuple[PnrElement, ...] = ()
    tsts: tuple[PnrTst, ...] = ()
    ticketing: str = ""
    version: str = ""
    changed: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Header:
    locator: str
    office: str
    city: str
    created_at: Moment | None
    written_on: date | None
    notes: tuple[str, ...]


def pnr_reply(el: Element, settings: AmadeusSettings) -> PnrReply:
    """The order. Refused names, flights and lines (status ERR) are left out and noted. Raises: Unreadable (another
    message).
    """
    reply = expect(el, "PNR_Reply")
    header = _header(reply)
    travellers, about_people = people(reply, header.written_on)
    segments, about_flights = flights(reply)
    around = limits.surroundings(settings, header.office, header.city, header.created_at, header.written_on, segments)
    placed = lines(reply)
    ticketing, found_limits, about_limits = _limits(placed, settings, header, around)
    documents = _documents(placed, travellers)
    validating = _validating(placed)
    tsts = stored_fares(reply, travellers, validating, settings, header.city)
    version = text(reply, "technicalData/enveloppeNumberData/sequenceDetails/number")
    complaints = problems(reply)
    notes = (
        *header.notes,
        *about_people,
        *about_flights,
        *about_limits,
        *_refused(placed),
        *(note for tst in tsts for note in tst.notes),
    )
    snapshot = None
    if header.locator and (travellers or segments or placed):
        snapshot = OrderSnapshot(
            ref=OrderRef(settings.code, header.locator),
            locator=header.locator,
            version=version,
            travellers=travellers,
            segments=segments,
            documents=documents,
            time_limits=limits.distinct((*found_limits, *(limit for tst in tsts for limit in tst.time_limits))),
            fares=tuple(tst.fare for tst in tsts if tst.fare),
            total=total(tsts),
            cancelled=bool(travellers) and nothing_left(reply, segments),
            key=_key(placed),
            created_at=header.created_at,
            validating_carrier=validating,
            notes=notes,
            problems=tuple(masked(str(problem)) for problem in complaints),
            simulated=settings.world == "simulated",
        )
    return PnrReply(
        locator=header.locator,
        snapshot=snapshot,
        problems=complaints,
        travellers=travellers,
        segments=segments,
        elements=tuple(one.shown for one in placed),
        tsts=tsts,
        ticketing=ticketing,
        version=version,
        changed=text(reply, "technicalData/generalPNRInformation/statusDetails/isPNRModifDuringTrans") == "MOD",
        notes=notes,
    )


def _header(reply: Element) -> _Header:
    """Our own record among several: Amadeus' (1A), not one that another system holds or claimed."""
    reservations = every(reply, "pnrHeader/reservationInfo/reservation")
    own = [one for one in reservations if not text(one, "controlType")] or reservations
    ours = next((one for one in own if text(one, "companyId") == "1A"), own[0] if own else None)
    security = first(reply, "securityInformation")
    second = first(security, "secondRpInformation")
    created = day(text(second, "creationDate"))
    at = clock(text(second, "creationTime"))
    others = tuple(
        f"also known as {text(one, 'controlNumber')} at {text(one, 'companyId')}"
        for one in reservations
        if one is not ours and text(one, "controlNumber")
    )
    return _Header(
        locator=text(ours, "controlNumber"),
        office=text(security, "responsibilityInformation/officeId"),
        city=text(security, "cityCode"),
        # The RP line is written in UTC: `30MAY16/2133Z`.
        created_at=datetime.combine(created, at, UTC) if created and at else None,
        written_on=created or day(text(ours, "date")),
        notes=others,
    )


def _limits(
    placed: Sequence[RawLine], settings: AmadeusSettings, header: _Header, around: Surroundings
) -> tuple[str, tuple[TimeLimit, ...], tuple[str, ...]]:
    """The ticketing indicator, all limits of the lines, and notes on those that cannot be read."""
    indicator = ""
    found: list[TimeLimit] = []
    notes: list[str] = []
    for line in placed:
        kind, limit, note = line.shown.kind, None, ""
        if not line.shown.accepted:
            continue
        if kind == "TK":
            told, limit, note = limits.ticketing(line.el, settings, header.city)
            indicator = told if limit or not indicator else indicator
        elif kind in ("OP", "OPC", "OPW", "OPQ"):
            limit, note = limits.option(line.el, kind, line.words, around)
        elif kind in ("SSR", "SK"):
            limit, note = limits.service(line.shown.code, line.words, around)
        found += [limit] if limit else []
        notes += [note] if note else []
    return indicator, tuple(found), tuple(notes)


def _documents(placed: Sequence[RawLine], travellers: Sequence[OrderTraveller]) -> tuple[Document, ...]:
    """One document for each number, tied to its travellers by tattoo; without one, to the only one of its kind."""
    found: dict[str, Document] = {}
    alone = {infant: _alone(travellers, infant=infant) for infant in (True, False)}
    for line in placed:
        kind = line.shown.kind
        if kind not in DOCUMENT_LINES or not line.shown.accepted:
            continue
        ticket = ticket_line(line.words)
        if ticket is None or (ticket.number in found and kind != "FA"):
            continue
        whose = line.shown.travellers or alone[ticket.infant]
        found[ticket.number] = document(kind, ticket, line.words, whose, line.shown.segments)
    return tuple(found.values())


def _alone(travellers: Sequence[OrderTraveller], *, infant: bool) -> tuple[str, ...]:
    """The only infant, or the only other traveller, of an order; nobody when there are several."""
    alike = tuple(one.id for one in travellers if (one.infant_of is not None) == infant)
    return alike if len(alike) == 1 else ()


def _validating(placed: Sequence[RawLine]) -> str:
    for line in placed:
        carrier = re.search(r"\b([A-Z0-9]{2})$", line.words.upper()) if line.shown.kind == "FV" else None
        if carrier and line.shown.accepted:
            return carrier[1]
    return ""


def _key(placed: Sequence[RawLine]) -> str:
    for line in placed:
        key = _KEY.search(line.words) if line.shown.kind == "RM" else None
        if key and line.shown.accepted:
            return key[1]
    return ""


def _refused(placed: Sequence[RawLine]) -> list[str]:
    refused = [line.shown for line in placed if not line.shown.accepted]
    return [f"not accepted: {line.kind} {line.text}".strip() for line in refused]
