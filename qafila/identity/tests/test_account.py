"""One's own account: password, browsers, tokens, second factor."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.conf import LazySettings
from django.db.models import F
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from qafila.identity import queries, second_factor
from qafila.identity.errors import EnrolmentExpired
from qafila.identity.models import SignIn, User
from qafila.identity.tests.factories import API, PASSWORD, Phone, as_role, caller, enrol, make_user
from qafila.identity.tests.factories import signed_in as browser_of
from qafila.identity.types import Role
from qafila.kernel.models import AuditEntry
from qafila.kernel.pagination import Window

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
NEW = "another caravan 8"


@pytest.fixture(autouse=True)
def _one_factor_is_enough(settings: LazySettings) -> None:
    settings.REQUIRE_2FA = False


@pytest.fixture
def user() -> User:
    return make_user(Role.AUDITOR, password=PASSWORD)


def signed_in(user: User, password: str = PASSWORD, agent: str = "Firefox") -> Client:
    client = Client(headers={"User-Agent": agent})
    assert client.post("/login", {"email": user.email, "password": password}).status_code == 302
    return client


def is_in(client: Client) -> bool:
    return bool(client.get(f"{API}/auth/me").status_code == 200)


def long_ago() -> None:
    """The log-ins were more than 15 minutes ago."""
    SignIn.objects.update(created_at=F("created_at") - timedelta(minutes=16))


def audited(action: str) -> int:
    return AuditEntry.objects.filter(action=action).count()


class TestBrowsers:
    def test_are_listed_with_the_one_that_asks_marked(self, user: User) -> None:
        signed_in(user, agent="Safari on the old phone")
        here = signed_in(user, agent="Firefox at the counter")
        told = here.get(f"{API}/auth/sessions").json()
        assert told["total"] == 2
        marked = {row["user_agent"]: row["current"] for row in told["items"]}
        assert marked == {"Safari on the old phone": False, "Firefox at the counter": True}
        page = here.get("/account").content.decode()
        assert "Safari on the old phone" in page
        assert "This browser" in page

    def test_one_can_be_signed_out_and_is_out_at_once(self, user: User) -> None:
        there, here = signed_in(user), signed_in(user)
        (row,) = [row for row in here.get(f"{API}/auth/sessions").json()["items"] if not row["current"]]
        assert here.post(f"/account/sessions/{row['id']}/end", headers=HTMX)["HX-Redirect"] == "/account"
        assert not is_in(there)
        assert is_in(here)
        assert audited("user.session_ended") == 1

    def test_by_api_too(self, user: User) -> None:
        there, here = signed_in(user), signed_in(user)
        (row,) = [row for row in here.get(f"{API}/auth/sessions").json()["items"] if not row["current"]]
        assert here.delete(f"{API}/auth/sessions/{row['id']}").status_code == 204
        assert here.delete(f"{API}/auth/sessions/{row['id']}").status_code == 404
        assert not is_in(there)

    def test_all_others_at_once(self, user: User) -> None:
        others = [signed_in(user) for _ in range(3)]
        here = signed_in(user)
        assert here.delete(f"{API}/auth/sessions").json() == {"ended": 3}
        assert [is_in(client) for client in others] == [False] * 3
        assert is_in(here)
        signed_in(user)
        here.post("/account/sessions/end-others")
        assert SignIn.objects.filter(user=user).count() == 1

    def test_somebody_elses_are_not_there(self, user: User) -> None:
        signed_in(user)
        stranger = signed_in(make_user(Role.CEO, password=PASSWORD))
        theirs = SignIn.objects.get(user=user).pk
        assert stranger.delete(f"{API}/auth/sessions/{theirs}").status_code == 404
        assert stranger.get(f"{API}/auth/sessions").json()["total"] == 1

    def test_a_person_switched_off_is_out_at_once(self, user: User) -> None:
        client = signed_in(user)
        User.objects.filter(pk=user.pk).update(is_active=False)
        assert not is_in(client)

    def test_a_session_without_its_row_is_nobodys(self, user: User) -> None:
        client = signed_in(user)
        SignIn.objects.all().delete()
        assert not is_in(client)

    def test_a_password_changed_elsewhere_ends_it(self, user: User) -> None:
        client = signed_in(user)
        user.set_password(NEW)
        user.save()
        assert not is_in(client)

    def test_last_seen_is_written_at_most_every_five_minutes(
        self, user: User, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        client = signed_in(user)
        with django_assert_num_queries(2):
            client.get(f"{API}/openapi.json")
        SignIn.objects.update(last_seen_at=F("last_seen_at") - timedelta(minutes=6))
        before = SignIn.objects.get().last_seen_at
        with django_assert_num_queries(3):
            client.get(f"{API}/openapi.json")
        assert SignIn.objects.get().last_seen_at > before + timedelta(minutes=5)

    def test_the_list_takes_two_queries(self, user: User, django_assert_num_queries: DjangoAssertNumQueries) -> None:
        for _ in range(3):
            signed_in(user)
        actor = queries.actor_of(user.pk)
        with django_assert_num_queries(2):
            assert queries.sessions(actor, Window()).total == 3
        with django_assert_num_queries(2):
            queries.tokens(actor, Window())


class TestPassword:
    def change(self, client: Client, current: str = PASSWORD, new: str = NEW, again: str = "") -> Any:
        form = {"current_password": current, "new_password": new, "again": again or new}
        return client.post("/account/password", form, headers=HTMX)

    def test_changes_and_signs_out_the_other_browsers(self, user: User) -> None:
        there, here = signed_in(user), signed_in(user)
        assert self.change(here)["HX-Redirect"] == "/account"
        assert is_in(here)
        assert not is_in(there)
        assert audited("user.password_changed") == 1
        assert is_in(signed_in(user, NEW))

    def test_needs_the_one_that_holds_now(self, user: User) -> None:
        answer = self.change(signed_in(user), current="wrong")
        assert (answer.status_code, answer.json()["code"]) == (422, "WRONG_PASSWORD")

    @pytest.mark.parametrize("weak", ["short1", "1234567890123", "password123", "x" * 129])
    def test_weak_ones_are_refused_beside_the_field(self, user: User, weak: str) -> None:
        answer = self.change(signed_in(user), new=weak)
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["loc"] == ["new_password"]

    def test_must_be_typed_twice_alike(self, user: User) -> None:
        answer = self.change(signed_in(user), again="something else 9")
        assert answer.json()["errors"][0]["loc"] == ["again"]

    def test_is_kept_as_argon2id(self, user: User) -> None:
        assert user.password.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")


class TestTokensOnThePage:
    def test_a_token_is_shown_once(self, user: User) -> None:
        client = signed_in(user)
        answer = client.post("/account/tokens", {"name": "Till", "days": "30"}, headers=HTMX)
        assert answer.status_code == 200
        assert "qf_live_" in answer.content.decode()
        page = client.get("/account").content.decode()
        assert "Till" in page
        assert answer.content.decode().split("qf_live_")[1][6:30] not in page

    def test_and_revoked(self, user: User) -> None:
        client = signed_in(user)
        token = caller(user)
        (row,) = client.get(f"{API}/auth/tokens").json()["items"]
        client.post(f"/account/tokens/{row['id']}/revoke")
        assert token.send("GET", "/auth/me").status_code == 401

    def test_long_after_the_log_in_the_password_is_asked_for(self, user: User) -> None:
        client = signed_in(user)
        long_ago()
        answer = client.post("/account/tokens", {"name": "Till", "days": "30"}, headers=HTMX)
        assert (answer.status_code, answer.json()["code"]) == (403, "PASSWORD_NEEDED")
        form = {"name": "Till", "days": "30", "password": PASSWORD}
        assert client.post("/account/tokens", form, headers=HTMX).status_code == 200


class TestSecondFactor:
    def offered(self, client: Any) -> dict[str, str]:
        return dict(client.post(f"{API}/auth/2fa/enrol", content_type="application/json").json())

    def confirm(self, client: Any, offer: str, code: str, **more: str) -> Any:
        body = {"offer": offer, "code": code, **more}
        return client.post(f"{API}/auth/2fa/enrol/confirm", json.dumps(body), content_type="application/json")

    def test_is_set_up_with_the_first_code(self, user: User, clock_of_phones: list[int]) -> None:
        there, here = signed_in(user), signed_in(user)
        offer = self.offered(here)
        assert offer["uri"].startswith("otpauth://totp/")
        assert f"secret={offer['secret']}" in offer["uri"]
        assert not Authenticator.objects.exists()
        answer = self.confirm(here, offer["offer"], Phone(offer["secret"]).code())
        assert answer.status_code == 200
        assert len(answer.json()["recovery_codes"]) == 10
        assert audited("user.two_factor_enrolled") == 1
        assert is_in(here)
        assert not is_in(there)  # it came in with one factor
        assert self.confirm(here, offer["offer"], "123456").json()["code"] == "TWO_FACTOR_ALREADY_SET"

    def test_its_first_code_is_used_up_by_that(self, user: User, clock_of_phones: list[int]) -> None:
        client = signed_in(user)
        offer = self.offered(client)
        code = Phone(offer["secret"]).code()
        self.confirm(client, offer["offer"], code)
        other = Client()
        other.post("/login", {"email": user.email, "password": PASSWORD})
        assert other.post("/login/verify", {"code": code}).status_code == 401

    def test_its_secret_and_its_recovery_codes_are_not_in_the_clear(self, user: User) -> None:
        phone, codes = enrol(user)
        kept = json.dumps([row.data for row in Authenticator.objects.all()])
        assert phone.secret not in kept
        assert not [code for code in codes if code in kept]

    def test_an_old_key_still_opens_what_it_sealed(
        self, user: User, settings: LazySettings, clock_of_phones: list[int]
    ) -> None:
        phone, _ = enrol(user)
        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a new key of the house", [settings.SECRET_KEY]
        assert second_factor.use(user.pk, phone.code()) == "totp"

    def test_somebody_elses_offer_is_refused(self, user: User, clock_of_phones: list[int]) -> None:
        offer = second_factor.offer(make_user(Role.CEO).pk, "x@example.com")
        answer = self.confirm(signed_in(user), offer.sealed, Phone(offer.secret).code())
        assert answer.json()["code"] == "ENROLMENT_EXPIRED"

    def test_an_old_offer_is_refused(self, user: User, monkeypatch: pytest.MonkeyPatch) -> None:
        offer = second_factor.offer(user.pk, user.email)
        assert second_factor.unseal(user.pk, offer.sealed) == offer.secret
        monkeypatch.setattr(second_factor, "OFFER_LASTS", -1)
        with pytest.raises(EnrolmentExpired):
            second_factor.unseal(user.pk, offer.sealed)
        with pytest.raises(EnrolmentExpired):
            second_factor.unseal(user.pk, "nonsense")

    def test_a_token_cannot_set_one_up_without_the_password(self, clock_of_phones: list[int]) -> None:
        who = as_role(Role.AUDITOR, password=PASSWORD)
        offer = self.offered(who)
        code = Phone(offer["secret"]).code()
        assert self.confirm(who, offer["offer"], code).json()["code"] == "PASSWORD_NEEDED"
        assert self.confirm(who, offer["offer"], code, password=PASSWORD).status_code == 200

    def test_is_removed_where_it_is_not_compulsory(self, user: User) -> None:
        client = signed_in(user)
        assert client.delete(f"{API}/auth/2fa").json()["code"] == "TWO_FACTOR_NOT_SET"
        enrol(user)
        client = browser_of(user)
        assert client.delete(f"{API}/auth/2fa").status_code == 204
        assert not Authenticator.objects.exists()
        assert audited("user.two_factor_removed") == 1

    def test_new_recovery_codes_end_the_old_ones(self, user: User) -> None:
        _, old = enrol(user)
        client = browser_of(user)
        answer = client.post("/account/two-factor/recovery-codes", headers=HTMX)
        assert answer.status_code == 200
        assert old[0] not in answer.content.decode()
        assert second_factor.use(user.pk, old[0]) is None
        assert second_factor.recovery_codes_left(user.pk) == 10

    def test_the_page_shows_how_it_stands(self, user: User) -> None:
        client = signed_in(user)
        assert "password alone" in client.get("/account").content.decode()
        assert "Switch it on" in client.get("/account/two-factor").content.decode()
