"""The pure rules of ticketing, no database."""

from datetime import date

import pytest

from qafila.inventory.pnr import resolve_pnr
from qafila.ticketing.rules import is_due_soon, standing, ticket_name, ticket_number

SOURCES = {
    "requested": "REQ111",
    "ticket": "TKT111",
    "passenger": "PAX111",
    "leg": "LEG111",
    "block": "BLK111",
    "group_flight": "GRP111",
}
ORDER = ["request", "ticket", "passenger", "leg", "block", "group_flight"]


def test_a_name_is_written_as_airlines_write_it():
    assert ticket_name("Abdul Rashid", "Wani", "Mr") == "WANI/ABDUL RASHID MR"
    assert ticket_name("Zoé", "D'Souza-Khan", "Mrs") == "DSOUZA KHAN/ZOE MRS"


def test_a_person_with_one_name_has_no_first_name():
    assert ticket_name("Shahzada", "", "Miss") == "SHAHZADA/FNU MISS"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("065-2400000123", "0652400000123"),
        ("0652400000123", "0652400000123"),
        ("065 2400000123", "0652400000123"),
        ("065-24000001", None),
        ("k7qxpl", "K7QXPL"),
        ("K7-QX", None),
        ("", None),
    ],
)
def test_a_ticket_number_has_thirteen_digits_or_is_a_ticketless_carriers_code(typed, kept):
    assert ticket_number(typed) == kept


def test_each_source_of_a_pnr_gives_way_to_those_before_it():
    given = dict(SOURCES)
    for name, source in zip(SOURCES, ORDER, strict=True):
        found = resolve_pnr(direction="outbound", **given)
        assert (found.value, found.source) == (SOURCES[name], source)
        given[name] = ""
    assert resolve_pnr(direction="outbound", **given).value == ""


def test_return_legs_take_the_blocks_return_pnr_and_fall_back_to_its_own():
    assert resolve_pnr(direction="return", block="K7QXPL", block_return="K7QXR2").value == "K7QXR2"
    assert resolve_pnr(direction="return", block="K7QXPL").value == "K7QXPL"
    assert resolve_pnr(direction="outbound", block="K7QXPL", block_return="K7QXR2").value == "K7QXPL"


def test_a_cleared_ticket_without_a_flight_is_not_ready():
    assert standing(cleared=True, has_flight=False, exception_asked=False) == "NOT_READY"
    assert standing(cleared=True, has_flight=True, exception_asked=False) == "FINANCE_CLEARED"
    assert standing(cleared=False, has_flight=True, exception_asked=True) == "ON_HOLD"


def test_a_name_is_due_soon_from_two_days_before_its_deadline():
    deadline = date(2027, 1, 4)
    assert is_due_soon(pending=True, deadline=deadline, today=date(2027, 1, 2))
    assert is_due_soon(pending=True, deadline=deadline, today=date(2027, 1, 9))
    assert not is_due_soon(pending=True, deadline=deadline, today=date(2027, 1, 1))
    assert not is_due_soon(pending=False, deadline=deadline, today=date(2027, 1, 3))
