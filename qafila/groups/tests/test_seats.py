"""Places on a group: taken once, given back, every one of them written down."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction

from qafila.groups.actions.cancel_group import cancel_group
from qafila.groups.actions.delete_group import delete_group
from qafila.groups.actions.edit_group import edit_group
from qafila.groups.errors import CapacityTooSmall, GroupHasBookings, GroupNotOpen, MoreThanBooked, SeatsExhausted
from qafila.groups.models import GroupEvent, GroupSeatMovement, TravelGroup
from qafila.groups.queries import group_state
from qafila.groups.schemas import GroupPatch
from qafila.groups.steps import give_back_seats, take_seats, tell
from qafila.groups.tests.factories import a_group
from qafila.groups.verify import verify
from qafila.inventory.tests.factories import in_days
from qafila.kernel import clock
from qafila.kernel.actor import SYSTEM
from qafila.kernel.errors import NotFound
from qafila.kernel.transaction import run


def take(group_id, seats):
    with transaction.atomic():
        return take_seats(SYSTEM, group_id, seats, booking_id=None, reason="booked")


def give_back(group_id, seats):
    with transaction.atomic():
        return give_back_seats(SYSTEM, group_id, seats, booking_id=None, reason="cancelled")


@pytest.mark.django_db
def test_places_are_taken_and_given_back_with_a_movement_each():
    group_id = a_group(seats=10)
    assert take(group_id, 4) == 6
    assert give_back(group_id, 1) == 7
    assert list(GroupSeatMovement.objects.order_by("id").values_list("seats", "reason")) == [
        (4, "booked"),
        (-1, "cancelled"),
    ]
    assert verify() == []


@pytest.mark.django_db
def test_infants_only_move_no_place():
    group_id = a_group(seats=10)
    assert take(group_id, 0) == 10
    assert GroupSeatMovement.objects.count() == 0


@pytest.mark.django_db
def test_the_refusal_names_how_many_are_left():
    group_id = a_group(seats=10)
    take(group_id, 8)
    with pytest.raises(SeatsExhausted, match="has 2 seats left, 3 were asked for") as refused:
        take(group_id, 3)
    assert refused.value.facts["left"] == 2
    take(group_id, 2)
    assert group_state(group_id) == "full"
    with pytest.raises(SeatsExhausted, match="has 0 seats left"):
        take(group_id, 1)


@pytest.mark.django_db
def test_no_more_comes_back_than_is_booked():
    group_id = a_group(seats=10)
    take(group_id, 1)
    with pytest.raises(MoreThanBooked, match="has 1 seat booked"):
        give_back(group_id, 2)


@pytest.mark.django_db
def test_a_group_that_left_is_not_sold_but_takes_places_back():
    group_id = a_group(seats=10)
    take(group_id, 3)
    with clock.standing_at(in_days(31)):
        with pytest.raises(GroupNotOpen, match="is departed"):
            take(group_id, 1)
        assert give_back(group_id, 1) == 8


@pytest.mark.django_db
def test_a_cancelled_and_a_deleted_group_are_not_sold():
    cancelled, deleted = a_group(), a_group()
    cancel_group(actor=SYSTEM, group_id=cancelled, reason="too few")
    delete_group(actor=SYSTEM, group_id=deleted)
    with pytest.raises(GroupNotOpen, match="is cancelled"):
        take(cancelled, 1)
    with pytest.raises(NotFound, match="was deleted"):
        take(deleted, 1)
    with pytest.raises(NotFound, match="no such group"):
        take(987654, 1)


@pytest.mark.django_db
def test_a_group_pinned_full_is_closed_by_hand():
    group_id = a_group(seats=10)
    edit_group(actor=SYSTEM, group_id=group_id, changed=GroupPatch(version=1, status_override="full"))
    with pytest.raises(GroupNotOpen, match="closed by hand"):
        take(group_id, 1)


@pytest.mark.django_db
def test_a_group_with_places_booked_is_neither_cancelled_nor_deleted_nor_shrunk():
    group_id = a_group(seats=10)
    take(group_id, 3)
    with pytest.raises(GroupHasBookings, match="3 places are booked"):
        cancel_group(actor=SYSTEM, group_id=group_id, reason="too few")
    with pytest.raises(GroupHasBookings):
        delete_group(actor=SYSTEM, group_id=group_id)
    with pytest.raises(CapacityTooSmall) as refused:
        edit_group(actor=SYSTEM, group_id=group_id, changed=GroupPatch(version=1, total_capacity=2))
    assert refused.value.loc == ["total_capacity"]
    edit_group(actor=SYSTEM, group_id=group_id, changed=GroupPatch(version=1, total_capacity=3))
    assert group_state(group_id) == "full"


@pytest.mark.django_db
def test_the_database_never_sells_a_place_twice():
    group_id = a_group(seats=10)
    for value in (11, -1):
        with pytest.raises(IntegrityError, match="no_group_seat_sold_twice"), transaction.atomic():
            TravelGroup.objects.filter(pk=group_id).update(booked_count=value)
    with pytest.raises(IntegrityError, match="a_group_has_capacity"), transaction.atomic():
        TravelGroup.objects.filter(pk=group_id).update(total_capacity=0)


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["groups_groupseatmovement", "groups_groupevent"])
@pytest.mark.parametrize("change", ["UPDATE {} SET group_id = group_id", "DELETE FROM {}", "TRUNCATE {}"])
def test_movements_and_history_stay_as_they_were_written(table, change):
    take(a_group(), 4)
    with (
        pytest.raises(Exception, match=r"append-only|permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(change.format(table))


@pytest.mark.django_db
def test_the_history_tells_who_did_what():
    group_id = a_group()
    with transaction.atomic():
        tell(SYSTEM, group_id, "booked", "BK-2026-000001 booked: 4 places")
    told = GroupEvent.objects.filter(group_id=group_id).order_by("id").values_list("what", "user_name")
    assert list(told) == [("created", "Qafila"), ("booked", "Qafila")]


@pytest.mark.django_db
def test_verify_finds_a_counter_that_lies():
    group_id = a_group(seats=10)
    TravelGroup.objects.filter(pk=group_id).update(booked_count=3, is_linked=True, is_priced=True)
    told = verify()
    assert any("counts 3 places booked, its movements add up to 0" in line for line in told)
    assert any("marked linked, which it is not" in line for line in told)
    assert any("marked priced, which it is not" in line for line in told)


TAKERS, SEATS, THREADS = 40, 10, 10


def test_forty_takers_of_ten_places_get_exactly_ten(committed_db):
    group_id = a_group(seats=SEATS)
    start = Barrier(THREADS)

    def buy(n: int) -> bool:
        if n < THREADS:
            start.wait(timeout=30)
        try:
            run("a taker", lambda: take_seats(SYSTEM, group_id, 1, booking_id=None, reason="race"))
        except SeatsExhausted:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(THREADS) as people:
        got = list(people.map(buy, range(TAKERS)))
    assert sum(got) == SEATS == TravelGroup.objects.get(pk=group_id).booked_count
    assert verify() == []


def test_groups_opened_at_once_get_a_letter_each(committed_db):
    a_group()
    start = Barrier(6)

    def open_one(n: int) -> str:
        start.wait(timeout=30)
        try:
            return TravelGroup.objects.get(pk=a_group()).code
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as people:
        codes = set(people.map(open_one, range(6)))
    assert {code[-1] for code in codes} == set("BCDEFG")
