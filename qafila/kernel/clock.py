"""The one clock. `QAFILA_CLOCK` (an ISO instant) lets it start elsewhere in time, for tests and rehearsals."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

_offset = timedelta(0)
_zone = ZoneInfo(os.environ.get("QAFILA_TIME_ZONE", "Asia/Kolkata"))

if start := os.environ.get("QAFILA_CLOCK"):
    _began = datetime.fromisoformat(start)
    if _began.tzinfo is None:
        _began = _began.replace(tzinfo=UTC)
    _offset = _began - datetime.now(UTC)


def now() -> datetime:
    """This instant, in UTC."""
    return datetime.now(UTC) + _offset


def today() -> date:
    """Today's date where the agency is (`QAFILA_TIME_ZONE`)."""
    return now().astimezone(_zone).date()


def zone() -> ZoneInfo:
    """The agency's time zone (`QAFILA_TIME_ZONE`): where its days begin and end."""
    return _zone


@contextmanager
def standing_at(moment: datetime | date) -> Iterator[None]:
    """For tests: the clock starts at `moment` inside the block."""
    global _offset  # noqa: PLW0603 - the clock is the one thing a process has one of
    before = _offset
    if not isinstance(moment, datetime):
        moment = datetime(moment.year, moment.month, moment.day, 6, tzinfo=UTC)
    _offset = moment - datetime.now(UTC)
    try:
        yield
    finally:
        _offset = before
