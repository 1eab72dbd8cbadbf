"""The simulator is no dialect of its own: its replies use what recorded replies use, and PNR_Reply fits the schema."""

from __future__ import annotations

from copy import deepcopy

import pytest
from lxml import etree

from simulator.amadeus.tests.conftest import Stage
from simulator.amadeus.tests.paths import SCHEMA_14_2, dishonest, further, parts, paths, recorded, schema
from simulator.amadeus.tests.walk import walk


@pytest.fixture
def told(stage: Stage) -> list[etree._Element]:
    return [reply.envelope for reply in walk(stage)]


def test_every_reply_of_a_complete_walk_uses_only_paths_that_are_recorded_or_documented(
    told: list[etree._Element],
) -> None:
    for envelope in told:
        assert dishonest(envelope) == []
    messages = {message for envelope in told for message, _ in parts(envelope)}
    assert {message for message in messages if message.endswith(("Reply", "RS"))} == {
        "Air_SellFromRecommendationReply",
        "AMA_TicketIgnoreRefundRS",
        "AMA_TicketInitRefundRS",
        "AMA_TicketProcessRefundRS",
        "AMA_TicketUpdateRefundRS",
        "DocIssuance_IssueTicketReply",
        "FOP_CreateFormOfPaymentReply",
        "Fare_MasterPricerTravelBoardSearchReply",
        "Fare_PricePNRWithBookingClassReply",
        "PNR_Reply",
        "SalesReports_DisplayQueryReportReply",
        "Security_SignOutReply",
        "Ticket_CancelDocumentReply",
        "Ticket_CreateTSTFromPricingReply",
        "Ticket_ProcessEDocReply",
    }


def test_the_documented_paths_are_all_told_and_none_is_recorded(told: list[etree._Element]) -> None:
    used: dict[str, set[str]] = {}
    for envelope in told:
        for message, element in parts(envelope):
            used.setdefault(message, set()).update(paths(element))
    known = recorded()
    for message, entry in further().items():
        assert entry["source"]
        listed = set(entry["paths"])
        assert listed <= used.get(message, set()), f"{message}: never told"
        assert not listed & known.get(message, set()), f"{message}: recorded after all"


def test_every_record_of_version_14_2_fits_the_real_schema(told: list[etree._Element]) -> None:
    records = [element for envelope in told for element in envelope.iter(f"{{{SCHEMA_14_2}}}PNR_Reply")]
    for record in records:
        schema().assertValid(record)
    assert len(records) > 20
    for name in ("travellerInfo", "tstData", "generalErrorInfo", "nameError", "itineraryInfo"):
        assert any(record.find(f".//{{*}}{name}") is not None for record in records), name


def test_every_reply_names_the_request_it_answers_and_has_an_id_of_its_own(stage: Stage) -> None:
    replies = walk(stage)
    ids = set()
    for reply in replies:
        own = reply.header("MessageID")
        related = reply.header("RelatesTo")
        if related is not None:
            assert related.text == reply.sent_id
        if own is not None:
            ids.add(own.text)
    assert len(ids) == sum(reply.header("MessageID") is not None for reply in replies) > 70


def test_an_element_that_no_recording_has_is_found_out(told: list[etree._Element]) -> None:
    for envelope in map(deepcopy, told):
        for message, element in parts(envelope):
            deepest = max(element.iter(etree.Element), key=lambda each: sum(1 for _ in each.iterancestors()))
            etree.SubElement(deepest, "invented")
            assert any(wrong.startswith(f"{message}: ") and wrong.endswith("invented") for wrong in dishonest(envelope))


def test_a_record_that_its_schema_does_not_allow_is_found_out(stage: Stage) -> None:
    records = (reply.body for reply in walk(stage) if reply.body.tag == f"{{{SCHEMA_14_2}}}PNR_Reply")
    record = deepcopy(next(records))
    assert dishonest(record) == []
    record.append(record[0])  # the header of a record comes first
    assert any("not expected" in wrong for wrong in dishonest(record))
