"""Codes of blocks: letters that count on, minted by the database, never changed."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qafila.inventory.models import AirlineBlock
from qafila.inventory.tests.factories import a_block

pytestmark = pytest.mark.django_db


def letters(n: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT qafila_letters(%s)", [n])
        return str(cursor.fetchone()[0])


def test_letters_count_like_the_columns_of_a_sheet():
    assert [letters(n) for n in (1, 2, 26, 27, 52, 53, 702, 703)] == ["A", "B", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.integers(1, 10**9))
def test_every_number_has_letters_of_its_own(n):
    back = 0
    for letter in letters(n):
        back = back * 26 + ord(letter) - 64
    assert back == n


def test_there_is_no_letter_before_a():
    with pytest.raises(Exception, match="letters count from 1"), transaction.atomic():
        letters(0)


def test_blocks_of_one_airline_and_month_get_letter_after_letter():
    told: dict[str, Any] = {"departs": date(2027, 1, 18)}
    found = [AirlineBlock.objects.get(pk=a_block(**told)).code for _ in range(3)]
    assert found == ["BLK-SV-27JAN-A", "BLK-SV-27JAN-B", "BLK-SV-27JAN-C"]
    assert AirlineBlock.objects.get(pk=a_block(departs=date(2027, 2, 1))).code == "BLK-SV-27FEB-A"
    assert AirlineBlock.objects.get(pk=a_block(airline="6E", **told)).code == "BLK-6E-27JAN-A"


def test_a_code_never_changes_even_by_sql():
    block_id = a_block()
    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        AirlineBlock.objects.filter(pk=block_id).update(code="BLK-XX-00JAN-A")
