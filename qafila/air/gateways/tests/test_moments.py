"""Moments are stored with the zone of their place and come back with it; what is none is refused as such."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from qafila.air.gateways.values import LimitKind, TimeLimit, restored, stored

JEDDAH = ZoneInfo("Asia/Riyadh")


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(2027, 1, 18, 9, 5, tzinfo=JEDDAH), "2027-01-18T09:05:00+03:00[Asia/Riyadh]"),
        (datetime(2027, 1, 18, 9, 5, tzinfo=UTC), "2027-01-18T09:05:00+00:00"),
        # The hour that a clock in Paris shows twice.
        (datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Paris"), fold=1), "T02:30:00+01:00[Europe/Paris]"),
    ],
)
def test_a_moment_comes_back_in_its_zone(moment: datetime, text: str) -> None:
    limit = TimeLimit(LimitKind.TICKETING, moment)
    assert text in stored(limit)
    back = restored(TimeLimit, stored(limit)).at
    assert (back, back.utcoffset(), back.strftime("%H:%M")) == (moment, moment.utcoffset(), moment.strftime("%H:%M"))
    assert getattr(back.tzinfo, "key", "UTC") == getattr(moment.tzinfo, "key", "UTC")


@pytest.mark.parametrize(
    "text",
    [
        "2027-01-18T09:05:00",
        "2027-01-18T09:05:00[Asia/Riyadh]",
        "2027-01-18T09:05:00+03:00[Asia/Nowhere]",
        "2027-01-18T09:05:00+03:00[Asia]",
        "2027-01-18T09:05:00+03:00[/etc/passwd]",
        "2027-13-18T09:05:00+03:00[Asia/Riyadh]",
        "soon",
    ],
)
def test_what_has_no_zone_or_one_that_nobody_knows_is_no_moment(text: str) -> None:
    with pytest.raises(ValidationError):
        restored(TimeLimit, f'{{"kind": "ticketing", "at": "{text}"}}')
