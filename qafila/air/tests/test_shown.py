"""Limits are read on the agency's clock too, tables have no empty column, tickets bear names where they are known."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import click
import pytest

from qafila.air import shown
from qafila.air.cli import _slices
from qafila.air.counter import UNKNOWN, Counter
from qafila.air.gateways.outcomes import Doubt, Unknown
from qafila.air.gateways.values import (
    CouponStatus,
    Document,
    Money,
    Offer,
    OfferSegment,
    OrderRef,
    OrderSnapshot,
    OrderTraveller,
    PassengerType,
    SearchQuery,
    Slice,
)
from qafila.kernel import clock

INDIA = ZoneInfo("Asia/Kolkata")
QUERY = SearchQuery((Slice("SXR", "JED", date(2027, 1, 18)),))
FLIGHT = OfferSegment(
    0,
    "SV",
    "110",
    "SXR",
    "JED",
    datetime(2027, 1, 18, 12, 10, tzinfo=INDIA),
    datetime(2027, 1, 18, 17, 10, tzinfo=INDIA),
    "V",
)
OFFER = Offer("amadeus", "{}", (FLIGHT,), (), Money(Decimal("37350"), "INR"), "SV")


@pytest.mark.parametrize(
    ("moment", "told"),
    [
        (datetime(2026, 11, 22, 4, 30, tzinfo=UTC), "22 Nov 2026 04:30 UTC (10:00 IST)"),
        (datetime(2026, 11, 21, 20, 30, tzinfo=UTC), "21 Nov 2026 20:30 UTC (22 Nov 02:00 IST)"),
        (datetime(2026, 11, 22, 4, 30, tzinfo=INDIA), "22 Nov 2026 04:30 IST"),
        (None, ""),
    ],
)
def test_a_limit_in_another_zone_tells_the_agencys_time_too(moment: datetime | None, told: str) -> None:
    assert shown.until(moment) == told


def test_baggage_has_a_column_where_an_offer_tells_any() -> None:
    silent = shown.offers(QUERY, (OFFER, OFFER), "amadeus")
    assert "Baggage" not in silent
    telling = replace(OFFER, segments=(replace(FLIGHT, baggage="2PC"),))
    told = shown.offers(QUERY, (OFFER, telling), "amadeus").splitlines()
    column = told[2].index("Baggage")
    assert [line[column : column + 3].strip() for line in told[3:]] == ["", "2PC"]


def test_tickets_seen_so_far_bear_the_names_that_the_record_told_before(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    desk, ref = Counter(tmp_path), OrderRef("amadeus", "ABC123")
    sara = OrderTraveller("2", PassengerType.ADULT, "SARA MRS", "DAR")
    desk.desk.saw_snapshot(OrderSnapshot(ref, "ABC123", "1", (sara,), ()))
    seen = tuple(Document(f"065240000000{who}", (who,), status=CouponStatus.OPEN) for who in "23")
    outcome = Unknown(Doubt.PARTIAL, "some have none yet", ref=ref, seen=seen)
    assert desk.tell(outcome, "Issuing", str, key="ISSUE-1", as_json=False) == UNKNOWN
    told = capsys.readouterr().err
    assert "0652400000002  ticket  DAR/SARA MRS  open" in told
    assert "0652400000003  ticket  3             open" in told, "nobody told who that is"


# -- journeys of several flights --------------------------------------------------------------------------------------


def journey(*also: tuple[str, str, str], back: str | None = None) -> list[str]:
    with clock.standing_at(date(2026, 11, 21)):
        found = _slices("SXR", "JED", "18JAN27", also, back)
    return [f"{one.origin}-{one.destination} {one.date:%d%b%y}" for one in found]


def test_a_journey_goes_home_from_another_place_or_through_several() -> None:
    assert journey() == ["SXR-JED 18Jan27"]
    assert journey(back="01FEB27") == ["SXR-JED 18Jan27", "JED-SXR 01Feb27"]
    assert journey(("MED", "SXR", "1FEB")) == ["SXR-JED 18Jan27", "MED-SXR 01Feb27"]
    assert journey(("JED", "MED", "2027-01-22"), back="2027-02-01") == [
        "SXR-JED 18Jan27", "JED-MED 22Jan27", "MED-SXR 01Feb27",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("also", "back", "reason"),
    [
        ([("MED", "SXR", "17JAN27")], None, "17 Jan 2027 is earlier than the flight before it"),
        ([("MED", "MED", "01FEB27")], None, "MED is where the flight begins"),
        ([("MED", "XXQ", "01FEB27")], None, "XXQ is no airport"),
        ([("MED", "SXR", "someday")], None, "someday is no date"),
        ([("MED", "SXR", "01FEB27")], "02FEB27", "the journey is back in SXR without it"),
        ([("JED", "DXB", "19JAN27"), ("DXB", "JED", "19JAN27")] * 3, None, "at most six flights"),
    ],
)
def test_a_journey_that_cannot_be_flown_so_is_refused(
    also: list[tuple[str, str, str]], back: str | None, reason: str
) -> None:
    with pytest.raises(click.BadParameter, match=reason):
        journey(*also, back=back)
