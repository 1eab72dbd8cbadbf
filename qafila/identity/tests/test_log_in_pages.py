"""The log-in pages, as a browser without a script meets them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from qafila.identity import registry
from qafila.identity.models import SignIn, User
from qafila.identity.tests.factories import PASSWORD, Phone, enrol, make_user
from qafila.identity.types import Role

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _two_factors_for_who_moves_money(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.REQUIRE_2FA = True
    monkeypatch.setattr(registry, "moving_money", lambda: frozenset({"admin.settings.edit"}))


def log_in(client: Client, user: User, password: str = PASSWORD, **more: str) -> Any:
    return client.post("/login", {"email": user.email, "password": password, **more})


def text(response: Any) -> str:
    return str(response.content.decode())


def test_a_page_sends_a_stranger_to_the_log_in_and_back(client: Client) -> None:
    answer = client.get("/account?tab=x")
    assert (answer.status_code, answer["Location"]) == (302, "/login?next=%2Faccount%3Ftab%3Dx")
    form = text(client.get(answer["Location"]))
    assert 'name="next" value="/account?tab=x"' in form
    answer = log_in(client, make_user(Role.AUDITOR, password=PASSWORD), next="/account?tab=x")
    assert (answer.status_code, answer["Location"]) == (302, "/account?tab=x")
    assert client.get("/account").status_code == 200


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example"]
)
def test_the_way_back_never_leads_to_another_site(client: Client, elsewhere: str) -> None:
    answer = log_in(client, make_user(Role.AUDITOR, password=PASSWORD), next=elsewhere)
    assert answer["Location"] == "/app"


def test_wrong_password_and_unknown_person_see_the_same_page(client: Client) -> None:
    user = make_user(Role.AUDITOR, email="same@example.com", password=PASSWORD)
    wrong = log_in(client, user, "not this one")
    user.email = "none@example.com"
    unknown = log_in(client, user)
    assert wrong.status_code == unknown.status_code == 401

    def plain(response: Any) -> str:
        page = re.sub(r'(csrf-token" content|csrfmiddlewaretoken" value)="[^"]+"', "", text(response))
        return re.sub(r"(same|none)@example.com", "", page)

    assert plain(wrong) == plain(unknown)
    assert "do not belong together" in text(wrong)


def test_an_empty_form_is_told_what_is_missing(client: Client) -> None:
    assert client.post("/login", {}).status_code == 422


def test_a_password_keeps_its_blanks(client: Client) -> None:
    user = make_user(Role.AUDITOR, password=" blanks at both ends ")
    assert log_in(client, user, " blanks at both ends ").status_code == 302


def test_the_form_needs_its_csrf_token(browser: Client) -> None:
    user = make_user(Role.AUDITOR, password=PASSWORD)
    assert log_in(browser, user).status_code == 403
    page = text(browser.get("/login"))
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token
    assert log_in(browser, user, csrfmiddlewaretoken=token[1]).status_code == 302


def test_who_is_signed_in_is_sent_home_from_the_log_in(client: Client) -> None:
    log_in(client, make_user(Role.AUDITOR, password=PASSWORD))
    assert client.get("/login")["Location"] == "/app"


def test_signing_out_ends_the_session(client: Client) -> None:
    log_in(client, make_user(Role.AUDITOR, password=PASSWORD))
    assert client.get("/logout").status_code == 405
    assert client.post("/logout")["Location"] == "/login"
    assert client.get("/account").status_code == 302
    assert not SignIn.objects.exists()
    assert client.post("/logout").status_code == 302


def test_the_second_step_asks_for_the_code(client: Client, clock_of_phones: list[int]) -> None:
    user = make_user(Role.CEO, password=PASSWORD)
    phone, _ = enrol(user)
    assert client.get("/login/verify")["Location"] == "/login"
    assert log_in(client, user, next="/account/two-factor")["Location"] == "/login/verify"
    assert client.get("/account").status_code == 302
    assert "authenticator app" in text(client.get("/login/verify"))
    wrong = client.post("/login/verify", {"code": "000000"})
    assert wrong.status_code == 401
    assert "wrong, too old, or was used" in text(wrong)
    assert client.post("/login/verify", {"code": phone.code()})["Location"] == "/account/two-factor"
    assert client.get("/account").status_code == 200


class TestFirstLogInWhereTwoFactorsAreCompulsory:
    def test_leads_to_the_set_up_and_nowhere_else(self, client: Client) -> None:
        assert log_in(client, make_user(Role.CEO, password=PASSWORD)).status_code == 302
        for path in ("/account", "/groups", "/nowhere"):
            answer = client.get(path)
            assert (answer.status_code, answer["Location"]) == (302, "/account/two-factor")
        answer = client.get("/account", headers={"HX-Request": "true"})
        assert (answer.status_code, answer["HX-Redirect"]) == (204, "/account/two-factor")
        answer = client.get("/api/v1/auth/tokens")
        assert (answer.status_code, answer.json()["code"]) == (403, "TWO_FACTOR_REQUIRED")

    def test_the_set_up_opens_the_house(self, client: Client, clock_of_phones: list[int]) -> None:
        user = make_user(Role.CEO, password=PASSWORD)
        log_in(client, user)
        page = text(client.get("/account/two-factor"))
        assert 'src="data:image/svg+xml;base64,' in page
        sealed = re.search(r'name="offer" value="([^"]+)"', page)
        secret = re.search(r"([A-Z2-7]{4} ){7}[A-Z2-7]{4}", page)
        assert sealed
        assert secret
        phone = Phone(secret[0].replace(" ", ""))
        wrong = client.post("/account/two-factor/confirm", {"offer": sealed[1], "code": "000000"}, headers=HTMX)
        assert (wrong.status_code, wrong.json()["errors"][0]["loc"]) == (422, ["code"])
        assert client.get("/account").status_code == 302
        right = client.post("/account/two-factor/confirm", {"offer": sealed[1], "code": phone.code()}, headers=HTMX)
        assert right.status_code == 200
        assert len(re.findall(r"<li>\d{8}</li>", text(right))) == 10
        assert client.get("/account").status_code == 200

    def test_who_moves_no_money_is_let_in(self, client: Client) -> None:
        log_in(client, make_user(Role.AUDITOR, password=PASSWORD))
        assert client.get("/account").status_code == 200

    def test_signing_out_is_always_possible(self, client: Client) -> None:
        log_in(client, make_user(Role.CEO, password=PASSWORD))
        assert client.post("/logout")["Location"] == "/login"

    def test_switched_off_nobody_is_asked(self, client: Client, settings: LazySettings) -> None:
        settings.REQUIRE_2FA = False
        log_in(client, make_user(Role.CEO, password=PASSWORD))
        assert client.get("/account").status_code == 200

    def test_a_right_that_moves_money_given_later_asks_at_the_next_click(self, client: Client) -> None:
        from qafila.identity.tests.factories import allow

        user = make_user(Role.AUDITOR, password=PASSWORD)
        log_in(client, user)
        assert client.get("/account").status_code == 200
        allow(user, "admin.settings.edit")
        assert client.get("/account")["Location"] == "/account/two-factor"


HTMX = {"HX-Request": "true"}


def test_the_demo_says_that_two_factors_are_off(client: Client, settings: LazySettings) -> None:
    settings.DEMO, settings.REQUIRE_2FA = True, False
    log_in(client, make_user(Role.CEO, password=PASSWORD))
    assert "banner-danger" in text(client.get("/account"))


def test_knowing_who_asks_costs_two_queries_by_session(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    log_in(client, make_user(Role.AUDITOR, password=PASSWORD))
    with django_assert_num_queries(2):
        assert client.get("/api/v1/openapi.json").status_code == 200


def test_a_stranger_costs_none(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        client.get("/login")


def test_no_cache_keeps_what_a_signed_in_person_saw(client: Client) -> None:
    log_in(client, make_user(Role.AUDITOR, password=PASSWORD))
    assert client.get("/account")["Cache-Control"] == "no-store"


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(client: Client) -> None:
    log_in(client, make_user(Role.AUDITOR, password=PASSWORD))
    cookie = client.cookies["qafila"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
