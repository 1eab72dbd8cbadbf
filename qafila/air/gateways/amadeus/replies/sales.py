"""SalesReports_DisplayQueryReportReply: what an office sold on a day; the second witness of an issue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from qafila.air.gateways.amadeus.problems import Problem
from qafila.air.gateways.amadeus.xml import Element
from qafila.air.gateways.values import Money


@dataclass(frozen=True, slots=True)
class SaleLine:
    """One document of the report. `status` as written; `code` TKTT, TKTM, EMDA, RFND, CANX …; `kind` SALE, REFUND …"""

    item: str
    number: str  # 13 digits
    booklets: int
    status: str
    code: str
    kind: str
    fare: Money | None
    tax: Money | None
    fees: Money | None
    commission: Money | None
    total: Money | None
    form_of_payment: str = ""
    passenger: str = ""
    locator: str = ""
    agent: str = ""


@dataclass(frozen=True, slots=True)
class SalesReply:
    currency: str
    office: str
    lines: tuple[SaleLine, ...]
    problems: tuple[Problem, ...]
    dates: tuple[tuple[str, date], ...] = ()  # by their business meaning (S sale, C creation)
    iata_number: str = ""
    notes: tuple[str, ...] = ()

    def total(self) -> Money | None:
        """The sum of all lines that have a total; None without any."""
        raise NotImplementedError


def sales_reply(el: Element) -> SalesReply:
    """The report. Raises: Unreadable (another message)."""
    raise NotImplementedError
