"""Where it is measured: an embedded PostgreSQL of its own, configured as in production, and the real web processes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from qafila.config import embedded
from qafila.config.embedded import Running
from tests.harness.live import Live, serving

SETTINGS = {
    "DJANGO_SETTINGS_MODULE": "qafila.config.settings",
    "QAFILA_REQUIRE_2FA": "0",
    "QAFILA_STATIC_FROM_SOURCE": "1",
    "QAFILA_SECRET_KEY": "a key that only benchmarks use",
    # Counted as ever, but no limit that the load would reach.
    "QAFILA_API_RATE": "10000000",
}


@dataclass(frozen=True)
class Place:
    """The database and the directory of this run."""

    home: Path
    running: Running

    @contextmanager
    def web(self, workers: int = 2, threads: int = 8) -> Iterator[Live]:
        """The product in web processes, as `qafila up` starts them on two cores."""
        with serving(
            self.running.app_url, self.home / "web", workers=workers, threads=threads, environment=SETTINGS
        ) as live:
            yield live

    def owner(self) -> psycopg.Connection[tuple[object, ...]]:
        """A connection as the owner of the tables, for what the benchmarks keep beside them."""
        return psycopg.connect(self.running.owner_url, autocommit=True)

    def app(self) -> psycopg.Connection[tuple[object, ...]]:
        """A connection as the application's own role."""
        return psycopg.connect(self.running.app_url, autocommit=True)

    def durability(self) -> str:
        """What a commit waits for, said under the table."""
        with self.app() as connection:
            rows = connection.execute(
                "SELECT name || ' ' || setting FROM pg_settings WHERE name IN"
                " ('fsync', 'synchronous_commit', 'full_page_writes') ORDER BY name"
            ).fetchall()
        return ", ".join(str(name) for (name,) in rows)


@contextmanager
def opened() -> Iterator[Place]:
    """A fresh, migrated database in a temporary directory; Django of this process talks to it. All gone afterwards."""
    home = Path(tempfile.mkdtemp(prefix="qafila-bench-"))
    home.chmod(0o711)  # where root starts it, the database's user must walk through
    running = None
    try:
        running = embedded.start(home / "data")
        os.environ.update(SETTINGS)
        os.environ.update(
            DATABASE_URL=running.app_url, DATABASE_OWNER_URL=running.owner_url, QAFILA_DATA_DIR=str(home / "data")
        )
        subprocess.run([sys.executable, "-m", "qafila.config.migrate"], check=True)
        import django

        django.setup()
        with psycopg.connect(running.owner_url, autocommit=True) as connection:
            connection.execute("CREATE SCHEMA bench")
            connection.execute("GRANT USAGE ON SCHEMA bench TO qafila_app")
        yield Place(home, running)
    finally:
        if running:
            from django.db import connections

            connections.close_all()
            running.stop()
        shutil.rmtree(home, ignore_errors=True)
