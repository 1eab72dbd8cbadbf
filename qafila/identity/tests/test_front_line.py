"""What strangers send: addresses, cookies, headers and codes made up to break in or break down."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.conf import LazySettings
from django.db.models import F
from django.test import Client, RequestFactory

from qafila.identity import jobs
from qafila.identity.addresses import client_ip
from qafila.identity.models import SignIn
from qafila.identity.tests.factories import API, PASSWORD, enrol, make_user, signed_in
from qafila.identity.types import Role
from qafila.kernel.models import AuditEntry


@pytest.mark.parametrize(
    ("proxies", "forwarded", "believed"),
    [
        (0, "", "192.0.2.1"),
        (0, "203.0.113.9", "192.0.2.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        (2, "198.51.100.1, 203.0.113.9, 10.0.0.1", "203.0.113.9"),
        (2, "203.0.113.9", "192.0.2.1"),
        (1, "nonsense", "192.0.2.1"),
        (1, "2001:db8::7", "2001:db8::7"),
    ],
)
def test_an_address_is_believed_from_our_own_proxies_only(
    proxies: int, forwarded: str, believed: str, settings: LazySettings
) -> None:
    settings.TRUSTED_PROXIES = proxies
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.1", headers={"X-Forwarded-For": forwarded})
    assert client_ip(request) == believed


def test_no_address_at_all_is_none() -> None:
    assert client_ip(RequestFactory().get("/", REMOTE_ADDR="")) is None


@pytest.mark.django_db
class TestMadeUpThings:
    @pytest.mark.parametrize(
        "cookie", ['"\\000\\000\\000\\000\\000\\000\\000\\000"', "x" * 40, "0" * 32, "../../etc", "é" * 32]
    )
    def test_a_made_up_session_cookie_is_nobodys(self, cookie: str) -> None:
        client = Client(headers={"Cookie": f"qafila={cookie}"})
        assert client.get(f"{API}/auth/me").status_code == 401
        assert client.get("/account").status_code == 302
        assert client.post("/login", {"email": "a@example.com", "password": "x"}).status_code == 401

    @pytest.mark.parametrize("code", ["①②③④⑤⑥", "123 456", "-1-2-3", "'; --12", "𝟙𝟚𝟛𝟜𝟝𝟞", "000000"])
    def test_made_up_codes_are_wrong_codes(self, code: str, settings: LazySettings) -> None:
        settings.REQUIRE_2FA = False
        user = make_user(Role.AUDITOR, password=PASSWORD)
        enrol(user)
        client = Client()
        client.post("/login", {"email": user.email, "password": PASSWORD})
        answer = client.post(f"{API}/auth/2fa/verify", {"code": code}, content_type="application/json")
        assert (answer.status_code, answer.json()["code"]) == (401, "WRONG_CODE")

    @pytest.mark.parametrize(
        "email", ["ünïcödé@example.com", "' OR 1=1 --", "a@b" + "c" * 190, "%s%d", "💥@💥.example"]
    )
    def test_made_up_e_mails_are_unknown_people(self, email: str) -> None:
        body = {"email": email, "password": "x"}
        assert Client().post(f"{API}/auth/login", body, content_type="application/json").status_code == 401

    @pytest.mark.parametrize(
        "body", ["", "[]", "null", "{", '{"email": "\\ud800@x.y", "password": "x"}', '"x"', "1e999"]
    )
    def test_broken_bodies_are_bad_input(self, body: str) -> None:
        answer = Client().post(f"{API}/auth/login", body, content_type="application/json")
        assert answer.status_code in (400, 422)
        assert answer["Content-Type"] == "application/problem+json"

    def test_numbers_beyond_any_row_are_not_found(self) -> None:
        client = signed_in(make_user(Role.AUDITOR))
        for path in (f"{API}/auth/sessions/{2**63 - 1}", f"{API}/auth/tokens/{2**63 - 1}"):
            assert client.delete(path).status_code == 404
        assert client.delete(f"{API}/auth/tokens/{2**63}").status_code == 422
        assert client.post(f"/account/sessions/{10**30}/end", headers={"HX-Request": "true"}).status_code in (404, 422)

    def test_a_browser_that_says_too_much_is_cut_short(self) -> None:
        user = make_user(Role.AUDITOR, password=PASSWORD)
        client = Client(headers={"User-Agent": "x" * 5000})
        assert client.post("/login", {"email": user.email, "password": PASSWORD}).status_code == 302
        assert len(SignIn.objects.get(user=user).user_agent) == 300

    def test_nothing_secret_reaches_the_failures_that_are_kept(self, settings: LazySettings) -> None:
        settings.REQUIRE_2FA = False
        user = make_user(Role.AUDITOR, password=PASSWORD)
        enrol(user)
        client = Client()
        client.post("/login", {"email": user.email, "password": "a secret guess"})
        client.post("/login", {"email": user.email, "password": PASSWORD})
        client.post("/login/verify", {"code": "424242"})
        kept = [f"{row.post_data} {row.get_data}" for row in AccessAttempt.objects.all()]
        told = [str(row.after) for row in AuditEntry.objects.filter(action="user.log_in_failed")]
        assert len(told) == 2
        assert not [text for text in kept + told if "a secret guess" in text or "424242" in text]


@pytest.mark.django_db
def test_what_ended_long_ago_is_swept_at_night() -> None:
    user = make_user(Role.AUDITOR)
    signed_in(user)
    signed_in(user)
    SignIn.objects.filter(pk=SignIn.objects.latest("pk").pk).update(created_at=F("created_at") - timedelta(hours=14))
    given: dict[str, Any] = {"user_agent": "x", "http_accept": "", "path_info": "", "failures_since_start": 1}
    for age in (0, 25):
        row = AccessAttempt.objects.create(username=f"a{age}@example.com", **given)
        AccessAttempt.objects.filter(pk=row.pk).update(attempt_time=F("attempt_time") - timedelta(hours=age))
    jobs.sweep(0)
    assert SignIn.objects.count() == 1
    assert [row.username for row in AccessAttempt.objects.all()] == ["a0@example.com"]
