"""SalesReports_DisplayQueryReportReply: what an office sold on a day; the second witness of an issue."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from qafila.air.gateways.amadeus.problems import Problem, problems
from qafila.air.gateways.amadeus.replies.figures import money, structured_day
from qafila.air.gateways.amadeus.xml import Element, every, first, message, name, text, texts, value
from qafila.air.gateways.errors import Unreadable
from qafila.air.gateways.values import Money, total_of


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
    """A report; `empty` when the supplier says that there is none for the day (6466), which is an answer too."""

    currency: str
    office: str
    lines: tuple[SaleLine, ...]
    problems: tuple[Problem, ...]
    dates: tuple[tuple[str, date], ...] = ()  # by their business meaning (S, C …)
    iata_number: str = ""
    empty: bool = False

    def total(self) -> Money | None:
        """The sum of all lines that have a total; None without any, or with two currencies."""
        amounts = [line.total for line in self.lines if line.total]
        return total_of(amounts) if len({amount.currency for amount in amounts}) == 1 else None

    def of(self, number: str) -> tuple[SaleLine, ...]:
        """All lines of one document: its sale, and its void or refund."""
        wanted = re.sub(r"\D", "", number)[:13]
        return tuple(line for line in self.lines if wanted and line.number == wanted)


def sales_reply(el: Element) -> SalesReply:
    """The report. Raises: Unreadable (another message)."""
    reply = message(el)
    if not re.fullmatch(r"SalesReports_Display\w+Reply", name(reply)):
        raise Unreadable(f"A SalesReports reply was expected, a {name(reply)[:80]} came.")
    data = first(reply, "queryReportDataDetails")
    currency = _currency(data)
    office = first(data, "queryReportDataOfficeGroup/requestorAgencyDetails/originatorDetails")
    dates = (
        (text(one, "businessSemantic"), structured_day(first(one, "dateTime"))) for one in every(data, "dateDetails")
    )
    found = problems(reply)
    return SalesReply(
        currency=currency,
        office=text(office, "inHouseIdentification1"),
        lines=tuple(_line(one, currency) for one in every(data, "//documentData")),
        problems=found,
        dates=tuple((meaning, on) for meaning, on in dates if on),
        iata_number=text(office, "originatorId"),
        empty=any(one.code.lstrip("0") == "6466" or "NO DATA" in one.text.upper() for one in found),
    )


def _currency(data: Element | None) -> str:
    """Older reports write the code as a qualifier, newer ones have a number there and the code beside it."""
    told = texts(data, "currencyInfo/currencyDetails/currencyIsoCode|currencyQualifier")
    return next((one for one in told if re.fullmatch("[A-Z]{3}", one)), "")


def _number(el: Element) -> str:
    number = first(el, "documentNumber")
    return re.sub(r"\D", "", text(number, "documentDetails/number") or text(number, "number") or value(number))[:13]


def _line(el: Element, currency: str) -> SaleLine:
    details = first(el, "documentNumber/documentDetails")
    amounts: dict[str, Money] = {}
    for one in every(el, "monetaryInformation/monetaryDetails|otherMonetaryDetails"):
        amount = money(text(one, "amount"), text(one, "currency", currency))
        if amount is not None:
            amounts.setdefault(text(one, "typeQualifier").upper(), amount)
    booklets = text(details, "numberOfBooklets")
    transaction = first(el, "transactionDataDetails/transactionDetails")
    return SaleLine(
        item=text(el, "sequenceIdentification/itemNumberDetails/number"),
        number=_number(el),
        booklets=int(booklets) if re.fullmatch(r"\d{1,2}", booklets, re.ASCII) else 1,
        status=text(el, "documentNumber/status"),
        code=text(transaction, "code"),
        kind=text(transaction, "type"),
        fare=amounts.get("712"),
        tax=amounts.get("TTX"),
        fees=amounts.get("OB"),
        commission=amounts.get("F"),
        total=amounts.get("T"),
        form_of_payment=text(el, "fopDetails/fopDescription/formOfPayment/type"),
        passenger=" ".join(text(el, "passengerName/paxDetails/surname").split()),
        locator=text(el, "reservationInformation/reservation/controlNumber"),
        agent=text(el, "bookingAgent/originIdentification/originatorId"),
    )
