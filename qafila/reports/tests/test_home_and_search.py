"""The home page, the search box, a group's financials and the proof that all agrees."""

from __future__ import annotations

import pytest
from django.db import connection

from qafila.billing.tests.factories import a_sale, an_invoice, paid
from qafila.groups.tests.factories import a_priced_group
from qafila.identity.tests.factories import actor_with, anonymous, as_role
from qafila.identity.types import Role
from qafila.kernel.actor import SYSTEM, Actor
from qafila.parties.tests.factories import an_agent
from qafila.reports.group_financials import group_financials
from qafila.reports.group_readiness import group_readiness
from qafila.reports.home import home
from qafila.reports.search import prefix_query, search
from qafila.reports.verify import rooms_that_verify, verify_all

pytestmark = pytest.mark.django_db


def test_a_stranger_is_sent_to_the_log_in():
    assert anonymous().get("/app").headers["Location"].startswith("/login")
    assert anonymous().send("GET", "/search?q=wani").status_code == 401


def test_home_shows_each_person_the_work_they_may_do():
    a_sale()
    labels = {queue.label for queue in home(actor_with(Role.ACCOUNTANT)).queues}
    assert "Bookings for finance" in labels
    visa_officer = home(actor_with(Role.VISA_OFFICER))
    assert "Bookings for finance" not in {queue.label for queue in visa_officer.queues}
    assert home(actor_with(Role.CASHIER)).figures is not None
    assert as_role(Role.CEO).get("/app").status_code == 200


def test_homes_figures_are_those_of_the_month():
    booking = a_sale()
    paid(booking, 5000)
    figures = home(actor_with(Role.FINANCE_MANAGER)).figures
    assert figures is not None
    assert (figures.bookings, figures.seats) == (1, 2)
    assert (figures.sold, figures.collected, figures.owed) == (booking.gross_total, 5000, booking.gross_total - 5000)
    assert home(actor_with(Role.VISA_OFFICER)).figures.collected is None  # type: ignore[union-attr]


def test_homes_queries_do_not_grow_with_the_data(django_assert_max_num_queries):
    boss = actor_with(Role.CEO)
    a_sale()
    a_sale()
    with django_assert_max_num_queries(20):
        home(boss)


def test_a_booking_is_found_by_name_phone_ending_passport_and_number_in_any_order():
    booking = a_sale()
    person = booking.passengers.order_by("n")[0]
    clerk = actor_with(Role.SALES_EXECUTIVE)
    words = [booking.number, person.passport_no, f"{person.last_name} {person.first_name.split()[0][:3]}"]
    if phone := booking.customer.phone:
        words.append(phone[-6:])
    for asked in words:
        assert booking.number in " ".join(hit.title for hit in search(clerk, asked)), asked


def test_what_one_may_not_see_is_not_found():
    booking = a_sale()
    assert any(hit.entity == "booking" for hit in search(actor_with(Role.SALES_EXECUTIVE), booking.number))
    nobody = Actor(user_id=1, name="Nobody", kind="staff")
    assert search(nobody, booking.number) == []


def test_a_partner_finds_its_own_bookings_only():
    partner, other = an_agent(), an_agent()
    mine, theirs = a_sale(agent_id=partner), a_sale(agent_id=other)
    actor = Actor(user_id=1, name="Partner", kind="agent", party_id=partner)
    assert any(mine.number in hit.title for hit in search(actor, mine.number))
    assert not any(theirs.number in hit.title for hit in search(actor, theirs.number))


@pytest.mark.parametrize("text", ["", "  ", "'", "& | !", "a'b:*c", "%00", "؟؟", "x" * 300, "()", "\\"])
def test_no_search_text_is_a_query_language(text):
    a_sale()
    assert isinstance(search(actor_with(Role.CEO), text), list)
    assert "''" not in prefix_query(text)


def test_search_over_http_and_in_the_box():
    booking = a_sale()
    clerk = as_role(Role.SALES_EXECUTIVE)
    found = clerk.send("GET", f"/search?q={booking.number}").json()
    assert found[0]["url"] == f"/sales/bookings/{booking.number}"
    assert clerk.send("GET", "/search?q=").status_code == 422
    assert booking.number in clerk.get(f"/search?q={booking.number}").content.decode()
    box = clerk.get(f"/search?q={booking.number}", headers={"Accept": "application/json"}).json()
    assert box[0]["url"] == f"/sales/bookings/{booking.number}"


def test_a_group_earns_what_its_lines_say():
    group_id = a_priced_group()
    booking = a_sale(group_id)
    invoice = an_invoice(booking)
    paid(booking, 1000)
    money = group_financials(actor_with(Role.ACCOUNTANT), booking.package.group.code)
    assert money.income_total == invoice.gross_total - invoice.tax_total - invoice.tcs_total
    assert money.expense_total == 48 * 48500
    assert money.margin == money.income_total - money.expense_total
    assert (money.charges, money.collected, money.passengers) == (booking.gross_total, 1000, 2)
    assert as_role(Role.SALES_MANAGER).get(f"/groups/{money.code}/tab/financials").status_code == 403
    assert as_role(Role.ACCOUNTANT).get(f"/groups/{money.code}/tab/financials").status_code == 200


def test_every_room_that_keeps_count_proves_it():
    assert {"ledger", "inventory", "groups", "sales", "billing"} <= set(rooms_that_verify())
    booking = a_sale(a_priced_group())
    an_invoice(booking)
    paid(booking, 1000)
    assert verify_all() == []


def test_a_counter_that_lies_is_told():
    a_sale(a_priced_group())
    with connection.cursor() as cursor:
        cursor.execute("UPDATE groups_travelgroup SET booked_count = booked_count + 1")
    assert any(line.startswith("groups:") for line in verify_all())
    assert SYSTEM.kind == "system"


def test_a_groups_readiness_names_who_misses_what():
    group_id = a_priced_group()
    booking = a_sale(group_id)
    person = booking.passengers.order_by("n")[0]
    group = booking.package.group
    person.passport_expiry = group.return_date
    person.save()
    checks = {check.label: check for check in group_readiness(actor_with(Role.SALES_MANAGER), group.code).checks}
    late = checks["Passports valid 6 months past the return"]
    assert (late.done, late.total) == (1, 2)
    assert late.missing[0].booking == booking.number
    assert person.passport_no in late.missing[0].what
    assert checks["Passports here"].is_ready
    assert (checks["Tickets issued"].done, checks["Visas issued"].done) == (0, 0)
    shown = as_role(Role.SALES_MANAGER).get(f"/groups/{group.code}/readiness").content.decode()
    assert person.passport_no in shown
