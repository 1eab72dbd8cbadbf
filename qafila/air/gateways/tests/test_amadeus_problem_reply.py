"""What went wrong at Amadeus, in every shape it says it; what is an error, what only looks like one."""

from __future__ import annotations

import pytest

from qafila.air.gateways.amadeus.problems import Fault, Problem, errors, fault, line_failure, problems, simultaneous
from qafila.air.gateways.amadeus.xml import parse
from qafila.air.gateways.tests.replying import flight, line, name_line, order, recorded, reply


def group(name: str, code: str, words: str, category: str = "EC") -> str:
    told = f"<errorCategory>{category}</errorCategory>" if category else ""
    return (
        f"<{name}><errorOrWarningCodeDetails><errorDetails><errorCode>{code}</errorCode>{told}</errorDetails>"
        f"</errorOrWarningCodeDetails><errorWarningDescription><freeText>{words}</freeText></errorWarningDescription></{name}>"
    )


def test_an_order_complains_of_the_whole_of_a_name_of_a_flight_and_of_a_line():
    pnr = order(
        people=name_line("2", "DOE", "JANE").replace(
            "</travellerInfo>", group("nameError", "20", "RESTRICTED") + "</travellerInfo>"
        ),
        flights=flight("4").replace("</itineraryInfo>", group("errorInfo", "102", "CHECK DATE") + "</itineraryInfo>"),
        lines=line("TK", tattoo="17", inside=group("elementErrorInformation", "4498", "COMBINATION NOT ALLOWED")),
        more=group("generalErrorInfo", "31", "FINISH OR IGNORE"),
    )
    assert [(one.place, one.reference, one.code) for one in pnr.problems] == [
        ("traveller", "PT 2", "20"),
        ("segment", "ST 4", "102"),
        ("element", "OT 17", "4498"),
        ("message", "", "31"),
    ]
    assert len(errors(pnr.problems)) == 4
    assert "segment ST 4: 102 CHECK DATE" in pnr.snapshot.problems


@pytest.mark.parametrize(
    ("category", "severity"),
    [("EC", "error"), ("X", "error"), ("ERR", "error"), ("ERC", "error"), ("WEC", "warning"), ("WZZ", "warning"),
     ("WA", "warning"), ("W", "warning"), ("INF", "info"), ("O", "fine"), ("STA", "fine"), ("ZZZ", "unknown")],
)  # fmt: skip
def test_the_category_says_how_bad_it_is(category, severity):
    (found,) = problems(reply("PNR_Reply", group("generalErrorInfo", "1", "WORDS", category)))
    assert found.severity == severity


def test_an_older_reply_without_a_category_is_judged_by_the_group_it_stands_in():
    assert (
        problems(reply("FOP_CreateFormOfPaymentReply", group("fpElementError", "25799", "NO", "")))[0].severity
        == "error"
    )
    assert problems(reply("X_Reply", group("warningInformation", "1", "NOTE", "")))[0].severity == "warning"
    assert problems(reply("X_Reply", group("transactionStatus", "Y", "EXACT MATCH", "")))[0].severity == "unknown"


def test_an_error_group_with_ok_in_it_is_no_error():
    assert errors(problems(parse(recorded("dummyDocIssuanceIssueTicketReplyOk")))) == ()


def test_the_older_shape_and_the_search_shape_are_read():
    older = (
        "<applicationError><applicationErrorInfo><applicationErrorDetail><applicationErrorCode>00911</applicationErrorCode>"
        "<codeListQualifier>EC</codeListQualifier></applicationErrorDetail></applicationErrorInfo>"
        "<errorText><errorFreeText>NO TICKETABLE VALIDATING CARRIER</errorFreeText></errorText></applicationError>"
    )
    assert problems(reply("Fare_PricePNRWithBookingClassReply", older)) == (
        Problem("00911", "NO TICKETABLE VALIDATING CARRIER", "error", category="EC"),
    )


def test_words_beside_an_error_at_the_top_of_a_coupon_display_are_its_words():
    told = (
        "<error><errorDetails><errorCode>401</errorCode></errorDetails></error>"
        "<textInfo><freeText>TICKET NUMBER NOT FOUND</freeText></textInfo>"
    )
    assert problems(reply("Ticket_ProcessEDocReply", told)) == (Problem("401", "TICKET NUMBER NOT FOUND", "error"),)


def test_a_refund_error_may_have_its_code_in_a_data_value():
    told = (
        "<applicationErrorGroup><applicationErrorValue><dataLabel>FOP</dataLabel><dataValue>2213</dataValue>"
        "</applicationErrorValue><errorText><freeText>INVALID FORM OF PAYMENT</freeText></errorText>"
        "</applicationErrorGroup>"
    )
    assert problems(reply("DocRefund_UpdateRefundReply", told)) == (
        Problem("2213", "INVALID FORM OF PAYMENT", "error"),
    )


def test_a_warning_among_the_flights_of_a_price_belongs_to_that_price():
    found = problems(parse(recorded("farePricePnrWithBookingClassReply14")))
    assert {one.place for one in found} == {"fare"}
    assert {one.reference for one in found} == {"1", "2", "3", "4"}
    assert errors(found) == ()


def test_simultaneous_changes_are_told_by_their_words_since_another_refusal_has_the_same_code():
    changed, forgotten = (
        problems(reply("PNR_Reply", group("generalErrorInfo", "8111", words)))[0]
        for words in ("SIMULTANEOUS CHANGES TO PNR - USE WRA/RT TO PRINT OR IGNORE           ", "NEED RECEIVED FROM")
    )
    assert simultaneous(changed)
    assert not simultaneous(forgotten)
    assert changed.text.endswith("IGNORE")


def test_finish_or_ignore_beside_a_locator_is_a_refused_change_of_an_order_that_stands_as_it_was():
    pnr = order(flights=flight("1"), more=group("generalErrorInfo", "31", "FINISH OR IGNORE"))
    assert [(one.code, one.severity) for one in errors(pnr.problems)] == [("31", "error")]
    assert (pnr.snapshot.locator, len(pnr.snapshot.segments)) == ("ABC123", 1)


@pytest.mark.parametrize(
    "words", ["CZ ETKT: COMMUNICATIONS LINE UNAVAILABLE", "UNABLE TO PROCESS - EDIFACT EROR", "TIME OUT"]
)
def test_a_broken_line_is_no_refusal_whatever_its_code(words):
    assert line_failure(words)
    assert not line_failure("KU ETKT: NOT AUTHORISED")


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ("<faultcode>soap:Client</faultcode><faultstring> 11|Session|</faultstring>", Fault("11", "Session", "")),
        ("<faultstring>1929|Application|INVALID RECORD LOCATOR</faultstring><faultactor>SI:Backend</faultactor>",
         Fault("1929", "Application", "INVALID RECORD LOCATOR", "SI:Backend")),
        ("<faultcode>soap:Client</faultcode><faultstring>18|Presentation|Error: [a = b] | [c]</faultstring>",
         Fault("18", "Presentation", "Error: [a = b] | [c]")),
        ("<faultcode>wsse:InvalidSecurityToken</faultcode><faultstring>An invalid token</faultstring>",
         Fault("InvalidSecurityToken", "", "An invalid token")),
        ("", Fault("", "", "")),
    ],
)  # fmt: skip
def test_a_fault_is_taken_apart_with_and_without_bars(inside, expected):
    bare = f'<s:Fault xmlns:s="http://schemas.xmlsoap.org/soap/envelope/">{inside}</s:Fault>'
    whole = f'<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>{bare}</e:Body></e:Envelope>'
    assert fault(parse(bare.encode())) == expected
    assert fault(parse(whole.encode())) == expected


def test_a_fault_of_the_newer_soap_says_its_reason():
    told = (
        '<s:Fault xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Code><s:Value>s:Sender</s:Value><s:Subcode>'
        "<s:Value>wsa:InvalidAddressingHeader</s:Value></s:Subcode></s:Code><s:Reason><s:Text>No.</s:Text></s:Reason></s:Fault>"
    )
    assert fault(parse(told.encode())) == Fault("InvalidAddressingHeader", "", "No.")


def test_a_fault_is_read_though_nobody_declared_its_prefix():
    told = b"<soap:Fault><faultcode>soap:Client</faultcode><faultstring> 11|Session|</faultstring></soap:Fault>"
    assert fault(parse(told)) == Fault("11", "Session", "")


def test_a_reply_without_a_fault_has_none():
    assert fault(parse(recorded("pnrResponseFullEnvelope"))) is None
    assert fault(parse(recorded("dummySecuritySignoutReplyOk"))) is None
