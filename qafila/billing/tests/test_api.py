"""Invoices and payments over HTTP: who may, what is answered, and that a repeated request is one request."""

from __future__ import annotations

import io
from typing import Any

import pytest
from pypdf import PdfReader

from qafila.billing.models import Invoice, Payment
from qafila.billing.tests.factories import DRAWER, a_sale, an_invoice, paid
from qafila.identity.tests.factories import Caller, anonymous, as_role, make_agency
from qafila.identity.types import Role
from qafila.parties.tests.factories import a_customer, an_agent

pytestmark = pytest.mark.django_db


def read(response: Any) -> str:
    """The words of a PDF answered, with the line breaks taken out."""
    assert response["Content-Type"] == "application/pdf", response.content
    pages = PdfReader(io.BytesIO(response.content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def cash(caller: Caller, key: str | None = None, **said: Any) -> Any:
    body = {"amount": "50000.00", "method": "cash", "account": DRAWER, **said}
    return caller.send("POST", "/payments", body, key=key)


# ---- who may

ROUTES = [
    ("GET", "/sales/bookings/{booking}/invoice", "bookings.view", Role.SALES_EXECUTIVE),
    ("GET", "/sales/bookings/{booking}/invoice.pdf", "bookings.view", Role.SALES_EXECUTIVE),
    ("POST", "/sales/bookings/{booking}/invoice", "bookings.invoice", Role.SALES_MANAGER),
    ("GET", "/invoices", "invoices.view", Role.SALES_MANAGER),
    ("GET", "/invoices/{invoice}", "invoices.view", Role.B2B_MANAGER),
    ("GET", "/invoices/{invoice}.pdf", "invoices.view", Role.AUDITOR),
    ("POST", "/invoices/{invoice}/credit-note", "invoices.credit", Role.ACCOUNTANT),
    ("GET", "/payments", "finance.view", Role.CASHIER),
    ("POST", "/payments", "finance.payments.record", Role.CASHIER),
    ("GET", "/payments/{payment}", "finance.view", Role.AUDITOR),
    ("GET", "/payments/{payment}/receipt.pdf", "finance.view", Role.CASHIER),
    ("POST", "/payments/{pending}/verify", "finance.payments.verify", Role.ACCOUNTANT),
    ("POST", "/payments/{pending}/reject", "finance.payments.reject", Role.ACCOUNTANT),
    ("POST", "/payments/{payment}/reverse", "finance.payments.refund", Role.FINANCE_MANAGER),
    ("POST", "/payments/{free}/allocations", "finance.create", Role.CASHIER),
    ("DELETE", "/payments/{payment}/allocations", "finance.create", Role.ACCOUNTANT),
]
BODIES: dict[str, Any] = {
    "/payments": {"amount": "100", "method": "cash", "account": DRAWER, "booking_id": "{booking}"},
    "/invoices/{invoice}/credit-note": {"reason": "Wrong buyer"},
    "/payments/{pending}/reject": {"reason": "It bounced"},
    "/payments/{payment}/reverse": {"reason": "Wrong person"},
    "/payments/{free}/allocations": {"booking_id": "{booking}"},
}


@pytest.fixture
def ids() -> dict[str, int]:
    booking = a_sale()
    return {
        "booking": booking.pk,
        "invoice": an_invoice().pk,
        "payment": paid(booking, 1000).pk,
        "pending": paid(booking, 1000, method="bank").pk,
        "free": paid(None, 1000, customer_id=booking.customer_id).pk,
    }


def ask(caller: Caller, method: str, path: str, ids: dict[str, int]) -> Any:
    body = {k: ids[v[1:-1]] if isinstance(v, str) and v[:1] == "{" else v for k, v in BODIES.get(path, {}).items()}
    return caller.send(method, path.format(**ids), body or None)


@pytest.mark.parametrize(("method", "path", "right", "role"), ROUTES)
def test_every_route_opens_to_its_right_and_to_nobody_else(
    method: str, path: str, right: str, role: Role, ids: dict[str, int]
) -> None:
    assert ask(anonymous(), method, path, ids).status_code == 401
    stranger = as_role(Role.AGENT, party_id=an_agent())
    assert ask(stranger, method, path, ids).status_code == 403
    wrong = ask(as_role(Role.VISA_OFFICER if right != "bookings.view" else Role.ADMIN_HR), method, path, ids)
    if right not in ("bookings.view", "invoices.view", "finance.view"):  # ADMIN_HR holds every .view
        assert wrong.status_code == 403
        assert right in wrong.json()["detail"]
    assert ask(as_role(role), method, path, ids).status_code in (200, 201)


# ---- invoices


def test_an_invoice_over_http_from_preview_to_credit_note() -> None:
    booking = a_sale()
    seller, accountant = as_role(Role.SALES_MANAGER), as_role(Role.ACCOUNTANT)
    path = f"/sales/bookings/{booking.pk}/invoice"
    preview = seller.send("GET", path).json()
    assert (preview["state"], preview["id"], preview["number"]) == ("PREVIEW", None, None)
    made = seller.send("POST", path)
    assert made.status_code == 201
    again = seller.send("POST", path)
    assert (again.status_code, again.json()) == (200, made.json())
    body = made.json()
    assert body["gross_total"] == "224700.00"
    assert body["lines"][0] == {
        "n": 1,
        "kind": "item",
        "description": "Air travel, adults",
        "sac": "998555",
        "quantity": 2,
        "rate": "52000.00",
        "amount": "104000.00",
        "percent": None,
        "base": None,
        "included": False,
    }
    credited = accountant.send("POST", f"/invoices/{body['id']}/credit-note", {"reason": "Wrong place of supply"})
    assert credited.status_code == 201
    assert credited.json()["credit_note"]["number"].startswith("CN/")
    twice = accountant.send("POST", f"/invoices/{body['id']}/credit-note", {"reason": "Wrong place of supply"})
    assert (twice.status_code, twice.json()["code"]) == (409, "INVOICE_IS_CANCELLED")
    assert seller.send("GET", path).json()["state"] == "PREVIEW"


def test_issue_with_the_same_key_answers_the_same() -> None:
    booking, seller = a_sale(), as_role(Role.SALES_MANAGER)
    path = f"/sales/bookings/{booking.pk}/invoice"
    first, second = (seller.send("POST", path, key="issue-1") for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert second["Idempotency-Replayed"] == "true"


@pytest.mark.parametrize("path", ["/invoices/4711", "/payments/4711", "/sales/bookings/4711/invoice"])
def test_what_is_not_there_is_404(path: str) -> None:
    make_agency()
    assert as_role(Role.CEO).send("GET", path).status_code == 404


def test_a_list_answers_the_envelope_and_refuses_what_it_does_not_know() -> None:
    an_invoice()
    boss = as_role(Role.CEO)
    listed = boss.send("GET", "/invoices?open_only=true&page_size=1").json()
    assert (listed["total"], listed["page_size"], len(listed["items"])) == (1, 1, 1)
    assert boss.send("GET", "/invoices?sort=colour").status_code == 422
    assert boss.send("GET", "/payments?state=lost").status_code == 422
    assert boss.send("GET", "/invoices?issued_to=0").status_code == 422
    assert boss.send("GET", "/payments?state=verified").json()["items"] == []


# ---- payments


def test_a_payment_over_http() -> None:
    booking, cashier = a_sale(), as_role(Role.CASHIER)
    answer = cash(cashier, booking_id=booking.pk)
    assert answer.status_code == 201
    body = answer.json()
    assert (body["state"], body["allocated"], body["unallocated"]) == ("verified", "50000.00", "0.00")
    assert body["allocations"][0]["booking_number"] == booking.number
    assert "1,74,700.00 still due" in body["told"]
    read_again = cashier.send("GET", f"/payments/{body['id']}").json()
    for name in ("number", "state", "amount", "party", "account", "entry_id"):
        assert read_again[name] == body[name], name


def test_the_same_key_is_one_payment_and_another_body_is_refused() -> None:
    booking, cashier = a_sale(), as_role(Role.CASHIER)
    first, second = (cash(cashier, "till-1", booking_id=booking.pk) for _ in range(2))
    assert first.json() == second.json()
    assert Payment.objects.count() == 1
    other = cash(cashier, "till-1", booking_id=booking.pk, amount="60000.00")
    assert (other.status_code, other.json()["code"]) == (409, "IDEMPOTENCY_KEY_REUSED")


@pytest.mark.parametrize(
    ("said", "status", "field"),
    [
        ({"amount": "-5"}, 422, "amount"),
        ({"amount": "0"}, 422, "amount"),
        ({"amount": "a lot"}, 422, "amount"),
        ({"amount": "10.001"}, 422, "amount"),
        ({"amount": "1e40"}, 422, "amount"),
        ({"method": "shells"}, 422, "method"),
        ({"currency": "XYZ"}, 422, "currency"),
        ({"currency": "SAR"}, 422, "currency"),
        ({"account": "1010-01"}, 422, "account"),
        ({"account": "nowhere"}, 422, "account"),
        ({"received_on": "2099-01-01"}, 422, "received_on"),
        ({"received_on": "yesterday"}, 422, "received_on"),
        ({"received_on": 1795000000}, 422, "received_on"),
        ({"reference": "x" * 101}, 422, "reference"),
        ({"booking_id": 0}, 422, "booking_id"),
        ({"booking_id": 10**30}, 422, "booking_id"),
        ({"invoice_id": 4711}, 404, "invoice_id"),
        ({"customer_id": 4711}, 409, "customer_id"),
        ({"colour": "red"}, 422, "colour"),
    ],
)
def test_bad_input_names_its_field_and_changes_nothing(said: dict[str, Any], status: int, field: str) -> None:
    booking, cashier = a_sale(), as_role(Role.CASHIER)
    answer = cash(cashier, **{"booking_id": booking.pk, **said})
    assert answer.status_code == status, answer.content
    assert any(field in map(str, error["loc"]) for error in answer.json()["errors"]), answer.json()
    assert not Payment.objects.exists()


def test_verify_reject_reverse_allocate_and_take_off_over_http() -> None:
    booking = a_sale()
    cashier, accountant, manager = as_role(Role.CASHIER), as_role(Role.ACCOUNTANT), as_role(Role.FINANCE_MANAGER)
    bank: dict[str, Any] = {"method": "bank", "account": "1010-01", "booking_id": booking.pk}
    waiting = cash(cashier, **bank).json()
    assert waiting["state"] == "pending_verification"
    assert "verified it" in waiting["told"]
    verified = accountant.send("POST", f"/payments/{waiting['id']}/verify").json()
    assert (verified["state"], verified["decided_by"]) == ("verified", accountant.user.name if accountant.user else "")
    off = accountant.send("DELETE", f"/payments/{waiting['id']}/allocations").json()
    assert (off["allocated"], off["allocations"][0]["taken_back_at"] is None) == ("0.00", False)
    on = cashier.send("POST", f"/payments/{waiting['id']}/allocations", {"booking_id": booking.pk, "amount": "70.50"})
    assert (on.status_code, on.json()["allocated"]) == (201, "70.50")
    live = on.json()["allocations"][-1]["id"]
    one = accountant.send("DELETE", f"/payments/{waiting['id']}/allocations/{live}").json()
    assert one["allocated"] == "0.00"
    reversed_ = manager.send("POST", f"/payments/{waiting['id']}/reverse", {"reason": "Wrong person"}).json()
    assert (reversed_["state"], reversed_["reason"]) == ("reversed", "Wrong person")
    refused = cash(cashier, **bank).json()
    assert accountant.send("POST", f"/payments/{refused['id']}/reject", {"reason": ""}).status_code == 422
    rejected = accountant.send("POST", f"/payments/{refused['id']}/reject", {"reason": "It bounced"}).json()
    assert rejected["state"] == "rejected"
    again = accountant.send("POST", f"/payments/{refused['id']}/verify")
    assert (again.status_code, again.json()["code"]) == (409, "PAYMENT_NOT_IN_PENDING_VERIFICATION_STATE")


def test_the_maker_is_told_that_somebody_else_must_verify() -> None:
    accountant = as_role(Role.ACCOUNTANT)
    made = cash(accountant, method="bank", account="1010-01", booking_id=a_sale().pk).json()
    answer = accountant.send("POST", f"/payments/{made['id']}/verify")
    assert (answer.status_code, answer.json()["code"]) == (403, "MAKER_IS_CHECKER")


# ---- paper


def test_the_invoice_on_paper_says_what_the_invoice_says() -> None:
    make_agency(gstin="07AABCN4821K1ZG", pan="AABCN4821K", address="Daryaganj\nDelhi 110002", phone="+911123270000")
    customer = a_customer(first_name="Farooq", last_name="Bhat", address="Rajbagh", state_code="07")
    booking = a_sale(customer_id=customer)
    boss = as_role(Role.CEO)
    preview = read(boss.send("GET", f"/sales/bookings/{booking.pk}/invoice.pdf"))
    assert "PREVIEW" in preview
    assert "not a tax invoice" in preview
    invoice = an_invoice(booking)
    paid(booking, 50000)
    words = read(boss.send("GET", f"/invoices/{invoice.pk}.pdf"))
    for expected in (
        "TAX INVOICE", invoice.number, "Noor Travels", "07AABCN4821K1ZG", "Daryaganj", "Farooq Bhat", "Rajbagh",
        booking.number, "07 Delhi", "998555", "Air travel, adults", "1,04,000.00", "CGST", "SGST", "2.5%",
        "2,14,000.00", "5,350.00", "INR 2,24,700.00", "Rupees Two Lakh Twenty-Four Thousand Seven Hundred Only",
        "50,000.00", "1,74,700.00", "inclusive of the accommodation and transportation",
    ):  # fmt: skip
        assert expected in words, expected
    assert "PREVIEW" not in words


def test_a_credit_note_on_paper() -> None:
    boss, invoice = as_role(Role.CEO), an_invoice()
    path = f"/invoices/{invoice.pk}/credit-note.pdf"
    assert boss.send("GET", path).status_code == 404
    boss.send("POST", f"/invoices/{invoice.pk}/credit-note", {"reason": "Wrong place of supply"})
    words = read(boss.send("GET", path))
    for expected in ("CREDIT NOTE", "CN/", invoice.number, "Wrong place of supply", "2,24,700.00"):
        assert expected in words, expected
    assert "CANCELLED" in read(boss.send("GET", f"/invoices/{invoice.pk}.pdf"))


def test_a_receipt_on_paper() -> None:
    booking, boss = a_sale(), as_role(Role.CEO)
    invoice = an_invoice(booking)
    payment = paid(booking, "224800.50", reference="Till 3")
    words = read(boss.send("GET", f"/payments/{payment.pk}/receipt.pdf"))
    for expected in (
        "RECEIPT", str(payment.number), "Bashir Ahmad Lone", "2,24,800.50", "Eight Hundred and Fifty Paise Only",
        "Cash", booking.number, invoice.number, "2,24,700.00", "INR 100.50 stays on account", "Till 3",
    ):  # fmt: skip
        assert expected in words, expected


def test_a_payment_not_verified_has_no_receipt() -> None:
    payment = paid(a_sale(), method="bank")
    answer = as_role(Role.CEO).send("GET", f"/payments/{payment.pk}/receipt.pdf")
    assert (answer.status_code, answer.json()["code"]) == (404, "NOT_ISSUED_YET")


def test_a_name_in_arabic_and_a_name_that_looks_like_markup_are_printed_as_they_are() -> None:
    make_agency()
    customer = a_customer(first_name="#let x = 1 $5", last_name="*عبد الرشيد* [a] <b>")
    invoice = an_invoice(a_sale(customer_id=customer))
    words = read(as_role(Role.CEO).send("GET", f"/invoices/{invoice.pk}.pdf"))
    assert "#let x = 1 $5" in words
    assert Invoice.objects.count() == 1
