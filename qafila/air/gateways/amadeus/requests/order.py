"""PNR_AddMultiElements, PNR_Retrieve, PNR_Cancel: what is put into an order, how it is stored, read and let go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from qafila.air.gateways.amadeus.requests.parts import Maker, ddmmyy, maker, root
from qafila.air.gateways.amadeus.xml import Element
from qafila.air.gateways.settings import AmadeusSettings

NOTHING_YET = "0"
END_AND_RETRIEVE = "11"
ACCEPT_WARNINGS = "30"
_BY_LOCATOR = "2"


@dataclass(frozen=True, slots=True)
class Name:
    """A traveller as Amadeus writes him: A-Z only, the title behind the first name."""

    number: int  # within this message
    surname: str
    first_name: str
    type: str  # ADT, CHD, INF
    born: date | None = field(default=None, repr=False)
    infant: Name | None = None


@dataclass(frozen=True, slots=True)
class Service:
    """One SSR: DOCS, CTCE, CTCM, about the traveller of that number. `repr` shows no passport and no contact."""

    type: str
    text: str = field(repr=False)
    traveller: int


@dataclass(frozen=True, slots=True)
class Contents:
    """What a new order is made of, beside the flights. `cancel_at` in the office's zone."""

    names: Sequence[Name]
    services: Sequence[Service]
    phone: str = field(repr=False)
    cancel_at: datetime
    remark: str


def add(settings: AmadeusSettings, contents: Contents) -> Element:
    """Puts names and elements into the order in work; nothing is stored (option 0)."""
    new = maker(settings, "PNR_AddMultiElements")
    return root(
        settings,
        "PNR_AddMultiElements",
        new.pnrActions(new.optionCode(NOTHING_YET)),
        *(_name(new, name) for name in contents.names),
        new.dataElementsMaster(
            new.marker1(),
            *([_freetext(new, "AP", "5", contents.phone)] if contents.phone else []),
            _element(
                new,
                "TK",
                new.ticketElement(
                    new.ticket(
                        new.indicator("XL"),
                        new.date(ddmmyy(contents.cancel_at.date())),
                        new.time(contents.cancel_at.strftime("%H%M")),
                    )
                ),
            ),
            *(_service(new, service) for service in contents.services),
            _element(new, "RM", new.miscellaneousRemark(new.remarks(new.type("RM"), new.freetext(contents.remark)))),
        ),
    )


def received_from(settings: AmadeusSettings) -> Element:
    """Says who asks for the change in work; nothing is stored."""
    return _with_sender(settings, NOTHING_YET)


def end(settings: AmadeusSettings, *, accept_warnings: bool = False) -> Element:
    """Stores the order and shows it, with the received-from without which nothing is stored."""
    return _with_sender(settings, END_AND_RETRIEVE, *([ACCEPT_WARNINGS] if accept_warnings else []))


def retrieve(settings: AmadeusSettings, locator: str) -> Element:
    """The order by its record locator."""
    new = maker(settings, "PNR_Retrieve")
    return root(
        settings,
        "PNR_Retrieve",
        new.retrievalFacts(
            new.retrieve(new.type(_BY_LOCATOR)),
            new.reservationOrProfileIdentifier(new.reservation(new.controlNumber(locator))),
        ),
    )


def cancel(settings: AmadeusSettings) -> Element:
    """Lets the whole itinerary of the order in view go, and stores that."""
    new = maker(settings, "PNR_Cancel")
    return root(
        settings,
        "PNR_Cancel",
        new.pnrActions(new.optionCode(END_AND_RETRIEVE)),
        new.cancelElements(new.entryType("I")),
    )


def _with_sender(settings: AmadeusSettings, *options: str) -> Element:
    new = maker(settings, "PNR_AddMultiElements")
    return root(
        settings,
        "PNR_AddMultiElements",
        new.pnrActions(*(new.optionCode(option) for option in options)),
        new.dataElementsMaster(new.marker1(), _freetext(new, "RF", "P22", settings.received_from)),
    )


def _name(new: Maker, name: Name) -> Element:
    infant = name.infant
    return new.travellerInfo(
        new.elementManagementPassenger(
            new.reference(new.qualifier("PR"), new.number(str(name.number))), new.segmentName("NM")
        ),
        new.passengerData(
            new.travellerInformation(
                new.traveller(new.surname(name.surname), new.quantity("2" if infant else "1")),
                new.passenger(
                    new.firstName(name.first_name),
                    new.type(name.type),
                    *([new.infantIndicator("3")] if infant else []),  # 3: with names and birth of his own
                ),
            ),
            *_born(new, name.born),
        ),
        *(
            [
                new.passengerData(
                    new.travellerInformation(
                        new.traveller(new.surname(infant.surname)),
                        new.passenger(new.firstName(infant.first_name), new.type(infant.type)),
                    ),
                    *_born(new, infant.born),
                )
            ]
            if infant
            else []
        ),
    )


def _born(new: Maker, born: date | None) -> list[Element]:
    if born is None:
        return []
    return [new.dateOfBirth(new.dateAndTimeDetails(new.qualifier("706"), new.date(born.strftime("%d%m%Y"))))]


def _service(new: Maker, service: Service) -> Element:
    return _element(
        new,
        "SSR",
        new.serviceRequest(
            new.ssr(
                new.type(service.type),
                new.status("HK"),
                new.quantity("1"),
                new.companyId("YY"),
                new.freetext(service.text),
            )
        ),
        new.referenceForDataElement(new.reference(new.qualifier("PR"), new.number(str(service.traveller)))),
    )


def _freetext(new: Maker, segment: str, kind: str, words: str) -> Element:
    return _element(
        new,
        segment,
        new.freetextData(new.freetextDetail(new.subjectQualifier("3"), new.type(kind)), new.longFreetext(words)),
    )


def _element(new: Maker, segment: str, *contents: Element) -> Element:
    return new.dataElementsIndiv(new.elementManagementData(new.segmentName(segment)), *contents)
