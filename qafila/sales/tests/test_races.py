"""Scarce things, many hands: seats, one customer's place, one key."""

from __future__ import annotations

import contextlib
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from django.db import connection

from qafila.groups.models import GroupSeatMovement, TravelGroup
from qafila.identity.queries import actor_of
from qafila.identity.tests.factories import make_user
from qafila.identity.types import Role
from qafila.kernel.actor import SYSTEM
from qafila.kernel.errors import Refusal
from qafila.kernel.idempotency import Key, once
from qafila.parties.tests.factories import a_customer
from qafila.sales.actions.cancel_booking import cancel_booking
from qafila.sales.actions.create_booking import create_booking
from qafila.sales.actions.edit_booking import edit_booking
from qafila.sales.importing import import_bookings
from qafila.sales.models import Booking, PackageSale
from qafila.sales.schemas import BookingIn, BookingPatch
from qafila.sales.tests.factories import a_departure, a_passenger, asked, made_booking

THREADS = 12


def at_once(jobs: list[Callable[[], Any]]) -> list[Any]:
    """Run them together, as many at a time as there are threads; a refusal is an outcome like any other."""
    gate = threading.Barrier(min(THREADS, len(jobs)))

    def go(job: Callable[[], Any]) -> Any:
        if gate.n_waiting < gate.parties and not gate.broken:
            with contextlib.suppress(threading.BrokenBarrierError):
                gate.wait(0.3)
        try:
            return job()
        except Refusal as refused:
            return refused.code
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(go, jobs))


def buy(body: BookingIn) -> int:
    return create_booking(actor=SYSTEM, booking=body).id


def bring(row: dict[str, Any], group_id: int) -> int:
    return import_bookings(SYSTEM, [row], group_id).ok


def call_off(booking_id: int) -> str:
    return cancel_booking(actor=SYSTEM, booking_id=booking_id).state


def counters_agree(group_id: int) -> int:
    group = TravelGroup.objects.get(pk=group_id)
    moved = sum(GroupSeatMovement.objects.filter(group_id=group_id).values_list("seats", flat=True))
    assert group.booked_count == moved <= group.total_capacity
    return moved


def test_sixty_buyers_for_twenty_seats_buy_exactly_twenty_whatever_way_they_come(committed_db):
    group_id = a_departure(seats=20)
    holder = made_booking(group_id, adults=1)
    bodies = [BookingIn.model_validate(asked(group_id, 1)) for _ in range(40)]
    files = [{"bookingRef": f"R-{n}", "passengers": [a_passenger()]} for n in range(18)]
    more = [{"id": holder.passenger_ids[0]}, a_passenger()]
    jobs: list[Callable[[], Any]] = [partial(buy, body) for body in bodies]
    jobs += [partial(bring, row, group_id) for row in files]
    patch = BookingPatch.model_validate({"passengers": more})
    jobs.insert(7, lambda: edit_booking(actor=SYSTEM, booking_id=holder.id, patch=patch).id)
    outcomes = at_once(jobs)
    assert counters_agree(group_id) == 20
    sold = sum(PackageSale.objects.filter(group_id=group_id, is_live=True).values_list("adults", flat=True))
    assert sold == 20
    assert Counter(outcomes)["SEATS_EXHAUSTED"] + Counter(outcomes)[0] == len(jobs) - 19


def test_seats_given_back_in_the_middle_are_sold_again_and_never_twice(committed_db):
    group_id = a_departure(seats=6)
    standing = [made_booking(group_id, adults=1).id for _ in range(6)]
    bodies = [BookingIn.model_validate(asked(group_id, 1)) for _ in range(18)]
    jobs: list[Callable[[], Any]] = []
    for n, body in enumerate(bodies):
        jobs.append(partial(buy, body))
        if n < 6:
            jobs.append(partial(call_off, standing[n]))
    outcomes = at_once(jobs)
    assert outcomes.count("cancelled") == 6
    assert counters_agree(group_id) <= 6


def test_one_customer_gets_one_place_however_often_it_is_asked_for(committed_db):
    group_id, customer = a_departure(), a_customer()
    bodies = [BookingIn.model_validate(asked(group_id, 1, customer_id=customer)) for _ in range(12)]
    outcomes = at_once([partial(buy, body) for body in bodies])
    assert Counter(outcomes)["DUPLICATE_BOOKING"] == 11
    assert counters_agree(group_id) == 1


def test_the_same_key_twenty_times_makes_one_booking(committed_db):
    actor = actor_of(make_user(Role.SALES_EXECUTIVE).pk)
    body = BookingIn.model_validate(asked(a_departure(), 2))
    key = Key.of("k-1", "POST /sales/bookings", b"the same")

    def ask() -> Any:
        return once(key, actor, create_booking, lambda made: {"id": made.id}, 201, booking=body)

    answers = at_once([ask] * 20)
    assert Booking.objects.count() == 1
    assert {answer.body["id"] for answer in answers} == {Booking.objects.get().pk}
    assert sum(not answer.replayed for answer in answers) == 1


def test_two_runs_of_one_file_at_once_import_it_once(committed_db):
    group_id = a_departure()
    rows = [{"bookingRef": f"R-{n}", "passengers": [a_passenger()]} for n in range(6)]
    runs = at_once([lambda: import_bookings(SYSTEM, rows, group_id)] * 3)
    assert Booking.objects.count() == 6
    for run in runs:
        assert [row.ok for row in run.results] == [True] * 6
    assert {tuple(row.booking_id for row in run.results) for run in runs} == {
        tuple(Booking.objects.order_by("external_ref").values_list("pk", flat=True))
    }
