"""Which step a request is, told before anything is done; and what the service says of itself."""

from __future__ import annotations

import http.client
from urllib.parse import urlsplit

import pytest
from lxml import etree

from simulator.access import AMADEUS_PATH
from simulator.amadeus.catalogue import MESSAGES
from simulator.amadeus.tests import messages as m
from simulator.amadeus.tests.client import CODES, Client, series
from simulator.amadeus.tests.conftest import ADULT, LINES, Stage, hold, sold
from simulator.http import HttpRequest


def step(stage: Stage, body: str, session: str = "") -> str:
    head = f"<soapenv:Envelope><soapenv:Header>{session}</soapenv:Header>"
    envelope = f"{head}<soapenv:Body >\n {body}</soapenv:Body></soapenv:Envelope>"
    return stage.dialect.step(HttpRequest("POST", AMADEUS_PATH, {}, {}, envelope.encode()))


@pytest.mark.parametrize("spoken", MESSAGES, ids=[each.operation for each in MESSAGES])
def test_the_step_is_read_off_the_first_element_whatever_its_prefix(stage: Stage, spoken: object) -> None:
    operation, name = spoken.operation, spoken.step  # type: ignore[attr-defined]
    assert step(stage, f'<{operation} xmlns="x">') == name
    assert step(stage, f'<ns-1.x:{operation} xmlns:ns-1.x="x" a="b">') == name
    assert step(stage, f"<{operation}/>") == name


def test_an_end_of_transaction_is_a_hold_until_the_record_has_a_locator(stage: Stage) -> None:
    client = stage.client()

    def said(content: str) -> str:
        assert client.session is not None
        id, sequence, token = client.session  # noqa: A001
        return step(
            stage, f"<PNR_AddMultiElements>{content}</PNR_AddMultiElements>", series(id, str(sequence + 1), token)
        )

    sold(client)
    assert said(m.option(0)) == "amadeus.add"
    assert said(m.end(10)) == said(m.end(11)) == said(m.option(11, 30)) == "amadeus.commit"
    assert said(m.option(20)) == "amadeus.add"
    client.go_on("PNR_AddMultiElements", m.option(0) + ADULT + m.data(*LINES))
    client.go_on("PNR_AddMultiElements", m.end(11))
    assert said(m.end(11)) == said(m.end(10)) == "amadeus.end"
    assert said(m.option(0)) == "amadeus.add"


def test_an_end_that_names_its_record_is_no_hold(stage: Stage) -> None:
    named = "<reservationInfo><reservation><controlNumber>ABC123</controlNumber></reservation></reservationInfo>"
    assert step(stage, f"<PNR_AddMultiElements>{named}{m.option(11)}</PNR_AddMultiElements>") == "amadeus.end"


def test_what_is_no_message_of_ours_has_a_step_too(stage: Stage) -> None:
    assert step(stage, "<Hotel_Sell/>") == "amadeus.unknown"
    assert stage.dialect.step(HttpRequest("POST", AMADEUS_PATH, {}, {}, b"\xff\x00")) == "amadeus.unknown"
    assert stage.dialect.step(HttpRequest("GET", AMADEUS_PATH, {"wsdl": [""]}, {}, b"")) == "amadeus.wsdl"


def test_to_ask_for_the_step_changes_nothing(stage: Stage) -> None:
    held = hold(stage)
    before = stage.store.items("amadeus.session")
    assert held.client.session is not None
    id, sequence, token = held.client.session  # noqa: A001
    step(stage, f"<PNR_AddMultiElements>{m.end(11)}</PNR_AddMultiElements>", series(id, str(sequence + 1), token))
    assert stage.store.items("amadeus.session") == before


def test_the_wsdl_says_the_address_the_actions_and_the_namespaces(stage: Stage) -> None:
    address = urlsplit(stage.access.amadeus.endpoint)
    connection = http.client.HTTPConnection(str(address.hostname), address.port, timeout=10)
    connection.request("GET", f"{address.path}?wsdl")
    answer = connection.getresponse()
    described = etree.fromstring(answer.read())
    connection.close()
    space = {"w": "http://schemas.xmlsoap.org/wsdl/", "s": "http://schemas.xmlsoap.org/wsdl/soap/"}
    assert answer.status == 200
    assert described.xpath("string(//s:address/@location)", namespaces=space) == stage.access.amadeus.endpoint
    for spoken in MESSAGES:
        name = spoken.asked if spoken.asked.startswith("Ticket_") else spoken.operation
        action = described.xpath(f"string(//w:operation[@name='{name}']/s:operation/@soapAction)", namespaces=space)
        assert action == spoken.action
        part = described.xpath(f"//w:message[@name='{name}_In']/w:part", namespaces=space)[0]
        prefix, _, element = part.get("element").partition(":")
        assert element == spoken.operation
        assert part.nsmap[prefix].startswith("http://xml.amadeus.com/")


def test_other_paths_and_methods_are_told_so(stage: Stage) -> None:
    for method, path, status in (("GET", AMADEUS_PATH, 405), ("PUT", AMADEUS_PATH, 405), ("POST", "/elsewhere", 404)):
        assert stage.dialect.handle(HttpRequest(method, path, {}, {}, b"")).status == status


@pytest.mark.parametrize(
    ("operation", "code", "answered"),
    [
        ("PNR_Retrieve", "PNRRET_14_1_1A", "PNRACC_14_1_1A"),
        ("PNR_Retrieve", "PNRRET_14_2_1A", "PNRACC_14_2_1A"),
        ("PNR_Retrieve", "PNRRET_17_1_1A", "PNRACC_17_1_1A"),
        ("PNR_Retrieve", "PNRRET_21_1_1A", "PNRACC_21_1_1A"),
    ],
)
def test_the_reply_speaks_the_version_that_was_asked(stage: Stage, operation: str, code: str, answered: str) -> None:
    held = hold(stage)
    reply = stage.client().stateless(operation, m.retrieve(held.locator), code=code)
    assert reply.schema == f"http://xml.amadeus.com/{answered}"
    action = reply.header("Action")
    assert action is not None
    assert str(action.text).endswith(code)


def test_every_message_answers_in_the_namespace_of_its_version(stage: Stage) -> None:
    client: Client = stage.client()
    client.start("PNR_Retrieve", m.retrieve(hold(stage).locator))
    for operation, code, schema in (
        ("Fare_PricePNRWithBookingClass", "TPCBRQ_18_1_1A", "http://xml.amadeus.com/TPCBRR_18_1_1A"),
        ("DocIssuance_IssueTicket", "TTKTIQ_15_1_1A", "http://xml.amadeus.com/TTKTIR_15_1_1A"),
        ("Air_SellFromRecommendation", "ITAREQ_05_2_IA", "http://xml.amadeus.com/ITARES_05_2_IA"),
        ("AMA_TicketProcessRefundRQ", "Ticket_ProcessRefund_2.0", "http://xml.amadeus.com/2010/06/TicketGTP_v2"),
        ("AMA_TicketProcessRefundRQ", "Ticket_ProcessRefund_3.0", "http://xml.amadeus.com/2010/06/TicketGTP_v3"),
    ):
        assert operation in CODES
        assert client.go_on(operation, code=code).schema == schema
