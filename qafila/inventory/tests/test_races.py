"""Forty people reach for ten seats of a block at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection

from qafila.inventory.errors import SeatsExhausted
from qafila.inventory.models import AirlineBlock
from qafila.inventory.steps import take_block_seats
from qafila.inventory.tests.factories import a_block
from qafila.kernel.actor import SYSTEM
from qafila.kernel.transaction import run

TAKERS, SEATS, THREADS = 40, 10, 10


def test_forty_takers_of_ten_seats_get_exactly_ten(committed_db):
    block_id = a_block(total_seats=SEATS)
    start = Barrier(THREADS)

    def take(n: int) -> bool:
        if n < THREADS:
            start.wait(timeout=30)
        try:
            run("a taker", lambda: take_block_seats(SYSTEM, block_id, 1, reason="race"))
        except SeatsExhausted:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(THREADS) as people:
        got = list(people.map(take, range(TAKERS)))
    block = AirlineBlock.objects.get(pk=block_id)
    assert sum(got) == SEATS == block.allocated_seats
    assert sum(block.movements.values_list("seats", flat=True)) == SEATS


def test_blocks_bought_at_once_get_a_letter_each(committed_db):
    first = AirlineBlock.objects.get(pk=a_block())
    start = Barrier(6)

    def buy(n: int) -> str:
        start.wait(timeout=30)
        try:
            return AirlineBlock.objects.get(pk=a_block(supplier_id=first.supplier_id, departs=first.departs_on)).code
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as people:
        codes = set(people.map(buy, range(6)))
    assert {code[-1] for code in codes} == set("BCDEFG")
