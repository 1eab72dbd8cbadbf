"""Routes, PNRs and the analyser that says whether legs make a journey."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qafila.inventory.rules import (
    MIN_CONNECTION,
    AirportFacts,
    Leg,
    analyse,
    chain_legs,
    effective_leg_pnr,
    pnr_warning,
    seat_base_cost,
)
from qafila.kernel.money import rounded

AIRPORTS = {
    "SXR": AirportFacts("SXR", "Srinagar", "IN", "Asia/Kolkata"),
    "DEL": AirportFacts("DEL", "New Delhi", "IN", "Asia/Kolkata"),
    "JED": AirportFacts("JED", "Jeddah", "SA", "Asia/Riyadh"),
    "MED": AirportFacts("MED", "Medina", "SA", "Asia/Riyadh"),
    "DXB": AirportFacts("DXB", "Dubai", "AE", "Asia/Dubai"),
    "DWC": AirportFacts("DWC", "Dubai", "AE", "Asia/Dubai"),
    "LHR": AirportFacts("LHR", "London", "GB", "Europe/London"),
}
DAY = date(2027, 1, 18)
BACK = date(2027, 2, 3)


def leg(origin, destination, leaves, lands, *, day=DAY, lands_on=None, n=1, direction="outbound", flight_no="SV 757"):
    hour = time.fromisoformat
    return Leg(direction, n, origin, destination, flight_no, day, hour(leaves), lands_on or day, hour(lands))


OUT = [leg("SXR", "DEL", "10:40", "12:15", flight_no="6E 2146"), leg("DEL", "JED", "19:25", "23:05", n=2)]
HOME = [
    leg("JED", "DEL", "02:20", "09:35", day=BACK, direction="return", flight_no="SV 758"),
    leg("DEL", "SXR", "14:05", "15:45", day=BACK, direction="return", n=2, flight_no="6E 2143"),
]


def codes(trip_type, legs):
    return [problem.code for problem in analyse(trip_type, legs, AIRPORTS)]


def test_a_return_route_is_read_as_two_chains():
    assert chain_legs(OUT + HOME) == "SXR → DEL → JED · JED → DEL → SXR"


def test_a_gap_in_the_chain_shows_both_airports():
    assert chain_legs([leg("SXR", "DEL", "10:00", "11:30"), leg("LHR", "JED", "15:00", "23:00", n=2)]) == (
        "SXR → DEL → LHR → JED"
    )


@pytest.mark.parametrize(
    ("own", "direction", "holds"),
    [(None, "outbound", "K7QXPL"), (None, "return", "K7QXR2"), ("ABC123", "return", "ABC123")],
)
def test_a_leg_flies_under_its_own_pnr_else_the_blocks_of_its_direction(own, direction, holds):
    assert effective_leg_pnr(own, "K7QXPL", "K7QXR2", direction) == holds


def test_without_a_return_pnr_the_way_back_flies_under_the_blocks():
    assert effective_leg_pnr(None, "K7QXPL", "", "return") == "K7QXPL"


def test_six_characters_are_usual_others_earn_a_warning():
    assert pnr_warning("K7QXPL") is None
    warning = pnr_warning("K7QXPLX")
    assert warning
    assert "7 characters" in warning.text


def test_the_first_departures_route_is_clean():
    assert analyse("return", OUT + HOME, AIRPORTS) == []


def test_a_block_without_legs_goes_nowhere():
    assert codes("one_way", []) == ["NO_LEGS"]


def test_a_return_needs_a_way_back_and_a_one_way_has_none():
    assert codes("return", OUT) == ["NO_RETURN"]
    assert codes("one_way", OUT + HOME) == ["UNEXPECTED_RETURN"]


def test_a_multi_city_trip_has_at_least_two_legs():
    assert codes("multi_city", OUT[:1]) == ["ONE_LEG"]


def test_an_airport_that_does_not_exist_is_named_at_its_leg():
    (problem,) = analyse("one_way", [leg("SXR", "XXX", "10:00", "12:00")], AIRPORTS)
    assert (problem.code, problem.loc) == ("UNKNOWN_AIRPORT", ("legs", 0, "destination"))


def test_a_flight_does_not_end_where_it_began():
    assert codes("one_way", [leg("DEL", "DEL", "10:00", "12:00")]) == ["SAME_AIRPORT"]


def test_time_order_counts_real_instants_not_wall_clocks():
    # 19:25 in Delhi to 18:00 in London is a flight of four hours by the clock of neither.
    assert codes("one_way", [leg("DEL", "LHR", "13:30", "18:00")]) == []
    assert codes("one_way", [leg("LHR", "DEL", "13:30", "17:00")]) == ["ARRIVES_BEFORE_DEPARTURE"]


def test_legs_must_join_at_an_airport():
    legs = [OUT[0], leg("DXB", "JED", "19:25", "23:05", n=2)]
    (problem,) = analyse("one_way", legs, AIRPORTS)
    assert (problem.code, problem.severity, problem.loc) == ("NOT_CONTINUOUS", "error", ("legs", 1, "origin"))


def test_changing_airport_inside_a_city_is_only_a_warning():
    legs = [leg("DEL", "DXB", "08:00", "10:30"), leg("DWC", "JED", "19:00", "21:00", n=2)]
    (problem,) = analyse("one_way", legs, AIRPORTS)
    assert (problem.code, problem.severity) == ("NOT_CONTINUOUS", "warning")


def test_a_multi_city_trip_may_go_on_from_elsewhere():
    legs = [leg("DEL", "JED", "08:00", "11:30"), leg("MED", "DEL", "08:00", "16:00", day=BACK, n=2)]
    assert [p.severity for p in analyse("multi_city", legs, AIRPORTS)] == ["warning"]


def test_the_next_leg_cannot_leave_before_the_last_has_landed():
    legs = [OUT[0], leg("DEL", "JED", "12:00", "15:40", n=2)]
    assert codes("one_way", legs) == ["OVERLAP"]


def test_a_short_change_of_planes_is_a_warning():
    legs = [OUT[0], leg("DEL", "JED", "12:45", "16:25", n=2)]
    (problem,) = analyse("one_way", legs, AIRPORTS)
    assert (problem.code, problem.severity) == ("SHORT_CONNECTION", "warning")
    assert "30 minutes" in problem.text


def test_a_day_of_waiting_is_a_warning():
    legs = [OUT[0], leg("DEL", "JED", "19:25", "23:05", n=2, day=DAY + timedelta(days=2))]
    assert codes("one_way", legs) == ["LONG_CONNECTION"]


def test_a_flight_of_days_is_a_warning():
    assert codes("one_way", [leg("DEL", "JED", "10:00", "12:00", lands_on=DAY + timedelta(days=2))]) == [
        "VERY_LONG_FLIGHT"
    ]


def test_the_way_back_does_not_start_before_the_way_out_has_ended():
    back = leg("JED", "DEL", "20:00", "23:50", direction="return")
    assert "RETURNS_TOO_EARLY" in codes("return", [*OUT, back])


def test_flying_into_jeddah_and_home_from_madinah_is_an_open_jaw_not_a_mistake():
    back = leg("MED", "SXR", "02:20", "11:35", day=BACK, direction="return")
    assert [(p.code, p.severity) for p in analyse("return", [*OUT, back], AIRPORTS)] == [("OPEN_JAW", "warning")]


def test_errors_come_before_warnings():
    legs = [OUT[0], leg("DXB", "JED", "12:45", "16:25", n=2)]
    severities = [p.severity for p in analyse("one_way", legs, AIRPORTS)]
    assert severities == sorted(severities, key=lambda s: s != "error")
    assert "error" in severities


places = st.lists(st.sampled_from(sorted(AIRPORTS)), min_size=2, max_size=6).filter(
    lambda chain: all(a != b for a, b in pairwise(chain))
)
flights = st.lists(st.integers(30, 900), min_size=5, max_size=5)
waits = st.lists(st.integers(int(MIN_CONNECTION.total_seconds() // 60), 1200), min_size=5, max_size=5)


def journey(chain, flights, waits):
    """Legs along a chain of airports, each flight and each wait in minutes, told in local times."""
    at = datetime(2027, 1, 18, 3, 0, tzinfo=ZoneInfo("UTC"))
    legs = []
    for n, (origin, destination) in enumerate(pairwise(chain), 1):
        leaves = at.astimezone(ZoneInfo(AIRPORTS[origin].zone))
        at += timedelta(minutes=flights[n - 1])
        lands = at.astimezone(ZoneInfo(AIRPORTS[destination].zone))
        legs.append(
            Leg("outbound", n, origin, destination, "SV 1", leaves.date(), leaves.time(), lands.date(), lands.time())
        )
        at += timedelta(minutes=waits[n - 1])
    return legs


@given(places, flights, waits)
def test_any_journey_that_can_be_flown_passes(chain, flights, waits):
    assert analyse("one_way", journey(chain, flights, waits), AIRPORTS) == []


@given(places.filter(lambda chain: len(chain) > 2), flights, waits, st.data())
def test_any_two_legs_swapped_are_found_out(chain, flights, waits, data):
    legs = journey(chain, flights, waits)
    k = data.draw(st.integers(0, len(legs) - 2))
    legs[k], legs[k + 1] = legs[k + 1], legs[k]
    assert any(p.severity == "error" for p in analyse("one_way", legs, AIRPORTS))


@given(
    st.decimals("0.001", "900000", places=3),
    st.decimals("0.000001", "900", places=6),
    st.lists(st.integers(1, 50), min_size=1, max_size=8),
)
def test_the_seats_of_a_block_always_add_up_to_the_whole(price, rate, parts):
    one = seat_base_cost(price, rate, "INR")
    assert sum(one * part for part in parts) == one * sum(parts)
    assert one == rounded(one, "INR")
