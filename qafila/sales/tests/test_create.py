"""Selling a place: what is written, what is refused, and at what cost."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qafila.groups.errors import SeatsExhausted
from qafila.groups.models import GroupEvent, GroupSeatMovement, TravelGroup
from qafila.identity.tests.factories import actor_with
from qafila.identity.types import Role
from qafila.kernel import clock, search
from qafila.kernel.errors import Invalid, MissingRight, NotFound
from qafila.kernel.models import AuditEntry, SearchEntry, StateChange
from qafila.parties.tests.factories import a_customer, an_agent
from qafila.sales.actions.create_booking import create_booking
from qafila.sales.errors import (
    BookingTypeDoesNotFit,
    CountsDisagree,
    DuplicateBooking,
    FlightNotOfGroup,
    GroupNotSellable,
    InvalidPassenger,
    RatesMissing,
    UnknownParty,
)
from qafila.sales.models import Booking, Passenger
from qafila.sales.queries import booking, package_price
from qafila.sales.schemas import BookingIn
from qafila.sales.tests.factories import a_departure, a_passenger, asked, made_booking

pytestmark = pytest.mark.django_db


def test_a_family_buys_places_and_the_whole_sale_is_on_record():
    group_id = a_departure()
    seller = actor_with(Role.SALES_EXECUTIVE)
    made = made_booking(group_id, adults=3, infants=1, actor=seller, payment_policy="partial", room_type="quad")
    row = booking(seller, made.id)

    assert row.number == f"BK-{clock.today().year}-000001"
    assert (row.state, row.finance_approval, row.ops_approval) == ("draft", "pending", "pending")
    assert (row.net_total, row.tax_total, row.gross_total) == (Decimal(346500), Decimal(17325), Decimal(363825))
    assert (row.paid, row.balance) == (Decimal(0), Decimal(363825))
    assert (row.adults, row.children, row.infants) == (3, 0, 1)
    assert row.adult_rate == Decimal(107000)
    assert [p.n for p in row.passengers] == [1, 2, 3, 4]
    assert [p.id for p in row.passengers] == list(made.passenger_ids)
    assert package_price(made.id).gross == row.gross_total

    group = TravelGroup.objects.get(pk=group_id)
    assert group.booked_count == 3, "the infant sits on a lap"
    assert list(GroupSeatMovement.objects.filter(booking_id=made.id).values_list("seats", "reason")) == [(3, "booking")]
    assert StateChange.objects.filter(machine="package_booking", object_id=made.id, to_state="draft").count() == 1
    trail = AuditEntry.objects.get(entity="booking", entity_id=made.id)
    assert trail.after is not None
    assert (trail.action, trail.user_id, trail.after["gross_total"]) == ("booking.created", seller.user_id, "363825.00")
    assert "3 adults, 1 infant" in GroupEvent.objects.get(booking_id=made.id).text


def test_the_search_finds_a_booking_by_number_name_phone_and_passport():
    customer = a_customer(first_name="Nazir", last_name="Dar", phone="+919906039378")
    made = made_booking(customer_id=customer, adults=1)
    passport = Passenger.objects.get(booking_id=made.id).passport_no
    for typed in ("naz dar", "39378", passport, made.number, "bk 1", made.group_code):
        assert list(search.matching(Booking.objects.all(), "booking", typed)) == [Booking.objects.get(pk=made.id)], (
            typed
        )


def test_the_words_cut_in_sql_are_those_the_search_room_cuts():
    made = made_booking(adults=1)
    entry = SearchEntry.objects.get(entity="booking", object_id=made.id)
    with connection.cursor() as cursor:
        cursor.execute("SELECT tsvector_to_array(words) FROM kernel_searchentry WHERE id = %s", [entry.pk])
        words = set(cursor.fetchone()[0])
    assert set(search.tokens(made.number)) <= words


def test_a_passenger_with_a_known_passport_is_that_customer():
    known = a_customer(passport_no="K1234567")
    made = made_booking(passengers=[a_passenger(passport_no="k123 4567"), a_passenger()])
    assert list(Passenger.objects.filter(booking_id=made.id).values_list("customer_id", flat=True)) == [known, None]


def test_creating_a_booking_costs_three_queries():
    group_id, customer = a_departure(), a_customer()
    seller = actor_with(Role.SALES_EXECUTIVE)
    body = BookingIn.model_validate(asked(group_id, 3, customer_id=customer))
    with CaptureQueriesContext(
        connection,
    ) as queries:
        create_booking(actor=seller, booking=body)
    said = [q["sql"] for q in queries if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(said) == 3, said


def test_a_seller_needs_the_right():
    with pytest.raises(MissingRight, match=r"bookings\.create"):
        made_booking(a_departure(), actor=actor_with(Role.CASHIER))


def test_the_same_customer_is_not_booked_twice_on_one_departure():
    group_id, customer = a_departure(), a_customer()
    first = made_booking(group_id, customer_id=customer)
    with pytest.raises(DuplicateBooking, match=first.number) as refused:
        made_booking(group_id, customer_id=customer)
    assert (refused.value.code, refused.value.status) == ("DUPLICATE_BOOKING", 409)
    assert made_booking(a_departure(), customer_id=customer).id, "another departure is another trip"


def test_the_last_seats_are_sold_once_and_the_refusal_says_how_many_are_left():
    group_id = a_departure(seats=3)
    made_booking(group_id, adults=2)
    with pytest.raises(SeatsExhausted, match="1 seat left"):
        made_booking(group_id, adults=2)
    assert Booking.objects.count() == 1, "nothing is half done"
    made_booking(group_id, adults=1, infants=1)
    assert TravelGroup.objects.get(pk=group_id).booked_count == 3


def test_a_departure_that_is_over_or_cancelled_takes_no_bookings():
    group_id = a_departure(departure_date=clock.today() + timedelta(days=2))
    with clock.standing_at(clock.today() + timedelta(days=3)), pytest.raises(GroupNotSellable, match="departed"):
        made_booking(group_id)
    TravelGroup.objects.filter(pk=group_id).update(cancelled_at=clock.now())
    with pytest.raises(GroupNotSellable, match="cancelled"):
        made_booking(group_id)
    with pytest.raises(NotFound):
        made_booking(999_999)


def test_an_unpriced_departure_is_sold_at_rates_given():
    group_id = a_departure(priced=False)
    with pytest.raises(RatesMissing) as refused:
        made_booking(group_id)
    assert refused.value.loc == ["adult_rate"]
    made = made_booking(group_id, adults=2, adult_rate="95000")
    assert (made.gross_total, made.tax_total) == (Decimal(190000), Decimal(0))


def test_components_given_replace_the_sheets_and_are_kept_as_sold():
    made = made_booking(adults=1, hotel_rate="40000", meals_rate="2000")
    row = booking(actor_with(Role.CEO), made.id)
    assert {r.item: r.adult for r in row.rates} == {
        "flight": Decimal(52000),
        "visa": Decimal(14500),
        "hotel": Decimal(40000),
        "meals": Decimal(2000),
        "ground_services": Decimal(6500),
    }
    assert (row.adult_rate, row.rates_from) == (Decimal(115000), "given")
    assert made.tax_total == Decimal("5750.00"), "meals are taxed as the hotel"


def test_an_agreed_total_is_what_is_asked_for():
    made = made_booking(adults=2, total_amount="200000")
    assert (made.net_total, made.tax_total, made.gross_total) == (Decimal(200000), Decimal(10000), Decimal(210000))
    assert package_price(made.id).gross == Decimal(210000)


def test_a_rate_fits_the_currency():
    with pytest.raises(Invalid, match="more decimals than INR") as refused:
        made_booking(adult_rate="95000.005")
    assert refused.value.loc == ["adult_rate"]


def test_places_are_sold_before_the_passengers_are_named():
    group_id = a_departure()
    body = {"group_id": group_id, "customer_id": a_customer(), "adults": 2, "children": 1, "infants": 1}
    made = create_booking(actor=actor_with(Role.CEO), booking=BookingIn.model_validate(body))
    assert (made.adults, made.children, made.infants, made.passenger_ids) == (2, 1, 1, ())
    assert TravelGroup.objects.get(pk=group_id).booked_count == 3
    with pytest.raises(CountsDisagree):
        create_booking(actor=actor_with(Role.CEO), booking=BookingIn(group_id=group_id, customer_id=a_customer()))


def test_counts_given_must_be_those_of_the_passengers():
    body = BookingIn.model_validate({**asked(a_departure(), 2), "adults": 3})
    with pytest.raises(CountsDisagree, match="2 adults") as refused:
        create_booking(actor=actor_with(Role.CEO), booking=body)
    assert refused.value.loc == ["adults"]


@pytest.mark.parametrize(
    ("said", "refusal", "field"),
    [
        ({"payer_id": 999_999}, UnknownParty, ["payer_id"]),
        ({"agent_id": 999_999}, UnknownParty, ["agent_id"]),
        ({"customer_id": 999_999}, UnknownParty, ["customer_id"]),
        ({"booking_type": "hajj"}, BookingTypeDoesNotFit, ["booking_type"]),
        ({"passengers": [a_passenger(flight_id=999_999)]}, FlightNotOfGroup, ["passengers", 0, "flight_id"]),
        ({"passengers": [a_passenger(passport_no="X1234567")] * 2}, InvalidPassenger, ["passengers", 1, "passport_no"]),
    ],
)
def test_a_refusal_names_the_field(said, refusal, field):
    with pytest.raises(refusal) as refused:
        made_booking(**said)
    assert refused.value.loc == field


def test_an_agent_is_no_customer_and_a_customer_no_agent():
    with pytest.raises(UnknownParty):
        made_booking(agent_id=a_customer())
    with pytest.raises(UnknownParty):
        made_booking(customer_id=an_agent())
    with pytest.raises(UnknownParty, match="inactive"):
        made_booking(customer_id=a_customer(is_active=False))


def test_somebody_new_walks_in_with_the_booking():
    seller = actor_with(Role.SALES_EXECUTIVE)
    made = made_booking(actor=seller, customer={"first_name": "Imran", "last_name": "Malik", "phone": "9906039378"})
    assert booking(seller, made.id).customer.name == "Imran Malik"
    clerk = actor_with(Role.B2B_EXECUTIVE)
    with pytest.raises(MissingRight, match=r"customers\.create"):
        made_booking(actor=clerk, customer={"first_name": "Imran", "last_name": "Malik"})


def test_a_walk_in_with_a_known_passport_is_found_not_doubled():
    known = a_customer(passport_no="K7654321", first_name="Imran")
    made = made_booking(customer={"first_name": "Imran", "last_name": "Malik", "passport_no": "K7654321"})
    assert made.customer_id == known


def test_the_tier_follows_the_age_where_none_is_named_and_a_wrong_one_is_told():
    child = a_passenger("child")
    del child["tier"]
    made = made_booking(passengers=[a_passenger(), child])
    assert (made.adults, made.children) == (1, 1)
    told = made_booking(passengers=[a_passenger(), {**a_passenger("child"), "tier": "adult"}]).warnings
    assert [w.passenger for w in told] == [1]
