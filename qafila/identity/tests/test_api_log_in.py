"""Signing in by API, with one factor and with two."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from qafila.identity.models import SignIn, User
from qafila.identity.tests.factories import API, PASSWORD, anonymous, as_role, caller, enrol, make_user
from qafila.identity.types import Right, Role
from qafila.kernel.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _one_factor_is_enough(settings: LazySettings) -> None:
    settings.REQUIRE_2FA = False


def log_in(client: Client, user: User | str, password: str = PASSWORD) -> Any:
    email = user if isinstance(user, str) else user.email
    return client.post(f"{API}/auth/login", {"email": email, "password": password}, content_type="application/json")


def verify(client: Client, code: str) -> Any:
    return client.post(f"{API}/auth/2fa/verify", {"code": code}, content_type="application/json")


def audit(action: str) -> list[Any]:
    return list(AuditEntry.objects.filter(action=action).order_by("id"))


def test_nobody_is_nobody() -> None:
    answer = anonymous().send("GET", "/auth/me")
    assert (answer.status_code, answer.json()["code"]) == (401, "NOT_SIGNED_IN")
    assert answer["Content-Type"] == "application/problem+json"
    assert "Bearer" in answer["WWW-Authenticate"]


def test_the_right_password_signs_in_and_tells_who_and_what_they_may(client: Client) -> None:
    user = make_user(Role.CASHIER, password=PASSWORD)
    answer = log_in(client, user)
    assert answer.status_code == 200
    told = answer.json()
    assert told["second_factor_required"] is False
    assert (told["user"]["email"], told["user"]["roles"]) == (user.email, ["CASHIER"])
    assert told["rights"] == told["user"]["rights"]
    assert client.get(f"{API}/auth/me").json()["id"] == user.pk
    assert audit("user.signed_in")[-1].user_id == user.pk


def test_the_e_mail_is_read_in_any_case(client: Client) -> None:
    user = make_user(Role.CASHIER, password=PASSWORD)
    assert log_in(client, f" {user.email.upper()} ").status_code == 200


def test_a_wrong_password_and_an_unknown_person_are_told_alike(client: Client) -> None:
    user = make_user(Role.CASHIER, password=PASSWORD)
    wrong, unknown = log_in(client, user, "not this one"), log_in(client, "nobody@example.com")
    assert wrong.status_code == unknown.status_code == 401
    assert {**wrong.json()} == {**unknown.json()}
    assert wrong.json()["code"] == "WRONG_CREDENTIALS"
    first, second = audit("user.log_in_failed")
    assert (first.entity_id, first.after) == (user.pk, {"email": user.email, "why": "wrong_password"})
    assert (second.entity_id, second.after) == (None, {"email": "nobody@example.com", "why": "wrong_password"})


def test_an_unknown_person_costs_a_password_hash_too(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise the time of the answer would tell who logs in here."""
    from qafila.identity.hashers import Argon2

    hashed: list[str] = []
    encode = Argon2.encode

    def counted(self: Argon2, password: str, salt: str) -> str:
        hashed.append(password)
        return encode(self, password, salt)

    monkeypatch.setattr(Argon2, "encode", counted)
    log_in(client, "nobody@example.com", "a guess")
    assert hashed == ["a guess"]


def test_a_person_without_a_password_cannot_guess_one(client: Client) -> None:
    assert log_in(client, make_user(Role.CASHIER), "!").status_code == 401


def test_somebody_switched_off_is_refused_like_a_wrong_password(client: Client) -> None:
    user = make_user(Role.CASHIER, password=PASSWORD)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert log_in(client, user).json()["code"] == "WRONG_CREDENTIALS"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "email"),
        ({"email": "a@example.com"}, "password"),
        ({"email": "a@example.com", "password": ""}, "password"),
        ({"email": "a@example.com", "password": "x" * 129}, "password"),
        ({"email": "a@example.com", "password": 12}, "password"),
        ({"email": "a@example.com", "password": "x", "remember": True}, "remember"),
    ],
)
def test_malformed_log_ins_name_the_field(client: Client, body: dict[str, Any], field: str) -> None:
    answer = client.post(f"{API}/auth/login", body, content_type="application/json")
    assert answer.status_code == 422
    assert field in [error["loc"][-1] for error in answer.json()["errors"]]


def test_a_form_of_another_site_cannot_log_anybody_in(client: Client) -> None:
    make_user(Role.CASHIER, email="a@example.com", password=PASSWORD)
    body = json.dumps({"email": "a@example.com", "password": PASSWORD})
    answer = client.post(f"{API}/auth/login", body, content_type="text/plain")
    assert (answer.status_code, answer.json()["code"]) == (415, "NOT_JSON")


def test_the_session_cookie_needs_the_csrf_token_for_changes(browser: Client) -> None:
    csrf = log_in(browser, make_user(Role.CASHIER, password=PASSWORD)).json()["csrf_token"]
    assert browser.get(f"{API}/auth/me").status_code == 200
    assert browser.post(f"{API}/auth/logout").status_code == 401
    assert browser.get(f"{API}/auth/me").status_code == 200
    assert browser.post(f"{API}/auth/logout", headers={"X-CSRFToken": csrf}).status_code == 204
    assert browser.get(f"{API}/auth/me").status_code == 401
    assert not SignIn.objects.exists()
    assert audit("user.signed_out")


def test_a_bearer_token_needs_no_csrf_token(browser: Client) -> None:
    from qafila.identity.tests.factories import token_for

    token = token_for(make_user(Role.CASHIER))
    headers = {"Authorization": f"Bearer {token}"}
    assert browser.post(f"{API}/auth/2fa/enrol", headers=headers).status_code == 200


def test_the_session_key_changes_at_log_in(client: Client) -> None:
    """A session that somebody planted in the browser before is not the one that is signed in."""
    user = make_user(Role.CASHIER, password=PASSWORD)
    enrol(user)
    log_in(client, user)
    planted = client.cookies["qafila"].value
    log_in(client, user)
    assert client.cookies["qafila"].value != planted


def test_two_factors_password_alone_signs_nobody_in(client: Client, clock_of_phones: list[int]) -> None:
    user = make_user(Role.CASHIER, password=PASSWORD)
    phone, _ = enrol(user)
    answer = log_in(client, user)
    assert (answer.status_code, answer.json()["second_factor_required"], answer.json()["user"]) == (200, True, None)
    assert client.get(f"{API}/auth/me").status_code == 401
    between = client.cookies["qafila"].value
    answer = verify(client, phone.code())
    assert answer.json()["user"]["email"] == user.email
    assert client.get(f"{API}/auth/me").json()["two_factor"] is True
    assert client.cookies["qafila"].value != between
    assert SignIn.objects.get(user=user).second_factor


def test_a_code_is_good_once(client: Client, clock_of_phones: list[int]) -> None:
    user = make_user(Role.CASHIER, password=PASSWORD)
    phone, _ = enrol(user)
    log_in(client, user)
    code = phone.code()
    assert verify(client, code).status_code == 200
    thief = Client()
    log_in(thief, user)
    answer = verify(thief, code)
    assert (answer.status_code, answer.json()["code"]) == (401, "WRONG_CODE")
    assert thief.get(f"{API}/auth/me").status_code == 401
    assert audit("user.log_in_failed")[-1].after["why"] == "wrong_code"
    clock_of_phones[0] += 1
    assert verify(thief, phone.code()).status_code == 200


def test_a_code_older_than_one_used_is_refused(client: Client, clock_of_phones: list[int]) -> None:
    user = make_user(Role.CASHIER, password=PASSWORD)
    phone, _ = enrol(user)
    log_in(client, user)
    assert verify(client, phone.code(+1)).status_code == 200
    log_in(client, user)
    assert verify(client, phone.code()).status_code == 401


def test_a_recovery_code_opens_once(client: Client, clock_of_phones: list[int]) -> None:
    user = make_user(Role.CASHIER, password=PASSWORD)
    _, recovery = enrol(user)
    assert len(recovery) == 10
    log_in(client, user)
    assert verify(client, recovery[3]).status_code == 200
    assert audit("user.signed_in")[-1].after["by"] == "recovery_code"
    log_in(client, user)
    assert verify(client, recovery[3]).json()["code"] == "WRONG_CODE"
    assert verify(client, recovery[4]).status_code == 200


def test_a_code_without_a_password_before_it_is_refused(client: Client) -> None:
    assert verify(client, "123456").json()["code"] == "NO_LOG_IN_UNDER_WAY"


def test_ten_minutes_after_the_password_the_code_comes_too_late(
    client: Client, clock_of_phones: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    from qafila.identity import signing_in

    user = make_user(Role.CASHIER, password=PASSWORD)
    phone, _ = enrol(user)
    log_in(client, user)
    monkeypatch.setattr(signing_in, "PENDING_LASTS", -1)
    assert verify(client, phone.code()).json()["code"] == "NO_LOG_IN_UNDER_WAY"


def test_thirty_one_attempts_a_minute_from_one_address_are_too_many(client: Client, settings: LazySettings) -> None:
    settings.LOGIN_RATE = 2
    for _ in range(2):
        assert log_in(client, "nobody@example.com").status_code == 401
    answer = log_in(client, "somebody@example.com")
    assert (answer.status_code, answer.json()["code"]) == (429, "TOO_MANY_REQUESTS")
    assert 1 <= int(answer["Retry-After"]) <= 60


class TestWhereTwoFactorsAreCompulsory:
    @pytest.fixture(autouse=True)
    def _compulsory(self, settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> None:
        from qafila.identity import registry

        settings.REQUIRE_2FA = True
        monkeypatch.setattr(registry, "moving_money", lambda: frozenset({"admin.settings.edit"}))

    def test_who_moves_money_without_them_gets_no_session_by_api(self, client: Client) -> None:
        answer = log_in(client, make_user(Role.CEO, password=PASSWORD))
        assert (answer.status_code, answer.json()["code"]) == (403, "TWO_FACTOR_REQUIRED")
        assert client.get(f"{API}/auth/me").status_code == 401

    def test_nor_a_token(self) -> None:
        boss, money = as_role(Role.CEO), make_user(Role.CEO, password=PASSWORD)
        answer = boss.send("POST", "/auth/tokens", {"name": "x", "password": "?"})
        assert answer.json()["code"] == "WRONG_PASSWORD"  # the password first
        mover = caller(money)
        answer = mover.send("POST", "/auth/tokens", {"name": "x", "password": PASSWORD})
        assert (answer.status_code, answer.json()["code"]) == (403, "TWO_FACTOR_REQUIRED")

    def test_who_moves_no_money_needs_one(self, client: Client) -> None:
        assert log_in(client, make_user(Role.AUDITOR, password=PASSWORD)).status_code == 200

    def test_with_them_everything_is_open(self, client: Client, clock_of_phones: list[int]) -> None:
        user = make_user(Role.CEO, password=PASSWORD)
        phone, _ = enrol(user)
        log_in(client, user)
        assert verify(client, phone.code()).status_code == 200
        assert client.get(f"{API}/auth/me").json()["two_factor_compulsory"] is True

    def test_they_cannot_be_removed(self, client: Client, clock_of_phones: list[int]) -> None:
        user = make_user(Role.CEO, password=PASSWORD)
        phone, _ = enrol(user)
        log_in(client, user)
        verify(client, phone.code())
        assert client.delete(f"{API}/auth/2fa").json()["code"] == "TWO_FACTOR_COMPULSORY"


def test_the_rooms_say_which_rights_move_money() -> None:
    from qafila.identity import registry

    assert registry.moving_money() == {n for n, d in registry.collect().items() if d.right.moves_money}
    assert Right("a.b", "c", moves_money=True).moves_money
