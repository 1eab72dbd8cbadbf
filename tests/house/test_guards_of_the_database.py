"""The guards that the database itself keeps stand on a migrated database: none was dropped, none is asleep."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection

from tests.house.rules import HOUSE

pytestmark = pytest.mark.django_db

APPEND_ONLY = {
    "billing_creditnote",
    "billing_invoiceline",
    "documents_fileopening",
    "groups_groupevent",
    "groups_groupseatmovement",
    "inventory_blockseatmovement",
    "kernel_auditentry",
    "kernel_statechange",
    "ledger_journalentry",
    "ledger_journalline",
    "ticketing_clearance",
}
"""What is written once: a new table of that kind is added here by hand, and none is taken off without a word."""
FED = {"ledger_accountbalance", "ledger_partybalance"}
"""What only triggers write."""
NAMED = re.compile(r"CREATE (?:OR REPLACE )?(?:CONSTRAINT )?TRIGGER (\w+)\s+(?:BEFORE|AFTER).*?\bON (\w+)", re.DOTALL)
GUARDED = re.compile(r'append_only\("(\w+)"\)')


def rows(sql: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def standing() -> dict[tuple[str, str], str]:
    """(table, trigger) -> whether it fires: 'O' and 'A' do."""
    return {
        (table, trigger): enabled
        for table, trigger, enabled in rows(
            "SELECT c.relname, t.tgname, t.tgenabled::text FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
            " WHERE NOT t.tgisinternal"
        )
    }


def declared() -> set[tuple[str, str]]:
    """(table, trigger) that the migrations make."""
    found: set[tuple[str, str]] = set()
    for path in [*HOUSE.glob("*/migrations/sql/*.sql"), *HOUSE.glob("*/migrations/*.py")]:
        text = path.read_text()
        found |= {(table, trigger) for trigger, table in NAMED.findall(text)}
        for table in GUARDED.findall(text):
            found |= {(table, f"{table}_keeps_rows"), (table, f"{table}_keeps_all")}
    return found


def test_every_guard_that_a_migration_makes_stands_and_is_awake() -> None:
    triggers = standing()
    assert len(declared()) > 40, "the migrations are not read any more"
    missing = declared() - set(triggers)
    assert not missing, f"made by a migration and not there: {sorted(missing)}"
    asleep = [key for key in declared() if triggers[key] not in ("O", "A")]
    assert not asleep, f"switched off: {asleep}"


def test_every_table_that_is_written_once_is_guarded() -> None:
    guarded = {table for table, trigger in standing() if trigger.endswith("_keeps_all")}
    assert guarded == APPEND_ONLY | FED
    for table in APPEND_ONLY:
        assert (table, f"{table}_keeps_rows") in standing(), table


def test_the_application_may_add_to_them_and_do_no_more() -> None:
    for table in sorted(APPEND_ONLY | FED):
        [held] = rows(
            "SELECT array_agg(privilege ORDER BY privilege) FROM unnest(ARRAY['SELECT','INSERT','UPDATE','DELETE',"
            f"'TRUNCATE','TRIGGER']) privilege WHERE has_table_privilege('qafila_app', '{table}', privilege)"
        )
        extra = set(held[0]) - {"SELECT", "INSERT"}
        assert not extra, f"the application may {extra} {table}"


def test_the_application_changes_no_schema() -> None:
    owned = rows("SELECT relname FROM pg_class WHERE relowner = 'qafila_app'::regrole")
    assert owned == []
    assert rows("SELECT has_schema_privilege('qafila_app', 'public', 'CREATE')") == [(False,)]


def test_a_guard_that_is_dropped_is_missed() -> None:
    triggers = standing()
    some = next(iter(declared()))
    del triggers[some]
    assert declared() - set(triggers) == {some}


def test_no_foreign_key_between_rooms_is_missing() -> None:
    """Ids that lower rooms keep as plain columns point at rows all the same: the owning rooms say so in SQL."""
    held = {
        f"{table}.{column}"
        for table, column in rows(
            "SELECT c.conrelid::regclass::text, a.attname FROM pg_constraint c JOIN pg_attribute a"
            " ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1] WHERE c.contype = 'f' AND cardinality(c.conkey) = 1"
        )
    }
    plain = {
        "identity_user.party_id",
        "ledger_journalline.group_id",
        "ledger_journalline.booking_id",
        "inventory_blockseatmovement.group_id",
        "groups_groupseatmovement.booking_id",
        "groups_groupevent.booking_id",
        "groups_travelgroup.leader_id",
    }
    assert plain - held == set()
