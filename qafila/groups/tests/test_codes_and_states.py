"""Codes minted by the database, and the one function that knows in which state a group is."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qafila.groups.actions.create_group import create_group
from qafila.groups.actions.edit_group import edit_group
from qafila.groups.actions.notice_departure import notice_departure
from qafila.groups.errors import DatesReversed, UnknownBranch
from qafila.groups.jobs import departures_to_notice, notice_departures
from qafila.groups.models import GroupEvent, TravelGroup
from qafila.groups.queries import code_preview, group, group_state
from qafila.groups.schemas import GroupIn, GroupPatch
from qafila.groups.states import GROUP, PINS
from qafila.groups.steps import take_seats
from qafila.groups.tests.factories import a_group, a_priced_group
from qafila.identity.models import Agency
from qafila.inventory.tests.factories import in_days
from qafila.kernel import clock
from qafila.kernel.actor import SYSTEM
from qafila.kernel.models import StateChange
from qafila.ledger.models import JournalLine

pytestmark = pytest.mark.django_db


def test_groups_of_a_type_and_month_get_letter_after_letter():
    found = [group(SYSTEM, a_group(departure_date=date(2026, 3, d), return_date=date(2026, 4, 2))) for d in (3, 26)]
    assert [(g.code, g.name) for g in found] == [
        ("UMR-26MAR-A", "Umrah March 2026 A"),
        ("UMR-26MAR-B", "Umrah March 2026 B"),
    ]
    assert group(SYSTEM, a_group(departure_date=date(2026, 4, 1))).code == "UMR-26APR-A"


@pytest.mark.parametrize(
    ("group_type", "prefix"),
    [
        ("HAJ", "HAJ"),
        ("HAJ_ZIYARAT", "HZY"),
        ("UMRAH", "UMR"),
        ("UMRAH_ZIYARAT", "UZY"),
        ("ZIYARAT", "ZIY"),
        ("GENERAL_DOMESTIC", "DOM"),
        ("GENERAL_INTERNATIONAL", "INT"),
    ],
)
def test_each_type_has_its_prefix(group_type, prefix):
    found = group(SYSTEM, a_group(group_type=group_type, departure_date=date(2027, 1, 18)))
    assert found.code == f"{prefix}-27JAN-A"


def test_after_z_comes_aa():
    a_group(departure_date=date(2027, 1, 18))
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO groups_travelgroup (code, name, group_type, departure_date, return_date, total_capacity,"
            " booked_count, currency, status_override, is_priced, is_linked, geography, notes, sheet_version, version)"
            " SELECT 'x', 'x', 'UMRAH', '2027-01-18', '2027-02-03', 1, 0, 'INR', 'auto', false, false, '', '', 1, 1"
            " FROM generate_series(1, 25)"
        )
    assert TravelGroup.objects.filter(code="UMR-27JAN-Z").exists()
    assert group(SYSTEM, a_group(departure_date=date(2027, 1, 18))).code == "UMR-27JAN-AA"


def test_the_preview_shows_the_next_code_and_takes_none():
    day = date(2027, 1, 18)
    assert code_preview("HAJ", day) == ("HAJ-27JAN-A", "Hajj January 2027 A")
    assert code_preview("HAJ", day)[0] == "HAJ-27JAN-A"
    assert group(SYSTEM, a_group(group_type="HAJ", departure_date=day)).code == "HAJ-27JAN-A"
    assert code_preview("HAJ", day)[0] == "HAJ-27JAN-B"


@pytest.mark.parametrize("change", [{"code": "UMR-00JAN-A"}, {"name": "Another"}, {"group_type": "HAJ"}])
def test_code_name_and_type_never_change_even_by_sql(change):
    group_id = a_group()
    with pytest.raises(IntegrityError, match="never change"), transaction.atomic():
        TravelGroup.objects.filter(pk=group_id).update(**change)


def test_the_database_knows_the_types_and_the_pins():
    with pytest.raises(IntegrityError, match="not a type of group"), transaction.atomic():
        TravelGroup.objects.create(
            group_type="CRUISE", departure_date=in_days(1), return_date=in_days(2), total_capacity=1
        )
    group_id = a_group()
    with pytest.raises(IntegrityError, match="group_state_pin_is_known"), transaction.atomic():
        TravelGroup.objects.filter(pk=group_id).update(status_override="cancelled")


def state(**said):
    """What the SQL function says of a group leaving on 18 January and back on 3 February 2027."""
    facts = {
        "cancelled": None,
        "pinned": "auto",
        "linked": True,
        "priced": True,
        "booked": 0,
        "capacity": 48,
        "day": date(2027, 1, 1),
        **said,
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT qafila_group_state(%(cancelled)s::timestamptz, %(pinned)s, '2027-01-18', '2027-02-03',"
            " %(linked)s, %(priced)s, %(booked)s, %(capacity)s, %(day)s)",
            facts,
        )
        return cursor.fetchone()[0]


@pytest.mark.parametrize(
    ("said", "stands"),
    [
        ({"linked": False}, "planning"),
        ({"priced": False}, "planning"),
        ({}, "open"),
        ({"booked": 48}, "full"),
        ({"day": date(2027, 1, 18)}, "open"),
        ({"day": date(2027, 1, 19)}, "departed"),
        ({"day": date(2027, 1, 19), "linked": False}, "departed"),
        ({"day": date(2027, 2, 3)}, "departed"),
        ({"day": date(2027, 2, 4)}, "completed"),
        ({"pinned": "planning"}, "planning"),
        ({"pinned": "planning", "day": date(2027, 2, 4)}, "planning"),
        ({"pinned": "full", "cancelled": "2027-01-02T00:00:00Z"}, "cancelled"),
        ({"day": date(2027, 2, 4), "cancelled": "2027-01-02T00:00:00Z"}, "cancelled"),
    ],
)
def test_dates_seats_inventory_and_sheet_decide_the_state(said, stands):
    assert state(**said) == stands


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    pinned=st.sampled_from(PINS),
    linked=st.booleans(),
    priced=st.booleans(),
    booked=st.integers(0, 48),
    day=st.dates(date(2027, 1, 1), date(2027, 2, 20)),
)
def test_whatever_happens_the_state_is_a_declared_one_and_time_goes_forward(pinned, linked, priced, booked, day):
    facts = {"pinned": pinned, "linked": linked, "priced": priced, "booked": booked}
    now, tomorrow = state(day=day, **facts), state(day=day + timedelta(days=1), **facts)
    assert now in GROUP.states
    if pinned != "auto":
        assert now == tomorrow == pinned
    elif now != tomorrow:
        assert any((move.source, move.target) == (now, tomorrow) for move in GROUP.moves)


def test_a_group_opens_when_it_is_linked_and_priced():
    assert group_state(a_group()) == "planning"
    assert group_state(a_priced_group(seats=2)) == "open"


def test_a_group_does_not_return_before_it_departs():
    with pytest.raises(DatesReversed) as refused:
        a_group(departure_date=in_days(10), return_date=in_days(9))
    assert refused.value.loc == ["return_date"]
    group_id = a_group()
    with pytest.raises(IntegrityError, match="a_group_returns_after_it_departs"), transaction.atomic():
        TravelGroup.objects.filter(pk=group_id).update(return_date=in_days(1))


def test_a_branch_that_does_not_exist_is_named():
    a_group()
    said: dict[str, Any] = {
        "group_type": "HAJ",
        "departure_date": in_days(1),
        "return_date": in_days(2),
        "total_capacity": 1,
    }
    with pytest.raises(UnknownBranch) as refused:
        create_group(actor=SYSTEM, group=GroupIn(**said, branch_id=999))
    assert refused.value.loc == ["branch_id"]


def test_departure_and_return_are_noticed_once():
    group_id = a_priced_group(seats=10)
    with transaction.atomic():
        take_seats(SYSTEM, group_id, 10, booking_id=None, reason="test")
    assert departures_to_notice() == []
    with clock.standing_at(in_days(31)):
        assert departures_to_notice() == [group_id]
        notice_departures()
        assert departures_to_notice() == []
    with clock.standing_at(in_days(60)):
        assert notice_departure(actor=SYSTEM, group_id=group_id) == ["completed"]
        assert notice_departure(actor=SYSTEM, group_id=group_id) == []
    moves = StateChange.objects.filter(machine="group", object_id=group_id).order_by("id")
    assert list(moves.values_list("from_state", "to_state")) == [
        ("", "planning"),
        ("full", "departed"),
        ("departed", "completed"),
    ]
    told = GroupEvent.objects.filter(group_id=group_id, what="departed").get()
    assert "10 of 10 places" in told.text


def test_cost_deferred_to_departure_becomes_cost_when_the_group_leaves():
    a_group()
    Agency.objects.update(tour_revenue_policy="at_departure")
    group_id = a_priced_group(seats=10)
    assert balance("1320", group_id) == 485000
    assert balance("5102", group_id) == 0
    with clock.standing_at(in_days(31)):
        notice_departure(actor=SYSTEM, group_id=group_id)
        notice_departure(actor=SYSTEM, group_id=group_id)
    assert balance("1320", group_id) == 0
    assert balance("5102", group_id) == 485000


def balance(account, group_id):
    rows = JournalLine.objects.filter(account__code=account, group_id=group_id).values_list("debit", "credit")
    return sum(debit - credit for debit, credit in rows)


def test_a_pinned_state_holds_until_it_is_let_go():
    group_id = a_priced_group(seats=2)
    edit_group(actor=SYSTEM, group_id=group_id, changed=GroupPatch(version=1, status_override="planning"))
    assert group_state(group_id) == "planning"
    edit_group(actor=SYSTEM, group_id=group_id, changed=GroupPatch(version=2, status_override="auto"))
    assert group_state(group_id) == "open"
