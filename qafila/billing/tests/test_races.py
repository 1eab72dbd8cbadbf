"""Many at once: one number each and no gap, one effect a request, one decision a payment."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier
from typing import Any

from django.db import connection

from qafila.billing.actions.allocate import allocate
from qafila.billing.actions.issue_booking_invoice import issue_booking_invoice
from qafila.billing.actions.record_payment import record_payment
from qafila.billing.actions.reverse_payment import reverse_payment
from qafila.billing.actions.verify_payment import verify_payment
from qafila.billing.errors import MoreThanIsDue, NotBillable, NotEnoughLeft
from qafila.billing.models import Invoice, Payment
from qafila.billing.tests.factories import DRAWER, PRICE_OF_TWO, a_sale, an_invoice, fresh, paid
from qafila.billing.verify import verify
from qafila.identity.tests.factories import actor_with
from qafila.identity.types import Role
from qafila.kernel.actor import SYSTEM
from qafila.kernel.errors import Refusal, WrongState
from qafila.kernel.idempotency import Key, once
from qafila.kernel.models import NumberSeries
from qafila.ledger.models import JournalEntry
from qafila.sales.actions.cancel_booking import cancel_booking
from qafila.sales.models import Booking
from qafila.sales.tests.factories import a_departure


def at_once(work: Iterable[Callable[[], Any]]) -> list[Any]:
    """All of it started at the same moment, each on a connection of its own; answers, or the refusals."""
    jobs = list(work)
    gate = Barrier(len(jobs))

    def run(job: Callable[[], Any]) -> Any:
        gate.wait()
        try:
            return job()
        except Refusal as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def test_twenty_invoices_at_once_are_numbered_one_to_twenty_whatever_is_refused_between(committed_db: str) -> None:
    group = a_departure()
    good = [a_sale(group, 1) for _ in range(20)]
    bad = [a_sale(group, 1) for _ in range(4)]
    Booking.objects.filter(pk__in=[b.pk for b in bad[:2]]).update(state="needs_correction")
    Booking.objects.filter(pk__in=[b.pk for b in bad[2:]]).update(branch_id=None, gross_total=Decimal(1))
    answers = at_once(
        lambda pk=b.pk: issue_booking_invoice(actor=SYSTEM, booking_id=pk)  # type: ignore[misc]
        for pair in zip(good, [*bad, *[None] * 16], strict=True)
        for b in pair
        if b is not None
    )
    assert sum(isinstance(answer, Refusal) for answer in answers) == 4
    assert any(isinstance(answer, NotBillable) for answer in answers)
    numbers = sorted(int(re.split("/", i.number)[-1]) for i in Invoice.objects.all())
    assert numbers == list(range(1, 21))
    assert NumberSeries.objects.get(series="IN").last == 20
    assert verify() == []


def test_one_invoice_issued_by_ten_people_at_once_is_one_invoice(committed_db: str) -> None:
    booking = a_sale()
    answers = at_once([lambda: issue_booking_invoice(actor=SYSTEM, booking_id=booking.pk)] * 10)
    assert {answer.number for answer in answers} == {Invoice.objects.get().number}
    assert sum(not answer.already for answer in answers) == 1
    assert JournalEntry.objects.filter(source="booking_invoice").count() == 1


def test_the_same_key_ten_times_at_once_is_one_payment(committed_db: str) -> None:
    booking, cashier = a_sale(), actor_with(Role.CASHIER)
    key = Key.of("till-7", "POST /api/v1/payments", b"the same body")

    def pay() -> Any:
        asked = {"amount": Decimal(1000), "method": "cash", "booking_id": booking.pk, "account": DRAWER}
        return once(key, cashier, record_payment, lambda taken: taken.payment_id, 201, **asked)

    answers = at_once([pay] * 10)
    assert {answer.body for answer in answers} == {Payment.objects.get().pk}
    assert sum(answer.replayed for answer in answers) == 9
    assert fresh(booking).paid == 1000
    assert verify() == []


def test_a_payment_verified_by_two_people_at_once_is_verified_once(committed_db: str) -> None:
    booking = a_sale()
    payment = paid(booking, 1000, method="bank")
    answers = at_once([lambda: verify_payment(actor=SYSTEM, payment_id=payment.pk)] * 6)
    assert sum(isinstance(answer, WrongState) for answer in answers) == 5
    assert fresh(booking).paid == 1000
    assert JournalEntry.objects.filter(source="payment").count() == 1
    assert verify() == []


def test_one_payment_put_on_many_bookings_at_once_is_used_once(committed_db: str) -> None:
    group = a_departure()
    first = a_sale(group, 1)
    payment = paid(None, 1000, customer_id=first.customer_id)
    others = [a_sale(None, 1, customer_id=first.customer_id) for _ in range(3)]
    answers = at_once(
        lambda pk=b.pk: allocate(actor=SYSTEM, payment_id=payment.pk, booking_id=pk, amount=Decimal(600))  # type: ignore[misc]
        for b in (first, *others)
    )
    assert sum(isinstance(answer, NotEnoughLeft) for answer in answers) == 3
    assert fresh(payment).allocated == 600
    assert verify() == []


def test_many_payments_on_one_booking_at_once_never_pay_more_than_it_owes(committed_db: str) -> None:
    booking = a_sale()
    an_invoice(booking)
    waiting = [paid(None, 100000, customer_id=booking.customer_id) for _ in range(4)]
    answers = at_once(
        lambda pk=p.pk: allocate(actor=SYSTEM, payment_id=pk, booking_id=booking.pk)  # type: ignore[misc]
        for p in waiting
    )
    assert fresh(booking).paid == PRICE_OF_TWO
    assert sum(isinstance(answer, MoreThanIsDue) for answer in answers) == 1
    assert verify() == []


def test_a_booking_cancelled_while_it_is_invoiced_paid_and_its_money_reversed_ends_consistent(
    committed_db: str,
) -> None:
    for _ in range(3):
        booking = a_sale()
        payment = paid(booking, 5000)

        def invoice(pk: int = booking.pk) -> Any:
            return issue_booking_invoice(actor=SYSTEM, booking_id=pk)

        def cancel(pk: int = booking.pk) -> Any:
            return cancel_booking(actor=SYSTEM, booking_id=pk, reason="Visa refused")

        def pay(pk: int = booking.pk) -> Any:
            return record_payment(actor=SYSTEM, amount=Decimal(700), method="cash", booking_id=pk, account=DRAWER)

        def take_back(pk: int = payment.pk) -> Any:
            return reverse_payment(actor=SYSTEM, payment_id=pk, reason="Wrong person")

        at_once([invoice, cancel, pay, take_back])
        assert fresh(booking).state == "cancelled"
        assert fresh(booking).paid == 0
        assert verify() == []
