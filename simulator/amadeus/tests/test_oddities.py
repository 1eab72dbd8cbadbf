"""What nobody should send: it is answered in the message's own words, and never by a failure of the simulator."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from simulator.amadeus.tests import messages as m
from simulator.amadeus.tests.client import ACTIONS, Client, Reply, series
from simulator.amadeus.tests.conftest import ADULT, BACK, LINES, OUT, Held, Stage, documents, hold, price, sold
from simulator.amadeus.tests.test_records import CODE, STATUS
from simulator.tests.balance import seats_sold

READ = "PNR_Retrieve"
WORDS = "generalErrorInfo/errorWarningDescription/freeText"
REMARKS = "dataElementsMaster/dataElementsIndiv/miscellaneousRemarks/remarks/freetext"
SQUARED, HUGE, ARABIC = "²", "1" * 5000, "١"


def enveloped(client: Client, content: str, *, before: str = "", header: str = "", body: str = "e:Body") -> str:
    """A retrieve with something odd around it."""
    code = f"{ACTIONS}PNRRET_14_2_1A"
    return (
        '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns:a="http://www.w3.org/2005/08/addressing">'
        f"<e:Header><a:MessageID>X1</a:MessageID><a:Action>{code}</a:Action><a:To>{client.access.endpoint}</a:To>{header}"
        f"{client.security()}</e:Header><{body}>{before}<PNR_Retrieve>{content}</PNR_Retrieve></{body.split(maxsplit=1)[0]}>"
        "</e:Envelope>"
    )


@pytest.mark.parametrize(
    "odd",
    [
        {"before": "<!-- a word -->"},
        {"before": "<?of instructions?>"},
        {"body": 'e:Body mark="a>b"'},
        {"header": "<x><Body><Security_SignOut/></Body></x>"},
    ],
    ids=["comment", "instruction", "attribute", "another body"],
)
def test_a_message_is_what_its_body_says_whatever_stands_around_it(stage: Stage, odd: dict[str, str]) -> None:
    client, content = stage.client(), m.retrieve(hold(stage).locator)
    assert client.post(enveloped(client, content, **odd), f"{ACTIONS}PNRRET_14_2_1A").name == "PNR_Reply"


def test_a_message_may_be_written_in_sixteen_bits(stage: Stage) -> None:
    client, locator = stage.client(), hold(stage).locator
    wide = enveloped(client, m.retrieve(locator))
    stage.fault("wrong_relates_to", "amadeus.retrieve")
    client.encoding = "utf-16"
    reply = client.post(wide, f"{ACTIONS}PNRRET_14_2_1A")
    assert reply.name == "PNR_Reply"
    assert reply.relates_to() != "X1"  # the fault knew what it was


def test_a_token_of_other_letters_is_a_wrong_token(stage: Stage) -> None:
    client = hold(stage).client
    assert client.session is not None
    id, sequence, _ = client.session  # noqa: A001
    reply = client.send(READ, m.retrieve("ABCDEF"), series(id, str(sequence + 1), "é" * 26))
    assert reply.fault == "93|Session|Illogical conversation"


def test_a_nonce_is_its_bytes_however_they_are_written(stage: Stage) -> None:
    client, content, nonce = stage.client(), m.retrieve(hold(stage).locator), b"0123456789abcdef"
    written = base64.b64encode(nonce).decode()
    again = written[:-3] + chr(ord(written[-3]) + 1) + "=="
    assert base64.b64decode(again) == nonce
    assert client.send(READ, content, client.security(nonce=nonce)).status == 200
    assert client.send(READ, content, client.security(nonce=nonce).replace(written, again)).fault == " 11|Session|"


@pytest.mark.parametrize("number", [SQUARED, HUGE])
def test_a_number_that_is_none_is_refused_where_it_stands(stage: Stage, number: str) -> None:
    client = stage.client()
    sell = m.sell([m.Flown(0, f"{OUT:%d%m%y}", "SXR", "DEL", "6E", "101", "Y")], 1)
    found = client.stateless(
        "Fare_MasterPricerTravelBoardSearch",
        m.search([("SXR", "JED", OUT)], most=7).replace("<numberOfUnits>7", f"<numberOfUnits>{number}"),
    )
    assert found.texts("recommendation/itemNumber/itemNumberId/number")
    refused = client.start("Air_SellFromRecommendation", sell.replace("<quantity>1", f"<quantity>{number}"))
    assert refused.text("errorAtMessageLevel/errorSegment/errorDetails/errorCode") == "390"
    held = hold(stage)
    price(held)
    go_on: Callable[[str, str], Reply] = held.client.go_on
    selected = m.price("SEL").replace(
        "</pricingOptionGroup>",
        f"<paxSegTstReference><referenceDetails><type>P</type><value>{number}</value></referenceDetails>"
        "</paxSegTstReference></pricingOptionGroup>",
    )
    assert go_on("Fare_PricePNRWithBookingClass", selected).texts("fareList")
    assert go_on("Ticket_CreateTSTFromPricing", m.store(number)).texts("applicationError")
    element = f"<element><identifier>ST</identifier><number>{number}</number></element>"
    assert go_on("PNR_Cancel", m.cancel(0, element)).text(CODE) == "7"
    go_on("PNR_AddMultiElements", m.option(20))
    go_on(READ, m.retrieve(held.locator))
    assert go_on("DocIssuance_IssueTicket", m.issue(number)).text("processingStatus/statusCode") == "O"


@pytest.mark.parametrize("number", [SQUARED, HUGE, ARABIC, "77"])
def test_a_line_is_tied_to_what_the_record_has(stage: Stage, number: str) -> None:
    held = hold(stage)
    for kind in ("PT", "ST"):
        line = m.ssr("OTHS", "TIED TO NOBODY", 1).replace(
            "<qualifier>PR</qualifier><number>1", f"<qualifier>{kind}</qualifier><number>{number}"
        )
        reply = held.client.go_on("PNR_AddMultiElements", m.option(0) + m.data(line))
        assert reply.texts(CODE) == []
    assert "TIED TO NOBODY" in reply.texts("dataElementsMaster/dataElementsIndiv/serviceRequest/ssr/freeText")
    tied = "dataElementsMaster/dataElementsIndiv/referenceForDataElement/reference/number"
    assert number not in reply.texts(tied)


def _selling(stage: Stage, day: str) -> str:
    flown = m.Flown(0, day, "DEL", "JED", "SV", "101", "Y")
    return (
        stage.client()
        .start("Air_SellFromRecommendation", m.sell([flown], 1))
        .text("errorAtMessageLevel/errorSegment/errorDetails/errorCode")
    )


@pytest.mark.parametrize("day", ["31129999", "01010001", "31122250", "01011999"])
def test_nothing_flies_in_another_age(stage: Stage, day: str) -> None:
    assert _selling(stage, day) == "288"
    asked = m.search([("SXR", "JED", OUT)]).replace(f"{OUT:%d%m%y}", day)
    reply = stage.client().stateless("Fare_MasterPricerTravelBoardSearch", asked)
    code = reply.text("errorMessage/applicationError/applicationErrorDetail/error")
    assert code == ("920" if day < "31" else "866")


@pytest.mark.parametrize("day", ["3112²", "²²0127", "000000", "310227", "١٨٠١٢٧"])
def test_a_day_that_is_none_cannot_be_sold(stage: Stage, day: str) -> None:
    assert _selling(stage, day) == "390"


@pytest.mark.parametrize("year", ["9999", "1", "0", "1000000000000", SQUARED])
def test_a_report_of_another_age_has_nothing_to_tell(stage: Stage, year: str) -> None:
    asked = m.sales(date(2026, 12, 31)).replace("2026", year)
    reply = stage.client().stateless("SalesReports_DisplayQueryReport", asked)
    assert reply.text("errorGroup/errorOrWarningCodeDetails/errorDetails/errorCode") == "6466"


@pytest.fixture
def held(stage: Stage) -> Held:
    return hold(stage)


def test_nobody_searches_for_more_infants_than_adults_or_a_journey_round_the_world(stage: Stage, held: Held) -> None:
    error = "errorMessage/applicationError/applicationErrorDetail/error"
    ask = stage.client().stateless
    crowd = m.search([("SXR", "JED", OUT)], adults=1, infants=2)
    assert ask("Fare_MasterPricerTravelBoardSearch", crowd).text(error) == "977"
    there_and_back = [("SXR", "JED", OUT), ("JED", "SXR", BACK)]
    assert ask("Fare_MasterPricerTravelBoardSearch", m.search(there_and_back * 4)).text(error) == "977"
    assert documents(held.client.go_on(READ, m.retrieve(held.locator))) == []


LINES_THAT_CANNOT_BE = (
    m.ssr("DOCS", "TEXT", 1).replace("DOCS", "TOOLONG"),
    m.ssr("DOCS", "TEXT", 1).replace("DOCS", ""),
    m.ssr("DOCS", "TEXT", 1).replace("<status>HK", "<status>LONG"),
    m.ssr("DOCS", "TEXT", 1).replace("<companyId>YY", "<companyId>LONG"),
    m.remark(""),
    m.line("RM", ""),
    m.line("FP", "<formOfPayment><fop><identification/></fop></formOfPayment>"),
    m.free("AP", "TOOLONG", "+91 194 2000000"),
    m.free("OS", "28", ""),
    m.ticketing("XL", "201126", "1000"),  # yesterday
    m.ticketing("XL", "211126", "1000"),  # now
    m.ticketing("TL", "310227", "1000"),
    m.ticketing("TL", "251126", "2560"),
    m.ticketing("TL", "251126", "9"),
    m.ticketing("TL", "251126", "10²0"),
    "".join(m.remark(f"NUMBER {place}") for place in range(600)),
)


@pytest.mark.parametrize("line", LINES_THAT_CANNOT_BE, ids=range(len(LINES_THAT_CANNOT_BE)))
def test_a_line_that_no_record_can_have_is_refused_with_all_of_its_message(stage: Stage, held: Held, line: str) -> None:
    reply = held.client.go_on("PNR_AddMultiElements", m.option(0) + m.data(m.remark("NEVER ENTERED"), line))
    assert reply.text(CODE) == "1"
    assert reply.text(WORDS) == "CHECK FORMAT"
    assert "NEVER ENTERED" not in reply.texts(REMARKS)


def test_lines_of_every_kind_are_entered_and_told(stage: Stage, held: Held) -> None:
    fop = "<formOfPayment><fop><identification>CA</identification><freetext>/INR</freetext></fop></formOfPayment>"
    confidential = m.remark("CONFIDENTIAL").replace("<segmentName>RM", "<segmentName>RC")
    other = m.remark("*WITH A STAR").replace("<freetext>*", "<category>*</category><freetext>")
    plural = m.remark("PLURAL").replace("miscellaneousRemark>", "miscellaneousRemarks>")
    lines = (confidential, other, plural, m.free("OS", "28", "VIP"), m.free("FE", "10", "NONREF"), m.line("FP", fop))
    reply = held.client.go_on("PNR_AddMultiElements", m.option(0) + m.data(*lines, m.line("ZZ", "")))
    assert reply.texts(REMARKS)[-3:] == ["CONFIDENTIAL", "*WITH A STAR", "PLURAL"]
    free = reply.texts("dataElementsMaster/dataElementsIndiv/otherDataFreetext/longFreetext")
    assert {"VIP", "NONREF", "CASH/INR"} <= set(free)


def test_more_names_than_a_reply_can_hold_are_not_entered(stage: Stage) -> None:
    client = stage.client()
    sold(client)
    crowd = "".join(m.person(place, "KHAN", "IMRAN") for place in range(1, 201))
    assert client.go_on("PNR_AddMultiElements", m.option(0) + crowd).text(CODE) == "1"
    nameless = client.go_on("PNR_AddMultiElements", m.option(0) + crowd.replace("IMRAN", "R2D2" * 20))
    assert len(nameless.texts("travellerInfo/nameError")) == 99


def test_what_was_sold_and_not_stored_is_cancelled_at_once(stage: Stage, tmp_path: Path) -> None:
    client = stage.client()
    sold(client)
    client.go_on("PNR_AddMultiElements", m.option(0) + ADULT + m.data(*LINES))
    assert client.go_on("PNR_Cancel", m.cancel(0)).texts(STATUS) == []
    assert seats_sold(tmp_path / "simulator.sqlite3") == 0
    assert "NEED ITINERARY" in client.go_on("PNR_AddMultiElements", m.end(11)).texts(WORDS)


def test_an_end_that_cancels_cancels_everything(stage: Stage, held: Held, tmp_path: Path) -> None:
    shown = held.client.go_on("PNR_AddMultiElements", m.end(16))
    assert shown.texts(CODE) == shown.texts(STATUS) == []
    assert stage.book.get(held.locator).cancelled_at is not None
    assert seats_sold(tmp_path / "simulator.sqlite3") == 0


def test_what_is_asked_of_no_record_is_refused(stage: Stage) -> None:
    assert stage.client().stateless("FOP_CreateFormOfPayment", m.pay()).fault == "25779|Application|NEED PNR"
    assert stage.client().stateless("PNR_Cancel", m.cancel(11)).text(CODE) == "1931"
    assert stage.client().stateless("Security_SignOut", "").fault == "99|Session|Not authenticated"
    price_code = "applicationError/errorOrWarningCodeDetails/errorDetails/errorCode"
    assert stage.client().stateless("Fare_PricePNRWithBookingClass", m.price()).text(price_code) == "1"


def test_cabins_and_ages_are_read_and_wrong_codes_refused(stage: Stage) -> None:
    def cabins(code: str) -> Reply:
        wish = f"<travelFlightInfo><cabinId><cabin>{code}</cabin></cabinId></travelFlightInfo>"
        asked = m.search([("DEL", "JED", OUT)], children=1).replace("<ptc>CH<", "<ptc>C08<")
        return stage.client().stateless("Fare_MasterPricerTravelBoardSearch", asked + wish)

    path = "recommendation/paxFareProduct/fareDetails/majCabin/bookingClassDetails/designator"
    assert set(cabins("C").texts(path)) == {"C"}
    assert set(cabins("Y").texts(path)) == {"M"}
    assert cabins("X").text("errorMessage/applicationError/applicationErrorDetail/error") == "968"
