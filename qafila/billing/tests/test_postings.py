"""Each event of billing, posted with numbers, and the table in the docs that says so. Source: ledger.md, 3."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from django.db import transaction

from qafila.billing import postings
from qafila.billing.postings import Applied, Billed, Owner, Received, Trip
from qafila.billing.tests.factories import a_sale
from qafila.kernel import clock
from qafila.kernel.actor import SYSTEM
from qafila.ledger.queries import lines_of_entry
from qafila.ledger.steps import post
from qafila.ledger.tests.factories import party
from qafila.ledger.types import Entry
from qafila.parties.tests.factories import an_agent
from qafila.sales.models import Booking

pytestmark = pytest.mark.django_db
D = Decimal
Posted = list[tuple[str, Decimal, Decimal]]


def posted(entry: Entry) -> Posted:
    with transaction.atomic():
        entry_id = post(SYSTEM, entry)
    return [(line.account, line.debit, line.credit) for line in lines_of_entry(entry_id)]


def trip(booking: Booking) -> Trip:
    return Trip(booking.pk, booking.package.group_id)


def billed(booking: Booking, **changed: object) -> Billed:
    values: dict[str, object] = {
        "invoice_id": 1,
        "number": "INSXR/26/1",
        "booking_number": booking.number,
        "day": clock.today(),
        "branch_id": None,
        "party": Owner(booking.customer_id, "customer"),
        "trip": trip(booking),
        "currency": "INR",
        "base_currency": "INR",
        "rate": D(1),
        "total": D("107100"),
        "taxes": {"2061-C": D(2500), "2061-S": D(2500), "2065": D(2100)},
        "revenue_account": "4022",
        **changed,
    }
    return Billed(**values)  # type: ignore[arg-type]


def test_a_booking_invoice() -> None:
    booking = a_sale()
    assert posted(postings.invoice_issued(billed(booking))) == [
        ("1101", D(107100), D(0)),
        ("4022", D(0), D(100000)),
        ("2061-C", D(0), D(2500)),
        ("2061-S", D(0), D(2500)),
        ("2065", D(0), D(2100)),
    ]


def test_a_booking_invoice_to_a_partner_whose_revenue_waits_for_the_departure() -> None:
    booking = a_sale()
    invoice = billed(
        booking,
        party=Owner(an_agent(), "agent"),
        taxes={},
        revenue_account=postings.revenue_account("at_departure"),
    )
    assert posted(postings.invoice_issued(invoice)) == [("1102", D(107100), D(0)), ("2032", D(0), D(107100))]


def test_a_foreign_invoice_keeps_its_amounts_and_what_rounding_leaves_is_revenue() -> None:
    booking = a_sale()
    invoice = billed(
        booking, currency="SAR", rate=D("22.333"), total=D("100.01"), taxes={"2061-C": D("2.38"), "2061-S": D("2.38")}
    )
    entry = postings.invoice_issued(invoice)
    assert posted(entry) == [
        ("1101", D("2233.52"), D(0)),
        ("4022", D(0), D("2127.22")),
        ("2061-C", D(0), D("53.15")),
        ("2061-S", D(0), D("53.15")),
    ]
    first = entry.lines[0]
    assert (first.currency, first.amount, first.rate) == ("SAR", D("100.01"), D("22.333"))


def test_every_line_of_an_invoice_names_its_booking_and_group() -> None:
    booking = a_sale()
    entry = postings.invoice_issued(billed(booking))
    assert {(line.booking_id, line.group_id) for line in entry.lines} == {(booking.pk, booking.package.group_id)}


@pytest.mark.parametrize(("kind", "advance"), [("customer", "2051"), ("agent", "2055")])
def test_a_receipt_on_account(kind: str, advance: str) -> None:
    a_sale()
    owner = Owner(party(kind), kind)  # type: ignore[arg-type]
    receipt = Received(7, "RVSXR/26/7", clock.today(), None, owner, "Yusuf Wani", "1001-SXR-01", D(50000))
    assert posted(postings.payment_received(receipt)) == [("1001-SXR-01", D(50000), D(0)), (advance, D(0), D(50000))]


@pytest.mark.parametrize(
    ("payer", "owes", "expected"),
    [
        ("customer", "customer", ("2051", "1101")),
        ("agent", "agent", ("2055", "1102")),
        ("customer", "agent", ("2051", "1102")),
    ],
)
def test_an_advance_applied_to_an_invoice(payer: str, owes: str, expected: tuple[str, str]) -> None:
    booking = a_sale()
    use = Applied(
        allocation_id=3,
        receipt_number="RVSXR/26/7",
        invoice_number="INSXR/26/1",
        day=clock.today(),
        branch_id=None,
        payer=Owner(party(payer), payer),  # type: ignore[arg-type]
        billed=Owner(party(owes), owes),  # type: ignore[arg-type]
        trip=trip(booking),
        amount=D(20000),
    )
    advance, receivable = expected
    assert posted(postings.advance_applied(use)) == [(advance, D(20000), D(0)), (receivable, D(0), D(20000))]


def test_the_readme_shows_the_table_that_the_code_declares() -> None:
    table = [line for line in (postings.__doc__ or "").splitlines() if line.startswith("|")]
    readme = (Path(postings.__file__).parent / "README.md").read_text()
    assert "\n".join(table) in readme
