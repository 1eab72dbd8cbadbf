"""Fare_PricePNRWithBookingClassReply, Ticket_CreateTSTFromPricingReply and FOP_CreateFormOfPaymentReply.

After `farePricePnrWithBookingClassReply14.txt`: one `fareList` for each passenger kind and alternative, the amounts
for one passenger; B the fare as filed, E its equivalent where that is another currency, 712 the total, TFT the total
without airline fees (there are none here, so TOF is left out).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from decimal import Decimal

from simulator.amadeus.markup import leaf, leaves, message, node
from simulator.amadeus.replies.lines import shown_tattoo
from simulator.model import Fare, Order, Passenger, PricedFare, Segment


@dataclass(frozen=True, slots=True)
class Filed:
    """The fare in the currency it is filed in, and what one unit of that is in the currency of sale."""

    currency: str
    base: Decimal
    rate: Decimal


def priced(
    schema: str,
    order: Order,
    quoted: Sequence[PricedFare],
    filed: Mapping[int, Filed | None],
    cities: tuple[str, str],
    zone: tzinfo,
) -> str:
    """`filed` by the number of the quote: None where the fare is filed in the currency of sale."""
    lists = (_fare_list(order, each, filed[each.number], cities, zone) for each in quoted)
    return message("Fare_PricePNRWithBookingClassReply", schema, *lists)


def not_priced(schema: str, code: str, words: str) -> str:
    details = node("errorDetails", leaves(errorCode=code, errorCategory="EC", errorCodeOwner="1A"))
    told = node("errorOrWarningCodeDetails", details) + node("errorWarningDescription", leaf("freeText", words))
    return message("Fare_PricePNRWithBookingClassReply", schema, node("applicationError", told))


def stored(schema: str, order: Order, fares: Sequence[PricedFare]) -> str:
    """The TSTs made, with the passengers of each: PA by their own number, PI an infant by its adult's."""
    people = {passenger.tattoo: passenger for passenger in order.passengers}
    lists = []
    for each in fares:
        reference = leaves(referenceType="TST", uniqueReference=each.number)
        sequence = node("iDDescription", leaf("iDSequenceNumber", each.number))
        whom = "".join(_passenger(people[tattoo]) for tattoo in each.passengers)
        lists.append(node("tstList", node("tstReference", reference, sequence), node("paxInformation", whom)))
    return message("Ticket_CreateTSTFromPricingReply", schema, *lists)


def not_stored(schema: str, code: str, words: str) -> str:
    detail = node("applicationErrorDetail", leaves(applicationErrorCode=code, codeListQualifier="EC"))
    told = node("applicationErrorInfo", detail) + node("errorText", leaf("errorFreeText", words))
    return message("Ticket_CreateTSTFromPricingReply", schema, node("applicationError", told))


def form_of_payment(schema: str, number: int, code: str, text: str) -> str:
    """`fopCreateForpOfPaymentReply154.txt`, without what only a card has."""
    reporting = "CC" if code.startswith("CC") else code[:2]
    described = leaves(fopCode=code, fopStatus="N", fopReportingCode=reporting, fopElecTicketingCode=reporting)
    flow = node("freeTextDetails", leaves(textSubjectQualifier="ZZZ", source="M", encoding="ZZZ"))
    mop = (
        node("fopSequenceNumber", node("sequenceDetails", leaf("number", 1)))
        + node(
            "mopDetails",
            node("fopPNRDetails", node("fopDetails", described)),
            node("oldFopFreeflow", flow, leaf("freeText", text)),
        )
        + node("paymentModule", node("groupUsage", node("attributeDetails", leaf("attributeType", "FP"))))
    )
    told = node("fopReference", node("reference", leaves(qualifier="FPT", number=number))) + node("mopDescription", mop)
    return message("FOP_CreateFormOfPaymentReply", schema, node("fopDescription", told))


def _passenger(passenger: Passenger) -> str:
    qualifier = "PI" if passenger.kind == "INF" else "PA"
    return node("refDetails", leaves(refQualifier=qualifier, refNumber=shown_tattoo(passenger)))


def _day(name: str, semantic: str, moment: datetime) -> str:
    day = node("dateTime", leaves(year=moment.year, month=moment.month, day=moment.day))
    return node(name, leaf("businessSemantic", semantic), day)


def _amounts(fare: Fare, filed: Filed | None) -> str:
    rows = (
        [("B", filed.base, filed.currency), ("E", fare.base, fare.currency)]
        if filed
        else [("B", fare.base, fare.currency)]
    )
    rows += [("712", fare.total, fare.currency), ("TFT", fare.total, fare.currency)]
    return node("fareDataMainInformation", leaf("fareDataQualifier", "F")) + "".join(
        node("fareDataSupInformation", leaves(fareDataQualifier=kind, fareAmount=amount, fareCurrency=currency))
        for kind, amount, currency in rows
    )


def _taxes(fare: Fare) -> str:
    told = []
    for tax in fare.taxes:
        money = leaves(fareDataQualifier="TAX", fareAmount=tax.amount, fareCurrency=fare.currency)
        detail = (
            leaf("taxQualifier", 7)
            + node("taxIdentification", leaf("taxIdentifier", "X"))
            + node("taxType", leaf("isoCountry", tax.code))
            + leaves(taxNature=tax.nature or None)
        )
        amount = node("amountDetails", node("fareDataMainInformation", money))
        told.append(node("taxInformation", node("taxDetails", detail), amount))
    return "".join(told)


def _fare_list(order: Order, quote: PricedFare, filed: Filed | None, cities: tuple[str, str], zone: tzinfo) -> str:
    fare = quote.fare
    people = {passenger.tattoo: passenger for passenger in order.passengers}
    flights = {segment.tattoo: segment for segment in order.segments}
    last = fare.last_ticketing.astimezone(zone)
    indicator = node("tstInformation", leaf("tstIndicator", "I"))
    rate = node("bankerRates", node("firstRateDetail", leaf("amount", filed.rate))) if filed else ""
    segments = "".join(
        _segment(flights[tattoo], place, fare) for place, tattoo in enumerate(quote.segments) if tattoo in flights
    )
    carrier = node("carrierInformation", leaf("carrierCode", order.validating_carrier))
    return node(
        "fareList",
        node("pricingInformation", indicator, leaf("fcmi", "0")),
        node("fareReference", leaves(referenceType="TST", uniqueReference=quote.number)),
        _day("lastTktDate", "LT", last),
        node("validatingCarrier", carrier),
        node("paxSegReference", *(_passenger(people[tattoo]) for tattoo in quote.passengers)),
        node("fareDataInformation", _amounts(fare, filed)),
        _taxes(fare),
        rate,
        node("originDestination", *(leaf("cityCode", city) for city in cities)),
        segments,
        _calculation(order, fare),
        _warnings(fare),
    )


def _segment(segment: Segment, place: int, fare: Fare) -> str:
    basis, pieces = fare.fare_bases[place], fare.baggage.endswith("PC")
    product = leaves(identification="AIR", classOfService=fare.classes[place])
    code = leaves(
        primaryCode=basis[:3],
        fareBasisCode=basis[3:] or None,
        discTktDesignator={"ADT": "ADT", "CHD": "CH", "INF": "IN"}[fare.kind],
    )
    bags = leaves(baggageQuantity=fare.baggage.rstrip("KPC") or 0, baggageType="N" if pieces else "W")
    return node(
        "segmentInformation",
        node("connexInformation", node("connecDetails", leaf("connexType", "O"))),
        node("segDetails", node("segmentDetail", product)),
        node("fareQualifier", node("fareBasisDetails", code)),
        _day("validityInformation", "A", segment.departs),
        _day("validityInformation", "B", segment.departs),
        node("bagAllowanceInformation", node("bagAllowanceDetails", bags)),
        node("segmentReference", node("refDetails", leaves(refQualifier="S", refNumber=segment.tattoo))),
        node("sequenceInformation", node("sequenceSection", leaf("sequenceNumber", place + 1))),
    )


def _calculation(order: Order, fare: Fare) -> str:
    endorsement = "PENALTY APPLIES" if fare.refundable else "NONREF / NO CHANGE"
    carriers = sorted({segment.carrier for segment in order.segments})
    rows = (("END", endorsement), ("FCA", f"{'/'.join(carriers)} {fare.base}{fare.currency} END"))
    details = (node("attributeDetails", leaves(attributeType=kind, attributeDescription=words)) for kind, words in rows)
    return node("otherPricingInfo", *details)


def _warnings(fare: Fare) -> str:
    rows = [("PEN", ["PENALTY APPLIES" if fare.refundable else "NON-REFUNDABLE"]), ("LTD", ["- SEE ADV PURCHASE"])]
    told = []
    for code, words in rows:
        detail = leaves(applicationErrorCode=code, codeListQualifier="WEC", codeListResponsibleAgency="1A")
        text = "".join(leaf("errorFreeText", each) for each in words)
        warning = node("warningCode", node("applicationErrorDetail", detail)) + node("warningText", text)
        told.append(node("warningInformation", warning))
    return "".join(told)
