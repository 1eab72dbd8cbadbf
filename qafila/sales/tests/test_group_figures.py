"""What the list of groups shows of their money."""

from __future__ import annotations

from decimal import Decimal

import pytest

from qafila.groups.figures import Figures
from qafila.identity.queries import actor_of
from qafila.identity.tests.factories import as_role, deny, make_user
from qafila.identity.types import Role
from qafila.kernel.actor import SYSTEM
from qafila.sales.actions.cancel_booking import cancel_booking
from qafila.sales.group_figures import of_groups
from qafila.sales.models import Booking
from qafila.sales.tests.factories import a_booking, a_departure

pytestmark = pytest.mark.django_db
NOTHING = Figures(Decimal(0), Decimal(0), Decimal(0))


def test_a_group_shows_what_its_live_bookings_were_charged_and_owe(django_assert_num_queries):
    sold, empty = a_departure(), a_departure()
    kept, gone = a_booking(sold), a_booking(sold)
    cancel_booking(actor=SYSTEM, booking_id=gone.pk, reason="Fell ill")
    gross = Booking.objects.get(pk=kept.pk).gross_total
    with django_assert_num_queries(1):
        assert of_groups(SYSTEM, [sold, empty]) == {sold: Figures(gross, Decimal(0), gross), empty: NOTHING}
    assert "Balance" in as_role(Role.SALES_MANAGER).get("/groups?look=cards").content.decode()


def test_who_may_not_see_bookings_sees_no_money_of_theirs():
    user = make_user(Role.VISA_OFFICER)
    deny(user, "bookings.view")
    assert of_groups(actor_of(user.pk), [a_departure()]) == {}
