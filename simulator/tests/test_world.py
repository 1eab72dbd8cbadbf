from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest

from simulator import places
from simulator.carriers import CARRIERS
from simulator.tests.factories import KINDS, TRAVEL, house, segments
from simulator.world import PastDate, UnknownCurrency, UnknownPlace, WorldRefusal


@pytest.fixture(scope="module")
def here():
    return house()


def asked(here, origin, destination, day=TRAVEL, back=None, currency="INR", **more):
    slices = [(origin, destination, day)]
    if back:
        slices.append((destination, origin, back))
    return here.world.search(slices, KINDS, currency, **more)


@pytest.mark.parametrize("day", [TRAVEL + timedelta(days=shift) for shift in (-40, -3, 0, 1, 2, 60, 300)])
def test_pilgrims_from_srinagar_fly_to_jeddah_any_day_direct_or_by_connection(here, day):
    found = asked(here, "SXR", "JED", day)
    assert len({each.validating_carrier for each in found}) >= 2
    assert {len(each.flights[0]) for each in found} == {1, 2}


def test_the_same_question_has_the_same_answer_in_another_process_and_another_answer_from_another_seed(here):
    question = [("DEL", "LON", TRAVEL)], KINDS, "INR"
    assert house().world.search(*question) == here.world.search(*question)
    assert house(seed=2).world.search(*question) != here.world.search(*question)


def test_every_offer_can_be_flown(here):
    for each in asked(here, "DEL", "LON", back=date(2027, 2, 3)):
        for path, day in zip(each.flights, (TRAVEL, date(2027, 2, 3)), strict=True):
            assert path[0].departs.date() == day
            for first, second in pairwise(path):
                assert first.destination == second.origin
                assert timedelta(minutes=60) <= second.departs - first.arrives <= timedelta(hours=23)
            for flight in path:
                assert flight.departs.tzinfo == places.airport(flight.origin).zone
                assert flight.arrives.tzinfo == places.airport(flight.destination).zone
                assert (
                    timedelta(minutes=35)
                    <= flight.arrives.astimezone(UTC) - flight.departs.astimezone(UTC)
                    < timedelta(hours=19)
                )
        assert each.flights[0][-1].destination in places.airports("LON")
        assert len({flight.carrier for path in each.flights for flight in path}) == 1


def test_offers_have_seats_for_all_but_infants_and_come_cheapest_first(here):
    found = asked(here, "BOM", "DXB", limit=20)
    assert len(found) == 20
    totals = [sum(KINDS[kind] * fare.total for kind, fare in each.fares.items()) for each in found]
    assert totals == sorted(totals)
    for each in found:
        flights = [flight for path in each.flights for flight in path]
        assert all(
            3 <= flight.seats[letter] <= 9 for flight, letter in zip(flights, each.fares["ADT"].classes, strict=True)
        )


@pytest.mark.parametrize("origin", ["KWI", "SXR"])
@pytest.mark.parametrize("limit", [1, 2, 5])
def test_of_few_offers_the_first_is_the_cheapest_with_its_taxes(here, origin, limit):
    def cheapest(**more):
        first = asked(here, origin, "JED", **more)[0]
        return sum(KINDS[kind] * fare.total for kind, fare in first.fares.items())

    assert len(asked(here, origin, "JED", limit=limit)) == limit
    assert cheapest(limit=limit) == cheapest(limit=200)


def test_children_pay_three_quarters_and_infants_a_tenth_of_the_fare(here):
    fares = asked(here, "SXR", "JED")[0].fares
    step = Decimal(5)  # fares in rupees are multiples of five, rounded up
    assert 0 <= fares["CHD"].base - fares["ADT"].base * Decimal("0.75") < step
    assert 0 <= fares["INF"].base - fares["ADT"].base * Decimal("0.10") < step
    assert {tax.code for tax in fares["ADT"].taxes} == {"YQ", "YR", "IN", "P2", "K3"}
    assert {tax.code for tax in fares["INF"].taxes} == {"K3"}


@pytest.mark.parametrize(
    ("origin", "code"), [("JED", "SA"), ("DXB", "AE"), ("LHR", "GB"), ("KHI", "SP"), ("DAC", "BD")]
)
def test_a_country_takes_its_own_tax_where_a_journey_begins(here, origin, code):
    taxes = {tax.code for tax in asked(here, origin, "DEL")[0].fares["ADT"].taxes}
    assert code in taxes
    assert "K3" not in taxes


@pytest.mark.parametrize(("currency", "places_after"), [("INR", 2), ("KWD", 3), ("JPY", 0), ("SAR", 2)])
def test_amounts_have_the_decimals_of_their_currency(here, currency, places_after):
    fare = asked(here, "KWI", "DEL", currency=currency)[0].fares["ADT"]
    for amount in (fare.base, fare.penalty, fare.total, *(tax.amount for tax in fare.taxes)):
        assert -amount.as_tuple().exponent == places_after
    assert here.world.minor_units(currency) == places_after


def test_the_price_of_what_a_search_showed_is_what_it_showed(here):
    for back in (None, date(2027, 2, 3), date(2027, 1, 19)):
        for each in asked(here, "SXR", "JED", back=back) + asked(here, "DEL", "LON", back=back):
            assert here.world.price(segments(each), KINDS, "INR") == each.fares


def test_a_price_that_the_airline_moved_moves_the_fare_and_not_the_airport_taxes(here):
    each = asked(here, "SXR", "JED")[0]
    moved = here.world.price(segments(each), KINDS, "INR", Decimal("1.10"))["ADT"]
    assert 0 <= moved.base - each.fares["ADT"].base * Decimal("1.1") <= 5
    before = {tax.code: tax.amount for tax in each.fares["ADT"].taxes}
    assert {code for code, amount in before.items() if {t.code: t.amount for t in moved.taxes}[code] != amount} == {
        "K3"
    }


def test_a_fare_ends_at_its_last_ticketing_moment():
    here = house()
    cheapest = asked(here, "SXR", "JED")[0]
    last = cheapest.fares["ADT"].last_ticketing
    assert last.tzinfo == places.airport("SXR").zone
    here.clock.set(last + timedelta(minutes=1))
    assert here.world.price(segments(cheapest), KINDS, "INR") == {}
    assert all(each.fares["ADT"].last_ticketing > here.clock.now() for each in asked(here, "SXR", "JED"))


def test_a_cabin_is_offered_in_its_own_classes(here):
    found = asked(here, "DEL", "LON", cabin="C")
    assert found
    assert {each.fares["ADT"].cabin for each in found} == {"C"}
    assert {letter for each in found for letter in each.fares["ADT"].classes} <= {"C", "D"}


def test_a_flight_of_an_offer_is_found_by_its_number_and_no_other_is(here):
    flight = asked(here, "SXR", "JED")[0].flights[0][0]
    name = flight.carrier, flight.number, flight.origin, flight.destination
    assert here.world.flight(*name, TRAVEL) == flight
    assert here.world.flight(flight.carrier, "9999", *name[2:], TRAVEL) is None
    assert here.world.flight("ZZ", *name[1:], TRAVEL) is None
    assert here.world.flight(*name[:2], "SXR", "LHR", TRAVEL) is None


def test_two_flights_of_a_carrier_never_leave_one_airport_with_one_number(here):
    for carrier in CARRIERS.values():
        for origin in carrier.hubs + carrier.stations[-2:]:
            numbers = [
                leg.number
                for destination in {*carrier.stations, *(end for start, end in carrier.pairs if start == origin)}
                for leg in here.world._schedules.legs(carrier.code, origin, destination)
            ]
            assert len(numbers) == len(set(numbers)), (carrier.code, origin)


def test_carriers_have_numbers_of_their_own_and_fly_between_real_airports():
    assert len({carrier.numeric for carrier in CARRIERS.values()}) == len(CARRIERS) >= 30
    known = {"SV": "065", "EK": "176", "QR": "157", "AI": "098", "6E": "312", "TK": "235", "G9": "514", "BA": "125"}
    assert {code: CARRIERS[code].numeric for code in known} == known
    for carrier in CARRIERS.values():
        for station in carrier.stations:
            assert places.airport(station).zone


def test_questions_that_make_no_sense_are_refused_by_name(here):
    with pytest.raises(UnknownPlace) as refused:
        asked(here, "SXR", "QQQ")
    assert refused.value.place == "QQQ"
    with pytest.raises(PastDate):
        asked(here, "SXR", "JED", date(2026, 11, 30))
    with pytest.raises(UnknownCurrency):
        asked(here, "SXR", "JED", currency="XXX")
    for slices, kinds in (([], KINDS), ([("SXR", "JED", TRAVEL)], {"INF": 1}), ([("SXR", "JED", TRAVEL)], {"ADT": 10})):
        with pytest.raises(WorldRefusal):
            here.world.search(slices, kinds, "INR")


def test_where_nobody_flies_there_is_no_offer(here):
    assert asked(here, "SXR", "POM") == []
    assert asked(here, "JED", "JED") == []


def test_today_is_the_day_of_the_place_of_departure():
    here = house(moment=datetime(2026, 12, 1, 20, 0, tzinfo=UTC))  # half past one on the second in India
    with pytest.raises(PastDate):
        asked(here, "SXR", "JED", date(2026, 12, 1))
    assert all(each.flights[0][0].departs > here.clock.now() for each in asked(here, "SXR", "JED", date(2026, 12, 2)))
