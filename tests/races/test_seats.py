"""More buyers than seats, by every door at once, in several processes: each seat is sold once."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import httpx
import pytest

from qafila.identity.types import Role
from tests.harness.office import Office
from tests.races.crowd import a_booking, a_departure, a_pilgrim, asked, at_once, sold, told

SELLER, MANAGER = Role.SALES_EXECUTIVE, Role.SALES_MANAGER


def buyers(office: Office, group_id: int, by_form: int, by_file: int) -> list[partial[httpx.Response]]:
    """Buyers of one seat and of two at the API, and rows of import files, mixed."""
    bodies = [asked(group_id, n, size=1 + n % 2) for n in range(by_form)]
    jobs = [partial(office.ask, SELLER, "POST", "/sales/bookings", body) for body in bodies]
    for n in range(by_file):
        row = {"bookingRef": f"R-{n}", "passengers": [a_pilgrim(50_000 + n)]}
        body = {"group_id": group_id, "bookings": [row]}
        jobs.insert(2 * n, partial(office.ask, MANAGER, "POST", "/sales/bookings/import", body))
    return jobs


def bought(answers: list[httpx.Response]) -> int:
    """Seats that buyers were told are theirs."""
    rows = sum(answer.json()["ok"] for answer in answers if answer.status_code == 200)
    return int(rows + sum(answer.json()["adults"] for answer in answers if answer.status_code == 201))


def refused_for_seats(answers: list[httpx.Response]) -> int:
    count = 0
    for answer in answers:
        if answer.status_code == 409:
            assert answer.json()["code"] == "SEATS_EXHAUSTED", answer.text
            count += 1
        elif answer.status_code == 200 and answer.json()["failed"]:
            assert answer.json()["results"][0]["error"]["code"] == "SEATS_EXHAUSTED", answer.text
            count += 1
    return count


def everybody_gets_one_answer(office: Office, seats: int, by_form: int, by_file: int) -> None:
    group_id = a_departure(office, seats)
    office.client(SELLER), office.client(MANAGER)
    answers = at_once(buyers(office, group_id, by_form, by_file))
    assert set(told(answers)) <= {200, 201, 409}
    assert bought(answers) == seats
    served = sum(answer.status_code == 201 or (answer.status_code == 200 and answer.json()["ok"]) for answer in answers)
    assert refused_for_seats(answers) == by_form + by_file - served
    assert sold(office, group_id) == seats
    assert office.verify() == []


def test_sixty_buyers_for_twenty_seats_by_form_and_by_file_buy_exactly_twenty(office: Office) -> None:
    everybody_gets_one_answer(office, seats=20, by_form=40, by_file=20)


@pytest.mark.slow
def test_three_hundred_buyers_for_a_hundred_seats_buy_exactly_a_hundred(office: Office) -> None:
    everybody_gets_one_answer(office, seats=100, by_form=200, by_file=100)


def test_seats_given_back_in_the_rush_are_sold_again_and_never_twice(office: Office) -> None:
    group_id = a_departure(office, 6)
    standing = [a_booking(office, group_id, 900 + n) for n in range(6)]
    jobs: list[Callable[[], httpx.Response]] = []
    for n in range(18):
        jobs.append(partial(office.ask, SELLER, "POST", "/sales/bookings", asked(group_id, n)))
        if n % 3 == 0:
            jobs.append(partial(office.ask, MANAGER, "DELETE", f"/sales/bookings/{standing[n // 3]}"))
    answers = at_once(jobs)
    assert told(answers)[200] == 6, "each deletion succeeds"
    assert sold(office, group_id) == told(answers)[201] <= 6
    assert office.verify() == []
