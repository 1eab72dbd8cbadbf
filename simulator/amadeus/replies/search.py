"""Fare_MasterPricerTravelBoardSearchReply, after `fareMasterPricerTravelBoardSearchReply-12.4.txt`.

Flights are listed once a slice and referred to by number; amounts of a recommendation are for everybody, those of a
`paxFareProduct` for one passenger of the kind.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from decimal import Decimal

from simulator.amadeus.markup import escaped, leaf, leaves, message, node
from simulator.amadeus.reading import ddmmmyy, ddmmyy, hhmm
from simulator.model import Fare, Flight, Itinerary, PassengerKind


@dataclass(frozen=True, slots=True)
class Travellers:
    """One `paxReference` of the request: the code as asked (CH, INF) and the numbers its travellers were given."""

    kind: PassengerKind
    code: str
    references: tuple[str, ...]


def offers(
    schema: str,
    found: Sequence[Itinerary],
    travellers: Sequence[Travellers],
    currency: str,
    zone: tzinfo,
) -> str:
    """The reply with at least one recommendation."""
    indexes: list[dict[tuple[str, ...], int]] = [{} for _ in found[0].flights]
    listed: list[list[str]] = [[] for _ in indexes]
    recommendations = []
    for number, itinerary in enumerate(found, 1):
        references = []
        for slice_, flights in enumerate(itinerary.flights):
            key = tuple(flight.key for flight in flights)
            reference = indexes[slice_].get(key)
            if reference is None:
                reference = indexes[slice_][key] = len(indexes[slice_]) + 1
                listed[slice_].append(_group(reference, flights, itinerary.validating_carrier))
            references.append(reference)
        recommendations.append(_recommendation(number, itinerary, references, travellers, zone))
    flown = (
        node("flightIndex", node("requestedSegmentRef", leaf("segRef", number)), *groups)
        for number, groups in enumerate(listed, 1)
    )
    return (
        f'<Fare_MasterPricerTravelBoardSearchReply xmlns="{escaped(schema)}">'
        f"{node('replyStatus', node('status', leaf('advisoryTypeInfo', 'FQX')))}"
        f"{node('conversionRate', node('conversionRateDetail', leaf('currency', currency)))}"
        f"{''.join(flown)}{''.join(recommendations)}</Fare_MasterPricerTravelBoardSearchReply>"
    )


def refused(schema: str, code: str, words: str) -> str:
    """866 no fare, 920 past date, 968 bad coded value: a message of its own shape."""
    error = node("applicationError", node("applicationErrorDetail", leaf("error", code)))
    qualified = node("freeTextQualification", leaf("textSubjectQualifier", 1))
    told = node("errorMessage", error, node("errorMessageText", qualified, leaf("description", words)))
    return message("Fare_MasterPricerTravelBoardSearchReply", schema, told)


def _group(reference: int, flights: Sequence[Flight], carrier: str) -> str:
    minutes = int((flights[-1].arrives - flights[0].departs).total_seconds() // 60)
    proposals = (
        leaf("ref", reference),
        leaves(ref=f"{minutes // 60:02}{minutes % 60:02}", unitQualifier="EFT"),
        leaves(ref=carrier, unitQualifier="MCX"),
    )
    return node(
        "groupOfFlights",
        node("propFlightGrDetail", *(node("flightProposal", each) for each in proposals)),
        *(node("flightDetails", node("flightInformation", _flight(flight))) for flight in flights),
    )


def _flight(flight: Flight) -> str:
    days = (flight.arrives.date() - flight.departs.date()).days
    times = leaves(
        dateOfDeparture=ddmmyy(flight.departs),
        timeOfDeparture=hhmm(flight.departs),
        dateOfArrival=ddmmyy(flight.arrives),
        timeOfArrival=hhmm(flight.arrives),
        dateVariation=days or None,
    )
    return (
        node("productDateTime", times)
        + node("location", leaf("locationId", flight.origin))
        + node("location", leaf("locationId", flight.destination))
        + node("companyId", leaves(marketingCarrier=flight.carrier, operatingCarrier=flight.carrier))
        + leaf("flightOrtrainNumber", flight.number)
        + node("productDetail", leaf("equipmentType", flight.equipment))
        + node("addProductDetail", leaves(electronicTicketing="Y", productDetailQualifier="AIP"))
    )


def _recommendation(
    number: int,
    itinerary: Itinerary,
    references: Sequence[int],
    travellers: Sequence[Travellers],
    zone: tzinfo,
) -> str:
    total, tax = _sums(itinerary.fares, travellers)
    amounts = "".join(node("monetaryDetail", leaf("amount", amount)) for amount in (total, tax))
    flown = (node("referencingDetail", leaves(refQualifier="S", refNumber=each)) for each in references)
    return node(
        "recommendation",
        node("itemNumber", node("itemNumberId", leaf("number", number))),
        node("recPriceInfo", amounts),
        node("segmentFlightRef", *flown),
        *(_product(place, group, itinerary, zone) for place, group in enumerate(travellers, 1)),
    )


def _sums(fares: Mapping[PassengerKind, Fare], travellers: Sequence[Travellers]) -> tuple[Decimal, Decimal]:
    total = tax = Decimal(0)
    for group in travellers:
        total += fares[group.kind].total * len(group.references)
        tax += fares[group.kind].tax * len(group.references)
    return total, tax


def _product(place: int, group: Travellers, itinerary: Itinerary, zone: tzinfo) -> str:
    fare = itinerary.fares[group.kind]
    detail = (
        leaves(paxFareNum=place, totalFareAmount=fare.total, totalTaxAmount=fare.tax)
        + node("codeShareDetails", leaves(transportStageQualifier="V", company=itinerary.validating_carrier))
        + node("pricingTicketing", leaf("priceType", "OBF"))
    )
    penalty = "PENALTY APPLIES - CHECK RULES" if fare.refundable else "TICKETS ARE NON-REFUNDABLE"
    last = ddmmmyy(fare.last_ticketing.astimezone(zone))
    messages = (
        _message("PEN", "73" if fare.refundable else "70", penalty)
        + _message("LTD", "40", "LAST TKT DTE", last, " - SEE ADV PURCHASE")
        + _message("SUR", "79", "FARE VALID FOR E TICKET ONLY")
    )
    return node(
        "paxFareProduct",
        node("paxFareDetail", detail),
        node(
            "paxReference",
            leaf("ptc", group.code),
            *(node("traveller", leaf("ref", reference)) for reference in group.references),
        ),
        messages,
        _details(group.code, fare, itinerary),
    )


def _message(subject: str, information: str, *words: str) -> str:
    qualified = leaves(textSubjectQualifier=subject, informationType=information)
    said = "".join(leaf("description", each) for each in words)
    return node("fare", node("pricingMessage", node("freeTextQualification", qualified), said))


def _details(code: str, fare: Fare, itinerary: Itinerary) -> str:
    cabin, parts, place = fare.cabin, [], 0
    for number, flights in enumerate(itinerary.flights, 1):
        groups = []
        for index, flight in enumerate(flights):
            rbd, basis = fare.classes[place], fare.fare_bases[place]
            place += 1
            point = "Y" if index == len(flights) - 1 else "N"
            groups.append(
                "<groupOfFares><productInformation>"
                f"<cabinProduct>{leaves(rbd=rbd, cabin=cabin, avlStatus=flight.seats.get(rbd, 0))}</cabinProduct>"
                f"<fareProductDetail>{leaves(fareBasis=basis, passengerType=code, fareType='RP')}</fareProductDetail>"
                f"<breakPoint>{point}</breakPoint></productInformation></groupOfFares>"
            )
        major = node("majCabin", node("bookingClassDetails", leaf("designator", cabin)))
        parts.append(node("fareDetails", node("segmentRef", leaf("segRef", number)), *groups, major))
    return "".join(parts)
