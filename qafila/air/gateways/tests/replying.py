"""Amadeus replies for tests: the recordings, and small ones written for what no recording shows."""

from __future__ import annotations

from pathlib import Path

from qafila.air.gateways.amadeus.replies.pnr import PnrReply, pnr_reply
from qafila.air.gateways.amadeus.xml import Element, parse
from qafila.air.gateways.settings import AmadeusSettings

FOLDER = Path(__file__).resolve().parents[4] / "tests" / "fixtures" / "suppliers" / "amadeus"
OFFICE = AmadeusSettings(endpoint="https://example.invalid/1ASIWQAF", user="WSQAF", password="-", office="SXRQF2100")


def recorded(name: str) -> bytes:
    """One recording by the name of its file, with or without its ending."""
    path = FOLDER / name
    return (path if path.exists() else path.with_name(f"{name}.txt")).read_bytes()


def reply(root: str, inside: str) -> Element:
    """A reply of that name, in a namespace nobody has heard of."""
    return parse(f'<{root} xmlns="urn:another:version:99">{inside}</{root}>'.encode())


def name_line(tattoo: str, surname: str, *people: str, status: str = "", born: str = "") -> str:
    """A travellerInfo; `people` are `FIRST NAME|TYPE`, the type may be left out."""
    passengers = "".join(
        f"<passenger><firstName>{first}</firstName>{f'<type>{kind}</type>' if kind else ''}</passenger>"
        for first, _, kind in (one.partition("|") for one in people)
    )
    birth = f"<dateOfBirth><dateAndTimeDetails><date>{born}</date></dateAndTimeDetails></dateOfBirth>" if born else ""
    return (
        f"<travellerInfo><elementManagementPassenger>{f'<status>{status}</status>' if status else ''}"
        f"<reference><qualifier>PT</qualifier><number>{tattoo}</number></reference></elementManagementPassenger>"
        f"<passengerData><travellerInformation><traveller><surname>{surname}</surname></traveller>{passengers}"
        f"</travellerInformation>{birth}</passengerData></travellerInfo>"
    )


def flight(tattoo: str, status: str = "HK", *, product: str = "", number: str = "701", kind: str = "AIR") -> str:
    """An itineraryInfo SXR-JED on 18 January 2027 at 09:05, arriving 12:40 local time."""
    product = product or (
        "<depDate>180127</depDate><depTime>905</depTime><arrDate>180127</arrDate><arrTime>1240</arrTime>"
    )
    return (
        "<itineraryInfo><elementManagementItinerary>"
        f"<reference><qualifier>ST</qualifier><number>{tattoo}</number></reference><segmentName>{kind}</segmentName>"
        f"</elementManagementItinerary><travelProduct><product>{product}</product>"
        "<boardpointDetail><cityCode>SXR</cityCode></boardpointDetail><offpointDetail><cityCode>JED</cityCode>"
        "</offpointDetail><companyDetail><identification>SV</identification></companyDetail><productDetails>"
        f"<identification>{number}</identification><classOfService>V</classOfService></productDetails></travelProduct>"
        f"<relatedProduct><quantity>1</quantity><status>{status}</status></relatedProduct></itineraryInfo>"
    )


def line(kind: str, words: str = "", *, tattoo: str = "9", refers: str = "", inside: str = "", status: str = "") -> str:
    """A dataElementsIndiv; `refers` is `PT2 ST1`."""
    about = "".join(
        f"<reference><qualifier>{one[:2]}</qualifier><number>{one[2:]}</number></reference>" for one in refers.split()
    )
    text = f"<otherDataFreetext><longFreetext>{words}</longFreetext></otherDataFreetext>" if words else ""
    return (
        f"<dataElementsIndiv><elementManagementData>{f'<status>{status}</status>' if status else ''}"
        f"<reference><qualifier>OT</qualifier><number>{tattoo}</number></reference><segmentName>{kind}</segmentName>"
        f"</elementManagementData>{text}{inside}"
        f"{f'<referenceForDataElement>{about}</referenceForDataElement>' if about else ''}</dataElementsIndiv>"
    )


def ssr(kind: str, words: str) -> str:
    inside = f"<serviceRequest><ssr><type>{kind}</type><freeText>{words}</freeText></ssr></serviceRequest>"
    return line("SSR", inside=inside)


def ticketing(indicator: str, date: str, time: str = "", office: str = "SXRQF2100", status: str = "") -> str:
    told = "".join(
        f"<{name}>{text}</{name}>"
        for name, text in (("indicator", indicator), ("date", date), ("time", time), ("officeId", office))
        if text
    )
    return line("TK", inside=f"<ticketElement><ticket>{told}</ticket></ticketElement>", status=status)


def order(*, people: str = "", flights: str = "", lines: str = "", more: str = "", locator: str = "ABC123") -> PnrReply:
    """A PNR_Reply made on 1 December 2026 in an office in Srinagar, read."""
    found = reply(
        "PNR_Reply",
        "<pnrHeader><reservationInfo><reservation><companyId>1A</companyId>"
        f"{f'<controlNumber>{locator}</controlNumber>' if locator else ''}</reservation></reservationInfo></pnrHeader>"
        "<securityInformation><responsibilityInformation><officeId>SXRQF2100</officeId></responsibilityInformation>"
        "<secondRpInformation><creationDate>011226</creationDate><creationTime>0730</creationTime>"
        f"</secondRpInformation></securityInformation>{people or name_line('2', 'DOE', 'JANE MRS|ADT')}"
        f"<originDestinationDetails><originDestination/>{flights}</originDestinationDetails>"
        f"<dataElementsMaster><marker2/>{lines}</dataElementsMaster>{more}",
    )
    return pnr_reply(found, OFFICE)
