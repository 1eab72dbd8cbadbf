"""Documents are issued once, shown on the record, void on their day, refunded afterwards, and told in the report."""

from __future__ import annotations

from datetime import date

from simulator.amadeus.tests import messages as m
from simulator.amadeus.tests.client import Reply
from simulator.amadeus.tests.conftest import Stage, documents, hold, number_of, price, sold, ticket
from simulator.amadeus.tests.test_records import LIMIT

VERDICT = "processingStatus/statusCode"
CODE = "errorGroup/errorOrWarningCodeDetails/errorDetails/errorCode"
WORDS = "errorGroup/errorWarningDescription/freeText"
COUPONS = "docGroup/docDetailsGroup/couponGroup/couponInfo/couponDetails/cpnStatus"
VOID = "transactionResults/responseDetails/statusCode"


def refused(reply: Reply) -> tuple[str, str, str]:
    return reply.text(VERDICT), reply.text(CODE), reply.text(WORDS)


def test_a_fine_issue_says_ok_in_its_error_group_and_no_number(stage: Stage) -> None:
    held = hold(stage)
    price(held)
    reply = held.client.go_on("DocIssuance_IssueTicket", m.issue("1"))
    assert refused(reply) == ("O", "OK", "  OK ETICKET  ")
    number = stage.book.get(held.locator).documents[0].number
    assert number[3:] not in "".join(str(each.text) for each in reply.envelope.iter())


def test_issued_documents_end_the_time_limits(stage: Stage) -> None:
    _, shown = ticket(stage)
    assert shown.text(f"{LIMIT}/indicator") == "OK"
    assert shown.texts(f"{LIMIT}/time") == []
    assert "ADTK" not in shown.texts("dataElementsMaster/dataElementsIndiv/serviceRequest/ssr/type")
    lines = shown.texts("dataElementsMaster/dataElementsIndiv/otherDataFreetext/longFreetext")
    assert any(line.startswith("PAX 0000000000 TTP/RT OK ETICKET - INR") for line in lines)


def test_a_second_issue_is_3025_and_issues_nothing(stage: Stage) -> None:
    held, _ = ticket(stage)
    told = refused(held.client.go_on("DocIssuance_IssueTicket", m.issue()))
    assert told == ("X", "3025", "ALL PASSENGERS/SEGMENTS ALREADY TICKETED")
    assert len(stage.book.get(held.locator).documents) == 1


def test_to_validate_issues_nothing_and_finds_what_an_issue_would_meet(stage: Stage) -> None:
    held = hold(stage)
    assert refused(held.client.go_on("DocIssuance_IssueTicket", m.issue(indicator="TKT")))[:2] == ("X", "120")
    price(held)
    assert held.client.go_on("DocIssuance_IssueTicket", m.issue(indicator="TKT")).text(VERDICT) == "O"
    assert stage.book.get(held.locator).documents == []
    assert held.client.go_on("DocIssuance_IssueTicket", m.issue()).text(VERDICT) == "O"
    assert refused(held.client.go_on("DocIssuance_IssueTicket", m.issue(indicator="TKT")))[1] == "3025"


def test_only_the_fares_that_are_named_are_issued(stage: Stage) -> None:
    names = m.person(1, "KHAN", "AISHA MRS", infant=("KHAN", "ZARA MISS", "10012026"))
    held = hold(stage, names=names)
    price(held)
    held.client.go_on("DocIssuance_IssueTicket", m.issue("2"))
    assert [each.passenger for each in stage.book.get(held.locator).documents] == [2]
    assert held.client.go_on("DocIssuance_IssueTicket", m.issue()).text(VERDICT) == "O"
    assert [each.passenger for each in stage.book.get(held.locator).documents] == [2, 1]
    assert refused(held.client.go_on("DocIssuance_IssueTicket", m.issue("9")))[0] == "X"


def test_an_issue_needs_a_record_its_names_its_fares_and_no_work_left_undone(stage: Stage) -> None:
    client = stage.client()
    assert refused(client.stateless("DocIssuance_IssueTicket", m.issue())) == ("X", "120", "UNABLE TO PROCESS")
    sold(client)
    assert refused(client.go_on("DocIssuance_IssueTicket", m.issue())) == ("X", "339", "NEED NAMES")
    held = hold(stage)
    price(held)
    held.client.go_on("PNR_AddMultiElements", m.option(0) + m.data(m.remark("MORE")))
    assert refused(held.client.go_on("DocIssuance_IssueTicket", m.issue()))[1] == "31"
    assert stage.effects("issued") == 0


def test_flights_that_the_airline_cancelled_are_not_ticketed(stage: Stage) -> None:
    held = hold(stage)
    price(held)
    stage.book.change_segment(held.locator, 1, "UN")
    held.client.go_on("PNR_Retrieve", m.retrieve(held.locator))
    assert refused(held.client.go_on("DocIssuance_IssueTicket", m.issue()))[:2] == ("X", "289")


def test_after_the_time_limit_nothing_is_issued(stage: Stage) -> None:
    held = hold(stage)
    price(held)
    held.client.sign_out()
    stage.clock.advance(25 * 3600)
    held.client.start("PNR_Retrieve", m.retrieve(held.locator))
    assert refused(held.client.go_on("DocIssuance_IssueTicket", m.issue()))[0] == "X"
    assert stage.effects("issued") == 0


def test_a_record_that_changed_since_it_was_retrieved_is_not_issued_on(stage: Stage) -> None:
    held = hold(stage)
    price(held)
    stage.book.change_segment(held.locator, 1, "HK")
    assert refused(held.client.go_on("DocIssuance_IssueTicket", m.issue()))[1] == "8111"


def test_coupons_are_open_then_void_or_refunded(stage: Stage) -> None:
    held, shown = ticket(stage, names=m.person(1, "KHAN", "AISHA MRS", infant=("KHAN", "ZARA MISS", "10012026")))
    client, numbers = held.client, [number_of(line) for line in documents(shown)]
    count = len(stage.book.get(held.locator).segments)
    display = "Ticket_ProcessEDoc"
    assert client.go_on(display, m.coupons(*numbers)).texts(COUPONS) == ["I"] * count * 2
    client.go_on("Ticket_CancelDocument", m.void(numbers[0]))
    client.go_on("AMA_TicketInitRefundRQ", m.refund(numbers[1]))
    client.go_on("AMA_TicketProcessRefundRQ")
    assert client.go_on(display, m.coupons(*numbers)).texts(COUPONS) == ["V"] * count + ["RF"] * count
    unknown = client.go_on(display, m.coupons("1231234567890"))
    assert unknown.text("error/errorDetails/errorCode") == "401"


def test_each_document_has_its_own_verdict_when_several_are_voided(stage: Stage) -> None:
    held, shown = ticket(stage)
    number = number_of(documents(shown)[0])
    written = f"{number[:3]}-{number[3:]}"
    reply = held.client.go_on("Ticket_CancelDocument", m.void(written, "1231234567890"))
    assert reply.texts(VOID) == ["O", "N"]
    assert reply.texts("transactionResults/ticketNumbers/documentDetails/number") == [written, "1231234567890"]
    assert reply.texts("transactionResults/errorGroup/errorOrWarningCodeDetails/errorDetails/errorCode") == ["118"]
    again = held.client.go_on("PNR_Retrieve", m.retrieve(held.locator))
    assert documents(again)[0].split("/")[1].startswith("EV")
    assert stage.effects("voided") == 1


def test_after_the_offices_midnight_a_void_is_refused(stage: Stage) -> None:
    held, shown = ticket(stage)
    stage.clock.advance(10 * 60)
    held.client.go_on("PNR_Retrieve", m.retrieve(held.locator))
    stage.clock.advance(14 * 3600)  # past midnight at the office, the same day in UTC
    assert stage.clock.now().day == 21
    reply = stage.client().stateless("Ticket_CancelDocument", m.void(number_of(documents(shown)[0])))
    assert reply.text(VOID) == "N"
    assert stage.book.get(held.locator).documents[0].status == "OPEN"


def test_the_report_of_a_day_has_its_sales_voids_and_refunds(stage: Stage) -> None:
    names = m.person(1, "KHAN", "AISHA MRS", infant=("KHAN", "ZARA MISS", "10012026"))
    held, shown = ticket(stage, names=names)
    first, second = (number_of(line) for line in documents(shown))
    held.client.go_on("Ticket_CancelDocument", m.void(first))
    assert _report(stage, date(2026, 11, 21)) == [(first, "CANX"), (second, "TKTT")]
    stage.clock.advance(24 * 3600)
    held.client.start("PNR_Retrieve", m.retrieve(held.locator))
    held.client.go_on("AMA_TicketInitRefundRQ", m.refund(second))
    held.client.go_on("AMA_TicketProcessRefundRQ")
    assert _report(stage, date(2026, 11, 22)) == [(second, "RFND")]
    empty = stage.client().stateless("SalesReports_DisplayQueryReport", m.sales(date(2026, 11, 1)))
    assert empty.text("errorGroup/errorOrWarningCodeDetails/errorDetails/errorCode") == "6466"


def _report(stage: Stage, day: date) -> list[tuple[str, str]]:
    reply = stage.client().stateless("SalesReports_DisplayQueryReport", m.sales(day))
    group = "queryReportDataDetails/queryReportDataOfficeGroup/documentData"
    assert set(reply.texts(f"{group}/reservationInformation/reservation/controlNumber")) == {
        order.locator for order in stage.book.orders()
    }
    return list(
        zip(
            reply.texts(f"{group}/documentNumber/documentDetails/number"),
            reply.texts(f"{group}/transactionDataDetails/transactionDetails/code"),
            strict=True,
        )
    )
