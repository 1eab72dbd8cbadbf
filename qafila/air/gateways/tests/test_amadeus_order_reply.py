"""An order at Amadeus: who flies, on what, with which documents, until when; and what is beside it when something
failed.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from qafila.air.gateways.amadeus.problems import errors, simultaneous
from qafila.air.gateways.amadeus.replies.people import passenger_type
from qafila.air.gateways.amadeus.replies.pnr import pnr_reply
from qafila.air.gateways.amadeus.replies.tickets import ticket_line
from qafila.air.gateways.amadeus.xml import parse
from qafila.air.gateways.tests.replying import OFFICE, flight, line, name_line, order, recorded, reply, ticketing
from qafila.air.gateways.values import (
    CouponStatus,
    LimitKind,
    Money,
    OrderTraveller,
    PassengerType,
    SegmentState,
)

KOLKATA = ZoneInfo("Asia/Kolkata")
FA = "PAX 080-7421982399/ETLO/USD126.39/29NOV19/DTW1S210B/23612444"
ADULT_AND_INFANT = name_line("2", "DOE", "JANE MRS|ADT", "MIA|INF", born="03012026")


def test_what_an_order_complains_about_is_told_without_contacts() -> None:
    complaint = (
        "<generalErrorInfo><errorOrWarningCodeDetails><errorDetails><errorCode>7</errorCode><errorCategory>WEC"
        "</errorCategory></errorDetails></errorOrWarningCodeDetails><errorWarningDescription><freeText>"
        "CHECK CTCE JOHN//DOE.COM</freeText></errorWarningDescription></generalErrorInfo>"
    )
    snapshot = order(more=complaint).snapshot
    assert snapshot is not None
    assert snapshot.problems == ("7 CHECK CTCE ***",)


def test_nothing_exists_before_the_commit_gave_a_locator():
    pnr = order(locator="", flights=flight("1"))
    assert pnr.locator == ""
    assert pnr.snapshot is None
    assert [traveller.id for traveller in pnr.travellers] == ["2"]
    assert [segment.id for segment in pnr.segments] == ["1"]


def test_a_short_commit_is_done_but_not_an_empty_order():
    short = reply(
        "PNR_Reply",
        "<pnrHeader><reservationInfo><reservation><companyId>1A</companyId><controlNumber>KDM59Q</controlNumber>"
        "</reservation></reservationInfo></pnrHeader><dataElementsMaster><marker2/></dataElementsMaster>",
    )
    pnr = pnr_reply(short, OFFICE)
    assert (pnr.locator, pnr.snapshot) == ("KDM59Q", None)


def test_a_record_that_another_system_holds_is_not_ours():
    header = "".join(
        f"<pnrHeader><reservationInfo><reservation><companyId>1A</companyId><controlNumber>{number}</controlNumber>{kind}"
        "</reservation></reservationInfo></pnrHeader>"
        for number, kind in (("T5XQD3", "<controlType>C</controlType>"), ("YL92CN", ""))
    )
    pnr = pnr_reply(reply("PNR_Reply", header + name_line("1", "DOE", "JANE")), OFFICE)
    assert pnr.locator == "YL92CN"
    assert "also known as T5XQD3 at 1A" in pnr.notes


def test_an_infant_shares_the_number_of_the_adult_and_is_a_traveller_all_the_same():
    pnr = order(people=ADULT_AND_INFANT)
    assert pnr.travellers == (
        OrderTraveller("2", PassengerType.ADULT, "JANE MRS", "DOE"),
        OrderTraveller("2/INF", PassengerType.INFANT, "MIA", "DOE", date(2026, 1, 3), "2"),
    )


def test_an_infant_who_has_no_name_yet_needs_a_ticket_too():
    unnamed = name_line("2", "DOE", "JANE MRS").replace(
        "</firstName>", "</firstName><infantIndicator>1</infantIndicator>"
    )
    pnr = order(people=unnamed)
    assert [(one.id, one.first_name) for one in pnr.travellers] == [("2", "JANE MRS"), ("2/INF", "")]


def test_names_that_stand_twice_are_one_person():
    enhanced = (
        "<enhancedPassengerData><enhancedTravellerInformation><travellerNameInfo><type>ADT</type></travellerNameInfo>"
        "<otherPaxNamesDetails><referenceName>Y</referenceName><surname>DOE</surname><givenName>JANE MRS</givenName>"
        "</otherPaxNamesDetails></enhancedTravellerInformation><dateOfBirthInEnhancedPaxData><dateAndTimeDetails>"
        "<date>24121984</date></dateAndTimeDetails></dateOfBirthInEnhancedPaxData></enhancedPassengerData>"
    )
    pnr = order(people=name_line("2", "DOE", "JANE MRS").replace("</travellerInfo>", f"{enhanced}</travellerInfo>"))
    assert pnr.travellers == (OrderTraveller("2", PassengerType.ADULT, "JANE MRS", "DOE", date(1984, 12, 24)),)


@pytest.mark.parametrize(
    ("code", "kind"),
    [("", "ADT"), ("ADT", "ADT"), ("YTH", "ADT"), ("C08", "CHD"), ("CHD", "CHD"), ("CH", "CHD"), ("CNN", "CHD"),
     ("INF", "INF"), ("IN", "INF"), ("INS", "INF"), ("MIL", "ADT")],
)  # fmt: skip
def test_every_passenger_type_is_an_adult_a_child_or_an_infant(code, kind):
    assert passenger_type(code).value == kind


def test_a_refused_name_flight_or_line_is_not_in_the_order_whatever_it_says_of_itself():
    refused_flight = flight("2").replace("<reference>", "<status>ERR</status><reference>", 1)
    pnr = order(
        people=name_line("2", "DOE", "JANE") + name_line("3", "ROE", "RAY", status="ERR"),
        flights=flight("1") + refused_flight,
        lines=ticketing("XL", "051226", "1800") + ticketing("OK", "011226", status="ERR"),
    )
    assert [traveller.id for traveller in pnr.travellers] == ["2"]
    assert [segment.id for segment in pnr.segments] == ["1"]
    assert pnr.ticketing == "XL"
    assert pnr.snapshot.time_limit.at == datetime(2026, 12, 5, 18, 0, tzinfo=KOLKATA)
    assert sum(note.startswith("not accepted") for note in pnr.notes) == 3


@pytest.mark.parametrize(
    ("status", "state"),
    [("HK", "confirmed"), ("KK", "confirmed"), ("KL", "confirmed"), ("RR", "confirmed"), ("TK", "changed"),
     ("TL", "changed"), ("HL", "waitlisted"), ("HN", "requested"), ("UN", "cancelled"), ("UC", "cancelled"),
     ("NO", "cancelled"), ("HX", "cancelled"), ("US", "cancelled"), ("QQ", "unknown"), ("", "unknown")],
)  # fmt: skip
def test_a_flight_is_confirmed_only_by_the_codes_that_say_so(status, state):
    assert order(flights=flight("1", status)).segments[0].state is SegmentState(state)


def test_times_keep_the_zone_of_the_airport_and_need_no_leading_zero():
    segment = order(flights=flight("1")).segments[0]
    assert segment.departs == datetime(2027, 1, 18, 9, 5, tzinfo=KOLKATA)
    assert segment.arrives == datetime(2027, 1, 18, 12, 40, tzinfo=ZoneInfo("Asia/Riyadh"))


@pytest.mark.parametrize(("told", "day"), [("<dayChangeIndicator>1</dayChangeIndicator>", 19), ("", 18)])
def test_a_flight_without_an_arrival_date_arrives_so_many_days_later_as_it_says(told, day):
    product = f"<depDate>180127</depDate><depTime>2330</depTime><arrTime>0600</arrTime>{told}"
    assert order(flights=flight("1", product=product)).segments[0].arrives.day == day


def test_what_is_no_flight_or_only_passive_is_left_out_and_noted():
    pnr = order(flights=flight("1") + flight("2", kind="HTL") + flight("3", "GK") + flight("4", number="ARNK"))
    assert [segment.id for segment in pnr.segments] == ["1"]
    assert sorted(note.partition(":")[0] for note in pnr.notes) == ["no flight", "no flight", "passive"]


def test_an_order_is_cancelled_when_no_seat_is_left_not_when_the_airline_dropped_one_flight():
    assert order(flights="").snapshot.cancelled
    assert order(flights=flight("1", "HX") + flight("2", "HX")).snapshot.cancelled
    assert not order(flights=flight("1", "UN")).snapshot.cancelled
    assert not order(flights=flight("1", "HX") + flight("2")).snapshot.cancelled
    assert not order(flights=flight("1", kind="RU")).snapshot.cancelled


def test_a_document_belongs_to_the_traveller_and_the_flights_its_line_names():
    people = name_line("2", "DOE", "JANE") + name_line("3", "ROE", "RAY")
    pnr = order(people=people, flights=flight("1"), lines=line("FA", FA, refers="ST1 PT3"))
    (ticket,) = pnr.snapshot.documents
    assert (ticket.number, ticket.travellers, ticket.segments) == ("0807421982399", ("3",), ("1",))
    assert (ticket.amount, ticket.issued_on) == (Money(Decimal("126.39"), "USD"), date(2019, 11, 29))
    assert (ticket.validating_carrier, ticket.office, ticket.iata_number) == ("LO", "DTW1S210B", "23612444")
    assert (ticket.kind, ticket.status) == ("ticket", CouponStatus.UNKNOWN)
    assert [traveller.id for traveller in pnr.snapshot.unticketed()] == ["2"]


def test_an_infants_ticket_is_the_infants_though_it_names_the_adults_number():
    lines = line("FA", FA, refers="PT2") + line(
        "FA", "INF 080-7421982400/ETLO/USD15.00/29NOV19/DTW1S210B", refers="PT2"
    )
    pnr = order(people=ADULT_AND_INFANT, lines=lines)
    assert {ticket.number: ticket.travellers for ticket in pnr.snapshot.documents} == {
        "0807421982399": ("2",),
        "0807421982400": ("2/INF",),
    }
    assert pnr.snapshot.unticketed() == ()


def test_a_document_without_references_is_the_only_travellers_or_nobodys():
    assert order(lines=line("FA", FA)).snapshot.documents[0].travellers == ("2",)
    two = name_line("2", "DOE", "JANE") + name_line("3", "ROE", "RAY")
    assert order(people=two, lines=line("FA", FA)).snapshot.documents[0].travellers == ()


def test_a_void_ticket_leaves_its_traveller_unticketed():
    pnr = order(lines=line("FA", FA.replace("/ETLO", "/EVLO"), refers="PT2"))
    assert pnr.snapshot.documents[0].status is CouponStatus.VOID
    assert [traveller.id for traveller in pnr.snapshot.unticketed()] == ["2"]


@pytest.mark.parametrize(
    "words", ["PAX 0000000000 TTP/RT OK ETICKET - USD252.78", "PAX 1900002390 TTP/ET/EXCH OK ETICKET"]
)
def test_the_echo_of_an_issuing_command_is_no_document(words):
    assert order(lines=line("FB", words, refers="PT2")).snapshot.documents == ()
    assert order(lines=line("FA", words, refers="PT2")).snapshot.documents == ()


def test_a_ticket_issued_elsewhere_counts_and_an_emd_is_no_ticket():
    lines = line("FHE", "PAX 566-2404581218", refers="PT2") + line(
        "FA", "PAX 157-8201820530/DTQR/USD250.00/19AUG16/IADQR0001/09828999", refers="PT2"
    )
    pnr = order(lines=lines)
    assert [(one.number, one.kind) for one in pnr.snapshot.documents] == [
        ("5662404581218", "ticket"), ("1578201820530", "emd"),
    ]  # fmt: skip
    assert pnr.snapshot.unticketed() == ()


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("PAX 205-9297871591/ETNH/21APR26/SELK138RJ/17334144",
         ("NH", None, date(2026, 4, 21), "SELK138RJ", "17334144")),
        ("PAX 566-2404596805/ETPS/UAH1995/10MAY17/IEVPS2311/72320220/S10-11/P7",
         ("PS", Money(Decimal(1995), "UAH"), date(2017, 5, 10), "IEVPS2311", "72320220")),
        ("PAX 057-2412345678/ETAI/USD221.70/04SEP26/SCK1S2400",
         ("AI", Money(Decimal("221.70"), "USD"), date(2026, 9, 4), "SCK1S2400", "")),
        ("PAX 725-7892926310/ETW3/18AUG16/SFO1S2195/05578602",
         ("W3", None, date(2016, 8, 18), "SFO1S2195", "05578602")),
        ("PAX 229-1234567890/ETKU/KWD126.390/KWI1A2345",
         ("KU", Money(Decimal("126.390"), "KWD"), None, "KWI1A2345", "")),
        ("PAX 131-1234567890/ETJL/JPY12000/01JUL26/TYO123456",
         ("JL", Money(Decimal(12000), "JPY"), date(2026, 7, 1), "TYO123456", "")),
        ("PAX 080-7421982399", ("", None, None, "", "")),
    ],
)  # fmt: skip
def test_the_parts_of_a_ticket_line_are_known_by_their_looks_whichever_are_missing(words, expected):
    found = ticket_line(words)
    assert (found.carrier, found.amount, found.issued_on, found.office, found.iata_number) == expected


def test_a_conjunction_ticket_has_a_number_for_each_booklet():
    found = ticket_line("PAX 080-7421982399-400/ETLO/USD126.39/29NOV19/DTW1S210B/23612444")
    assert (found.number, found.conjunction) == ("0807421982399", ("0807421982400",))
    assert ticket_line("PAX 080-7421982399-02/ETLO").conjunction == ("0807421982400", "0807421982401", "0807421982402")
    assert ticket_line("PAX 080-7421982399-50/ETLO").conjunction == ()  # no ticket has fifty booklets


def stored_fare(words: str, refers: str, total: str) -> str:
    about = "".join(
        f"<reference><qualifier>{one[:2]}</qualifier><number>{one[2:]}</number></reference>" for one in refers.split()
    )
    return (
        "<tstData><tstGeneralInformation><generalInformation><tstReferenceNumber>1</tstReferenceNumber>"
        "</generalInformation></tstGeneralInformation><tstFreetext><freetextDetail><type>41</type></freetextDetail>"
        f"<longFreetext>{words}</longFreetext></tstFreetext><fareData><monetaryInfo><qualifier>F</qualifier>"
        "<amount>41.00</amount><currencyCode>EUR</currencyCode></monetaryInfo><monetaryInfo><qualifier>T</qualifier>"
        f"<amount>{total}</amount><currencyCode>USD</currencyCode></monetaryInfo><taxFields><taxCurrency>USD</taxCurrency>"
        "<taxAmount>6.39</taxAmount><taxCountryCode>YQ</taxCountryCode></taxFields></fareData>"
        f"<referenceForTstData>{about}</referenceForTstData></tstData>"
    )


def test_a_stored_fare_is_of_each_of_its_passengers():
    people = name_line("2", "DOE", "JANE", "MIA|INF") + name_line("3", "ROE", "RAY")
    more = stored_fare("PAX", "PT2 PT3 ST1", "126.39") + stored_fare("INF", "PT2 ST1", "12.00")
    pnr = order(people=people, more=more)
    assert [(fare.passenger_type.value, fare.count, fare.travellers) for fare in pnr.snapshot.fares] == [
        ("ADT", 2, ("2", "3")), ("INF", 1, ("2/INF",)),
    ]  # fmt: skip
    assert pnr.snapshot.total == Money(Decimal("264.78"), "USD")
    adult = pnr.snapshot.fares[0]
    assert (adult.base.amount, adult.tax.amount) == (Decimal("120.00"), Decimal("6.39"))
    assert adult.filed == Money(Decimal("41.00"), "EUR")


def test_an_order_beside_an_error_is_the_order_as_it_was_before():
    pnr = pnr_reply(parse(recorded("pnrAddMultiElements14_1_need_received_from")), OFFICE)
    assert errors(pnr.problems)
    assert pnr.snapshot.locator == "2ZIW6R"
    assert not simultaneous(pnr.problems[0])  # 8111, but not for that reason


def test_our_own_key_is_read_back_from_the_remark():
    remark = "<miscellaneousRemarks><remarks><type>RM</type><freetext>{}</freetext></remarks></miscellaneousRemarks>"
    pnr = order(lines=line("RM", inside=remark.format("NOTE")) + line("RM", inside=remark.format("QK/attempt-0042")))
    assert pnr.snapshot.key == "attempt-0042"


def test_contacts_passports_and_cards_stay_in_the_reply():
    docs = (
        "<serviceRequest><ssr><type>DOCS</type><freeText>P/IND/Z1234567/IND/01JAN80/F</freeText></ssr></serviceRequest>"
    )
    lines = (
        line("AP", "SXR 0194 555 0100") + line("FP", "CCVI4111111111111111/1230") + line("SSR", inside=docs)
        + line("OS", "YY CTCE JANE//EXAMPLE.COM") + line("FP", "CASH")
    )  # fmt: skip
    pnr = order(lines=lines)
    assert [element.text for element in pnr.elements] == ["", "CCVI", "", "", "CASH"]
    assert not any(secret in repr(pnr) for secret in ("4111", "Z1234567", "0100", "EXAMPLE"))


def test_the_order_was_made_at_a_moment_told_in_utc():
    assert order().snapshot.created_at == datetime(2026, 12, 1, 7, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("indicator", "time", "kind", "at"),
    [
        ("TL", "1800", LimitKind.TICKETING, datetime(2026, 12, 5, 18, 0, tzinfo=KOLKATA)),
        ("XL", "600", LimitKind.CANCEL, datetime(2026, 12, 5, 6, 0, tzinfo=KOLKATA)),
        ("XL", "", LimitKind.CANCEL, datetime(2026, 12, 5, 23, 59, 59, tzinfo=KOLKATA)),
    ],
)
def test_a_ticketing_limit_runs_on_the_clock_of_the_office_it_names(indicator, time, kind, at):
    limit = order(lines=ticketing(indicator, "051226", time)).snapshot.time_limit
    assert (limit.kind, limit.at) == (kind, at)
    elsewhere = order(lines=ticketing(indicator, "051226", time, office="LONQF2100")).snapshot.time_limit
    assert str(elsewhere.at.tzinfo) == "Europe/London"


def test_an_arrangement_to_ticket_is_no_limit_and_an_unreadable_limit_is_a_note():
    assert order(lines=ticketing("OK", "051226")).snapshot.time_limits == ()
    pnr = order(lines=ticketing("XL", "991399", "1800"))
    assert pnr.snapshot.time_limits == ()
    assert "time limit not read: TK XL 991399 1800 SXRQF2100" in pnr.notes
