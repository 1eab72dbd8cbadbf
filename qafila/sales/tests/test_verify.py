"""What the sales prove of themselves: each lie is told."""

from __future__ import annotations

import pytest
from django.db import connection

from qafila.kernel.actor import SYSTEM
from qafila.sales.actions.cancel_booking import cancel_booking
from qafila.sales.tests.factories import a_booking
from qafila.sales.verify import verify

pytestmark = pytest.mark.django_db


def test_honest_sales_agree_also_after_a_cancellation():
    booking = a_booking(adults=2, infants=1)
    assert verify() == []
    cancel_booking(actor=SYSTEM, booking_id=booking.pk, reason="stays at home")
    assert verify() == []


@pytest.mark.parametrize(
    ("lie", "told"),
    [
        ("UPDATE groups_travelgroup SET booked_count = 7", "counts 7 seats booked"),
        ("UPDATE sales_packagesale SET adults = 5", "was sold for 5 people, 2 travel"),
        ("UPDATE sales_booking SET gross_total = gross_total + 1", "its rates and added taxes say"),
        ("UPDATE sales_packagesale SET is_live = false", "still stands in the way"),
    ],
)
def test_each_lie_is_told(lie, told):
    a_booking(adults=2)
    with connection.cursor() as cursor:
        cursor.execute(lie)
    assert any(told in line for line in verify()), verify()
