"""Every Amadeus recording of the folder is read, or refused by name. What is expected was written by hand from the
files.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from qafila.air.gateways.amadeus.problems import Fault, Problem
from qafila.air.gateways.amadeus.replies.fop import FormOfPayment
from qafila.air.gateways.amadeus.replies.price import chosen, total
from qafila.air.gateways.amadeus.replies.void import VoidResult
from qafila.air.gateways.errors import Unreadable
from qafila.air.gateways.reading import read
from qafila.air.gateways.tests.replying import FOLDER, recorded
from qafila.air.gateways.values import LimitKind, Money, OrderTraveller, PassengerType, SegmentState

ADULT = PassengerType.ADULT


def usd(amount: str) -> Money:
    return Money(Decimal(amount), "USD")


def there(zone: str, *when: int) -> datetime:
    return datetime(*when, tzinfo=ZoneInfo(zone))  # type: ignore[arg-type,misc]


def sales_report(report: Any) -> None:
    assert (report.currency, report.office, report.iata_number) == ("EUR", "BIQ6X00OB", "20492231")
    assert report.dates == (("C", date(2011, 11, 8)), ("S", date(2011, 11, 7)))
    assert len(report.lines) == 33
    assert report.total() == Money(Decimal("6929.61"), "EUR")
    assert not report.empty
    child = report.of("057-2356608967")[0]
    assert (child.fare.amount, child.tax.amount, child.fees.amount, child.commission.amount, child.total.amount) == (
        Decimal("77.00"), Decimal("116.71"), Decimal("30.00"), Decimal("0.00"), Decimal("223.71"),
    )  # fmt: skip
    assert (child.code, child.kind, child.status, child.form_of_payment) == ("TKTT", "SALE", "CS", "CA")
    assert (child.passenger, child.locator, child.item, child.agent) == ("FARE/A (CHD)", "5J9BPL", "368", "0001AA")


def nothing_sold(sell: Any) -> None:
    assert [(one.code, one.severity) for one in sell.problems] == [("390", "error")]
    assert sell.segments == ()
    assert not sell.complete


def sold_in_part(sell: Any) -> None:
    assert [(one.code, one.severity) for one in sell.problems] == [("288", "error")]
    assert [(one.number, one.status) for one in sell.segments] == [
        ("401", "OK"), ("1187", "OK"), ("506", "UNS"), ("408", "X"),
    ]  # fmt: skip
    assert not any(one.sold for one in sell.segments)
    assert not sell.complete
    first = sell.segments[0]
    assert (first.carrier, first.booking_class, first.origin, first.destination, first.quantity, first.equipment) == (
        "UA", "Y", "LGA", "DEN", 2, "320",
    )  # fmt: skip
    assert first.departs == there("America/New_York", 2005, 5, 25, 6, 0)
    assert first.arrives == there("America/Denver", 2005, 5, 25, 8, 10)


def issue_refused(issue: Any) -> None:
    assert (issue.status, issue.letter, issue.code, issue.text) == ("refused", "X", "120", "UNABLE TO PROCESS")


def issued(issue: Any) -> None:
    assert (issue.status, issue.letter, issue.code, issue.text) == ("issued", "O", "OK", "OK ETICKET")


def search_refused(search: Any) -> None:
    assert search.offers == ()
    assert not search.empty
    assert search.problems == (Problem("920", "Past date/time not allowed", "error"),)


def price_refused(price: Any) -> None:
    assert price.fares == ()
    assert price.problems == (Problem("00477", "INVALID FORMAT", "error", owner="1A", category="EC"),)


def name_refused(pnr: Any) -> None:
    assert pnr.locator == "5U5MRO"
    assert pnr.problems == (Problem("20", "RESTRICTED", "error", "traveller", "1A", "PT 2", "EC"),)
    assert pnr.travellers == (OrderTraveller("1", ADULT, "GIVENNAME MR", "SURNAME"),)
    assert "not accepted: ADDITIONAL/PASSENGER" in pnr.notes
    segment = pnr.snapshot.segments[0]
    assert (segment.id, segment.carrier, segment.number, segment.booking_class) == ("2", "6X", "5902", "N")
    assert segment.departs == there("Europe/Paris", 2015, 10, 19, 17, 0)
    assert segment.arrives == there("Europe/London", 2015, 10, 19, 18, 15)
    assert (pnr.version, pnr.ticketing, pnr.snapshot.time_limits) == ("3", "OK", ())


def bowie(pnr: Any) -> None:
    assert (pnr.locator, pnr.version, pnr.problems) == ("YMUQL9", "1", ())
    assert pnr.travellers == (OrderTraveller("2", ADULT, "DAVID", "BOWIE"),)
    assert pnr.segments == ()
    assert "no flight: RU 1A BRU 221016 HK -GENERIC TRAVEL REQUEST" in pnr.notes
    assert not pnr.snapshot.cancelled
    assert pnr.snapshot.time_limit.kind is LimitKind.CANCEL
    assert pnr.snapshot.time_limit.at == there("Europe/Brussels", 2016, 8, 10, 21, 33)
    assert pnr.snapshot.created_at == datetime(2016, 5, 30, 21, 33, tzinfo=UTC)
    assert pnr.snapshot.unticketed() == pnr.travellers


def envelope(pnr: Any) -> None:
    assert (pnr.locator, pnr.version, pnr.ticketing) == ("26WQ74", "1", "OK")
    assert pnr.travellers == (OrderTraveller("2", ADULT, "DIETER", "DEVLIEGHERE"),)
    assert pnr.snapshot.time_limits == ()


def cancelled(pnr: Any) -> None:
    assert (pnr.locator, pnr.version, pnr.segments, pnr.problems) == ("YMUQL9", "2", (), ())
    assert pnr.snapshot.cancelled


def need_received_from(pnr: Any) -> None:
    assert [(one.code, one.severity, one.place) for one in pnr.problems] == [("8111", "error", "message")]
    assert pnr.problems[0].text.endswith("NEED RECEIVED FROM")
    assert (pnr.locator, pnr.changed) == ("2ZIW6R", True)
    assert pnr.travellers == (OrderTraveller("2", ADULT, "JOHN", "DOE", date(1985, 1, 1)),)
    there_, back = pnr.snapshot.segments
    assert (there_.carrier, there_.number, there_.status, there_.state) == ("QR", "673", "HK", SegmentState.CONFIRMED)
    assert there_.departs == there("Indian/Maldives", 2017, 4, 23, 10, 15)
    assert there_.arrives == there("Asia/Qatar", 2017, 4, 23, 12, 45)
    assert back.departs == there("Asia/Qatar", 2017, 4, 25, 2, 15)
    assert (back.airline_locator, back.equipment) == ("2ZIW6R", "333")
    assert pnr.snapshot.time_limit.kind is LimitKind.AIRLINE
    assert pnr.snapshot.time_limit.at == there("Indian/Maldives", 2017, 3, 28, 23, 59)
    (fare,) = pnr.snapshot.fares
    assert (fare.base, fare.tax, fare.total) == (usd("952.00"), usd("287.72"), usd("1239.72"))
    assert [(tax.code, tax.amount.amount) for tax in fare.taxes] == [
        ("YQ", Decimal("234.00")), ("YR", Decimal("4.00")), ("BQ", Decimal("25.00")), ("G4", Decimal("9.62")),
        ("PZ", Decimal("2.05")), ("PZ", Decimal("2.05")), ("QA", Decimal("11.00")),
    ]  # fmt: skip
    assert (fare.travellers, fare.segments, fare.reference, fare.baggage) == (("2",), ("1", "2"), "1", "30K")
    assert (pnr.snapshot.total, pnr.snapshot.validating_carrier) == (usd("1239.72"), "QR")


def signed_out(answer: Any) -> None:
    assert answer.done


def no_such_order(fault: Any) -> None:
    assert fault == Fault("1929", "Application", "INVALID RECORD LOCATOR", "SI:Backend")


def void_refused(void: Any) -> None:
    assert void.results == (VoidResult("234567898", "refused", "118", ""),)
    assert (void.problems[0].owner, void.problems[0].place) == ("ZZZ", "document")


def fare_not_stored(tst: Any) -> None:
    assert tst.tsts == ()
    assert tst.problems == (Problem("CM01959", "NEED PNR", "error", category="EC"),)


def refund_refused(refund: Any) -> None:
    assert (refund.step, refund.status, refund.figures) == ("init", "refused", None)
    assert refund.problems[0].code == "21803"
    assert refund.problems[0].text.startswith("REFUND REJECTED - DOCUMENT NOT CONFIRMED SALE")


def refund_quoted(refund: Any) -> None:
    figures = refund.figures
    assert (refund.step, refund.status) == ("init", "ok")
    assert (figures.documents, figures.travellers, figures.form_of_payment) == (("1808500089803",), ("1",), "CC")
    assert (figures.refund, figures.used) == (Money(Decimal(144100), "KRW"), Money(Decimal(0), "KRW"))
    assert (figures.fare_refund, figures.tax_refund) == (Money(Decimal(140100), "KRW"), Money(Decimal(4000), "KRW"))
    assert [(tax.code, tax.amount.amount) for tax in figures.taxes] == [("EB", Decimal(4000))]
    assert "4111111111111111" not in repr(refund)


def refund_carried_out(refund: Any) -> None:
    figures = refund.figures
    assert (refund.step, refund.status, figures.status, figures.reference) == (
        "process", "ok", "Refunded", "BC3661AC0001",
    )  # fmt: skip
    assert figures.refund == Money(Decimal(1240), "SEK")
    assert figures.paid_fare == Money(Decimal("1240.00"), "SEK")
    assert figures.tax_refund == Money(Decimal(115), "SEK")
    assert figures.taxes[0].amount == Money(Decimal("115.24"), "SEK")
    assert figures.penalty == Money(Decimal(0), "SEK")
    assert figures.coupons == (("0000000000000", 1, "RF"), ("0000000000000", 2, "RF"))


def refund_changed(refund: Any) -> None:
    figures = refund.figures
    assert (refund.step, refund.status, figures.documents) == ("update", "ok", ("1257582818112",))
    assert (figures.refund, figures.paid_fare, figures.tax_refund) == (usd("111.07"), usd("64.00"), usd("47.07"))
    assert [(tax.code, tax.amount) for tax in figures.taxes] == [
        ("GB", usd("16.23")), ("UB", usd("21.74")), ("UP", usd("9.10")),
    ]  # fmt: skip
    assert (figures.issued_on, figures.refunded_on) == (date(2020, 7, 8), date(2020, 7, 8))


def offers(search: Any) -> None:
    assert len(search.offers) == 169
    assert (search.notes, search.problems) == ((), ())
    cheapest, dearest = search.offers[0], search.offers[-1]
    assert (cheapest.total, dearest.total) == (Money(Decimal("64.24"), "EUR"), Money(Decimal("2587.87"), "EUR"))
    assert sum(len(offer.segments) == 1 for offer in search.offers) == 11
    assert (cheapest.validating_carrier, cheapest.refundable, dearest.refundable) == ("BA", False, None)
    (leg,) = cheapest.segments
    assert (leg.carrier, leg.number, leg.booking_class, leg.fare_basis, leg.seats_left) == (
        "BA",
        "389",
        "O",
        "OV2HO",
        9,
    )
    assert leg.departs == there("Europe/Brussels", 2017, 1, 15, 7, 40)
    assert leg.arrives == there("Europe/London", 2017, 1, 15, 7, 55)
    (fare,) = cheapest.fares
    assert (fare.base.amount, fare.tax.amount, fare.count) == (Decimal("37.00"), Decimal("27.24"), 1)
    assert cheapest.time_limits[0].at.date() == date(2016, 9, 25)


def prices(price: Any) -> None:
    assert [(one.number, one.fare.travellers, one.fare.total) for one in price.fares] == [
        ("1", ("1",), usd("262.29")), ("2", ("2",), usd("251.29")),
        ("3", ("2",), usd("280.35")), ("4", ("1",), usd("290.35")),
    ]  # fmt: skip
    assert total(chosen(price)) == usd("513.58")
    first = price.fares[0].fare
    assert (first.base, first.tax, first.fees) == (usd("50.00"), usd("171.71"), usd("40.58"))
    assert (first.filed, first.validating_carrier) == (Money(Decimal("37.00"), "EUR"), "6X")
    assert (first.segments, first.fare_bases, first.baggage) == (("3", "4"), ("QSRFR", "VRD10FR9"), "1PC, 0PC")
    assert price.fares[1].fare.passenger_type is PassengerType.CHILD
    assert {one.severity for one in price.problems} == {"warning"}
    assert price.time_limits[0].at.date() == date(2013, 10, 13)


def paid_by_card(fop: Any) -> None:
    assert fop.done
    assert fop.forms == (FormOfPayment("21", "CCVI", ("1",)),)
    assert [(one.code, one.severity, one.text) for one in fop.problems] == [
        ("Y", "unknown", "CCAVS TRANSACTION OK - EXACT MATCH")
    ]


READ: dict[str, Callable[[Any], None]] = {
    "SalesReportsDisplayQueryReportReply": sales_report,
    "dummyAirSellFromRecommendationErrorResponse": nothing_sold,
    "dummyAirSellFromRecommendationPartialSuccessCancelled": sold_in_part,
    "dummyDocIssuanceIssueTicketReplyError": issue_refused,
    "dummyDocIssuanceIssueTicketReplyOk": issued,
    "dummyFareMasterPricerTravelBoardSearchErrorResponse": search_refused,
    "dummyFarePricePnrWithBookingClassReplyError": price_refused,
    "dummyPnrAddMultElementsNameError": name_refused,
    "dummyPnrRetrieveReply": bowie,
    "dummySecuritySignoutReplyOk": signed_out,
    "dummySoapFault": no_such_order,
    "dummyTicketCancelDocumentErrorResponse": void_refused,
    "dummyTicketCreateTSTFromPricingReplyError": fare_not_stored,
    "dummyTicketInitRefundFailResponse": refund_refused,
    "dummyTicketInitRefundResponse": refund_quoted,
    "dummyTicketProcessRefundResponse": refund_carried_out,
    "dummyTicketUpdateRefundResponse": refund_changed,
    "fareMasterPricerTravelBoardSearchReply-12.4": offers,
    "farePricePnrWithBookingClassReply14": prices,
    "fopCreateForpOfPaymentReply154": paid_by_card,
    "pnrAddMultiElements14_1_need_received_from": need_received_from,
    "pnrCancelDemoError": cancelled,
    "pnrResponseFullEnvelope": envelope,
}
REFUSED = {
    "dummyPnrRequestsoapheader2": "PNR_Retrieve is no reply",
    "AMA_SecurityHostedUser": "schema is no reply",
    "AMA_WSLink": "schema is no reply",
    "AMA_WS_Session": "schema is no reply",
    "PNR_Reply_14_2_1A": "schema is no reply",
    "PNR_Retrieve_14_2_1A": "schema is no reply",
}


@pytest.mark.parametrize("path", sorted(FOLDER.iterdir()), ids=lambda path: path.stem)
def test_every_recording_says_what_a_reader_of_it_expects_or_is_refused_by_name(path):
    name = path.name.removesuffix(".txt").removesuffix(".xsd")
    assert (name in READ) != (name in REFUSED), f"{path.name} is new: write down what it says"
    if name in REFUSED:
        with pytest.raises(Unreadable, match=REFUSED[name]):
            read(path.read_bytes())
    else:
        READ[name](read(recorded(path.name)))
