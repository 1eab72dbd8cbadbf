"""The contents of requests, as the public documentation of the messages writes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from lxml import etree

from simulator.amadeus.tests.client import Reply


@dataclass(frozen=True, slots=True)
class Flown:
    """One flight of a recommendation, as it is sold."""

    slice: int
    date: str
    origin: str
    destination: str
    carrier: str
    number: str
    rbd: str


def search(
    slices: Sequence[tuple[str, str, date]], *, adults: int = 1, children: int = 0, infants: int = 0, most: int = 10
) -> str:
    groups = ""
    for code, first, count in (("ADT", 1, adults), ("CH", adults + 1, children), ("INF", 1, infants)):
        refs = "".join(f"<traveller><ref>{first + place}</ref></traveller>" for place in range(count))
        groups += f"<paxReference><ptc>{code}</ptc>{refs}</paxReference>" if count else ""
    flown = "".join(
        f"<itinerary><requestedSegmentRef><segRef>{place}</segRef></requestedSegmentRef><departureLocalization>"
        f"<departurePoint><locationId>{origin}</locationId></departurePoint></departureLocalization><arrivalLocalization>"
        f"<arrivalPointDetails><locationId>{destination}</locationId></arrivalPointDetails></arrivalLocalization>"
        f"<timeDetails><firstDateTimeDetail><date>{day:%d%m%y}</date></firstDateTimeDetail></timeDetails></itinerary>"
        for place, (origin, destination, day) in enumerate(slices, 1)
    )
    return (
        f"<numberOfUnit><unitNumberDetail><numberOfUnits>{adults + children}</numberOfUnits><typeOfUnit>PX</typeOfUnit>"
        f"</unitNumberDetail><unitNumberDetail><numberOfUnits>{most}</numberOfUnits><typeOfUnit>RC</typeOfUnit>"
        f"</unitNumberDetail></numberOfUnit>{groups}{flown}"
    )


def flights(reply: Reply, recommendation: int = 0) -> list[Flown]:
    """The flights and classes of a recommendation."""
    space = "{*}"
    groups = {}
    for index in reply.body.findall(f"{space}flightIndex"):
        segment = index.findtext(f"{space}requestedSegmentRef/{space}segRef")
        for group in index.findall(f"{space}groupOfFlights"):
            number = group.findtext(f"{space}propFlightGrDetail/{space}flightProposal/{space}ref")
            groups[segment, number] = group.findall(f"{space}flightDetails/{space}flightInformation")
    chosen = reply.body.findall(f"{space}recommendation")[recommendation]
    refs = [
        each.findtext(f"{space}refNumber")
        for each in chosen.findall(f"{space}segmentFlightRef/{space}referencingDetail")
    ]
    product = chosen.find(f"{space}paxFareProduct")
    assert product is not None
    found = []
    for place, details in enumerate(product.findall(f"{space}fareDetails")):
        segment = details.findtext(f"{space}segmentRef/{space}segRef")
        classes = [
            each.findtext(f"{space}productInformation/{space}cabinProduct/{space}rbd")
            for each in details.findall(f"{space}groupOfFares")
        ]
        for flight, rbd in zip(groups[segment, refs[place]], classes, strict=True):
            found.append(_flown(place, flight, str(rbd)))
    return found


def _flown(place: int, flight: etree._Element, rbd: str) -> Flown:
    origin, destination = (str(each.text) for each in flight.findall("{*}location/{*}locationId"))
    return Flown(
        place,
        str(flight.findtext("{*}productDateTime/{*}dateOfDeparture")),
        origin,
        destination,
        str(flight.findtext("{*}companyId/{*}marketingCarrier")),
        str(flight.findtext("{*}flightOrtrainNumber")),
        rbd,
    )


def sell(chosen: Sequence[Flown], seats: int, function: str = "M1") -> str:
    slices = ""
    for number in sorted({flown.slice for flown in chosen}):
        part = [flown for flown in chosen if flown.slice == number]
        segments = "".join(
            "<segmentInformation><travelProductInformation>"
            f"<flightDate><departureDate>{each.date}</departureDate></flightDate>"
            f"<boardPointDetails><trueLocationId>{each.origin}</trueLocationId></boardPointDetails>"
            f"<offpointDetails><trueLocationId>{each.destination}</trueLocationId></offpointDetails>"
            f"<companyDetails><marketingCompany>{each.carrier}</marketingCompany></companyDetails><flightIdentification>"
            f"<flightNumber>{each.number}</flightNumber><bookingClass>{each.rbd}</bookingClass></flightIdentification>"
            f"</travelProductInformation><relatedproductInformation><quantity>{seats}</quantity><statusCode>NN</statusCode>"
            "</relatedproductInformation></segmentInformation>"
            for each in part
        )
        slices += (
            f"<itineraryDetails><originDestinationDetails><origin>{part[0].origin}</origin>"
            f"<destination>{part[-1].destination}</destination></originDestinationDetails><message>"
            "<messageFunctionDetails><messageFunction>183</messageFunction></messageFunctionDetails></message>"
            f"{segments}</itineraryDetails>"
        )
    return (
        "<messageActionDetails><messageFunctionDetails><messageFunction>183</messageFunction>"
        f"<additionalMessageFunction>{function}</additionalMessageFunction></messageFunctionDetails></messageActionDetails>"
        f"{slices}"
    )


def option(*codes: int) -> str:
    return f"<pnrActions>{''.join(f'<optionCode>{code}</optionCode>' for code in codes)}</pnrActions>"


def person(
    place: int, surname: str, first: str, kind: str = "ADT", born: str = "", infant: tuple[str, str, str] | None = None
) -> str:
    """`infant`: (surname, first name, ddmmyyyy); with the same surname it is a second `passenger`."""
    together = infant is not None and infant[0] == surname
    second = f"<passenger><firstName>{infant[1]}</firstName><type>INF</type></passenger>" if infant and together else ""
    data = _data(surname, first, kind, born if not together else str(infant and infant[2]), 2 if infant else 1, second)
    if infant and not together:
        data += _data(infant[0], infant[1], "INF", infant[2], 1, "")
    return (
        "<travellerInfo><elementManagementPassenger><reference><qualifier>PR</qualifier>"
        f"<number>{place}</number></reference><segmentName>NM</segmentName></elementManagementPassenger>{data}</travellerInfo>"
    )


def _data(surname: str, first: str, kind: str, born: str, quantity: int, second: str) -> str:
    birth = (
        f"<dateOfBirth><dateAndTimeDetails><qualifier>706</qualifier><date>{born}</date></dateAndTimeDetails></dateOfBirth>"
        if born
        else ""
    )
    return (
        f"<passengerData><travellerInformation><traveller><surname>{surname}</surname><quantity>{quantity}</quantity>"
        f"</traveller><passenger><firstName>{first}</firstName><type>{kind}</type></passenger>{second}"
        f"</travellerInformation>{birth}</passengerData>"
    )


def line(name: str, content: str, reference: tuple[str, int] | None = None) -> str:
    tied = (
        f"<referenceForDataElement><reference><qualifier>{reference[0]}</qualifier><number>{reference[1]}</number>"
        "</reference></referenceForDataElement>"
        if reference
        else ""
    )
    return (
        f"<dataElementsIndiv><elementManagementData><segmentName>{name}</segmentName></elementManagementData>"
        f"{content}{tied}</dataElementsIndiv>"
    )


def free(name: str, kind: str, words: str) -> str:
    return line(
        name,
        f"<freetextData><freetextDetail><subjectQualifier>3</subjectQualifier><type>{kind}</type></freetextDetail>"
        f"<longFreetext>{words}</longFreetext></freetextData>",
    )


def ssr(kind: str, words: str, passenger: int) -> str:
    told = (
        f"<serviceRequest><ssr><type>{kind}</type><status>HK</status><quantity>1</quantity><companyId>YY</companyId>"
        f"<freetext>{words}</freetext></ssr></serviceRequest>"
    )
    return line("SSR", told, ("PR", passenger))


def remark(words: str) -> str:
    told = f"<remarks><type>RM</type><freetext>{words}</freetext></remarks>"
    return line("RM", f"<miscellaneousRemark>{told}</miscellaneousRemark>")


def ticketing(indicator: str, day: str = "", hour: str = "") -> str:
    when = (f"<date>{day}</date>" if day else "") + (f"<time>{hour}</time>" if hour else "")
    return line("TK", f"<ticketElement><ticket><indicator>{indicator}</indicator>{when}</ticket></ticketElement>")


def data(*lines: str) -> str:
    return f"<dataElementsMaster><marker1/>{''.join(lines)}</dataElementsMaster>"


RECEIVED_FROM = free("RF", "P22", "A TEST")


def end(code: int = 11, received_from: bool = True) -> str:
    return option(code) + (data(RECEIVED_FROM) if received_from else "")


def retrieve(locator: str) -> str:
    return (
        "<retrievalFacts><retrieve><type>2</type></retrieve><reservationOrProfileIdentifier><reservation>"
        f"<controlNumber>{locator}</controlNumber></reservation></reservationOrProfileIdentifier></retrievalFacts>"
    )


def pay(code: str = "CASH") -> str:
    return (
        "<transactionContext><transactionDetails><code>FP</code></transactionDetails></transactionContext><fopGroup>"
        "<fopReference/><mopDescription><fopSequenceNumber><sequenceDetails><number>1</number></sequenceDetails>"
        f"</fopSequenceNumber><mopDetails><fopPNRDetails><fopDetails><fopCode>{code}</fopCode></fopDetails></fopPNRDetails>"
        "</mopDetails></mopDescription></fopGroup>"
    )


def price(*keys: str, currency: str = "") -> str:
    groups = "".join(
        f"<pricingOptionGroup><pricingOptionKey><pricingOptionKey>{key}</pricingOptionKey></pricingOptionKey></pricingOptionGroup>"
        for key in keys or ("RP", "RU", "RLO")
    )
    if currency:
        groups += (
            "<pricingOptionGroup><pricingOptionKey><pricingOptionKey>FCO</pricingOptionKey></pricingOptionKey><currency>"
            f"<firstCurrencyDetails><currencyQualifier>FCO</currencyQualifier><currencyIsoCode>{currency}</currencyIsoCode>"
            "</firstCurrencyDetails></currency></pricingOptionGroup>"
        )
    return groups


def store(*numbers: str) -> str:
    return "".join(
        f"<psaList><itemReference><referenceType>TST</referenceType><uniqueReference>{number}</uniqueReference>"
        "</itemReference></psaList>"
        for number in numbers
    )


def issue(*numbers: str, indicator: str = "ET") -> str:
    chosen = "".join(f"<referenceDetails><type>TS</type><value>{each}</value></referenceDetails>" for each in numbers)
    selection = f"<selection>{chosen}</selection>" if chosen else ""
    return (
        f"<optionGroup><switches><statusDetails><indicator>{indicator}</indicator></statusDetails></switches></optionGroup>"
        f"{selection}"
    )


def coupons(*numbers: str) -> str:
    return (
        "<msgActionDetails><messageFunctionDetails><messageFunction>131</messageFunction></messageFunctionDetails>"
        "</msgActionDetails>"
        + "".join(
            f"<infoGroup><docInfo><documentDetails><number>{each}</number></documentDetails></docInfo></infoGroup>"
            for each in numbers
        )
    )


def void(*numbers: str) -> str:
    return "".join(
        f"<documentNumberDetails><documentDetails><number>{each}</number></documentDetails></documentNumberDetails>"
        for each in numbers
    )


def refund(*numbers: str) -> str:
    contracts = "".join(f'<Contract Number="{each}"/>' for each in numbers)
    return f'<Contracts>{contracts}</Contracts><ActionDetails><ActionDetail Indicator="ATC"/></ActionDetails>'


def cancel(code: int = 11, elements: str = "") -> str:
    kind = "E" if elements else "I"
    return f"{option(code)}<cancelElements><entryType>{kind}</entryType>{elements}</cancelElements>"


def sales(day: date) -> str:
    return (
        f"<dateDetails><businessSemantic>S</businessSemantic><dateTime><year>{day.year}</year><month>{day.month}</month>"
        f"<day>{day.day}</day></dateTime></dateDetails>"
    )
