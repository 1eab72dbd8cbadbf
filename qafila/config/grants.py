"""What the application's own database role may do: read and write rows, but never change what is append-only."""

from __future__ import annotations

import psycopg
from psycopg import sql

LOCK = 7_201_101  # an advisory lock of our own: two migrations at once must not grant into each other

# A table guarded by the append-only trigger function loses UPDATE and DELETE. A table may be stricter still:
# COMMENT ON TABLE x IS 'app may SELECT, INSERT' leaves exactly those.
TABLES = """
SELECT c.relname,
       EXISTS (SELECT 1 FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
                WHERE t.tgrelid = c.oid AND NOT t.tgisinternal AND p.proname = 'qafila_refuse_change'),
       obj_description(c.oid, 'pg_class')
  FROM pg_class c
 WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm')
 ORDER BY c.relname
"""
EVERYTHING = frozenset({"SELECT", "INSERT", "UPDATE", "DELETE"})
APPEND_ONLY = frozenset({"SELECT", "INSERT"})
READ_ONLY = frozenset({"SELECT"})
MARK = "app may "


def privileges(table: str, guarded: bool, comment: str | None) -> frozenset[str]:
    """What the application may do to one table."""
    if table == "django_migrations":
        return READ_ONLY
    allowed = APPEND_ONLY if guarded else EVERYTHING
    if comment and comment.startswith(MARK):
        named = comment.removeprefix(MARK).split("\n")[0].split(".")[0]
        allowed &= {word.strip().upper() for word in named.split(",")}
    return allowed


def apply(owner_url: str, app_role: str) -> bool:
    """Grants anew, as owner, in one transaction; False when owner and application are the same role: nothing to do."""
    with psycopg.connect(owner_url) as connection:
        owner = connection.execute("SELECT current_user").fetchone()
        if owner is None or owner[0] == app_role:
            return False
        connection.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        app = sql.Identifier(app_role)
        statements = [
            sql.SQL("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {app}, PUBLIC"),
            sql.SQL("GRANT USAGE ON SCHEMA public TO {app}"),
            sql.SQL("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {app}"),
            sql.SQL("GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {app}"),
        ]
        for statement in statements:
            connection.execute(statement.format(app=app))
        for table, guarded, comment in connection.execute(TABLES).fetchall():
            allowed = sorted(privileges(table, guarded, comment))
            if allowed:
                verbs = sql.SQL(", ").join(sql.SQL(verb) for verb in allowed)
                grant = sql.SQL("GRANT {verbs} ON {table} TO {app}")
                connection.execute(grant.format(verbs=verbs, table=sql.Identifier("public", table), app=app))
    return True
