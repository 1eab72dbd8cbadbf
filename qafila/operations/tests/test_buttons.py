"""What a booking's page offers of operations and finance: what this person may do now, and nothing else."""

from __future__ import annotations

import pytest

from qafila.identity.tests.factories import actor_with, as_role
from qafila.identity.types import Role
from qafila.operations.buttons import moves
from qafila.sales.actions.edit_booking import edit_booking
from qafila.sales.queries import booking
from qafila.sales.schemas import BookingPatch
from qafila.sales.tests.factories import a_booking

pytestmark = pytest.mark.django_db


def labels(actor, row) -> list[str]:
    return [move.label for move in moves(actor, booking(actor, row.pk))]


def test_everybody_is_offered_what_they_may_do():
    row = a_booking()
    assert labels(actor_with(Role.SALES_MANAGER), row) == []
    assert labels(actor_with(Role.ACCOUNTANT), row) == ["Approve for finance", "Reject for finance"]
    assert labels(actor_with(Role.OPS_MANAGER), row) == ["Send back"], "finance must approve a full payment first"
    edit_booking(actor=actor_with(Role.CEO), booking_id=row.pk, patch=BookingPatch(status="on_hold"))
    assert labels(actor_with(Role.ACCOUNTANT), row) == ["Approve for finance", "Reject for finance"]


def test_whoever_made_a_booking_is_not_offered_to_approve_it():
    boss = actor_with(Role.FINANCE_MANAGER, Role.SALES_MANAGER)
    assert labels(boss, a_booking(actor=boss)) == ["Reject for finance"]


def test_the_page_shows_the_buttons():
    row = a_booking()
    body = as_role(Role.ACCOUNTANT).get(f"/sales/bookings/{row.number}").content.decode()
    assert f"/finance/bookings/{row.pk}/approve" in body
    assert "Send back" not in body
