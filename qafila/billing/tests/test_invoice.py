"""A booking's invoice: previewed, issued once, posted, kept, and taken back."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from qafila.billing import queries
from qafila.billing.actions.credit_invoice import credit_invoice
from qafila.billing.actions.issue_booking_invoice import issue_booking_invoice
from qafila.billing.errors import BillDoesNotAddUp, ExchangeRateNeeded, InvoiceIsCancelled, NotBillable
from qafila.billing.models import Allocation, CreditNote, Invoice, InvoiceLine
from qafila.billing.tests.factories import PRICE_OF_TWO, TCS, a_sale, an_invoice, fresh, paid
from qafila.billing.verify import verify
from qafila.identity.models import Branch
from qafila.identity.tests.factories import actor_with, make_agency
from qafila.identity.types import Role
from qafila.kernel import clock
from qafila.kernel.actor import SYSTEM
from qafila.kernel.errors import MissingRight
from qafila.kernel.models import AuditEntry, SearchEntry, StateChange
from qafila.kernel.pagination import Window
from qafila.ledger.errors import NoPeriod
from qafila.ledger.queries import entries_of, party_balance
from qafila.parties.models import Customer
from qafila.parties.tests.factories import a_customer, an_agent
from qafila.sales.models import Booking
from qafila.sales.tests.factories import GST, a_departure

pytestmark = pytest.mark.django_db
D = Decimal


def branch(code: str) -> int:
    make_agency()
    return Branch.objects.get(code=code).pk


# ---- issuing


def test_issuing_needs_its_right() -> None:
    booking = a_sale()
    with pytest.raises(MissingRight, match=r"bookings\.invoice"):
        issue_booking_invoice(actor=actor_with(Role.SALES_EXECUTIVE), booking_id=booking.pk)
    assert not Invoice.objects.exists()


def test_an_issued_invoice_is_numbered_posted_and_says_what_was_sold() -> None:
    booking = a_sale()
    invoice = an_invoice(booking)
    assert invoice.number == f"IN/{clock.today():%y}/1"
    assert (invoice.gross_total, invoice.state) == (PRICE_OF_TWO, "ISSUED")
    (entry,) = entries_of(SYSTEM, "booking_invoice", invoice.pk)
    assert {(line.account, line.debit, line.credit) for line in entry.lines} == {
        ("1101", D(224700), D(0)),
        ("4022", D(0), D(214000)),
        ("2061-C", D(0), D(5350)),
        ("2061-S", D(0), D(5350)),
    }
    assert party_balance(booking.customer_id, "1101") == PRICE_OF_TWO
    assert AuditEntry.objects.get(action="invoice.issued").entity_id == invoice.pk
    assert SearchEntry.objects.get(entity="invoice").title == invoice.number
    assert StateChange.objects.get(machine="invoice").to_state == "ISSUED"
    assert verify() == []


def test_the_number_counts_on_by_branch_and_fiscal_year() -> None:
    delhi, srinagar = branch("DEL"), branch("SXR")
    group = a_departure(departure_date=clock.today() + timedelta(days=200))
    made = [a_sale(group, 1) for _ in range(4)]
    for booking, place in zip(made, (delhi, srinagar, delhi, delhi), strict=True):
        Booking.objects.filter(pk=booking.pk).update(branch_id=place)
    numbers = [an_invoice(booking).number for booking in made[:3]]
    assert numbers == ["INDEL/26/1", "INSXR/26/1", "INDEL/26/2"]
    with clock.standing_at(date(2027, 4, 1)):
        assert an_invoice(made[3]).number == "INDEL/27/1"


def test_issuing_twice_answers_the_invoice_there_is() -> None:
    booking = a_sale()
    first = issue_booking_invoice(actor=SYSTEM, booking_id=booking.pk)
    again = issue_booking_invoice(actor=SYSTEM, booking_id=booking.pk)
    assert (first.already, again.already) == (False, True)
    assert first.number == again.number
    assert Invoice.objects.count() == 1


def test_the_preview_says_what_will_be_issued_and_draws_no_number() -> None:
    booking = a_sale(adults=2, children=1)
    shown = queries.invoice_of_booking(SYSTEM, booking.pk)
    assert (shown.state, shown.number, shown.id) == ("PREVIEW", None, None)
    invoice = an_invoice(booking)
    issued = queries.invoice_of_booking(SYSTEM, booking.pk)
    assert issued.number == invoice.number
    same = ("lines", "gross_total", "net_total", "tax_total", "buyer", "seller", "place_of_supply", "amount_in_words")
    for name in same:
        assert getattr(issued, name) == getattr(shown, name), name


def test_a_booking_of_another_state_is_billed_with_igst() -> None:
    make_agency()
    customer = a_customer(state_code="01", passport_no="T9990001")
    booking = a_sale(customer_id=customer)
    shown = queries.invoice_of_booking(SYSTEM, booking.pk)
    assert shown.place_of_supply == "01"
    assert [(line.description, line.amount) for line in shown.taxes] == [("IGST (GST tour operator)", D(10700))]


def test_tcs_is_collected_on_what_the_buyer_pays_and_owed_to_the_state() -> None:
    booking = a_sale(a_departure(), 1)
    assert booking.tcs_total == 0
    from qafila.sales.tests.factories import price_group

    group = a_departure(priced=False, departure_date=clock.today() + timedelta(days=90))
    price_group(group, taxes=[GST, TCS])
    invoice = an_invoice(a_sale(group, 1))
    assert invoice.tcs_total == D(2247)  # 2 % of 107,000 and its 5,350 of GST
    (entry,) = entries_of(SYSTEM, "booking_invoice", invoice.pk)
    assert ("2065", D(2247)) in {(line.account, line.credit) for line in entry.lines}


def test_the_payer_is_billed_when_there_is_one() -> None:
    make_agency()
    head = a_customer(first_name="Ghulam", last_name="Rasool", payment_terms_days=15)
    booking = a_sale(payer_id=head)
    invoice = an_invoice(booking)
    assert invoice.party_id == head
    assert invoice.buyer["name"] == "Ghulam Rasool"
    assert invoice.due_on == clock.today() + timedelta(days=15)
    assert party_balance(head, "1101") == PRICE_OF_TWO
    assert party_balance(booking.customer_id, "1101") == 0


def test_an_agent_sale_is_billed_to_the_partner_on_1102() -> None:
    make_agency()
    partner = an_agent()
    invoice = an_invoice(a_sale(agent_id=partner))
    assert invoice.party_id == partner
    assert party_balance(partner, "1102") == PRICE_OF_TWO
    assert verify() == []


def test_revenue_waits_for_the_departure_where_the_policy_says_so() -> None:
    make_agency(tour_revenue_policy="at_departure")
    invoice = an_invoice()
    (entry,) = entries_of(SYSTEM, "booking_invoice", invoice.pk)
    assert ("2032", D(214000)) in {(line.account, line.credit) for line in entry.lines}


def test_a_booking_with_an_agreed_total_is_invoiced_at_that_total() -> None:
    booking = a_sale(total_amount="200000")
    shown = queries.invoice_of_booking(SYSTEM, booking.pk)
    assert shown.gross_total == booking.gross_total
    assert sum(line.amount for line in shown.items) == 200000
    an_invoice(booking)
    assert verify() == []


def test_a_foreign_booking_needs_its_rate_and_keeps_it() -> None:
    booking = a_sale(a_departure(currency="SAR"))
    with pytest.raises(ExchangeRateNeeded, match="rate of one SAR in INR"):
        an_invoice(booking)
    invoice = an_invoice(booking, exchange_rate=D("22.45"))
    assert invoice.exchange_rate == D("22.45")
    assert party_balance(booking.customer_id, "1101") == D("5044515.00")
    assert verify() == []


def test_a_rate_makes_no_sense_for_ones_own_currency() -> None:
    with pytest.raises(ExchangeRateNeeded, match="leave the exchange rate out"):
        an_invoice(a_sale(), exchange_rate=D("22.45"))


@pytest.mark.parametrize("state", ["cancelled", "needs_correction"])
def test_what_is_cancelled_or_sent_back_is_not_invoiced(state: str) -> None:
    booking = a_sale()
    Booking.objects.filter(pk=booking.pk).update(state=state)
    with pytest.raises(NotBillable, match="cannot be invoiced"):
        an_invoice(booking)


def test_a_booking_worth_nothing_is_not_invoiced() -> None:
    booking = a_sale(total_amount="0")
    with pytest.raises(NotBillable, match="no price"):
        an_invoice(booking)


def test_an_invoice_that_contradicts_itself_is_not_issued() -> None:
    booking = a_sale()
    Booking.objects.filter(pk=booking.pk).update(gross_total=D(1))
    with pytest.raises(BillDoesNotAddUp):
        an_invoice(booking)


def test_without_an_open_period_nothing_is_issued_and_no_number_is_lost() -> None:
    first, second = a_sale(), a_sale()
    with clock.standing_at(date(2031, 1, 1)), pytest.raises(NoPeriod):
        an_invoice(first)
    assert not Invoice.objects.exists()
    assert an_invoice(second).number.endswith("/1")


# ---- what the database keeps


def test_the_database_keeps_a_booking_out_of_two_live_invoices() -> None:
    invoice = an_invoice()
    twin = {f.attname: getattr(invoice, f.attname) for f in Invoice._meta.concrete_fields if not f.generated}
    del twin["id"]
    entry_id = paid(a_sale(), 100).entry_id
    with pytest.raises(IntegrityError, match="a_booking_is_billed_once"), transaction.atomic():
        Invoice.objects.create(**{**twin, "number": "IN/26/999", "entry_id": entry_id})


@pytest.mark.parametrize(
    "change",
    [{"gross_total": 1}, {"number": "IN/26/77"}, {"buyer": {}}, {"issued_on": date(2026, 1, 1)}, {"party_id": 1}],
)
def test_an_issued_invoice_does_not_change(change: dict[str, object]) -> None:
    invoice = an_invoice()
    with pytest.raises(DatabaseError, match="does not change"), transaction.atomic():
        Invoice.objects.filter(pk=invoice.pk).update(**change)


def test_an_issued_invoice_and_its_lines_do_not_vanish() -> None:
    invoice = an_invoice()
    with pytest.raises(DatabaseError), transaction.atomic():
        InvoiceLine.objects.filter(invoice=invoice).delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        InvoiceLine.objects.filter(invoice=invoice).update(amount=1)
    with pytest.raises(DatabaseError, match="never deleted"), transaction.atomic():
        Invoice.objects.filter(pk=invoice.pk)._raw_delete("default")


def test_an_invoice_keeps_the_buyer_it_was_issued_to() -> None:
    booking = a_sale()
    invoice = an_invoice(booking)
    Customer.objects.filter(pk=booking.customer_id).update(address="Moved away")
    assert queries.invoice(SYSTEM, invoice.pk).buyer["address"] == ""


# ---- receipts and invoices


def test_receipts_that_wait_on_the_booking_are_applied() -> None:
    booking = a_sale()
    paid(booking, 50000)
    paid(booking, 20000)
    assert party_balance(booking.customer_id, "2051") == -70000
    invoice = an_invoice(booking)
    assert invoice.open_amount == PRICE_OF_TWO - 70000
    assert party_balance(booking.customer_id, "2051") == 0
    assert party_balance(booking.customer_id, "1101") == PRICE_OF_TWO - 70000
    paid(booking, PRICE_OF_TWO - 70000)
    assert fresh(invoice).state == "PAID"
    assert fresh(booking).balance == 0
    assert party_balance(booking.customer_id, "1101") == 0
    assert verify() == []


def test_an_invoice_of_a_paid_booking_is_paid_when_it_is_issued() -> None:
    booking = a_sale()
    paid(booking, PRICE_OF_TWO)
    assert an_invoice(booking).state == "PAID"


# ---- credit notes


def test_a_credit_note_needs_its_right() -> None:
    with pytest.raises(MissingRight, match=r"invoices\.credit"):
        credit_invoice(actor=actor_with(Role.SALES_MANAGER), invoice_id=an_invoice().pk, reason="Wrong buyer")


def test_a_credit_note_mirrors_the_invoices_own_entry_and_is_numbered() -> None:
    booking = a_sale()
    invoice = an_invoice(booking)
    credited = credit_invoice(actor=SYSTEM, invoice_id=invoice.pk, reason="Wrong place of supply")
    assert credited.number == f"CN/{clock.today():%y}/1"
    note = CreditNote.objects.get()
    assert (note.amount, note.reason) == (PRICE_OF_TWO, "Wrong place of supply")
    assert note.entry.reverses_id == invoice.entry_id
    assert fresh(invoice).state == "CANCELLED"
    assert party_balance(booking.customer_id, "1101") == 0
    assert verify() == []


def test_what_was_paid_stays_paid_and_serves_the_next_invoice() -> None:
    booking = a_sale()
    first = an_invoice(booking)
    paid(booking, 50000)
    credit_invoice(actor=SYSTEM, invoice_id=first.pk, reason="Wrong place of supply")
    assert fresh(booking).paid == 50000
    assert party_balance(booking.customer_id, "2051") == -50000
    assert Allocation.objects.filter(taken_back_at__isnull=True).get().invoice_id is None
    second = an_invoice(booking)
    assert second.number.endswith("/2")
    assert second.allocated == 50000
    assert party_balance(booking.customer_id, "2051") == 0
    assert verify() == []


def test_a_paid_invoice_is_credited_too() -> None:
    booking = a_sale()
    paid(booking, PRICE_OF_TWO)
    invoice = an_invoice(booking)
    credit_invoice(actor=SYSTEM, invoice_id=invoice.pk, reason="Wrong place of supply")
    row = fresh(invoice)
    assert (row.state, row.allocated) == ("CANCELLED", 0)
    moves = StateChange.objects.filter(machine="invoice", object_id=invoice.pk).order_by("id")
    assert [move.event for move in moves] == ["issue", "settle", "reopen", "credit"]
    assert verify() == []


def test_an_invoice_is_credited_once() -> None:
    invoice = an_invoice()
    credit_invoice(actor=SYSTEM, invoice_id=invoice.pk, reason="Wrong buyer")
    with pytest.raises(InvoiceIsCancelled, match="has its credit note"):
        credit_invoice(actor=SYSTEM, invoice_id=invoice.pk, reason="Wrong buyer")


def test_a_credit_note_does_not_vanish() -> None:
    credit_invoice(actor=SYSTEM, invoice_id=an_invoice().pk, reason="Wrong buyer")
    with pytest.raises(DatabaseError), transaction.atomic():
        CreditNote.objects.all()._raw_delete("default")


# ---- reading


def test_the_list_finds_filters_and_costs_two_queries(django_assert_num_queries: object) -> None:
    made = [an_invoice() for _ in range(3)]
    credit_invoice(actor=SYSTEM, invoice_id=made[0].pk, reason="Wrong buyer")
    paid(Booking.objects.get(pk=made[1].booking_id), PRICE_OF_TWO)
    with django_assert_num_queries(2):  # type: ignore[operator]
        page = queries.invoices(SYSTEM, Window())
    assert [row.id for row in page.items] == [made[2].pk, made[1].pk, made[0].pk]
    assert page.items[2].credit_note.startswith("CN")

    def found(**by: object) -> set[int]:
        return {row.id for row in queries.invoices(SYSTEM, Window(), **by).items}  # type: ignore[arg-type]

    assert found(state="PAID") == {made[1].pk}
    assert found(open_only=True) == {made[2].pk}
    assert found(q=made[2].number) == {made[2].pk}
    assert found(q=page.items[2].credit_note) == {made[0].pk}
    assert found(booking_id=made[0].booking_id) == {made[0].pk}
    assert found(issued_from=clock.today() + timedelta(days=1)) == set()
