"""A forgotten password: a link by mail, good once, for two hours, telling nothing about who logs in here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from qafila.identity.facts import PasswordResetAsked
from qafila.identity.models import SignIn, User
from qafila.identity.tests.factories import API, PASSWORD, anonymous, make_user
from qafila.identity.types import Role
from qafila.kernel import facts
from qafila.kernel.actor import Actor
from qafila.kernel.models import AuditEntry

pytestmark = pytest.mark.django_db
NEW = "another caravan 8"


@pytest.fixture
def asked(settings: LazySettings) -> Iterator[list[PasswordResetAsked]]:
    """What identity announces; who sends the mail is another room's matter."""
    settings.REQUIRE_2FA = False
    heard: list[PasswordResetAsked] = []

    def hear(actor: Actor, fact: PasswordResetAsked) -> None:
        heard.append(fact)

    before = facts._reactions.pop(PasswordResetAsked, [])
    facts._reactions[PasswordResetAsked] = [facts.Reaction(PasswordResetAsked, "identity", "hear", "", hear)]
    yield heard
    facts._reactions[PasswordResetAsked] = before


def ask(email: str) -> Any:
    return anonymous().send("POST", "/auth/password/reset", {"email": email})


def path(fact: PasswordResetAsked) -> str:
    assert fact.url.startswith("http://testserver/password/reset/")
    return fact.url.removeprefix("http://testserver")


@pytest.fixture
def user() -> User:
    return make_user(Role.AUDITOR, password=PASSWORD)


def test_the_answer_is_the_same_whether_anybody_logs_in_so(user: User, asked: list[PasswordResetAsked]) -> None:
    known, unknown = ask(user.email.upper()), ask("nobody@example.com")
    assert known.status_code == unknown.status_code == 202
    assert known.json() == unknown.json()
    assert [(fact.user_id, fact.email) for fact in asked] == [(user.pk, user.email)]


def test_somebody_switched_off_gets_no_link(user: User, asked: list[PasswordResetAsked]) -> None:
    User.objects.update(is_active=False)
    assert ask(user.email).status_code == 202
    assert asked == []


def test_the_page_asks_too(user: User, asked: list[PasswordResetAsked], client: Client) -> None:
    assert client.get("/password/forgot").status_code == 200
    answer = client.post("/password/forgot", {"email": user.email})
    assert "on its way" in answer.content.decode()
    assert len(asked) == 1
    assert client.post("/password/forgot", {}).status_code == 422


def test_the_link_sets_a_new_password_once(user: User, asked: list[PasswordResetAsked], client: Client) -> None:
    signed = Client()
    signed.post("/login", {"email": user.email, "password": PASSWORD})
    ask(user.email)
    link = path(asked[0])
    assert client.get(link).status_code == 200
    differs = client.post(link, {"password": NEW, "again": "something else"})
    assert differs.status_code == 422
    weak = client.post(link, {"password": "short", "again": "short"})
    assert weak.status_code == 422
    assert client.post(link, {"password": NEW, "again": NEW})["Location"] == "/login"
    assert not SignIn.objects.exists()
    assert signed.get(f"{API}/auth/me").status_code == 401
    assert client.post("/login", {"email": user.email, "password": PASSWORD}).status_code == 401
    assert client.post("/login", {"email": user.email, "password": NEW}).status_code == 302
    assert AuditEntry.objects.filter(action="user.password_reset", entity_id=user.pk).exists()
    used = Client().post(link, {"password": "a third one 99", "again": "a third one 99"})
    assert used.status_code == 409
    assert "used before or is older" in used.content.decode()


def test_the_link_is_good_for_two_hours(user: User, asked: list[PasswordResetAsked], settings: LazySettings) -> None:
    ask(user.email)
    assert settings.PASSWORD_RESET_TIMEOUT == 7200
    settings.PASSWORD_RESET_TIMEOUT = -1
    assert Client().get(path(asked[0])).status_code == 409


@pytest.mark.parametrize(
    "link", ["/password/reset/x/y", "/password/reset/%ff/y", "/password/reset/OTk5OTk5OTk5OTk5OTk5OTk5OTk5/y"]
)
def test_an_invented_link_is_refused(link: str, client: Client) -> None:
    assert client.get(link).status_code == 409


def test_it_ends_a_lock_out(user: User, asked: list[PasswordResetAsked], client: Client) -> None:
    for n in range(10):
        client.post("/login", {"email": user.email, "password": f"guess {n}"})
    ask(user.email)
    client.post(path(asked[0]), {"password": NEW, "again": NEW})
    assert client.post("/login", {"email": user.email, "password": NEW}).status_code == 302


def test_three_links_an_hour_are_enough_for_one_person(user: User, asked: list[PasswordResetAsked]) -> None:
    assert [ask(user.email).status_code for _ in range(5)] == [202] * 5
    assert len(asked) == 3


def test_the_link_carries_the_address_that_the_operator_gave(
    user: User, asked: list[PasswordResetAsked], settings: LazySettings
) -> None:
    settings.PUBLIC_URL = "https://qafila.example"
    ask(user.email)
    assert asked[0].url.startswith("https://qafila.example/password/reset/")
