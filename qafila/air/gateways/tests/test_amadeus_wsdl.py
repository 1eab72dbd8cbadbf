"""Endpoint, actions and namespaces are read from the WSDL a customer was given."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from qafila.air.gateways.amadeus.versions import DEFAULTS, root_of
from qafila.air.gateways.amadeus.wsdl import read, settings_from
from qafila.air.gateways.errors import Misconfigured
from qafila.air.gateways.settings import Version
from qafila.air.gateways.tests.counters import Counter

ACTIONS = "http://webservices.amadeus.com/"
NAMES = (
    'xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" '
    'xmlns:tns="http://xml.amadeus.com" xmlns:awsse="http://xml.amadeus.com/2010/06/Session_v3" '
    'targetNamespace="http://xml.amadeus.com"'
)
PORT = '<wsdl:port name="P" binding="tns:B"><soap:address location="{}"/></wsdl:port>'
SERVICE = f'<wsdl:service name="S">{PORT}</wsdl:service>'
ENDPOINT = "https://node.example/1ASIWABCDEF"


def namespace(message: str) -> str:
    if message.endswith("Refund"):
        return "http://xml.amadeus.com/2010/06/TicketGTP_v2"
    return f"http://xml.amadeus.com/{message[:3].upper()}REQ_21_9_1A"


def action(message: str) -> str:
    return f"{message}_2.0" if message.endswith("Refund") else f"{message[:3].upper()}REQ_21_9_1A"


def types(*messages: str) -> str:
    session = '<wsdl:message name="Session"><wsdl:part name="s" element="awsse:Session"/></wsdl:message>'
    return session + "".join(
        f'<wsdl:message name="{one}_21_9"><wsdl:part xmlns:m="{namespace(one)}" name="p" element="m:{root_of(one)}"/>'
        f'</wsdl:message><wsdl:message name="{one}Reply_21_9"><wsdl:part name="p" element="tns:Reply"/></wsdl:message>'
        for one in messages
    )


def ports(*messages: str) -> str:
    return (
        '<wsdl:portType name="PT">'
        + "".join(
            f'<wsdl:operation name="{one}"><wsdl:input message="tns:{one}_21_9"/>'
            f'<wsdl:output message="tns:{one}Reply_21_9"/></wsdl:operation>'
            for one in messages
        )
        + "</wsdl:portType>"
    )


def bindings(*messages: str) -> str:
    return (
        '<wsdl:binding name="B" type="tns:PT"><soap:binding style="document"/>'
        + "".join(
            f'<wsdl:operation name="{one}"><soap:operation soapAction="{ACTIONS}{action(one)}"/>'
            '<wsdl:input><soap:body use="literal"/><soap:header message="tns:Session" part="s" use="literal"/>'
            "</wsdl:input></wsdl:operation>"
            for one in messages
        )
        + "</wsdl:binding>"
    )


def definitions(*parts: str) -> str:
    return f"<wsdl:definitions {NAMES}>{''.join(parts)}</wsdl:definitions>"


def whole(*messages: str, endpoint: str = ENDPOINT) -> str:
    return definitions(types(*messages), ports(*messages), bindings(*messages), SERVICE.format(endpoint))


def kept(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_a_wsdl_in_one_file_gives_endpoint_actions_and_namespaces(tmp_path: Path) -> None:
    found = read(kept(tmp_path / "1ASIWABCDEF.wsdl", whole(*DEFAULTS)))
    assert found.endpoint == ENDPOINT
    assert found.missing == ()
    assert found.versions["PNR_Retrieve"] == Version("PNRREQ_21_9_1A", "http://xml.amadeus.com/PNRREQ_21_9_1A")
    assert found.versions["Ticket_InitRefund"] == Version(
        "Ticket_InitRefund_2.0", "http://xml.amadeus.com/2010/06/TicketGTP_v2"
    )


def test_a_wsdl_split_over_files_says_the_same(tmp_path: Path) -> None:
    kept(tmp_path / "parts" / "types.wsdl", definitions(types(*DEFAULTS)))
    kept(tmp_path / "parts" / "ports.wsdl", definitions('<wsdl:import location="types.wsdl"/>', ports(*DEFAULTS)))
    split = kept(
        tmp_path / "main.wsdl",
        definitions(
            '<wsdl:import namespace="http://xml.amadeus.com" location="parts/ports.wsdl"/>',
            '<wsdl:import location="parts/../parts/types.wsdl"/>',
            bindings(*DEFAULTS),
            SERVICE.format(ENDPOINT),
        ),
    )
    assert read(split) == read(kept(tmp_path / "one.wsdl", whole(*DEFAULTS)))


def test_settings_come_from_the_wsdl_and_from_what_is_given(tmp_path: Path) -> None:
    path = kept(tmp_path / "a.wsdl", whole(*DEFAULTS))
    settings = settings_from(path, user="U", password="S3cr3t", office="SXRQF2100", currency="INR")
    assert (settings.endpoint, settings.currency) == (ENDPOINT, "INR")
    assert settings.versions["PNR_Cancel"].action == "PNRREQ_21_9_1A"
    with pytest.raises(Misconfigured, match="office"):
        settings_from(path, user="U", password="S3cr3t")


def test_a_message_that_is_missing_is_named(tmp_path: Path) -> None:
    few = [message for message in DEFAULTS if message not in ("PNR_Cancel", "Ticket_InitRefund")]
    path = kept(tmp_path / "a.wsdl", whole(*few))
    assert read(path).missing == ("PNR_Cancel", "Ticket_InitRefund")
    with pytest.raises(Misconfigured, match="PNR_Cancel") as refused:
        settings_from(path, user="U", password="S3cr3t", office="SXRQF2100")
    assert "Ticket_InitRefund" not in str(refused.value), "without refunds an agency can sell"


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("no xml at all", "no readable XML"),
        ("<html/>", "no WSDL"),
        (definitions(types(*DEFAULTS), ports(*DEFAULTS), bindings(*DEFAULTS)), "endpoint"),
        (definitions(SERVICE.format(ENDPOINT)), "none of the messages"),
        (
            whole("PNR_Retrieve").replace("</wsdl:definitions>", SERVICE.format("https://b") + "</wsdl:definitions>"),
            "2",
        ),
        (definitions('<wsdl:import location="missing.wsdl"/>'), "missing.wsdl"),
        (definitions('<wsdl:import location="../../../etc/passwd"/>'), "leads out"),
        (definitions('<wsdl:import location="http://x.example/a.wsdl"/>'), "no file beside"),
        ('<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a>&x;</a>', "no readable XML"),
    ],
)
def test_what_cannot_be_read_is_told_in_a_sentence(tmp_path: Path, text: str, word: str) -> None:
    with pytest.raises(Misconfigured, match=word):
        read(kept(tmp_path / "inner" / "a.wsdl", text))


def test_two_files_that_import_each_other_are_read_once(tmp_path: Path) -> None:
    kept(tmp_path / "b.wsdl", definitions('<wsdl:import location="a.wsdl"/>', types(*DEFAULTS)))
    path = kept(
        tmp_path / "a.wsdl",
        definitions(
            '<wsdl:import location="b.wsdl"/>', ports(*DEFAULTS), bindings(*DEFAULTS), SERVICE.format(ENDPOINT)
        ),
    )
    assert read(path).missing == ()


@pytest.mark.parametrize("version", ["14_2", "9_9", "21_8"])
def test_of_two_versions_of_a_message_the_newer_is_spoken(tmp_path: Path, version: str) -> None:
    older = whole("PNR_Retrieve").replace("21_9", version).replace('"PT"', '"PT2"').replace("tns:PT", "tns:PT2")
    kept(tmp_path / "older.wsdl", older)
    path = kept(
        tmp_path / "a.wsdl",
        whole("PNR_Retrieve").replace("<wsdl:message", '<wsdl:import location="older.wsdl"/><wsdl:message', 1),
    )
    assert read(path).versions["PNR_Retrieve"].action == "PNRREQ_21_9_1A"


def test_the_simulator_s_own_wsdl_is_read(tmp_path: Path, counter: Counter) -> None:
    endpoint = counter.simulated.access["amadeus"]["endpoint"]
    answer = httpx.get(f"{endpoint}?wsdl", trust_env=False)
    found = read(kept(tmp_path / "sim.wsdl", answer.text))
    assert (found.endpoint, found.missing) == (endpoint, ())
