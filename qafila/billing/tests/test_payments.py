"""Money received: recorded, verified by somebody else, rejected, reversed."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from qafila.billing import queries
from qafila.billing.actions.record_payment import record_payment
from qafila.billing.actions.reject_payment import reject_payment
from qafila.billing.actions.reverse_payment import reverse_payment
from qafila.billing.actions.verify_payment import verify_payment
from qafila.billing.errors import (
    AccountDoesNotFit,
    AccountUnclear,
    AmountTooFine,
    CurrencyNotTaken,
    InvoiceIsCancelled,
    InvoiceNotFound,
    MakerIsChecker,
    NotReceivedYet,
    NotTheirBooking,
    PayerUnclear,
    PaymentNotFound,
)
from qafila.billing.models import Payment
from qafila.billing.tests.factories import BANK, DRAWER, PRICE_OF_TWO, a_sale, an_invoice, fresh, paid
from qafila.billing.verify import verify
from qafila.identity.tests.factories import actor_with, make_agency
from qafila.identity.types import Role
from qafila.kernel import clock
from qafila.kernel.actor import SYSTEM
from qafila.kernel.errors import MissingRight, WrongState
from qafila.kernel.models import AuditEntry, SearchEntry, StateChange
from qafila.kernel.pagination import Window
from qafila.ledger.errors import NoPeriod, PeriodLocked
from qafila.ledger.models import Period
from qafila.ledger.queries import entries_of, party_balance
from qafila.ledger.tests.factories import books
from qafila.parties.tests.factories import a_customer, an_agent
from qafila.sales.errors import BookingIsClosed, BookingNotFound
from qafila.sales.models import Booking
from qafila.sales.tests.factories import a_departure
from qafila.ticketing.models import TicketRecord
from qafila.ticketing.steps import sync

pytestmark = pytest.mark.django_db
D = Decimal


# ---- recording


def test_recording_needs_its_right() -> None:
    with pytest.raises(MissingRight, match=r"finance\.payments\.record"):
        paid(a_sale(), actor=actor_with(Role.SALES_MANAGER))


def test_cash_is_receipted_posted_and_counted_at_once() -> None:
    booking = a_sale()
    taken = record_payment(actor=SYSTEM, amount=D(50000), method="cash", booking_id=booking.pk, account=DRAWER)
    payment = Payment.objects.get(pk=taken.payment_id)
    assert (payment.state, payment.number) == ("verified", f"RVDEL/{clock.today():%y}/1")
    assert taken.told == (
        f"INR 50,000.00 received as {payment.number}: 50,000.00 on {booking.number}, 1,74,700.00 still due."
    )
    (entry,) = entries_of(SYSTEM, "payment", payment.pk)
    assert [(line.account, line.debit, line.credit) for line in entry.lines] == [
        (DRAWER, D(50000), D(0)),
        ("2051", D(0), D(50000)),
    ]
    assert fresh(booking).paid == 50000
    assert SearchEntry.objects.get(entity="payment").title == payment.number
    assert AuditEntry.objects.get(action="payment.recorded", after__amount="50000").entity_id == payment.pk
    assert verify() == []


def test_what_is_not_cash_waits_and_counts_as_nothing() -> None:
    booking = a_sale()
    payment = paid(booking, method="bank", reference="UTR 4711")
    assert (payment.state, payment.number, payment.entry_id) == ("pending_verification", None, None)
    assert fresh(booking).paid == 0
    assert not entries_of(SYSTEM, "payment", payment.pk)
    assert verify() == []


def test_what_a_booking_does_not_owe_stays_on_account_and_the_answer_says_so() -> None:
    booking = a_sale()
    taken = record_payment(
        actor=SYSTEM, amount=PRICE_OF_TWO + 300, method="cash", booking_id=booking.pk, account=DRAWER
    )
    payment = Payment.objects.get(pk=taken.payment_id)
    assert "which is paid; 300.00 stays on Bashir Ahmad Lone's account." in taken.told
    assert (payment.allocated, payment.unallocated) == (PRICE_OF_TWO, 300)
    again = record_payment(actor=SYSTEM, amount=D(10), method="cash", booking_id=booking.pk, account=DRAWER)
    assert "owes nothing; 10.00 stays on" in again.told


def test_money_on_account_is_the_payers_advance() -> None:
    books()
    customer, partner = a_customer(), an_agent()
    paid(None, 1000, customer_id=customer)
    paid(None, 2000, agent_id=partner)
    assert party_balance(customer, "2051") == -1000
    assert party_balance(partner, "2055") == -2000
    assert verify() == []


def test_a_payment_for_an_invoice_goes_to_its_booking() -> None:
    invoice = an_invoice()
    payment = paid(None, 1000, invoice_id=invoice.pk)
    assert payment.booking_id == invoice.booking_id
    assert fresh(invoice).allocated == 1000
    assert verify() == []


def test_the_branchs_own_drawer_is_taken_when_none_is_named() -> None:
    make_agency()
    cashier = actor_with(Role.CASHIER, branch_code="SXR")
    payment = paid(a_sale(), actor=cashier, account=None)
    assert payment.account.code == "1001-SXR-01"
    assert str(payment.number).startswith("RVSXR/")
    assert paid(a_sale(), method="upi", account=None).account.code == BANK


def test_with_two_drawers_and_no_branch_the_drawer_must_be_named() -> None:
    with pytest.raises(AccountUnclear, match="1001-DEL-01, 1001-SXR-01") as refused:
        paid(a_sale(), account=None)
    assert refused.value.loc == ["account"]


@pytest.mark.parametrize(
    ("method", "account"), [("cash", BANK), ("bank", DRAWER), ("cash", "4022"), ("cash", "no-such")]
)
def test_money_goes_only_where_its_kind_goes(method: str, account: str) -> None:
    with pytest.raises(AccountDoesNotFit):
        paid(a_sale(), method=method, account=account)


def test_the_payer_must_be_clear() -> None:
    books()
    with pytest.raises(PayerUnclear, match="whose money"):
        paid(None)
    with pytest.raises(PayerUnclear, match="not both"):
        paid(None, customer_id=a_customer(), agent_id=an_agent())
    with pytest.raises(PayerUnclear, match="no such customer"):
        paid(None, customer_id=an_agent())
    with pytest.raises(PayerUnclear, match="of another booking"):
        paid(a_sale(), invoice_id=an_invoice().pk)


def test_a_strangers_money_is_not_used_for_a_booking() -> None:
    with pytest.raises(NotTheirBooking):
        paid(a_sale(), customer_id=a_customer())


def test_the_customer_may_pay_what_the_partner_is_billed_for() -> None:
    make_agency()
    booking = a_sale(agent_id=an_agent())
    an_invoice(booking)
    paid(booking, 1000, customer_id=booking.customer_id)
    assert booking.agent_id is not None
    assert party_balance(booking.agent_id, "1102") == PRICE_OF_TWO - 1000
    assert party_balance(booking.customer_id, "2051") == 0
    assert verify() == []


def test_only_the_agencys_own_currency_is_taken() -> None:
    with pytest.raises(CurrencyNotTaken, match="Payments are taken in INR") as refused:
        paid(a_sale(), currency="SAR")
    assert refused.value.loc == ["currency"]
    with pytest.raises(CurrencyNotTaken, match="priced in SAR"):
        paid(a_sale(a_departure(currency="SAR")))


def test_an_amount_has_no_more_digits_than_its_currency() -> None:
    with pytest.raises(AmountTooFine) as refused:
        paid(a_sale(), "10.005")
    assert refused.value.loc == ["amount"]


def test_money_is_not_received_tomorrow() -> None:
    with pytest.raises(NotReceivedYet):
        paid(a_sale(), received_on=clock.today() + timedelta(days=1))


def test_what_does_not_exist_is_not_paid() -> None:
    books()
    with pytest.raises(BookingNotFound):
        paid(None, booking_id=4711)
    with pytest.raises(InvoiceNotFound):
        paid(None, invoice_id=4711)


def test_a_cancelled_booking_or_invoice_takes_no_payment() -> None:
    invoice = an_invoice()
    from qafila.billing.actions.credit_invoice import credit_invoice

    credit_invoice(actor=SYSTEM, invoice_id=invoice.pk, reason="Wrong buyer")
    with pytest.raises(InvoiceIsCancelled):
        paid(None, invoice_id=invoice.pk)
    booking = a_sale()
    Booking.objects.filter(pk=booking.pk).update(state="cancelled")
    with pytest.raises(BookingIsClosed, match="on account"):
        paid(booking)


def test_without_an_open_period_no_money_is_taken_and_no_number_is_lost() -> None:
    booking = a_sale()
    with pytest.raises(NoPeriod):
        paid(booking, received_on=date(2019, 1, 1))
    assert not Payment.objects.exists()
    assert str(paid(booking).number).endswith("/1")


def test_money_that_arrived_in_a_closed_month_is_not_taken() -> None:
    booking = a_sale()
    last_month = clock.today().replace(day=1) - timedelta(days=1)
    Period.objects.filter(starts__lte=last_month, ends__gte=last_month).update(state="closed")
    with pytest.raises(PeriodLocked):
        paid(booking, received_on=last_month)
    assert not Payment.objects.exists()


# ---- verifying


def test_verifying_needs_its_right() -> None:
    payment = paid(a_sale(), method="bank")
    with pytest.raises(MissingRight, match=r"finance\.payments\.verify"):
        verify_payment(actor=actor_with(Role.CASHIER), payment_id=payment.pk)


def test_a_verified_payment_is_receipted_posted_and_counted() -> None:
    booking = a_sale()
    payment = paid(booking, PRICE_OF_TWO, method="bank", received_on=clock.today())
    taken = verify_payment(actor=actor_with(Role.ACCOUNTANT), payment_id=payment.pk)
    row = fresh(payment)
    assert row.state == "verified"
    assert row.number.startswith("RV")
    assert "which is paid" in taken.told
    assert fresh(booking).balance == 0
    assert queries.payment(SYSTEM, payment.pk).decided_by.startswith("Accountant")
    assert verify() == []


def test_whoever_recorded_a_payment_does_not_verify_it() -> None:
    accountant = actor_with(Role.ACCOUNTANT)
    payment = paid(a_sale(), method="bank", actor=accountant)
    with pytest.raises(MakerIsChecker, match="somebody else must verify"):
        verify_payment(actor=accountant, payment_id=payment.pk)
    assert fresh(payment).state == "pending_verification"


def test_the_maker_verifies_only_under_break_glass_which_is_recorded() -> None:
    chief = actor_with(Role.CEO)
    payment = paid(a_sale(), method="bank", actor=chief)
    verify_payment(actor=chief, payment_id=payment.pk)
    assert AuditEntry.objects.filter(action="payment.verified", after__break_glass=True).exists()


def test_a_payment_is_verified_once() -> None:
    payment = paid(a_sale(), method="bank")
    verify_payment(actor=SYSTEM, payment_id=payment.pk)
    with pytest.raises(WrongState, match="verified: verify is not possible"):
        verify_payment(actor=SYSTEM, payment_id=payment.pk)


def test_money_verified_after_its_booking_was_cancelled_goes_on_account() -> None:
    from qafila.sales.actions.cancel_booking import cancel_booking

    booking = a_sale()
    payment = paid(booking, method="bank")
    cancel_booking(actor=SYSTEM, booking_id=booking.pk, reason="Visa refused")
    taken = verify_payment(actor=SYSTEM, payment_id=payment.pk)
    assert f"{booking.number} is cancelled; 50,000.00 stays on" in taken.told
    assert fresh(payment).unallocated == 50000
    assert verify() == []


def test_late_money_clears_the_tickets_in_its_own_transaction() -> None:
    booking = a_sale()
    sync(SYSTEM, [booking.pk])
    payment = paid(booking, PRICE_OF_TWO, method="bank")
    assert {t.state for t in TicketRecord.objects.all()} == {"NOT_READY"}
    verify_payment(actor=SYSTEM, payment_id=payment.pk)
    assert {t.state for t in TicketRecord.objects.all()} == {"FINANCE_CLEARED"}
    reverse_payment(actor=SYSTEM, payment_id=payment.pk, reason="The bank took it back")
    assert {t.state for t in TicketRecord.objects.all()} == {"NOT_READY"}


# ---- rejecting


def test_rejecting_needs_its_right() -> None:
    payment = paid(a_sale(), method="cheque")
    with pytest.raises(MissingRight, match=r"finance\.payments\.reject"):
        reject_payment(actor=actor_with(Role.CASHIER), payment_id=payment.pk, reason="It bounced")


def test_a_rejected_payment_stays_with_its_reason_and_is_final() -> None:
    booking = a_sale()
    payment = paid(booking, method="cheque")
    reject_payment(actor=SYSTEM, payment_id=payment.pk, reason="It bounced")
    row = fresh(payment)
    assert (row.state, row.reason, row.number) == ("rejected", "It bounced", None)
    with pytest.raises(WrongState):
        verify_payment(actor=SYSTEM, payment_id=payment.pk)
    with pytest.raises(WrongState):
        reverse_payment(actor=SYSTEM, payment_id=payment.pk, reason="Anyway")
    assert fresh(booking).paid == 0


# ---- reversing


def test_reversing_needs_its_right() -> None:
    payment = paid(a_sale())
    with pytest.raises(MissingRight, match=r"finance\.payments\.refund"):
        reverse_payment(actor=actor_with(Role.CASHIER), payment_id=payment.pk, reason="Wrong person")


def test_whoever_took_the_cash_does_not_reverse_it() -> None:
    accountant = actor_with(Role.ACCOUNTANT)
    payment = paid(a_sale(), actor=accountant)
    with pytest.raises(MakerIsChecker, match="somebody else must reverse"):
        reverse_payment(actor=accountant, payment_id=payment.pk, reason="Wrong person")
    assert fresh(payment).state == "verified"


def test_a_reversed_payment_is_mirrored_and_owed_again() -> None:
    booking = a_sale()
    invoice = an_invoice(booking)
    payment = paid(booking, PRICE_OF_TWO)
    assert fresh(invoice).state == "PAID"
    reverse_payment(actor=SYSTEM, payment_id=payment.pk, reason="Forged notes")
    row = fresh(payment)
    assert (row.state, row.reason, row.allocated) == ("reversed", "Forged notes", 0)
    assert (fresh(invoice).state, fresh(invoice).allocated) == ("ISSUED", 0)
    assert fresh(booking).balance == PRICE_OF_TWO
    assert party_balance(booking.customer_id, "1101") == PRICE_OF_TWO
    assert party_balance(booking.customer_id, "2051") == 0
    events = [entry.event for entry in entries_of(SYSTEM, "payment", payment.pk)]
    assert events == ["received", "reversed"]
    assert verify() == []


def test_a_payment_is_reversed_once() -> None:
    payment = paid(a_sale())
    reverse_payment(actor=SYSTEM, payment_id=payment.pk, reason="Wrong person")
    with pytest.raises(WrongState):
        reverse_payment(actor=SYSTEM, payment_id=payment.pk, reason="Wrong person")


def test_what_is_not_there_is_not_decided_about() -> None:
    books()
    for verb, asked in (
        (verify_payment, {}),
        (reject_payment, {"reason": "None"}),
        (reverse_payment, {"reason": "None"}),
    ):
        with pytest.raises(PaymentNotFound):
            verb(actor=SYSTEM, payment_id=4711, **asked)


def test_every_move_is_remembered() -> None:
    payment = paid(a_sale(), method="bank")
    verify_payment(actor=SYSTEM, payment_id=payment.pk)
    reverse_payment(actor=SYSTEM, payment_id=payment.pk, reason="The bank took it back")
    moves = StateChange.objects.filter(machine="payment", object_id=payment.pk).order_by("id")
    assert [(move.event, move.to_state) for move in moves] == [
        ("record", "pending_verification"),
        ("verify", "verified"),
        ("reverse", "reversed"),
    ]


# ---- what the database keeps


@pytest.mark.parametrize(
    "change", [{"amount": 90000}, {"number": "RV/26/99"}, {"party_id": 1}, {"received_on": "2026-01-01"}]
)
def test_a_receipt_does_not_change(change: dict[str, object]) -> None:
    payment = paid(a_sale())
    with pytest.raises(DatabaseError, match="does not change"), transaction.atomic():
        Payment.objects.filter(pk=payment.pk).update(**change)


def test_a_payment_does_not_vanish_and_is_not_verified_without_its_entry() -> None:
    payment = paid(a_sale(), method="bank")
    with pytest.raises(DatabaseError, match="never deleted"), transaction.atomic():
        Payment.objects.filter(pk=payment.pk)._raw_delete("default")
    with pytest.raises(IntegrityError, match="a_verified_payment_is_posted"), transaction.atomic():
        Payment.objects.filter(pk=payment.pk).update(state="verified")


# ---- reading


def test_the_list_finds_filters_and_costs_two_queries(django_assert_num_queries: object) -> None:
    cash, bank = paid(a_sale()), paid(a_sale(), method="bank", reference="UTR 4711")
    account = paid(None, 700, customer_id=a_customer(first_name="Haleema"))
    with django_assert_num_queries(2):  # type: ignore[operator]
        page = queries.payments(SYSTEM, Window())
    assert [row.id for row in page.items] == [account.pk, bank.pk, cash.pk]

    def found(**by: object) -> set[int]:
        return {row.id for row in queries.payments(SYSTEM, Window(), **by).items}  # type: ignore[arg-type]

    assert found(state="pending_verification") == {bank.pk}
    assert found(method="cash") == {cash.pk, account.pk}
    assert found(q="UTR 47") == {bank.pk}
    assert found(q="haleema") == {account.pk}
    assert found(on_account=True) == {account.pk}
    assert found(booking_id=cash.booking_id) == {cash.pk}
    assert queries.pending_count() == 1
