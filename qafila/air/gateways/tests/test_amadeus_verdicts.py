"""What we say of a call at Amadeus, before its deciding request and after it: one test for each rule.

Whatever is said, the deciding request was sent at most once, and what is said is no more than what is true.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from qafila.air.gateways.outcomes import Done, Doubt, Outcome, Refused, Unknown
from qafila.air.gateways.tests.between import (
    Answer,
    Asked,
    PassOn,
    Said,
    changed,
    fault,
    says,
    says_after,
    vanishes,
    vanishes_after,
)
from qafila.air.gateways.tests.counters import Counter
from qafila.air.gateways.tests.people import family, travellers
from qafila.air.gateways.values import OrderSnapshot, Priced
from qafila.kernel import clock

SELL, ADD, FOP = "Air_SellFromRecommendation", "PNR_AddMultiElements", "FOP_CreateFormOfPayment"
PRICE, TST, ISSUE = "Fare_PricePNRWithBookingClass", "Ticket_CreateTSTFromPricing", "DocIssuance_IssueTicket"
GET, EDOC, VOID, CANCEL = "PNR_Retrieve", "Ticket_ProcessEDoc", "Ticket_CancelDocument", "PNR_Cancel"
INIT, UPDATE, PROCESS, IGNORE = (f"AMA_Ticket{step}RefundRQ" for step in ("Init", "Update", "Process", "Ignore"))
DECIDING = (ISSUE, VOID, CANCEL, PROCESS)


def passed(asked: Asked, pass_on: PassOn) -> Said:
    return pass_on()


def pnr(code: str, words: str, category: str = "EC", *, locator: str = "", more: str = "") -> str:
    """A PNR_Reply that complains."""
    header = f"<reservation><companyId>1A</companyId><controlNumber>{locator}</controlNumber></reservation>"
    return (
        '<PNR_Reply xmlns="http://xml.amadeus.com/PNRACC_17_1_1A">'
        + (f"<pnrHeader><reservationInfo>{header}</reservationInfo></pnrHeader>" if locator else "")
        + "<generalErrorInfo><errorOrWarningCodeDetails><errorDetails>"
        f"<errorCode>{code}</errorCode><errorCategory>{category}</errorCategory><errorCodeOwner>1A</errorCodeOwner>"
        f"</errorDetails></errorOrWarningCodeDetails><errorWarningDescription><freeText>{words}</freeText>"
        f"</errorWarningDescription></generalErrorInfo>{more}</PNR_Reply>"
    )


def issue_says(letter: str, code: str, words: str) -> str:
    return (
        '<DocIssuance_IssueTicketReply xmlns="http://xml.amadeus.com/TTKTIR_15_1_1A"><processingStatus>'
        f"<statusCode>{letter}</statusCode></processingStatus><errorGroup><errorOrWarningCodeDetails><errorDetails>"
        f"<errorCode>{code}</errorCode></errorDetails></errorOrWarningCodeDetails><errorWarningDescription><freeText>"
        f"{words}</freeText></errorWarningDescription></errorGroup></DocIssuance_IssueTicketReply>"
    )


def void_says(letter: str, code: str = "118", words: str = "") -> str:
    error = (
        "<errorGroup><errorOrWarningCodeDetails><errorDetails><errorCode>"
        f"{code}</errorCode></errorDetails></errorOrWarningCodeDetails>"
        + (f"<errorWarningDescription><freeText>{words}</freeText></errorWarningDescription>" if words else "")
        + "</errorGroup>"
    )
    return (
        '<Ticket_CancelDocumentReply xmlns="http://xml.amadeus.com/TRCANR_11_1_1A"><transactionResults><responseDetails>'
        f"<responseType>X</responseType><statusCode>{letter}</statusCode></responseDetails>"
        f"{error if letter != 'O' else ''}</transactionResults></Ticket_CancelDocumentReply>"
    )


def refund_says(step: str, code: str, words: str) -> str:
    """The machinery understood it, and the record is refused all the same."""
    return (
        f'<AMA_Ticket{step}RefundRS xmlns="http://xml.amadeus.com/2010/06/TicketGTP_v3" '
        'xmlns:ama="http://xml.amadeus.com/2010/06/Types_v2" Version="3.000"><GeneralReply><Success/></GeneralReply>'
        '<FunctionalData><ContractBundle ID="1"><Errors><ama:Errors><ama:Error Type="000" '
        f'Code="{code}">{words}</ama:Error></ama:Errors></Errors></ContractBundle></FunctionalData>'
        f"</AMA_Ticket{step}RefundRS>"
    )


@pytest.fixture(autouse=True)
def sent_once(counter: Counter) -> Iterator[None]:
    """Whatever happens in a test, no deciding request goes out twice in one call (`counter.forget` begins a call)."""
    yield
    assert all(counter.line.count(message) <= 1 for message in DECIDING)


def refused(outcome: Outcome[Any], code: str, by: str = "supplier") -> Refused:
    assert isinstance(outcome, Refused), outcome
    assert (outcome.code, outcome.by) == (code, by)
    return outcome


def unknown(outcome: Outcome[Any], doubt: Doubt, *, sent: bool = True) -> Unknown:
    assert isinstance(outcome, Unknown), outcome
    assert (outcome.doubt, outcome.sent) == (doubt, sent), outcome
    return outcome


# -- before the deciding request ---------------------------------------------------------------------------------------


def held_with(counter: Counter, **script: list[Answer]) -> Outcome[OrderSnapshot]:
    offer = counter.offer()
    counter.forget()
    counter.line.script.update(script)
    return counter.supplier.hold(offer, travellers(), counter.key())


NOT_SOLD = (
    '<Air_SellFromRecommendationReply xmlns="http://xml.amadeus.com/ITARES_05_2_IA"><errorAtMessageLevel><errorSegment>'
    "<errorDetails><errorCode>288</errorCode><errorCategory>EC</errorCategory></errorDetails></errorSegment>"
    "<informationText><freeText>UNABLE TO SATISFY, NEED CONFIRMED FLIGHT STATUS</freeText></informationText>"
    "</errorAtMessageLevel></Air_SellFromRecommendationReply>"
)
BEFORE = {
    "a flight that is full": ({SELL: [says(NOT_SOLD)]}, "288"),
    "a name that is not taken": ({ADD: [says(pnr("20", "RESTRICTED"))]}, "20"),
    "a fault of the business": ({ADD: [says(fault("1929|Application|INVALID RECORD LOCATOR"), 500)]}, "1929"),
    "credentials that are not taken": ({SELL: [says(fault(" 11|Session|"), 500)]}, "11"),
}


@pytest.mark.parametrize("case", BEFORE)
def test_before_the_commit_a_plain_refusal_is_a_refusal(counter: Counter, case: str) -> None:
    script, code = BEFORE[case]
    refused(held_with(counter, **script), code)
    assert counter.line.count(ADD) <= 1, "no commit"


def test_a_code_without_words_tells_the_flights_that_were_not_sold(counter: Counter) -> None:
    flight = (
        "<itineraryDetails><segmentInformation><flightDetails><companyDetails><marketingCompany>SV</marketingCompany>"
        "</companyDetails><flightIdentification><flightNumber>110</flightNumber></flightIdentification></flightDetails>"
        "<actionDetails><statusCode>UNS</statusCode></actionDetails></segmentInformation></itineraryDetails>"
    )
    words = "<informationText><freeText>UNABLE TO SATISFY, NEED CONFIRMED FLIGHT STATUS</freeText></informationText>"
    bare = NOT_SOLD.replace(words, "").replace("</errorAtMessageLevel>", f"</errorAtMessageLevel>{flight}")
    outcome = held_with(counter, **{SELL: [says(bare)]})
    refused(outcome, "288")
    assert isinstance(outcome, Refused)
    assert outcome.text == "Not all seats could be had: SV 110 UNS."


DOUBTFUL = {
    "no answer": (vanishes, Doubt.UNANSWERED),
    "no envelope": (lambda asked, pass_on: Said(b"<html>no</html>", 502), Doubt.UNREADABLE),
    "another's answer": (says("<PNR_Reply/>", relates_to="SOMEBODY"), Doubt.NOT_OURS),
    "an answer to nobody": (says("<PNR_Reply/>", relates_to=""), Doubt.NOT_OURS),
    "another message": (says("<Hotel_SellReply/>"), Doubt.UNREADABLE),
    "a lost conversation": (says(fault("95|Session|Inactive conversation"), 500), Doubt.UNDECIDED),
    "too many conversations": (says(fault(" 14|Session|Max number of sessions reached"), 500), Doubt.UNDECIDED),
    "a fault for nobody": (says(fault("1|Application|NO"), 500, relates_to=""), Doubt.NOT_OURS),
    "a broken line": (says(pnr("0", "COMMUNICATIONS LINE UNAVAILABLE")), Doubt.UNDECIDED),
    "a gateway that asks to wait": (lambda asked, pass_on: Said(b"", 429), Doubt.UNDECIDED),
}


@pytest.mark.parametrize("case", DOUBTFUL)
def test_before_the_commit_anything_else_may_be_started_over(counter: Counter, case: str) -> None:
    answer, doubt = DOUBTFUL[case]
    unknown(held_with(counter, **{ADD: [answer]}), doubt, sent=False)
    assert counter.line.count(ADD) == 1, "no commit"


def test_a_form_of_payment_that_is_not_taken_stops_the_commit(counter: Counter) -> None:
    said = (
        '<FOP_CreateFormOfPaymentReply xmlns="http://xml.amadeus.com/TFOPCR_15_4_1A"><transmissionError>'
        "<errorOrWarningCodeDetails><errorDetails><errorCode>25779</errorCode><errorCategory>EC</errorCategory>"
        "</errorDetails></errorOrWarningCodeDetails><errorWarningDescription><freeText>FOP NOT ALLOWED</freeText>"
        "</errorWarningDescription></transmissionError></FOP_CreateFormOfPaymentReply>"
    )
    refused(held_with(counter, **{FOP: [says(said)]}), "25779")
    assert counter.line.count(ADD) == 1


def test_where_nobody_listens_nothing_was_sent(counter: Counter) -> None:
    offer = counter.offer()
    settings = replace(counter.supplier.settings, endpoint="http://127.0.0.1:9/1ASIWQAFSIM")
    away = type(counter.supplier)(settings)
    unknown(away.hold(offer, travellers(), "away"), Doubt.NOT_SENT, sent=False)
    away.close()


@pytest.mark.parametrize(
    ("who", "word"),
    [
        (lambda: [replace(travellers()[0], last_name="وانی"), travellers()[1]], "A to Z"),
        (lambda: [replace(travellers()[0], last_name="W" * 60), travellers()[1]], "too long"),
        (lambda: travellers()[:1], "not those"),
        (lambda: [travellers()[0], travellers()[0]], "one reference"),
        (lambda: [replace(travellers()[0], email="nobody"), travellers()[1]], "e-mail"),
        (lambda: [replace(travellers()[0], birth_date=None), travellers()[1]], "date of birth"),
    ],
)
def test_travellers_that_cannot_be_booked_are_refused_by_us_without_their_data(counter: Counter, who, word) -> None:
    offer = counter.offer()
    counter.forget()
    outcome = refused(counter.supplier.hold(offer, who(), "bad"), "INVALID_TRAVELLERS", "us")
    assert word in outcome.text
    assert "WANI" not in outcome.text.upper()
    assert not counter.line.asked


def test_an_infant_without_an_adult_and_an_offer_that_is_over_are_refused_by_us(counter: Counter) -> None:
    offer = counter.offer(2, 1, 1)
    counter.forget()
    people = [replace(one, infant_of="T9") if one.infant_of else one for one in family()]
    refused(counter.supplier.hold(offer, people, "bad"), "INVALID_TRAVELLERS", "us")
    over = replace(offer, expires_at=clock.now() - timedelta(minutes=1))
    refused(counter.supplier.hold(over, family(), "bad"), "OFFER_EXPIRED", "us")
    refused(counter.supplier.hold(offer, family(), "a key with blanks"), "KEY_UNFIT", "us")
    refused(counter.supplier.hold(replace(offer, supplier="duffel"), family(), "k"), "OTHER_SUPPLIER", "us")
    assert not counter.line.asked


# -- hold --------------------------------------------------------------------------------------------------------------


def committed(counter: Counter, *answers: Answer) -> Outcome[OrderSnapshot]:
    return held_with(counter, **{ADD: [passed, *answers]})


def test_a_commit_that_is_refused_without_a_locator_is_refused(counter: Counter) -> None:
    refused(committed(counter, says(pnr("102", "CHECK DATE"))), "102")
    words = "ERROR AT END OF TRANSACTION TIME - ERROR AT EOT TIME - NEED RECEIVED FROM"
    refused(committed(counter, says(pnr("8111", words))), "8111")


@pytest.mark.parametrize(
    "words", ["SIMULTANEOUS CHANGES TO PNR - USE WRA/RT TO PRINT OR IGNORE", "COMMUNICATIONS LINE UNAVAILABLE"]
)
def test_a_commit_beside_another_s_change_or_over_a_broken_line_is_unknown(counter: Counter, words: str) -> None:
    outcome = unknown(committed(counter, says(pnr("8111", words))), Doubt.UNDECIDED)
    assert outcome.code == "8111"


def test_a_commit_with_warnings_alone_is_ended_once_more_and_books_once(counter: Counter) -> None:
    words = pnr("22", "CHECK MINIMUM CONNECTION TIME", "WEC")
    warned = says_after(words, instead=("<optionCode>11<", "<optionCode>0<"))  # it stops short of the end
    outcome = committed(counter, warned)
    assert isinstance(outcome, Done), outcome
    ends = [asked for asked in counter.line.asked if asked.message == ADD][1:]
    options = [[option.text for option in asked.envelope.iter("{*}optionCode")] for asked in ends]
    assert options == [["11"], ["11", "30"]]
    assert len(counter.simulated.orders(key=outcome.value.key)) == 1
    twice = committed(counter, warned, says(words))
    unknown(twice, Doubt.UNDECIDED)
    assert counter.line.count(ADD) == 3, "never a third time"
    nothing_left = committed(counter, warned, says(pnr("1", "NEED ITINERARY")))
    assert unknown(nothing_left, Doubt.UNDECIDED).code == "1", "the first end may have stored it after all"


def test_a_second_end_that_cannot_be_sent_does_not_unsay_the_first(counter: Counter) -> None:
    """Its reply lost the conversation, so that the warnings cannot be accepted; but a commit has left."""
    warned = pnr("22", "CHECK MINIMUM CONNECTION TIME", "WEC")
    unknown(committed(counter, says(warned, session="")), Doubt.UNDECIDED)
    order = counter.held()
    counter.forget()
    version = f"<sequenceDetails><number>{order.version}</number></sequenceDetails>"
    as_before = f"<technicalData><enveloppeNumberData>{version}</enveloppeNumberData></technicalData>"
    warned = pnr("22", "CHECK MINIMUM CONNECTION TIME", "WEC", locator=order.locator, more=as_before)
    counter.line.script[ADD] = [says(warned, session="")]
    outcome = unknown(counter.supplier.price(order.ref), Doubt.UNDECIDED)
    assert outcome.ref == order.ref
    assert counter.line.names()[-1] == GET, "it was looked"


def test_what_a_refusal_quotes_of_a_traveller_is_not_told(counter: Counter) -> None:
    words = "CHECK DOCS P-IND-{0.number}-IND AND {1} AND {2}"
    who = travellers()[0]
    assert who.passport is not None
    written = who.email.upper().replace("@", "//")
    refusal = says(pnr("20", words.format(who.passport, written, who.phone.removeprefix("+"))))
    for script in ({ADD: [refusal]}, {ADD: [passed, refusal]}):
        outcome = refused(held_with(counter, **script), "20")
        assert "CHECK DOCS" in outcome.text
        for private in (who.passport.number, written, who.phone[-9:]):
            assert private not in repr(outcome)


def test_a_supplier_that_never_stops_talking_is_cut_short(counter: Counter) -> None:
    outcome = refused(held_with(counter, **{ADD: [says(fault(f"1|Application|{'NO ' * 100_000}"), 500)]}), "1")
    assert len(outcome.text) < 1000
    outcome = refused(held_with(counter, **{ADD: [says(pnr("20", "NO " * 100_000))]}), "20")
    assert len(outcome.text) < 1000


@pytest.mark.parametrize(
    ("answer", "doubt"),
    [
        (vanishes_after, Doubt.UNANSWERED),
        (vanishes, Doubt.UNANSWERED),
        (says_after(fault("7777|System|UNEXPECTED"), 500), Doubt.UNDECIDED),
        (says_after("<PNR_Reply/>", relates_to="SOMEBODY"), Doubt.NOT_OURS),
        (says_after("<PNR_Reply/>"), Doubt.UNDECIDED),
        (lambda asked, pass_on: Said(b"half <", 200), Doubt.UNREADABLE),
    ],
)
def test_a_commit_that_is_not_answered_plainly_is_unknown_since_no_key_finds_it(
    counter: Counter, answer: Answer, doubt: Doubt
) -> None:
    unknown(committed(counter, answer), doubt)
    assert counter.line.count(ADD) == 2


def test_a_commit_that_tells_a_locator_is_looked_up(counter: Counter) -> None:
    """A short reply, and FINISH OR IGNORE with a locator: the record decides."""

    def short(asked: Asked, pass_on: PassOn) -> Said:
        return cut(asked, pass_on, "")

    def finish(asked: Asked, pass_on: PassOn) -> Said:
        return cut(asked, pass_on, pnr("31", "FINISH OR IGNORE", locator="{}"))

    def cut(asked: Asked, pass_on: PassOn, message: str) -> Said:
        real = pass_on().body
        assert real is not None
        locator = real.decode().partition("<controlNumber>")[2].partition("<")[0]
        plain = message or pnr("", "", locator="{}").partition("<generalErrorInfo>")[0] + "</PNR_Reply>"
        return says_after(plain.replace("{}", locator))(asked, lambda _: Said(real))

    for answer in (short, finish):
        outcome = committed(counter, answer)
        assert isinstance(outcome, Done), outcome
        assert outcome.value.segments
        assert counter.line.count(GET) == 1


def test_a_locator_that_is_another_s_order_is_not_ours(counter: Counter) -> None:
    other = counter.held()
    outcome = unknown(committed(counter, says(pnr("31", "FINISH OR IGNORE", locator=other.locator))), Doubt.UNDECIDED)
    assert outcome.ref == other.ref


# -- price -------------------------------------------------------------------------------------------------------------


def priced_with(counter: Counter, **script: list[Answer]) -> Outcome[Priced]:
    order = counter.held()
    counter.forget()
    counter.line.script.update(script)
    return counter.supplier.price(order.ref)


def test_a_price_that_is_not_given_or_not_kept_is_refused(counter: Counter) -> None:
    no_fare = (
        '<Fare_PricePNRWithBookingClassReply xmlns="http://xml.amadeus.com/TPCBRR_18_1_1A"><applicationError>'
        "<errorOrWarningCodeDetails><errorDetails><errorCode>00477</errorCode><errorCategory>EC</errorCategory>"
        "</errorDetails></errorOrWarningCodeDetails><errorWarningDescription><freeText>INVALID FORMAT</freeText>"
        "</errorWarningDescription></applicationError></Fare_PricePNRWithBookingClassReply>"
    )
    refused(priced_with(counter, **{PRICE: [says(no_fare)]}), "00477")
    not_kept = (
        '<Ticket_CreateTSTFromPricingReply xmlns="http://xml.amadeus.com/TAUTCR_04_1_1A"><applicationError>'
        "<applicationErrorInfo><applicationErrorDetail><applicationErrorCode>CM01959</applicationErrorCode>"
        "<codeListQualifier>EC</codeListQualifier></applicationErrorDetail></applicationErrorInfo>"
        "<errorText><errorFreeText>NEED PNR</errorFreeText></errorText></applicationError>"
        "</Ticket_CreateTSTFromPricingReply>"
    )
    refused(priced_with(counter, **{TST: [says(not_kept)]}), "CM01959")
    assert counter.line.count(ADD) == 0


def test_stored_fares_that_do_not_fit_the_price_are_not_ended(counter: Counter) -> None:
    others = changed("<refNumber>1</refNumber>", "<refNumber>7</refNumber>")
    unknown(priced_with(counter, **{TST: [others]}), Doubt.UNDECIDED, sent=False)
    nothing = '<Ticket_CreateTSTFromPricingReply xmlns="http://xml.amadeus.com/TAUTCR_04_1_1A"/>'
    unknown(priced_with(counter, **{TST: [says(nothing)]}), Doubt.UNDECIDED, sent=False)
    assert counter.line.count(ADD) == 0


@pytest.mark.parametrize("answer", [vanishes_after, says_after(pnr("31", "FINISH OR IGNORE")), says_after("<a/>")])
def test_a_price_that_was_kept_without_a_word_is_done(counter: Counter, answer: Answer) -> None:
    outcome = priced_with(counter, **{ADD: [answer]})
    assert isinstance(outcome, Done), outcome
    assert outcome.value.total == counter.supplier.retrieve(outcome.value.ref).total


def test_a_price_that_was_not_kept_is_refused_or_unknown_by_what_was_said(counter: Counter) -> None:
    unknown(priced_with(counter, **{ADD: [vanishes]}), Doubt.UNANSWERED)
    refused(priced_with(counter, **{ADD: [says(pnr("102", "CHECK DATE"))]}), "102")
    blind = {ADD: [says(pnr("102", "CHECK DATE"))], GET: [passed, vanishes]}
    unknown(priced_with(counter, **blind), Doubt.UNDECIDED)
    assert counter.line.count(ADD) == 1


def test_an_order_priced_again_is_not_taken_for_kept_by_its_older_price(counter: Counter) -> None:
    priced = counter.priced()
    counter.forget()
    counter.line.script[ADD] = [vanishes]
    unknown(counter.supplier.price(priced.ref), Doubt.UNANSWERED)


# -- issue -------------------------------------------------------------------------------------------------------------


def issued_with(counter: Counter, **script: list[Answer]) -> Outcome[Any]:
    priced = counter.priced()
    counter.forget()
    counter.line.script.update(script)
    return counter.supplier.issue(priced.ref, priced, counter.key())


@pytest.mark.parametrize(
    "moved",
    [
        changed(r"(<qualifier>T</qualifier><amount>)\d+", r"\g<1>99999"),
        changed(r"<tstReferenceNumber>1<", "<tstReferenceNumber>9<"),
    ],
)
def test_a_price_that_moved_is_not_issued(counter: Counter, moved: Answer) -> None:
    refused(issued_with(counter, **{GET: [moved]}), "PRICE_CHANGED", "us")
    assert counter.line.count(ISSUE) == 0


def test_another_order_s_price_or_none_is_not_issued(counter: Counter) -> None:
    priced, other = counter.priced(), counter.held()
    counter.forget()
    refused(counter.supplier.issue(other.ref, priced, "k"), "NOT_PRICED", "us")
    refused(counter.supplier.issue(priced.ref, replace(priced, token="{}"), "k"), "NOT_PRICED", "us")
    assert not counter.line.asked


def test_an_order_whose_time_is_up_is_not_issued(counter: Counter) -> None:
    priced = counter.priced()
    counter.forget()
    late = replace(priced, valid_until=clock.now() - timedelta(seconds=1))
    refused(counter.supplier.issue(priced.ref, late, "k"), "TIME_LIMIT_PASSED", "us")
    with clock.standing_at(clock.now() + timedelta(days=3)):
        refused(counter.supplier.issue(priced.ref, replace(priced, valid_until=None), "k"), "TIME_LIMIT_PASSED", "us")
    assert counter.line.count(ISSUE) == 0


def test_an_order_whose_flight_the_airline_took_out_is_not_issued(counter: Counter) -> None:
    priced = counter.priced()
    order = counter.supplier.retrieve(priced.ref)
    counter.simulated.ask("POST", f"/airline/{order.locator}/segments/{order.segments[0].id}", {"status": "UN"})
    counter.forget()
    outcome = refused(counter.supplier.issue(priced.ref, priced, "k"), "SEGMENTS_NOT_CONFIRMED", "us")
    assert order.segments[0].number in outcome.text
    assert counter.line.count(ISSUE) == 0


def test_a_clean_refusal_to_issue_is_refused_after_a_look(counter: Counter) -> None:
    for code, words in (("2161", "PROHIBITED TICKETING CARRIER"), ("0", "KU ETKT: NOT AUTHORISED")):
        outcome = issued_with(counter, **{ISSUE: [says(issue_says("X", code, words))]})
        assert refused(outcome, code).text == words
        assert counter.line.names()[-1] == GET, "it was looked"


@pytest.mark.parametrize(
    ("said", "doubt"),
    [
        (issue_says("X", "0", "CZ ETKT: COMMUNICATIONS LINE UNAVAILABLE"), Doubt.UNDECIDED),
        (issue_says("X", "8111", "SIMULTANEOUS CHANGES TO PNR - USE WRA/RT TO PRINT OR IGNORE"), Doubt.UNDECIDED),
        (issue_says("X", "3025", "ALL PASSENGERS/SEGMENTS ALREADY TICKETED"), Doubt.UNCONFIRMED),
        (issue_says("O", "OK", "OK ETICKET"), Doubt.UNCONFIRMED),
        (issue_says("X", "1", "PREVIOUS REQUEST ALREADY QUEUED"), Doubt.UNCONFIRMED),
        (issue_says("Q", "1", "WHO KNOWS"), Doubt.UNDECIDED),
        (fault("1929|Application|INVALID RECORD LOCATOR"), Doubt.UNDECIDED),
    ],
)
def test_an_issue_that_the_order_does_not_show_is_never_refused(counter: Counter, said: str, doubt: Doubt) -> None:
    outcome = unknown(issued_with(counter, **{ISSUE: [says(said)]}), doubt)
    assert outcome.ref is not None


@pytest.mark.parametrize(
    "answer",
    [
        vanishes_after,
        says_after(issue_says("X", "2161", "PROHIBITED TICKETING CARRIER")),
        says_after(issue_says("X", "3025", "ALL PASSENGERS/SEGMENTS ALREADY TICKETED")),
        says_after(fault("95|Session|Inactive conversation"), 500),
        says_after("<a/>", relates_to="SOMEBODY"),
    ],
)
def test_an_issue_that_the_order_shows_is_done_whatever_was_said(counter: Counter, answer: Answer) -> None:
    outcome = issued_with(counter, **{ISSUE: [answer]})
    assert isinstance(outcome, Done), outcome
    assert counter.line.count(ISSUE) == 1


@pytest.mark.parametrize(
    "words",
    [" 11|Session|", "93|Session|Illogical conversation", "95|Session|Inactive conversation", "99|Session|Not known"],
)
def test_a_fault_of_the_session_is_no_refusal_since_another_copy_may_be_at_work(counter: Counter, words: str) -> None:
    """Something doubles the command: a second copy is turned away, and the first one's tickets show after our look."""
    late = []

    def doubled(asked: Asked, pass_on: PassOn) -> Said:
        late.append(pass_on)
        return says(fault(words), 500)(asked, pass_on)

    priced = counter.priced()
    counter.forget()
    counter.line.script["Security_SignOut"] = [says("<Security_SignOutReply/>")]  # the first copy is still at work
    counter.line.script[ISSUE] = [doubled]
    outcome = unknown(counter.supplier.issue(priced.ref, priced, "k"), Doubt.UNDECIDED)
    assert outcome.ref == priced.ref
    assert counter.line.names()[-1] == GET, "it was looked"
    late.pop()()
    counter.forget()
    found = counter.supplier.issue(priced.ref, priced, "k")
    assert isinstance(found, Done), found
    assert counter.line.count(ISSUE) == 0, "they were issued already"


def test_a_look_that_fails_never_makes_a_refusal(counter: Counter) -> None:
    refusal = says(issue_says("X", "2161", "PROHIBITED TICKETING CARRIER"))
    for look in (vanishes, says(fault("1929|Application|INVALID RECORD LOCATOR"), 500), says("<PNR_Reply/>")):
        outcome = issued_with(counter, **{ISSUE: [refusal], GET: [passed, look]})
        assert unknown(outcome, Doubt.UNDECIDED).code == "2161"
    other = counter.held().locator
    lost = changed(r"<controlNumber>\w+<", f"<controlNumber>{other}<")
    unknown(issued_with(counter, **{ISSUE: [refusal], GET: [passed, lost]}), Doubt.UNDECIDED)


def test_a_mistake_of_ours_after_the_command_leaves_it_unknown(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumbles(*_: object, **__: object) -> None:
        raise KeyError("1762400000001")

    priced = counter.priced()
    monkeypatch.setattr("qafila.air.gateways.amadeus.issuing.order", stumbles)
    outcome = unknown(counter.supplier.issue(priced.ref, priced, "k"), Doubt.UNCONFIRMED)
    assert outcome.ref == priced.ref
    assert "KeyError" in outcome.notes[0]
    assert "1762400000001" not in repr(outcome), "the words of an error may quote the reply"


def test_tickets_of_an_order_whose_names_cannot_be_read_are_not_everybody_s(counter: Counter) -> None:
    nameless = changed("<travellerInfo>.*?</travellerInfo>", "")
    outcome = unknown(issued_with(counter, **{GET: [passed, nameless]}), Doubt.PARTIAL)
    assert len(outcome.seen) == 2
    order = counter.issued()
    priced = replace(counter.priced(), ref=order.ref)
    counter.forget()
    counter.line.script[GET] = [nameless]
    unknown(counter.supplier.issue(order.ref, priced, "k"), Doubt.PARTIAL)
    assert counter.line.count(ISSUE) == 0


def test_tickets_for_some_are_partial_and_nothing_more_is_issued(counter: Counter) -> None:
    priced = counter.priced()
    counter.simulated.arm("partial_issue", "amadeus.issue", "before")
    counter.forget()
    outcome = unknown(counter.supplier.issue(priced.ref, priced, "k"), Doubt.PARTIAL)
    assert len(outcome.seen) == 1
    counter.forget()
    again = unknown(counter.supplier.issue(priced.ref, priced, "k"), Doubt.PARTIAL)
    assert [each.number for each in again.seen] == [each.number for each in outcome.seen]
    assert counter.line.count(ISSUE) == 0


# -- void, refund, cancel ----------------------------------------------------------------------------------------------


def voided_with(counter: Counter, **script: list[Answer]) -> Outcome[Any]:
    order = counter.issued()
    counter.forget()
    counter.line.script.update(script)
    return counter.supplier.void(order.ref, order.documents[0], counter.key())


def test_a_void_is_done_by_its_letter_and_refused_by_its_letter_after_a_look(counter: Counter) -> None:
    assert isinstance(voided_with(counter), Done)
    refused(voided_with(counter, **{VOID: [says(void_says("N", "5458", "NOT AUTHORISED"))]}), "5458")
    refused(voided_with(counter, **{VOID: [says(void_says("N"))]}), "118")


@pytest.mark.parametrize(
    ("answer", "doubt"),
    [
        (vanishes, Doubt.UNANSWERED),
        (says(void_says("N", "0", "COMMUNICATIONS LINE UNAVAILABLE")), Doubt.UNDECIDED),
        (says(void_says("Z")), Doubt.UNDECIDED),
        (says(void_says("N", "6150")), Doubt.UNCONFIRMED),
        (says('<Ticket_CancelDocumentReply xmlns="http://xml.amadeus.com/TRCANR_11_1_1A"/>'), Doubt.UNDECIDED),
        (says(fault("1|Application|NO"), 500), Doubt.UNDECIDED),
    ],
)
def test_a_void_that_the_coupons_do_not_show_is_unknown(counter: Counter, answer: Answer, doubt: Doubt) -> None:
    unknown(voided_with(counter, **{VOID: [answer]}), doubt)


@pytest.mark.parametrize("answer", [vanishes_after, says_after(void_says("N", "5458", "NOT AUTHORISED"))])
def test_a_void_that_the_coupons_show_is_done(counter: Counter, answer: Answer) -> None:
    assert isinstance(voided_with(counter, **{VOID: [answer]}), Done)


def test_a_void_whose_evidence_cannot_be_read_is_unknown(counter: Counter) -> None:
    refusal = says(void_says("N", "5458", "NOT AUTHORISED"))
    unknown(voided_with(counter, **{VOID: [refusal], EDOC: [passed, vanishes]}), Doubt.UNDECIDED)
    unknown(voided_with(counter, **{VOID: [refusal], GET: [vanishes]}), Doubt.UNDECIDED)


def test_before_a_void_the_coupons_are_asked(counter: Counter) -> None:
    unknown(voided_with(counter, **{EDOC: [vanishes]}), Doubt.UNANSWERED, sent=False)
    assert counter.line.count(VOID) == 0
    closed = says(fault("1|Application|DISPLAY NOT ALLOWED"), 500)
    assert isinstance(voided_with(counter, **{EDOC: [closed]}), Done), "a display that is refused stops nothing"
    order = counter.issued()
    counter.forget()
    strange = replace(order.documents[0], number="1760000000000")
    refused(counter.supplier.void(order.ref, strange, "k"), "401")
    for number in ("1", "\u0661\u0667\u0666" * 4 + "\u0661"):
        refused(counter.supplier.void(order.ref, replace(strange, number=number), "k"), "NO_TICKET_NUMBER", "us")
    assert counter.line.count(VOID) == 0


def refunded_with(counter: Counter, waiver: str = "", **script: list[Answer]) -> Outcome[Any]:
    order = counter.issued()
    quote = counter.supplier.refund_quote(order.ref, order.documents, waiver=waiver)
    counter.forget()
    counter.line.script.update(script)
    return counter.supplier.refund(quote, counter.key())


def test_a_refund_whose_figures_moved_is_dropped(counter: Counter) -> None:
    order = counter.issued()
    quote = counter.supplier.refund_quote(order.ref, order.documents)
    assert quote.refund is not None
    other = quote.token.replace(str(quote.refund.amount), str(quote.refund.amount + 1))
    counter.forget()
    refused(counter.supplier.refund(replace(quote, token=other), "k"), "QUOTE_CHANGED", "us")
    assert (counter.line.count(IGNORE), counter.line.count(PROCESS)) == (1, 0)
    refused(counter.supplier.refund(replace(quote, token="x"), "k"), "NOT_QUOTED", "us")


def test_a_waiver_goes_into_the_record_before_it_is_processed(counter: Counter) -> None:
    outcome = refunded_with(counter, waiver="AIRWAIVER11")
    assert isinstance(outcome, Done), outcome
    names = [name for name in counter.line.names() if name.startswith("AMA_")]
    assert names == [INIT, UPDATE, PROCESS]
    update = counter.line.last(UPDATE).envelope
    assert next(update.iter("{*}WaiverCode")).get("Code") == "AIRWAIVER11"


def test_a_refund_is_refused_in_words_beside_a_success(counter: Counter) -> None:
    refused(refunded_with(counter, **{INIT: [says(refund_says("Init", "21803", "REFUND REJECTED"))]}), "21803")
    assert counter.line.count(PROCESS) == 0
    refused(refunded_with(counter, **{PROCESS: [says(refund_says("Process", "11004", "NEED REFUND RECORD"))]}), "11004")


@pytest.mark.parametrize(
    "answer", [vanishes_after, says_after(refund_says("Process", "11004", "NEED REFUND RECORD")), says_after("<a/>")]
)
def test_a_refund_that_the_coupons_show_is_done(counter: Counter, answer: Answer) -> None:
    assert isinstance(refunded_with(counter, **{PROCESS: [answer]}), Done)


def test_a_refund_that_the_coupons_do_not_show_is_unknown_but_for_a_clean_refusal(counter: Counter) -> None:
    unknown(refunded_with(counter, **{PROCESS: [vanishes]}), Doubt.UNANSWERED)
    unknown(refunded_with(counter, **{PROCESS: [says(fault("1|Application|NO"), 500)]}), Doubt.UNDECIDED)
    refusal = says(refund_says("Process", "11004", "NEED REFUND RECORD"))
    unknown(refunded_with(counter, **{PROCESS: [refusal], EDOC: [passed, vanishes]}), Doubt.UNDECIDED)
    already = says(refund_says("Process", "1", "DOCUMENT ALREADY REFUNDED"))
    unknown(refunded_with(counter, **{PROCESS: [already]}), Doubt.UNCONFIRMED)


def test_a_refund_that_was_only_understood_is_looked_up(counter: Counter) -> None:
    understood = (
        '<AMA_TicketProcessRefundRS xmlns="http://xml.amadeus.com/2010/06/TicketGTP_v3" Version="3.000">'
        "<GeneralReply><Success/></GeneralReply></AMA_TicketProcessRefundRS>"
    )
    unknown(refunded_with(counter, **{PROCESS: [says(understood)]}), Doubt.UNCONFIRMED)
    assert isinstance(refunded_with(counter, **{PROCESS: [says_after(understood)]}), Done)


def test_another_amount_refunded_than_quoted_is_told(counter: Counter) -> None:
    less = changed(r'(<TotalAmounts>.*?Amount=")\d+', r"\g<1>100")
    outcome = refunded_with(counter, **{PROCESS: [less]})
    assert isinstance(outcome, Done), outcome
    assert outcome.value.refund is not None
    assert str(outcome.value.refund) in outcome.notes[0]
    assert "was quoted" in outcome.notes[0]


def cancelled_with(counter: Counter, **script: list[Answer]) -> Outcome[Any]:
    order = counter.held()
    counter.forget()
    counter.line.script.update(script)
    return counter.supplier.cancel(order.ref, counter.key())


def test_a_cancel_is_judged_by_the_flights_that_are_left(counter: Counter) -> None:
    assert isinstance(cancelled_with(counter), Done)
    assert isinstance(cancelled_with(counter, **{CANCEL: [vanishes_after]}), Done)
    assert isinstance(cancelled_with(counter, **{CANCEL: [says_after(pnr("31", "FINISH OR IGNORE"))]}), Done)
    unknown(cancelled_with(counter, **{CANCEL: [vanishes]}), Doubt.UNANSWERED)
    refused(cancelled_with(counter, **{CANCEL: [says(pnr("102", "CHECK DATE"))]}), "102")
    blind = {CANCEL: [says(pnr("102", "CHECK DATE"))], GET: [passed, vanishes]}
    unknown(cancelled_with(counter, **blind), Doubt.UNDECIDED)
    already = {CANCEL: [says(pnr("102", "ITINERARY ALREADY CANCELLED"))]}
    unknown(cancelled_with(counter, **already), Doubt.UNCONFIRMED)


def test_flights_that_cannot_be_read_are_not_taken_for_let_go(counter: Counter) -> None:
    unreadable = changed("<boardpointDetail>.*?</boardpointDetail>", "")
    outcome = cancelled_with(counter, **{GET: [unreadable]})
    assert isinstance(outcome, Done), outcome
    assert counter.line.count(CANCEL) == 1
    unknown(cancelled_with(counter, **{CANCEL: [vanishes], GET: [passed, unreadable]}), Doubt.UNANSWERED)


def test_tickets_nobody_can_tell_of_stop_a_cancel(counter: Counter) -> None:
    order = counter.issued()
    counter.forget()
    counter.line.script[EDOC] = [says(fault("1|Application|NO"), 500)]
    unknown(counter.supplier.cancel(order.ref, "k"), Doubt.UNDECIDED, sent=False)
    assert counter.line.count(CANCEL) == 0


def test_a_sign_out_that_fails_changes_no_verdict(counter: Counter) -> None:
    outcome = issued_with(counter, Security_SignOut=[vanishes])
    assert isinstance(outcome, Done), outcome
    assert counter.line.count("Security_SignOut") == 1
