"""The proof finds what is wrong, and nothing where all is well."""

from __future__ import annotations

import pytest

from qafila.kernel.actor import SYSTEM
from qafila.sales.actions.cancel_booking import cancel_booking
from qafila.sales.actions.cancel_passenger import cancel_passenger
from qafila.sales.actions.edit_booking import edit_booking
from qafila.sales.models import Booking, PackageSale, Passenger
from qafila.sales.schemas import BookingPatch
from qafila.sales.tests.factories import made_booking
from qafila.sales.verify import verify

pytestmark = pytest.mark.django_db


def test_whatever_was_done_to_bookings_all_agrees():
    made_booking(adults=2, children=1, infants=1)
    made_booking(adults=2, total_amount="150000")
    one = made_booking(adults=3)
    cancel_passenger(actor=SYSTEM, booking_id=one.id, passenger_id=one.passenger_ids[1])
    edit_booking(actor=SYSTEM, booking_id=one.id, patch=BookingPatch.model_validate({"hotel_rate": "41234.56"}))
    gone = made_booking(adults=2)
    cancel_booking(actor=SYSTEM, booking_id=gone.id)
    assert verify() == []


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda pk: PackageSale.objects.filter(pk=pk).update(adults=3), "holds 3 seats"),
        (lambda pk: Passenger.objects.filter(booking_id=pk, n=1).update(tier="child"), "counts 2 adults"),
        (lambda pk: Booking.objects.filter(pk=pk).update(gross_total=1), "gross 1.00 should be"),
        (lambda pk: Booking.objects.filter(pk=pk).update(state="confirmed"), "its history ends with draft"),
        (lambda pk: PackageSale.objects.filter(pk=pk).update(is_live=False), "marked not live"),
    ],
)
def test_what_does_not_agree_is_told(spoil, told):
    made = made_booking(adults=2)
    spoil(made.id)
    assert any(made.number in line and told in line for line in verify()), verify()
