"""Changing a booking: fields, rates, who travels; and calling it off."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from qafila.groups.actions.cancel_group import cancel_group
from qafila.groups.errors import GroupHasBookings, SeatsExhausted
from qafila.groups.models import GroupSeatMovement, TravelGroup
from qafila.identity.tests.factories import actor_with
from qafila.identity.types import Role
from qafila.kernel import clock, search
from qafila.kernel.errors import Invalid, MissingRight, StaleVersion, WrongState
from qafila.kernel.models import AuditEntry, StateChange
from qafila.kernel.transaction import rehearse
from qafila.parties.actions.delete_customer import delete_customer
from qafila.parties.tests.factories import a_customer
from qafila.sales.actions.cancel_booking import cancel_booking
from qafila.sales.actions.cancel_passenger import cancel_passenger
from qafila.sales.actions.delete_booking import delete_booking
from qafila.sales.actions.edit_booking import edit_booking
from qafila.sales.actions.edit_passenger import edit_passenger
from qafila.sales.actions.sync_rates import sync_rates
from qafila.sales.errors import (
    BookingIsClosed,
    BookingNotFound,
    CountsDisagree,
    InvalidPassenger,
    LastPassenger,
    PartyHasBookings,
    PassengerNotFound,
    UnknownParty,
)
from qafila.sales.models import Booking, Passenger
from qafila.sales.passengers import active_passengers
from qafila.sales.queries import booking, package_price
from qafila.sales.schemas import BookingPatch, OnePassengerPatch
from qafila.sales.tests.factories import SHEET, a_booking, a_departure, a_passenger, made_booking, price_group

pytestmark = pytest.mark.django_db


@pytest.fixture
def seller():
    return actor_with(Role.SALES_MANAGER)


def edit(seller, booking_id, **said):
    return edit_booking(actor=seller, booking_id=booking_id, patch=BookingPatch.model_validate(said))


def roster(booking_id: int, *more: dict[str, Any], without: int | None = None) -> list[dict[str, Any]]:
    """The booking's passengers as a roster by id, some added, one left out."""
    ids = Passenger.objects.filter(booking_id=booking_id, state="active").order_by("n").values_list("pk", flat=True)
    return [{"id": pk} for n, pk in enumerate(ids) if n != without] + list(more)


def seats_of(booking_id: int) -> int:
    return sum(GroupSeatMovement.objects.filter(booking_id=booking_id).values_list("seats", flat=True))


def test_only_who_may_edit_edits_and_only_what_was_read(seller):
    made = made_booking()
    with pytest.raises(MissingRight):
        edit(actor_with(Role.CASHIER), made.id, notes="x")
    with pytest.raises(BookingNotFound):
        edit(seller, 999_999, notes="x")
    assert edit(seller, made.id, version=1, notes="wheelchair").version == 2
    with pytest.raises(StaleVersion):
        edit(seller, made.id, version=1, notes="other")


def test_what_is_left_out_stays_and_the_trail_keeps_the_difference(seller):
    payer = a_customer()
    made = made_booking(room_type="quad", payment_policy="partial")
    edit(seller, made.id, room_type="double", payer_id=payer, notes="near the lift")
    row = booking(seller, made.id)
    assert (row.room_type, row.payment_policy, row.notes) == ("double", "partial", "near the lift")
    assert row.billed_to.id == payer
    trail = AuditEntry.objects.filter(entity="booking", entity_id=made.id).latest("id")
    assert trail.after == {"room_type": "double", "payer_id": payer, "notes": "near the lift"}


def test_saying_nothing_new_changes_nothing(seller):
    made = made_booking(notes="as it is")
    assert edit(seller, made.id, notes="as it is").version == 1
    assert AuditEntry.objects.filter(entity="booking", entity_id=made.id).count() == 1


def test_an_unknown_payer_is_refused(seller):
    with pytest.raises(UnknownParty) as refused:
        edit(seller, made_booking().id, payer_id=999_999)
    assert refused.value.loc == ["payer_id"]


def test_a_component_edited_resums_the_adult_rate_and_the_totals(seller):
    made = made_booking(adults=2)
    edit(seller, made.id, hotel_rate="40000")
    row = booking(seller, made.id)
    assert (row.adult_rate, row.net_total, row.gross_total) == (Decimal(113000), Decimal(226000), Decimal(237300))
    assert row.rates_from == "given"


def test_sync_overwrites_the_rates_from_the_sheet_as_it_stands(seller):
    group_id = a_departure()
    made = made_booking(group_id, adults=1, total_amount="90000")
    dearer = {**SHEET, "flight": {"adult": "60000", "child": "50000", "infant": "9500"}}
    price_group(group_id, lines=dearer)
    assert booking(seller, made.id).net_total == Decimal(90000), "a sale keeps what it was sold at"
    sync_rates(actor=seller, booking_id=made.id, version=1)
    row = booking(seller, made.id)
    assert (row.net_total, row.agreed_total, row.rates_from) == (Decimal(115000), None, "sheet")


def test_people_come_and_go_seats_and_price_follow(seller):
    group_id = a_departure(seats=3)
    made = made_booking(group_id, adults=2)
    edit(seller, made.id, passengers=roster(made.id, a_passenger(), a_passenger("infant")))
    row = booking(seller, made.id)
    assert (row.adults, row.infants, row.net_total) == (3, 1, Decimal(346500))
    assert seats_of(made.id) == 3
    with pytest.raises(SeatsExhausted):
        edit(seller, made.id, passengers=roster(made.id, a_passenger()))
    gone = booking(seller, made.id).passengers[0]
    edit(seller, made.id, passengers=roster(made.id, without=0))
    row = booking(seller, made.id)
    assert [p.state for p in row.passengers] == ["cancelled", "active", "active", "active"]
    assert row.passengers[1].is_lead, "somebody leads on"
    assert gone.id not in {p.pk for p in active_passengers([made.id])}
    assert (row.net_total, seats_of(made.id)) == (Decimal(239500), 2)
    assert TravelGroup.objects.get(pk=group_id).booked_count == 2
    assert "removed" in str(AuditEntry.objects.filter(entity_id=made.id, entity="booking").latest("id").after)


def test_a_passenger_not_of_this_booking_is_refused(seller):
    stranger = Passenger.objects.filter(booking_id=made_booking().id).first()
    assert stranger is not None
    with pytest.raises(PassengerNotFound):
        edit(seller, made_booking().id, passengers=[{"id": stranger.pk}])


def test_counts_change_only_while_nobody_is_named(seller):
    from qafila.kernel.actor import SYSTEM
    from qafila.sales.actions.create_booking import create_booking
    from qafila.sales.schemas import BookingIn

    asked = BookingIn(group_id=a_departure(), customer_id=a_customer(), adults=2)
    unnamed = create_booking(actor=SYSTEM, booking=asked)
    edit(seller, unnamed.id, adults=3)
    assert (booking(seller, unnamed.id).adults, seats_of(unnamed.id)) == (3, 3)
    with pytest.raises(CountsDisagree):
        edit(seller, made_booking().id, adults=3)


def test_an_agreed_total_shrinks_with_the_party(seller):
    made = made_booking(adults=2, total_amount="200000")
    cancel_passenger(actor=seller, booking_id=made.id, passenger_id=made.passenger_ids[1])
    assert booking(seller, made.id).agreed_total == Decimal(100000)
    assert package_price(made.id).net == Decimal(100000)


def test_one_passenger_gets_a_pnr_and_a_new_passport(seller):
    made = made_booking()
    patch = OnePassengerPatch.model_validate({"pnr": "ab12cd", "passport_no": "n 765-4321"})
    edit_passenger(actor=seller, booking_id=made.id, passenger_id=made.passenger_ids[0], patch=patch)
    person = Passenger.objects.get(pk=made.passenger_ids[0])
    assert (person.pnr, person.passport_no) == ("AB12CD", "N7654321")
    other = Passenger.objects.get(pk=made.passenger_ids[1])
    assert list(search.matching(Booking.objects.all(), "booking", "ab12cd")) == [Booking.objects.get(pk=made.id)]
    patch = OnePassengerPatch.model_validate({"passport_no": other.passport_no})
    with pytest.raises(InvalidPassenger, match="the same passport"):
        edit_passenger(actor=seller, booking_id=made.id, passenger_id=person.pk, patch=patch)


def test_a_waitlisted_passenger_takes_no_seat_and_pays_nothing_until_active(seller):
    group_id = a_departure(seats=2)
    made = made_booking(group_id, adults=2)
    one = made.passenger_ids[1]
    edit_passenger(actor=seller, booking_id=made.id, passenger_id=one, patch=OnePassengerPatch(state="waitlisted"))
    assert (seats_of(made.id), booking(seller, made.id).adults) == (1, 1)
    assert one not in {p.pk for p in active_passengers([made.id])}
    other = made_booking(group_id, adults=1)
    with pytest.raises(SeatsExhausted):
        edit_passenger(actor=seller, booking_id=made.id, passenger_id=one, patch=OnePassengerPatch(state="active"))
    cancel_booking(actor=seller, booking_id=other.id)
    edit_passenger(actor=seller, booking_id=made.id, passenger_id=one, patch=OnePassengerPatch(state="active"))
    assert (seats_of(made.id), booking(seller, made.id).adults) == (2, 2)


def test_a_booking_is_put_on_hold_and_let_go_on_but_not_confirmed_by_an_edit(seller):
    made = made_booking()
    edit(seller, made.id, status="on_hold", reason="waiting for the brother")
    assert booking(seller, made.id).state == "on_hold"
    edit(seller, made.id, status="draft")
    assert booking(seller, made.id).state == "draft"
    for word in ("confirmed", "cancelled", "needs_correction", "nonsense"):
        with pytest.raises(Invalid) as refused:
            edit(seller, made.id, status=word)
        assert refused.value.loc == ["status"]
    assert StateChange.objects.filter(machine="package_booking", object_id=made.id).count() == 3


def test_cancelling_gives_the_seats_back_and_frees_the_customer_to_book_again(seller):
    group_id, customer = a_departure(), a_customer()
    made = made_booking(group_id, adults=2, infants=1, customer_id=customer)
    with pytest.raises(MissingRight):
        cancel_booking(actor=actor_with(Role.SALES_EXECUTIVE), booking_id=made.id)
    answer = cancel_booking(actor=seller, booking_id=made.id, reason="ill")
    assert (answer.state, answer.seats) == ("cancelled", 2)
    assert TravelGroup.objects.get(pk=group_id).booked_count == 0
    assert list(active_passengers([made.id])) == []
    with pytest.raises(WrongState):
        cancel_booking(actor=seller, booking_id=made.id)
    with pytest.raises(BookingIsClosed):
        edit(seller, made.id, notes="x")
    assert made_booking(group_id, customer_id=customer).number != made.number


def test_a_preview_says_what_a_cancellation_brings_and_changes_nothing(seller):
    made = made_booking(adults=2)
    preview = rehearse(cancel_booking, actor=seller, booking_id=made.id)
    assert (preview.seats, preview.state) == (2, "cancelled")
    row = booking(seller, made.id)
    assert (row.state, row.version, seats_of(made.id)) == ("draft", 1, 2)


def test_a_deleted_booking_is_found_no_more_and_lets_go_only_once(seller):
    made = made_booking(adults=2)
    cancel_booking(actor=seller, booking_id=made.id)
    answer = delete_booking(actor=seller, booking_id=made.id, reason="entered twice")
    assert answer.seats == 0
    assert seats_of(made.id) == 0
    with pytest.raises(BookingNotFound):
        booking(seller, made.id)
    with pytest.raises(BookingNotFound):
        delete_booking(actor=seller, booking_id=made.id)
    assert not search.matching(Booking.objects.all(), "booking", made.number).exists()
    other = made_booking(adults=1)
    delete_booking(actor=seller, booking_id=other.id)
    assert (seats_of(other.id), Booking.objects.get(pk=other.id).package.is_live) == (0, False)


def test_one_of_a_family_stays_at_home(seller):
    made = made_booking(adults=2, infants=1)
    answer = cancel_passenger(actor=seller, booking_id=made.id, passenger_id=made.passenger_ids[0], reason="visa")
    assert (answer.seats, answer.gross_before - answer.gross_after) == (1, Decimal("112350.00"))
    row = booking(seller, made.id)
    assert (row.adults, row.infants, seats_of(made.id)) == (1, 1, 1)
    assert row.passengers[1].is_lead
    with pytest.raises(LastPassenger):
        cancel_passenger(actor=seller, booking_id=made.id, passenger_id=made.passenger_ids[1])
    with pytest.raises(PassengerNotFound):
        cancel_passenger(actor=seller, booking_id=made.id, passenger_id=made.passenger_ids[0])


def test_a_departure_with_live_bookings_is_not_cancelled(seller):
    group_id = a_departure()
    made = made_booking(group_id)
    with pytest.raises(GroupHasBookings):
        cancel_group(actor=actor_with(Role.CEO), group_id=group_id, reason="no visas this month")
    cancel_booking(actor=seller, booking_id=made.id)
    cancel_group(actor=actor_with(Role.CEO), group_id=group_id, reason="no visas this month")


def test_a_customer_with_an_open_booking_is_not_deleted(seller):
    row = a_booking()
    with pytest.raises(PartyHasBookings, match=row.number):
        delete_customer(actor=seller, customer_id=row.customer_id)
    cancel_booking(actor=seller, booking_id=row.pk)
    delete_customer(actor=seller, customer_id=row.customer_id)


def test_a_departed_booking_still_gives_its_seats_back_when_cancelled(seller):
    group_id = a_departure(departure_date=clock.today() + timedelta(days=2))
    made = made_booking(group_id)
    with clock.standing_at(clock.today() + timedelta(days=4)):
        cancel_booking(actor=seller, booking_id=made.id, reason="no show")
    assert TravelGroup.objects.get(pk=group_id).booked_count == 0
