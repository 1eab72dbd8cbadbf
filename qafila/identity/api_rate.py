"""The rate limit of bearer tokens: `QAFILA_API_RATE` requests a minute for each, 0 for no limit.

The count is the database's, shared by all processes and kept over a restart. So that not every request pays for a
write, a process draws permits in lots of a fortieth of the limit and hands them out from memory. The limit is never
exceeded; a token that is used through many processes may be stopped too early, by at most one lot for each of them.
"""

from __future__ import annotations

import threading
from datetime import timedelta

from django.conf import settings

from qafila.kernel import clock, rates
from qafila.kernel.errors import TooManyRequests

MINUTE = timedelta(minutes=1)
LOTS = 40
_lock = threading.Lock()
_permits: dict[int, tuple[int, int]] = {}  # token id: (the minute, permits left of the lot drawn last)


def count(token_id: int) -> None:
    """Count one request. Refuses: TooManyRequests with the seconds to wait."""
    limit: int = settings.API_RATE
    if not limit:
        return
    minute = int(clock.now().timestamp()) // 60
    with _lock:
        drawn_in, left = _permits.get(token_id, (minute, 0))
        if drawn_in == minute and left > 0:
            _permits[token_id] = (minute, left - 1)
            return
    lot = max(1, limit // LOTS)
    already, wait = rates.draw(f"api:{token_id}", lot, per=MINUTE)
    allowed = min(lot, limit - already)
    if allowed <= 0:
        raise TooManyRequests(f"This token may ask {limit} times a minute; try again in {wait} s.", retry_after=wait)
    with _lock:
        if len(_permits) > 10_000:
            _permits.clear()
        _permits[token_id] = (minute, allowed - 1)


def forget() -> None:
    """What a restart does: the permits drawn and not used are lost."""
    with _lock:
        _permits.clear()
