"""A backup brings everything back on an empty machine, and never overwrites anything."""

from __future__ import annotations

import os
import tarfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from qafila.config import backup, postgres_cluster
from qafila.config.trouble import Trouble
from tests.harness.server import Server


def quietly(_: str) -> None:
    pass


@pytest.fixture
def agency(committed_db: str, postgres: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The data directory of an agency with a row in its audit trail and a stored document."""
    with psycopg.connect(committed_db) as connection:
        connection.execute(
            "INSERT INTO kernel_auditentry (user_name, action, entity, note) VALUES ('Noor', 'x', 'y', 'غروب')"
        )
    monkeypatch.setenv("DATABASE_URL", committed_db)
    monkeypatch.setenv("DATABASE_OWNER_URL", committed_db.replace(postgres_cluster.APP, postgres_cluster.OWNER, 1))
    home = tmp_path / "agency"
    (home / "files" / "2026").mkdir(parents=True)
    (home / "files" / "2026" / "passport.pdf").write_bytes(b"%PDF scan")
    (home / "secret-key").write_text("signs sessions")
    return home


@pytest.fixture
def empty_database(postgres: Server) -> Iterator[str]:
    name = f"qafila_t_{os.getpid()}_restored"
    postgres_cluster.prepare_database(postgres.super_url, name)
    yield name
    postgres.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_what_is_saved_comes_back_whole(
    agency: Path, empty_database: str, postgres: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    saved, new = tmp_path / "agency.tar", tmp_path / "new"
    backup.save(saved, agency, quietly)

    new.mkdir()
    monkeypatch.setenv("DATABASE_URL", postgres.app(empty_database))
    monkeypatch.setenv("DATABASE_OWNER_URL", postgres.owner(empty_database))
    monkeypatch.setenv("QAFILA_DATA_DIR", str(new))
    backup.load(saved, new, quietly)

    assert (new / "files" / "2026" / "passport.pdf").read_bytes() == b"%PDF scan"
    assert (new / "secret-key").read_text() == "signs sessions"
    with psycopg.connect(postgres.app(empty_database)) as connection:
        assert connection.execute("SELECT note FROM kernel_auditentry WHERE user_name = 'Noor'").fetchone() == ("غروب",)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("DELETE FROM kernel_auditentry")
    refused = pytest.raises(psycopg.errors.IntegrityError, match="append-only")
    with psycopg.connect(postgres.owner(empty_database)) as connection, refused:
        connection.execute("DELETE FROM kernel_auditentry")


def test_neither_a_file_nor_a_database_is_overwritten(agency: Path, tmp_path: Path) -> None:
    saved = tmp_path / "agency.tar"
    saved.write_text("the backup of last year")
    with pytest.raises(Trouble, match="is there already"):
        backup.save(saved, agency, quietly)
    with pytest.raises(Trouble, match="The database is not empty"):
        backup.load(saved, tmp_path, quietly)
    assert saved.read_text() == "the backup of last year"


def test_a_file_that_is_no_backup_is_refused(
    empty_database: str, postgres: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DATABASE_OWNER_URL", postgres.owner(empty_database))
    (tmp_path / "holiday.tar").write_text("not a tar")
    with pytest.raises(Trouble, match="is not a backup that can be read"):
        backup.load(tmp_path / "holiday.tar", tmp_path, quietly)
    with tarfile.open(tmp_path / "other.tar", "w") as other:
        other.add(tmp_path / "holiday.tar", "files/../../escaped")
    with pytest.raises(Trouble, match=r"holds no database.dump"):
        backup.load(tmp_path / "other.tar", tmp_path, quietly)
    assert not list(tmp_path.parent.glob("escaped"))
