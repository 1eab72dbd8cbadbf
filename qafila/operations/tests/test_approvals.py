"""Finance and operations let a booking go ahead, or do not."""

from __future__ import annotations

import itertools

import pytest

from qafila.billing.tests.factories import PRICE_OF_TWO, a_sale, fresh, paid
from qafila.identity.tests.factories import actor_with
from qafila.identity.types import Role
from qafila.kernel.actor import SYSTEM, Actor
from qafila.kernel.errors import MissingRight, Refusal, WrongState
from qafila.kernel.models import AuditEntry
from qafila.kernel.pagination import Window
from qafila.operations import queries
from qafila.operations.actions.approve_finance import approve_finance
from qafila.operations.actions.approve_ops import approve_ops
from qafila.operations.actions.reject_finance import reject_finance
from qafila.operations.actions.resubmit import resubmit
from qafila.operations.actions.send_back import send_back
from qafila.operations.actions.withdraw_finance import withdraw_finance
from qafila.operations.errors import MakerIsChecker
from qafila.operations.types import Approval, QueueCounts
from qafila.sales.errors import BookingIsClosed, PolicyNotMet, ReasonNeeded
from qafila.sales.models import Booking
from qafila.ticketing.models import TicketRecord
from qafila.ticketing.steps import sync
from qafila.visas.models import VisaCase

pytestmark = pytest.mark.django_db

FRESH, AGAIN = Approval(ok=True, already_approved=False), Approval(ok=True, already_approved=True)


def finance(**given: object) -> Actor:
    return actor_with(Role.ACCOUNTANT, **given)


def ticketed(**said: object) -> Booking:
    """A booking of two whose ticket records are made."""
    booking = a_sale(**said)
    sync(SYSTEM, [booking.pk])
    return booking


def tickets(booking: Booking) -> set[tuple[str, str]]:
    return set(TicketRecord.objects.filter(booking=booking).values_list("state", "clearance_cause"))


# ---- finance


def test_finance_approval_needs_its_right() -> None:
    booking = a_sale()
    with pytest.raises(MissingRight, match=r"finance\.bookings\.approve_finance"):
        approve_finance(actor=actor_with(Role.SALES_MANAGER), booking_id=booking.pk, reason="They always pay")


def test_finance_approval_with_a_balance_due_needs_a_reason_and_clears_the_tickets() -> None:
    booking = ticketed()
    with pytest.raises(ReasonNeeded) as refused:
        approve_finance(actor=finance(), booking_id=booking.pk)
    assert refused.value.loc == ["reason"]
    assert tickets(booking) == {("NOT_READY", "")}
    assert approve_finance(actor=finance(), booking_id=booking.pk, reason="Cheque seen") == FRESH
    assert tickets(booking) == {("FINANCE_CLEARED", "approval")}
    assert fresh(booking).package.finance_approval == "approved"


def test_finance_approval_twice_is_finance_approval_once() -> None:
    booking = ticketed()
    approve_finance(actor=finance(), booking_id=booking.pk, reason="Cheque seen")
    assert approve_finance(actor=finance(), booking_id=booking.pk) == AGAIN
    assert AuditEntry.objects.filter(action="booking.finance_approved").count() == 1


def test_a_paid_booking_needs_no_reason_and_stays_cleared_by_its_payment() -> None:
    booking = ticketed()
    paid(booking, PRICE_OF_TWO)
    assert approve_finance(actor=finance(), booking_id=booking.pk) == FRESH
    assert tickets(booking) == {("FINANCE_CLEARED", "payment")}


def test_whoever_made_the_booking_does_not_approve_it_for_finance() -> None:
    maker = actor_with(Role.SALES_EXECUTIVE, Role.ACCOUNTANT)
    booking = a_sale(actor=maker)
    with pytest.raises(MakerIsChecker):
        approve_finance(actor=maker, booking_id=booking.pk, reason="My own good customer")
    assert fresh(booking).package.finance_approval == "pending"


def test_the_maker_approves_only_under_break_glass_which_is_recorded() -> None:
    chief = actor_with(Role.CEO)
    booking = a_sale(actor=chief)
    approve_finance(actor=chief, booking_id=booking.pk, reason="Nobody else is here")
    assert AuditEntry.objects.get(action="booking.finance_approved_own").after == {"break_glass": True}


def test_a_rejected_booking_goes_to_correction_and_loses_the_clearance_it_had_by_approval() -> None:
    booking = ticketed()
    approve_finance(actor=finance(), booking_id=booking.pk, reason="Cheque seen")
    reject_finance(actor=finance(), booking_id=booking.pk, reason="The cheque bounced")
    row = fresh(booking)
    assert (row.state, row.package.finance_approval) == ("needs_correction", "rejected")
    assert "The cheque bounced" in row.package.needs_attention
    assert tickets(booking) == {("NOT_READY", "")}


def test_a_rejection_says_why() -> None:
    with pytest.raises(ReasonNeeded):
        reject_finance(actor=finance(), booking_id=a_sale().pk, reason=" ")


def test_withdrawing_the_approval_takes_the_clearance_back() -> None:
    booking = ticketed()
    approve_finance(actor=finance(), booking_id=booking.pk, reason="Cheque seen")
    withdraw_finance(actor=finance(), booking_id=booking.pk, reason="The cheque bounced")
    assert tickets(booking) == {("NOT_READY", "")}
    row = fresh(booking)
    assert (row.state, row.package.finance_approval) == ("draft", "pending")


def test_withdrawing_the_approval_of_a_booking_paid_meanwhile_leaves_it_cleared_by_payment() -> None:
    booking = ticketed()
    approve_finance(actor=finance(), booking_id=booking.pk, reason="Cheque seen")
    paid(booking, PRICE_OF_TWO)
    withdraw_finance(actor=finance(), booking_id=booking.pk, reason="Not needed any more")
    assert tickets(booking) == {("FINANCE_CLEARED", "payment")}


def test_money_taken_back_does_not_touch_what_finance_approved() -> None:
    booking = ticketed()
    approve_finance(actor=finance(), booking_id=booking.pk, reason="Cheque seen")
    payment = paid(booking, PRICE_OF_TWO)
    from qafila.billing.actions.reverse_payment import reverse_payment

    reverse_payment(actor=SYSTEM, payment_id=payment.pk, reason="Counted twice")
    assert tickets(booking) == {("FINANCE_CLEARED", "approval")}


def test_an_approval_not_given_cannot_be_withdrawn() -> None:
    with pytest.raises(WrongState):
        withdraw_finance(actor=finance(), booking_id=a_sale().pk, reason="By mistake")


# ---- operations


def test_ops_approval_needs_its_right() -> None:
    with pytest.raises(MissingRight, match=r"approvals\.approve"):
        approve_ops(actor=actor_with(Role.OPS_EXECUTIVE), booking_id=a_sale().pk)


def test_ops_approval_waits_for_finance_then_confirms_and_opens_visa_cases_once() -> None:
    booking, ops = a_sale(), actor_with(Role.OPS_MANAGER)
    with pytest.raises(PolicyNotMet, match="finance must approve"):
        approve_ops(actor=ops, booking_id=booking.pk)
    approve_finance(actor=finance(), booking_id=booking.pk, reason="Cheque seen")
    assert approve_ops(actor=ops, booking_id=booking.pk) == FRESH
    assert fresh(booking).state == "confirmed"
    assert VisaCase.objects.filter(passenger__booking=booking).count() == 2
    assert approve_ops(actor=ops, booking_id=booking.pk) == AGAIN
    assert VisaCase.objects.filter(passenger__booking=booking).count() == 2


def test_a_sale_on_advance_is_approved_once_something_is_paid() -> None:
    booking, ops = a_sale(payment_policy="advance"), actor_with(Role.OPS_MANAGER)
    with pytest.raises(PolicyNotMet, match="nothing has been paid"):
        approve_ops(actor=ops, booking_id=booking.pk)
    paid(booking, 1000)
    assert approve_ops(actor=ops, booking_id=booking.pk) == FRESH


def test_a_booking_sent_back_is_corrected_and_handed_in_again_with_both_tracks_pending() -> None:
    booking = ticketed()
    approve_finance(actor=finance(), booking_id=booking.pk, reason="Cheque seen")
    send_back(actor=actor_with(Role.OPS_MANAGER), booking_id=booking.pk, reason="Passport of the second is expired")
    assert fresh(booking).state == "needs_correction"
    with pytest.raises(BookingIsClosed):
        approve_finance(actor=finance(), booking_id=booking.pk, reason="Anyway")
    resubmit(actor=actor_with(Role.SALES_EXECUTIVE), booking_id=booking.pk)
    row = fresh(booking)
    assert (row.state, row.package.finance_approval, row.package.ops_approval) == ("draft", "pending", "pending")
    assert tickets(booking) == {("NOT_READY", "")}


def test_handing_in_again_needs_the_right_to_edit() -> None:
    with pytest.raises(MissingRight, match=r"bookings\.edit"):
        resubmit(actor=actor_with(Role.ACCOUNTANT), booking_id=a_sale().pk)


# ---- queues


def test_the_queue_says_exactly_what_the_approval_would() -> None:
    """Every policy, paid or not, approved or not: the button is offered if and only if it works."""
    ops = actor_with(Role.OPS_MANAGER)
    for policy, money, approved in itertools.product(("full", "partial", "advance"), (0, 1000), (False, True)):
        booking = a_sale(payment_policy=policy)
        if money:
            paid(booking, money)
        if approved:
            approve_finance(actor=finance(), booking_id=booking.pk, reason="Known to us")
        row = queries.queue_row(ops, booking.pk)
        try:
            approve_ops(actor=ops, booking_id=booking.pk)
        except Refusal as refusal:
            assert not row.may_ops_approve, (policy, money, approved)
            assert row.ops_blocked_by
            assert refusal.code == "PAYMENT_POLICY_NOT_MET"  # noqa: PT017 - what the table says of this row
        else:
            assert row.may_ops_approve, (policy, money, approved)


def test_the_queues_hold_what_waits_and_the_counts_agree() -> None:
    manager = actor_with(Role.OPS_MANAGER)
    waiting, sent_back, ready = a_sale(), a_sale(), a_sale(payment_policy="advance")
    send_back(actor=manager, booking_id=sent_back.pk, reason="Two spellings of one name")
    paid(ready, 1000)
    done = a_sale(payment_policy="advance")
    paid(done, 1000)
    approve_ops(actor=manager, booking_id=done.pk)
    cases = {"ops": {waiting, ready}, "finance": {waiting, ready, done}, "corrections": {sent_back}}
    for which, expected in cases.items():
        page = queries.queue(manager, Window(), which)  # type: ignore[arg-type]
        assert {row.number for row in page.items} == {booking.number for booking in expected}, which
    assert queries.queue_counts(manager) == QueueCounts(ops=2, ops_ready=1, finance=3, corrections=1)


def test_counts_are_only_for_those_who_may_see_the_queues() -> None:
    a_sale()
    assert queries.queue_counts(actor_with(Role.VISA_OFFICER)) == QueueCounts()
    assert queries.queue_counts(finance()) == QueueCounts(finance=1)


def test_a_queue_takes_two_queries_however_long_it_is(django_assert_num_queries: object) -> None:
    for _ in range(3):
        a_sale()
    with django_assert_num_queries(2):  # type: ignore[operator]
        assert queries.queue(SYSTEM, Window(), "ops").total == 3
    with django_assert_num_queries(1):  # type: ignore[operator]
        queries.queue_counts(SYSTEM)
