"""What goes wrong on purpose: before, nothing happened; after, it happened all the same."""

from __future__ import annotations

import pytest

from simulator.amadeus.tests import messages as m
from simulator.amadeus.tests.client import Reply
from simulator.amadeus.tests.conftest import ADULT, LINES, Held, Stage, documents, hold, number_of, price, sold, ticket
from simulator.amadeus.tests.test_documents import COUPONS, VOID, refused
from simulator.amadeus.tests.test_records import CODE, STATUS

WHEN = pytest.mark.parametrize("when", ["before", "after"])
PAIR = m.person(1, "KHAN", "IMRAN MR") + m.person(2, "KHAN", "AISHA MRS")


@pytest.fixture
def ready(stage: Stage) -> Held:
    """Held and priced, the conversation open."""
    held = hold(stage)
    price(held)
    return held


def issued(stage: Stage, held: Held) -> int:
    return len(stage.book.get(held.locator).documents)


def issue(held: Held) -> Reply:
    return held.client.go_on("DocIssuance_IssueTicket", m.issue())


@WHEN
def test_an_issue_is_refused_with_the_code_and_words_of_the_fault(stage: Stage, ready: Held, when: str) -> None:
    stage.fault("issue_refused", "amadeus.issue", when, code="8100", text="THIS CARRIER NOT VALID THIS MARKET")
    assert refused(issue(ready)) == ("X", "8100", "THIS CARRIER NOT VALID THIS MARKET")
    assert issued(stage, ready) == (when == "after")


@WHEN
def test_a_conversation_expires_between_two_steps(stage: Stage, ready: Held, when: str) -> None:
    stage.fault("session_expired", "amadeus.issue", when)
    reply = issue(ready)
    assert reply.fault == "95|Session|Inactive conversation"
    told = reply.header("Session")
    assert told is not None
    assert told.get("TransactionStatusCode") == "End"
    assert issued(stage, ready) == (when == "after")
    assert stage.store.items("amadeus.session") == []


@WHEN
def test_too_many_conversations_is_a_fault(stage: Stage, ready: Held, when: str) -> None:
    stage.fault("rate_limited", "amadeus.*", when)
    assert issue(ready).fault.startswith(" 14|Session|")
    assert issued(stage, ready) == (when == "after")
    assert issue(ready).name == "DocIssuance_IssueTicketReply"


@WHEN
@pytest.mark.parametrize("step", ["amadeus.commit", "amadeus.end", "amadeus.cancel", "amadeus.issue"])
def test_simultaneous_changes_are_told_whether_or_not_it_was_stored(stage: Stage, when: str, step: str) -> None:
    if step == "amadeus.commit":
        client = stage.client()
        sold(client)
        client.go_on("PNR_AddMultiElements", m.option(0) + ADULT + m.data(*LINES))
        stage.fault("simultaneous_change", step, when)
        reply = client.go_on("PNR_AddMultiElements", m.end(11))
        assert len(stage.book.orders()) == (when == "after")
    else:
        held = hold(stage)
        price(held)
        was = stage.book.get(held.locator).version
        stage.fault("simultaneous_change", step, when)
        if step == "amadeus.issue":
            assert refused(issue(held))[1] == "8111"
            assert issued(stage, held) == (when == "after")
            return
        if step == "amadeus.end":
            held.client.go_on("PNR_AddMultiElements", m.option(0) + m.data(m.remark("MORE")))
            reply = held.client.go_on("PNR_AddMultiElements", m.end(11))
        else:
            reply = held.client.go_on("PNR_Cancel", m.cancel(11))
        assert (stage.book.get(held.locator).version > was) == (when == "after")
    assert reply.text(CODE) == "8111"


@WHEN
def test_a_void_is_refused_and_was_done_or_not(stage: Stage, when: str) -> None:
    held, shown = ticket(stage)
    stage.fault("void_refused", "amadeus.void", when)
    reply = held.client.go_on("Ticket_CancelDocument", m.void(number_of(documents(shown)[0])))
    assert reply.text(VOID) == "N"
    assert reply.text("transactionResults/errorGroup/errorOrWarningCodeDetails/errorDetails/errorCode") == "5458"
    status = stage.book.get(held.locator).documents[0].status
    assert status == ("VOID" if when == "after" else "OPEN")


@WHEN
def test_documents_come_for_the_first_passenger_only(stage: Stage, when: str) -> None:
    held = hold(stage, names=PAIR, seats=2)
    price(held)
    stage.fault("partial_issue", "amadeus.issue", when)
    assert issue(held).text("processingStatus/statusCode") == ("O" if when == "before" else "X")
    assert [document.passenger for document in stage.book.get(held.locator).documents] == [1]


@WHEN
def test_documents_are_shown_later_or_were_never_made(stage: Stage, ready: Held, when: str) -> None:
    stage.fault("late_documents", "amadeus.issue", when, seconds=30)
    assert issue(ready).text("processingStatus/statusCode") == "O"
    shown = [ready.client.go_on("PNR_Retrieve", m.retrieve(ready.locator)) for _ in range(2)]
    assert [documents(each) for each in shown] == [[], []]
    stage.clock.advance(31)
    after = ready.client.go_on("PNR_Retrieve", m.retrieve(ready.locator))
    assert len(documents(after)) == issued(stage, ready) == (when == "after")


def test_a_document_that_is_not_shown_yet_is_found_nowhere_else(stage: Stage, ready: Held) -> None:
    stage.fault("late_documents", "amadeus.issue", "after", seconds=30)
    issue(ready)
    number = stage.book.get(ready.locator).documents[0].number
    hidden = ready.client.go_on("Ticket_ProcessEDoc", m.coupons(number))
    assert hidden.text("error/errorDetails/errorCode") == "401"
    day = stage.book.now().date()
    assert ready.client.go_on("SalesReports_DisplayQueryReport", m.sales(day)).texts("errorGroup")
    stage.clock.advance(31)
    assert ready.client.go_on("Ticket_ProcessEDoc", m.coupons(number)).texts(COUPONS)


@WHEN
@pytest.mark.parametrize("percent", [10, -10])
def test_the_price_moves_before_the_step_or_after_it(stage: Stage, when: str, percent: int) -> None:
    held = hold(stage)
    path = "fareList/fareDataInformation/fareDataSupInformation/fareAmount"
    was = held.client.go_on("Fare_PricePNRWithBookingClass", m.price()).text(path)
    stage.fault("price_changed", "amadeus.price", when, percent=percent)
    first = held.client.go_on("Fare_PricePNRWithBookingClass", m.price()).text(path)
    second = held.client.go_on("Fare_PricePNRWithBookingClass", m.price())
    assert (first == was) == (when == "after")
    assert (float(second.text(path)) > float(was)) == (percent > 0)
    held.client.go_on("Ticket_CreateTSTFromPricing", m.store("1"))
    assert held.client.go_on("PNR_AddMultiElements", m.end(11)).texts(CODE) == []


def test_a_price_that_moves_at_the_hold_is_met_when_it_is_priced(stage: Stage) -> None:
    stage.fault("price_changed", "amadeus.commit", "after", percent=20)
    held = hold(stage)
    assert str(stage.book.get(held.locator).price_factor) == "1.2"
    assert price(held).texts("tstData")


@WHEN
def test_the_time_limit_passes_before_the_issue_or_the_reply_says_so(stage: Stage, ready: Held, when: str) -> None:
    stage.fault("time_limit_passed", "amadeus.issue", when)
    reply = issue(ready)
    assert refused(reply)[0] == "X"
    assert issued(stage, ready) == (when == "after")
    assert (stage.book.get(ready.locator).cancelled_at is None) == (when == "after")


@WHEN
def test_the_time_limit_passes_around_a_retrieve(stage: Stage, when: str) -> None:
    held = hold(stage)
    stage.fault("time_limit_passed", "amadeus.retrieve", when)
    client = stage.client()
    first = client.stateless("PNR_Retrieve", m.retrieve(held.locator))
    second = client.stateless("PNR_Retrieve", m.retrieve(held.locator))
    assert bool(first.texts(STATUS)) == (when == "after")
    assert second.texts(STATUS) == []


@WHEN
def test_the_airline_cancels_a_segment_around_the_issue(stage: Stage, ready: Held, when: str) -> None:
    stage.fault("segment_cancelled", "amadeus.issue", when)
    told = refused(issue(ready))
    assert told[:2] == (("X", "289") if when == "before" else ("O", "OK"))
    assert issued(stage, ready) == (when == "after")
    shown = ready.client.go_on("PNR_Retrieve", m.retrieve(ready.locator))
    assert shown.texts(STATUS)[0] == "UN"


@WHEN
def test_the_airline_cancels_a_segment_around_a_stateless_retrieve(stage: Stage, when: str) -> None:
    held = hold(stage)
    stage.fault("segment_cancelled", "amadeus.retrieve", when, tattoo=2)
    shown = stage.client().stateless("PNR_Retrieve", m.retrieve(held.locator))
    assert ("UN" in shown.texts(STATUS)) == (when == "before")
    assert stage.book.get(held.locator).segments[1].status == "UN"


def test_the_transport_breaks_a_read_and_a_new_request_finds_it_untouched(stage: Stage) -> None:
    held = hold(stage)
    client = stage.client()
    stage.fault("wrong_relates_to", "amadeus.retrieve")
    wrong = client.stateless("PNR_Retrieve", m.retrieve(held.locator))
    assert wrong.relates_to() != wrong.sent_id
    right = client.stateless("PNR_Retrieve", m.retrieve(held.locator))
    assert right.relates_to() == right.sent_id


@WHEN
def test_a_fault_500_at_the_commit_leaves_an_order_only_after(stage: Stage, when: str) -> None:
    client = stage.client()
    sold(client)
    client.go_on("PNR_AddMultiElements", m.option(0) + ADULT + m.data(*LINES))
    stage.fault("fault_500", "amadeus.commit", when)
    assert client.go_on("PNR_AddMultiElements", m.end(11)).status == 500
    assert len(stage.book.orders(key="booking-0001")) == (when == "after")
