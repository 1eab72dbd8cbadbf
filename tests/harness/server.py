"""The PostgreSQL that the tests run on: one embedded server shared by all test processes, or TEST_DATABASE_URL."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg

from qafila.config import embedded, postgres_cluster
from qafila.config.postgres_binaries import first_closed, user_for
from qafila.config.postgres_cluster import APP, OWNER, THROWAWAY

ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True)
class Server:
    """A server on which the tests may make roles and databases."""

    super_url: str
    password: str = ""

    def url(self, role: str, database: str) -> str:
        """The address of one database for one role; no role keeps the superuser."""
        parts = urlsplit(self.super_url)
        if role:
            secret = f":{quote(self.password)}" if self.password else ""
            host = parts.netloc.rpartition("@")[2]
            parts = parts._replace(netloc=f"{role}{secret}@{host}")
        return urlunsplit(parts._replace(path=f"/{database}"))

    def app(self, database: str) -> str:
        """As the application sees it."""
        return self.url(APP, database)

    def owner(self, database: str) -> str:
        """As migrations see it."""
        return self.url(OWNER, database)

    def execute(self, *statements: str) -> None:
        """Statements outside a transaction, as superuser."""
        with psycopg.connect(self.super_url, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)


@contextmanager
def running() -> Iterator[Server]:
    """The server, started by the first test process, stopped by the last to leave (QAFILA_TEST_KEEP=1: not stopped)."""
    if url := os.environ.get("TEST_DATABASE_URL"):
        server = Server(url, hashlib.sha256(url.encode()).hexdigest()[:32])
        postgres_cluster.prepare_roles(url, server.password)
        yield server
        return
    lease = embedded.start(data_dir(), settings=THROWAWAY, keep=os.environ.get("QAFILA_TEST_KEEP") == "1")
    try:
        yield Server(lease.super_url)
    finally:
        lease.stop()


def data_dir() -> Path:
    """`QAFILA_TEST_DATA_DIR`, else `var/test`, else (root in a closed home) a place the database's user can reach."""
    if named := os.environ.get("QAFILA_TEST_DATA_DIR"):
        return Path(named)
    place = ROOT / "var" / "test"
    if first_closed(user_for(place / "postgresql"), ROOT) is not None:
        return Path("/var/lib/qafila") / f"test-{hashlib.sha256(bytes(ROOT)).hexdigest()[:8]}"
    return place


def forget() -> None:
    """Stops a test server that QAFILA_TEST_KEEP left running (`make clean`)."""
    place = data_dir()
    if (place / "postgresql").exists():
        (place / "database.keep").unlink(missing_ok=True)
        embedded.start(place, settings=THROWAWAY).stop()


if __name__ == "__main__":
    forget()
