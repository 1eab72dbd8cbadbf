"""The agency's own data and its branches."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from qafila.identity import queries
from qafila.identity.actions.setup_agency import setup_agency
from qafila.identity.errors import AgencyNotSetUp
from qafila.identity.models import Agency, Branch
from qafila.identity.tests.factories import actor_with, make_agency, make_user
from qafila.identity.types import Role
from qafila.kernel.actor import SYSTEM
from qafila.kernel.errors import Invalid, MissingRight, NotFound
from qafila.kernel.models import AuditEntry

pytestmark = pytest.mark.django_db


def test_before_it_is_set_up_it_says_so() -> None:
    with pytest.raises(AgencyNotSetUp):
        queries.agency()


def test_it_is_told_in_one_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    make_agency(journal_threshold=Decimal("50000"), fiscal_year=(4, 1))
    with django_assert_num_queries(1):
        agency = queries.agency()
    assert (agency.name, agency.base_currency, agency.fiscal_year) == ("Noor Travels", "INR", (4, 1))
    assert agency.journal_threshold == Decimal("50000")
    with django_assert_num_queries(1):
        assert [branch.code for branch in queries.branches()] == ["DEL", "SXR"]


def test_setting_it_up_again_changes_nothing_and_leaves_no_trace() -> None:
    make_agency(name="Noor Travels")
    traces = AuditEntry.objects.count()
    make_agency(name="Noor Travels")
    assert AuditEntry.objects.count() == traces
    assert (Agency.objects.count(), Branch.objects.count()) == (1, 2)
    make_agency(name="Noor and Sons")
    entry = AuditEntry.objects.latest("id")
    assert (entry.before, entry.after) == ({"name": "Noor Travels"}, {"name": "Noor and Sons"})


def test_it_needs_the_right() -> None:
    with pytest.raises(MissingRight, match=r"admin\.settings\.edit"):
        setup_agency(actor=actor_with(Role.ADMIN_HR), name="Mine")


def test_the_currency_of_the_books_stays() -> None:
    make_agency()
    with pytest.raises(Invalid) as refused:
        make_agency(base_currency="SAR")
    assert refused.value.loc == ["base_currency"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", " "),
        ("base_currency", "XQX"),
        ("country", "India"),
        ("time_zone", "Asia/Delhi"),
        ("fiscal_year", (13, 1)),
        ("booking_prefix", "B-K"),
        ("journal_threshold", Decimal(-1)),
        ("tour_revenue_policy", "never"),
        ("branches", [{"code": "delhi", "name": "Delhi"}]),
    ],
)
def test_what_makes_no_sense_is_refused(field: str, value: Any) -> None:
    with pytest.raises(Invalid) as refused:
        setup_agency(actor=SYSTEM, **{"name": "Noor Travels", field: value})
    assert refused.value.loc == [field]
    assert not Agency.objects.exists()


def test_branch_codes() -> None:
    make_agency()
    assert queries.branch_code(None) == ""
    assert queries.branch_code(Branch.objects.get(code="SXR").pk) == "SXR"
    with pytest.raises(NotFound):
        queries.branch_code(10**9)


def test_names_of_people() -> None:
    user = make_user(Role.CEO, name="Aisha Khan")
    assert queries.user_name(user.pk) == "Aisha Khan"
    with pytest.raises(NotFound):
        queries.user_name(10**9)
