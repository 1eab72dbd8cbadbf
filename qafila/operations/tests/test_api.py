"""Approvals over HTTP: who may, in which order, and what is answered."""

from __future__ import annotations

from typing import Any

import pytest

from qafila.billing.tests.factories import PRICE_OF_TWO, a_sale, fresh, paid
from qafila.identity.tests.factories import Caller, anonymous, as_role
from qafila.identity.types import Role
from qafila.parties.tests.factories import an_agent

pytestmark = pytest.mark.django_db

ROUTES = [
    ("GET", "/operations/bookings", None, "approvals.view", Role.OPS_EXECUTIVE, Role.ACCOUNTANT),
    ("GET", "/finance/bookings", None, "finance.bookings.approve_finance", Role.ACCOUNTANT, Role.OPS_MANAGER),
    ("POST", "/operations/bookings/{id}/ops-approve", None, "approvals.approve", Role.APPROVER, Role.OPS_EXECUTIVE),
    (
        "POST",
        "/operations/bookings/{id}/ops-send-back",
        {"reason": "Two spellings"},
        "approvals.approve",
        Role.OPS_MANAGER,
        Role.OPS_EXECUTIVE,
    ),
    ("POST", "/operations/bookings/{id}/resubmit", None, "bookings.edit", Role.SALES_EXECUTIVE, Role.ACCOUNTANT),
    (
        "POST",
        "/finance/bookings/{id}/approve",
        {"reason": "Cheque seen"},
        "finance.bookings.approve_finance",
        Role.ACCOUNTANT,
        Role.CASHIER,
    ),
    (
        "POST",
        "/finance/bookings/{id}/reject",
        {"reason": "No deposit"},
        "finance.bookings.approve_finance",
        Role.FINANCE_MANAGER,
        Role.SALES_MANAGER,
    ),
    (
        "POST",
        "/finance/bookings/{id}/withdraw",
        {"reason": "Bounced"},
        "finance.bookings.approve_finance",
        Role.FINANCE_MANAGER,
        Role.SALES_MANAGER,
    ),
]


@pytest.mark.parametrize(("method", "path", "body", "right", "role", "wrong"), ROUTES)
def test_every_route_opens_to_its_right_and_to_nobody_else(
    method: str, path: str, body: Any, right: str, role: Role, wrong: Role
) -> None:
    path = path.format(id=a_sale().pk)
    assert anonymous().send(method, path, body).status_code == 401
    assert as_role(Role.AGENT, party_id=an_agent()).send(method, path, body).status_code == 403
    refused = as_role(wrong).send(method, path, body)
    assert refused.status_code == 403
    assert right in refused.json()["detail"]
    # With the right it is the booking's state that decides, not the door.
    assert as_role(role).send(method, path, body).status_code in (200, 409)


def test_a_booking_through_both_tracks_over_http() -> None:
    booking = a_sale()
    ops, money = as_role(Role.OPS_MANAGER), as_role(Role.ACCOUNTANT)
    approve, clear = f"/operations/bookings/{booking.pk}/ops-approve", f"/finance/bookings/{booking.pk}/approve"
    early = ops.send("POST", approve)
    assert (early.status_code, early.json()["code"]) == (409, "PAYMENT_POLICY_NOT_MET")
    bare = money.send("POST", clear)
    assert (bare.status_code, bare.json()["errors"][0]["loc"]) == (422, ["reason"])
    assert money.send("POST", clear, {"reason": "Cheque seen"}).json() == {"ok": True, "already_approved": False}
    assert money.send("POST", clear).json() == {"ok": True, "already_approved": True}
    row = ops.send("GET", "/operations/bookings?queue=ops").json()["items"][0]
    assert (row["number"], row["may_ops_approve"], row["ops_blocked_by"]) == (booking.number, True, "")
    assert ops.send("POST", approve).json() == {"ok": True, "already_approved": False}
    assert ops.send("POST", approve).json() == {"ok": True, "already_approved": True}
    assert ops.send("GET", "/operations/bookings?queue=ops").json()["items"] == []
    assert fresh(booking).state == "confirmed"


def test_send_back_and_hand_in_again_over_http() -> None:
    booking = a_sale()
    ops, seller = as_role(Role.OPS_MANAGER), as_role(Role.SALES_EXECUTIVE)
    back = f"/operations/bookings/{booking.pk}/ops-send-back"
    assert ops.send("POST", back, {"reason": ""}).status_code == 422
    row = ops.send("POST", back, {"reason": "Two spellings of one name"}).json()
    assert (row["state"], row["needs_attention"]) == ("needs_correction", "Operations: Two spellings of one name")
    assert ops.send("GET", "/operations/bookings?queue=corrections").json()["total"] == 1
    again = seller.send("POST", f"/operations/bookings/{booking.pk}/resubmit")
    assert (again.json()["state"], again.json()["ops_approval"]) == ("draft", "pending")
    twice = seller.send("POST", f"/operations/bookings/{booking.pk}/resubmit")
    assert twice.status_code == 409


def test_reject_and_withdraw_over_http() -> None:
    booking, money = a_sale(), as_role(Role.ACCOUNTANT)
    base = f"/finance/bookings/{booking.pk}"
    money.send("POST", f"{base}/approve", {"reason": "Cheque seen"})
    withdrawn = money.send("POST", f"{base}/withdraw", {"reason": "It bounced"})
    assert withdrawn.json()["finance_approval"] == "pending"
    rejected = money.send("POST", f"{base}/reject", {"reason": "Never paid"})
    assert (rejected.json()["state"], rejected.json()["finance_approval"]) == ("needs_correction", "rejected")


@pytest.mark.parametrize("path", ["ops-approve", "ops-send-back", "resubmit"])
def test_a_booking_that_is_not_there_is_404(path: str) -> None:
    a_sale()
    answer = as_role(Role.CEO).send("POST", f"/operations/bookings/4711/{path}", {"reason": "None such"})
    assert (answer.status_code, answer.json()["code"]) == (404, "BOOKING_NOT_FOUND")


def test_the_queue_refuses_what_it_does_not_know() -> None:
    a_sale()
    boss = as_role(Role.CEO)
    assert boss.send("GET", "/operations/bookings?queue=lost").status_code == 422
    assert boss.send("GET", "/operations/bookings?sort=colour").status_code == 422


# ---- pages


def seen(caller: Caller, path: str, **headers: str) -> str:
    answer = caller.get(path, headers=headers)
    assert answer.status_code == 200, answer.content[:500]
    text = answer.content.decode()
    assert "style=" not in text
    return text


def post(caller: Caller, path: str, **said: Any) -> Any:
    return caller.post(path, said, headers={"HX-Request": "true"})


@pytest.mark.parametrize(
    ("path", "allowed", "refused"),
    [
        ("/operations/approvals", Role.OPS_EXECUTIVE, Role.ACCOUNTANT),
        ("/operations/corrections", Role.APPROVER, Role.SALES_EXECUTIVE),
        ("/finance/approvals", Role.ACCOUNTANT, Role.OPS_MANAGER),
        ("/operations/bookings/{id}/approve", Role.OPS_MANAGER, Role.OPS_EXECUTIVE),
        ("/operations/bookings/{id}/send-back", Role.OPS_MANAGER, Role.OPS_EXECUTIVE),
        ("/operations/bookings/{id}/resubmit", Role.SALES_EXECUTIVE, Role.ACCOUNTANT),
        ("/finance/bookings/{id}/approve", Role.ACCOUNTANT, Role.CASHIER),
        ("/finance/bookings/{id}/reject", Role.ACCOUNTANT, Role.CASHIER),
        ("/finance/bookings/{id}/withdraw", Role.ACCOUNTANT, Role.CASHIER),
    ],
)
def test_every_page_opens_to_its_right(path: str, allowed: Role, refused: Role) -> None:
    path = path.format(id=a_sale().pk)
    assert anonymous().get(path).status_code in (302, 401)
    assert as_role(allowed).get(path).status_code == 200
    assert as_role(refused).get(path).status_code == 403


def test_operations_see_what_is_ready_and_why_the_rest_is_not() -> None:
    ready, waiting = a_sale(payment_policy="advance"), a_sale()
    paid(ready, 1000)
    ops = as_role(Role.OPS_MANAGER)
    text = seen(ops, "/operations/approvals")
    assert ready.number in text
    assert waiting.number in text
    assert f'hx-post="/operations/bookings/{ready.pk}/approve"' in text
    assert f'hx-post="/operations/bookings/{waiting.pk}/approve"' not in text
    assert "finance must approve it first" in text
    looker = seen(as_role(Role.OPS_EXECUTIVE), "/operations/approvals")
    assert "hx-post" not in looker
    assert "send-back" not in looker
    answer = post(ops, f"/operations/bookings/{ready.pk}/approve")
    assert (answer.status_code, answer["HX-Redirect"]) == (204, "/operations/approvals?queue=ops")
    assert fresh(ready).state == "confirmed"


def test_a_decision_opens_in_the_queues_dialog_and_as_a_page() -> None:
    booking, ops = a_sale(), as_role(Role.OPS_MANAGER)
    path = f"/operations/bookings/{booking.pk}/send-back"
    fragment = seen(ops, path, **{"HX-Request": "true"})
    assert "<html" not in fragment
    assert "goes to the correction queue" in fragment
    assert "<html" in seen(ops, path)
    assert post(ops, path).status_code == 422
    assert post(ops, path, reason="Two spellings of one name").status_code == 204
    text = seen(ops, "/operations/corrections")
    assert "Two spellings of one name" in text
    seller = as_role(Role.SALES_EXECUTIVE)
    answer = post(seller, f"/operations/bookings/{booking.pk}/resubmit")
    assert answer["HX-Redirect"] == f"/sales/bookings/{booking.number}"
    assert fresh(booking).state == "draft"


def test_finance_clears_from_its_own_queue_with_a_reason_while_money_is_due() -> None:
    due, settled = a_sale(), a_sale()
    paid(settled, PRICE_OF_TWO)
    accountant = as_role(Role.ACCOUNTANT)
    text = seen(accountant, "/finance/approvals")
    assert due.number in text
    assert settled.number in text
    form = seen(accountant, f"/finance/bookings/{due.pk}/approve", **{"HX-Request": "true"})
    assert "required" in form
    form = seen(accountant, f"/finance/bookings/{settled.pk}/approve", **{"HX-Request": "true"})
    assert "required" not in form
    assert post(accountant, f"/finance/bookings/{due.pk}/approve").status_code == 422
    assert post(accountant, f"/finance/bookings/{settled.pk}/approve").status_code == 204
    came = {"HX-Request": "true", "HX-Current-URL": "http://testserver/finance/approvals?q=BK"}
    answer = accountant.post(f"/finance/bookings/{due.pk}/approve", {"reason": "Cheque seen"}, headers=came)
    assert answer["HX-Redirect"] == "/finance/approvals?q=BK"
    assert "All done" in seen(accountant, "/finance/approvals")


def test_a_page_elsewhere_is_not_gone_back_to() -> None:
    booking, accountant = a_sale(), as_role(Role.ACCOUNTANT)
    came = {"HX-Request": "true", "HX-Current-URL": "http://evil.example/finance/approvals"}
    answer = accountant.post(f"/finance/bookings/{booking.pk}/approve", {"reason": "Cheque seen"}, headers=came)
    assert answer["HX-Redirect"] == "/finance/approvals"


def test_the_queue_exports_what_it_shows() -> None:
    booking = a_sale()
    answer = as_role(Role.CEO).get("/operations/approvals?queue=finance&format=csv")
    assert booking.number in b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]


def test_the_bookings_own_tab_shows_where_both_tracks_stand_and_what_was_decided() -> None:
    booking = a_sale()
    path = f"/sales/bookings/{booking.number}/tab/approvals"
    accountant, ops, seller = as_role(Role.ACCOUNTANT), as_role(Role.OPS_MANAGER), as_role(Role.SALES_EXECUTIVE)
    text = seen(seller, path)
    assert "<html" not in text
    assert "finance must approve it first" in text
    assert "Nothing decided yet" in text
    post(accountant, f"/finance/bookings/{booking.pk}/approve", reason="Cheque seen")
    text = seen(seller, path)
    assert "The payment policy is met" in text
    assert "Cheque seen" in text
    assert accountant.user is not None
    assert accountant.user.name in text
    post(ops, f"/operations/bookings/{booking.pk}/send-back", reason="Two spellings of one name")
    assert "Operations: Two spellings of one name" in seen(seller, path)
