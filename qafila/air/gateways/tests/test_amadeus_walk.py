"""A whole order at Amadeus, from search to cancel, over real sockets to the simulator."""

from __future__ import annotations

from datetime import date

import pytest

from qafila.air.gateways.amadeus.looking import MOST, coupons
from qafila.air.gateways.errors import OrderNotFound, SupplierRefused
from qafila.air.gateways.outcomes import Done, Refused, Unknown
from qafila.air.gateways.tests.between import fault, says
from qafila.air.gateways.tests.counters import Counter
from qafila.air.gateways.tests.people import family, travellers
from qafila.air.gateways.values import (
    CouponStatus,
    LimitKind,
    OrderRef,
    PassengerType,
    SearchQuery,
    SegmentState,
    Slice,
    stored,
)
from qafila.kernel import clock

NO_FARE = (
    '<Fare_MasterPricerTravelBoardSearchReply xmlns="http://xml.amadeus.com/FMPTBR_18_1_1A"><errorMessage>'
    "<applicationError><applicationErrorDetail><error>866</error></applicationErrorDetail></applicationError>"
    "<errorMessageText><description>NO FARE FOUND FOR REQUESTED ITINERARY</description></errorMessageText>"
    "</errorMessage></Fare_MasterPricerTravelBoardSearchReply>"
)


def test_a_family_flies_from_search_to_refund(counter: Counter) -> None:
    amadeus, key = counter.supplier, counter.key()
    offer = counter.offer(adults=2, children=1, infants=1)
    assert {fare.passenger_type: fare.count for fare in offer.fares} == {"ADT": 2, "CHD": 1, "INF": 1}
    assert offer.simulated

    held = amadeus.hold(offer, family(), key)
    assert isinstance(held, Done)
    order = held.value
    assert (order.key, order.simulated, order.cancelled) == (key, True, False)
    assert [one.type for one in order.travellers].count(PassengerType.INFANT) == 1
    infant = next(one for one in order.travellers if one.infant_of)
    mother = next(one for one in order.travellers if one.id == infant.infant_of)
    assert mother.first_name.startswith("AYESHA")
    assert {segment.state for segment in order.segments} == {SegmentState.CONFIRMED}
    assert any(limit.kind is LimitKind.CANCEL for limit in order.time_limits), "an orphan must lapse by itself"

    priced = amadeus.price(order.ref)
    assert isinstance(priced, Done)
    assert priced.value.total == offer.total
    assert int(priced.value.version) > int(order.version)

    issued = amadeus.issue(order.ref, priced.value, key)
    assert isinstance(issued, Done)
    documents = issued.value.documents
    assert {whose for document in documents for whose in document.travellers} == {one.id for one in order.travellers}
    assert {document.status for document in documents} == {CouponStatus.OPEN}
    real = {document["number"]: document["passenger"]["kind"] for document in counter.truth(order.locator)["documents"]}
    assert {document.number for document in documents} == set(real)
    of_the_infant = next(document for document in documents if document.travellers == (infant.id,))
    assert real[of_the_infant.number] == "INF"

    voided = amadeus.void(order.ref, documents[0], key)
    assert isinstance(voided, Done)
    assert voided.value.status is CouponStatus.VOID

    quote = amadeus.refund_quote(order.ref, documents[1:])
    assert quote.refund is not None
    assert counter.truth(order.locator)["counts"]["refunded"] == 0, "a quote does nothing"
    refunded = amadeus.refund(quote, key)
    assert isinstance(refunded, Done)
    assert refunded.value.refund == quote.refund

    cancelled = amadeus.cancel(order.ref, key)
    assert isinstance(cancelled, Done)
    assert {document.status for document in cancelled.value.documents} == {CouponStatus.VOID, CouponStatus.REFUNDED}
    now = amadeus.retrieve(order.ref)
    assert now.cancelled
    counts = counter.truth(order.locator)["counts"]
    assert {verb: counts[verb] for verb in ("held", "issued", "voided", "cancelled")} == {
        "held": 1,
        "issued": 1,
        "voided": 1,
        "cancelled": 1,
    }


def test_what_is_done_already_is_done_and_nothing_is_sent(counter: Counter) -> None:
    priced = counter.priced()
    first = counter.supplier.issue(priced.ref, priced, "once-1")
    counter.forget()
    again = counter.supplier.issue(priced.ref, priced, "once-2")
    assert isinstance(first, Done)
    assert isinstance(again, Done)
    assert {each.number for each in again.value.documents} == {each.number for each in first.value.documents}
    assert counter.line.count("DocIssuance_IssueTicket") == 0

    document = again.value.documents[0]
    counter.supplier.void(priced.ref, document, "once-3")
    counter.forget()
    assert isinstance(counter.supplier.void(priced.ref, document, "once-4"), Done)
    assert counter.line.count("Ticket_CancelDocument") == 0

    other = again.value.documents[1]
    quote = counter.supplier.refund_quote(priced.ref, [other])
    counter.supplier.refund(quote, "once-5")
    counter.supplier.cancel(priced.ref, "once-6")
    counter.forget()
    assert isinstance(counter.supplier.refund(quote, "once-7"), Done)
    assert isinstance(counter.supplier.cancel(priced.ref, "once-8"), Done)
    assert counter.line.count("Ticket_ProcessRefund") == counter.line.count("PNR_Cancel") == 0


def test_an_order_with_living_tickets_is_neither_cancelled_nor_priced_anew(counter: Counter) -> None:
    order = counter.issued()
    counter.forget()
    cancelled, priced = counter.supplier.cancel(order.ref, "no-1"), counter.supplier.price(order.ref)
    assert isinstance(cancelled, Refused)
    assert isinstance(priced, Refused)
    assert (cancelled.code, cancelled.by, priced.code, priced.by) == ("TICKETED", "us", "ALREADY_TICKETED", "us")
    assert counter.line.count("PNR_Cancel") == counter.line.count("Ticket_CreateTSTFromPricing") == 0


def test_an_order_whose_tickets_do_not_show_yet_is_not_priced_anew(counter: Counter) -> None:
    priced = counter.priced()
    counter.simulated.arm("late_documents", "amadeus.issue", "after", times=1, params={"seconds": 3600})
    assert isinstance(counter.supplier.issue(priced.ref, priced, counter.key()), Unknown)
    again = counter.supplier.price(priced.ref)
    assert isinstance(again, Refused)
    assert (again.code, again.by) == ("TICKETS_ON_THEIR_WAY", "us")
    assert counter.truth(priced.ref.id)["counts"]["priced"] == 1


def test_a_refunded_order_may_be_issued_again_and_old_tickets_do_not_count(counter: Counter) -> None:
    order = counter.issued()
    counter.supplier.refund(counter.supplier.refund_quote(order.ref, order.documents), "again-1")
    priced = counter.supplier.price(order.ref)
    assert isinstance(priced, Done)
    outcome = counter.supplier.issue(order.ref, priced.value, "again-2")
    old = {document.number for document in order.documents}
    if isinstance(outcome, Done):
        assert not old & {document.number for document in outcome.value.documents}
    else:  # the supplier may refuse it; what never may be is the old tickets for new ones
        assert isinstance(outcome, Refused)
        assert counter.truth(order.locator)["counts"]["issued"] == 1


def test_an_order_nobody_knows_is_not_found_and_asked_of_it_everything_is_refused(counter: Counter) -> None:
    ref = OrderRef("amadeus", "ZZZZZ9")
    with pytest.raises(OrderNotFound):
        counter.supplier.retrieve(ref)
    price, cancel = counter.supplier.price(ref), counter.supplier.cancel(ref, "none-1")
    assert isinstance(price, Refused)
    assert isinstance(cancel, Refused)
    assert price.by == cancel.by == "supplier"
    elsewhere = counter.supplier.cancel(OrderRef("duffel", "ord_1"), "none-2")
    assert isinstance(elsewhere, Refused)
    assert (elsewhere.code, elsewhere.by) == ("NO_SUCH_ORDER", "us")


def test_what_is_no_ticket_is_not_quoted(counter: Counter) -> None:
    order = counter.issued()
    counter.supplier.void(order.ref, order.documents[0], "quote-1")
    with pytest.raises(SupplierRefused) as refused:
        counter.supplier.refund_quote(order.ref, order.documents[:1])
    assert refused.value.supplier_code


def test_the_report_of_the_day_is_a_second_witness(counter: Counter) -> None:
    order = counter.issued()
    zone = next(limit.at.tzinfo for limit in order.time_limits) if order.time_limits else clock.zone()
    report = counter.supplier.sales_report(clock.now().astimezone(zone).date())
    assert {document.number for document in order.documents} <= {line.number for line in report.lines}


def test_nothing_secret_is_in_the_log_after_a_whole_walk(counter: Counter) -> None:
    order = counter.issued()
    counter.supplier.retrieve(order.ref)
    kept = "".join(stored(exchange) for exchange in counter.logged)
    assert "DocIssuance_IssueTicket" in kept
    assert order.documents[0].number[3:] in kept, "a dispute needs the ticket numbers"
    settings = counter.supplier.settings
    people = travellers()
    tokens = [asked.envelope.findtext(".//{*}SecurityToken") for asked in counter.line.asked]
    digests = [asked.envelope.findtext(".//{*}Password") for asked in counter.line.asked]
    secrets = [settings.password, people[0].passport.number, people[0].email, people[0].phone, "9876543210"]
    secrets += ["AYESHA.WANI..SXR//EXAMPLE.COM", "02APR85", "1942450000", *filter(None, [*tokens, *digests])]
    found = [secret for secret in secrets if secret in kept]
    assert not found
    assert settings.password not in repr(counter.supplier.settings)


def test_every_conversation_is_signed_out(counter: Counter) -> None:
    counter.issued()
    started = [asked for asked in counter.line.asked if asked.session == "Start"]
    ended = [asked for asked in counter.line.asked if asked.message == "Security_SignOut"]
    assert len(started) == len(ended) == 3  # hold, price, issue
    by_session: dict[str, list[int]] = {}
    for asked in counter.line.asked:
        if asked.session_id:
            by_session.setdefault(asked.session_id, []).append(int(asked.sequence))
    assert all(numbers == list(range(2, len(numbers) + 2)) for numbers in by_session.values())


def test_the_key_of_the_attempt_is_in_every_request_of_it(counter: Counter) -> None:
    offer = counter.offer()
    counter.forget()
    counter.supplier.hold(offer, travellers(), "attempt-77")
    assert {asked.envelope.findtext(".//{*}UniqueID") for asked in counter.line.asked} == {"attempt-77"}
    assert {exchange.key for exchange in counter.logged} == {"attempt-77"}
    assert "QK/attempt-77" in counter.line.asked[1].text


def test_a_day_without_fares_has_no_offers_and_another_error_is_told(counter: Counter) -> None:
    with pytest.raises(SupplierRefused) as refused:
        counter.supplier.search(SearchQuery((Slice("SXR", "JED", date(2020, 1, 1)),)))
    assert refused.value.supplier_code == "920"
    counter.line.script["Fare_MasterPricerTravelBoardSearch"] = [says(NO_FARE)]
    assert counter.supplier.search(SearchQuery((Slice("SXR", "JED", date(2027, 1, 18)),))) == ()


def test_what_cannot_be_told_of_coupons_stays_unknown_with_a_note(counter: Counter) -> None:
    order = counter.issued()
    counter.line.script["Ticket_ProcessEDoc"] = [says(fault("1|Application|OUT OF ORDER"), 500)]
    snapshot = counter.supplier.retrieve(order.ref)
    assert {document.status for document in snapshot.documents} == {CouponStatus.UNKNOWN}
    assert any("Coupon states could not be read" in note for note in snapshot.notes)


def test_an_order_of_endless_documents_does_not_ask_without_end(counter: Counter) -> None:
    counter.line.script["Ticket_ProcessEDoc"] = [says("<Ticket_ProcessEDocReply/>")] * 200
    assert coupons(counter.supplier.wire, (f"176{number:010}" for number in range(1, 1000))).documents == ()
    assert counter.line.count("Ticket_ProcessEDoc") == 1 + MOST
