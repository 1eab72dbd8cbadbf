"""What a migrated database and the collected static files were made from, as short digests.

Reading them costs milliseconds, starting Django to find out that nothing has changed costs seconds.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

import psycopg
from psycopg import sql

PACKAGE = Path(__file__).resolve().parent.parent
LOCK = PACKAGE.parent / "requirements.lock"
# Migrations, what runs after them (the register of rights, the grants), and the data they load.
TABLES = (
    "*/migrations/**/*.py",
    "*/migrations/**/*.sql",
    "*/rights.py",
    "*/apps.py",
    "*/reference.py",
    "*/data/**/*",
    "identity/registry.py",
    "identity/types.py",
    "config/grants.py",
    "config/migrate.py",
)


def tables() -> str:
    """Changes when anything changes that a migrated database depends on."""
    return _digest(path for pattern in TABLES for path in PACKAGE.glob(pattern))


def static_files() -> str:
    """Changes when a static file of ours or an installed package changes."""
    return _digest([*PACKAGE.glob("*/static/**/*"), PACKAGE / "config" / "settings.py"])


def _digest(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in sorted({*paths, LOCK}):
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(f"{path.relative_to(PACKAGE.parent)}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def of_database(url: str) -> str:
    """The digest that the last complete migration left on this database; empty when there was none."""
    with psycopg.connect(url) as connection:
        found = connection.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()"
        ).fetchone()
    return str(found[0] or "") if found else ""


def leave_on_database(url: str, digest: str) -> None:
    """Written by the owner when everything is done."""
    with psycopg.connect(url) as connection:
        name = sql.Identifier(connection.info.dbname)
        connection.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(name, sql.Literal(digest)))
