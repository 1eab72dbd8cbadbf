"""Offers from Amadeus: which flights belong to which price, what each traveller pays, until when."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from qafila.air.gateways.amadeus.replies.search import search_reply
from qafila.air.gateways.amadeus.xml import parse
from qafila.air.gateways.tests.replying import OFFICE, recorded, reply
from qafila.air.gateways.values import LimitKind, Money, SearchQuery, Slice


def sar(amount: str) -> Money:
    return Money(Decimal(amount), "SAR")


def proposal(ref: str, *flights: str) -> str:
    legs = "".join(
        "<flightDetails><flightInformation><productDateTime>"
        f"<dateOfDeparture>{day}</dateOfDeparture><timeOfDeparture>{out}</timeOfDeparture><timeOfArrival>{back}</timeOfArrival>"
        f"<dateVariation>{later}</dateVariation></productDateTime><location><locationId>{origin}</locationId></location>"
        f"<location><locationId>{to}</locationId></location><companyId><marketingCarrier>SV</marketingCarrier></companyId>"
        f"<flightOrtrainNumber>{number}</flightOrtrainNumber></flightInformation></flightDetails>"
        for number, origin, to, day, out, back, later in (one.split() for one in flights)
    )
    proposals = "".join(
        f"<flightProposal><ref>{value}</ref>{f'<unitQualifier>{unit}</unitQualifier>' if unit else ''}</flightProposal>"
        for value, unit in (("0358", "EFT"), ("SV", "MCX"), (ref, ""))
    )
    return f"<groupOfFlights><propFlightGrDetail>{proposals}</propFlightGrDetail>{legs}</groupOfFlights>"


def passenger(kind: str, count: int, total: str, tax: str, classes: str, message: str = "") -> str:
    who = "".join(f"<traveller><ref>{number}</ref></traveller>" for number in range(1, count + 1))
    details = "".join(
        f"<fareDetails><segmentRef><segRef>{place}</segRef></segmentRef>"
        + "".join(
            f"<groupOfFares><productInformation><cabinProduct><rbd>{rbd}</rbd><cabin>Y</cabin></cabinProduct>"
            "<fareProductDetail><fareBasis>VOW</fareBasis></fareProductDetail></productInformation></groupOfFares>"
            for rbd in group
        )
        + "</fareDetails>"
        for place, group in enumerate(classes.split("/"), 1)
    )
    return (
        f"<paxFareProduct><paxFareDetail><paxFareNum>1</paxFareNum><totalFareAmount>{total}</totalFareAmount>"
        f"<totalTaxAmount>{tax}</totalTaxAmount><codeShareDetails><company>HR</company></codeShareDetails><codeShareDetails>"
        "<transportStageQualifier>V</transportStageQualifier><company>SV</company></codeShareDetails></paxFareDetail>"
        f"<paxReference><ptc>{kind}</ptc>{who}</paxReference>{message}{details}</paxFareProduct>"
    )


def said(code: str, *words: str) -> str:
    each = "".join(f"<description>{one}</description>" for one in words)
    kind = f"<freeTextQualification><textSubjectQualifier>{code}</textSubjectQualifier></freeTextQualification>"
    return f"<fare><pricingMessage>{kind}{each}</pricingMessage></fare>"


def combination(*references: str) -> str:
    each = "".join(
        f"<referencingDetail><refQualifier>{one[0]}</refQualifier><refNumber>{one[1:]}</refNumber></referencingDetail>"
        for one in references
    )
    return f"<segmentFlightRef>{each}</segmentFlightRef>"


OUT = proposal("1", "801 SXR DEL 180127 0905 1040 0", "61 DEL JED 180127 2330 0330 1") + proposal(
    "2", "803 SXR JED 180127 1200 1530 0"
)
BACK = proposal("1", "802 JED SXR 270127 0100 0915 0")
FLIGHTS = f"<flightIndex>{OUT}</flightIndex><flightIndex>{BACK}</flightIndex>"
CURRENCY = "<conversionRate><conversionRateDetail><currency>SAR</currency></conversionRateDetail></conversionRate>"


def found(recommendations: str, query: SearchQuery | None = None, flights: str = FLIGHTS):
    told = CURRENCY + flights + recommendations
    return search_reply(reply("Fare_MasterPricerTravelBoardSearchReply", told), query, OFFICE)


def recommended(total: str, *parts: str) -> str:
    price = f"<recPriceInfo><monetaryDetail><amount>{total}</amount></monetaryDetail></recPriceInfo>" if total else ""
    return f"<recommendation>{price}{''.join(parts)}</recommendation>"


def test_every_combination_of_a_recommendation_is_an_offer_at_its_price():
    both = recommended(
        "900.00", combination("S1", "S1"), combination("S2", "S1"), passenger("ADT", 2, "450.00", "50.00", "VW/Q")
    )
    offers = found(both).offers
    assert [[segment.number for segment in offer.segments] for offer in offers] == [
        ["801", "61", "802"],
        ["803", "802"],
    ]
    assert {offer.total for offer in offers} == {sar("900.00")}
    assert [segment.booking_class for segment in offers[0].segments] == ["V", "W", "Q"]
    assert [segment.slice for segment in offers[0].segments] == [0, 0, 1]
    assert offers[0].validating_carrier == "SV"


def test_a_fare_is_of_one_traveller_with_taxes_and_the_total_of_all():
    family = recommended(
        "", combination("S2", "S1"), passenger("ADT", 2, "450.00", "50.00", "V/Q"),
        passenger("CH", 1, "300.00", "50.00", "V/Q"), passenger("INF", 1, "45.00", "5.00", "V/Q"),
    )  # fmt: skip
    (offer,) = found(family).offers
    assert [(fare.passenger_type.value, fare.count, fare.base, fare.tax) for fare in offer.fares] == [
        ("ADT", 2, sar("400.00"), sar("50.00")), ("CHD", 1, sar("250.00"), sar("50.00")),
        ("INF", 1, sar("40.00"), sar("5.00")),
    ]  # fmt: skip
    assert offer.total == sar("1245.00")


def test_a_flight_that_arrives_the_next_day_says_by_how_many():
    (offer,) = found(
        recommended("450.00", combination("S1", "S1"), passenger("ADT", 1, "450.00", "50.00", "VV/Q"))
    ).offers
    assert offer.segments[1].arrives == datetime(2027, 1, 19, 3, 30, tzinfo=ZoneInfo("Asia/Riyadh"))


def test_baggage_and_other_references_are_no_flights():
    (offer,) = found(
        recommended("450.00", combination("S2", "B7", "S1", "A1"), passenger("ADT", 1, "450", "50", "V/Q"))
    ).offers
    assert [segment.number for segment in offer.segments] == ["803", "802"]


def test_free_baggage_is_told_slice_by_slice():
    def coverage(allowance: int, requested: int) -> str:
        return (
            f"<serviceCovInfoGrp><refInfo><referencingDetail><refNumber>{allowance}</refNumber></referencingDetail></refInfo>"
            "<coveragePerFlightsInfo><numberOfItemsDetails><referenceQualifier>RS</referenceQualifier>"
            f"<refNum>{requested}</refNum></numberOfItemsDetails></coveragePerFlightsInfo></serviceCovInfoGrp>"
        )

    def allowance(number: int, free: int, unit: str) -> str:
        return (
            f"<freeBagAllowanceGrp><freeBagAllownceInfo><baggageDetails><freeAllowance>{free}</freeAllowance>"
            f"<quantityCode>{unit}</quantityCode></baggageDetails></freeBagAllownceInfo><itemNumberInfo>"
            f"<itemNumberDetails><number>{number}</number></itemNumberDetails></itemNumberInfo></freeBagAllowanceGrp>"
        )

    baggage = (
        "<serviceFeesGrp><serviceTypeInfo><carrierFeeDetails><type>FBA</type></carrierFeeDetails></serviceTypeInfo>"
        "<serviceCoverageInfoGrp><itemNumberInfo><itemNumber><number>7</number></itemNumber></itemNumberInfo>"
        f"{coverage(1, 1)}{coverage(2, 2)}</serviceCoverageInfoGrp>{allowance(1, 2, 'N')}{allowance(2, 30, 'W')}"
        "</serviceFeesGrp>"
    )
    offer_ = recommended("450.00", combination("S2", "S1", "B7"), passenger("ADT", 1, "450.00", "50.00", "V/Q"))
    (offer,) = found(offer_ + baggage).offers
    assert [segment.baggage for segment in offer.segments] == ["2PC", "30K"]


def test_flights_are_found_by_the_slice_they_answer_in_whatever_order_they_come():
    numbered = "<flightIndex><requestedSegmentRef><segRef>{}</segRef></requestedSegmentRef>{}</flightIndex>"
    turned = numbered.format(2, BACK) + numbered.format(1, OUT)
    one = recommended("450.00", combination("S2", "S1"), passenger("ADT", 1, "450.00", "50.00", "V/Q"))
    (offer,) = found(one, flights=turned).offers
    assert [segment.number for segment in offer.segments] == ["803", "802"]


def test_a_total_that_is_not_the_sum_and_a_child_in_another_class_are_noted():
    parts = passenger("ADT", 1, "450.00", "50.00", "V/Q"), passenger("CH", 1, "300.00", "50.00", "W/Q")
    (offer,) = found(recommended("760.00", combination("S2", "S1"), *parts)).offers
    assert offer.total == sar("760.00")
    assert set(offer.notes) == {"the fares of the travellers add up to SAR 750.00", "CHD fared in classes W Q"}


def test_a_combination_with_a_flight_that_is_not_in_the_reply_is_noted_and_left_out():
    answer = found(recommended("450.00", combination("S9", "S1"), passenger("ADT", 1, "450.00", "50.00", "V/Q")))
    assert answer.offers == ()
    assert answer.notes


def test_a_recommendation_with_an_unreadable_price_is_never_sold_at_a_guess():
    answer = found(recommended("450.00", combination("S2", "S1"), passenger("ADT", 1, "FREE", "50.00", "V/Q")))
    assert (answer.offers, answer.notes) == ((), ("recommendation : no readable price",))


def test_the_last_ticketing_date_lasts_until_the_offices_midnight():
    messages = said("LTD", "LAST TKT DTE", "10JAN27", " - SEE ADV PURCHASE") + said("PEN", "TICKETS ARE NON-REFUNDABLE")
    (offer,) = found(
        recommended("450.00", combination("S2", "S1"), passenger("ADT", 1, "450.00", "50.00", "V/Q", messages))
    ).offers
    (limit,) = offer.time_limits
    assert (limit.kind, limit.at) == (
        LimitKind.TICKETING, datetime(2027, 1, 10, 23, 59, 59, tzinfo=ZoneInfo("Asia/Kolkata")),
    )  # fmt: skip
    assert offer.refundable is False


def test_a_last_ticketing_date_that_cannot_be_read_is_a_note():
    messages = said("LTD", "LAST TKT DTE", "SOON")
    (offer,) = found(
        recommended("450.00", combination("S2", "S1"), passenger("ADT", 1, "450.00", "50.00", "V/Q", messages))
    ).offers
    assert offer.time_limits == ()
    assert "time limit not read: LAST TKT DTE SOON" in offer.notes


def test_the_cheapest_comes_first_and_no_more_than_asked_for():
    answer = search_reply(
        parse(recorded("fareMasterPricerTravelBoardSearchReply-12.4")),
        SearchQuery((Slice("BRU", "LON", date(2017, 1, 15)),), limit=10),
        OFFICE,
    )
    assert len(answer.offers) == 10
    assert [offer.total.amount for offer in answer.offers] == sorted(offer.total.amount for offer in answer.offers)


def test_the_token_holds_what_selling_needs():
    (offer,) = found(
        recommended("900.00", combination("S2", "S1"), passenger("ADT", 2, "450.00", "50.00", "V/Q"))
    ).offers
    token = json.loads(offer.token)
    assert token["slices"] == [["SXR", "JED"], ["JED", "SXR"]]
    assert token["segments"][0] == {
        "slice": 0, "carrier": "SV", "number": "803", "origin": "SXR", "destination": "JED", "date": "2027-01-18",
        "departs": "12:00", "arrival_date": "2027-01-18", "arrives": "15:30", "class": "V",
    }  # fmt: skip
    assert (token["total"], token["currency"], token["validating"]) == ("900.00", "SAR", "SV")
    assert token["fares"] == [{"type": "ADT", "count": 2, "total": "450.00"}]


def test_no_fare_found_is_an_empty_answer_and_a_past_date_is_a_refusal():
    told = (
        "<errorMessage><applicationError><applicationErrorDetail><error>{}</error></applicationErrorDetail></applicationError>"
        "<errorMessageText><description>{}</description></errorMessageText></errorMessage>"
    )
    none = found(told.format("866", "NO FARE FOUND FOR REQUESTED ITINERARY"), flights="")
    assert (none.offers, none.empty) == ((), True)
    past = found(told.format("920", "Past date/time not allowed"), flights="")
    assert not past.empty
    assert past.problems[0].severity == "error"
