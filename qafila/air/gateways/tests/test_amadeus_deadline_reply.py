"""The four shapes of a time limit, and the spellings of airlines and robots. The earliest of all wins."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from qafila.air.gateways.amadeus.replies.deadlines import Surroundings, deadline
from qafila.air.gateways.tests.replying import flight, line, order, ssr, ticketing
from qafila.air.gateways.values import LimitKind

OFFICE, BOARD_POINT = "Asia/Kolkata", "Asia/Riyadh"
AROUND = Surroundings(date(2026, 3, 1), ZoneInfo(OFFICE), ZoneInfo(BOARD_POINT), datetime(2026, 3, 1, 9, 0, tzinfo=UTC))


def moment(written: str, zone: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("words", "at", "zone"),
    [
        ("TO KL BY 24JUN16/1800Z OTHERWISE WILL BE XXLD", "2016-06-24T18:00", "UTC"),
        ("/TO VY ON/BEFORE 12MAY 1240Z OTHERWISE WILL BE XLD", "2026-05-12T12:40", "UTC"),
        ("ADV TKT NBR TO CX/KA BY 21MAR GMT 2359 OR SUBJECT TO CANCEL", "2026-03-21T23:59", "UTC"),
        ("PLEASE TICKET BY 19JAN2015/0459Z", "2015-01-19T04:59", "UTC"),
        ("TKT BY 12MAY 12 40 GMT OTHERWISE WILL BE XLD", "2026-05-12T12:40", "UTC"),
        ("TKT BY 12 40 / 12MAY GMT OR CXL", "2026-05-12T12:40", "UTC"),
        ("TKT BY 1240GMT0/12MAY26", "2026-05-12T12:40", "UTC"),
        ("TKT BY 12MAY2026 1240 GMT0", "2026-05-12T12:40", "UTC"),
        ("TKT BY 1240/12MAY/UTC", "2026-05-12T12:40", "UTC"),
        ("TONK ON/BEFORE 20MAR 2335Z OTHERWISE WILL BE XLD", "2026-03-20T23:35", "UTC"),
        ("PLS TICKET BY 2359/28MAR2017 LCLT AT BOARD POINT OR QR WILL CXL", "2017-03-28T23:59", BOARD_POINT),
        ("BY VLC27MAR24/1621 OR CXL CA NON-TKT SEGS", "2024-03-27T16:21", "Europe/Madrid"),
        ("TO KE BY SHA1955/01JUL OTHERWISE WILL BE XLD", "2026-07-01T19:55", "Asia/Shanghai"),
        ("TO AF BY 01OCT 1600 IEV OTHERWISE WILL BE XLD", "2026-10-01T16:00", "Europe/Kyiv"),
        ("TO PS BY 18SEP 1800 ATL TIME ZONE OTHERWISE WILL BE XLD", "2026-09-18T18:00", "America/New_York"),
        ("TTL FOR AUTO CANX FIXED FOR 16SEP21 AT 2359 ATL", "2021-09-16T23:59", "America/New_York"),
        ("AUTO XX IF SSR TKNA/E/M/C NOT RCVD BY 7W BY 1511/29SEP/IEV LT", "2026-09-29T15:11", "Europe/Kyiv"),
        ("ADV TKT NBR TO CX BY 21MAR 2359 HKG OR SUBJECT TO CANCEL", "2026-03-21T23:59", "Asia/Hong_Kong"),
        ("TKT BY 12MAY26 1240 SIN LT", "2026-05-12T12:40", "Asia/Singapore"),
        ("TKT BY 12MAY 1240 LT SIN", "2026-05-12T12:40", "Asia/Singapore"),
        ("TKT BY 1240 SIN/12MAY26", "2026-05-12T12:40", "Asia/Singapore"),
        ("TKT BY 1240/12MAY26 SIN", "2026-05-12T12:40", "Asia/Singapore"),
        ("TKT BY 12MAY2026/1240/SIN", "2026-05-12T12:40", "Asia/Singapore"),
        ("TKT BY 12MAY26 1240SIN", "2026-05-12T12:40", "Asia/Singapore"),
        ("PLS ADV TKT BY 20JAN15 1500CN OR WL BE CXLD", "2015-01-20T15:00", "Asia/Shanghai"),
        ("TKTL 1A SS/DEL 1035/27AUG", "2026-08-27T10:35", "Asia/Kolkata"),
        ("SV TKT BY JED 1200/29AUG OR CXL", "2026-08-29T12:00", "Asia/Riyadh"),
        ("PLS TICKET OR CANCEL BY 16SEP17 1538USCA", "2017-09-16T15:38", "America/Los_Angeles"),
        ("TKT BY 1240 12MAY CST", "2026-05-12T12:40", "Asia/Shanghai"),
        ("BY 24JUN16 1800BOM 24JUN16 2030CN ELSE WILL BE XXLD", "2016-06-24T18:00", "Asia/Kolkata"),
        ("WILL CNL AT 12MAY 1240Z", "2026-05-12T12:40", "UTC"),
        ("PLS TICKET WITHIN 24 HOURS AFTER RES", "2026-03-02T09:00", "UTC"),
    ],
)
def test_an_airlines_deadline_is_read_in_the_zone_it_names(words, at, zone):
    read = deadline(words, AROUND)
    assert read.at == moment(at, zone)
    assert read.sure


@pytest.mark.parametrize(
    ("words", "at"),
    [
        ("TO SV BY 12MAY 1240 OTHERWISE WILL BE XLD", "2026-05-12T12:40"),
        ("TO OZ BY 15JAN 2100 OTHERWISE WILL BE XLD", "2027-01-15T21:00"),
        ("TO MH BY 14MAY 0800 ZZZ TIME ZONE OTHERWISE WILL BE XLD", "2026-05-14T08:00"),
        ("BY YYY11NOV26/1240 OR CXL HO1322 M13NOV", "2026-11-11T12:40"),
        ("ADTK B4 1200/13MAR FR PVGKHHCI0582H04JUL OR AUTO CANCEL", "2026-03-13T12:00"),
        ("TKT BY 1240 LOCAL TIME/12MAY2026", "2026-05-12T12:40"),
        ("CANCELS IF NO TKT ADVISED BY 12MAY 1240", "2026-05-12T12:40"),
        ("TKTL SV SS/ZZZ 1035/27AUG", "2026-08-27T10:35"),
        ("TKT BY SUN 1240/12MAY", "2026-05-12T12:40"),
        ("TO AZ BY 12MAY OTHERWISE CXL", "2026-05-12T23:59:59"),
        ("LAST DAY FOR TICKETING 12MAY26", "2026-05-12T23:59:59"),
    ],
)
def test_a_deadline_without_a_known_zone_runs_on_the_offices_clock_and_is_marked_as_a_guess(words, at):
    read = deadline(words, AROUND)
    assert read.at == moment(at, OFFICE)
    assert not read.sure


@pytest.mark.parametrize(
    "words",
    [
        "DUPLICATED WITH RMSDR8 - SET 2019 NOV 29 7 45",
        "DOCS INFO IS REQUIRED FOR CA FLT",
        "BOOK AND BUY PLEASE TICKET IMMEDIATELY",
        "657173425545 - FARE RULE OVERRIDES TKT DEADLINE IF MORE RESTRICTIVE",
        "TICKETING DEADLINE IN FARE RULE MUST BE OBSERVED IF MORE RESTRICTIVE",
        "OR CXL HO1218 V30JUN",
        "TO XX BY 31FEB 1200Z OTHERWISE WILL BE XLD",
        "TO XX BY 12MAY 2560 OTHERWISE WILL BE XLD",
        "",
    ],
)
def test_flights_stamps_and_impossible_dates_are_no_deadlines(words):
    assert deadline(words, AROUND) is None


def test_the_date_of_a_flight_in_the_text_is_not_the_deadline():
    assert deadline("BY SHA29JUN26/0952 OR CXL HO1218 V01JUN", AROUND).at == moment("2026-06-29T09:52", "Asia/Shanghai")
    assert deadline("5N-123/12JUN26 BY 01JUL/1200Z OR CNL", AROUND).at == moment("2026-07-01T12:00", "UTC")


def test_a_day_without_a_year_is_the_next_such_day_after_the_order_was_made():
    made_in_december = Surroundings(date(2026, 12, 20), ZoneInfo(OFFICE))
    assert deadline("TO SV BY 03JAN 1200Z", made_in_december).at.year == 2027
    assert deadline("TO SV BY 18DEC 1200Z", made_in_december).at.year == 2026


def test_of_all_four_shapes_the_earliest_limit_counts():
    last = (
        "<tstData><lastTktDate><businessSemantic>LT</businessSemantic><dateTime><year>2026</year><month>12</month>"
        "<day>4</day><hour>9</hour><minutes>5</minutes></dateTime></lastTktDate></tstData>"
    )
    pnr = order(
        flights=flight("1"),
        lines=ticketing("XL", "061226", "1800") + ssr("ADTK", "TO SV BY 05DEC26/1200Z OTHERWISE WILL BE XLD"),
        more=last,
    )
    assert [limit.kind for limit in pnr.snapshot.time_limits] == [LimitKind.FARE, LimitKind.AIRLINE, LimitKind.CANCEL]
    assert pnr.snapshot.time_limit.at == moment("2026-12-04T09:05", OFFICE)


def test_a_request_about_ticketing_that_cannot_be_read_is_a_note_and_one_about_anything_else_is_not():
    pnr = order(
        lines=ssr("ADTK", "BOOK AND BUY PLEASE TICKET IMMEDIATELY")
        + ssr("OTHS", "TKT BY 12XYZ OR CXL BY 31FEB")
        + ssr("OTHS", "PLS PROVIDE APIS BY 24JUN26/1200Z")
        + ssr("OTHS", "TKT TO SV BY 12JAN 1240 OR CXL")
    )
    (limit,) = pnr.snapshot.time_limits
    assert limit.at == moment("2027-01-12T12:40", OFFICE)
    assert [note.partition(":")[0] for note in pnr.notes] == [
        "time limit not read",
        "time limit not read",
        "time limit read by the office's clock",
    ]


def test_an_option_that_cancels_is_a_limit_and_one_that_reminds_is_not():
    cancels = line("OPC", "SXRQF2100/05DEC:2359/1C8/SV CANCELLATION DUE TO NO TICKET")
    warns = line("OPW", "SXRQF2100/04DEC:0900/1C7/SV REQUIRES TICKET ON OR BEFORE 05DEC:0900")
    pnr = order(lines=cancels + warns + line("OP", "SXRQF2100/02DEC"))
    assert [(limit.kind, limit.at) for limit in pnr.snapshot.time_limits] == [
        (LimitKind.AIRLINE, moment("2026-12-05T09:00", OFFICE)),
        (LimitKind.CANCEL, moment("2026-12-05T23:59", OFFICE)),
    ]
    dated = "<optionElement><optionElementInfo><date>051226</date><time>0600</time></optionElementInfo></optionElement>"
    assert order(lines=line("OPC", inside=dated)).snapshot.time_limit.at == moment("2026-12-05T06:00", OFFICE)
