"""Ten failures lock a log-in for 15 minutes, wherever they come from, and the database remembers."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from axes.handlers.proxy import AxesProxyHandler
from axes.models import AccessAttempt
from django.conf import LazySettings
from django.contrib.auth.backends import ModelBackend
from django.db import connections
from django.db.models import F
from django.test import Client

from qafila.identity.models import User
from qafila.identity.tests.factories import API, PASSWORD, enrol, make_user
from qafila.identity.types import Role

BROWSERS = ("Firefox", "Chrome", "curl")


@pytest.fixture(autouse=True)
def _as_often_as_they_like(settings: LazySettings) -> None:
    settings.LOGIN_RATE, settings.REQUIRE_2FA = 1000, False


def by_api(client: Client, email: str, password: str, browser: str = "Firefox", ip: str = "203.0.113.7") -> Any:
    return client.post(
        f"{API}/auth/login",
        {"email": email, "password": password},
        content_type="application/json",
        headers={"User-Agent": browser},
        REMOTE_ADDR=ip,
    )


def by_page(client: Client, email: str, password: str) -> Any:
    return client.post("/login", {"email": email, "password": password})


def let_pass(minutes: float) -> None:
    """Time passes: the failures grow older. (Only then is a lock lifted, so no test needs to wait.)"""
    AccessAttempt.objects.update(attempt_time=F("attempt_time") - timedelta(minutes=minutes))


def fail(client: Client, user: User, times: int) -> Any:
    answer = None
    for n in range(times):
        answer = by_api(client, user.email, f"guess {n}", BROWSERS[n % 3], f"203.0.113.{n % 7}")
    return answer


@pytest.mark.django_db
class TestAfterTenFailures:
    def test_the_eleventh_is_refused_though_the_password_is_right(self, client: Client) -> None:
        user = make_user(Role.CASHIER, password=PASSWORD)
        assert fail(client, user, 9).json()["code"] == "WRONG_CREDENTIALS"
        assert by_api(client, user.email, "the tenth").json()["code"] == "LOCKED_OUT"
        answer = by_api(client, user.email, PASSWORD)
        assert (answer.status_code, answer.json()["code"]) == (429, "LOCKED_OUT")
        assert "15 more minutes" in answer.json()["detail"]
        assert 880 <= int(answer["Retry-After"]) <= 900
        assert client.get(f"{API}/auth/me").status_code == 401

    def test_page_and_api_count_together(self, client: Client) -> None:
        user = make_user(Role.CASHIER, password=PASSWORD)
        fail(client, user, 5)
        for n in range(5):
            by_page(client, user.email, f"guess {n}")
        answer = by_page(client, user.email, PASSWORD)
        assert answer.status_code == 429
        assert "locked for 15 more minutes" in answer.content.decode()
        assert by_api(client, user.email, PASSWORD).status_code == 429

    def test_the_lock_survives_a_restart(self, client: Client) -> None:
        user = make_user(Role.CASHIER, password=PASSWORD)
        fail(client, user, 10)
        AxesProxyHandler.implementation = None  # what a new process starts with
        assert by_api(Client(), user.email, PASSWORD).status_code == 429

    def test_after_fifteen_minutes_the_right_password_opens(self, client: Client) -> None:
        user = make_user(Role.CASHIER, password=PASSWORD)
        fail(client, user, 10)
        let_pass(14.8)
        assert by_api(client, user.email, PASSWORD).status_code == 429
        let_pass(0.3)
        assert by_api(client, user.email, PASSWORD).status_code == 200

    def test_knocking_does_not_make_it_longer(self, client: Client) -> None:
        user = make_user(Role.CASHIER, password=PASSWORD)
        fail(client, user, 10)
        let_pass(14)
        answer = fail(client, user, 5)
        assert "1 more minute." in answer.json()["detail"]
        let_pass(1.1)
        assert by_api(client, user.email, PASSWORD).status_code == 200

    def test_somebody_who_does_not_exist_is_locked_alike(self, client: Client) -> None:
        for n in range(10):
            by_api(client, "nobody@example.com", f"guess {n}")
        assert by_api(client, "nobody@example.com", "x").json()["code"] == "LOCKED_OUT"

    def test_others_are_not_locked(self, client: Client) -> None:
        fail(client, make_user(Role.CASHIER, password=PASSWORD), 10)
        other = make_user(Role.CASHIER, password=PASSWORD)
        assert by_api(client, other.email, PASSWORD).status_code == 200


@pytest.mark.django_db
def test_a_success_starts_the_count_anew(client: Client) -> None:
    user = make_user(Role.CASHIER, password=PASSWORD)
    fail(client, user, 9)
    assert by_api(client, user.email, PASSWORD).status_code == 200
    fail(client, user, 9)
    assert by_api(client, user.email, PASSWORD).status_code == 200


@pytest.mark.django_db
def test_wrong_codes_count_like_wrong_passwords(client: Client, clock_of_phones: list[int]) -> None:
    user = make_user(Role.CASHIER, password=PASSWORD)
    phone, _ = enrol(user)
    by_api(client, user.email, PASSWORD)
    for n in range(10):
        answer = client.post(f"{API}/auth/2fa/verify", {"code": f"00000{n}"}, content_type="application/json")
    assert answer.json()["code"] == "LOCKED_OUT"
    answer = client.post(f"{API}/auth/2fa/verify", {"code": phone.code()}, content_type="application/json")
    assert answer.json()["code"] == "LOCKED_OUT"
    assert by_api(client, user.email, PASSWORD).json()["code"] == "LOCKED_OUT"
    let_pass(15.1)
    by_api(client, user.email, PASSWORD)
    answer = client.post(f"{API}/auth/2fa/verify", {"code": phone.code()}, content_type="application/json")
    assert answer.status_code == 200


@pytest.mark.django_db
def test_the_right_password_does_not_forgive_wrong_codes(client: Client, clock_of_phones: list[int]) -> None:
    """Else whoever has the password could guess codes for ever, nine at a time."""
    user = make_user(Role.CASHIER, password=PASSWORD)
    enrol(user)
    for n in range(10):
        by_api(client, user.email, PASSWORD)
        client.post(f"{API}/auth/2fa/verify", {"code": f"00000{n}"}, content_type="application/json")
    assert by_api(client, user.email, PASSWORD).json()["code"] == "LOCKED_OUT"


def test_many_guesses_at_once_are_counted_like_many_in_a_row(
    committed_db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not the answers are counted but the guesses that were compared with the password at all."""
    user = make_user(Role.CASHIER, password=PASSWORD)
    compared: list[str] = []
    compare = ModelBackend.authenticate

    def counted(self: ModelBackend, request: Any, **given: Any) -> Any:
        compared.append(given["password"])
        return compare(self, request, **given)

    monkeypatch.setattr(ModelBackend, "authenticate", counted)

    def guess(n: int) -> None:
        try:
            by_api(Client(), user.email, f"guess {n}", f"Browser {n}")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=guess, args=(n,)) for n in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(compared) == 10
