"""Seats of a block: taken once, given back, every one of them written down."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from qafila.inventory.errors import BlockNotActive, MoreThanTaken, SeatsExhausted
from qafila.inventory.models import AirlineBlock, BlockSeatMovement
from qafila.inventory.queries import block
from qafila.inventory.steps import give_back_block_seats, take_block_seats
from qafila.inventory.tests.factories import a_block, in_days
from qafila.inventory.verify import verify
from qafila.kernel import clock
from qafila.kernel.actor import SYSTEM
from qafila.kernel.errors import NotFound

pytestmark = pytest.mark.django_db


def take(block_id, seats, **also):
    with transaction.atomic():
        return take_block_seats(SYSTEM, block_id, seats, reason="test", **also)


def give_back(block_id, seats):
    with transaction.atomic():
        return give_back_block_seats(SYSTEM, block_id, seats, reason="test")


def test_taking_and_giving_back_leaves_a_movement_each():
    block_id = a_block(total_seats=10)
    assert take(block_id, 4, note="A family") == 6
    assert give_back(block_id, 1) == 7
    assert list(BlockSeatMovement.objects.order_by("id").values_list("seats", "note")) == [(4, "A family"), (-1, "")]
    assert AirlineBlock.objects.get(pk=block_id).allocated_seats == 3


def test_the_refusal_says_how_many_are_left():
    block_id = a_block(total_seats=10)
    take(block_id, 9)
    with pytest.raises(SeatsExhausted, match="has 1 seat left, 2 were asked for") as refused:
        take(block_id, 2)
    assert refused.value.facts["left"] == 1
    assert take(block_id, 1) == 0
    with pytest.raises(SeatsExhausted):
        take(block_id, 1)
    assert block(SYSTEM, block_id).state == "exhausted"


def test_seats_that_came_back_make_the_block_active_again():
    block_id = a_block(total_seats=2)
    take(block_id, 2)
    give_back(block_id, 1)
    assert block(SYSTEM, block_id).state == "active"


def test_no_more_comes_back_than_was_taken():
    block_id = a_block(total_seats=10)
    take(block_id, 2)
    with pytest.raises(MoreThanTaken, match="has 2 seats taken"):
        give_back(block_id, 3)


def test_an_expired_block_gives_no_seats_but_takes_them_back():
    block_id = a_block(total_seats=10, expiry_date=in_days(3).isoformat())
    take(block_id, 2)
    with clock.standing_at(in_days(4)):
        assert block(SYSTEM, block_id).state == "expired"
        with pytest.raises(BlockNotActive, match="is expired"):
            take(block_id, 1)
        assert give_back(block_id, 2) == 10


def test_a_block_that_left_gives_no_seats():
    block_id = a_block(total_seats=10)
    with clock.standing_at(in_days(31)):
        assert block(SYSTEM, block_id).state == "departed"
        with pytest.raises(BlockNotActive, match="is departed"):
            take(block_id, 1)


def test_there_is_no_such_block():
    with pytest.raises(NotFound):
        take(987654, 1)


def test_seats_are_moved_one_or_more_at_a_time():
    with pytest.raises(ValueError, match="one or more"):
        take(a_block(), 0)


def test_the_database_never_sells_a_seat_twice():
    block_id = a_block(total_seats=10)
    for value in (11, -1):
        with pytest.raises(IntegrityError, match="no_block_seat_sold_twice"), transaction.atomic():
            AirlineBlock.objects.filter(pk=block_id).update(allocated_seats=value)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE inventory_blockseatmovement SET seats = 1",
        "DELETE FROM inventory_blockseatmovement",
        "TRUNCATE inventory_blockseatmovement",
    ],
)
def test_a_movement_stays_as_it_was_written(change):
    take(a_block(), 4)
    with (
        pytest.raises(Exception, match=r"append-only|permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(change)


def test_a_movement_moves_something():
    block_id = a_block()
    with pytest.raises(IntegrityError, match="a_block_movement_moves_seats"), transaction.atomic():
        BlockSeatMovement.objects.create(block_id=block_id, seats=0, reason="x", user_name="x")


def test_verify_finds_a_counter_that_lies():
    block_id = a_block(total_seats=10)
    assert verify() == []
    AirlineBlock.objects.filter(pk=block_id).update(allocated_seats=3)
    told = verify()
    assert any("counts 3 seats taken, its movements add up to 0" in line for line in told)
    assert any("account 1310 holds" in line for line in told)
