"""A record is made, changed, ignored and cancelled; what is not committed does not exist."""

from __future__ import annotations

from datetime import date, timedelta

from lxml import etree

from simulator.amadeus.tests import messages as m
from simulator.amadeus.tests.client import Client, Reply
from simulator.amadeus.tests.conftest import ADULT, LINES, Stage, hold, price, sold, ticket
from simulator.book import flight_key

LOCATOR = "pnrHeader/reservationInfo/reservation/controlNumber"
TEXTS = "dataElementsMaster/dataElementsIndiv/otherDataFreetext/longFreetext"
LIMIT = "dataElementsMaster/dataElementsIndiv/ticketElement/ticket"
ERROR = "generalErrorInfo/errorWarningDescription/freeText"
CODE = "generalErrorInfo/errorOrWarningCodeDetails/errorDetails/errorCode"
STATUS = "originDestinationDetails/itineraryInfo/relatedProduct/status"


def taken(stage: Stage) -> int:
    """Seats that are sold, over all flights and classes."""
    rows = stage.store._db.execute("SELECT coalesce(sum(sold), 0) FROM inventory").fetchone()
    return int(rows[0])


def test_a_sale_takes_seats_and_a_sign_out_without_a_record_gives_them_back(stage: Stage) -> None:
    client = stage.client()
    reply = sold(client, seats=2)
    assert set(reply.texts("itineraryDetails/segmentInformation/actionDetails/statusCode")) == {"OK"}
    assert taken(stage) > 0
    client.sign_out()
    assert taken(stage) == 0


def test_the_seats_of_a_conversation_that_fell_silent_come_back(stage: Stage) -> None:
    client = stage.client()
    sold(client)
    stage.clock.advance(16 * 60)
    stage.client().start("PNR_Retrieve", m.retrieve("NOSUCH"))
    assert taken(stage) == 0


def test_all_or_nothing_sells_nothing_and_still_lists_the_segments(stage: Stage) -> None:
    client = stage.client()
    found = client.stateless("Fare_MasterPricerTravelBoardSearch", m.search([("SXR", "JED", _day(stage))]))
    flown = m.flights(found)
    gone = m.Flown(1, flown[0].date, flown[0].origin, flown[0].destination, flown[0].carrier, "9999", "Y")
    after = m.Flown(
        1, *(getattr(flown[0], name) for name in ("date", "origin", "destination", "carrier", "number", "rbd"))
    )
    reply = client.start("Air_SellFromRecommendation", m.sell([*flown, gone, after], 1))
    assert reply.text("errorAtMessageLevel/errorSegment/errorDetails/errorCode") == "288"
    statuses = reply.texts("itineraryDetails/segmentInformation/actionDetails/statusCode")
    assert statuses == ["OK"] * len(flown) + ["UNS", "X"]
    assert taken(stage) == 0
    kept = client.go_on("Air_SellFromRecommendation", m.sell([*flown, gone], 1, "M2"))
    assert kept.texts("itineraryDetails/segmentInformation/actionDetails/statusCode") == ["OK"] * len(flown) + ["UNS"]
    assert taken(stage) == len(flown)


def test_a_sale_that_cannot_be_read_or_is_for_another_number_of_seats_is_390(stage: Stage) -> None:
    client = stage.client()
    sold(client, seats=2)
    before = taken(stage)
    flown = [m.Flown(0, "180127", "SXR", "DEL", "6E", "1", "Y")]
    for content in (m.sell(flown, 2).replace("180127", "1801"), m.sell(flown, 3), m.sell(flown, 10), ""):
        reply = client.go_on("Air_SellFromRecommendation", content)
        assert reply.text("errorAtMessageLevel/errorSegment/errorDetails/errorCode") == "390"
        assert reply.texts("itineraryDetails/segmentInformation") == []
    assert taken(stage) == before


def _day(stage: Stage) -> date:
    return (stage.clock.now() + timedelta(days=58)).date()


def test_before_the_commit_there_is_no_locator_and_nothing_exists(stage: Stage) -> None:
    client = stage.client()
    sold(client)
    reply = client.go_on("PNR_AddMultiElements", m.option(0) + ADULT + m.data(*LINES))
    assert reply.texts(LOCATOR) == []
    assert reply.text("travellerInfo/passengerData/travellerInformation/traveller/surname") == "KHAN"
    assert stage.book.orders() == []


def test_the_commit_stores_everything_that_was_entered(stage: Stage) -> None:
    held = hold(stage)
    order = stage.book.get(held.locator)
    assert order.key == "booking-0001"
    assert [(each.first_name, each.last_name, each.kind) for each in order.passengers] == [("IMRAN MR", "KHAN", "ADT")]
    assert str(order.passengers[0].birth_date) == "1980-03-02"
    assert order.passengers[0].passport == "P/IND/Z1234567/IND/02MAR80/M/01JAN31/KHAN/IMRAN"
    assert order.contacts == [("5", "+91 194 2000000")]
    assert order.received_from == "A TEST"
    assert set(held.reply.texts(STATUS)) == {"HK"}
    assert held.reply.text("technicalData/enveloppeNumberData/sequenceDetails/number") == "1"
    types = held.reply.texts("dataElementsMaster/dataElementsIndiv/serviceRequest/ssr/type")
    assert types == ["DOCS", "CTCE", "CTCM", "ADTK"]


def test_an_end_without_retrieve_tells_a_locator_and_nothing_else(stage: Stage) -> None:
    client = stage.client()
    sold(client)
    client.go_on("PNR_AddMultiElements", m.option(0) + ADULT + m.data(*LINES))
    reply = client.go_on("PNR_AddMultiElements", m.end(10))
    assert stage.book.get(reply.text(LOCATOR)).passengers
    told = [each.text.strip() for each in reply.body.iter() if isinstance(each.text, str) and each.text.strip()]
    assert told == ["1A", reply.text(LOCATOR), "RP"]


def test_a_commit_without_received_from_is_refused_and_the_work_is_kept(stage: Stage) -> None:
    client = stage.client()
    sold(client)
    client.go_on("PNR_AddMultiElements", m.option(0) + ADULT + m.data(*LINES))
    reply = client.go_on("PNR_AddMultiElements", m.end(11, received_from=False))
    assert reply.text(CODE) == "8111"
    assert reply.texts(ERROR)[-1] == "NEED RECEIVED FROM"
    assert stage.book.orders() == []
    old = client.go_on("PNR_AddMultiElements", m.end(11, received_from=False), code="PNRADD_14_1_1A")
    assert old.text("generalErrorInfo/messageErrorInformation/errorDetail/errorCode") == "8111"
    assert old.texts("generalErrorInfo/messageErrorText/text")[-1].strip() == "NEED RECEIVED FROM"
    assert client.go_on("PNR_AddMultiElements", m.end(11)).text(LOCATOR)


def test_every_end_of_transaction_needs_its_own_received_from(stage: Stage) -> None:
    held = hold(stage)
    held.client.go_on("PNR_AddMultiElements", m.option(0) + m.data(m.remark("MORE")))
    refused = held.client.go_on("PNR_AddMultiElements", m.end(11, received_from=False))
    assert refused.texts(ERROR)[-1] == "NEED RECEIVED FROM"
    assert refused.text(LOCATOR) == held.locator
    assert stage.book.get(held.locator).version == 1


def test_a_refused_name_is_shown_with_its_error_and_nothing_of_the_message_is_entered(stage: Stage) -> None:
    client = stage.client()
    sold(client)
    reply = client.go_on("PNR_AddMultiElements", m.option(0) + m.person(1, "KHAN", "R2D2") + m.data(*LINES))
    assert reply.text("travellerInfo/elementManagementPassenger/status") == "ERR"
    assert reply.text("travellerInfo/nameError/errorWarningDescription/freeText") == "RESTRICTED"
    assert reply.texts(TEXTS) == []
    assert client.go_on("PNR_AddMultiElements", m.end(11)).texts(ERROR)[-1] == "NEED NAME"


def test_there_must_be_as_many_names_as_seats(stage: Stage) -> None:
    client = stage.client()
    sold(client, seats=2)
    client.go_on("PNR_AddMultiElements", m.option(0) + ADULT)
    assert "NOT EQUAL" in client.go_on("PNR_AddMultiElements", m.end(11)).texts(ERROR)[-1]
    client.go_on("PNR_AddMultiElements", m.option(0) + m.person(1, "DAR", "OMAR MR"))
    assert client.go_on("PNR_AddMultiElements", m.end(11)).text(LOCATOR)


def test_an_infant_of_the_same_name_is_a_second_passenger_of_its_adult(stage: Stage) -> None:
    held = hold(stage, names=m.person(1, "KHAN", "AISHA MRS", infant=("KHAN", "ZARA MISS", "10012026")))
    told = held.reply
    assert len(told.texts("travellerInfo/elementManagementPassenger")) == 1
    assert told.texts("travellerInfo/passengerData/travellerInformation/passenger/firstName") == [
        "AISHA MRS",
        "ZARA MISS",
    ]
    assert told.texts("travellerInfo/passengerData/travellerInformation/passenger/type") == ["ADT", "INF"]
    assert told.text("travellerInfo/passengerData/travellerInformation/traveller/quantity") == "2"
    born = "travellerInfo/enhancedPassengerData/dateOfBirthInEnhancedPaxData/dateAndTimeDetails/date"
    assert told.texts(born) == ["10012026"]
    infant = stage.book.get(held.locator).passengers[1]
    assert (infant.kind, infant.infant_of) == ("INF", 1)


def test_an_infant_of_another_name_has_passenger_data_of_its_own(stage: Stage) -> None:
    held = hold(stage, names=m.person(1, "DAR", "OMAR MR", born="07081990", infant=("LONE", "SARA MISS", "11022026")))
    surnames = held.reply.texts("travellerInfo/passengerData/travellerInformation/traveller/surname")
    assert surnames == ["DAR", "LONE"]
    assert len(held.reply.texts("travellerInfo/enhancedPassengerData")) == 2


def test_an_infant_alone_is_refused(stage: Stage) -> None:
    client = stage.client()
    sold(client)
    reply = client.go_on("PNR_AddMultiElements", m.option(0) + m.person(1, "KHAN", "ZARA", "INF", "10012026"))
    assert reply.text("travellerInfo/nameError/errorWarningDescription/freeText") == "NEED ADULT FOR INFANT"


def test_the_time_limit_is_the_airlines_told_twice_and_the_clients_where_that_is_sooner(stage: Stage) -> None:
    held = hold(stage)
    assert [held.reply.text(f"{LIMIT}/{name}") for name in ("indicator", "date", "time")] == ["XL", "221126", "1000"]
    told = held.reply.texts("dataElementsMaster/dataElementsIndiv/serviceRequest/ssr/freeText")
    assert told[-1].endswith("BY 22NOV26/0430Z OTHERWISE WILL BE XXLD")
    sooner = hold(stage, lines=(*LINES[:1], m.ticketing("XL", "211126", "1830"), *LINES[2:]))
    assert sooner.reply.text(f"{LIMIT}/time") == "1830"
    later = hold(stage, lines=(*LINES[:1], m.ticketing("XL", "301126", "1830"), *LINES[2:]))
    assert later.reply.text(f"{LIMIT}/date") == "221126"


def test_a_record_that_was_not_ticketed_in_time_lapses_with_its_flights(stage: Stage) -> None:
    held = hold(stage)
    assert held.reply.texts(STATUS)
    stage.clock.advance(24 * 3600 + 1)
    shown = stage.client().stateless("PNR_Retrieve", m.retrieve(held.locator))
    assert shown.texts("originDestinationDetails") == []
    assert shown.text("travellerInfo/passengerData/travellerInformation/traveller/surname") == "KHAN"
    assert taken(stage) == 0


def test_changes_that_are_ignored_never_happened(stage: Stage) -> None:
    held = hold(stage)
    held.client.go_on("PNR_AddMultiElements", m.option(0) + m.data(m.remark("NO")))
    shown = held.client.go_on("PNR_AddMultiElements", m.option(21))
    assert "NO" not in shown.texts("dataElementsMaster/dataElementsIndiv/miscellaneousRemarks/remarks/freetext")
    assert stage.book.get(held.locator).version == 1
    gone = held.client.go_on("PNR_AddMultiElements", m.option(20))
    assert gone.texts(LOCATOR) == []


def test_with_changes_in_work_no_record_is_retrieved(stage: Stage) -> None:
    held = hold(stage)
    held.client.go_on("PNR_AddMultiElements", m.option(0) + m.data(m.remark("MORE")))
    reply = held.client.go_on("PNR_Retrieve", m.retrieve(held.locator))
    assert (reply.text(CODE), reply.text(ERROR)) == ("31", "FINISH OR IGNORE")
    assert reply.text(LOCATOR) == held.locator


def test_who_ends_second_meets_simultaneous_changes(stage: Stage) -> None:
    held = hold(stage)
    other: Client = stage.client()
    other.start("PNR_Retrieve", m.retrieve(held.locator))
    for client, words in ((other, "THEIRS"), (held.client, "MINE")):
        client.go_on("PNR_AddMultiElements", m.option(0) + m.data(m.remark(words)))
    assert other.go_on("PNR_AddMultiElements", m.end(11)).texts(CODE) == []
    refused = held.client.go_on("PNR_AddMultiElements", m.end(11))
    assert refused.text(CODE) == "8111"
    assert refused.text(ERROR).startswith("SIMULTANEOUS CHANGES TO PNR")
    assert stage.book.get(held.locator).remarks[-1] == "THEIRS"


def test_a_stateless_change_names_its_record(stage: Stage) -> None:
    held = hold(stage)
    named = (
        f"<reservationInfo><reservation><controlNumber>{held.locator}</controlNumber></reservation></reservationInfo>"
    )
    content = named + m.option(11) + m.data(m.remark("BY THE WAY"), m.RECEIVED_FROM)
    assert stage.client().stateless("PNR_AddMultiElements", content).texts(CODE) == []
    assert stage.book.get(held.locator).remarks[-1] == "BY THE WAY"


def test_lines_and_segments_are_cancelled_by_their_numbers(stage: Stage) -> None:
    held = hold(stage)
    client = held.client
    phone = _number(held.reply, "AP")
    flights = len(stage.book.get(held.locator).segments)
    elements = (
        f"<element><identifier>OT</identifier><number>{phone}</number></element>"
        "<element><identifier>ST</identifier><number>1</number></element>"
    )
    client.go_on("PNR_Cancel", m.cancel(0, elements))
    shown = client.go_on("PNR_AddMultiElements", m.end(11))
    assert shown.texts(TEXTS) == []
    assert len(shown.texts(STATUS)) == flights - 1
    assert taken(stage) == flights - 1
    client.go_on("PNR_AddMultiElements", m.option(0) + m.data(m.free("AP", "7", "1")))
    assert _number(client.go_on("PNR_AddMultiElements", m.end(11)), "AP") > phone


def _number(reply: Reply, name: str) -> int:
    for each in reply.body.iter("{*}elementManagementData"):
        if each.findtext("{*}segmentName") == name:
            return int(str(each.findtext("{*}reference/{*}number")))
    raise AssertionError(name)


def test_the_itinerary_is_cancelled_and_the_names_stay(stage: Stage) -> None:
    held = hold(stage)
    shown = held.client.go_on("PNR_Cancel", m.cancel(11))
    assert shown.texts("originDestinationDetails") == []
    assert shown.text("travellerInfo/passengerData/travellerInformation/traveller/surname") == "KHAN"
    assert stage.book.get(held.locator).cancelled_at is not None
    assert taken(stage) == 0
    assert held.client.go_on("PNR_Cancel", m.cancel(11)).text(ERROR) == "NO ITINERARY"


def test_an_itinerary_that_is_cancelled_in_work_stands_until_the_end(stage: Stage) -> None:
    held = hold(stage)
    shown = held.client.go_on("PNR_Cancel", m.cancel(0))
    assert shown.texts("originDestinationDetails") == []
    assert stage.book.get(held.locator).cancelled_at is None
    assert held.client.go_on("PNR_AddMultiElements", m.option(21)).texts(STATUS)


def test_open_documents_outlive_their_itinerary(stage: Stage) -> None:
    held, _ = ticket(stage)
    held.client.go_on("PNR_Cancel", m.cancel(11))
    order = stage.book.get(held.locator)
    assert order.cancelled_at is not None
    assert [document.status for document in order.documents] == ["OPEN"]


def test_a_line_that_the_airline_changed_is_shown_the_next_time(stage: Stage) -> None:
    held = hold(stage)
    client = stage.client()
    client.stateless("PNR_Retrieve", m.retrieve(held.locator))
    stage.book.change_segment(held.locator, 1, "UN")
    shown = client.stateless("PNR_Retrieve", m.retrieve(held.locator))
    assert shown.texts(STATUS)[0] == "UN"


def test_what_is_shown_twice_is_the_same_and_says_so_byte_by_byte(stage: Stage) -> None:
    held = hold(stage)
    price(held)
    shown = [stage.client().stateless("PNR_Retrieve", m.retrieve(held.locator)).body for _ in range(2)]
    assert etree.tostring(shown[0]) == etree.tostring(shown[1])
    order = stage.book.get(held.locator)
    assert all(stage.store.sold(flight_key(segment)) for segment in order.segments)
