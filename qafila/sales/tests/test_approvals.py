"""Money and the two approval tracks, as higher rooms drive them; and a random walk through all of it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qafila.groups.facts import GroupCompleted
from qafila.groups.models import GroupSeatMovement, TravelGroup
from qafila.identity.tests.factories import actor_with
from qafila.identity.types import Role
from qafila.kernel import facts
from qafila.kernel.actor import SYSTEM, Actor
from qafila.kernel.errors import MissingRight, Refusal, WrongState
from qafila.kernel.facts import announce, on
from qafila.kernel.models import StateChange
from qafila.kernel.transaction import body_of
from qafila.sales import steps
from qafila.sales.actions.cancel_booking import cancel_booking
from qafila.sales.actions.delete_booking import delete_booking
from qafila.sales.actions.edit_booking import edit_booking
from qafila.sales.errors import BookingIsClosed, BookingNotFound, PolicyNotMet, ReasonNeeded, TookBackTooMuch
from qafila.sales.facts import OpsApproved, PaymentApplied
from qafila.sales.models import Booking, PackageSale
from qafila.sales.schemas import BookingPatch
from qafila.sales.states import FINANCE, OPS, PACKAGE
from qafila.sales.tests.factories import a_booking, a_departure

pytestmark = pytest.mark.django_db


@contextmanager
def heard(kind: type[Any]) -> Iterator[list[Any]]:
    """What is announced of one kind inside the block."""
    told: list[Any] = []

    def listen(actor: Actor, fact) -> None:
        """Listens."""
        told.append(fact)

    on(kind)(listen)
    try:
        yield told
    finally:
        facts._reactions[kind] = [r for r in facts._reactions[kind] if r.run is not listen]


def tracks(booking_id: int) -> tuple[str, str, str]:
    sale = PackageSale.objects.select_related("booking").get(pk=booking_id)
    return sale.booking.state, sale.finance_approval, sale.ops_approval


def do(step, *args):
    """One step in a transaction of its own."""
    with transaction.atomic():
        return step(*args)


def paid(booking_id: int, amount: int) -> None:
    do(steps.apply_money, SYSTEM, booking_id, Decimal(amount))


def test_money_moves_the_balance_and_is_announced():
    row = a_booking(adults=1)
    with heard(PaymentApplied) as told:
        money = do(steps.apply_money, SYSTEM, row.pk, Decimal(50000))
        assert (money.paid, money.balance) == (Decimal(50000), Decimal(62350))
        paid(row.pk, -20000)
    assert [(f.amount, f.paid, f.balance) for f in told] == [
        (Decimal(50000), Decimal(50000), Decimal(62350)),
        (Decimal(-20000), Decimal(30000), Decimal(82350)),
    ]
    row.refresh_from_db()
    assert row.balance == Decimal(82350)


def test_no_more_is_taken_back_than_was_paid_and_a_cancelled_booking_takes_none():
    row = a_booking()
    with pytest.raises(TookBackTooMuch):
        paid(row.pk, -1)
    cancel_booking(actor=SYSTEM, booking_id=row.pk)
    with pytest.raises(BookingIsClosed):
        paid(row.pk, 1)
    with pytest.raises(BookingNotFound):
        paid(999_999, 1)


def test_finance_needs_its_right_and_a_reason_while_money_is_due():
    row = a_booking()
    accountant = actor_with(Role.ACCOUNTANT)
    with pytest.raises(MissingRight):
        do(steps.approve_finance, actor_with(Role.SALES_MANAGER), row.pk, "please")
    with pytest.raises(ReasonNeeded) as refused:
        do(steps.approve_finance, accountant, row.pk, "")
    assert refused.value.loc == ["reason"]
    assert do(steps.approve_finance, accountant, row.pk, "pays on arrival") is True
    assert do(steps.approve_finance, accountant, row.pk, "") is False
    assert tracks(row.pk) == ("draft", "approved", "pending")


def test_a_paid_booking_needs_no_reason():
    row = a_booking(adults=1)
    paid(row.pk, 112350)
    assert do(steps.approve_finance, actor_with(Role.ACCOUNTANT), row.pk)


@pytest.mark.parametrize("policy", ["full", "partial"])
def test_ops_wait_for_finance_where_the_policy_says_so(policy):
    row = a_booking(payment_policy=policy)
    ops = actor_with(Role.OPS_MANAGER)
    paid(row.pk, 1000)
    with pytest.raises(PolicyNotMet, match="finance must approve"):
        do(steps.approve_ops, ops, row.pk)
    do(steps.approve_finance, actor_with(Role.ACCOUNTANT), row.pk, "good customer")
    with heard(OpsApproved) as told:
        assert do(steps.approve_ops, ops, row.pk) is True
        assert do(steps.approve_ops, ops, row.pk) is False
    assert tracks(row.pk) == ("confirmed", "approved", "approved")
    assert len(told) == 1


def test_an_advance_is_some_money():
    row = a_booking(payment_policy="advance")
    ops = actor_with(Role.OPS_MANAGER)
    with pytest.raises(PolicyNotMet, match="nothing has been paid"):
        do(steps.approve_ops, ops, row.pk)
    paid(row.pk, 1)
    do(steps.approve_ops, ops, row.pk)
    assert tracks(row.pk) == ("confirmed", "pending", "approved")


def test_what_is_sent_back_is_corrected_and_handed_in_again():
    row = a_booking(payment_policy="advance")
    paid(row.pk, 1)
    ops, seller = actor_with(Role.OPS_MANAGER), actor_with(Role.SALES_MANAGER)
    do(steps.approve_ops, ops, row.pk)
    with pytest.raises(ReasonNeeded):
        do(steps.send_back, ops, row.pk, " ")
    do(steps.send_back, ops, row.pk, "passport copy missing")
    assert tracks(row.pk) == ("needs_correction", "pending", "sent_back")
    assert "passport copy missing" in PackageSale.objects.get(pk=row.pk).needs_attention
    with pytest.raises(BookingIsClosed):
        do(steps.approve_ops, ops, row.pk)
    do(steps.resubmit, seller, row.pk)
    assert tracks(row.pk) == ("draft", "pending", "pending")
    assert PackageSale.objects.get(pk=row.pk).needs_attention == ""


def test_finance_rejects_with_a_reason_but_not_what_is_confirmed():
    row = a_booking(payment_policy="advance")
    accountant = actor_with(Role.ACCOUNTANT)
    do(steps.reject_finance, accountant, row.pk, "wrong rate")
    assert tracks(row.pk) == ("needs_correction", "rejected", "pending")
    other = a_booking(payment_policy="advance")
    paid(other.pk, 1)
    do(steps.approve_ops, actor_with(Role.OPS_MANAGER), other.pk)
    with pytest.raises(WrongState, match="confirmed"):
        do(steps.reject_finance, accountant, other.pk, "wrong rate")


def test_a_confirmed_booking_put_on_hold_needs_ops_again():
    row = a_booking(payment_policy="advance")
    paid(row.pk, 1)
    do(steps.approve_ops, actor_with(Role.OPS_MANAGER), row.pk)
    edit_booking(actor=actor_with(Role.SALES_MANAGER), booking_id=row.pk, patch=BookingPatch(status="on_hold"))
    assert tracks(row.pk) == ("on_hold", "pending", "pending")
    assert do(steps.approve_ops, actor_with(Role.OPS_MANAGER), row.pk) is True
    assert tracks(row.pk)[0] == "confirmed"


def test_finance_takes_its_approval_back():
    row = a_booking()
    accountant = actor_with(Role.ACCOUNTANT)
    do(steps.approve_finance, accountant, row.pk, "will pay")
    do(steps.withdraw_finance, accountant, row.pk, "did not pay")
    assert tracks(row.pk) == ("draft", "pending", "pending")


def test_confirmed_bookings_are_completed_when_their_group_is_back():
    row, other = a_booking(payment_policy="advance"), a_booking()
    paid(row.pk, 1)
    do(steps.approve_ops, SYSTEM, row.pk)
    group_id = PackageSale.objects.get(pk=row.pk).group_id
    for pk in (group_id, PackageSale.objects.get(pk=other.pk).group_id):
        do(announce, SYSTEM, GroupCompleted(pk, "UMR"))
    assert tracks(row.pk)[0] == "completed"
    assert tracks(other.pk)[0] == "draft", "what was never confirmed is not completed"


EVENTS = {
    "pay": lambda actor, pk: steps.apply_money(actor, pk, Decimal(50000)),
    "take_back": lambda actor, pk: steps.apply_money(actor, pk, Decimal(-30000)),
    "finance_approve": lambda actor, pk: steps.approve_finance(actor, pk, "a good reason"),
    "finance_reject": lambda actor, pk: steps.reject_finance(actor, pk, "a good reason"),
    "finance_withdraw": lambda actor, pk: steps.withdraw_finance(actor, pk, "a good reason"),
    "ops_approve": steps.approve_ops,
    "send_back": lambda actor, pk: steps.send_back(actor, pk, "a good reason"),
    "resubmit": steps.resubmit,
    "hold": lambda actor, pk: body_of(edit_booking)(actor=actor, booking_id=pk, patch=BookingPatch(status="on_hold")),
    "release": lambda actor, pk: body_of(edit_booking)(actor=actor, booking_id=pk, patch=BookingPatch(status="draft")),
    "cancel": lambda actor, pk: body_of(cancel_booking)(actor=actor, booking_id=pk),
    "delete": lambda actor, pk: body_of(delete_booking)(actor=actor, booking_id=pk),
}


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(walk=st.lists(st.sampled_from(sorted(EVENTS)), max_size=14), policy=st.sampled_from(["full", "advance"]))
def test_whatever_happens_in_whatever_order_the_promises_hold(walk, policy):
    group_id = a_departure(seats=5)
    row = a_booking(group_id, adults=2, payment_policy=policy)
    for event in walk:
        with contextlib.suppress(Refusal):
            do(EVENTS[event], SYSTEM, row.pk)
        _check(row.pk, group_id)


def _check(booking_id: int, group_id: int) -> None:
    booking = Booking.objects.select_related("package").get(pk=booking_id)
    sale = booking.package
    gone = booking.state == "cancelled"
    assert sale.is_live is not gone
    assert booking.deleted_at is None or gone
    moved = sum(GroupSeatMovement.objects.filter(group_id=group_id).values_list("seats", flat=True))
    assert TravelGroup.objects.get(pk=group_id).booked_count == moved == (0 if gone else 2)
    assert booking.balance == booking.gross_total - booking.paid
    assert booking.paid >= 0
    if booking.state == "confirmed":
        assert sale.ops_approval == "approved"
    if sale.ops_approval == "approved":
        assert booking.state in ("confirmed", "needs_correction", "cancelled")
    for machine, state in ((PACKAGE, booking.state), (FINANCE, sale.finance_approval), (OPS, sale.ops_approval)):
        moves = StateChange.objects.filter(machine=machine.name, object_id=booking_id).order_by("id")
        standing = "" if machine is PACKAGE else "pending"
        for move in moves:
            assert move.from_state == standing
            assert machine.find(move.from_state, move.event).target == move.to_state
            standing = move.to_state
        assert standing == state, "the history ends where the booking stands"
