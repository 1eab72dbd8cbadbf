"""Seats and documents add up whatever a conversation does between two ends of transaction."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from simulator.amadeus.tests import messages as m
from simulator.amadeus.tests.client import Reply
from simulator.amadeus.tests.conftest import (
    ADULT,
    BACK,
    LINES,
    OUT,
    Held,
    Stage,
    documents,
    hold,
    number_of,
    sold,
)
from simulator.amadeus.tests.conftest import ticket as ticketed
from simulator.amadeus.tests.test_records import CODE, STATUS
from simulator.tests.balance import contradictions, seats_sold

ADD, RETRIEVE, SELL = "PNR_AddMultiElements", "PNR_Retrieve", "Air_SellFromRecommendation"
NAMES = "NUMBER OF NAMES NOT EQUAL TO NUMBER IN PARTY"
WORDS = "generalErrorInfo/errorWarningDescription/freeText"
REMARK = m.option(0) + m.data(m.remark("MORE"))


@pytest.fixture(autouse=True)
def file(stage: Stage, tmp_path: Path) -> Iterator[Path]:
    """The store's; in the end it must add up."""
    kept = tmp_path / "simulator.sqlite3"
    yield kept
    assert contradictions(kept) == []


def flights(stage: Stage, held: Held) -> int:
    return len(stage.book.get(held.locator).segments)


def another(stage: Stage, seats: int) -> str:
    """The sale of another flight."""
    found = stage.client().stateless(
        "Fare_MasterPricerTravelBoardSearch", m.search([("DEL", "DXB", OUT)], adults=seats)
    )
    return m.sell(m.flights(found), seats)


def test_naming_a_record_that_does_not_exist_leaves_what_is_in_work(stage: Stage, file: Path) -> None:
    client = stage.client()
    sold(client)
    client.go_on(ADD, m.option(0) + ADULT + m.data(*LINES))
    unknown = "<reservationInfo><reservation><controlNumber>ZZZZZZ</controlNumber></reservation></reservationInfo>"
    assert client.go_on(ADD, unknown + m.option(0)).fault == "1929|Application|INVALID RECORD LOCATOR"
    stored = client.go_on(ADD, m.end(11))
    held = Held(client, stored.text("pnrHeader/reservationInfo/reservation/controlNumber"), stored)
    assert seats_sold(file) == flights(stage, held)


def test_naming_another_record_gives_back_what_was_sold(stage: Stage, file: Path) -> None:
    held, client = hold(stage), stage.client()
    sold(client)
    assert seats_sold(file) > flights(stage, held)
    named = (
        f"<reservationInfo><reservation><controlNumber>{held.locator}</controlNumber></reservation></reservationInfo>"
    )
    client.go_on(ADD, named + m.option(0))
    assert seats_sold(file) == flights(stage, held)


@pytest.mark.parametrize(("step", "changed"), [("cancel", False), ("cancel", True), ("end", True)])
def test_a_record_that_lapses_while_it_is_changed_stays_lapsed(
    stage: Stage, file: Path, step: str, changed: bool
) -> None:
    held = hold(stage)
    if changed:
        held.client.go_on(ADD, REMARK)
    stage.fault("time_limit_passed", f"amadeus.{step}")
    reply = held.client.go_on(ADD, m.end(11)) if step == "end" else held.client.go_on("PNR_Cancel", m.cancel(11))
    assert reply.text(CODE) == ("8111" if changed else "1")
    assert stage.book.get(held.locator).extra["expired"] is True
    assert seats_sold(file) == 0


def test_nobody_joins_a_record_without_a_seat(stage: Stage, file: Path) -> None:
    held = hold(stage)
    held.client.go_on(ADD, m.option(0) + m.person(2, "DAR", "OMAR MR"))
    assert NAMES in held.client.go_on(ADD, m.end(11)).texts(WORDS)
    held.client.go_on(ADD, m.option(21))
    assert held.client.go_on("PNR_Cancel", m.cancel(11)).texts(CODE) == []
    assert seats_sold(file) == 0


def test_a_further_flight_is_sold_for_as_many_as_the_record_has(stage: Stage, file: Path) -> None:
    held = hold(stage)
    refused = held.client.go_on(SELL, another(stage, 2))
    assert refused.text("errorAtMessageLevel/errorSegment/errorDetails/errorCode") == "390"
    assert held.client.go_on(SELL, another(stage, 1)).texts("errorAtMessageLevel") == []
    assert flights(stage, held) < len(held.client.go_on(ADD, m.end(11)).texts(STATUS))
    held.client.go_on("PNR_Cancel", m.cancel(11))
    assert seats_sold(file) == 0


def test_nothing_is_sold_into_a_record_that_is_cancelled(stage: Stage) -> None:
    held = hold(stage)
    held.client.go_on("PNR_Cancel", m.cancel(11))
    refused = held.client.go_on(SELL, another(stage, 1))
    assert refused.text("errorAtMessageLevel/errorSegment/errorDetails/errorCode") == "390"


def undone(held: Held, number: str, how: str) -> Reply:
    if how == "void":
        return held.client.go_on("Ticket_CancelDocument", m.void(number))
    held.client.go_on("AMA_TicketInitRefundRQ", m.refund(number))
    return held.client.go_on("AMA_TicketProcessRefundRQ")


@pytest.mark.parametrize("how", ["void", "refund"])
def test_what_was_changed_before_a_document_was_undone_is_not_stored_over_it(stage: Stage, how: str) -> None:
    held, shown = ticketed(stage)
    held.client.go_on(ADD, REMARK)
    undone(held, number_of(documents(shown)[0]), how)
    assert held.client.go_on(ADD, m.end(11)).text(CODE) == "8111"
    assert [each.status for each in stage.book.get(held.locator).documents] == ["VOID" if how == "void" else "REFUNDED"]
    held.client.go_on(ADD, m.option(21))
    held.client.go_on(ADD, REMARK)
    assert held.client.go_on(ADD, m.end(11)).texts(CODE) == []


def test_an_adult_carries_one_infant(stage: Stage) -> None:
    client = stage.client()
    sold(client)
    second = "<passenger><firstName>SARA MISS</firstName><type>INF</type></passenger></travellerInformation>"
    family = m.person(1, "KHAN", "AISHA MRS", infant=("KHAN", "ZARA MISS", "10012026"))
    reply = client.go_on(ADD, m.option(0) + family.replace("</travellerInformation>", second))
    assert reply.text("travellerInfo/nameError/errorOrWarningCodeDetails/errorDetails/errorCode") == "3411"


@pytest.mark.parametrize("asking", ["search", "sell"])
def test_seats_come_back_when_a_conversation_is_idle_or_a_limit_passes(stage: Stage, file: Path, asking: str) -> None:
    held = hold(stage)
    sold(stage.client())
    assert seats_sold(file) > flights(stage, held)
    stage.clock.advance(16 * 60)
    _ask(stage, asking)
    assert seats_sold(file) == flights(stage, held)
    stage.clock.advance(24 * 3600)
    _ask(stage, asking)
    assert seats_sold(file) == 0


def _ask(stage: Stage, asking: str) -> None:
    found = stage.client().stateless("Fare_MasterPricerTravelBoardSearch", m.search([("DEL", "BOM", BACK)]))
    if asking == "sell":
        stage.client().stateless(SELL, m.sell(m.flights(found), 1))


def test_a_price_is_no_price_of_another_journey(stage: Stage) -> None:
    held = hold(stage)
    quoted = held.client.go_on("Fare_PricePNRWithBookingClass", m.price())
    numbers = quoted.texts("fareList/fareReference/uniqueReference")
    held.client.go_on("PNR_Cancel", m.cancel(0, "<element><identifier>ST</identifier><number>1</number></element>"))
    assert held.client.go_on("Ticket_CreateTSTFromPricing", m.store(*numbers)).texts("applicationError")


def test_a_fault_after_the_hold_finds_the_record_that_a_short_end_stored(stage: Stage) -> None:
    client = stage.client()
    sold(client)
    client.go_on(ADD, m.option(0) + ADULT + m.data(*LINES))
    stage.fault("price_changed", "amadeus.commit", "after", percent=10)
    locator = client.go_on(ADD, m.end(10)).text("pnrHeader/reservationInfo/reservation/controlNumber")
    assert str(stage.book.get(locator).price_factor) == "1.1"
