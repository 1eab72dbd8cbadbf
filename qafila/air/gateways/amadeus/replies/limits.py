"""Every time limit of an order, in its four shapes, as an instant in the zone that counts. The earliest wins; what
cannot be read becomes a note. Source: suppliers.md 2, trap 7.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from qafila.air.gateways.amadeus.replies.deadlines import Surroundings, deadline, is_about_ticketing, names_a_day
from qafila.air.gateways.amadeus.replies.figures import (
    clock,
    day,
    office_zone,
    structured_clock,
    structured_day,
    within,
)
from qafila.air.gateways.amadeus.xml import Element, first, text
from qafila.air.gateways.moments import Moment
from qafila.air.gateways.settings import AmadeusSettings
from qafila.air.gateways.values import LimitKind, OrderSegment, TimeLimit

_TICKETING = {"TL": LimitKind.TICKETING, "XL": LimitKind.CANCEL}


def surroundings(
    settings: AmadeusSettings,
    office: str,
    city: str,
    created_at: Moment | None,
    written_on: date | None,
    segments: Sequence[OrderSegment],
) -> Surroundings:
    """Where and when an order's texts were written."""
    first_flight = min((segment.departs for segment in segments if segment.departs), default=None)
    return Surroundings(
        written_on=written_on,
        office=office_zone(settings, office, city),
        board_point=first_flight.tzinfo if first_flight else None,
        created_at=created_at,
    )


def ticketing(line: Element, settings: AmadeusSettings, city: str) -> tuple[str, TimeLimit | None, str]:
    """A TK line: its indicator, its limit, a note. OK is no limit, with whatever date. The time is the clock of the
    office in the line; without one the limit is the end of that day.
    """
    ticket = first(line, "ticketElement/ticket")
    indicator = text(ticket, "indicator").upper()
    written, office = text(ticket, "date"), text(ticket, "officeId")
    words = " ".join(part for part in ("TK", indicator, written, text(ticket, "time"), office) if part)
    if indicator not in _TICKETING:
        return indicator, None, "" if indicator == "OK" else f"ticketing arrangement: {words}"
    on, hour = day(written), text(ticket, "time")
    when = clock(hour)
    if on is None or (hour and when is None):
        return indicator, None, f"time limit not read: {words}"
    moment = within(on, when, office_zone(settings, office, city))
    return indicator, TimeLimit(_TICKETING[indicator], moment, words), ""


def option(line: Element, kind: str, words: str, around: Surroundings) -> tuple[TimeLimit | None, str]:
    """OPC: the airline cancels then. OPW warns of a date in its text. OP only reminds an office's queue."""
    info = first(line, "optionElement/optionElementInfo")
    told = " ".join(part for part in (words, text(info, "freetext")) if part)
    shown = f"{kind} {told or text(info, 'date')}".strip()
    if kind == "OPC":
        on = day(text(info, "date"))
        read = deadline(f"BY {_tail(told)}", around)
        moment = within(on, clock(text(info, "time")), around.office) if on else read.at if read else None
        return (TimeLimit(LimitKind.CANCEL, moment, shown), "") if moment else (None, f"time limit not read: {shown}")
    if kind == "OPW" and (read := deadline(told, around)):
        return TimeLimit(LimitKind.AIRLINE, read.at, shown), ""
    return None, f"option: {shown}"


def _tail(told: str) -> str:
    """`MLE1A0980/25APR:0900/1C8/QR CANCELLATION…` from its date on."""
    return next((told[told.index(part) :] for part in told.split("/") if names_a_day(part)), told)


def service(kind: str, words: str, around: Surroundings) -> tuple[TimeLimit | None, str]:
    """An airline's service request (SSR): its deadline, and a note when it or its zone cannot be read."""
    if not is_about_ticketing(kind, words):
        return None, ""
    shown = f"SSR {kind} {words}"
    read = deadline(words, around)
    if read:
        note = "" if read.sure else f"time limit read by the office's clock: {shown}"
        return TimeLimit(LimitKind.AIRLINE, read.at, shown), note
    if kind != "OTHS" or names_a_day(words):
        return None, f"time limit not read: {shown}"
    return None, ""


def fare(priced: Element, settings: AmadeusSettings, city: str = "") -> tuple[TimeLimit | None, str]:
    """`lastTktDate` of a priced or stored fare: until then it may be issued, by the clock of our office."""
    last = first(priced, "lastTktDate")
    if last is None:
        return None, ""
    moment = first(last, "dateTime")
    on = structured_day(moment) or day(text(last, "date") or text(last, "dateTime"))
    hour = text(moment, "hour")
    when = structured_clock(moment)
    shown = "last ticketing date " + "-".join(one for one in (text(moment, p) for p in ("year", "month", "day")) if one)
    if on is None or (hour and when is None):
        return None, f"time limit not read: {shown}"
    return TimeLimit(LimitKind.FARE, within(on, when, office_zone(settings, "", city)), shown), ""


def distinct(limits: Iterable[TimeLimit]) -> tuple[TimeLimit, ...]:
    """Each limit once, the earliest first."""
    return tuple(sorted(dict.fromkeys(limits), key=lambda limit: limit.at))
