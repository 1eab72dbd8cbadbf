"""One SQLite file, one connection: everything of the simulator that outlives a request.

Every change is made inside `with store.transaction():`; an inner one is a savepoint, so that a refused verb leaves
nothing behind. Whoever caches what was read here registers `when_undone(cache.clear)`; whatever must leave the
process only when the change is real (a webhook) goes through `after_commit`.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_SCHEMA = """
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS orders (
    id TEXT PRIMARY KEY,
    locator TEXT NOT NULL UNIQUE,
    dialect TEXT NOT NULL,
    key TEXT NOT NULL,
    created REAL NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0),
    expires REAL,
    body TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS orders_key ON orders (key) WHERE key <> '';
CREATE INDEX IF NOT EXISTS orders_created ON orders (created);
CREATE INDEX IF NOT EXISTS orders_expires ON orders (expires) WHERE expires IS NOT NULL;
CREATE TABLE IF NOT EXISTS documents (
    number TEXT PRIMARY KEY CHECK (length(number) = 13 AND number NOT GLOB '*[^0-9]*'),
    locator TEXT NOT NULL REFERENCES orders (locator),
    passenger INTEGER NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('OPEN', 'VOID', 'REFUNDED')),
    issued_on TEXT NOT NULL,
    changed_on TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS documents_locator ON documents (locator);
CREATE INDEX IF NOT EXISTS documents_issued_on ON documents (issued_on);
CREATE INDEX IF NOT EXISTS documents_changed_on ON documents (changed_on);
CREATE TABLE IF NOT EXISTS inventory (
    flight TEXT NOT NULL,
    class TEXT NOT NULL,
    sold INTEGER NOT NULL,
    capacity INTEGER NOT NULL,
    PRIMARY KEY (flight, class),
    CONSTRAINT never_oversold CHECK (sold BETWEEN 0 AND capacity)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS items (
    kind TEXT NOT NULL, id TEXT NOT NULL, at REAL NOT NULL, body TEXT NOT NULL, PRIMARY KEY (kind, id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS items_at ON items (kind, at);
CREATE TABLE IF NOT EXISTS nonces (nonce TEXT PRIMARY KEY, at REAL NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS effects (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, verb TEXT NOT NULL, locator TEXT NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS effects_locator ON effects (locator);
CREATE TRIGGER IF NOT EXISTS effects_stand BEFORE UPDATE ON effects
BEGIN SELECT RAISE(ABORT, 'the truth log is only added to'); END;
"""
_TABLES = ("settings", "documents", "orders", "inventory", "items", "nonces", "effects")


@dataclass(frozen=True, slots=True)
class OrderRow:
    """An order as the store keeps it; `created` and `expires` are seconds since 1970, `body` is JSON text."""

    id: str
    locator: str
    dialect: str
    key: str
    created: float
    version: int
    expires: float | None
    body: str


@dataclass(frozen=True, slots=True)
class Effect:
    """One thing that really happened. `verb` is of book.VERBS."""

    seq: int
    at: str
    verb: str
    locator: str
    detail: dict[str, Any]


class Store:
    """`path` is a file, or `:memory:`. Raises: sqlite3.DatabaseError when the file is no database."""

    def __init__(self, path: Path | str) -> None:
        # One connection used by one thread at a time; which thread that is, is the caller's business (tests).
        self._db = sqlite3.connect(str(path), isolation_level=None, check_same_thread=False, cached_statements=256)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.execute("PRAGMA foreign_keys=ON")
        self._db.executescript(_SCHEMA)
        self._depth = 0
        self._later: list[Callable[[], None]] = []
        self._undone: list[Callable[[], None]] = []

    def close(self) -> None:
        self._db.close()

    # -- transactions -------------------------------------------------------------------------------------------

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; inside another one, a savepoint of it. An exception undoes it and goes on upwards."""
        mark = self._begin()
        try:
            yield
            self._db.execute(f"RELEASE s{self._depth - 1}" if self._depth > 1 else "COMMIT")
        except BaseException:
            self._undo(mark)
            raise
        self._depth -= 1
        if self._depth:
            return
        later, self._later = self._later, []
        for call in later:
            call()

    @contextmanager
    def rehearsal(self) -> Iterator[None]:
        """Do it all and undo it: the answer of a request that never took effect (faults `before`)."""
        mark = self._begin()
        try:
            yield
        finally:
            self._undo(mark)

    def after_commit(self, call: Callable[[], None]) -> None:
        """Call this when the outermost transaction is committed, never if it is undone; at once when none is open."""
        if self._depth:
            self._later.append(call)
        else:
            call()

    def when_undone(self, call: Callable[[], None]) -> None:
        """Call this whenever something was undone, for as long as the store lives: caches are emptied here."""
        self._undone.append(call)

    def _begin(self) -> int:
        self._db.execute(f"SAVEPOINT s{self._depth}" if self._depth else "BEGIN IMMEDIATE")
        self._depth += 1
        return len(self._later)

    def _undo(self, mark: int) -> None:
        self._depth -= 1
        if self._depth:
            self._db.execute(f"ROLLBACK TO s{self._depth}")
            self._db.execute(f"RELEASE s{self._depth}")
        else:
            self._db.execute("ROLLBACK")
        del self._later[mark:]
        for call in self._undone:
            call()

    def wipe(self) -> None:
        """Forget everything but the counters: ticket numbers and locators are unique for ever."""
        with self.transaction():
            for table in _TABLES:
                self._db.execute(f"DELETE FROM {table}")
        for call in self._undone:
            call()

    # -- settings, counters -------------------------------------------------------------------------------------

    def setting(self, name: str) -> str | None:
        row = self._db.execute("SELECT value FROM settings WHERE name = ?", (name,)).fetchone()
        return row[0] if row else None

    def set_setting(self, name: str, value: str) -> None:
        self._db.execute("INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)", (name, value))

    def count(self, name: str) -> int:
        """The next number of this counter: 1, 2, 3 … for ever."""
        row = self._db.execute(
            "INSERT INTO counters (name, value) VALUES (?, 1) "
            "ON CONFLICT (name) DO UPDATE SET value = value + 1 RETURNING value",
            (name,),
        ).fetchall()
        return int(row[0][0])

    # -- things only one dialect needs: sessions, offers, cancellations, webhooks ----------------------------------

    def put(self, kind: str, id: str, value: dict[str, Any], at: float = 0.0) -> None:  # noqa: A002
        """Keep a JSON value under (kind, id), replacing what was there; `items` and `drop_before` go by `at`."""
        self._db.execute(
            "INSERT OR REPLACE INTO items (kind, id, at, body) VALUES (?, ?, ?, ?)",
            (kind, id, at, json.dumps(value, separators=(",", ":"))),
        )

    def item(self, kind: str, id: str) -> dict[str, Any] | None:  # noqa: A002
        row = self._db.execute("SELECT body FROM items WHERE kind = ? AND id = ?", (kind, id)).fetchone()
        return json.loads(row[0]) if row else None

    def items(self, kind: str, limit: int = 1000, before: float = float("inf")) -> list[tuple[str, dict[str, Any]]]:
        """(id, value), oldest `at` first; with `before` only those that are older."""
        sql = "SELECT id, body FROM items WHERE kind = ? AND at < ? ORDER BY at, id LIMIT ?"
        rows = self._db.execute(sql, (kind, before, limit))
        return [(row[0], json.loads(row[1])) for row in rows]

    def drop(self, kind: str, id: str) -> bool:  # noqa: A002
        """Whether there was one."""
        return self._db.execute("DELETE FROM items WHERE kind = ? AND id = ?", (kind, id)).rowcount > 0

    def drop_before(self, kind: str, at: float) -> int:
        """Forget the items of a kind that are older; how many there were."""
        return self._db.execute("DELETE FROM items WHERE kind = ? AND at < ?", (kind, at)).rowcount

    def use_nonce(self, nonce: str, at: float) -> bool:
        """False when it was used before. A nonce is remembered for ever: it must never be used twice."""
        row = self._db.execute("INSERT OR IGNORE INTO nonces (nonce, at) VALUES (?, ?)", (nonce, at))
        return row.rowcount > 0

    # -- inventory ----------------------------------------------------------------------------------------------

    def sold(self, flight: str) -> dict[str, int]:
        """Seats sold on this flight by booking class."""
        return dict(self._db.execute("SELECT class, sold FROM inventory WHERE flight = ?", (flight,)))

    def take_seats(self, flight: str, booking_class: str, seats: int, capacity: int) -> bool:
        """False, and nothing taken, when there are not so many left."""
        try:
            self._db.execute(
                "INSERT INTO inventory (flight, class, sold, capacity) VALUES (?, ?, ?, ?) "
                "ON CONFLICT (flight, class) DO UPDATE SET sold = sold + excluded.sold",
                (flight, booking_class, seats, capacity),
            )
        except sqlite3.IntegrityError:
            return False
        return True

    def give_seats(self, flight: str, booking_class: str, seats: int) -> None:
        """Raises: sqlite3.IntegrityError when more would come back than were taken."""
        self._db.execute(
            "UPDATE inventory SET sold = sold - ? WHERE flight = ? AND class = ?", (seats, flight, booking_class)
        )

    # -- orders and documents -----------------------------------------------------------------------------------

    def add_order(self, row: OrderRow) -> None:
        """Raises: sqlite3.IntegrityError when the id or the locator is taken."""
        self._db.execute(
            "INSERT INTO orders (id, locator, dialect, key, created, version, expires, body) VALUES (?,?,?,?,?,?,?,?)",
            (row.id, row.locator, row.dialect, row.key, row.created, row.version, row.expires, row.body),
        )

    def change_order(self, row: OrderRow, expected_version: int) -> bool:
        """False, and nothing changed, when the stored version is another."""
        return (
            self._db.execute(
                "UPDATE orders SET key = ?, version = ?, expires = ?, body = ? WHERE id = ? AND version = ?",
                (row.key, row.version, row.expires, row.body, row.id, expected_version),
            ).rowcount
            > 0
        )

    def order_version(self, name: str) -> tuple[str, str, int, float | None] | None:
        """(id, locator, version, expires) of the order with this locator or id."""
        column = "id" if "_" in name else "locator"
        found: tuple[str, str, int, float | None] | None = self._db.execute(
            f"SELECT id, locator, version, expires FROM orders WHERE {column} = ?", (name,)
        ).fetchone()
        return found

    def order_body(self, id: str) -> str:  # noqa: A002
        body: str = self._db.execute("SELECT body FROM orders WHERE id = ?", (id,)).fetchone()[0]
        return body

    def order_ids(
        self,
        *,
        dialect: str = "",
        key: str = "",
        locator: str = "",
        since: float = 0.0,
        limit: int = 1000,
        skip: int = 0,
    ) -> list[str]:
        """Ids, newest first but for `skip`, of the orders that match all that is given; `since` is when they were
        created."""
        where, values = ["created >= ?"], [since]
        asked: list[Any] = values
        for column, value in (("dialect", dialect), ("key", key), ("locator", locator)):
            if value:
                where.append(f"{column} = ?")
                asked.append(value)
        sql = f"SELECT id FROM orders WHERE {' AND '.join(where)} ORDER BY created DESC, id LIMIT ? OFFSET ?"
        return [row[0] for row in self._db.execute(sql, (*asked, limit, skip))]

    def expired_ids(self, moment: float, limit: int = 500) -> list[str]:
        sql = "SELECT id FROM orders WHERE expires IS NOT NULL AND expires <= ? ORDER BY expires LIMIT ?"
        return [row[0] for row in self._db.execute(sql, (moment, limit))]

    def add_document(self, number: str, locator: str, passenger: int, day: str) -> None:
        """Raises: sqlite3.IntegrityError when the number was ever used."""
        self._db.execute(
            "INSERT INTO documents (number, locator, passenger, status, issued_on, changed_on) "
            "VALUES (?, ?, ?, 'OPEN', ?, ?)",
            (number, locator, passenger, day, day),
        )

    def change_document(self, number: str, status: str, day: str) -> bool:
        """From OPEN to VOID or REFUNDED; False when it is not open."""
        sql = "UPDATE documents SET status = ?, changed_on = ? WHERE number = ? AND status = 'OPEN'"
        return self._db.execute(sql, (status, day, number)).rowcount > 0

    def locator_of(self, number: str) -> str | None:
        """The locator of the order a document belongs to."""
        row = self._db.execute("SELECT locator FROM documents WHERE number = ?", (number,)).fetchone()
        return row[0] if row else None

    def document_numbers(self, *, day: str = "", after: str = "", limit: int = 10_000) -> list[tuple[str, str]]:
        """(number, locator), by number, those that come `after` one; with `day` (office-local, ISO) instead all that
        were issued, voided or refunded on it."""
        if day:
            sql = (
                "SELECT number, locator FROM documents WHERE issued_on = ?1 OR changed_on = ?1 ORDER BY number LIMIT ?2"
            )
            return list(self._db.execute(sql, (day, limit)))
        sql = "SELECT number, locator FROM documents WHERE number > ? ORDER BY number LIMIT ?"
        return list(self._db.execute(sql, (after, limit)))

    # -- the truth log ------------------------------------------------------------------------------------------

    def log(self, at: str, verb: str, locator: str, detail: dict[str, Any]) -> None:
        """Add what happened, inside the transaction in which it happens."""
        self._db.execute(
            "INSERT INTO effects (at, verb, locator, body) VALUES (?, ?, ?, ?)",
            (at, verb, locator, json.dumps(detail, separators=(",", ":"), default=str)),
        )

    def effects(self, *, locator: str = "", after: int = 0, limit: int = 10_000) -> list[Effect]:
        where = "locator = ? AND seq > ?" if locator else "seq > ?"
        asked = (locator, after, limit) if locator else (after, limit)
        rows = self._db.execute(
            f"SELECT seq, at, verb, locator, body FROM effects WHERE {where} ORDER BY seq LIMIT ?", asked
        )
        return [Effect(row[0], row[1], row[2], row[3], json.loads(row[4])) for row in rows]
