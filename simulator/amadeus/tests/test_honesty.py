"""The simulator is no dialect of its own: its replies use what recorded replies use, and PNR_Reply fits the schema."""

from __future__ import annotations

import pytest
from lxml import etree

from simulator.amadeus.tests.conftest import Stage
from simulator.amadeus.tests.paths import FIXTURES, further, parts, paths, recorded
from simulator.amadeus.tests.walk import walk

SCHEMA_14_2 = "http://xml.amadeus.com/PNRACC_14_2_1A"


@pytest.fixture
def told(stage: Stage) -> list[etree._Element]:
    return [reply.envelope for reply in walk(stage)]


def test_every_reply_of_a_complete_walk_uses_only_paths_that_are_recorded_or_documented(
    told: list[etree._Element],
) -> None:
    known, documented = recorded(), further()
    messages = set()
    for envelope in told:
        for message, element in parts(envelope):
            allowed = known.get(message, set()) | set(documented.get(message, {"paths": []})["paths"])
            strange = sorted(paths(element) - allowed)
            assert not strange, f"{message}: {strange[:5]}"
            messages.add(message)
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
    schema = etree.XMLSchema(etree.parse(FIXTURES / "PNR_Reply_14_2_1A.xsd"))
    records = [element for envelope in told for element in envelope.iter(f"{{{SCHEMA_14_2}}}PNR_Reply")]
    for record in records:
        schema.assertValid(record)
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
