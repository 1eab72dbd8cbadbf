"""Databases for tests: a template migrated once, cloned in milliseconds for whoever needs a database of their own.

A clone, never TRUNCATE: the ledger and the audit trail refuse to be emptied, and so they should.
"""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
from psycopg import sql

from qafila.config import fingerprint, postgres_cluster
from tests.harness.server import ROOT, Server

LOCK = 7_201_103
TEMPLATE, BUILDING, CLONE = "qafila_tpl_", "qafila_new_", "qafila_t_"
_count = itertools.count(1)


def template(server: Server) -> str:
    """The name of the migrated template; the first to ask builds it, the others wait."""
    name = TEMPLATE + fingerprint.tables()
    with psycopg.connect(server.super_url, autocommit=True) as door:
        door.execute(sql.SQL("SELECT pg_advisory_lock({})").format(LOCK))
        _sweep(door, keep=name)
        if door.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is None:
            _build(server, door, name)
        _stamp(door, name)
    return name


def _build(server: Server, door: psycopg.Connection[tuple[object, ...]], name: str) -> None:
    fresh = f"{BUILDING}{os.getpid()}"
    postgres_cluster.prepare_database(server.super_url, fresh)
    environment = {
        **os.environ,
        "DATABASE_URL": server.app(fresh),
        "DATABASE_OWNER_URL": server.owner(fresh),
        "DJANGO_SETTINGS_MODULE": "qafila.config.settings",
    }
    command = [sys.executable, "-m", "qafila.config.migrate"]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"The migrations do not run on an empty database:\n{done.stdout}{done.stderr}")
    before, after = sql.Identifier(fresh), sql.Identifier(name)
    door.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(before, after))
    door.execute(sql.SQL("ALTER DATABASE {} WITH IS_TEMPLATE true ALLOW_CONNECTIONS false").format(after))


def _stamp(door: psycopg.Connection[tuple[object, ...]], name: str) -> None:
    now = sql.Literal(datetime.now(UTC).isoformat())
    door.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(sql.Identifier(name), now))


def _sweep(door: psycopg.Connection[tuple[object, ...]], keep: str) -> None:
    """Drops what dead runs left behind and templates of other migrations that nobody used for a day."""
    rows = door.execute("SELECT datname, shobj_description(oid, 'pg_database') FROM pg_database").fetchall()
    for name, used in ((str(row[0]), row[1]) for row in rows):
        if name.startswith((CLONE, BUILDING)) and not _lives(name):
            _drop(door, name)
        if name.startswith(TEMPLATE) and name != keep:
            last = datetime.fromisoformat(str(used)) if used else datetime.min.replace(tzinfo=UTC)
            if datetime.now(UTC) - last > timedelta(days=1):
                door.execute(sql.SQL("ALTER DATABASE {} WITH IS_TEMPLATE false").format(sql.Identifier(name)))
                _drop(door, name)


def _lives(name: str) -> bool:
    """Whether the process that made this database still runs (its process id is in the name)."""
    try:
        return Path(f"/proc/{int(name.rsplit('_', 2)[1 if name.startswith(CLONE) else 2])}").exists()
    except (ValueError, IndexError):
        return False


def _drop(door: psycopg.Connection[tuple[object, ...]], name: str) -> None:
    door.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def clone(server: Server, source: str) -> Iterator[str]:
    """A database of one's own, equal to the template, gone at the end."""
    name = f"{CLONE}{os.getpid()}_{next(_count)}"
    make = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {} STRATEGY FILE_COPY")
    own = (sql.Identifier(name), sql.Identifier(postgres_cluster.OWNER), sql.Identifier(source))
    with psycopg.connect(server.super_url, autocommit=True) as door:
        door.execute(make.format(*own))
        door.execute(
            sql.SQL("REVOKE ALL ON DATABASE {0} FROM PUBLIC").format(own[0]),
        )
        door.execute(
            sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}").format(
                own[0], sql.Identifier(postgres_cluster.APP)
            ),
        )
    try:
        yield name
    finally:
        with psycopg.connect(server.super_url, autocommit=True) as door:
            _drop(door, name)
