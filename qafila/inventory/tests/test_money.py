"""What a block does to the books: stock in, differences, and all of it back when the block is deleted."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from qafila.identity.tests.factories import actor_with
from qafila.identity.types import Role
from qafila.inventory.actions.delete_block import delete_block
from qafila.inventory.actions.edit_block import edit_block
from qafila.inventory.errors import DeadlineInvalid, PriceIsFixed, RateNeeded, RouteInvalid, SeatsTaken
from qafila.inventory.models import AirlineBlock
from qafila.inventory.queries import block
from qafila.inventory.schemas import BlockPatch
from qafila.inventory.steps import take_block_seats
from qafila.inventory.tests.factories import a_block, a_leg, in_days
from qafila.inventory.verify import verify
from qafila.kernel.actor import SYSTEM
from qafila.kernel.errors import Invalid, StaleVersion
from qafila.ledger.models import JournalLine
from qafila.parties.tests.factories import a_supplier

pytestmark = pytest.mark.django_db


def lines(block_id, event=None):
    found = JournalLine.objects.filter(entry__source="airline_block", entry__source_id=block_id)
    if event:
        found = found.filter(entry__event=event)
    rows = found.order_by("entry_id", "n").values_list("account__code", "debit", "credit")
    return [(code, debit - credit) for code, debit, credit in rows]


def edit(block_id, actor=SYSTEM, version=None, **said):
    version = version or AirlineBlock.objects.get(pk=block_id).version
    return edit_block(actor=actor, block_id=block_id, changed=BlockPatch(version=version, **said))


def take(block_id, seats):
    with transaction.atomic():
        take_block_seats(SYSTEM, block_id, seats, reason="test")


def test_seats_bought_are_stock_owed_to_the_supplier_until_billed():
    supplier = a_supplier(category="ticketing")
    block_id = a_block(supplier_id=supplier, total_seats=50, price_per_seat="48500.00")
    assert lines(block_id) == [("1310", Decimal(2425000)), ("2025", Decimal(-2425000))]
    assert JournalLine.objects.get(account__code="2025").party_id == supplier
    assert verify() == []


def test_a_block_in_riyals_freezes_its_rate_on_what_is_owed():
    block_id = a_block(total_seats=3, price_per_seat="1200.10", currency="SAR", exchange_rate="22.4567")
    owed = JournalLine.objects.get(account__code="2025")
    assert (owed.currency, owed.amount, owed.rate) == ("SAR", Decimal("3600.30"), Decimal("22.4567"))
    one_seat = Decimal("26950.29")  # 1200.10 x 22.4567 = 26950.28567
    assert lines(block_id) == [("1310", one_seat * 3), ("2025", -one_seat * 3)]


def test_seats_given_for_nothing_post_nothing():
    block_id = a_block(price_per_seat="0")
    assert lines(block_id) == []
    assert verify() == []


def test_more_seats_post_the_difference_and_fewer_take_it_back():
    block_id = a_block(total_seats=50, price_per_seat="1000.00")
    edit(block_id, total_seats=60)
    assert lines(block_id, "seats_added") == [("1310", Decimal(10000)), ("2025", Decimal(-10000))]
    edit(block_id, total_seats=45)
    assert lines(block_id, "seats_returned") == [("2025", Decimal(15000)), ("1310", Decimal(-15000))]
    assert verify() == []


def test_the_price_moves_only_while_nobody_took_a_seat():
    block_id = a_block(total_seats=10, price_per_seat="1000.00")
    edit(block_id, price_per_seat="1100.00")
    assert sum(value for code, value in lines(block_id) if code == "1310") == 11000
    take(block_id, 1)
    for said in (
        {"price_per_seat": "900.00"},
        {"currency": "SAR", "exchange_rate": "22"},
        {"supplier_id": a_supplier()},
    ):
        with pytest.raises(PriceIsFixed, match=r"taken of BLK-SV-\S+ at its price"):
            edit(block_id, **said)
    assert edit(block_id, price_per_seat="1100.00", notes="Called the desk") == 3  # the same price again is no change


def test_another_currency_takes_the_old_liability_back_whole():
    block_id = a_block(total_seats=10, price_per_seat="1000.00")
    edit(block_id, currency="SAR", price_per_seat="50.00", exchange_rate="22")
    assert lines(block_id, "repriced") == [
        ("2025", Decimal(10000)),
        ("1310", Decimal(-10000)),
        ("1310", Decimal(11000)),
        ("2025", Decimal(-11000)),
    ]
    assert verify() == []


def test_a_block_keeps_the_seats_that_are_taken():
    block_id = a_block(total_seats=10)
    take(block_id, 6)
    with pytest.raises(SeatsTaken, match="6 seats") as refused:
        edit(block_id, total_seats=5)
    assert refused.value.loc == ["total_seats"]
    edit(block_id, total_seats=6)
    with pytest.raises(SeatsTaken):
        delete_block(actor=SYSTEM, block_id=block_id)


def test_deleting_a_block_reverses_every_stock_entry_it_made():
    block_id = a_block(total_seats=10, price_per_seat="1000.00")
    edit(block_id, total_seats=12)
    edit(block_id, price_per_seat="900.00")
    delete_block(actor=SYSTEM, block_id=block_id)
    for account in ("1310", "2025"):
        assert sum(value for code, value in lines(block_id) if code == account) == 0
    assert AirlineBlock.objects.get(pk=block_id).state == "cancelled"
    assert verify() == []


def test_somebody_elses_change_is_not_overwritten():
    block_id = a_block()
    edit(block_id, version=1, notes="first")
    with pytest.raises(StaleVersion) as refused:
        edit(block_id, version=1, notes="second")
    assert refused.value.facts["current_version"] == 2


def test_new_legs_give_the_block_its_route_and_dates():
    block_id = a_block(departs=in_days(30))
    edit(block_id, legs=[a_leg("SXR", "DEL", in_days(31), "06:00", "07:30"), a_leg("DEL", "JED", in_days(31))])
    found = block(SYSTEM, block_id)
    assert found.route == "SXR → DEL → JED · JED → DEL"
    assert found.departs_on == in_days(31)
    assert len(found.returning) == 1
    assert [problem.code for problem in found.problems] == ["ENDS_ELSEWHERE"]


def test_legs_that_make_no_journey_change_nothing():
    block_id = a_block()
    with pytest.raises(RouteInvalid) as refused:
        edit(block_id, legs=[a_leg("DEL", "JED", in_days(90))], total_seats=99)
    assert refused.value.errors[0]["loc"] == ["return_legs", 0, "depart_date"]
    assert AirlineBlock.objects.get(pk=block_id).total_seats == 50


def test_a_date_is_cleared_by_saying_null():
    block_id = a_block(names_due=in_days(10).isoformat())
    edit(block_id, names_due=None)
    assert block(SYSTEM, block_id).names_due is None


@pytest.mark.parametrize("field", ["names_due", "ticketing_due", "expiry_date"])
def test_nothing_falls_due_after_the_flight_has_left(field):
    with pytest.raises(DeadlineInvalid) as refused:
        a_block(SYSTEM, **{field: in_days(31).isoformat()})
    assert refused.value.loc == [field]


def test_the_agencys_own_currency_has_no_rate():
    with pytest.raises(RateNeeded):
        a_block(exchange_rate="1.1")


def test_a_price_has_no_more_digits_than_its_currency():
    with pytest.raises(Invalid, match="at most 2 digits") as refused:
        a_block(price_per_seat="100.005")
    assert refused.value.errors[0]["loc"] == ["price_per_seat"]


def test_a_price_that_bursts_the_books_is_refused_by_name():
    with pytest.raises(Invalid, match="more than the books hold") as refused:
        a_block(price_per_seat="999999999999.00", total_seats=2000)
    assert refused.value.errors[0]["loc"] == ["price_per_seat"]


@pytest.mark.parametrize(
    ("constraint", "change"),
    [
        ("a_block_has_seats", {"total_seats": 0}),
        ("block_price_not_negative", {"price_per_seat": -1}),
        ("block_price_not_negative", {"exchange_rate": 0}),
        ("block_pnr_upper_case", {"pnr": "k7qxpl"}),
    ],
)
def test_the_database_keeps_what_must_be(constraint, change):
    block_id = a_block()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        AirlineBlock.objects.filter(pk=block_id).update(**change)


def test_costs_are_blank_for_those_who_may_not_see_them():
    block_id = a_block()
    seen = block(actor_with(Role.OPS_EXECUTIVE), block_id)
    assert (seen.price_per_seat, seen.exchange_rate, seen.deposit_amount) == (None, None, None)
    assert block(actor_with(Role.OPS_MANAGER), block_id).price_per_seat == 48500


def test_a_block_in_another_currency_says_its_exchange_rate() -> None:
    with pytest.raises(RateNeeded, match="one SAR") as refused:
        a_block(currency="SAR", price_per_seat="1000.00")
    assert refused.value.loc == ["exchange_rate"]
    block_id = a_block(price_per_seat="1000.00")
    with pytest.raises(RateNeeded):
        edit(block_id, currency="SAR")


def test_a_deposit_is_not_more_than_the_seats_cost() -> None:
    with pytest.raises(Invalid, match="deposit"):
        a_block(total_seats=2, price_per_seat="100.00", deposit_amount="201.00")
