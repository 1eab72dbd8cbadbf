"""Linking a block: its seats leave the stock and become the group's cost, and come back when it is unlinked."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from qafila.groups import verify as groups_verify
from qafila.groups.actions.cancel_group import cancel_group
from qafila.groups.actions.edit_group import edit_group
from qafila.groups.actions.edit_link import edit_link
from qafila.groups.actions.link_block import link_block
from qafila.groups.actions.unlink_block import unlink_block
from qafila.groups.errors import BlockTaken, GroupNotOpen, NoSeatsToLink, OutsideWindow
from qafila.groups.facts import BlockUnlinked, GroupFlightChanged
from qafila.groups.models import GroupEvent, GroupFlight
from qafila.groups.queries import available_flights, flights_of, group, group_state
from qafila.groups.schemas import GroupPatch, LinkIn, LinkPatch
from qafila.groups.tests.factories import a_group, a_priced_group
from qafila.inventory import verify as inventory_verify
from qafila.inventory.actions.edit_block import edit_block
from qafila.inventory.errors import SeatsExhausted
from qafila.inventory.models import AirlineBlock
from qafila.inventory.schemas import BlockPatch
from qafila.inventory.steps import take_block_seats
from qafila.inventory.tests.factories import a_block, a_leg, in_days
from qafila.kernel import clock, facts
from qafila.kernel.actor import SYSTEM
from qafila.kernel.errors import Refusal, StaleVersion
from qafila.kernel.pagination import Window
from qafila.ledger.models import JournalEntry, JournalLine


def link(group_id, block_id, **said):
    return link_block(actor=SYSTEM, group_id=group_id, link=LinkIn(block_id=block_id, **said))


def unlink(group_id, flight_id):
    unlink_block(actor=SYSTEM, group_id=group_id, flight_id=flight_id)


def books_agree():
    return [*inventory_verify.verify(), *groups_verify.verify()]


def balance(account, **by):
    rows = JournalLine.objects.filter(account__code=account, **by).values_list("debit", "credit")
    return sum(debit - credit for debit, credit in rows)


@pytest.mark.django_db
def test_a_link_takes_what_the_group_needs_and_moves_its_cost():
    block_id, group_id = a_block(total_seats=50, price_per_seat="48500.00", pnr="K7QXPL"), a_group(seats=48)
    flight_id = link(group_id, block_id)
    (flight,) = flights_of(group_id)
    assert (flight.id, flight.seats, flight.pnr, flight.cost) == (flight_id, 48, "K7QXPL", Decimal(2328000))
    assert AirlineBlock.objects.get(pk=block_id).allocated_seats == 48
    assert balance("5102", group_id=group_id) == 2328000
    assert balance("1310") == 2 * 48500
    assert group(SYSTEM, group_id).is_linked
    assert books_agree() == []


@pytest.mark.django_db
def test_unlinking_reverses_the_entry_and_gives_the_seats_back():
    block_id, group_id = a_block(), a_group()
    unlink(group_id, link(group_id, block_id))
    assert balance("5102") == 0
    assert balance("1310") == 50 * 48500
    assert AirlineBlock.objects.get(pk=block_id).allocated_seats == 0
    assert not group(SYSTEM, group_id).is_linked
    reversal = JournalEntry.objects.get(event="unlinked")
    assert reversal.reverses
    assert reversal.reverses.event == "linked"
    assert list(GroupEvent.objects.order_by("id").values_list("what", flat=True)) == ["created", "linked", "unlinked"]
    assert books_agree() == []


@pytest.mark.django_db
def test_seats_and_books_agree_after_any_number_of_links():
    blocks = [a_block(total_seats=7, price_per_seat="33.33", currency="SAR", exchange_rate="22.4567") for _ in range(2)]
    groups = [a_group(seats=5), a_group(seats=3)]
    for _ in range(3):
        flights = [link(group_id, block_id) for group_id, block_id in zip(groups, blocks, strict=True)]
        assert books_agree() == []
        for group_id, flight_id in zip(groups, flights, strict=True):
            unlink(group_id, flight_id)
        assert books_agree() == []
        blocks.reverse()
    assert balance("5102") == 0


@pytest.mark.django_db
def test_a_block_belongs_to_one_group_company_wide():
    block_id, first, second = a_block(), a_group(seats=10), a_group(seats=10)
    link(first, block_id)
    with pytest.raises(BlockTaken, match="is linked to UMR-"):
        link(second, block_id)
    with pytest.raises(IntegrityError), transaction.atomic():
        GroupFlight.objects.create(group_id=second, block_id=block_id, seats=1, cost=0)


@pytest.mark.django_db
def test_a_small_block_gives_all_it_has_and_a_second_fills_up():
    group_id = a_group(seats=48)
    link(group_id, a_block(total_seats=30))
    link(group_id, a_block(total_seats=50))
    assert [flight.seats for flight in flights_of(group_id)] == [30, 18]
    with pytest.raises(NoSeatsToLink, match="say how many more"):
        link(group_id, a_block())
    link(group_id, a_block(), seats=2)
    assert group(SYSTEM, group_id).linked_seats == 50


@pytest.mark.django_db
def test_no_more_seats_than_the_block_has():
    with pytest.raises(SeatsExhausted, match="has 10 seats left"):
        link(a_group(), a_block(total_seats=10), seats=11)
    block_id = a_block(total_seats=10)
    with transaction.atomic():
        take_block_seats(SYSTEM, block_id, 10, reason="sold")
    with pytest.raises(NoSeatsToLink, match="no seats left"):
        link(a_group(), block_id)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("leaves", "back", "why"),
    [
        (29, 40, "before the group departs"),
        (60, 70, "after the group is back"),
        (30, 47, "after the group returns"),
    ],
)
def test_the_flights_fall_inside_the_groups_dates(leaves, back, why):
    block_id = a_block(departs=in_days(leaves), returns=in_days(back))
    with pytest.raises(OutsideWindow, match=why):
        link(a_group(), block_id)
    assert AirlineBlock.objects.get(pk=block_id).allocated_seats == 0
    assert balance("5102") == 0


@pytest.mark.django_db
def test_a_linked_blocks_new_flights_must_still_fit():
    block_id, group_id = a_block(), a_group()
    link(group_id, block_id)
    later: dict[str, Any] = {"return_legs": [a_leg("JED", "DEL", in_days(48))]}
    with pytest.raises(OutsideWindow):
        edit_block(actor=SYSTEM, block_id=block_id, changed=BlockPatch(version=1, **later))
    edit_block(actor=SYSTEM, block_id=block_id, changed=BlockPatch(version=1, names_due=in_days(5)))
    assert flights_of(group_id)[0].names_due == in_days(5)


@pytest.mark.django_db
def test_the_groups_dates_cannot_leave_its_flights_behind():
    group_id = a_priced_group()
    with pytest.raises(OutsideWindow):
        edit_group(actor=SYSTEM, group_id=group_id, changed=GroupPatch(version=1, departure_date=in_days(31)))
    edit_group(actor=SYSTEM, group_id=group_id, changed=GroupPatch(version=1, return_date=in_days(47)))
    assert group(SYSTEM, group_id).return_date == in_days(47)


@pytest.mark.django_db
def test_what_has_left_is_neither_linked_nor_unlinked():
    group_id = a_priced_group()
    flight = flights_of(group_id)[0]
    with clock.standing_at(in_days(31)):
        with pytest.raises(GroupNotOpen, match="is departed"):
            unlink(group_id, flight.id)
        with pytest.raises(GroupNotOpen):
            link(group_id, a_block())


@pytest.mark.django_db
def test_cancelling_a_group_gives_its_inventory_back():
    group_id = a_priced_group()
    cancel_group(actor=SYSTEM, group_id=group_id, reason="too few pilgrims")
    assert group_state(group_id) == "cancelled"
    assert flights_of(group_id) == []
    assert balance("5102") == 0
    assert books_agree() == []
    with pytest.raises(Refusal, match="cancelled"):
        cancel_group(actor=SYSTEM, group_id=group_id, reason="again")


@pytest.mark.django_db
def test_a_higher_room_may_refuse_to_let_a_flight_go(monkeypatch):
    group_id = a_priced_group()
    flight = flights_of(group_id)[0]

    def refuse(actor, fact):
        raise Refusal(f"{fact.block_code} is on an issued ticket.")

    monkeypatch.setattr(facts, "_reactions", {BlockUnlinked: [facts.Reaction(BlockUnlinked, "x", "x", "", refuse)]})
    with pytest.raises(Refusal, match="issued ticket"):
        unlink(group_id, flight.id)
    assert flights_of(group_id)[0].seats == 48
    assert books_agree() == []


@pytest.mark.django_db
def test_a_links_pnr_is_edited_by_version_and_yields_to_the_blocks(monkeypatch):
    group_id = a_priced_group()
    flight = flights_of(group_id)[0]
    told = []
    listen = facts.Reaction(GroupFlightChanged, "x", "x", "", lambda actor, fact: told.append(fact.flight_id))
    monkeypatch.setattr(facts, "_reactions", {**facts._reactions, GroupFlightChanged: [listen]})

    def edit(version, **said):
        changed = LinkPatch(version=version, **said)
        return edit_link(actor=SYSTEM, group_id=group_id, flight_id=flight.id, changed=changed)

    assert edit(1, pnr="zzz999") == 2
    now = flights_of(group_id)[0]
    assert (now.pnr, now.pnr_is_outranked) == ("ZZZ999", True)
    assert now.legs[0].pnr == flight.block_pnr
    assert told == [flight.id]
    with pytest.raises(StaleVersion):
        edit(1, notes="late")
    with pytest.raises(IntegrityError, match="link_pnr_upper_case"), transaction.atomic():
        GroupFlight.objects.filter(pk=flight.id).update(pnr="abc123")


@pytest.mark.django_db
def test_only_blocks_that_can_be_linked_are_offered():
    group_id = a_group(seats=48)
    fits = a_block(total_seats=60)
    a_block(departs=in_days(20))
    link(a_group(), a_block())
    sold_out = a_block(total_seats=5)
    with transaction.atomic():
        take_block_seats(SYSTEM, sold_out, 5, reason="sold")
    offered = available_flights(SYSTEM, group_id, Window()).items
    assert [(block.id, block.default_seats) for block in offered] == [(fits, 48)]


@pytest.mark.django_db
def test_a_group_is_read_in_the_same_queries_whatever_it_has(django_assert_num_queries):
    from qafila.groups.queries import flights_summary, groups

    group_id = a_group(seats=90)
    for _ in range(3):
        link(group_id, a_block(total_seats=20))
    for _ in range(3):
        a_group()
    with django_assert_num_queries(3):
        assert len(group(SYSTEM, group_id).flights) == 3
    with django_assert_num_queries(2):
        assert groups(SYSTEM, Window()).total == 4
    with django_assert_num_queries(3):
        assert flights_summary(SYSTEM, Window()).total == 4
    with django_assert_num_queries(4):
        available_flights(SYSTEM, group_id, Window())


def test_six_people_linking_one_block_make_one_link(committed_db):
    block_id = a_block(total_seats=50)
    groups = [a_group(seats=10, departure_date=in_days(30)) for _ in range(6)]
    start = Barrier(len(groups))

    def grab(group_id: int) -> bool:
        start.wait(timeout=30)
        try:
            link(group_id, block_id)
        except BlockTaken:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(len(groups)) as people:
        assert sum(people.map(grab, groups)) == 1
    assert AirlineBlock.objects.get(pk=block_id).allocated_seats == 10
    assert books_agree() == []
