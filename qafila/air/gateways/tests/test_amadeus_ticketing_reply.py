"""Selling, pricing, issuing, voiding and refunding at Amadeus: what each reply means for the business."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from qafila.air.gateways.amadeus.replies.edoc import edoc_reply, summed_up
from qafila.air.gateways.amadeus.replies.fop import fop_reply
from qafila.air.gateways.amadeus.replies.issue import issue_reply
from qafila.air.gateways.amadeus.replies.price import chosen, price_reply, total
from qafila.air.gateways.amadeus.replies.refund import refund_reply
from qafila.air.gateways.amadeus.replies.sales import sales_reply
from qafila.air.gateways.amadeus.replies.sell import sell_reply
from qafila.air.gateways.amadeus.replies.signout import signout_reply
from qafila.air.gateways.amadeus.replies.tst import StoredTst, tst_reply
from qafila.air.gateways.amadeus.replies.void import void_reply
from qafila.air.gateways.amadeus.xml import parse
from qafila.air.gateways.errors import Unreadable
from qafila.air.gateways.tests.replying import OFFICE, recorded, reply
from qafila.air.gateways.values import Coupon, CouponStatus, Money


def usd(amount: str) -> Money:
    return Money(Decimal(amount), "USD")


def error(code: str, words: str = "") -> str:
    return (
        f"<errorGroup><errorOrWarningCodeDetails><errorDetails><errorCode>{code}</errorCode></errorDetails>"
        f"</errorOrWarningCodeDetails><errorWarningDescription><freeText>{words}</freeText></errorWarningDescription>"
        "</errorGroup>"
    )


def sell(*statuses: str) -> str:
    flights = "".join(
        "<segmentInformation><flightDetails><flightDate><departureDate>180127</departureDate>"
        "<departureTime>2330</departureTime><arrivalTime>330</arrivalTime></flightDate><boardPointDetails>"
        "<trueLocationId>SXR</trueLocationId></boardPointDetails><offpointDetails><trueLocationId>JED</trueLocationId>"
        f"</offpointDetails></flightDetails><actionDetails><statusCode>{status}</statusCode></actionDetails>"
        "</segmentInformation>"
        for status in statuses
    )
    return f"<itineraryDetails><originDestination/>{flights}</itineraryDetails>"


def test_seats_are_sold_when_every_flight_says_so():
    found = sell_reply(reply("Air_SellFromRecommendationReply", sell("OK", "OK")))
    assert found.complete
    assert all(segment.sold for segment in found.segments)
    assert found.segments[0].arrives.date() == date(2027, 1, 19)


def test_one_flight_that_is_not_sold_spoils_the_whole():
    assert not sell_reply(reply("Air_SellFromRecommendationReply", sell("OK", "UNS"))).complete
    assert not sell_reply(reply("Air_SellFromRecommendationReply", sell("OK") + sell())).complete
    assert not sell_reply(reply("Air_SellFromRecommendationReply", "")).complete


def test_an_error_of_the_whole_sells_nothing_though_flights_are_listed_as_sold():
    segment = "<errorSegment><errorDetails><errorCode>288</errorCode><errorCategory>EC</errorCategory></errorDetails>"
    whole = f"<errorAtMessageLevel>{segment}</errorSegment></errorAtMessageLevel>"
    found = sell_reply(reply("Air_SellFromRecommendationReply", whole + sell("OK", "OK")))
    assert [segment.status for segment in found.segments] == ["OK", "OK"]
    assert not any(segment.sold for segment in found.segments)
    assert not found.complete


def issue(letter: str, code: str, words: str) -> str:
    return f"<processingStatus><statusCode>{letter}</statusCode></processingStatus>{error(code, words)}"


@pytest.mark.parametrize(
    ("letter", "code", "words", "status"),
    [
        ("O", "OK", "  OK ETICKET  ", "issued"),
        ("X", "3025", "ALL PASSENGERS/SEGMENTS ALREADY TICKETED", "already"),
        ("X", "339", "NEED NAMES", "refused"),
        ("X", "0", "KU ETKT: NOT AUTHORISED", "refused"),
        ("X", "8100", "ETKT THIS CARRIER NOT VALID THIS MARKET", "refused"),
        ("X", "0", "CZ ETKT: COMMUNICATIONS LINE UNAVAILABLE", "doubtful"),
        ("X", "6043", "UNABLE TO PROCESS - EDIFACT ERROR", "doubtful"),
        ("X", "0", "XX ETKT: SYSTEM UNABLE TO PROCESS", "doubtful"),
        ("X", "902", "PRIOR MESSAGE BEING PROCESSED OR ALREADY PROCESSED", "doubtful"),
        ("X", "9125", "ETKT DISALLOWED: NEED AIRLINE LOCATOR", "refused"),
        ("P", "OK", "OK ETICKET", "doubtful"),
        ("", "OK", "OK ETICKET", "doubtful"),
    ],
)
def test_an_issuing_command_is_judged_by_its_letter_and_a_broken_line_by_its_words(letter, code, words, status):
    found = issue_reply(reply("DocIssuance_IssueTicketReply", issue(letter, code, words)))
    assert (found.status, found.code) == (status, code)


def test_an_order_that_is_ticketed_already_is_no_failed_issue():
    told = issue("X", "3025", "ALL PASSENGERS/SEGMENTS ALREADY TICKETED")
    assert issue_reply(reply("DocIssuance_IssueTicketReply", told)).status == "already"


def test_a_successful_issue_tells_no_ticket_number():
    found = issue_reply(parse(recorded("dummyDocIssuanceIssueTicketReplyOk")))
    assert found.status == "issued"
    assert not any(character.isdigit() for character in found.text + found.code)


def test_of_several_fares_for_one_passenger_only_one_is_paid():
    price = price_reply(parse(recorded("farePricePnrWithBookingClassReply14")), OFFICE)
    assert [one.number for one in chosen(price, ("1", "2"))] == ["1", "2"]
    assert total(chosen(price, ("1", "2"))) == usd("513.58")
    assert [one.number for one in chosen(price, ("1", "2"), numbers=("3", "4"))] == ["3", "4"]
    assert chosen(price, ("1", "2", "9")) == ()  # nobody is left without a price


def priced(number: str, amounts: str, who: str, flights: str = "1") -> str:
    told = "".join(
        f"<fareDataSupInformation><fareDataQualifier>{kind}</fareDataQualifier><fareAmount>{amount}</fareAmount>"
        "<fareCurrency>USD</fareCurrency></fareDataSupInformation>"
        for kind, _, amount in (one.partition("=") for one in amounts.split())
    )
    people = "".join(
        f"<refDetails><refQualifier>{one[:2]}</refQualifier><refNumber>{one[2:]}</refNumber></refDetails>"
        for one in who.split()
    )
    segments = "".join(
        "<segmentInformation><segmentReference><refDetails><refQualifier>S</refQualifier>"
        f"<refNumber>{one}</refNumber></refDetails></segmentReference></segmentInformation>"
        for one in flights.split()
    )
    return (
        f"<fareList><fareReference><referenceType>TST</referenceType><uniqueReference>{number}</uniqueReference>"
        f"</fareReference><paxSegReference>{people}</paxSegReference><fareDataInformation><fareDataMainInformation>"
        f"<fareDataQualifier>BT</fareDataQualifier></fareDataMainInformation>{told}</fareDataInformation>{segments}</fareList>"
    )


def test_fares_for_different_flights_of_one_passenger_are_paid_both():
    told = priced("1", "B=100 712=120", "PA1", "1") + priced("2", "B=50 712=60", "PA1", "2")
    price = price_reply(reply("Fare_PricePNRWithBookingClassReply", told), OFFICE)
    assert total(chosen(price, ("1",))) == usd("180")


@pytest.mark.parametrize(
    ("told", "allowed"),
    [
        ("<baggageQuantity>1</baggageQuantity><baggageType>N</baggageType>", "1PC"),
        ("<baggageQuantity>20</baggageQuantity><baggageType>W</baggageType>", "20K"),
        ("<baggageWeight>50</baggageWeight><measureUnit>L</measureUnit><baggageType>W</baggageType>", "50L"),
        ("<baggageQuantity>0</baggageQuantity>", "0PC"),
    ],
)
def test_a_weight_of_baggage_is_not_that_many_pieces(told, allowed):
    bags = f"<bagAllowanceInformation><bagAllowanceDetails>{told}</bagAllowanceDetails></bagAllowanceInformation>"
    fare = priced("1", "712=120", "PA1").replace("<segmentReference>", f"{bags}<segmentReference>")
    (one,) = price_reply(reply("Fare_PricePNRWithBookingClassReply", fare), OFFICE).fares
    assert one.fare.baggage == allowed


def test_a_shared_fare_is_of_each_passenger_and_an_infants_is_the_infants():
    told = priced("1", "B=100.00 712=120.00", "PA1 PA2") + priced("2", "B=10.00 712=12.00", "PI1")
    price = price_reply(reply("Fare_PricePNRWithLowestFareReply", told), OFFICE)
    adults, infant = price.fares
    assert (adults.fare.count, adults.fare.travellers, adults.fare.total) == (2, ("1", "2"), usd("120.00"))
    assert (infant.fare.passenger_type.value, infant.fare.travellers) == ("INF", ("1/INF",))
    assert total(chosen(price, ("1", "1/INF", "2"))) == usd("252.00")


def test_a_fare_without_its_own_grand_total_is_fare_and_tax_plus_airline_fees():
    told = priced("1", "E=50.00 TFT=221.71 TOF=40.58", "PA1")
    (one,) = price_reply(reply("Fare_PricePNRWithBookingClassReply", told), OFFICE).fares
    assert (one.fare.total, one.fare.fees, one.fare.base, one.fare.tax) == (
        usd("262.29"), usd("40.58"), usd("50.00"), usd("171.71"),
    )  # fmt: skip


def test_a_fare_without_an_amount_is_a_note_and_not_a_price_of_nothing():
    price = price_reply(reply("Fare_PricePNRWithBookingClassReply", priced("1", "", "PA1")), OFFICE)
    assert price.fares == ()
    assert price.notes == ("fare 1: no readable total",)
    assert total(()) is None


def test_a_stored_fare_may_serve_several_passengers_and_needs_no_locator():
    people = "".join(
        f"<refDetails><refQualifier>{kind}</refQualifier><refNumber>{number}</refNumber></refDetails>"
        for kind, number in (("PA", 2), ("PA", 3), ("PI", 2))
    )
    told = (
        "<tstList><tstReference><referenceType>TST</referenceType><uniqueReference>3</uniqueReference></tstReference>"
        f"<paxInformation>{people}</paxInformation></tstList>"
    )
    found = tst_reply(reply("Ticket_CreateTSTFromPricingReply", told))
    assert (found.locator, found.tsts) == ("", (StoredTst("3", ("2", "3", "2/INF")),))


def void(letter: str, number: str = "", more: str = "") -> str:
    named = (
        f"<ticketNumbers><documentDetails><number>{number}</number></documentDetails></ticketNumbers>" if number else ""
    )
    return (
        f"<transactionResults><responseDetails><responseType>X</responseType><statusCode>{letter}</statusCode>"
        f"</responseDetails>{named}{more}</transactionResults>"
    )


def test_a_void_is_judged_document_by_document_and_its_response_type_says_nothing():
    told = void("O", "08074219823990") + void("N", "08074219824001", error("118"))
    found = void_reply(reply("Ticket_CancelDocumentReply", told))
    assert found.of("0807421982399").status == "voided"
    assert (found.of("0807421982400").status, found.of("0807421982400").code) == ("refused", "118")
    assert found.of("0807421982401") is None


@pytest.mark.parametrize(
    ("told", "status"),
    [
        (void("O"), "voided"),
        (void("N", more=error("5458", "NOT AUTHORISED")), "refused"),
        (void("N", more=error("0", "DOCUMENT ALREADY VOIDED")), "already"),
        (void("N", more=error("0", "COMMUNICATIONS LINE UNAVAILABLE")), "doubtful"),
        (void("Q"), "doubtful"),
    ],
)
def test_a_void_that_names_no_document_is_about_the_only_one(told, status):
    assert void_reply(reply("Ticket_CancelDocumentReply", told)).of("0807421982399").status == status


def refunded(inside: str, step: str = "Process") -> str:
    return refund_reply(reply(f"AMA_Ticket{step}RefundRS", f"<GeneralReply><Success/></GeneralReply>{inside}")).status


def test_a_success_beside_an_error_is_a_refusal():
    bundle = "<FunctionalData><ContractBundle>{}</ContractBundle>{}</FunctionalData>"
    wrong = '<Errors><Errors><Error Type="000" Code="11004">NEED REFUND RECORD</Error></Errors></Errors>'
    assert refunded(bundle.format(wrong, "")) == "refused"
    assert refunded(bundle.format("<Success/>", "")) == "ok"
    assert refunded(bundle.format("<Success/>", f"<ContractBundle>{wrong}</ContractBundle>")) == "doubtful"
    assert refunded(bundle.format("", "")) == "doubtful"
    assert refunded(wrong, "Ignore") == "refused"
    assert refunded("", "Ignore") == "ok"


def test_the_older_refund_messages_refuse_beside_a_whole_record_too():
    record = (
        "<refundableDocument><monetaryInformation><monetaryDetails><typeQualifier>RFT</typeQualifier><amount>1075.00</amount>"
        "<currency>CHF</currency></monetaryDetails></monetaryInformation></refundableDocument>"
    )
    value = "<applicationErrorValue><dataValue>2213</dataValue></applicationErrorValue>"
    wrong = f"<applicationErrorGroup>{value}</applicationErrorGroup>"
    refused = refund_reply(reply("DocRefund_UpdateRefundReply", wrong + record))
    assert (refused.status, refused.figures.refund) == ("refused", Money(Decimal("1075.00"), "CHF"))
    assert refund_reply(reply("DocRefund_UpdateRefundReply", record)).status == "ok"
    done = "<ignoreInformation><actionRequest>OKI</actionRequest></ignoreInformation>"
    assert refund_reply(reply("DocRefund_IgnoreRefundReply", done)).status == "ok"
    assert refund_reply(reply("DocRefund_ProcessRefundReply", "")).status == "doubtful"


def test_refund_amounts_have_each_their_own_number_of_decimals():
    figures = refund_reply(parse(recorded("dummyTicketProcessRefundResponse"))).figures
    assert figures.taxes[0].amount == Money(Decimal("115.24"), "SEK")  # 11524 with 2
    assert figures.refund == Money(Decimal("1240"), "SEK")  # 1240 with 0


def coupons(number: str, *codes: str) -> str:
    each = "".join(
        f"<couponGroup><couponInfo><couponDetails><cpnNumber>{place}</cpnNumber><cpnStatus>{code}</cpnStatus>"
        "</couponDetails></couponInfo></couponGroup>"
        for place, code in enumerate(codes, 1)
    )
    named = f"<docInfo><documentDetails><number>{number}</number></documentDetails></docInfo>"
    return f"<docDetailsGroup>{named}{each}</docDetailsGroup>"


@pytest.mark.parametrize(
    ("codes", "status"),
    [
        ("I I", CouponStatus.OPEN), ("B I", CouponStatus.OPEN), ("AL I", CouponStatus.OPEN),
        ("CK", CouponStatus.AIRPORT),
        ("V V", CouponStatus.VOID), ("RF RF", CouponStatus.REFUNDED), ("B RF", CouponStatus.REFUNDED),
        ("B B", CouponStatus.FLOWN), ("E E", CouponStatus.EXCHANGED), ("S", CouponStatus.SUSPENDED),
        ("V QQ", CouponStatus.UNKNOWN), ("", CouponStatus.UNKNOWN),
    ],
)  # fmt: skip
def test_a_document_is_usable_as_long_as_one_coupon_is_and_unknown_when_one_is(codes, status):
    found = edoc_reply(
        reply("Ticket_ProcessEDocReply", f"<docGroup>{coupons('0807421982399', *codes.split())}</docGroup>")
    )
    assert found.of("080-74219823990").status is status


def test_the_booklets_of_a_conjunction_ticket_are_one_document_whose_coupons_count_on():
    both = coupons("0807421982399", "I", "I", "I", "I") + coupons("0807421982400", "I")
    (document,) = edoc_reply(reply("Ticket_ProcessEDocReply", f"<docGroup>{both}</docGroup>")).documents
    assert document.conjunction == ("0807421982400",)
    assert [coupon.number for coupon in document.coupons] == [1, 2, 3, 4, 5]
    other = coupons("0807421982399", "I") + coupons("0807421989999", "V")
    assert len(edoc_reply(reply("Ticket_ProcessEDocReply", f"<docGroup>{other}</docGroup>")).documents) == 2


def test_coupons_without_any_say_nothing():
    assert summed_up([]) is CouponStatus.UNKNOWN
    assert summed_up([Coupon(1, CouponStatus.FLOWN), Coupon(2, CouponStatus.VOID)]) is CouponStatus.VOID


def test_a_report_without_sales_is_an_answer_and_no_failure():
    found = sales_reply(reply("SalesReports_DisplayQueryReportReply", error("6466", "NO DATA FOUND")))
    assert (found.empty, found.lines, found.total()) == (True, (), None)


def test_a_form_of_payment_with_a_warning_stands_and_one_with_an_error_does_not():
    form = "<fopDescription><fopReference/>{}</fopDescription>"
    warned = error("4800", "FP NOT ALLOWED").replace("</errorCode>", "</errorCode><errorCategory>WEC</errorCategory>")
    assert fop_reply(reply("FOP_CreateFormOfPaymentReply", form.format(warned))).done
    assert not fop_reply(reply("FOP_CreateFormOfPaymentReply", form.format(error("25779", "NO")))).done
    assert not fop_reply(reply("FOP_CreateFormOfPaymentReply", "")).done


def test_a_failed_sign_out_is_told_and_not_raised():
    told = "<applicationError><errorDetails><errorCode>1</errorCode></errorDetails></applicationError>"
    answer = signout_reply(reply("Security_SignOutReply", f"<errorSection>{told}</errorSection>"))
    assert not answer.done
    assert answer.problems[0].code == "1"


@pytest.mark.parametrize(
    "reader",
    [
        sell_reply, issue_reply, void_reply, refund_reply, edoc_reply, sales_reply, fop_reply, signout_reply, tst_reply,
    ],
)  # fmt: skip
def test_a_reply_of_another_kind_says_nothing_about_what_was_asked(reader):
    with pytest.raises(Unreadable, match="was expected"):
        reader(reply("PNR_Reply", ""))
