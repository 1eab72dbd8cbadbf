"""Bearer tokens: shown once, kept as a hash, ended by time or by hand, limited in speed."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from qafila.identity import api_rate, tokens
from qafila.identity.actions.create_token import create_token
from qafila.identity.actions.revoke_token import revoke_token
from qafila.identity.models import ApiToken, User
from qafila.identity.tests.factories import (
    API,
    PASSWORD,
    Caller,
    actor_with,
    anonymous,
    as_role,
    caller,
    deny,
    expire,
    make_user,
    token_for,
)
from qafila.identity.types import Role
from qafila.kernel import clock
from qafila.kernel.actor import SYSTEM
from qafila.kernel.errors import Invalid, MissingRight, NotFound
from qafila.kernel.models import AuditEntry, RateBucket

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _one_factor_is_enough(settings: LazySettings) -> None:
    settings.REQUIRE_2FA = False


def bearing(token: str) -> Caller:
    return Caller(headers={"Authorization": f"Bearer {token}"})


def test_the_token_itself_is_nowhere_in_the_database() -> None:
    token = token_for(make_user(Role.CASHIER))
    assert token.startswith("qf_live_")
    assert len(token) == 51
    row = ApiToken.objects.get()
    assert row.digest == hashlib.sha256(token.encode()).hexdigest()
    with connection.cursor() as cursor:
        for table in ("identity_apitoken", "kernel_auditentry"):
            cursor.execute(f"SELECT count(*) FROM {table} t WHERE t::text LIKE %s", [f"%{token[20:]}%"])
            assert cursor.fetchone() == (0,)


def test_it_carries_its_persons_rights_of_this_moment() -> None:
    user = make_user(Role.ADMIN_HR)
    who = caller(user)
    assert "admin.users.edit" in who.send("GET", "/auth/me").json()["rights"]
    deny(user, "admin.users.edit")
    assert "admin.users.edit" not in who.send("GET", "/auth/me").json()["rights"]


@pytest.mark.parametrize("header", ["Bearer", "Bearer nonsense", "Basic YTpi", "bearer ", "qf_live_x", "Bearer \u00e9"])
def test_a_token_that_is_none_is_refused_and_never_taken_for_nobody(header: str) -> None:
    answer = Caller(headers={"Authorization": header}).get(f"{API}/openapi.json")
    assert (answer.status_code, answer.json()["code"]) == (401, "TOKEN_INVALID")
    assert answer["Content-Type"] == "application/problem+json"


def test_a_bad_token_is_refused_even_where_a_session_would_do(client: Caller, settings: LazySettings) -> None:
    settings.REQUIRE_2FA = False
    user = make_user(Role.CASHIER, password=PASSWORD)
    client.post(f"{API}/auth/login", {"email": user.email, "password": PASSWORD}, content_type="application/json")
    assert client.get(f"{API}/auth/me").status_code == 200
    answer = client.get(f"{API}/auth/me", headers={"Authorization": "Bearer qf_live_wrong"})
    assert answer.json()["code"] == "TOKEN_INVALID"


def test_an_expired_token_says_so() -> None:
    token = token_for(make_user(Role.CASHIER))
    assert bearing(token).send("GET", "/auth/me").status_code == 200
    expire(token)
    answer = bearing(token).send("GET", "/auth/me")
    assert (answer.status_code, answer.json()["code"]) == (401, "TOKEN_EXPIRED")


def test_it_expires_after_its_days() -> None:
    token = token_for(make_user(Role.CASHIER), days=30)
    with clock.standing_at(clock.now() + timedelta(days=29, hours=23)):
        assert bearing(token).send("GET", "/auth/me").status_code == 200
    with clock.standing_at(clock.now() + timedelta(days=30, seconds=1)):
        assert bearing(token).send("GET", "/auth/me").json()["code"] == "TOKEN_EXPIRED"


def test_a_revoked_token_stops_at_once_and_revoking_twice_changes_nothing() -> None:
    who = as_role(Role.CASHIER)
    (row,) = who.send("GET", "/auth/tokens").json()["items"]
    assert (row["state"], row["name"]) == ("live", "test")
    assert "token" not in row
    assert "digest" not in row
    assert who.send("DELETE", f"/auth/tokens/{row['id']}").status_code == 204
    assert who.send("GET", "/auth/me").json()["code"] == "TOKEN_INVALID"
    assert who.user is not None
    revoke_token(actor=SYSTEM, token_id=row["id"])
    assert AuditEntry.objects.filter(action="token.revoked").count() == 1


def test_a_person_switched_off_takes_their_tokens_along() -> None:
    who = as_role(Role.CASHIER)
    User.objects.update(is_active=False)
    assert who.send("GET", "/auth/me").json()["code"] == "TOKEN_INVALID"


def test_somebody_elses_token_is_not_there() -> None:
    mine, theirs = as_role(Role.CASHIER), as_role(Role.CASHIER)
    (row,) = theirs.send("GET", "/auth/tokens").json()["items"]
    assert mine.send("DELETE", f"/auth/tokens/{row['id']}").status_code == 404
    assert theirs.send("GET", "/auth/me").status_code == 200


def test_who_looks_after_tokens_may_end_anybodys() -> None:
    user = make_user(Role.CASHIER)
    token_for(user)
    revoke_token(actor=actor_with(Role.IT_ADMIN), token_id=ApiToken.objects.get(user=user).pk)
    assert ApiToken.objects.get(user=user).revoked_at is not None


def test_making_one_needs_the_password_when_a_token_asks() -> None:
    """A token that leaked must not be able to make itself permanent."""
    who = as_role(Role.CASHIER, password=PASSWORD)
    answer = who.send("POST", "/auth/tokens", {"name": "again"})
    assert (answer.status_code, answer.json()["code"]) == (403, "PASSWORD_NEEDED")
    assert who.send("POST", "/auth/tokens", {"name": "again", "password": "wrong"}).json()["code"] == "WRONG_PASSWORD"
    answer = who.send("POST", "/auth/tokens", {"name": "again", "password": PASSWORD, "days": 7})
    assert answer.status_code == 201
    assert bearing(answer.json()["token"]).send("GET", "/auth/me").status_code == 200
    entry = AuditEntry.objects.filter(action="token.created").latest("id")
    assert entry.after == {"name": "again", "user_id": who.user.pk, "days": 7}  # type: ignore[union-attr]


@pytest.mark.parametrize("body", [{"name": ""}, {"name": "x", "days": 0}, {"name": "x", "days": 3651}, {"days": 1}])
def test_a_malformed_token_request_is_refused(body: dict[str, object]) -> None:
    assert as_role(Role.CASHIER).send("POST", "/auth/tokens", body).status_code == 422


def test_another_persons_token_is_made_only_by_who_may() -> None:
    user = make_user(Role.CASHIER)
    with pytest.raises(MissingRight, match=r"admin\.tokens"):
        create_token(actor=actor_with(Role.ADMIN_HR), user_id=user.pk, name="x")
    assert create_token(actor=actor_with(Role.IT_ADMIN), user_id=user.pk, name="x").startswith(tokens.PREFIX)
    with pytest.raises(NotFound):
        create_token(actor=SYSTEM, user_id=10**9, name="x")
    with pytest.raises(Invalid):
        create_token(actor=SYSTEM, user_id=user.pk, name="x", days=-1)


def test_a_request_by_token_costs_one_query_to_know_who_asks(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    who = as_role(Role.CEO)
    who.get(f"{API}/openapi.json")
    with django_assert_num_queries(1):
        who.get(f"{API}/openapi.json")


def test_last_use_is_kept_to_five_minutes() -> None:
    who = as_role(Role.CASHIER)
    start = clock.now()

    def used() -> float:
        who.send("GET", "/auth/me")
        at = ApiToken.objects.get().last_used_at
        assert at is not None
        return (at - start).total_seconds()

    with clock.standing_at(start):
        assert used() < 60
    with clock.standing_at(start + timedelta(minutes=4)):
        assert used() < 60
    with clock.standing_at(start + timedelta(minutes=6)):
        assert used() >= 360


class TestTheRateLimit:
    def test_beyond_it_a_token_is_told_to_wait(self, settings: LazySettings) -> None:
        settings.API_RATE = 3
        who = as_role(Role.CASHIER)
        assert [who.send("GET", "/auth/me").status_code for _ in range(3)] == [200] * 3
        answer = who.send("GET", "/auth/me")
        assert (answer.status_code, answer.json()["code"]) == (429, "TOO_MANY_REQUESTS")
        assert 1 <= int(answer["Retry-After"]) <= 60
        assert as_role(Role.CASHIER).send("GET", "/auth/me").status_code == 200
        with clock.standing_at(clock.now() + timedelta(minutes=1)):
            assert who.send("GET", "/auth/me").status_code == 200

    def test_all_processes_share_one_count_and_a_restart_forgets_nothing(self, settings: LazySettings) -> None:
        settings.API_RATE = 80  # lots of two
        with clock.standing_at(clock.now().replace(second=1)):
            let_through = 0
            for _ in range(100):
                api_rate.forget()
                try:
                    api_rate.count(7)
                except Exception:
                    break
                let_through += 1
        assert let_through == 40  # each "process" used one permit of its lot; never more than the limit

    def test_one_process_gets_all_of_it_for_a_fortieth_of_the_writes(
        self, settings: LazySettings, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        settings.API_RATE = 80
        with clock.standing_at(clock.now().replace(second=1)), django_assert_num_queries(40):
            for _ in range(80):
                api_rate.count(7)
        assert RateBucket.objects.get(key="api:7").count == 80

    def test_zero_means_no_limit(
        self, settings: LazySettings, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        settings.API_RATE = 0
        with django_assert_num_queries(0):
            for _ in range(100):
                api_rate.count(7)


def test_the_actor_of_nobody_is_refused_not_missing() -> None:
    assert anonymous().send("DELETE", "/auth/sessions").status_code == 401
