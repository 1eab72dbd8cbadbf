"""What roles, allows and denies make of a person's rights, and the register that fills the tables."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from qafila.identity import queries, registry
from qafila.identity.models import Permission, RoleRight, User, UserRight
from qafila.identity.models import Role as RoleRow
from qafila.identity.tests.factories import actor_with, allow, deny, make_user
from qafila.identity.types import EVERYTHING, PORTAL_ROLES, Right, Role
from qafila.kernel import may
from qafila.kernel.errors import NotFound

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[3]


def take_away(role: Role, right: str) -> None:
    RoleRight.objects.filter(role__code=role, right__name=right).delete()


def test_a_role_grants_what_its_rows_say_and_nothing_else() -> None:
    actor = actor_with(Role.ADMIN_HR)
    assert actor.may("admin.users.edit")
    assert not actor.may("admin.settings.edit")


def test_an_allow_for_the_person_beats_the_silence_of_the_roles() -> None:
    user = make_user(Role.SALES_EXECUTIVE)
    assert not queries.actor_of(user.pk).may("admin.audit.view")
    allow(user, "admin.audit.view")
    assert queries.actor_of(user.pk).may("admin.audit.view")


def test_a_deny_for_the_person_beats_every_role() -> None:
    user = make_user(Role.CEO, Role.ADMIN_HR)
    deny(user, "admin.users.edit")
    actor = queries.actor_of(user.pk)
    assert not actor.may("admin.users.edit")
    assert actor.may("admin.users.view")


def test_a_deny_replaces_an_allow_there_is_one_word_per_person_and_right() -> None:
    user = make_user(Role.SALES_EXECUTIVE)
    allow(user, "admin.audit.view")
    deny(user, "admin.audit.view")
    assert not queries.actor_of(user.pk).may("admin.audit.view")
    assert UserRight.objects.filter(user=user).count() == 1


@pytest.mark.parametrize("role", EVERYTHING)
def test_the_top_holds_everything_as_rows_that_can_be_taken_away(role: Role) -> None:
    assert actor_with(role).rights == set(registry.collect())
    take_away(role, "admin.settings.edit")
    assert not actor_with(role).may("admin.settings.edit")


def test_an_auditor_sees_everything_and_does_nothing() -> None:
    rights = actor_with(Role.AUDITOR).rights
    assert "admin.audit.view" in rights
    assert all(right.endswith(".view") for right in rights)
    assert {right for right in registry.collect() if right.endswith(".view")} == rights


def test_several_roles_add_up() -> None:
    both = actor_with(Role.AUDITOR, Role.ADMIN_HR).rights
    assert both == actor_with(Role.AUDITOR).rights | actor_with(Role.ADMIN_HR).rights


def test_the_portal_roles_hold_nothing() -> None:
    assert not RoleRight.objects.filter(role__code__in=PORTAL_ROLES).exists()


def test_a_portal_log_in_holds_no_right_whatever_the_tables_say() -> None:
    user = make_user(Role.CEO)
    allow(user, "admin.users.view")
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO ledger_party (kind, code, name) VALUES ('agent', 'AGT-999999', 'X') RETURNING id")
        (party_id,) = cursor.fetchone()
    User.objects.filter(pk=user.pk).update(kind="agent", party_id=party_id)
    assert queries.actor_of(user.pk).rights == frozenset()


def test_rights_are_read_in_one_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    user = make_user(Role.CEO)
    with django_assert_num_queries(1):
        queries.actor_of(user.pk)


def test_nobody_is_an_actor_who_may_not_log_in() -> None:
    user = make_user(Role.CEO)
    user.is_active = False
    user.save()
    with pytest.raises(NotFound):
        queries.actor_of(user.pk)


def test_filling_again_does_not_undo_what_an_administrator_took_away() -> None:
    take_away(Role.ADMIN_HR, "admin.users.edit")
    RoleRight.objects.create(
        role=RoleRow.objects.get(code=Role.CASHIER), right=Permission.objects.get(name="admin.audit.view")
    )
    registry.fill()
    assert not actor_with(Role.ADMIN_HR).may("admin.users.edit")
    assert actor_with(Role.CASHIER).may("admin.audit.view")


def test_a_right_that_is_new_to_the_database_comes_with_its_default_roles() -> None:
    Permission.objects.filter(name="admin.users.edit").delete()
    registry.fill()
    assert actor_with(Role.ADMIN_HR).may("admin.users.edit")
    assert actor_with(Role.CEO).may("admin.users.edit")
    assert not actor_with(Role.CASHIER).may("admin.users.edit")


def test_a_role_that_is_new_to_the_database_comes_with_its_default_rights() -> None:
    RoleRow.objects.filter(code=Role.AUDITOR).delete()
    registry.fill()
    assert actor_with(Role.AUDITOR).may("admin.audit.view")


def test_a_right_whose_words_changed_is_brought_up_to_date() -> None:
    Permission.objects.filter(name="admin.users.edit").update(label="old", moves_money=True)
    registry.fill()
    row = Permission.objects.get(name="admin.users.edit")
    assert (row.label, row.moves_money) == (registry.collect()["admin.users.edit"].right.label, False)


@pytest.fixture
def declaring(monkeypatch: pytest.MonkeyPatch) -> Any:
    def declare(*rights: Right) -> None:
        module = import_module("qafila.identity.rights")
        monkeypatch.setattr(module, "RIGHTS", [*module.RIGHTS, *rights])
        registry.collect.cache_clear()

    yield declare
    registry.collect.cache_clear()


def test_no_room_declares_badly() -> None:
    assert registry.mistakes() == []


def test_bad_declarations_are_found_out(declaring: Any) -> None:
    declaring(Right("admin.users.edit", "twice"), Right("NotARight", "x"), Right("a.new", "x", roles=(Role.AGENT,)))
    assert [m for m in registry.mistakes() if "identity" in m] == [
        "admin.users.edit is declared by identity and by identity",
        "NotARight (identity) is not of the shape area.verb",
        "a.new (identity) is given to a portal role, and those hold no rights",
    ]
    assert Role.AGENT not in registry.collect()["a.new"].holders


def test_every_right_that_a_page_or_route_names_is_declared_by_a_room() -> None:
    import_module("qafila.config.urls")
    assert len(may.declared) > 10
    wrong = {name: registry.unknown(d.rights) for name, d in may.declared.items() if registry.unknown(d.rights)}
    assert wrong == {}


def test_the_rights_document_says_what_the_code_says() -> None:
    """When this fails: look at the difference as a reviewer would, then `qafila rights export > docs/rights.md`."""
    assert (ROOT / "docs" / "rights.md").read_text() == registry.document()
