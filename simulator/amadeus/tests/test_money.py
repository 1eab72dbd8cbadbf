"""Amounts are those of the search from the first offer to the last refund, and each adds up."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from lxml import etree

from simulator.amadeus.tests import messages as m
from simulator.amadeus.tests.client import Client, Reply
from simulator.amadeus.tests.conftest import BACK, OUT, Stage, documents, hold, number_of, price, ticket
from simulator.amadeus.tests.walk import FAMILY

SOLD = "Fare_PricePNRWithBookingClass"
FAMILY_OF = {"seats": 4, "children": 1, "names": FAMILY}
PEOPLE = {"PA": {"1": "ADT", "2": "ADT", "4": "ADT", "6": "CHD"}, "PI": {"2": "INF", "4": "INF"}}


def amounts(fare: etree._Element) -> dict[str, Decimal]:
    """By qualifier."""
    return {
        str(each.findtext("{*}fareDataQualifier")): Decimal(str(each.findtext("{*}fareAmount")))
        for each in fare.findall("{*}fareDataInformation/{*}fareDataSupInformation")
    }


def taxes(fare: etree._Element) -> Decimal:
    told = fare.findall("{*}taxInformation/{*}amountDetails/{*}fareDataMainInformation/{*}fareAmount")
    return sum((Decimal(str(each.text)) for each in told), Decimal(0))


def people(fare: etree._Element) -> list[str]:
    """Kinds, one for each passenger of a fareList."""
    return [
        PEOPLE[str(each.findtext("{*}refQualifier"))][str(each.findtext("{*}refNumber"))]
        for each in fare.findall("{*}paxSegReference/{*}refDetails")
    ]


@pytest.fixture
def quoted(stage: Stage) -> tuple[Client, Reply, Reply]:
    """A family's search and price of the same flights."""
    trip = [("SXR", "JED", OUT), ("JED", "SXR", BACK)]
    question = m.search(trip, adults=3, children=1, infants=2)
    found = stage.client().stateless("Fare_MasterPricerTravelBoardSearch", question)
    held = hold(stage, **FAMILY_OF)  # type: ignore[arg-type]
    return held.client, found, held.client.go_on(SOLD, m.price())


def test_a_fare_and_its_taxes_are_its_total_and_the_totals_are_the_offers(quoted: tuple[Client, Reply, Reply]) -> None:
    _, found, told = quoted
    total = Decimal(0)
    for fare in told.body.findall("{*}fareList"):
        each = amounts(fare)
        assert each["B"] + taxes(fare) == each["712"] == each["TFT"]
        total += each["712"] * len(people(fare))
    offered = found.texts("recommendation/recPriceInfo/monetaryDetail/amount")
    assert Decimal(offered[0]) == total
    parts = zip(
        found.texts("recommendation/paxFareProduct/paxFareDetail/totalFareAmount"),
        found.texts("recommendation/paxFareProduct/paxFareDetail/totalTaxAmount"),
        (3, 1, 2),
        strict=False,  # of the first offer
    )
    sums = [(Decimal(fare) * count, Decimal(tax) * count) for fare, tax, count in parts]
    assert [sum(part) for part in zip(*sums, strict=True)] == [Decimal(each) for each in offered[:2]]


def test_there_is_one_fare_for_each_kind_and_infants_are_named_by_their_adults(
    quoted: tuple[Client, Reply, Reply],
) -> None:
    kinds = [people(fare) for fare in quoted[2].body.findall("{*}fareList")]
    assert kinds == [["ADT", "ADT", "ADT"], ["CHD"], ["INF", "INF"]]


def test_without_the_lowest_both_alternatives_are_quoted_and_either_may_be_stored(stage: Stage) -> None:
    held = hold(stage)
    told = held.client.go_on(SOLD, m.price("RP"))
    lowest, flexible = (amounts(fare)["712"] for fare in told.body.findall("{*}fareList"))
    assert lowest < flexible
    held.client.go_on("Ticket_CreateTSTFromPricing", m.store("2"))
    shown = held.client.go_on("PNR_AddMultiElements", m.end(11))
    assert Decimal(shown.texts("tstData/fareData/monetaryInfo/amount")[-1]) == flexible
    order = stage.book.get(held.locator)
    assert order.fares[0].fare.refundable
    assert stage.effects("priced") == 1


def test_in_another_currency_the_filed_fare_stands_beside_its_equivalent(stage: Stage) -> None:
    held = hold(stage)
    told = held.client.go_on(SOLD, m.price("RLO", currency="EUR"))
    fare = told.body.find("{*}fareList")
    assert fare is not None
    each, rate = amounts(fare), Decimal(told.text("fareList/bankerRates/firstRateDetail/amount"))
    currencies = told.texts("fareList/fareDataInformation/fareDataSupInformation/fareCurrency")
    assert currencies == ["INR", "EUR", "EUR", "EUR"]
    assert each["E"] + taxes(fare) == each["712"]
    assert abs(each["B"] * rate - each["E"]) < Decimal("0.01")


def test_the_price_says_until_when_and_with_what_warnings(stage: Stage) -> None:
    held = hold(stage)
    told = held.client.go_on(SOLD, m.price())
    order = stage.book.get(held.locator)
    fares = stage.book.world.price(order.segments, {"ADT": 1}, "INR")
    last = fares["ADT"].last_ticketing.astimezone(stage.book.office_zone)
    day = [int(told.text(f"fareList/lastTktDate/dateTime/{part}")) for part in ("year", "month", "day")]
    assert date(*day) == last.date()
    assert told.text("fareList/lastTktDate/businessSemantic") == "LT"
    path = "fareList/warningInformation/warningCode/applicationErrorDetail"
    assert told.texts(f"{path}/applicationErrorCode") == ["PEN", "LTD"]
    assert set(told.texts(f"{path}/codeListQualifier")) == {"WEC"}
    assert told.text("fareList/validatingCarrier/carrierInformation/carrierCode") == order.validating_carrier
    assert len(told.texts("fareList/segmentInformation/fareQualifier/fareBasisDetails/primaryCode")) == len(
        order.segments
    )
    assert told.text("fareList/segmentInformation/bagAllowanceInformation/bagAllowanceDetails/baggageQuantity")


def test_a_price_needs_flights_and_names_and_a_fare_a_price(stage: Stage) -> None:
    client = stage.client()
    client.start("PNR_AddMultiElements", m.option(0))
    needed = client.go_on(SOLD, m.price())
    assert needed.text("applicationError/errorWarningDescription/freeText") == "NEED ITINERARY"
    told = client.go_on("Ticket_CreateTSTFromPricing", m.store("1"))
    assert told.text("applicationError/applicationErrorInfo/applicationErrorDetail/applicationErrorCode") == "CM01959"
    assert told.text("applicationError/errorText/errorFreeText") == "NEED PNR"
    held = hold(stage)
    held.client.go_on(SOLD, m.price())
    wrong = held.client.go_on("Ticket_CreateTSTFromPricing", m.store("7"))
    assert wrong.text("applicationError/errorText/errorFreeText") == "INVALID FORMAT"


def test_every_documents_amount_is_the_passengers_own_and_tied_to_passenger_and_flights(stage: Stage) -> None:
    held, shown = ticket(stage, **FAMILY_OF)
    lines = documents(shown)
    assert len(lines) == 6
    order = stage.book.get(held.locator)
    totals = {fare.fare.kind: fare.fare.total for fare in order.fares}
    for line, document in zip(lines, order.documents, strict=True):
        passenger = order.passengers[document.passenger - 1]
        kind, number, amount = line.split("/")[0].split(" ")[0], number_of(line), line.split("/")[2]
        assert kind == ("INF" if passenger.kind == "INF" else "PAX")
        assert (number, amount) == (document.number, f"INR{totals[passenger.kind]}")
        assert line.split("/")[1] == f"ET{order.validating_carrier}"
        assert line.split("/")[3:] == ["21NOV26", "SXRQF2100", "14312345"]
        assert _references(shown, line) == [
            ("PT", str(passenger.infant_of or passenger.tattoo)),
            *(("ST", str(segment.tattoo)) for segment in order.segments),
        ]


def _references(shown: Reply, line: str) -> list[tuple[str, str]]:
    for each in shown.body.findall("{*}dataElementsMaster/{*}dataElementsIndiv"):
        if each.findtext("{*}otherDataFreetext/{*}longFreetext") == line:
            found = each.findall("{*}referenceForDataElement/{*}reference")
            return [(str(one.findtext("{*}qualifier")), str(one.findtext("{*}number"))) for one in found]
    raise AssertionError(line)


def test_the_stored_fares_are_shown_for_one_passenger_and_add_up(stage: Stage) -> None:
    held = hold(stage, **FAMILY_OF)  # type: ignore[arg-type]
    shown = price(held)
    for told in shown.body.findall("{*}tstData"):
        fare, total = (Decimal(str(each.text)) for each in told.findall("{*}fareData/{*}monetaryInfo/{*}amount"))
        levied = [Decimal(str(each.text)) for each in told.findall("{*}fareData/{*}taxFields/{*}taxAmount")]
        assert fare + sum(levied) == total
    assert shown.texts("tstData/tstGeneralInformation/generalInformation/tstReferenceNumber") == ["1", "2", "3"]
    assert shown.texts("tstData/tstFreetext/longFreetext") == ["PAX", "PAX", "INF"]


def test_a_refund_is_quoted_as_whole_numbers_with_their_decimals_and_given_as_quoted(stage: Stage) -> None:
    held, shown = ticket(stage)
    client, number = held.client, number_of(documents(shown)[0])
    stage.clock.advance(24 * 3600)
    client.start("PNR_Retrieve", m.retrieve(held.locator))
    quote = client.go_on("AMA_TicketInitRefundRQ", m.refund(number))
    money = _money(quote)
    document = stage.book.get(held.locator).documents[0]
    assert money["B"] == document.base
    assert money["FRF"] == document.base - document.penalty
    assert money["TXT"] == document.amount - document.base
    assert money["RFT"] == money["FRF"] + money["TXT"]
    done = client.go_on("AMA_TicketProcessRefundRQ")
    assert _money(done)["RFT"] == money["RFT"]
    contract = next(done.body.iter("{*}Contract"))
    assert contract.get("Status") == "Refunded"
    assert stage.book.get(held.locator).documents[0].refunded == money["RFT"]
    again = client.go_on("AMA_TicketProcessRefundRQ")
    assert next(again.body.iter("{*}Error")).get("Code") == "11004"
    assert stage.effects("refunded") == 1


def _money(reply: Reply) -> dict[str, Decimal]:
    found = {}
    for each in reply.body.iter("{*}MonetaryInformation"):
        amount = Decimal(str(each.get("Amount"))).scaleb(-int(str(each.get("DecimalPlaces"))))
        found[str(each.get("Qualifier"))] = amount
    return found


def test_a_refund_record_that_is_dropped_refunds_nothing(stage: Stage) -> None:
    held, shown = ticket(stage)
    client = held.client
    client.go_on("AMA_TicketInitRefundRQ", m.refund(number_of(documents(shown)[0])))
    assert client.go_on("AMA_TicketIgnoreRefundRQ").texts("Success")
    assert client.go_on("AMA_TicketIgnoreRefundRQ").texts("Errors/Errors/Error") == ["NEED REFUND RECORD"]
    assert client.go_on("AMA_TicketProcessRefundRQ").body.find(".//{*}Error") is not None
    assert stage.effects("refunded") == 0


def test_a_refund_record_does_not_outlive_its_conversation(stage: Stage) -> None:
    held, shown = ticket(stage)
    held.client.go_on("AMA_TicketInitRefundRQ", m.refund(number_of(documents(shown)[0])))
    held.client.sign_out()
    held.client.start("PNR_Retrieve", m.retrieve(held.locator))
    told = held.client.go_on("AMA_TicketProcessRefundRQ")
    assert next(told.body.iter("{*}Error")).get("Code") == "11004"
