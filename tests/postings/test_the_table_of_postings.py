"""Every event that moves money, posted with numbers; docs/postings.md is what the books then say.

`QAFILA_WRITE_DOCS=1 pytest tests/postings` writes the table anew.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from qafila.billing.actions.credit_invoice import credit_invoice
from qafila.billing.actions.deallocate import deallocate
from qafila.billing.actions.issue_booking_invoice import issue_booking_invoice
from qafila.billing.actions.reverse_payment import reverse_payment
from qafila.billing.models import Payment
from qafila.billing.tests.factories import a_sale, an_invoice, paid
from qafila.groups.actions.unlink_block import unlink_block
from qafila.groups.models import GroupFlight
from qafila.groups.tests.factories import a_group, a_priced_group
from qafila.identity.models import Agency
from qafila.inventory.actions.delete_block import delete_block
from qafila.inventory.actions.edit_block import edit_block
from qafila.inventory.models import AirlineBlock
from qafila.inventory.schemas import BlockPatch
from qafila.inventory.tests.factories import a_block
from qafila.kernel import clock
from qafila.kernel.actor import SYSTEM
from qafila.ledger.models import JournalEntry
from qafila.ledger.tests.factories import an_entry, books
from qafila.ledger.verify import verify
from qafila.parties.tests.factories import an_agent

pytestmark = pytest.mark.django_db
DOCUMENT = Path(__file__).parent.parent.parent / "docs" / "postings.md"
TODAY = date(2026, 11, 21)


def block_recorded() -> None:
    a_block(total_seats=50, price_per_seat="48500.00")


def block_made_larger() -> None:
    block = AirlineBlock.objects.get(pk=a_block(total_seats=50))
    edit_block(actor=SYSTEM, block_id=block.pk, changed=BlockPatch(version=block.version, total_seats=51))


def block_made_smaller() -> None:
    block = AirlineBlock.objects.get(pk=a_block(total_seats=50))
    edit_block(actor=SYSTEM, block_id=block.pk, changed=BlockPatch(version=block.version, total_seats=49))


def block_deleted() -> None:
    delete_block(actor=SYSTEM, block_id=a_block(total_seats=2), reason="entered twice")


def seats_taken_by_a_group() -> None:
    a_priced_group(seats=10)


def seats_taken_at_departure() -> None:
    a_group()
    Agency.objects.update(tour_revenue_policy="at_departure")
    a_priced_group(seats=10)


def seats_given_back() -> None:
    flight = GroupFlight.objects.get(group_id=a_priced_group(seats=10))
    unlink_block(actor=SYSTEM, group_id=flight.group_id, flight_id=flight.pk, reason="another airline")


def invoice_within_the_state() -> None:
    an_invoice(a_sale())


def invoice_to_a_partner() -> None:
    an_invoice(a_sale(agent_id=an_agent()))


def invoice_with_revenue_at_departure() -> None:
    booking = a_sale()
    Agency.objects.update(tour_revenue_policy="at_departure")
    issue_booking_invoice(actor=SYSTEM, booking_id=booking.pk)


def credit_note() -> None:
    credit_invoice(actor=SYSTEM, invoice_id=an_invoice(a_sale()).pk, reason="billed to the wrong family")


def receipt_before_the_invoice() -> None:
    paid(a_sale(), 50000)


def receipt_of_a_partner() -> None:
    paid(a_sale(agent_id=an_agent()), 50000)


def receipt_applied() -> None:
    booking = a_sale()
    an_invoice(booking)
    paid(booking, 50000)


def receipt_taken_off_the_invoice() -> None:
    booking = a_sale()
    an_invoice(booking)
    deallocate(actor=SYSTEM, payment_id=paid(booking, 50000).pk)


def receipt_reversed() -> None:
    reverse_payment(actor=SYSTEM, payment_id=paid(a_sale(), 50000).pk, reason="the cheque bounced")


def manual_journal() -> None:
    books()
    an_entry(750)


# What happens, how the ledger's entry of it is found (source, event), and how it is brought about.
EVENTS: list[tuple[str, str, str, Callable[[], Any]]] = [
    ("A block of 50 seats at 48,500 is recorded", "airline_block", "", block_recorded),
    ("The block grows by a seat", "airline_block", "", block_made_larger),
    ("The block shrinks by a seat, before the bill", "airline_block", "", block_made_smaller),
    ("The block is deleted", "airline_block", "", block_deleted),
    ("10 seats of it are linked to a group", "airline_block", "linked", seats_taken_by_a_group),
    ("Seats linked, policy at_departure", "airline_block", "linked", seats_taken_at_departure),
    ("They are unlinked", "airline_block", "", seats_given_back),
    ("A booking of two adults is invoiced, same state", "booking_invoice", "issued", invoice_within_the_state),
    ("The invoice, sold by a partner", "booking_invoice", "issued", invoice_to_a_partner),
    ("The invoice, policy at_departure", "booking_invoice", "issued", invoice_with_revenue_at_departure),
    ("The invoice is credited", "credit_note", "", credit_note),
    ("50,000 cash before the invoice", "payment", "received", receipt_before_the_invoice),
    ("50,000 cash from a partner", "payment", "received", receipt_of_a_partner),
    ("It is applied to the invoice", "allocation", "applied", receipt_applied),
    ("It is taken off the invoice", "allocation", "", receipt_taken_off_the_invoice),
    ("The receipt is reversed", "payment", "", receipt_reversed),
    ("Porters are paid by a manual journal", "test", "", manual_journal),
]


@pytest.mark.parametrize(("what", "source", "event", "bring_about"), EVENTS, ids=[e[0] for e in EVENTS])
def test_each_event_posts_what_the_document_says(what, source, event, bring_about):
    with clock.standing_at(TODAY):
        bring_about()
    entry = posted(source, event)
    assert verify() == []
    row = f"| {what} | {side(entry, 'debit')} | {side(entry, 'credit')} |"
    if os.environ.get("QAFILA_WRITE_DOCS"):
        written(what, row)
    assert row in DOCUMENT.read_text().splitlines(), f"docs/postings.md does not say: {row}"


def test_every_room_that_posts_is_in_the_table():
    rooms = {path.parent.name for path in Path("qafila").glob("*/postings.py")}
    assert rooms == {"inventory", "groups", "billing"}, "a room posts that this table does not tell of"


def test_no_receipt_is_lost_from_the_books():
    receipt_applied()
    assert Payment.objects.get().entry_id is not None


def posted(source: str, event: str) -> JournalEntry:
    rows = JournalEntry.objects.filter(source=source, **({"event": event} if event else {}))
    return rows.order_by("pk").last()


def side(entry: JournalEntry, name: str) -> str:
    lines = entry.lines.select_related("account").filter(**{f"{name}__gt": 0}).order_by("n")
    return "; ".join(f"{line.account.code} {line.account.name} {getattr(line, name):,.2f}" for line in lines)


HEAD = """# Postings

What the books say of each event, with numbers: written by `QAFILA_WRITE_DOCS=1 pytest tests/postings` from entries
really posted, and compared with the code by the same test. In INR; two adults are sold at 107,000 each and GST 5 %.

| Event | Debit | Credit |
|---|---|---|
"""


def written(what: str, row: str) -> None:
    rows = dict.fromkeys(e[0] for e in EVENTS)
    if DOCUMENT.exists():
        for line in DOCUMENT.read_text().splitlines():
            name = line.removeprefix("| ").split(" | ")[0]
            if name in rows:
                rows[name] = line
    rows[what] = row
    DOCUMENT.write_text(HEAD + "\n".join(line for line in rows.values() if line) + "\n")
