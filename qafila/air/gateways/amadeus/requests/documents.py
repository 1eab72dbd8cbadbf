"""Issuing, coupon states, voiding and the office's report of the day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from qafila.air.gateways.amadeus.requests.parts import maker, root
from qafila.air.gateways.amadeus.xml import Element
from qafila.air.gateways.moments import airports
from qafila.air.gateways.settings import AmadeusSettings

_DISPLAY = "131"


def issue(settings: AmadeusSettings, tsts: Sequence[str]) -> Element:
    """Electronic tickets for these stored fares of the order in view, and for no others."""
    new = maker(settings, "DocIssuance_IssueTicket")
    return root(
        settings,
        "DocIssuance_IssueTicket",
        new.selection(*(new.referenceDetails(new.type("TS"), new.value(tst)) for tst in tsts)),
        new.optionGroup(new.switches(new.statusDetails(new.indicator("ET")))),
    )


def coupons(settings: AmadeusSettings, numbers: Sequence[str]) -> Element:
    """How the coupons of these documents stand."""
    new = maker(settings, "Ticket_ProcessEDoc")
    return root(
        settings,
        "Ticket_ProcessEDoc",
        new.msgActionDetails(new.messageFunctionDetails(new.messageFunction(_DISPLAY))),
        *(new.infoGroup(new.docInfo(new.documentDetails(new.number(number)))) for number in numbers),
    )


def void(settings: AmadeusSettings, number: str) -> Element:
    """Cancels one document of today's sales of our office."""
    new = maker(settings, "Ticket_CancelDocument")
    market = market_of(settings.office)
    return root(
        settings,
        "Ticket_CancelDocument",
        new.documentNumberDetails(new.documentDetails(new.number(number))),
        *([new.stockProviderDetails(new.officeSettingsDetails(new.marketIataCode(market)))] if market else []),
        new.targetOfficeDetails(new.originatorDetails(new.inHouseIdentification2(settings.office))),
    )


def market_of(office: str) -> str:
    """The country whose neutral ticket stock an office uses: that of the city its name begins with; "" when unknown."""
    airport = airports().get(office[:3].upper())
    return airport.country if airport else ""


def sales(settings: AmadeusSettings, day: date) -> Element:
    """What our office sold on a day, all its agents."""
    new = maker(settings, "SalesReports_DisplayQueryReport")
    return root(
        settings,
        "SalesReports_DisplayQueryReport",
        new.dateDetails(
            new.businessSemantic("S"),
            new.dateTime(new.year(f"{day:%Y}"), new.month(f"{day:%m}"), new.day(f"{day:%d}")),
        ),
        new.agencyDetails(
            new.sourceType(new.sourceQualifier1("REP")),
            new.originatorDetails(new.inHouseIdentification1(settings.office)),
        ),
        new.requestOption(new.selectionDetails(new.option("SOF"))),
    )
