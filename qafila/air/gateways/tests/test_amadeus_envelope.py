"""What goes over the wire to Amadeus: the digest, the header, the link, and what counts as an answer to us."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from lxml import etree

from qafila.air.gateways.amadeus import requests
from qafila.air.gateways.amadeus.envelope import SessionHeader, flow_link, read, written
from qafila.air.gateways.amadeus.requests.parts import root
from qafila.air.gateways.amadeus.security import digest, username_token
from qafila.air.gateways.amadeus.versions import DEFAULTS, check, version
from qafila.air.gateways.errors import Misconfigured, NotOurs, Unreadable
from qafila.air.gateways.settings import AmadeusSettings, Version
from qafila.air.gateways.values import Cabin, SearchQuery, Slice

FIXTURES = Path(__file__).resolve().parents[4] / "tests" / "fixtures" / "suppliers"
VECTORS = json.loads((FIXTURES / "vectors" / "amadeus-wss-digest.json").read_text())["vectors"]
SETTINGS = AmadeusSettings(
    endpoint="https://node.example/1ASIWXXXYYY", user="WSXXXYYY", password="S3cr3t", office="SXRQF2100"
)
SOAP = {"s": "http://schemas.xmlsoap.org/soap/envelope/"}


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["created"] for vector in VECTORS])
def test_the_digest_is_amadeus_own(vector: dict[str, str]) -> None:
    password = vector.get("password") or base64.b64decode(vector["password_b64"])
    assert digest(password, base64.b64decode(vector["nonce_b64"]), vector["created"]) == vector["digest_b64"]


def test_a_nonce_is_never_used_twice() -> None:
    tokens = [username_token("S3cr3t") for _ in range(200)]
    assert len({token.nonce for token in tokens}) == 200
    assert "S3cr3t" not in repr(tokens[0])
    assert tokens[0].digest not in repr(tokens[0])


def test_the_header_blocks_stand_in_the_order_that_amadeus_wants() -> None:
    request = etree.fromstring(
        written(
            SETTINGS,
            version(SETTINGS, "PNR_Retrieve"),
            requests.retrieve(SETTINGS, "ABC123"),
            message_id="M-1",
            session=SessionHeader("Start"),
            credentials=username_token("S3cr3t"),
            flow="attempt-1",
        )
    )
    header = request.find("s:Header", SOAP)
    assert [etree.QName(block).localname for block in header] == [
        "MessageID", "Action", "To", "TransactionFlowLink", "Security", "AMA_SecurityHostedUser", "Session",
    ]  # fmt: skip
    assert header.findtext("{*}Action") == "http://webservices.amadeus.com/PNRRET_17_1_1A"
    assert header.findtext("{*}To") == SETTINGS.endpoint
    user = header.find("{*}AMA_SecurityHostedUser/{*}UserID")
    assert dict(user.attrib) == {
        "POS_Type": "1",
        "RequestorType": "U",
        "PseudoCityCode": "SXRQF2100",
        "AgentDutyCode": "SU",
    }
    token = header.find("{*}Security/{*}UsernameToken")
    assert token.findtext("{*}Username") == "WSXXXYYY"
    password = digest("S3cr3t", base64.b64decode(token.findtext("{*}Nonce")), token.findtext("{*}Created"))
    assert token.findtext("{*}Password") == password
    session = header.find("{*}Session")
    assert (session.get("TransactionStatusCode"), len(session)) == ("Start", 0)
    assert b"S3cr3t" not in etree.tostring(request)


def test_within_a_conversation_there_are_no_credentials() -> None:
    request = etree.fromstring(
        written(
            SETTINGS,
            version(SETTINGS, "Security_SignOut"),
            requests.sign_out(SETTINGS),
            message_id="M-2",
            session=SessionHeader("End", "SESS", 7, "TOK"),
        )
    )
    assert request.find(".//{*}Security") is None
    session = request.find(".//{*}Session")
    told = [child.text for child in session]
    assert (session.get("TransactionStatusCode"), told) == ("End", ["SESS", "7", "TOK"])


def test_the_flow_link_keeps_to_its_schema_whatever_the_key() -> None:
    schema = etree.XMLSchema(etree.parse(FIXTURES / "amadeus" / "AMA_WSLink.xsd"))
    for key in ("attempt-1", "x" * 200, "ä & <b>", "0" * 40):
        schema.assertValid(flow_link(key))


def test_a_retrieve_keeps_to_the_schema_of_its_version() -> None:
    schema = etree.XMLSchema(etree.parse(FIXTURES / "amadeus" / "PNR_Retrieve_14_2_1A.xsd"))
    older = replace(
        SETTINGS, versions={"PNR_Retrieve": Version("PNRRET_14_2_1A", "http://xml.amadeus.com/PNRRET_14_2_1A")}
    )
    body = requests.retrieve(older, "ABC123")
    schema.assertValid(body)
    assert body.findtext(".//{*}controlNumber") == "ABC123"


@pytest.mark.parametrize("message", DEFAULTS)
def test_every_message_begins_with_its_element_in_the_namespace_of_its_version(message: str) -> None:
    other = replace(SETTINGS, versions={message: Version("ABCDEQ_99_9_1A", "http://xml.amadeus.com/ABCDEQ_99_9_1A")})
    for settings in (SETTINGS, other):
        element = root(settings, message)
        assert etree.QName(element).namespace == version(settings, message).namespace
        expected = f"AMA_{message.replace('_', '')}RQ" if message.endswith("Refund") else message
        assert etree.QName(element).localname == expected


def test_a_search_says_who_travels_where_and_how() -> None:
    query = SearchQuery(
        (Slice("SXR", "JED", date(2027, 1, 18)), Slice("MED", "SXR", date(2027, 2, 1))),
        adults=2,
        children=1,
        infants=1,
        cabin=Cabin.BUSINESS,
        direct_only=True,
        carriers=("SV", "AI"),
        currency="INR",
        limit=20,
    )
    body = requests.search(SETTINGS, query)
    units = {unit[1].text: unit[0].text for unit in body.iterfind("{*}numberOfUnit/{*}unitNumberDetail")}
    assert units == {"PX": "3", "RC": "20"}
    people = {
        group.findtext("{*}ptc"): [ref.text for ref in group.iterfind("{*}traveller/{*}ref")]
        for group in body.iterfind("{*}paxReference")
    }
    assert people == {"ADT": ["1", "2"], "CH": ["3"], "INF": ["1"]}
    assert [date.text for date in body.iterfind(".//{*}firstDateTimeDetail/{*}date")] == ["180127", "010227"]
    assert [place.text for place in body.iterfind(".//{*}locationId")] == ["SXR", "JED", "MED", "SXR"]
    assert body.findtext(".//{*}conversionRateDetail/{*}currency") == "INR"
    assert "CUC" in [kind.text for kind in body.iterfind(".//{*}priceType")]
    assert [carrier.text for carrier in body.iterfind(".//{*}carrierId")] == ["SV", "AI"]
    assert (body.findtext(".//{*}cabin"), body.findtext(".//{*}flightType")) == ("C", "N")


def test_documents_are_named_with_their_stock_and_office() -> None:
    body = requests.void(SETTINGS, "1761234567890")
    assert body.findtext(".//{*}number") == "1761234567890"
    assert body.findtext(".//{*}marketIataCode") == "IN"
    assert body.findtext(".//{*}inHouseIdentification2") == "SXRQF2100"
    nowhere = requests.void(replace(SETTINGS, office="???QF2100"), "1761234567890")
    assert nowhere.find(".//{*}stockProviderDetails") is None


# -- what counts as an answer -----------------------------------------------------------------------------------------


def answer(related: str | None, message: str = "<a/>", header: str = "") -> bytes:
    relates = "" if related is None else f"<w:RelatesTo>{related}</w:RelatesTo>"
    return (
        '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" '
        'xmlns:w="http://www.w3.org/2005/08/addressing">'
        f"<s:Header>{relates}{header}</s:Header><s:Body>{message}</s:Body></s:Envelope>"
    ).encode()


FAULT = "<s:Fault><faultcode>s:Client</faultcode><faultstring> 11|Session|</faultstring></s:Fault>"


@pytest.mark.parametrize("related", ["GUID-1", "urn:uuid:guid-1", "\n   GUID-1\n  "])
def test_a_reply_relates_to_our_message_however_it_is_written(related: str) -> None:
    assert read(answer(related), "GUID-1").ours


def test_a_recorded_envelope_is_read_with_its_session() -> None:
    recorded = (FIXTURES / "amadeus" / "pnrResponseFullEnvelope.txt").read_bytes()
    reply = read(recorded, "918245EA-0ED7-B82C-F2DB-8D9EAFF78061")
    assert etree.QName(reply.message).localname == "PNR_Reply"
    assert reply.session == SessionHeader("InSeries", "01XV8U3ATS", 2, "2RAQ507TIBUC22EZ7MR61A63TY")
    assert "2RAQ507TIBUC22EZ7MR61A63TY" not in repr(reply.session)
    with pytest.raises(NotOurs):
        read(recorded, "918245EA-0ED7-B82C-F2DB-8D9EAFF78062")


@pytest.mark.parametrize("related", ["GUID-2", "", None])
def test_a_reply_that_does_not_relate_to_our_message_is_none_of_ours(related: str | None) -> None:
    with pytest.raises(NotOurs):
        read(answer(related), "GUID-1")


def test_a_fault_for_somebody_else_is_none_of_ours_and_one_without_a_name_settles_nothing() -> None:
    with pytest.raises(NotOurs):
        read(answer("GUID-2", FAULT), "GUID-1", status=500)
    nameless = read(answer(None, FAULT), "GUID-1", status=500)
    assert not nameless.ours
    assert (nameless.fault.code, nameless.fault.level) == ("11", "Session")


def test_a_fault_is_read_with_http_500_and_keeps_its_session() -> None:
    session = (
        '<x:Session xmlns:x="http://xml.amadeus.com/2010/06/Session_v3" TransactionStatusCode="InSeries">'
        "<x:SessionId>S</x:SessionId><x:SequenceNumber> 4 </x:SequenceNumber><x:SecurityToken>T</x:SecurityToken>"
        "</x:Session>"
    )
    reply = read(answer("GUID-1", FAULT, session), "GUID-1", status=500)
    assert reply.ours
    assert reply.session == SessionHeader("InSeries", "S", 4, "T")


def test_an_undeclared_prefix_does_not_hide_a_fault() -> None:
    body = b"<soap:Fault><faultcode>soap:Client</faultcode><faultstring> 11|Session|</faultstring></soap:Fault>"
    assert read(body, "GUID-1", status=500).fault.code == "11"


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (502, b"<html><body>Bad Gateway</body></html>"),
        (200, b""),
        (202, b""),
        (200, b"\x00\xff garbled"),
        (200, answer("GUID-1")[:-20]),
        (200, b"<PNR_Reply/>"),
        (200, answer("GUID-1", "")),
        (200, answer("GUID-1", "<a/><b/>")),
        (503, answer("GUID-1", "<a/>")),
        (200, b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]>' + answer("GUID-1", "<a>&x;</a>")),
    ],
)
def test_what_is_no_envelope_with_one_message_is_unreadable(status: int, body: bytes) -> None:
    with pytest.raises(Unreadable):
        read(body, "GUID-1", status=status)


# -- settings ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"endpoint": ""}, "endpoint"),
        ({"endpoint": "ftp://x"}, "http"),
        ({"user": ""}, "user"),
        ({"password": ""}, "password"),
        ({"office": ""}, "office"),
        ({"office_zone": "Asia/Nowhere"}, "office_zone"),
        ({"versions": {"PNR_Retreive": Version("A", "B")}}, "PNR_Retreive"),
        ({"versions": {"PNR_Retrieve": Version("", "B")}}, "PNR_Retrieve"),
        ({"versions": {"PNR_Retrieve": Version("PNRRET_17_1_1Å", "B")}}, "PNR_Retrieve"),
    ],
)
def test_what_is_not_set_up_is_named(change: dict[str, object], word: str) -> None:
    with pytest.raises(Misconfigured, match=word):
        check(replace(SETTINGS, **change))
