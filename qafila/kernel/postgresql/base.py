"""Django's PostgreSQL backend, which asks a connection in steady use for its health without a round trip."""

from __future__ import annotations

import select
import time
from typing import Any

import psycopg
from django.db.backends.postgresql import base

FRESH = 1.0
"""Seconds for which an answer from the server counts as proof that it is there, unless it has hung up since."""


class DatabaseWrapper(base.DatabaseWrapper):
    """Every request begins by making sure that its connection still stands (CONN_HEALTH_CHECKS).

    A server that was stopped, killed or restarted has closed its end, which the socket tells at once; only one that
    went silent does not, and for that a connection that has rested for a second is asked with `SELECT 1` as ever.
    """

    _heard = 0.0

    def is_usable(self) -> bool:
        """Whether the next statement will find the server."""
        now = time.monotonic()
        if self.connection is not None and not self.errors_occurred and now - self._heard < FRESH and self._is_quiet():
            return True
        usable: bool = super().is_usable()
        if usable:
            self._heard = time.monotonic()
        return usable

    def _is_quiet(self) -> bool:
        """Nothing waits to be read: neither the end of the connection nor the server's farewell."""
        try:
            return not self.connection.closed and not select.select([self.connection.fileno()], [], [], 0)[0]
        except (OSError, ValueError, psycopg.Error):
            return False

    def commit(self) -> Any:
        """Commits; that the server answered is as good as a question about its health."""
        answer = super().commit()
        self._heard = time.monotonic()
        return answer
