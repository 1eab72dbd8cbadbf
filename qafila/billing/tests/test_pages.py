"""Invoices and payments on the screen: who sees which button, what a form does, what is said when it is refused."""

from __future__ import annotations

import re
from typing import Any

import pytest

from qafila.billing.models import Allocation, CreditNote, Invoice, Payment
from qafila.billing.tests.factories import BANK, DRAWER, PRICE_OF_TWO, a_sale, an_invoice, fresh, paid
from qafila.identity.tests.factories import Caller, anonymous, as_role
from qafila.identity.types import Role
from qafila.kernel.actor import SYSTEM
from qafila.ledger.tests.factories import books
from qafila.parties.tests.factories import a_customer
from qafila.sales.actions.cancel_booking import cancel_booking
from qafila.sales.tests.factories import a_departure

pytestmark = pytest.mark.django_db


def seen(caller: Caller, path: str) -> str:
    answer = caller.get(path)
    assert answer.status_code == 200, answer.content[:500]
    text = answer.content.decode()
    assert "style=" not in text, "no inline styles"
    assert "onclick" not in text, "no inline handlers"
    return text


def key_in(text: str) -> str:
    found = re.search(r'name="idempotency_key" value="([^"]+)"', text)
    assert found, "the form carries a key"
    return found.group(1)


def post(caller: Caller, path: str, **said: Any) -> Any:
    return caller.post(path, said, headers={"HX-Request": "true"})


# ---- who may


@pytest.mark.parametrize(
    ("path", "allowed", "refused"),
    [
        ("/finance/invoices", Role.SALES_MANAGER, Role.CASHIER),
        ("/finance/invoices/{invoice}", Role.ACCOUNTANT, Role.CASHIER),
        ("/finance/invoices/{invoice}.pdf", Role.B2B_MANAGER, Role.CASHIER),
        ("/finance/payments", Role.CASHIER, Role.SALES_MANAGER),
        ("/finance/payments/new", Role.CASHIER, Role.SALES_MANAGER),
        ("/finance/payments/{payment}", Role.AUDITOR, Role.SALES_MANAGER),
        ("/finance/payments/{payment}/receipt.pdf", Role.CASHIER, Role.SALES_MANAGER),
        ("/sales/bookings/{number}/tab/payments", Role.SALES_EXECUTIVE, None),
        ("/sales/bookings/{number}/tab/invoice", Role.SALES_EXECUTIVE, None),
        ("/sales/bookings/{booking}/invoice.pdf", Role.SALES_EXECUTIVE, None),
        ("/groups/{code}/tab/invoices", Role.SALES_MANAGER, Role.SALES_EXECUTIVE),
    ],
)
def test_every_page_opens_to_its_right(path: str, allowed: Role, refused: Role | None) -> None:
    booking = a_sale()
    ids = {
        "invoice": an_invoice(booking).pk,
        "payment": paid(booking, 100).pk,
        "number": booking.number,
        "booking": booking.pk,
        "code": booking.package.group.code,
    }
    path = path.format(**ids)
    assert anonymous().get(path).status_code in (302, 401)
    assert as_role(allowed).get(path).status_code == 200
    if refused:
        assert as_role(refused).get(path).status_code == 403


# ---- lists


def test_the_lists_show_their_rows_and_their_empty_places() -> None:
    books()
    boss = as_role(Role.CEO)
    assert "Invoice tab" in seen(boss, "/finance/invoices")
    assert "Payments tab" in seen(boss, "/finance/payments")
    booking = a_sale()
    invoice, payment = an_invoice(booking), paid(booking, 1000)
    listed = seen(boss, "/finance/invoices?open_only=true")
    assert invoice.number in listed
    assert f'href="/sales/bookings/{booking.number}"' in listed
    assert str(payment.number) in seen(boss, "/finance/payments?state=verified")
    assert str(payment.number) not in seen(boss, "/finance/payments?state=rejected")


def test_the_lists_export_what_they_show() -> None:
    invoice = an_invoice()
    boss = as_role(Role.CEO)
    answer = boss.get("/finance/invoices?format=csv")
    assert invoice.number in b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    workbook = boss.get("/finance/payments?format=xlsx")
    assert next(iter(workbook.streaming_content))[:2] == b"PK"  # type: ignore[attr-defined]
    workbook.close()


# ---- the booking's tabs


def test_the_payments_tab_takes_the_balance_with_one_form() -> None:
    booking, cashier = a_sale(), as_role(Role.CASHIER)
    tab = seen(cashier, f"/sales/bookings/{booking.number}/tab/payments")
    assert "<html" not in tab
    assert 'value="224700.00"' in tab
    assert "1001-DEL-01 · Cash, Delhi" in tab
    said = {"booking_id": booking.pk, "back": "booking", "amount": "224700", "method": "cash", "account": DRAWER}
    answer = post(cashier, "/finance/payments/new", idempotency_key=key_in(tab), **said)
    assert answer.status_code == 204, answer.content
    assert answer["HX-Redirect"] == f"/sales/bookings/{booking.number}?tab=payments"
    assert fresh(booking).balance == 0
    post(cashier, "/finance/payments/new", idempotency_key=key_in(tab), **said)
    assert Payment.objects.count() == 1
    assert str(Payment.objects.get().number) in seen(cashier, f"/sales/bookings/{booking.number}/tab/payments")


def test_who_may_not_take_money_is_offered_no_form() -> None:
    booking = a_sale()
    paid(booking, 1000)
    tab = seen(as_role(Role.SALES_EXECUTIVE), f"/sales/bookings/{booking.number}/tab/payments")
    assert "take-payment" not in tab
    assert "/finance/payments" not in tab


def test_money_on_account_is_used_from_the_tab() -> None:
    booking = a_sale()
    free = paid(None, 700, customer_id=booking.customer_id)
    cashier = as_role(Role.CASHIER)
    assert f"/finance/payments/{free.pk}/allocate" in seen(cashier, f"/sales/bookings/{booking.number}/tab/payments")
    assert post(cashier, f"/finance/payments/{free.pk}/allocate", booking_id=booking.pk).status_code == 204
    assert fresh(booking).paid == 700


def test_the_invoice_tab_previews_issues_and_offers_the_credit_note() -> None:
    booking, accountant = a_sale(), as_role(Role.ACCOUNTANT)
    path = f"/sales/bookings/{booking.number}/tab/invoice"
    tab = seen(accountant, path)
    assert "Preview" in tab
    assert "only a credit note takes it back" in tab
    assert "2,24,700.00" in tab
    answer = post(accountant, f"/sales/bookings/{booking.pk}/invoice/issue", idempotency_key=key_in(tab))
    assert answer["HX-Redirect"] == f"/sales/bookings/{booking.number}?tab=invoice"
    invoice = Invoice.objects.get()
    tab = seen(accountant, path)
    assert invoice.number in tab
    assert "Preview" not in tab
    assert "reverses the journal entry of" in tab
    assert post(accountant, f"/finance/invoices/{invoice.pk}/credit", reason="Wrong buyer").status_code == 204
    tab = seen(accountant, path)
    assert "Taken back" in tab
    assert CreditNote.objects.get().number in tab


def test_who_may_not_issue_is_offered_no_button() -> None:
    tab = seen(as_role(Role.SALES_EXECUTIVE), f"/sales/bookings/{a_sale().number}/tab/invoice")
    assert "invoice/issue" not in tab


def test_a_cancelled_booking_says_why_it_is_not_invoiced() -> None:
    booking = a_sale()
    invoice = an_invoice(booking)
    cancel_booking(actor=SYSTEM, booking_id=booking.pk, reason="Visa refused")
    tab = seen(as_role(Role.ACCOUNTANT), f"/sales/bookings/{booking.number}/tab/invoice")
    assert "cannot be invoiced" in tab
    assert invoice.number in tab


def test_a_foreign_booking_asks_for_its_rate() -> None:
    booking, accountant = a_sale(a_departure(currency="SAR")), as_role(Role.ACCOUNTANT)
    assert 'name="exchange_rate"' in seen(accountant, f"/sales/bookings/{booking.number}/tab/invoice")
    path = f"/sales/bookings/{booking.pk}/invoice/issue"
    refused = post(accountant, path)
    assert (refused.status_code, refused.json()["errors"][0]["loc"]) == (422, ["exchange_rate"])
    assert post(accountant, path, exchange_rate="22.45").status_code == 204


def test_the_groups_tab_shows_what_is_invoiced_and_what_is_not() -> None:
    group = a_departure()
    first, second = a_sale(group), a_sale(group)
    invoice = an_invoice(first)
    tab = seen(as_role(Role.ACCOUNTANT), f"/groups/{first.package.group.code}/tab/invoices")
    assert invoice.number in tab
    assert second.number not in tab
    assert tab.count("2,24,700.00") >= 3  # invoiced, open, and the other one not invoiced yet


# ---- one invoice, one payment


def test_the_page_of_an_invoice_shows_its_lines_and_receipts() -> None:
    booking = a_sale()
    invoice, payment = an_invoice(booking), paid(booking, 1000)
    text = seen(as_role(Role.ACCOUNTANT), f"/finance/invoices/{invoice.pk}")
    for expected in (
        invoice.number,
        str(payment.number),
        "Air travel, adults",
        "CGST (GST tour operator)",
        "2,23,700.00",
    ):
        assert expected in text, expected
    assert "credit-invoice" not in seen(as_role(Role.SALES_MANAGER), f"/finance/invoices/{invoice.pk}")


def test_money_for_an_account_is_taken_on_the_payments_page() -> None:
    books()
    customer, cashier = a_customer(), as_role(Role.CASHIER)
    form = seen(cashier, "/finance/payments/new")
    said = {"customer_id": customer, "amount": "5000", "method": "upi", "account": BANK, "reference": "UPI 12"}
    answer = post(cashier, "/finance/payments/new", idempotency_key=key_in(form), **said)
    payment = Payment.objects.get()
    assert answer["HX-Redirect"] == f"/finance/payments/{payment.pk}"
    text = seen(cashier, f"/finance/payments/{payment.pk}")
    assert "Waiting for verification" in text
    assert "somebody else verifies it" in text
    assert "/verify" not in text


def test_a_refused_form_names_its_field_and_keeps_nothing() -> None:
    booking, cashier = a_sale(), as_role(Role.CASHIER)
    answer = post(cashier, "/finance/payments/new", booking_id=booking.pk, amount="-1", method="cash")
    assert (answer.status_code, answer.json()["errors"][0]["loc"]) == (422, ["amount"])
    answer = post(cashier, "/finance/payments/new", amount="10", method="cash", account=DRAWER)
    assert (answer.status_code, answer.json()["errors"][0]["loc"]) == (422, ["customer_id"])
    assert not Payment.objects.exists()


def test_a_payment_is_verified_reversed_and_taken_off_on_its_page() -> None:
    booking, accountant = a_sale(), as_role(Role.ACCOUNTANT)
    payment = paid(booking, 1000, method="bank")
    path = f"/finance/payments/{payment.pk}"
    page = seen(accountant, path)
    assert f"{path}/verify" in page
    assert "reject-payment" in page
    assert post(accountant, f"{path}/verify").status_code == 204
    page = seen(accountant, path)
    assert fresh(payment).number in page
    row = Allocation.objects.get()
    assert post(accountant, f"{path}/allocations/{row.pk}/take-off").status_code == 204
    page = seen(accountant, path)
    assert "allocate-payment" in page
    assert booking.number in page
    assert post(accountant, f"{path}/reverse", reason="Wrong person").status_code == 204
    page = seen(accountant, path)
    assert "Reversed" in page
    assert "Wrong person" in page


def test_a_payment_is_rejected_on_its_page_with_a_reason() -> None:
    payment, accountant = paid(a_sale(), 1000, method="cheque"), as_role(Role.ACCOUNTANT)
    path = f"/finance/payments/{payment.pk}/reject"
    assert post(accountant, path).status_code == 422
    assert post(accountant, path, reason="It bounced").status_code == 204
    assert fresh(payment).state == "rejected"


def test_no_page_asks_more_the_more_there_is(django_assert_max_num_queries: Any) -> None:
    booking = a_sale()
    an_invoice(booking)
    for amount in (100, 200, 300):
        paid(booking, amount)
    boss = as_role(Role.CEO)
    boss.get("/finance/payments")
    with django_assert_max_num_queries(16):
        boss.get(f"/sales/bookings/{booking.number}/tab/payments")
    with django_assert_max_num_queries(16):
        boss.get(f"/sales/bookings/{booking.number}/tab/invoice")
    assert booking.gross_total == PRICE_OF_TWO
