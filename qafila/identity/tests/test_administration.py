"""Looking after people and roles, by API and on the admin desk."""

from __future__ import annotations

from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from qafila.identity import administration, queries
from qafila.identity.models import User
from qafila.identity.tests.factories import (
    PASSWORD,
    Caller,
    actor_with,
    allow,
    anonymous,
    as_role,
    deny,
    enrol,
    make_agency,
    make_user,
)
from qafila.identity.types import Role
from qafila.kernel.errors import MissingRight, NotFound
from qafila.kernel.pagination import Window

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
NEW: dict[str, Any] = {"email": "aisha@example.com", "name": "Aisha Khan", "roles": ["CASHIER"], "branch_code": "SXR"}


@pytest.fixture
def hr() -> Caller:
    make_agency()
    make_user(Role.CEO)
    return as_role(Role.ADMIN_HR)


class TestByApi:
    def test_anonymous_and_who_may_not(self) -> None:
        assert anonymous().send("GET", "/admin/users").status_code == 401
        cashier = as_role(Role.CASHIER)
        for method, path, body in (
            ("GET", "/admin/users", None),
            ("POST", "/admin/users", NEW),
            ("PATCH", "/admin/users/1", {}),
            ("GET", "/admin/roles", None),
            ("PATCH", "/admin/roles/CASHIER", {"rights": []}),
            ("PUT", "/admin/users/1/rights/admin.tokens", {"allowed": True}),
        ):
            answer = cashier.send(method, path, body)
            assert (answer.status_code, answer.json()["code"]) == (403, "MISSING_RIGHT"), path

    def test_a_log_in_is_made_once_per_key(self, hr: Caller) -> None:
        first = hr.send("POST", "/admin/users", NEW, key="k")
        again = hr.send("POST", "/admin/users", NEW, key="k")
        assert first.status_code == again.status_code == 201
        assert first.json() == again.json()
        told = first.json()
        assert (told["branch_code"], told["roles"], told["is_active"]) == ("SXR", ["CASHIER"], True)
        assert set(told["rights"]) == queries.actor_of(told["id"]).rights
        taken = hr.send("POST", "/admin/users", NEW)
        assert (taken.status_code, taken.json()["code"]) == (409, "EMAIL_TAKEN")

    @pytest.mark.parametrize(
        ("changed", "field"),
        [
            ({"email": "x"}, "email"),
            ({"name": " "}, "name"),
            ({"roles": []}, "roles"),
            ({"roles": ["KING"]}, "roles"),
            ({"branch_code": "ZZZ"}, "branch_code"),
            ({"password": "short"}, "password"),
            ({"is_root": True}, "is_root"),
        ],
    )
    def test_bad_input_names_the_field(self, hr: Caller, changed: dict[str, Any], field: str) -> None:
        answer = hr.send("POST", "/admin/users", {**NEW, **changed})
        assert answer.status_code == 422
        assert field in [error["loc"][-1] for error in answer.json()["errors"]]

    def test_the_list_is_found_filtered_and_sorted(self, hr: Caller) -> None:
        made = make_user(Role.VISA_OFFICER, name="Zainab Visa", email="zainab@example.com")
        told = hr.send("GET", "/admin/users?q=zain+visa").json()
        assert [row["id"] for row in told["items"]] == [made.pk]
        assert hr.send("GET", "/admin/users?role=VISA_OFFICER").json()["total"] == 1
        assert hr.send("GET", "/admin/users?state=off").json()["total"] == 0
        assert hr.send("GET", "/admin/users?sort=-name").json()["items"][0]["id"] == made.pk
        assert hr.send("GET", "/admin/users?sort=password").status_code == 422
        assert hr.send("GET", "/admin/users/999999999").status_code == 404

    def test_changing_what_is_given_and_only_that(self, hr: Caller) -> None:
        user = User.objects.get(pk=hr.send("POST", "/admin/users", NEW).json()["id"])
        told = hr.send("PATCH", f"/admin/users/{user.pk}", {"name": "Aisha Noor"}).json()
        assert (told["name"], told["roles"], told["branch_code"]) == ("Aisha Noor", ["CASHIER"], "SXR")
        told = hr.send("PATCH", f"/admin/users/{user.pk}", {"branch_code": "", "roles": ["AUDITOR"]}).json()
        assert (told["name"], told["roles"], told["branch_code"]) == ("Aisha Noor", ["AUDITOR"], "")

    def test_switching_off_unlocking_a_password_a_lost_phone(self, hr: Caller) -> None:
        user = make_user(Role.CASHIER)
        enrol(user)
        path = f"/admin/users/{user.pk}"
        assert hr.send("POST", f"{path}/switch-off").json()["is_active"] is False
        assert hr.send("POST", f"{path}/switch-on").json()["is_active"] is True
        assert hr.send("POST", f"{path}/unlock").status_code == 204
        assert hr.send("POST", f"{path}/password", {"password": PASSWORD}).status_code == 204
        assert hr.send("DELETE", f"{path}/2fa").status_code == 204
        assert hr.send("DELETE", f"{path}/2fa").json()["code"] == "TWO_FACTOR_NOT_SET"
        assert hr.user is not None
        assert hr.send("POST", f"/admin/users/{hr.user.pk}/switch-off").json()["code"] == "NOT_YOURSELF"

    def test_roles_and_words(self) -> None:
        boss, cashier = as_role(Role.CEO), make_user(Role.CASHIER)
        roles = {row["code"]: row for row in boss.send("GET", "/admin/roles").json()["items"]}
        assert (len(roles), roles["CASHIER"]["people"], roles["AGENT"]["rights"]) == (len(Role), 1, [])
        assert boss.send("GET", "/admin/roles?page=2&page_size=5").json()["items"][0]["code"] not in ("CEO", "GM")
        rights = [*roles["CASHIER"]["rights"], "admin.audit.view"]
        assert "admin.audit.view" in boss.send("PATCH", "/admin/roles/CASHIER", {"rights": rights}).json()["rights"]
        path = f"/admin/users/{cashier.pk}/rights/admin.audit.view"
        assert boss.send("PUT", path, {"allowed": False}).status_code == 204
        (word,) = boss.send("GET", f"/admin/users/{cashier.pk}").json()["words"]
        assert (word["right"], word["allowed"]) == ("admin.audit.view", False)
        assert boss.send("PUT", path, {"allowed": None}).status_code == 204
        assert queries.actor_of(cashier.pk).may("admin.audit.view")
        assert boss.send("PUT", f"/admin/users/{cashier.pk}/rights/no.such", {"allowed": True}).status_code == 422
        assert boss.send("PATCH", "/admin/roles/KING", {"rights": []}).status_code == 404
        names = boss.send("GET", "/admin/permissions?page_size=200").json()
        assert names["total"] == len(names["items"])


class TestOnTheAdminDesk:
    def test_who_may_not_is_refused(self) -> None:
        cashier = as_role(Role.CASHIER)
        for path in ("/admin-desk/users", "/admin-desk/users/new", "/admin-desk/roles", "/admin-desk/roles/CEO"):
            assert cashier.get(path).status_code == 403
        assert cashier.get("/account").status_code == 200
        assert b"/admin-desk" not in cashier.get("/account").content

    def test_somebody_is_made_found_and_changed(self, hr: Caller) -> None:
        assert b"Srinagar" in hr.get("/admin-desk/users/new").content
        form = {"email": "a@example.com", "name": "Aisha Khan", "roles[]": ["CASHIER", "AUDITOR"], "branch_code": "SXR"}
        answer = hr.post("/admin-desk/users/new", {**form, "idempotency_key": "k1"}, headers=HTMX)
        assert answer.status_code == 204
        user = User.objects.get(email="a@example.com")
        assert answer["HX-Redirect"] == f"/admin-desk/users/{user.pk}"
        again = hr.post("/admin-desk/users/new", {**form, "idempotency_key": "k1"}, headers=HTMX)
        assert again["HX-Redirect"] == answer["HX-Redirect"]
        assert b"Aisha Khan" in hr.get("/admin-desk/users?q=aisha").content
        page = hr.get(f"/admin-desk/users/{user.pk}").content.decode()
        assert 'value="CASHIER" checked' in page
        edited = {"name": "Aisha Noor", "branch_code": "", "roles[]": ["CASHIER"]}
        assert hr.post(f"/admin-desk/users/{user.pk}/edit", edited, headers=HTMX).status_code == 204
        user.refresh_from_db()
        assert (user.name, user.branch_id, user.roles.get().code) == ("Aisha Noor", None, "CASHIER")
        nothing = hr.post(f"/admin-desk/users/{user.pk}/edit", {"name": "Aisha"}, headers=HTMX)
        assert (nothing.status_code, nothing.json()["errors"][0]["loc"]) == (422, ["roles"])

    def test_the_buttons_do_what_they_say(self, hr: Caller) -> None:
        user = make_user(Role.CASHIER)
        enrol(user)
        for button in ("switch-off", "switch-on", "unlock", "forget-phone"):
            answer = hr.post(f"/admin-desk/users/{user.pk}/{button}", headers=HTMX)
            assert answer["HX-Redirect"] == f"/admin-desk/users/{user.pk}", button
        assert hr.post(f"/admin-desk/users/{user.pk}/password", {"password": PASSWORD}, headers=HTMX).status_code == 204
        user.refresh_from_db()
        assert user.check_password(PASSWORD)

    def test_hr_sees_roles_and_changes_none(self, hr: Caller) -> None:
        assert hr.get("/admin-desk/roles").status_code == 200
        assert b"disabled" in hr.get("/admin-desk/roles/CASHIER").content
        assert hr.post("/admin-desk/roles/CASHIER/save", {"rights[]": []}, headers=HTMX).status_code == 403

    def test_the_chief_changes_a_role_and_says_a_word(self) -> None:
        boss, user = as_role(Role.CEO), make_user(Role.AUDITOR)
        page = boss.get("/admin-desk/roles").content.decode()
        assert "admin.roles.edit" in page
        assert b"holds no rights" in boss.get("/admin-desk/roles/AGENT").content
        boss.post("/admin-desk/roles/AUDITOR/save", {"rights[]": ["admin.audit.view"]}, headers=HTMX)
        assert queries.actor_of(user.pk).rights == {"admin.audit.view"}
        path = f"/admin-desk/users/{user.pk}/word"
        boss.post(path, {"right": "admin.tokens", "word": "allow"}, headers=HTMX)
        boss.post(path, {"right": "admin.audit.view", "word": "deny"}, headers=HTMX)
        assert queries.actor_of(user.pk).rights == {"admin.tokens"}
        assert b"Denied" in boss.get(f"/admin-desk/users/{user.pk}").content
        boss.post(path, {"right": "admin.audit.view", "word": ""}, headers=HTMX)
        assert "admin.audit.view" in queries.actor_of(user.pk).rights
        assert boss.post(path, {"right": "admin.tokens", "word": "maybe"}, headers=HTMX).status_code == 422

    def test_ones_own_log_in_has_no_buttons(self) -> None:
        boss = as_role(Role.CEO)
        assert boss.user is not None
        page = boss.get(f"/admin-desk/users/{boss.user.pk}").content.decode()
        assert "somebody else must change it" in page
        assert "switch-off" not in page


def test_the_lists_cost_the_same_however_long(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    boss = actor_with(Role.CEO)
    for _ in range(3):
        user = make_user(Role.CASHIER, Role.AUDITOR)
        allow(user, "admin.tokens")
        deny(user, "admin.audit.view")
    with django_assert_num_queries(3):
        assert administration.people(boss, Window()).total == 4
    with django_assert_num_queries(2):
        administration.roles(boss)
    with django_assert_num_queries(4):
        administration.person(boss, user.pk)


def test_reading_needs_the_right_inside_too() -> None:
    cashier = actor_with(Role.CASHIER)
    for read in (
        lambda: administration.people(cashier, Window()),
        lambda: administration.person(cashier, 1),
        lambda: administration.roles(cashier),
        lambda: administration.role(cashier, "CEO"),
    ):
        with pytest.raises(MissingRight):
            read()
    with pytest.raises(NotFound):
        administration.role(actor_with(Role.CEO), "KING")
