from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from simulator import refusals
from simulator.book import VERBS
from simulator.tests.factories import TODAY, draft, family, held, house, offer, segment, segments


@pytest.fixture
def here():
    return house()


def verbs(here, locator=""):
    return [effect.verb for effect in here.store.effects(locator=locator)]


# -- the hold -----------------------------------------------------------------------------------------------------


def test_a_hold_takes_seats_draws_a_locator_and_lapses_in_a_day_in_the_offices_zone(here):
    found = offer(here)
    order = held(here, found)
    assert len(order.locator) == 6
    assert order.id == order.locator
    assert order.time_limit == TODAY + timedelta(hours=24)
    assert order.time_limit.tzinfo.key == "Asia/Kolkata"
    assert verbs(here) == ["sold", "held", "priced"]
    for each in segments(found):
        before = next(f for path in found.flights for f in path if f.number == each.number)
        capacity = here.world.capacity(before)[each.booking_class]
        now = here.world.flight(each.carrier, each.number, each.origin, each.destination, each.departs.date())
        assert now.seats[each.booking_class] == min(9, capacity - 3)


@pytest.mark.parametrize(
    ("before", "limit"),
    [(timedelta(days=3, hours=10), timedelta(hours=10)), (timedelta(hours=40), timedelta(minutes=30))],
)
def test_close_to_departure_the_time_limit_is_72_hours_before_but_half_an_hour_at_least(here, before, limit):
    order = draft(offer(here))
    order.segments[0].departs = TODAY + before
    assert here.book.time_limit(order, TODAY) == TODAY + limit


def test_locators_are_never_drawn_twice_nor_one_after_the_other(here):
    drawn = [here.book._draw_locator() for _ in range(3000)]
    assert len(set(drawn)) == 3000
    assert drawn != sorted(drawn)
    assert not set("".join(drawn)) & set("IO01")


def test_the_last_seats_are_sold_once_and_come_back_when_released(here):
    flight = offer(here).flights[0][0]
    one = segment(flight, "Y")
    left = here.world.capacity(flight)["Y"]
    for _ in range(left):
        here.book.sell([one], 1)
    with pytest.raises(refusals.SeatsGone):
        here.book.sell([one], 1)
    assert (
        here.world.flight(flight.carrier, flight.number, "SXR", flight.destination, one.departs.date()).seats["Y"] == 0
    )
    here.book.release([one], 2)
    here.book.sell([one], 2)


def test_all_segments_are_sold_or_none_and_the_refusal_says_which_was_not(here):
    flight = offer(here).flights[0][0]
    good, wrong = segment(flight, "Y"), segment(flight, "F" if "F" not in flight.seats else "W", 2)
    with pytest.raises(refusals.SeatsGone) as refused:
        here.book.sell([good, wrong], 2)
    assert refused.value.indexes == (1,)
    assert here.store.sold(flight.key) == {}
    assert verbs(here) == []


def test_a_flight_that_left_is_not_sold(here):
    flight = offer(here).flights[0][0]
    here.clock.set(flight.departs + timedelta(minutes=1))
    with pytest.raises(refusals.SeatsGone):
        here.book.sell([segment(flight, "Y")], 1)


def test_a_hold_needs_names(here):
    order = draft(offer(here), passengers=[])
    with pytest.raises(refusals.NeedNames):
        here.book.create(order)
    order.passengers = family()
    order.passengers[0].first_name = ""
    with pytest.raises(refusals.NeedNames):
        here.book.create(order)


# -- reading and changing ---------------------------------------------------------------------------------------------


def test_an_order_is_found_by_its_locator_and_is_the_readers_own(here):
    order = held(here)
    read = here.book.get(order.locator)
    assert read == order
    read.passengers[0].last_name = "OTHER"
    read.remarks.append("mine")
    read.extra["note"] = "mine"
    assert here.book.get(order.locator) == order
    with pytest.raises(refusals.OrderNotFound):
        here.book.get("ZZZZZZ")


def test_an_order_is_the_same_after_a_restart(tmp_path):
    path = str(tmp_path / "s.sqlite3")
    before = house(path)
    order = held(before)
    order = before.book.get(before.book.issue(order) and order.locator)
    before.store.close()
    after = house(path, moment=None)
    read = after.book.get(order.locator)
    assert read == order
    assert read.segments[0].departs.tzinfo == order.segments[0].departs.tzinfo
    assert after.book.now() == before.book.now()


def test_two_who_change_the_same_version_are_told_apart(here):
    order = held(here)
    mine, theirs = here.book.get(order.locator), here.book.get(order.locator)
    theirs.remarks.append("theirs")
    assert here.book.save(theirs, theirs.version).version == order.version + 1
    mine.remarks.append("mine")
    with pytest.raises(refusals.SimultaneousChange):
        here.book.save(mine, mine.version)
    assert here.book.get(order.locator).remarks == ["theirs"]


def test_what_was_only_rehearsed_is_not_read_later_even_by_its_version(here):
    order = held(here)
    with here.store.rehearsal():
        order.remarks.append("rehearsed")
        assert here.book.save(order, order.version).version == order.version + 1
        assert here.book.get(order.locator).remarks == ["rehearsed"]
    order.remarks = ["real"]
    here.book.save(order, order.version)
    assert here.book.get(order.locator).remarks == ["real"]


def test_an_unticketed_order_lapses_at_its_time_limit_and_its_seats_come_back(here):
    order = held(here)
    here.clock.set(order.time_limit)
    assert here.book.version(order.locator) == order.version + 1
    lapsed = here.book.get(order.locator)
    assert lapsed.cancelled_at == order.time_limit
    assert {each.status for each in lapsed.segments} == {"XX"}
    assert all(
        sold == 0
        for each in order.segments
        for sold in here.store.sold(f"{each.carrier}{each.number}/{each.departs.date()}/{each.origin}").values()
    )
    assert verbs(here, order.locator)[-1] == "expired"
    with pytest.raises(refusals.TimeLimitPassed):
        here.book.issue(lapsed)


def test_an_order_that_was_changed_meanwhile_is_not_cancelled_and_no_seat_goes_back_twice(here):
    order = held(here)
    here.clock.set(order.time_limit)
    assert here.book.expire() == [order.locator]
    with pytest.raises(refusals.SimultaneousChange):
        here.book.cancel(order)
    assert verbs(here, order.locator)[-1] == "expired"


def test_more_orders_lapse_at_once_than_are_looked_up_at_once(here, monkeypatch):
    locators = {held(here).locator for _ in range(3)}
    asked = here.store.expired_ids
    monkeypatch.setattr(here.store, "expired_ids", lambda moment: asked(moment, limit=2))
    here.clock.advance(86400)
    assert set(here.book.expire()) == locators


def test_a_ticketed_order_does_not_lapse(here):
    order = held(here)
    here.book.issue(order)
    here.clock.advance(3 * 86400)
    assert here.book.expire() == []
    assert here.book.get(order.locator).cancelled_at is None


def test_orders_are_listed_newest_first_by_the_clients_own_key(here):
    first = held(here)
    here.clock.advance(5)
    second = held(here)
    assert [each.locator for each in here.book.orders(key="QK/1")] == [second.locator, first.locator]
    assert [each.locator for each in here.book.orders(since=here.clock.now())] == [second.locator]
    assert here.book.orders(key="QK/2") == []


# -- documents --------------------------------------------------------------------------------------------------------


def test_everyone_gets_one_document_of_the_validating_carrier(here):
    order = held(here)
    made = here.book.issue(order, [fare.number for fare in order.fares])
    assert sorted(each.passenger for each in made) == [1, 2, 3, 4]
    assert {each.number[:3] for each in made} == {here.world.numeric(order.validating_carrier)}
    assert all(len(each.number) == 13 and each.number.isdigit() for each in made)
    assert len({each.number for each in made}) == 4
    by_kind = {fare.fare.kind: fare.fare.total for fare in order.fares}
    assert [each.amount for each in sorted(made, key=lambda each: each.passenger)] == [
        by_kind[kind] for kind in ("ADT", "ADT", "CHD", "INF")
    ]
    assert here.book.get(order.locator).documents == made
    assert verbs(here, order.locator) == ["held", "priced", "issued"]


def test_a_second_issue_of_the_same_fares_is_refused_as_3025(here):
    order = held(here)
    here.book.issue(order)
    with pytest.raises(refusals.AlreadyTicketed) as refused:
        here.book.issue(here.book.get(order.locator))
    assert refused.value.code == "3025"
    assert verbs(here, order.locator).count("issued") == 1


def test_after_a_partial_issue_only_the_rest_is_issued(here):
    order = held(here)
    first = here.book.issue(order, passengers=[1])
    rest = here.book.issue(here.book.get(order.locator))
    assert [each.passenger for each in first] == [1]
    assert sorted(each.passenger for each in rest) == [2, 3, 4]


def test_a_new_fare_may_be_issued_again_for_the_gds_protects_nobody_from_it(here):
    order = held(here)
    here.book.issue(order)
    order = here.book.get(order.locator)
    order = here.book.store_fares(order, offer(here).fares)
    assert len(here.book.issue(order)) == 4
    assert len(here.book.get(order.locator).documents) == 8


def test_issue_is_refused_for_what_is_wrong(here):
    order = held(here)
    with pytest.raises(refusals.NoFare):
        here.book.issue(order, [99])
    stale = here.book.get(order.locator)
    here.book.change_segment(order.locator, 1, "UN")
    with pytest.raises(refusals.SimultaneousChange):
        here.book.issue(stale)
    with pytest.raises(refusals.SegmentsNotConfirmed):
        here.book.issue(here.book.get(order.locator))
    here.book.change_segment(order.locator, 1, "HK")
    order = here.book.get(order.locator)
    order.fares = []
    with pytest.raises(refusals.NoFare):
        here.book.issue(here.book.save(order, order.version))
    with pytest.raises(refusals.OrderCancelled):
        here.book.issue(here.book.cancel(here.book.get(order.locator)))
    assert here.store.document_numbers() == []


def test_a_fare_whose_last_ticketing_moment_passed_is_not_issued(here):
    here.clock.set(datetime(2027, 1, 8, 6, 0, tzinfo=UTC))
    order = held(here)
    last = min(fare.fare.last_ticketing for fare in order.fares)
    order.time_limit = last + timedelta(days=1)
    order = here.book.save(order, order.version)
    here.clock.set(last + timedelta(seconds=1))
    with pytest.raises(refusals.TimeLimitPassed):
        here.book.issue(order)


def test_documents_may_be_shown_later_than_they_were_issued(here):
    order = held(here)
    here.book.issue(order, shown_after=30)
    order = here.book.get(order.locator)
    assert (len(order.documents), here.book.shown(order)) == (4, [])
    here.clock.advance(30)
    assert here.book.shown(order) == order.documents


def test_a_document_is_voided_until_the_offices_midnight_and_once(here):
    order = held(here)
    first, second, *_ = here.book.issue(order)
    here.clock.set(datetime(2026, 12, 1, 18, 29, tzinfo=UTC))  # a minute before midnight in India
    assert here.book.void(first.number).status == "VOID"
    with pytest.raises(refusals.DocumentNotOpen):
        here.book.void(first.number)
    here.clock.advance(60)
    with pytest.raises(refusals.VoidWindowClosed):
        here.book.void(second.number)
    with pytest.raises(refusals.DocumentNotFound):
        here.book.void("0652400000000")
    assert [each.status for each in here.book.get(order.locator).documents] == ["VOID", "OPEN", "OPEN", "OPEN"]
    assert verbs(here, order.locator).count("voided") == 1


def test_whoever_was_voided_may_be_issued_again_under_a_new_number(here):
    order = held(here)
    made = here.book.issue(order)
    here.book.void(made[0].number)
    again = here.book.issue(here.book.get(order.locator))
    assert [each.passenger for each in again] == [made[0].passenger]
    assert again[0].number != made[0].number


def test_a_refund_gives_taxes_and_the_fare_less_its_penalty(here):
    order = held(here, refundable=True)
    made = here.book.issue(order)
    fares = {fare.number: fare.fare for fare in order.fares}
    quoted = here.book.quote_refund([each.number for each in made])
    for line, document in zip(quoted.lines, made, strict=True):
        fare = fares[document.fare_number]
        assert line.tax == fare.tax
        assert 0 < line.penalty < fare.base
        assert line.fare == fare.base - fare.penalty
    before = verbs(here)
    assert here.book.quote_refund([each.number for each in made]) == quoted
    assert verbs(here) == before
    given = here.book.refund([each.number for each in made], quoted.total)
    assert given == quoted
    assert [each.refunded for each in here.book.get(order.locator).documents] == [line.total for line in quoted.lines]
    with pytest.raises(refusals.DocumentNotOpen):
        here.book.refund([made[0].number])


def test_of_a_fare_that_is_not_refundable_only_taxes_come_back(here):
    order = held(here)
    made = here.book.issue(order)
    line = here.book.quote_refund([made[0].number]).lines[0]
    assert (line.fare, line.penalty) == (0, made[0].base)
    assert line.total == line.tax == made[0].amount - made[0].base > 0


def test_a_refund_that_is_not_what_was_quoted_is_refused(here):
    made = here.book.issue(held(here))
    with pytest.raises(refusals.RefundChanged):
        here.book.refund([made[0].number], Decimal(1))
    with pytest.raises(refusals.DocumentNotFound):
        here.book.quote_refund([made[0].number, made[0].number])
    assert here.book.document(made[0].number)[1].status == "OPEN"


def test_a_days_sales_are_what_was_issued_voided_or_refunded_on_it(here):
    order = held(here)
    made = here.book.issue(order)
    assert [document.number for _, document in here.book.sales(date(2026, 12, 1))] == sorted(
        each.number for each in made
    )
    here.clock.advance(86400)
    here.book.refund([made[0].number])
    assert [document.number for _, document in here.book.sales(date(2026, 12, 2))] == [made[0].number]
    assert here.book.sales(date(2026, 12, 3)) == []


# -- cancelling, and the airline -------------------------------------------------------------------------------------


def test_a_cancelled_order_gives_its_seats_back_once_and_keeps_its_documents(here):
    order = held(here)
    here.book.issue(order)
    order = here.book.cancel(here.book.get(order.locator))
    assert order.cancelled_at == here.book.now()
    assert [each.status for each in order.documents] == ["OPEN"] * 4
    for each in order.segments:
        assert (
            here.store.sold(f"{each.carrier}{each.number}/{each.departs.date()}/{each.origin}")[each.booking_class] == 0
        )
    with pytest.raises(refusals.OrderCancelled):
        here.book.cancel(order)


def test_one_segment_may_be_cancelled_by_itself(here):
    found = next(
        each
        for each in here.world.search([("SXR", "JED", date(2027, 1, 18))], {"ADT": 3}, "INR")
        if len(each.flights[0]) == 2
    )
    order = held(here, found)
    order = here.book.cancel(order, [2])
    assert [each.status for each in order.segments] == ["HK", "XX"]
    assert order.cancelled_at is None
    with pytest.raises(refusals.NoFare):
        here.book.issue(order)
    with pytest.raises(refusals.OrderNotFound):
        here.book.cancel(order, [7])


def test_the_airline_moves_the_price_of_one_order(here):
    order = held(here)
    assert here.book.change_price(order.locator, Decimal(5)).price_factor == Decimal("1.05")
    assert here.book.change_price(order.locator, Decimal(-10)).price_factor == Decimal("0.945")
    assert verbs(here, order.locator)[-2:] == ["airline", "airline"]


def test_every_verb_of_the_truth_log_is_a_known_one(here):
    order = held(here)
    here.book.issue(order)
    here.book.cancel(here.book.get(order.locator))
    assert set(verbs(here)) <= set(VERBS)


def test_a_verb_inside_a_change_that_is_refused_did_not_happen(here):
    order = held(here)

    def issued_and_refused():
        with here.store.transaction():
            here.book.issue(order)
            raise refusals.BookRefusal

    with pytest.raises(refusals.BookRefusal):
        issued_and_refused()
    assert here.book.get(order.locator).documents == []
    assert here.store.document_numbers() == []
    assert verbs(here, order.locator) == ["held", "priced"]
