"""What is posted stays, even for the owner of the tables: where one role does everything, grants would not hold."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from django.db import transaction
from psycopg.conninfo import conninfo_to_dict

from qafila.ledger.tests import raw
from qafila.ledger.tests.factories import books, party
from qafila.ledger.verify import CHECKS, verify
from tests.harness.server import Server

DECIDING = "SELECT set_config('qafila.deciding', 'on', true);"
ATTEMPTS = [
    "UPDATE ledger_journalentry SET narration = 'never happened'",
    "UPDATE ledger_journalentry SET status = 'approved' WHERE status = 'pending'",
    f"{DECIDING} UPDATE ledger_journalentry SET status = 'approved', total = 1 WHERE status = 'pending'",
    f"{DECIDING} UPDATE ledger_journalentry SET status = 'approved', narration = 'x' WHERE status = 'pending'",
    f"{DECIDING} UPDATE ledger_journalentry SET reason = 'other words' WHERE status = 'approved'",
    "DELETE FROM ledger_journalentry",
    "TRUNCATE ledger_journalentry CASCADE",
    "UPDATE ledger_journalline SET memo = 'x'",
    "DELETE FROM ledger_journalline",
    "TRUNCATE ledger_journalline",
    "INSERT INTO ledger_journalline SELECT * FROM ledger_journalline ON CONFLICT (id) DO UPDATE SET n = excluded.n + 9",
    "UPDATE ledger_accountbalance SET debit = 0",
    "DELETE FROM ledger_accountbalance",
    "TRUNCATE ledger_accountbalance",
    (
        "INSERT INTO ledger_accountbalance (account_id, branch_id, month, bucket, debit, credit, lines)"
        " SELECT account_id, 0, '2001-01-01', 0, 1, 0, 1 FROM ledger_accountbalance LIMIT 1"
    ),
    "UPDATE ledger_partybalance SET debit = 0",
    "DELETE FROM ledger_partybalance",
    "TRUNCATE ledger_partybalance",
    "SELECT ledger_feed(array_agg(id)) FROM ledger_journalentry",
]


@pytest.fixture
def owner(committed_db: str, postgres: Server) -> Iterator[psycopg.Connection]:
    """The tables' owner, with an approved and a pending entry in the books."""
    books()
    with transaction.atomic():
        entry_id = raw.header()
        raw.lines(entry_id, ("1101", 100, 0), ("2051", 0, 100), party_id=party())
        raw.entry(origin="manual", status="pending")
    with psycopg.connect(postgres.owner(str(conninfo_to_dict(committed_db)["dbname"]))) as connection:
        yield connection


def test_not_even_the_owner_changes_what_is_posted(owner: psycopg.Connection) -> None:
    passed = []
    for statement in ATTEMPTS:
        try:
            owner.execute(statement)  # type: ignore[call-overload]
            passed.append(statement)
        except psycopg.errors.IntegrityError:
            pass
        owner.rollback()
    assert passed == []


def test_each_guard_is_the_one_that_holds(owner: psycopg.Connection) -> None:
    """Without its triggers the same statements pass: nothing else keeps them out."""
    for table in ("journalentry", "journalline", "accountbalance", "partybalance"):
        owner.execute(f"ALTER TABLE ledger_{table} DISABLE TRIGGER USER")  # type: ignore[call-overload]
    owner.commit()
    for statement in ATTEMPTS:
        if "CASCADE" not in statement:  # which other rooms' guards refuse as well
            owner.execute(statement)  # type: ignore[call-overload]
            owner.rollback()


def test_an_approval_through_its_function_is_the_one_way(owner: psycopg.Connection) -> None:
    owner.execute(
        "SELECT ledger_decide(array_agg(id), 'approved', 7, 'Checker', now(), '', false, false)"
        " FROM ledger_journalentry WHERE status = 'pending'"
    )
    owner.commit()
    assert owner.execute("SELECT count(*) FROM ledger_journalentry WHERE status = 'approved'").fetchone() == (2,)


SWAPPED = "UPDATE ledger_journalentry SET origin = 'reversal', reverses_id = 1 + id WHERE origin = 'operation'"
DAMAGE = [
    ("UPDATE ledger_accountbalance SET debit = debit + 1 WHERE debit > 0", "the balance says"),
    ("UPDATE ledger_partybalance SET credit = 7", "the balance says"),
    ("UPDATE ledger_journalline SET debit = debit + 1 WHERE debit > 0", "does not balance"),
    ("UPDATE ledger_journalentry SET total = 3", "does not balance"),
    ("DELETE FROM ledger_journalline", "has no lines"),
    (SWAPPED, "is not the mirror of"),
    (SWAPPED, "which is pending"),
]


def test_the_proof_finds_what_was_changed_with_the_guards_off(owner: psycopg.Connection) -> None:
    assert verify() == []
    for table in ("journalentry", "journalline", "accountbalance", "partybalance"):
        owner.execute(f"ALTER TABLE ledger_{table} DISABLE TRIGGER USER")  # type: ignore[call-overload]
    for damage, sentence in DAMAGE:
        with owner.transaction(force_rollback=True):
            owner.execute(damage)  # type: ignore[call-overload]
            found = [text for text in (_told(owner, sql, words) for words, sql in CHECKS.items()) if text]
        assert any(sentence in text for text in found), damage


def _told(owner: psycopg.Connection, sql: str, words: str) -> str:
    return "; ".join(words.format(*row) for row in owner.execute(sql).fetchall())  # type: ignore[call-overload]
