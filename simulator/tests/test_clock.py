from datetime import UTC, datetime, timedelta

import pytest

from simulator.clock import Clock
from simulator.store import Store


def test_the_clock_runs_on_from_where_it_was_set():
    clock = Clock(Store(":memory:"))
    clock.set(datetime.fromisoformat("2027-01-18T09:00:00+05:30"))
    assert timedelta(0) <= clock.now() - datetime(2027, 1, 18, 3, 30, tzinfo=UTC) < timedelta(minutes=1)


def test_a_clock_that_stands_moves_only_by_hand_and_runs_on_from_there():
    clock = Clock(Store(":memory:"))
    clock.set(datetime(2027, 1, 18, tzinfo=UTC))
    clock.freeze()
    standing = clock.now()
    clock.advance(3600)
    assert clock.now() == standing + timedelta(hours=1)
    assert clock.now() == clock.now()
    clock.freeze(False)
    assert timedelta(hours=1) <= clock.now() - standing < timedelta(hours=1, minutes=1)


def test_the_clock_survives_a_restart(tmp_path):
    store = Store(tmp_path / "s.sqlite3")
    clock = Clock(store)
    clock.set(datetime(2027, 1, 18, tzinfo=UTC))
    clock.freeze()
    moment = clock.now()
    store.close()
    again = Clock(Store(tmp_path / "s.sqlite3"))
    assert again.frozen
    assert again.now() == moment


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="zone"):
        Clock(Store(":memory:")).set(datetime(2027, 1, 18))  # noqa: DTZ001
