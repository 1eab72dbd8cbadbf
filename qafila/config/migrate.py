"""Bringing a database up to date: migrations as the owner of the tables, then the application's grants.

A process of its own (`python -m qafila.config.migrate`): it talks to the database as another role than everything else.
"""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path

import psycopg
from psycopg import sql

from qafila.config.trouble import Trouble

LOCK = 7_201_102


def main() -> None:
    """Migrates and grants; a second migration at the same time waits for the first."""
    os.environ["QAFILA_DATABASE_ROLE"] = "owner"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qafila.config.settings")
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    from qafila.config import grants

    with psycopg.connect(settings.DATABASE_OWNER_URL, autocommit=True) as door:
        door.execute(sql.SQL("SELECT pg_advisory_lock({})").format(LOCK))
        call_command("migrate", interactive=False, verbosity=int(os.environ.get("QAFILA_VERBOSITY", "0")))
        call_command("createcachetable", verbosity=0)
        app_role = psycopg.conninfo.conninfo_to_dict(settings.DATABASE_URL).get("user") or ""
        if "--static" in sys.argv:
            collect_static()
        if not grants.apply(settings.DATABASE_OWNER_URL, str(app_role)):
            sys.stderr.write("Note: DATABASE_OWNER_URL is not set apart: the application owns its tables.\n")


def collect_static() -> None:
    """Copies, hashes and compresses the static files, when they are not those of the last time."""
    from django.conf import settings
    from django.contrib.staticfiles.finders import get_finders
    from django.core.management import call_command

    if settings.STATIC_ROOT is None:
        return
    digest = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for finder in get_finders():
        for path, storage in finder.list([]):
            facts = Path(storage.path(path)).stat()
            digest.update(f"{path} {facts.st_size} {facts.st_mtime_ns}\n".encode())
    root = Path(settings.STATIC_ROOT)
    stamp = root / ".collected"
    if stamp.exists() and stamp.read_text() == digest.hexdigest():
        return
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(digest.hexdigest())


if __name__ == "__main__":
    try:
        main()
    except Trouble as trouble:
        sys.exit(str(trouble))
