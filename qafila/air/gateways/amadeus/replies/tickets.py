"""The lines of an order that name documents: FA (issued here), FHE and its sisters (issued elsewhere)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from qafila.air.gateways.amadeus.replies.figures import day, money
from qafila.air.gateways.values import CouponStatus, Document, Money

_NUMBER = re.compile(r"(?<![\dA-Z])(\d{3})-?(\d{10})(?:-(\d{1,3}))?(?!\d)", re.ASCII)
_KIND = re.compile(r"\s*(PAX|INF)\b", re.ASCII)
_TYPE = re.compile(r"([A-Z])([A-Z])([A-Z0-9]{2})", re.ASCII)
_AMOUNT = re.compile(r"([A-Z]{3})(\d+(?:\.\d+)?)", re.ASCII)
_OFFICE = re.compile(r"[A-Z]{3}[A-Z0-9]{4,6}", re.ASCII)
DOCUMENT_LINES = frozenset({"FA", "FHE", "FHA", "FHM", "FHD", "FH"})


@dataclass(frozen=True, slots=True)
class TicketLine:
    """One such line taken apart; every part but the number may be missing."""

    number: str
    infant: bool
    conjunction: tuple[str, ...] = ()
    type: str = ""  # ET, EV, DT …
    carrier: str = ""
    amount: Money | None = None
    issued_on: date | None = None
    office: str = ""
    iata_number: str = ""


def ticket_line(words: str) -> TicketLine | None:
    """`PAX 080-7421982399/ETLO/USD126.39/29NOV19/DTW1S210B/23612444`: each part is known by its looks, not its place,
    since amounts, dates and agencies may be missing. None without a number, and for the number 0 of an FB line.
    """
    found = _NUMBER.search(words.upper())
    if found is None or not int(found[2]):
        return None
    line: dict[str, str] = {}
    for part in words.upper()[found.end() :].split("/"):
        _classify(part.strip(), line)
    kind = _KIND.match(words.upper())
    amount = _AMOUNT.fullmatch(line.get("amount", ""))
    return TicketLine(
        number=found[1] + found[2],
        infant=bool(kind and kind[1] == "INF"),
        conjunction=_further(found[1], found[2], found[3] or ""),
        type=line.get("type", "")[:2],
        carrier=line.get("type", "")[2:],
        amount=money(amount[2], amount[1]) if amount else None,
        issued_on=day(line.get("date")),
        office=line.get("office", ""),
        iata_number=line.get("iata", ""),
    )


def _classify(part: str, line: dict[str, str]) -> None:
    if _TYPE.fullmatch(part) and part[1] in "TVRE":
        line.setdefault("type", part)
    elif day(part):
        line.setdefault("date", part)
    elif re.fullmatch(r"\d{7,8}", part, re.ASCII):
        line.setdefault("iata", part)
    elif _AMOUNT.fullmatch(part) and ("." in part or "date" not in line):  # an office may look like yen
        line.setdefault("amount", part)
    elif _OFFICE.fullmatch(part):
        line.setdefault("office", part)


def _further(airline: str, serial: str, last: str) -> tuple[str, ...]:
    """The further booklets of a conjunction ticket: `7421982399-400` ends at 7421982400."""
    if not last:
        return ()
    size = 10 ** len(last)
    count = (int(last) - int(serial) % size) % size
    return tuple(airline + f"{(int(serial) + step) % 10**10:010}" for step in range(1, count + 1)) if count < 10 else ()


def document(
    kind: str, line: TicketLine, words: str, travellers: tuple[str, ...], segments: tuple[str, ...]
) -> Document:
    """The document of a line. EV… is void; whether ET… was flown or refunded, only its coupons tell."""
    return Document(
        number=line.number,
        travellers=travellers,
        segments=segments,
        status=CouponStatus.VOID if line.type[1:] == "V" else CouponStatus.UNKNOWN,
        kind="emd" if line.type[:1] == "D" or kind == "FHD" else "ticket",
        amount=line.amount,
        issued_on=line.issued_on,
        validating_carrier=line.carrier,
        office=line.office,
        iata_number=line.iata_number,
        text=words,
        conjunction=line.conjunction,
    )
