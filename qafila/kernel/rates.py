"""Rate limits, counted in the database so that all processes share them."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection

from qafila.kernel import clock
from qafila.kernel.errors import TooManyRequests


def hit(key: str, *, limit: int, per: timedelta) -> None:
    """Count one request under `key`. Refuses: TooManyRequests with the seconds to wait, beyond `limit` per window."""
    before, wait = draw(key, 1, per=per)
    if before >= limit:
        raise TooManyRequests(f"Too many requests; try again in {wait} s.", retry_after=wait)


def draw(key: str, number: int, *, per: timedelta) -> tuple[int, int]:
    """Count `number` requests at once; answers how many were counted before in this window, and its seconds left."""
    seconds = int(per.total_seconds())
    now = clock.now()
    window = datetime.fromtimestamp(int(now.timestamp()) // seconds * seconds, tz=now.tzinfo)
    with connection.cursor() as cursor:
        cursor.execute(
            'INSERT INTO kernel_ratebucket (key, "window", count) VALUES (%s, %s, %s)'
            ' ON CONFLICT (key, "window") DO UPDATE SET count = kernel_ratebucket.count + EXCLUDED.count'
            " RETURNING count",
            [key, window, number],
        )
        (count,) = cursor.fetchone()
    return count - number, max(1, seconds - int(now.timestamp() - window.timestamp()))


def forget_old() -> None:
    """Drop windows that ended a day ago; run daily."""
    with connection.cursor() as cursor:
        cursor.execute('DELETE FROM kernel_ratebucket WHERE "window" < %s', [clock.now() - timedelta(days=1)])
