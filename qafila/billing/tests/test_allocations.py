"""Money on account put on bookings, taken off again, and let go with a cancelled booking."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from qafila.billing import queries
from qafila.billing.actions.allocate import allocate
from qafila.billing.actions.deallocate import deallocate
from qafila.billing.errors import (
    AllocationNotFound,
    CurrencyNotTaken,
    InvoicedAlready,
    MoreThanIsDue,
    NotEnoughLeft,
    NotTheirBooking,
    PayerUnclear,
    PaymentNotVerified,
)
from qafila.billing.models import Allocation, CreditNote, Payment
from qafila.billing.tests.factories import PRICE_OF_TWO, a_sale, an_invoice, fresh, paid
from qafila.billing.verify import verify
from qafila.identity.tests.factories import actor_with, make_agency
from qafila.identity.types import Role
from qafila.kernel import clock
from qafila.kernel.actor import SYSTEM
from qafila.kernel.errors import MissingRight
from qafila.kernel.facts import announce
from qafila.kernel.transaction import rehearse
from qafila.ledger.errors import NoPeriod
from qafila.ledger.queries import entries_of, party_balance
from qafila.parties.tests.factories import a_customer
from qafila.sales.actions.cancel_booking import cancel_booking
from qafila.sales.actions.delete_booking import delete_booking
from qafila.sales.actions.edit_booking import edit_booking
from qafila.sales.errors import BookingIsClosed
from qafila.sales.facts import BookingTotalsChanged
from qafila.sales.models import Booking
from qafila.sales.schemas import BookingPatch
from qafila.sales.tests.factories import a_departure
from qafila.ticketing.models import TicketRecord
from qafila.ticketing.steps import sync

pytestmark = pytest.mark.django_db
D = Decimal


def on_account(booking: Booking, amount: int = 50000) -> Payment:
    """Money of the booking's customer that nothing uses yet."""
    return paid(None, amount, customer_id=booking.customer_id)


def test_allocating_needs_its_right() -> None:
    booking = a_sale()
    with pytest.raises(MissingRight, match=r"finance\.create"):
        allocate(actor=actor_with(Role.SALES_MANAGER), payment_id=on_account(booking).pk, booking_id=booking.pk)


def test_money_put_on_an_invoiced_booking_settles_its_invoice() -> None:
    booking = a_sale()
    invoice, payment = an_invoice(booking), on_account(booking)
    allocate(actor=actor_with(Role.CASHIER), payment_id=payment.pk, booking_id=booking.pk, amount=D(20000))
    (row,) = Allocation.objects.all()
    assert (row.invoice_id, row.amount) == (invoice.pk, 20000)
    (entry,) = entries_of(SYSTEM, "allocation", row.pk)
    assert [(line.account, line.debit, line.credit) for line in entry.lines] == [
        ("2051", D(20000), D(0)),
        ("1101", D(0), D(20000)),
    ]
    assert fresh(invoice).open_amount == PRICE_OF_TWO - 20000
    assert fresh(booking).paid == 20000
    assert verify() == []


def test_money_put_on_a_booking_without_an_invoice_waits_as_an_advance_but_is_paid() -> None:
    booking = a_sale()
    payment = on_account(booking)
    allocate(actor=SYSTEM, payment_id=payment.pk, booking_id=booking.pk)
    assert fresh(booking).paid == 50000
    assert Allocation.objects.get().entry_id is None
    assert party_balance(booking.customer_id, "2051") == -50000
    assert verify() == []


def test_without_an_amount_as_much_as_there_is_and_as_is_owed() -> None:
    booking = a_sale()
    big = on_account(booking, 300000)
    allocate(actor=SYSTEM, payment_id=big.pk, booking_id=booking.pk)
    assert fresh(big).unallocated == 300000 - PRICE_OF_TWO


def test_an_invoice_names_its_booking() -> None:
    invoice = an_invoice()
    payment = on_account(Booking.objects.get(pk=invoice.booking_id))
    allocate(actor=SYSTEM, payment_id=payment.pk, invoice_id=invoice.pk)
    assert fresh(invoice).allocated == 50000


def test_no_more_than_there_is_and_no_more_than_is_owed() -> None:
    booking = a_sale()
    payment = on_account(booking)
    with pytest.raises(NotEnoughLeft, match="Only 50000") as refused:
        allocate(actor=SYSTEM, payment_id=payment.pk, booking_id=booking.pk, amount=D(50001))
    assert refused.value.loc == ["amount"]
    paid(booking, PRICE_OF_TWO - 10)
    with pytest.raises(MoreThanIsDue, match="owes 10"):
        allocate(actor=SYSTEM, payment_id=payment.pk, booking_id=booking.pk, amount=D(11))
    allocate(actor=SYSTEM, payment_id=payment.pk, booking_id=booking.pk)
    with pytest.raises(MoreThanIsDue, match="owes nothing"):
        allocate(actor=SYSTEM, payment_id=payment.pk, booking_id=booking.pk)
    other = a_sale(customer_id=booking.customer_id)
    small = on_account(booking, 5)
    allocate(actor=SYSTEM, payment_id=small.pk, booking_id=other.pk)
    with pytest.raises(NotEnoughLeft, match="used already"):
        allocate(actor=SYSTEM, payment_id=small.pk, booking_id=other.pk)


def test_what_for_must_be_said() -> None:
    with pytest.raises(PayerUnclear, match="a booking or an invoice"):
        allocate(actor=SYSTEM, payment_id=on_account(a_sale()).pk)


def test_only_verified_money_is_used() -> None:
    booking = a_sale()
    payment = paid(booking, method="bank")
    with pytest.raises(PaymentNotVerified):
        allocate(actor=SYSTEM, payment_id=payment.pk, booking_id=booking.pk)


def test_a_strangers_money_is_not_used() -> None:
    payment = paid(None, 100, customer_id=a_customer()) if make_agency() and a_sale() else None
    assert payment is not None
    with pytest.raises(NotTheirBooking):
        allocate(actor=SYSTEM, payment_id=payment.pk, booking_id=a_sale().pk)


def test_rupees_are_not_put_on_a_booking_in_riyals() -> None:
    booking = a_sale(a_departure(currency="SAR"))
    with pytest.raises(CurrencyNotTaken, match="priced in SAR"):
        allocate(actor=SYSTEM, payment_id=on_account(booking).pk, booking_id=booking.pk)


def test_a_cancelled_booking_takes_no_money() -> None:
    booking = a_sale()
    payment = on_account(booking)
    cancel_booking(actor=SYSTEM, booking_id=booking.pk, reason="Visa refused")
    with pytest.raises(BookingIsClosed):
        allocate(actor=SYSTEM, payment_id=payment.pk, booking_id=booking.pk)


# ---- taking it off


def test_taking_it_off_needs_the_right_too() -> None:
    with pytest.raises(MissingRight, match=r"finance\.create"):
        deallocate(actor=actor_with(Role.SALES_MANAGER), payment_id=paid(a_sale()).pk)


def test_what_is_taken_off_is_owed_again_and_the_entry_is_mirrored() -> None:
    booking = a_sale()
    invoice = an_invoice(booking)
    payment = paid(booking, PRICE_OF_TWO)
    row = Allocation.objects.get()
    deallocate(actor=SYSTEM, payment_id=payment.pk, allocation_id=row.pk)
    assert (fresh(invoice).state, fresh(booking).paid, fresh(payment).unallocated) == ("ISSUED", 0, PRICE_OF_TWO)
    assert fresh(row).taken_back_at is not None
    assert [e.event for e in entries_of(SYSTEM, "allocation", row.pk)] == ["applied", "taken_back"]
    assert party_balance(booking.customer_id, "2051") == -PRICE_OF_TWO
    assert verify() == []


def test_everything_is_taken_off_when_no_allocation_is_named() -> None:
    booking = a_sale()
    other = a_sale(customer_id=booking.customer_id)
    payment = on_account(booking)
    for target in (booking, other):
        allocate(actor=SYSTEM, payment_id=payment.pk, booking_id=target.pk, amount=D(100))
    deallocate(actor=SYSTEM, payment_id=payment.pk)
    assert fresh(payment).allocated == 0
    assert {fresh(booking).paid, fresh(other).paid} == {0}


def test_only_what_stands_is_taken_off() -> None:
    payment = paid(a_sale())
    row = Allocation.objects.get()
    deallocate(actor=SYSTEM, payment_id=payment.pk, allocation_id=row.pk)
    with pytest.raises(AllocationNotFound):
        deallocate(actor=SYSTEM, payment_id=payment.pk, allocation_id=row.pk)


def test_an_allocation_does_not_change_and_is_not_given_twice() -> None:
    payment = paid(a_sale())
    with pytest.raises(DatabaseError, match="does not change"), transaction.atomic():
        Allocation.objects.update(amount=1)
    deallocate(actor=SYSTEM, payment_id=payment.pk)
    with pytest.raises(DatabaseError, match="does not change"), transaction.atomic():
        Allocation.objects.update(taken_back_at=None)


# ---- a booking is cancelled


@pytest.mark.parametrize("verb", [cancel_booking, delete_booking])
def test_a_cancelled_booking_gets_its_credit_note_and_its_money_goes_on_account(verb: object) -> None:
    booking = a_sale()
    paid(booking, 30000)
    invoice = an_invoice(booking)
    payment = paid(booking, 20000)
    verb(actor=SYSTEM, booking_id=booking.pk, reason="Visa refused")  # type: ignore[operator]
    note = CreditNote.objects.get()
    assert note.invoice_id == invoice.pk
    assert "Visa refused" in note.reason
    assert fresh(invoice).state == "CANCELLED"
    assert Booking.objects.get(pk=booking.pk).paid == 0
    assert (fresh(payment).state, fresh(payment).unallocated) == ("verified", 20000)
    assert party_balance(booking.customer_id, "1101") == 0
    assert party_balance(booking.customer_id, "2051") == -50000
    assert not Allocation.objects.filter(taken_back_at__isnull=True).exists()
    assert verify() == []


def test_who_may_cancel_need_not_hold_the_right_to_credit() -> None:
    booking = a_sale()
    an_invoice(booking)
    seller = actor_with(Role.SALES_MANAGER)
    assert not seller.may("invoices.credit")
    cancel_booking(actor=seller, booking_id=booking.pk, reason="Visa refused")
    assert CreditNote.objects.count() == 1


def test_an_advance_of_a_booking_never_invoiced_goes_on_account() -> None:
    booking = a_sale()
    payment = paid(booking, 30000)
    cancel_booking(actor=SYSTEM, booking_id=booking.pk, reason="Visa refused")
    assert fresh(payment).unallocated == 30000
    assert not CreditNote.objects.exists()
    assert verify() == []


def test_the_preview_tells_the_money_and_changes_nothing() -> None:
    booking = a_sale()
    an_invoice(booking)
    paid(booking, 20000)
    shown = rehearse(cancel_booking, actor=SYSTEM, booking_id=booking.pk, reason="Visa refused")
    assert shown.freed == 20000
    assert any("gets credit note CN/" in sentence for sentence in shown.told)
    assert any("INR 20,000.00 goes to the account" in sentence for sentence in shown.told)
    assert fresh(booking).paid == 20000
    assert not CreditNote.objects.exists()


def test_without_an_open_period_nothing_is_cancelled_and_the_refusal_says_why() -> None:
    booking = a_sale()
    invoice = an_invoice(booking)
    with clock.standing_at(date(2031, 1, 1)), pytest.raises(NoPeriod, match="period"):
        cancel_booking(actor=SYSTEM, booking_id=booking.pk, reason="Visa refused")
    assert fresh(booking).state == "draft"
    assert fresh(invoice).state == "ISSUED"


def test_an_invoiced_price_does_not_change_under_its_invoice() -> None:
    booking = a_sale()
    invoice = an_invoice(booking)
    same = BookingTotalsChanged(booking.pk, invoice.gross_total, D(0), invoice.gross_total)
    with transaction.atomic():
        announce(SYSTEM, same)
    with pytest.raises(InvoicedAlready, match=invoice.number), transaction.atomic():
        announce(SYSTEM, BookingTotalsChanged(booking.pk, D(100), D(0), D(100)))


def test_what_is_paid_beyond_a_lower_price_goes_on_account_the_latest_receipt_first() -> None:
    booking = a_sale()
    sync(SYSTEM, [booking.pk])
    first, second = paid(booking, 100000), paid(booking, PRICE_OF_TWO - 100000)
    edit_booking(actor=SYSTEM, booking_id=booking.pk, patch=BookingPatch(total_amount=D(150000)))
    row = fresh(booking)
    assert (row.gross_total, row.paid, row.balance) == (D(157500), D(157500), 0)
    assert (fresh(first).unallocated, fresh(second).unallocated) == (0, PRICE_OF_TWO - 157500)
    assert TicketRecord.objects.filter(booking=booking, clearance_cause="payment").count() == 2
    edit_booking(actor=SYSTEM, booking_id=booking.pk, patch=BookingPatch(total_amount=D(50000)))
    assert (fresh(booking).paid, fresh(first).unallocated) == (D(52500), 100000 - 52500)
    assert an_invoice(fresh(booking)).state == "PAID"
    assert verify() == []


# ---- the booking's money in one place


def test_a_bookings_money_shows_what_is_paid_what_waits_and_what_is_on_account(
    django_assert_num_queries: object,
) -> None:
    booking = a_sale()
    first, waiting, free = paid(booking, 1000), paid(booking, 2000, method="bank"), on_account(booking, 3000)
    with django_assert_num_queries(4):  # type: ignore[operator]
        money = queries.money_of_booking(SYSTEM, booking.pk)
    assert [row.payment_id for row in money.allocations] == [first.pk]
    assert [row.id for row in money.waiting] == [waiting.pk]
    assert [row.id for row in money.on_account] == [free.pk]
