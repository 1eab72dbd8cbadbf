"""Functions and triggers live as files beside the migrations, one noun a file, and are run by them."""

from __future__ import annotations

from pathlib import Path

from django.db import migrations

ROOMS = Path(__file__).resolve().parent.parent


def run_file(room: str, name: str, undo: str = migrations.RunSQL.noop) -> migrations.RunSQL:
    """A migration operation that runs `qafila/<room>/migrations/sql/<name>.sql` as it stands."""
    text = (ROOMS / room / "migrations" / "sql" / f"{name}.sql").read_text()
    return migrations.RunSQL([(text, None)], undo)


def append_only(table: str) -> str:
    """SQL that makes a table append-only: UPDATE, DELETE and TRUNCATE are refused, whoever asks."""
    return f"""
        CREATE TRIGGER {table}_keeps_rows BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION qafila_refuse_change();
        CREATE TRIGGER {table}_keeps_all BEFORE TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION qafila_refuse_change();
    """
