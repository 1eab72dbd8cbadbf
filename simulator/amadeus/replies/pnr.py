"""PNR_Reply: the whole record, the short one of an end of transaction, and what was refused.

Shapes: `pnrAddMultiElements14_1_need_received_from.txt` (air, TST, requests), `dummyPnrRetrieveReply.txt` (TK XL), the
schema `PNR_Reply_14_2_1A.xsd` for the order of elements. Only paths of the recordings are used; an infant is a second
`passenger` beside the adult who carries it, or a second `passengerData` when its surname is another.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from simulator.amadeus.markup import escaped, leaf, leaves, node, nodes
from simulator.amadeus.office import Office
from simulator.amadeus.reading import ddmmyy, hhmm
from simulator.amadeus.replies import lines
from simulator.model import Order, Passenger, Segment

EMPTY_ORIGIN = "<originDestination></originDestination>"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something refused at the top of the record: a code and one or more lines."""

    code: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NameProblem:
    """A name that was refused: it is shown with its error and is not in the record."""

    first: str
    last: str
    code: str
    text: str


@dataclass(frozen=True, slots=True)
class View:
    """How to show an order. `now` decides which documents are shown yet; `committed` False: no locator exists."""

    office: Office
    now: datetime
    schema: str
    committed: bool = True
    problems: tuple[Problem, ...] = ()
    refused_names: tuple[NameProblem, ...] = field(default=())

    @property
    def old(self) -> bool:
        """Up to 14.1 an error is told as recorded for that version; from 14.2 as its schema has it."""
        return self.schema.rpartition("PNRACC_")[2] < "14_2"


def record(order: Order, view: View) -> str:
    """The whole record as the Body's content."""
    travellers = [passenger for passenger in order.passengers if passenger.kind != "INF"]
    flights = [segment for segment in order.segments if segment.status != "XX"]
    line = 1 + len(travellers)
    problems = nodes("generalErrorInfo", (_problem(problem, view.old) for problem in view.problems))
    return _reply(
        view,
        "" if view.old else problems,
        _header(order, view),
        _security(order, view),
        problems if view.old else "",
        _tags(order, view),
        _points_of_sale(view.office),
        _technical(order),
        nodes("travellerInfo", (_refused(name, len(travellers)) for name in view.refused_names)),
        nodes(
            "travellerInfo",
            (_traveller(order, passenger, number + 1) for number, passenger in enumerate(travellers)),
        ),
        _itinerary(order, flights, view, line),
        node(
            "dataElementsMaster", "<marker2></marker2>", *lines.lines(order, view.office, view.now, line + len(flights))
        ),
        "".join(lines.stored_fare(order, stored) for stored in order.fares),
    )


def short(order: Order, view: View) -> str:
    """What an end of transaction without retrieve tells: the locator and nothing else."""
    located = leaves(companyId="1A", controlNumber=order.locator)
    # A blank, as recorded: the schema wants an office here and this reply tells none.
    place = node("sbrUserIdentificationOwn", node("originIdentification", leaf("inHouseIdentification1", " ")))
    return _reply(
        view,
        node("pnrHeader", node("reservationInfo", node("reservation", located))),
        node("securityInformation", node("responsibilityInformation", leaf("typeOfPnrElement", "RP"))),
        *(node(name, place) for name in ("sbrPOSDetails", "sbrCreationPosDetails", "sbrUpdatorPosDetails")),
        node("originDestinationDetails", EMPTY_ORIGIN),
        node("dataElementsMaster", "<marker2></marker2>"),
    )


def nothing(view: View) -> str:
    """No record in view: after an ignore, or with only a problem to tell."""
    return _reply(
        view,
        nodes("generalErrorInfo", (_problem(problem, view.old) for problem in view.problems)),
        _points_of_sale(view.office),
    )


def _reply(view: View, *parts: str) -> str:
    return f'<PNR_Reply xmlns="{escaped(view.schema)}">{"".join(parts)}</PNR_Reply>'


def _problem(problem: Problem, old: bool) -> str:
    if old:
        detail = leaves(errorCode=problem.code, qualifier="EC", responsibleAgency="1A")
        subject = node("freetextDetail", leaf("subjectQualifier", 3))
        words = "".join(leaf("text", f"{line:<70}") for line in problem.lines)
        return node("messageErrorInformation", node("errorDetail", detail)) + node("messageErrorText", subject, words)
    return _error(problem.code, problem.lines)


def _error(code: str, words: tuple[str, ...]) -> str:
    detail = node("errorDetails", leaves(errorCode=code, errorCategory="EC", errorCodeOwner="1A"))
    subject = node("freeTextDetails", leaves(textSubjectQualifier=3, source="M", encoding=1))
    return node("errorOrWarningCodeDetails", detail) + node(
        "errorWarningDescription", subject, *(leaf("freeText", line[:70]) for line in words)
    )


def _header(order: Order, view: View) -> str:
    created = order.created.astimezone(UTC)
    known = (
        leaves(companyId="1A", controlNumber=order.locator, date=ddmmyy(created), time=hhmm(created))
        if view.committed
        else leaf("companyId", "1A")
    )
    return node("pnrHeader", node("reservationInfo", node("reservation", known)))


def _security(order: Order, view: View) -> str:
    office, created = view.office, order.created.astimezone(UTC)
    owner = leaves(typeOfPnrElement="RP", agentId="WSSU", officeId=office.id, iataCode=office.iata)
    second = leaves(
        creationOfficeId=office.id,
        agentSignature="9999WS",
        creationDate=ddmmyy(created),
        creatorIataCode=office.iata,
        creationTime=hhmm(created),
    )
    return node(
        "securityInformation",
        node("responsibilityInformation", owner),
        node("queueingInformation", leaf("queueingOfficeId", office.id)),
        leaf("cityCode", office.city),
        node("secondRpInformation", second),
    )


def _tags(order: Order, view: View) -> str:
    tags = (["TST"] if order.fares else []) + (["RLR"] if view.committed else [])
    if not tags:
        return ""
    said = node("freetextDetail", leaves(subjectQualifier=3, type="P12")) + leaf(
        "longFreetext", f"--- {' '.join(tags)} ---"
    )
    return node("freetextData", said) + node(
        "pnrHeaderTag", *(node("statusInformation", leaf("indicator", tag)) for tag in tags)
    )


def _points_of_sale(office: Office) -> str:
    place = (
        node(
            "sbrUserIdentificationOwn",
            node("originIdentification", leaves(originatorId=office.iata, inHouseIdentification1=office.id)),
            leaf("originatorTypeCode", "T"),
        )
        + node("sbrSystemDetails", node("deliveringSystem", leaves(companyId="1A", locationId=office.city)))
        + node("sbrPreferences", node("userPreferences", leaf("codedCountry", office.country)))
    )
    return "".join(node(name, place) for name in ("sbrPOSDetails", "sbrCreationPosDetails", "sbrUpdatorPosDetails"))


def _technical(order: Order) -> str:
    last = max((segment.arrives for segment in order.segments), default=order.created) + timedelta(days=3)
    return node(
        "technicalData",
        node("enveloppeNumberData", node("sequenceDetails", leaf("number", order.version))),
        node("lastTransmittedEnvelopeNumber", leaf("currentRecord", max(order.version - 1, 0))),
        node("purgeDateData", node("dateTime", leaves(year=last.year, month=last.month, day=last.day))),
    )


def _management(wrapper: str, qualifier: str, number: int, name: str, line: int) -> str:
    reference = node("reference", leaves(qualifier=qualifier, number=number))
    return node(wrapper, reference, leaves(segmentName=name, lineNumber=line))


def _born(wrapper: str, passenger: Passenger) -> str:
    if passenger.birth_date is None:
        return ""
    return node(wrapper, node("dateAndTimeDetails", leaves(qualifier=706, date=f"{passenger.birth_date:%d%m%Y}")))


def _traveller(order: Order, passenger: Passenger, line: int) -> str:
    infant = next((each for each in order.passengers if each.infant_of == passenger.tattoo), None)
    together = infant is not None and infant.last_name == passenger.last_name
    persons = [passenger, infant] if infant and together else [passenger]
    told = node("traveller", leaves(surname=passenger.last_name, quantity=2 if infant else 1)) + nodes(
        "passenger", (leaves(firstName=each.first_name, type=each.kind) for each in persons)
    )
    data = node(
        "passengerData", node("travellerInformation", told), "" if together else _born("dateOfBirth", passenger)
    )
    if infant and not together:
        own = node("traveller", leaves(surname=infant.last_name, quantity=1)) + node(
            "passenger", leaves(firstName=infant.first_name, type="INF")
        )
        data += node("passengerData", node("travellerInformation", own), _born("dateOfBirth", infant))
    return (
        _management("elementManagementPassenger", "PT", passenger.tattoo, "NM", line)
        + data
        + _enhanced(passenger)
        + (_enhanced(infant) if infant else "")
    )


def _enhanced(passenger: Passenger) -> str:
    name = leaves(
        nameType="UN",
        referenceName="Y",
        displayedName="Y",
        surname=passenger.last_name,
        givenName=passenger.first_name,
    )
    told = node("travellerNameInfo", leaves(quantity=1, type=passenger.kind)) + node("otherPaxNamesDetails", name)
    return node(
        "enhancedPassengerData",
        node("enhancedTravellerInformation", told),
        _born("dateOfBirthInEnhancedPaxData", passenger),
    )


def _refused(name: NameProblem, travellers: int) -> str:
    reference = node("reference", leaves(qualifier="PT", number=travellers + 1))
    told = node("traveller", leaves(surname=name.last[:56] or "-", quantity=1)) + node(
        "passenger", leaves(firstName=name.first[:56] or None, type="ADT")
    )
    return (
        node("elementManagementPassenger", leaf("status", "ERR"), reference, leaf("segmentName", "NM"))
        + node("passengerData", node("travellerInformation", told))
        + node("nameError", _error(name.code, (name.text,)))
    )


def _itinerary(order: Order, flights: list[Segment], view: View, line: int) -> str:
    if not flights:
        return ""
    seats = sum(passenger.kind != "INF" for passenger in order.passengers) or int(str(order.extra.get("seats", 1)))
    told = nodes(
        "itineraryInfo",
        (_flight(order, segment, seats, line + number, view) for number, segment in enumerate(flights)),
    )
    return node("originDestinationDetails", EMPTY_ORIGIN, told)


def _flight(order: Order, segment: Segment, seats: int, line: int, view: View) -> str:
    minutes = round((segment.arrives - segment.departs).total_seconds() / 60)
    times = leaves(
        depDate=ddmmyy(segment.departs),
        depTime=hhmm(segment.departs),
        arrDate=ddmmyy(segment.arrives),
        arrTime=hhmm(segment.arrives),
    )
    product = node(
        "travelProduct",
        node("product", times),
        node("boardpointDetail", leaf("cityCode", segment.origin)),
        node("offpointDetail", leaf("cityCode", segment.destination)),
        node("companyDetail", leaf("identification", segment.carrier)),
        node("productDetails", leaves(identification=segment.number, classOfService=segment.booking_class)),
        node("typeDetail", leaf("detail", "ET")),
    )
    airline = node("reservation", leaves(companyId=segment.carrier, controlNumber=order.locator))
    aircraft = leaves(
        equipment=segment.equipment,
        numOfStops=0,
        duration=f"{minutes // 60:02}{minutes % 60:02}" if 0 <= minutes < 1440 else None,
        weekDay=segment.departs.isoweekday(),
    )
    leg = leaves(
        departureDate=ddmmyy(segment.departs),
        departureTime=hhmm(segment.departs),
        arrivalDate=ddmmyy(segment.arrives),
        arrivalTime=hhmm(segment.arrives),
    )
    return (
        _management("elementManagementItinerary", "ST", segment.tattoo, "AIR", line)
        + product
        + node("itineraryMessageAction", node("business", leaf("function", 1)))
        + (node("itineraryReservationInfo", airline) if view.committed else "")
        + node("relatedProduct", leaves(quantity=seats, status=segment.status))
        + node("flightDetail", node("productDetails", aircraft))
        + node("selectionDetails", node("selection", leaf("option", "P2")))
        + node(
            "legInfo",
            "<markerLegInfo></markerLegInfo>",
            node(
                "legTravelProduct",
                node("flightDate", leg),
                node("boardPointDetails", leaf("trueLocationId", segment.origin)),
                node("offpointDetails", leaf("trueLocationId", segment.destination)),
            ),
        )
        + "<markerRailTour></markerRailTour>"
    )
