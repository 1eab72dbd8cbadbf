"""The simulator's own time: it can be set, moved on and stood still, and it outlives a restart."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from simulator.store import Store

_SHIFT = "clock.shift"  # seconds ahead of the machine's clock
_STANDING = "clock.standing"  # the moment it stands at, when it stands


class Clock:
    """Moments are aware and in UTC; the offices and airports that need a zone convert them."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.reload()

    def reload(self) -> None:
        """Read what the store keeps: at the start, and after the store was emptied."""
        self._shift = timedelta(seconds=float(self._store.setting(_SHIFT) or 0))
        standing = self._store.setting(_STANDING)
        self._standing = datetime.fromisoformat(standing) if standing else None

    def now(self) -> datetime:
        return self._standing or datetime.now(UTC) + self._shift

    @property
    def frozen(self) -> bool:
        return self._standing is not None

    def set(self, moment: datetime) -> None:
        """Stand or run on from this moment. Raises: ValueError for a moment without a zone."""
        if moment.tzinfo is None:
            raise ValueError("the clock needs a moment with its zone, such as 2027-01-18T09:00:00+05:30")
        moment = moment.astimezone(UTC)
        self._shift = moment - datetime.now(UTC)
        if self._standing is not None:
            self._standing = moment
        self._keep()

    def advance(self, seconds: float) -> None:
        """Move on, or back where negative. Raises: OverflowError beyond the year 9999."""
        if self._standing is not None:
            self._standing += timedelta(seconds=seconds)
        self._shift += timedelta(seconds=seconds)
        self._keep()

    def freeze(self, still: bool = True) -> None:
        """Stand still at the present moment, or run on from where it stood."""
        now = self.now()
        self._standing = now if still else None
        self._shift = now - datetime.now(UTC)
        self._keep()

    def _keep(self) -> None:
        with self._store.transaction():
            self._store.set_setting(_SHIFT, str(self._shift.total_seconds()))
            self._store.set_setting(_STANDING, self._standing.isoformat() if self._standing else "")
