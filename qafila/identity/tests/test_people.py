"""Making log-ins, giving roles and rights, switching people off, and who is beyond whose reach."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connections

from qafila.identity import administration, queries
from qafila.identity.actions import change_user
from qafila.identity.actions.change_rights import set_role_rights, set_user_right
from qafila.identity.actions.change_user import edit_user, forget_two_factor, switch_user, unlock_user
from qafila.identity.actions.create_user import create_user
from qafila.identity.actions.set_password import set_password
from qafila.identity.errors import (
    EmailTaken,
    LastAdministrator,
    NotYourself,
    PasswordTooWeak,
    RolesDoNotFit,
    TwoFactorNotSet,
    UnknownBranch,
    UnknownRight,
    UnknownRole,
)
from qafila.identity.models import RoleRight, SignIn, User
from qafila.identity.people import end_sessions
from qafila.identity.tests.factories import PASSWORD, actor_with, caller, enrol, make_agency, make_user
from qafila.identity.types import EVERYTHING, Role
from qafila.kernel.actor import SYSTEM, Actor
from qafila.kernel.errors import Invalid, MissingRight, NotFound
from qafila.kernel.models import AuditEntry

on_a_database = pytest.mark.django_db


def somebody(actor: Actor = SYSTEM, **changed: Any) -> int:
    given: dict[str, Any] = {
        "email": "aisha@example.com",
        "name": "Aisha Khan",
        "roles": ["CASHIER"],
        "password": PASSWORD,
        **changed,
    }
    return create_user(actor=actor, **given)


@on_a_database
class TestMakingALogIn:
    def test_needs_the_right(self) -> None:
        with pytest.raises(MissingRight, match=r"admin\.users\.create"):
            somebody(actor_with(Role.CASHIER))

    def test_works_and_leaves_a_trace(self) -> None:
        make_agency()
        user = User.objects.get(pk=somebody(actor_with(Role.ADMIN_HR), email=" Aisha@Example.com ", branch_code="SXR"))
        assert (user.email, user.kind, user.branch.code if user.branch else "") == ("aisha@example.com", "staff", "SXR")
        assert user.check_password(PASSWORD)
        entry = AuditEntry.objects.get(action="user.created", entity_id=user.pk)
        assert entry.after == {"email": "aisha@example.com", "kind": "staff", "roles": ["CASHIER"]}

    @pytest.mark.parametrize(
        ("changed", "refusal", "field"),
        [
            ({"email": "no at sign"}, Invalid, "email"),
            ({"email": f"{'a' * 60}@{'b' * 150}.com"}, Invalid, "email"),
            ({"name": "  "}, Invalid, "name"),
            ({"name": "x" * 201}, Invalid, "name"),
            ({"roles": ["CASHIER", "KING"]}, UnknownRole, "roles"),
            ({"roles": []}, UnknownRole, "roles"),
            ({"roles": ["AGENT"]}, RolesDoNotFit, "roles"),
            ({"kind": "agent", "party_id": 7}, RolesDoNotFit, "roles"),
            ({"kind": "agent", "roles": ["AGENT"]}, Invalid, "party_id"),
            ({"kind": "agent", "roles": ["AGENT", "CEO"], "party_id": 7}, RolesDoNotFit, "roles"),
            ({"kind": "god"}, Invalid, "kind"),
            ({"party_id": 7}, Invalid, "party_id"),
            ({"branch_code": "XXX"}, UnknownBranch, "branch_code"),
            ({"password": "short"}, PasswordTooWeak, "password"),
            ({"password": "12345678901"}, PasswordTooWeak, "password"),
        ],
    )
    def test_refuses_what_makes_no_sense(self, changed: dict[str, Any], refusal: type[Exception], field: str) -> None:
        with pytest.raises(refusal) as refused:
            somebody(**changed)
        assert refused.value.loc == [field]  # type: ignore[attr-defined]
        assert not User.objects.exists()

    def test_an_e_mail_logs_in_one_person(self) -> None:
        somebody()
        with pytest.raises(EmailTaken):
            somebody(email="AISHA@example.com")

    def test_hr_makes_no_chief(self) -> None:
        """A role that may give rights is given only by somebody who may: else HR could make themselves chief."""
        for role in EVERYTHING:
            with pytest.raises(MissingRight, match=r"admin\.roles\.edit"):
                somebody(actor_with(Role.ADMIN_HR), roles=[role])
        assert somebody(actor_with(Role.CEO), roles=["GM"])


@on_a_database
class TestChangingALogIn:
    def change(self, actor: Actor, user: User, *roles: Role, **changed: Any) -> None:
        given = {"name": user.name, "branch_code": None, "roles": list(roles), **changed}
        edit_user(actor=actor, user_id=user.pk, **given)

    def test_roles_change_at_the_next_click_and_leave_a_trace(self) -> None:
        make_user(Role.CEO)
        user, hr = make_user(Role.CASHIER), actor_with(Role.ADMIN_HR)
        who = caller(user)
        self.change(hr, user, Role.AUDITOR, Role.CASHIER)
        assert "admin.audit.view" in who.send("GET", "/auth/me").json()["rights"]
        entry = AuditEntry.objects.get(action="user.edited")
        assert (entry.before, entry.after) == ({"roles": ["CASHIER"]}, {"roles": ["AUDITOR", "CASHIER"]})
        self.change(hr, user, Role.AUDITOR, Role.CASHIER)
        assert AuditEntry.objects.filter(action="user.edited").count() == 1

    def test_nobody_changes_their_own(self) -> None:
        user = make_user(Role.CEO)
        with pytest.raises(NotYourself):
            self.change(queries.actor_of(user.pk), user, Role.CEO)
        with pytest.raises(NotYourself):
            set_user_right(actor=queries.actor_of(user.pk), user_id=user.pk, right="admin.tokens", allowed=True)

    def test_who_may_give_rights_is_beyond_the_reach_of_hr(self) -> None:
        chief, hr = make_user(Role.CEO), actor_with(Role.ADMIN_HR)
        for attempt in (
            lambda: set_password(actor=hr, user_id=chief.pk, password=PASSWORD),
            lambda: self.change(hr, chief, Role.CASHIER),
            lambda: switch_user(actor=hr, user_id=chief.pk, on=False),
            lambda: forget_two_factor(actor=hr, user_id=chief.pk),
        ):
            with pytest.raises(MissingRight, match=r"admin\.roles\.edit"):
                attempt()
        User.objects.filter(pk=chief.pk).update(is_active=False)
        with pytest.raises(MissingRight):
            switch_user(actor=hr, user_id=chief.pk, on=True)

    def test_a_new_password_signs_out_and_unlocks(self) -> None:
        user = make_user(Role.CASHIER)
        SignIn.objects.create(user=user, session_key="x")
        set_password(actor=actor_with(Role.ADMIN_HR), user_id=user.pk, password=PASSWORD)
        user.refresh_from_db()
        assert user.check_password(PASSWORD)
        assert not SignIn.objects.exists()
        entry = AuditEntry.objects.get(action="user.password_set")
        assert entry.after is None

    def test_a_person_switched_off_is_out_and_comes_back(self) -> None:
        user, hr = make_user(Role.CASHIER), actor_with(Role.ADMIN_HR)
        make_user(Role.CEO)
        SignIn.objects.create(user=user, session_key="x")
        who = caller(user)
        switch_user(actor=hr, user_id=user.pk, on=False)
        assert not SignIn.objects.exists()
        assert who.send("GET", "/auth/me").status_code == 401
        switch_user(actor=hr, user_id=user.pk, on=True)
        assert who.send("GET", "/auth/me").status_code == 200
        actions = AuditEntry.objects.filter(entity="user", entity_id=user.pk, action__startswith="user.switched")
        assert list(actions.order_by("id").values_list("action", flat=True)) == [
            "user.switched_off",
            "user.switched_on",
        ]

    def test_a_lost_phone_is_forgotten(self, clock_of_phones: list[int]) -> None:
        user, hr = make_user(Role.CASHIER), actor_with(Role.ADMIN_HR)
        with pytest.raises(TwoFactorNotSet):
            forget_two_factor(actor=hr, user_id=user.pk)
        enrol(user)
        forget_two_factor(actor=hr, user_id=user.pk)
        assert not queries.has_second_factor(user.pk)

    def test_each_needs_the_right_and_somebody_to_change(self) -> None:
        user, cashier, hr = make_user(Role.CASHIER), actor_with(Role.CASHIER), actor_with(Role.ADMIN_HR)
        for verb, more in (
            (switch_user, {"on": False}),
            (unlock_user, {}),
            (forget_two_factor, {}),
            (set_password, {"password": PASSWORD}),
            (edit_user, {"name": "x", "branch_code": None, "roles": ["CASHIER"]}),
        ):
            with pytest.raises(MissingRight, match=r"admin\.users\.edit"):
                verb(actor=cashier, user_id=user.pk, **more)
            with pytest.raises(NotFound):
                verb(actor=hr, user_id=10**9, **more)
        unlock_user(actor=hr, user_id=user.pk)
        assert AuditEntry.objects.filter(action="user.unlocked", entity_id=user.pk).exists()


@on_a_database
class TestGivingRights:
    def test_to_a_role_and_back(self) -> None:
        boss, cashier = actor_with(Role.CEO), make_user(Role.CASHIER)
        before = administration.role(boss, "CASHIER").rights
        for _ in range(2):
            set_role_rights(actor=boss, role="CASHIER", rights=[*before, "admin.audit.view"])
        assert queries.actor_of(cashier.pk).may("admin.audit.view")
        set_role_rights(actor=boss, role="CASHIER", rights=before)
        assert not queries.actor_of(cashier.pk).may("admin.audit.view")
        given, taken = AuditEntry.objects.filter(action="role.rights_changed").order_by("id")
        assert given.after == {"role": "CASHIER", "given": ["admin.audit.view"], "taken": []}
        assert taken.after == {"role": "CASHIER", "given": [], "taken": ["admin.audit.view"]}

    def test_to_a_person_denied_and_left_to_the_roles_again(self) -> None:
        boss, auditor = actor_with(Role.CEO), make_user(Role.AUDITOR)

        def may(allowed: bool | None) -> bool:
            set_user_right(actor=boss, user_id=auditor.pk, right="admin.audit.view", allowed=allowed)
            return queries.actor_of(auditor.pk).may("admin.audit.view")

        assert [may(False), may(None), may(True)] == [False, True, True]

    def test_needs_the_right_and_known_names(self) -> None:
        boss, hr, user = actor_with(Role.CEO), actor_with(Role.ADMIN_HR), make_user(Role.CASHIER)
        with pytest.raises(MissingRight):
            set_role_rights(actor=hr, role="CASHIER", rights=[])
        with pytest.raises(MissingRight):
            set_user_right(actor=hr, user_id=user.pk, right="admin.audit.view", allowed=True)
        with pytest.raises(NotFound):
            set_role_rights(actor=boss, role="KING", rights=[])
        with pytest.raises(UnknownRight):
            set_role_rights(actor=boss, role="CASHIER", rights=["admin.nothing"])
        with pytest.raises(UnknownRight):
            set_user_right(actor=boss, user_id=user.pk, right="admin.nothing", allowed=True)
        with pytest.raises(Invalid, match="portal roles hold no rights"):
            set_role_rights(actor=boss, role="AGENT", rights=["admin.audit.view"])

    def test_somebody_who_can_give_rights_always_remains(self) -> None:
        boss = make_user(Role.CEO)
        for role in ("GM", "IT_ADMIN"):
            set_role_rights(actor=SYSTEM, role=role, rights=[])
        with pytest.raises(LastAdministrator):
            set_role_rights(actor=SYSTEM, role="CEO", rights=[])
        with pytest.raises(LastAdministrator):
            switch_user(actor=SYSTEM, user_id=boss.pk, on=False)
        with pytest.raises(LastAdministrator):
            set_user_right(actor=SYSTEM, user_id=boss.pk, right="admin.roles.edit", allowed=False)
        assert RoleRight.objects.filter(role__code="CEO", right__name="admin.roles.edit").exists()


def test_two_administrators_cannot_switch_each_other_off(committed_db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = make_user(Role.CEO), make_user(Role.CEO)
    meeting = threading.Barrier(2, timeout=20)
    end = end_sessions

    def both_have_switched(user_id: int) -> int:
        meeting.wait()
        return end(user_id)

    monkeypatch.setattr(change_user, "end_sessions", both_have_switched)
    refused: list[int] = []

    def switch(user: User) -> None:
        try:
            switch_user(actor=SYSTEM, user_id=user.pk, on=False)
        except LastAdministrator:
            refused.append(user.pk)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=switch, args=(user,)) for user in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    assert User.objects.filter(is_active=True).count() == 1
