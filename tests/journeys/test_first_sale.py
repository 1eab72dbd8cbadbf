"""The first sale, as a newcomer walks it over HTTP: from a block of seats to a ticket in hand, and the books after it.

The agency's real input (`qafila/config/demo/data`), the real product in processes of its own, and nobody but its staff:
each step by the role whose work it is. Beside each step stands what the same route says to bad input.
"""

from __future__ import annotations

import pytest

from tests.harness.office import AT_WORK, Office
from tests.journeys.selling import a_family_walks_in, both_are_invoiced, the_file_of_bookings_is_imported, they_pay
from tests.journeys.story import Story
from tests.journeys.travelling import (
    a_booking_is_deleted,
    finance_and_operations_approve,
    the_books_after_it,
    the_tickets_are_issued,
)
from tests.journeys.what_is_sold import (
    a_block_is_bought,
    a_departure_is_opened,
    the_block_is_linked,
    the_departure_is_priced,
)

pytestmark = pytest.mark.live(**AT_WORK)


def test_the_first_sale(office: Office) -> None:
    story = Story(office)
    a_block_is_bought(story)
    a_departure_is_opened(story)
    the_block_is_linked(story)
    the_departure_is_priced(story)
    the_file_of_bookings_is_imported(story)
    a_family_walks_in(story)
    both_are_invoiced(story)
    they_pay(story)
    finance_and_operations_approve(story)
    the_tickets_are_issued(story)
    a_booking_is_deleted(story)
    the_books_after_it(story)
