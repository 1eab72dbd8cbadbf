"""Customers, partners and suppliers in the address book."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from qafila.kernel.actor import SYSTEM, Actor
from qafila.kernel.errors import Invalid, MissingRight, NotFound, StaleVersion
from qafila.kernel.models import AuditEntry, SearchEntry
from qafila.kernel.pagination import Window
from qafila.ledger.models import Party
from qafila.parties import queries
from qafila.parties.actions.create_customer import create_customer
from qafila.parties.actions.delete_agent import delete_agent
from qafila.parties.actions.delete_customer import delete_customer
from qafila.parties.actions.edit_agent import edit_agent
from qafila.parties.actions.edit_customer import edit_customer
from qafila.parties.actions.edit_supplier import edit_supplier
from qafila.parties.errors import PassportTaken
from qafila.parties.models import Customer, Supplier
from qafila.parties.schemas import CustomerIn
from qafila.parties.shelves import AGENTS, CUSTOMERS
from qafila.parties.tests.factories import a_customer, a_supplier, an_agent

pytestmark = pytest.mark.django_db
WANI: dict[str, Any] = {
    "first_name": "Abdul Rashid",
    "last_name": "Wani",
    "phone": "99060 39378",
    "email": "wani@example.com",
    "passport_no": "u 1022552",
    "passport_issued": date(2021, 10, 3),
    "passport_expiry": date(2031, 10, 3),
    "date_of_birth": date(1969, 3, 9),
    "nationality": "ind",
}


def test_a_customer_s_id_is_their_place_in_the_books():
    key = a_customer(**WANI)
    party = Party.objects.get(pk=key)
    assert (party.kind, party.name) == ("customer", "Abdul Rashid Wani")
    assert party.code.startswith("CUS-")
    row = queries.customer(SYSTEM, key)
    assert (row.phone, row.passport_no, row.nationality, row.version) == ("+919906039378", "U1022552", "IND", 1)


def test_nobody_enters_a_customer_without_the_right():
    stranger = Actor(user_id=1, name="Cashier", kind="staff", rights=frozenset({"customers.view"}))
    with pytest.raises(MissingRight, match=r"customers\.create"):
        create_customer(actor=stranger, details=CustomerIn(**WANI))


def test_everything_wrong_is_told_at_once_beside_its_field():
    with pytest.raises(Invalid) as refused:
        a_customer(
            first_name="A",
            phone="12",
            email="nobody",
            pan="X",
            gstin="29AAFCA7488L1Z0",
            passport_no="?",
            nationality="XX",
            date_of_birth=date(2999, 1, 1),
            state_code="99",
        )
    fields = [error["loc"][0] for error in refused.value.errors]
    assert fields == ["phone", "email", "gstin", "pan", "state_code", "passport_no", "nationality", "date_of_birth"]


def test_a_gstin_says_state_and_pan():
    row = queries.agent(SYSTEM, an_agent(gstin="27AAPFU0939F1ZV"))
    assert (row.state_code, row.pan) == ("27", "AAPFU0939F")
    with pytest.raises(Invalid, match="holds the PAN"):
        an_agent(gstin="27AAPFU0939F1ZV", pan="AABCN4821K")


def test_a_live_passport_names_who_has_it():
    key = a_customer(**WANI)
    with pytest.raises(PassportTaken, match="Abdul Rashid Wani") as refused:
        a_customer(first_name="Another", passport_no="U1022552")
    assert refused.value.code == "CONFLICT"
    assert refused.value.facts["customer_id"] == key


def test_a_deleted_customer_comes_back_with_their_passport():
    key = a_customer(**WANI)
    delete_customer(actor=SYSTEM, customer_id=key)
    with pytest.raises(NotFound):
        queries.customer(SYSTEM, key)
    assert not SearchEntry.objects.filter(entity="customer", object_id=key).exists()
    assert a_customer(first_name="Abdul Rashid", last_name="Vani", passport_no="U1022552", phone="9419000001") == key
    row = queries.customer(SYSTEM, key)
    assert (row.name, row.phone, row.version) == ("Abdul Rashid Vani", "+919419000001", 3)
    trail = list(AuditEntry.objects.filter(entity="customer", entity_id=key).order_by("id").values_list("action"))
    assert [action for (action,) in trail] == ["customer.created", "customer.deleted", "customer.revived"]
    assert SearchEntry.objects.filter(entity="customer", object_id=key).exists()


def test_a_change_is_recorded_with_before_and_after():
    key = a_customer(**WANI)
    edit_customer(actor=SYSTEM, customer_id=key, changes={"phone": "9419000001", "last_name": "Vani"})
    entry = AuditEntry.objects.get(entity="customer", entity_id=key, action="customer.changed")
    assert entry.before == {"phone": "+919906039378", "last_name": "Wani"}
    assert entry.after == {"phone": "+919419000001", "last_name": "Vani"}
    assert Party.objects.get(pk=key).name == "Abdul Rashid Vani"


def test_saying_nothing_new_changes_nothing():
    key = a_customer(**WANI)
    edit_customer(actor=SYSTEM, customer_id=key, changes={"phone": "+91 99060 39378"})
    assert queries.customer(SYSTEM, key).version == 1


def test_a_change_of_what_somebody_else_changed_is_refused():
    key = a_customer(**WANI)
    edit_customer(actor=SYSTEM, customer_id=key, changes={"city": "Sopore"}, version=1)
    with pytest.raises(StaleVersion) as refused:
        edit_customer(actor=SYSTEM, customer_id=key, changes={"city": "Baramulla"}, version=1)
    assert refused.value.facts["current_version"] == 2
    assert queries.customer(SYSTEM, key).city == "Sopore"


def test_a_passport_cannot_be_changed_to_another_s_even_a_deleted_one_s():
    a_customer(**WANI)
    gone, key = a_customer(passport_no="Z1111111"), a_customer()
    delete_customer(actor=SYSTEM, customer_id=gone)
    for number in ("U1022552", "z1111111"):
        with pytest.raises(PassportTaken):
            edit_customer(actor=SYSTEM, customer_id=key, changes={"passport_no": number})


def test_dates_are_checked_against_what_stood_before():
    key = a_customer(**WANI)
    with pytest.raises(Invalid) as refused:
        edit_customer(actor=SYSTEM, customer_id=key, changes={"passport_expiry": date(2020, 1, 1)})
    assert refused.value.errors[0]["loc"] == ["passport_expiry"]


def test_a_partner_is_its_company_name_in_the_books():
    key = an_agent(name="Rahmat Travels")
    edit_agent(actor=SYSTEM, agent_id=key, changes={"name": "Rahmat Tours", "commission_rate": Decimal("2.50")})
    row = queries.agent(SYSTEM, key)
    assert (row.name, row.code[:4], row.commission_rate) == ("Rahmat Tours", "AGT-", Decimal("2.50"))
    assert Party.objects.get(pk=key).name == "Rahmat Tours"


def test_a_supplier_keeps_its_currency():
    key = a_supplier(name="Makkah Towers", category="hotel", currency="SAR", city="Makkah")
    edit_supplier(actor=SYSTEM, supplier_id=key, changes={"contact_person": "Mr Harbi"})
    row = queries.supplier(SYSTEM, key)
    assert (row.currency, row.category, row.code[:4], row.version) == ("SAR", "hotel", "SUP-", 2)


def test_the_database_keeps_parties_on_their_shelf():
    key, other = a_customer(), a_supplier()
    with pytest.raises(IntegrityError, match="is no supplier"), transaction.atomic():
        Supplier.objects.create(party_id=key, category="hotel")
    with pytest.raises(IntegrityError, match="deleted softly"), transaction.atomic():
        Supplier.objects.filter(pk=other).delete()


@pytest.mark.parametrize(
    "values",
    [
        {"phone": "99060"},
        {"passport_no": "u-1"},
        {"passport_issued": date(2030, 1, 1), "passport_expiry": date(2029, 1, 1)},
        {"credit_limit": -1},
    ],
)
def test_the_database_refuses_what_no_check_saw(values):
    key = a_customer()
    with pytest.raises(IntegrityError), transaction.atomic():
        Customer.objects.filter(pk=key).update(**values)


def test_lists_find_by_name_phone_ending_passport_email_and_code():
    key = a_customer(**WANI)
    a_customer(first_name="Somebody", last_name="Else")
    code = queries.customer(SYSTEM, key).code
    for q in ("wani abdul", "39378", "u10225", "wani@exam", code, code.lower()[4:], "rashid"):
        found = queries.customers(SYSTEM, Window(), q=q)
        assert [row.id for row in found.items] == [key], q
    assert queries.customers(SYSTEM, Window(), q="%").total == 0
    assert queries.customers(SYSTEM, Window(), q="wani' | 'x").total == 0


def test_lists_cost_three_queries_however_long(django_assert_num_queries):
    for _ in range(3):
        a_customer(), an_agent(), a_supplier()
    for read in (queries.customers, queries.agents, queries.suppliers):
        with django_assert_num_queries(3):
            assert read(SYSTEM, Window(page_size=2)).total >= 3
    with django_assert_num_queries(1):
        assert len(queries.options(SYSTEM, CUSTOMERS, "bashir")) >= 3


def test_lists_filter_and_sort_by_declared_keys():
    key = a_supplier(category="food", is_active=False, name="Aaa Kitchen")
    a_supplier(category="food", name="Zamzam Kitchen")
    food = queries.suppliers(SYSTEM, Window(sort="name"), category="food")
    assert [row.name for row in food.items] == ["Aaa Kitchen", "Zamzam Kitchen"]
    assert [row.id for row in queries.suppliers(SYSTEM, Window(), category="food", status="inactive").items] == [key]
    with pytest.raises(Invalid, match="Cannot sort"):
        queries.suppliers(SYSTEM, Window(sort="party__kind"))


def test_a_balance_is_shown_to_those_who_may_see_it():
    key = a_customer()
    seller = Actor(user_id=1, name="Seller", kind="staff", rights=frozenset({"customers.view"}))
    assert queries.customer(seller, key).balance is None
    assert queries.customer(SYSTEM, key).balance == 0


def test_a_partner_s_log_in_sees_itself_alone():
    own, other = an_agent(), an_agent()
    a_customer()
    partner = Actor(user_id=5, name="Partner", kind="agent", party_id=own)
    assert queries.agent(partner, own).id == own
    with pytest.raises(NotFound):
        queries.agent(partner, other)
    assert [row.id for row in queries.agents(partner, Window()).items] == [own]
    assert queries.customers(partner, Window()).total == 0
    assert queries.options(partner, AGENTS, "") == []


def test_inactive_partners_are_not_offered():
    key = an_agent(name="Sleeping Travels", is_active=False)
    assert queries.options(SYSTEM, AGENTS, "sleeping") == []
    edit_agent(actor=SYSTEM, agent_id=key, changes={"is_active": True})
    offered = queries.options(SYSTEM, AGENTS, "sleep")
    assert (offered[0]["id"], offered[0]["label"]) == (key, "Sleeping Travels")


def test_deleting_twice_is_not_found():
    key = an_agent()
    delete_agent(actor=SYSTEM, agent_id=key)
    with pytest.raises(NotFound):
        delete_agent(actor=SYSTEM, agent_id=key)
