"""People who become customers by passport: one, or a whole departure at once."""

import threading
from dataclasses import replace
from datetime import date

import pytest
from django.db import connection, transaction

from qafila.kernel.actor import SYSTEM, Actor
from qafila.kernel.errors import Invalid, MissingRight
from qafila.kernel.models import AuditEntry, SearchEntry
from qafila.parties import queries
from qafila.parties.actions.create_customer import create_customer
from qafila.parties.actions.delete_customer import delete_customer
from qafila.parties.errors import PassportTaken
from qafila.parties.models import Customer
from qafila.parties.schemas import CustomerIn
from qafila.parties.steps import save_by_passport, save_many_by_passport
from qafila.parties.tests.factories import a_customer
from qafila.parties.types import PersonIn

HAFIZA = PersonIn(
    first_name="Hafiza",
    last_name="Wani",
    passport_no="Y1361715",
    title="Mrs",
    gender="F",
    date_of_birth=date(1984, 10, 12),
    passport_issued=date(2022, 6, 12),
    passport_expiry=date(2032, 6, 12),
    nationality="IND",
)


def people(count: int, start: int = 0) -> list[PersonIn]:
    return [
        PersonIn(f"Pilgrim {n}", "Dar", f"P{n:07d}", gender="M", nationality="IND", phone="+919906039378")
        for n in range(start, start + count)
    ]


def save(*persons: PersonIn) -> list[int]:
    with transaction.atomic():
        return save_many_by_passport(SYSTEM, persons)


@pytest.mark.django_db
def test_a_new_passport_is_a_new_customer_and_the_same_again_is_the_same():
    with transaction.atomic():
        key = save_by_passport(SYSTEM, HAFIZA)
    row = queries.find_by_passport(SYSTEM, "y1361715")
    assert row
    assert (row.id, row.name, row.date_of_birth, row.kind) == (key, "Hafiza Wani", date(1984, 10, 12), "walk_in")
    assert save(HAFIZA) == [key]
    assert queries.customer(SYSTEM, key).version == 1
    assert AuditEntry.objects.filter(entity="customer", entity_id=key).count() == 1


@pytest.mark.django_db
def test_what_is_new_is_written_and_what_is_left_empty_stays():
    (key,) = save(replace(HAFIZA, phone="9906039378"))
    save(replace(HAFIZA, passport_expiry=date(2033, 6, 12), title=""))
    row = queries.customer(SYSTEM, key)
    assert (row.passport_expiry, row.phone, row.title, row.version) == (date(2033, 6, 12), "+919906039378", "Mrs", 2)
    assert AuditEntry.objects.get(entity_id=key, action="customer.renewed").after == {"passport_expiry": "2033-06-12"}


@pytest.mark.django_db
def test_a_deleted_customer_is_revived_on_the_way():
    key = a_customer(first_name="Hafiza", passport_no="Y1361715")
    delete_customer(actor=SYSTEM, customer_id=key)
    others = people(3)
    saved = save(others[0], HAFIZA, *others[1:])
    assert saved[1] == key
    assert len(set(saved)) == 4
    assert queries.customer(SYSTEM, key).name == "Hafiza Wani"
    assert AuditEntry.objects.filter(entity_id=key, action="customer.revived").exists()


@pytest.mark.django_db
def test_one_passport_twice_is_one_customer():
    first, second = save(HAFIZA, replace(HAFIZA, father_name="Ghulam"))
    assert first == second
    assert queries.customer(SYSTEM, first).father_name == "Ghulam"


@pytest.mark.django_db
def test_every_fault_is_told_with_its_person():
    bad = [HAFIZA, replace(HAFIZA, passport_no="", first_name=" "), replace(HAFIZA, gender="Q", nationality="QQ")]
    with pytest.raises(Invalid) as refused:
        save(*bad)
    assert [error["loc"] for error in refused.value.errors] == [
        ["persons", 1, "passport_no"],
        ["persons", 1, "first_name"],
        ["persons", 2, "gender"],
        ["persons", 2, "nationality"],
    ]
    assert not Customer.objects.exists()


@pytest.mark.django_db
def test_an_import_needs_the_right_to_enter_customers():
    actor = Actor(user_id=1, name="Ops", kind="staff", rights=frozenset({"customers.view"}))
    with pytest.raises(MissingRight), transaction.atomic():
        save_by_passport(actor, HAFIZA)


@pytest.mark.django_db
def test_a_departure_is_a_handful_of_statements_however_many_travel(django_assert_max_num_queries):
    with django_assert_max_num_queries(12):  # one of them asks for the agency's country, two are the savepoint
        saved = save(*people(60))
    assert len(set(saved)) == 60
    assert SearchEntry.objects.filter(entity="customer").count() == 60
    again = [replace(person, father_name="Ahad") for person in people(60)]
    with django_assert_max_num_queries(8):
        assert save(*again) == saved
    with django_assert_max_num_queries(5):
        assert save(*again) == saved
    more = save(*people(250, start=50))  # so many that one lock stands for all
    assert more[:10] == saved[50:]


def test_two_counters_entering_one_new_passport_make_one_customer(committed_db):
    ready, results = threading.Barrier(6), []

    def enter() -> None:
        try:
            ready.wait()
            with transaction.atomic():
                results.append(save_many_by_passport(SYSTEM, [HAFIZA, *people(3)])[0])
        finally:
            connection.close()

    threads = [threading.Thread(target=enter) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 6
    assert len(set(results)) == 1
    assert Customer.objects.count() == 4


def test_a_second_counter_is_told_who_was_faster(committed_db):
    ready = threading.Barrier(4)
    outcomes: list[int | PassportTaken] = []

    def enter() -> None:
        try:
            ready.wait()
            details = CustomerIn(first_name="Hafiza", passport_no="Y1361715")
            outcomes.append(create_customer(actor=SYSTEM, details=details))
        except PassportTaken as refused:
            outcomes.append(refused)
        finally:
            connection.close()

    threads = [threading.Thread(target=enter) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(isinstance(outcome, int) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, PassportTaken) for outcome in outcomes) == 3
