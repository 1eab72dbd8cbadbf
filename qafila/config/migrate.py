"""Bringing a database up to date: migrations as the owner of the tables, then the application's grants.

A process of its own (`python -m qafila.config.migrate`): it talks to the database as another role than everything else.
"""

from __future__ import annotations

import os
import sys

import psycopg
from psycopg import sql

from qafila.config import fingerprint, grants

LOCK = 7_201_102


def main() -> None:
    """Migrates and grants; a second migration at the same time waits for the first."""
    os.environ["QAFILA_DATABASE_ROLE"] = "owner"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qafila.config.settings")
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    owner = settings.DATABASE_OWNER_URL
    with psycopg.connect(owner, autocommit=True) as door:
        door.execute(sql.SQL("SELECT pg_advisory_lock({})").format(LOCK))
        digest = fingerprint.tables()
        call_command("migrate", interactive=False, verbosity=int(os.environ.get("QAFILA_VERBOSITY", "0")))
        app_role = psycopg.conninfo.conninfo_to_dict(settings.DATABASE_URL).get("user") or ""
        if not grants.apply(owner, str(app_role)):
            sys.stderr.write("Note: DATABASE_OWNER_URL is not set apart: the application owns its tables.\n")
        fingerprint.leave_on_database(owner, digest)


def needed(owner_url: str) -> bool:
    """Whether this code is not the one that the database was last brought up to date by."""
    return fingerprint.of_database(owner_url) != fingerprint.tables()


if __name__ == "__main__":
    main()
