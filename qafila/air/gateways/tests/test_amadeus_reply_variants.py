"""Other versions say the same otherwise: replies whose shape differs and whose meaning does not."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from qafila.air.gateways.amadeus.replies.price import chosen, price_reply, total
from qafila.air.gateways.amadeus.replies.refund import refund_reply
from qafila.air.gateways.amadeus.replies.sales import sales_reply
from qafila.air.gateways.amadeus.replies.search import search_reply
from qafila.air.gateways.amadeus.replies.void import void_reply
from qafila.air.gateways.tests.replying import OFFICE, flight, order, reply
from qafila.air.gateways.values import Money, TaxLine

SRINAGAR = ZoneInfo("Asia/Kolkata")


def eur(amount: str) -> Money:
    return Money(Decimal(amount), "EUR")


def test_names_that_stand_in_the_enhanced_data_alone_are_read():
    person = (
        "<travellerInfo><elementManagementPassenger><reference><qualifier>PT</qualifier><number>4</number></reference>"
        "</elementManagementPassenger><passengerData><dateOfBirth><dateAndTimeDetails><date>02021990</date>"
        "</dateAndTimeDetails></dateOfBirth></passengerData><enhancedPassengerData><enhancedTravellerInformation>"
        "<travellerNameInfo><quantity>1</quantity><type>ADT</type></travellerNameInfo><otherPaxNamesDetails>"
        "<nameType>UN</nameType><referenceName>Y</referenceName><surname>WALNUT</surname>"
        "<givenName>NOOR MRS</givenName></otherPaxNamesDetails></enhancedTravellerInformation></enhancedPassengerData>"
        "</travellerInfo>"
    )
    (traveller,) = order(people=person).travellers
    assert (traveller.id, traveller.last_name, traveller.first_name) == ("4", "WALNUT", "NOOR MRS")


def test_a_railway_stations_times_are_marked_as_nobodys():
    found = order(flights=flight("1").replace("JED", "ZYR") + flight("2").replace("SXR", "ZYR"))
    assert [note for note in found.notes if "ZYR" in note] == [
        "nobody knows the time zone of ZYR: its times are in UTC"
    ]


def fare(number: str, amount: str, category: str = "") -> str:
    """A fare of passenger 1 on flight 1."""
    marks = f"<fareDetails><fareCategory>{category}</fareCategory></fareDetails>" if category else ""
    return (
        f"<fareList><fareReference><referenceType>TST</referenceType><uniqueReference>{number}</uniqueReference>"
        f"</fareReference><fareIndicators>{marks}</fareIndicators><paxSegReference><refDetails><refQualifier>PA"
        "</refQualifier><refNumber>1</refNumber></refDetails></paxSegReference><fareDataInformation>"
        f"<fareDataSupInformation><fareDataQualifier>712</fareDataQualifier><fareAmount>{amount}</fareAmount>"
        "<fareCurrency>EUR</fareCurrency></fareDataSupInformation></fareDataInformation><segmentInformation>"
        "<segmentReference><refDetails><refQualifier>S</refQualifier><refNumber>1</refNumber></refDetails>"
        "</segmentReference></segmentInformation></fareList>"
    )


def priced(*fares: str):
    return price_reply(reply("Fare_PricePNRWithLowestFareReply", "".join(fares)), OFFICE)


def test_a_fare_that_cannot_be_ticketed_is_left_for_one_that_can():
    cheap, real = fare("1", "99.00", "NTF"), fare("2", "120.00")
    found = priced(cheap, real)
    assert total(chosen(found, ("1",))) == eur("120.00")
    assert "fare 1 cannot be ticketed" in found.fares[0].notes
    assert total(chosen(found, ("1",), numbers=("1",))) == eur("99.00")  # asked for by its number
    assert total(chosen(priced(cheap), ("1",))) == eur("99.00")  # nothing else there, and it says so


def failed(code: str, words: str = "") -> str:
    said = f"<errorWarningDescription><freeText>{words}</freeText></errorWarningDescription>" if words else ""
    return (
        f"<errorGroup><errorOrWarningCodeDetails><errorDetails><errorCode>{code}</errorCode></errorDetails>"
        f"</errorOrWarningCodeDetails>{said}</errorGroup>"
    )


def voided(letter: str, number: str = "", inside: str = "") -> str:
    named = (
        f"<ticketNumbers><documentDetails><number>{number}</number></documentDetails></ticketNumbers>" if number else ""
    )
    return (
        f"<transactionResults><responseDetails><statusCode>{letter}</statusCode></responseDetails>{named}{inside}"
        "</transactionResults>"
    )


@pytest.mark.parametrize(
    ("told", "status"),
    [
        (voided("N", inside=failed("6150")), "already"),
        (failed("5795", "DOCUMENT NOT FOUND"), "refused"),
        (failed("1930", "SYSTEM UNABLE TO PROCESS"), "doubtful"),
        (voided("O", "7421982399") + voided("N", "7421982400", failed("118")), "voided"),
        (voided("N", "74219823991", failed("118")) + voided("O", "7421982400"), "refused"),
    ],
)
def test_a_void_is_told_by_a_code_by_an_error_of_the_whole_or_without_the_airlines_digits(told, status):
    assert void_reply(reply("Ticket_CancelDocumentReply", told)).of("0807421982399").status == status


def test_a_document_of_another_number_is_no_answer():
    told = voided("O", "7421982399") + voided("O", "7421982400")
    assert void_reply(reply("Ticket_CancelDocumentReply", told)).of("0807421982401") is None


@pytest.mark.parametrize(
    "currency",
    [
        "<currencyQualifier>EUR</currencyQualifier>",
        "<currencyQualifier>3</currencyQualifier><currencyIsoCode>EUR</currencyIsoCode>",
    ],
)
@pytest.mark.parametrize(
    "number",
    [
        "<documentDetails><number>0807421982399</number></documentDetails>",
        "<number>0807421982399</number>",
        "0807421982399",
    ],
)
def test_sales_are_read_wherever_the_currency_and_the_number_stand(currency, number):
    told = (
        f"<queryReportDataDetails><currencyInfo><currencyDetails>{currency}</currencyDetails></currencyInfo>"
        "<queryReportDataOfficeGroup><documentData><sequenceIdentification><itemNumberDetails><number>1</number>"
        f"</itemNumberDetails></sequenceIdentification><documentNumber>{number}</documentNumber><monetaryInformation>"
        "<otherMonetaryDetails><typeQualifier>T</typeQualifier><amount>210.50</amount></otherMonetaryDetails>"
        "</monetaryInformation></documentData></queryReportDataOfficeGroup></queryReportDataDetails>"
    )
    (sale,) = sales_reply(reply("SalesReports_DisplayQueryReportReply", told)).lines
    assert (sale.number, sale.total) == ("0807421982399", eur("210.50"))


def ama(step: str, contract: str, more: str = "", dates: str = ""):
    details = f"<RefundDetails>{dates}<Contracts><Contract>{contract}</Contract></Contracts></RefundDetails>"
    return refund_reply(
        reply(
            f"AMA_Ticket{step}RefundRS",
            "<GeneralReply><Success/></GeneralReply><FunctionalData><ContractBundle><Success/>"
            f"{details if contract else ''}{more}</ContractBundle></FunctionalData>",
        )
    )


REFUND = (
    '<Refundable Amount="150.00" CurrencyCode="EUR"/><DocumentAndCouponInformation>{}</DocumentAndCouponInformation>{}'
)


@pytest.mark.parametrize(
    "number", ['<DocumentNumber Number="0807421982399"/>', "<DocumentNumber>0807421982399</DocumentNumber>"]
)
def test_the_number_of_a_refunded_document_may_be_the_text_of_its_element(number):
    figures = ama("Init", REFUND.format(number, "")).figures
    assert (figures.documents, figures.refund) == (("0807421982399",), eur("150.00"))


def test_a_document_without_a_number_is_none():
    assert ama("Init", REFUND.format("<DocumentNumber/>", "")).figures.documents == ()


def test_a_penalty_told_with_and_without_its_taxes_is_one_penalty():
    once = '<Penalty Amount="50.00" CurrencyCode="EUR"{}/>'
    both = once.format(' TaxInclusive="true"') + once.format(' TaxInclusive="false"').replace("50.00", "42.00")
    told = REFUND.format('<DocumentNumber Number="0807421982399"/>', "<Penalties>{}</Penalties>")
    assert ama("Process", told.format(both)).figures.penalty == eur("50.00")
    assert ama("Process", told.format(once.format("") * 2)).figures.penalty == eur("100.00")
    assert ama("Process", told.format(once.format(' TaxInclusive="false"'))).figures.penalty == eur("50.00")


def test_a_list_of_documents_to_choose_from_begins_no_refund():
    found = ama("Init", "", "<ListDisplay><Ticket/></ListDisplay>")
    assert (found.status, found.figures) == ("doubtful", None)


def test_the_older_refund_record_writes_taxes_and_the_penalty_elsewhere():
    tax = (
        "<taxDetailsInformation><taxCategory>{}</taxCategory><taxDetails><rate>{}</rate><currencyCode>EUR</currencyCode>"
        "<type>{}</type></taxDetails></taxDetailsInformation>"
    )
    told = (
        "<refundableDocument><monetaryInformation><monetaryDetails><typeQualifier>RFT</typeQualifier><amount>150.00</amount>"
        "<currency>EUR</currency></monetaryDetails></monetaryInformation><commission><commissionDetails><type>XLP</type>"
        "<amount>3.00</amount></commissionDetails><otherComDetails><type>CP</type><amount>40.00</amount></otherComDetails>"
        f"</commission>{tax.format('H', '18.50', 'DE')}{tax.format('701', '18.50', 'XT')}</refundableDocument>"
    )
    figures = refund_reply(reply("DocRefund_InitRefundReply", told)).figures
    assert figures.penalty == eur("40.00")
    assert figures.taxes == (TaxLine("DE", eur("18.50"), "H"),)


def search(messages: str = "", stops: str = "", to: str = "JED"):
    flown = (
        "<flightIndex><groupOfFlights><propFlightGrDetail><flightProposal><ref>1</ref></flightProposal>"
        "</propFlightGrDetail><flightDetails><flightInformation><productDateTime><dateOfDeparture>180127</dateOfDeparture>"
        "<timeOfDeparture>0905</timeOfDeparture><dateOfArrival>180127</dateOfArrival><timeOfArrival>1240</timeOfArrival>"
        "</productDateTime><location><locationId>SXR</locationId></location><location><locationId>"
        f"{to}</locationId></location><companyId><marketingCarrier>SV</marketingCarrier></companyId><flightNumber>803"
        f"</flightNumber></flightInformation>{stops}</flightDetails></groupOfFlights></flightIndex>"
    )
    recommended = (
        "<recommendation><recPriceInfo><monetaryDetail><amount>450.00</amount></monetaryDetail></recPriceInfo>"
        "<segmentFlightRef><referencingDetail><refQualifier>S</refQualifier><refNumber>1</refNumber></referencingDetail>"
        "</segmentFlightRef><paxFareProduct><paxFareDetail><totalFareAmount>450.00</totalFareAmount><totalTaxAmount>50.00"
        "</totalTaxAmount></paxFareDetail><paxReference><ptc>ADT</ptc><traveller><ref>1</ref></traveller></paxReference>"
        f"{messages}</paxFareProduct></recommendation>"
    )
    currency = "<conversionRate><conversionRateDetail><currency>EUR</currency></conversionRateDetail></conversionRate>"
    (offer,) = search_reply(
        reply("Fare_MasterPricerTravelBoardSearchReply", currency + flown + recommended), None, OFFICE
    ).offers
    return offer


def test_a_flight_that_lands_on_the_way_says_where():
    landing = (
        "<technicalStop><stopDetails><dateQualifier>AA</dateQualifier><date>180127</date><locationId>DEL</locationId>"
    )
    leaving = "<stopDetails><dateQualifier>AD</dateQualifier><date>180127</date></stopDetails></technicalStop>"
    offer = search(stops=f"{landing}</stopDetails>{leaving}")
    assert "SV803 stops at DEL" in offer.notes
    assert len(offer.segments) == 1


def test_an_offer_to_a_place_whose_clock_nobody_knows_says_so():
    assert "nobody knows the time zone of ZYR: its times are in UTC" in search(to="ZYR").notes


@pytest.mark.parametrize(
    ("words", "at"),
    [
        (("11AUG26/12:14 LT in SXR", "SEE ADV PURCHASE"), datetime(2026, 8, 11, 12, 14, tzinfo=SRINAGAR)),
        (("LAST TKT DTE", "11AUG26/1214"), datetime(2026, 8, 11, 12, 14, tzinfo=SRINAGAR)),
        (("LAST TKT DTE", "11AUG26", " - DATE OF ORIGIN"), datetime(2026, 8, 11, 23, 59, 59, tzinfo=SRINAGAR)),
    ],
)
def test_a_last_ticketing_date_may_have_a_time(words, at):
    told = "".join(f"<description>{one}</description>" for one in words)
    kind = "<freeTextQualification><textSubjectQualifier>LTD</textSubjectQualifier></freeTextQualification>"
    offer = search(f"<fare><pricingMessage>{kind}{told}</pricingMessage></fare>")
    assert [limit.at for limit in offer.time_limits] == [at]


def dated(semantic: str, day: int) -> str:
    return (
        f'<DateTime><BusinessSemantic Code="{semantic}"/><StructuredDateTime><Year>2026</Year><Month>08</Month>'
        f"<Day>{day}</Day></StructuredDateTime></DateTime>"
    )


def test_a_processed_refund_says_when_it_was():
    contract = REFUND.format('<DocumentNumber Number="0807421982399"/>', "")
    assert ama("Process", contract, dates=dated("TID", 11)).figures.refunded_on == date(2026, 8, 11)
    assert ama("Process", contract, dates=dated("TID", 11) + dated("DR", 12)).figures.refunded_on == date(2026, 8, 12)
