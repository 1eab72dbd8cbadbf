"""Hostile and broken bodies: refused quickly and by name; no file is read, nothing is expanded, nothing hangs."""

from __future__ import annotations

import pytest

from qafila.air.gateways.amadeus import xml
from qafila.air.gateways.amadeus.xml import every, first, message, name, parse, text, texts
from qafila.air.gateways.errors import Unreadable
from qafila.air.gateways.reading import read
from qafila.air.gateways.tests.replying import recorded

ORDER = recorded("dummyPnrRetrieveReply").rstrip()


def test_no_file_is_read_into_a_reply(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("the agency's own")
    for declaration in (
        f'<!DOCTYPE a [<!ENTITY x SYSTEM "{secret.as_uri()}">]>',
        f'<!DOCTYPE a SYSTEM "{secret.as_uri()}">',
        f'<!DOCTYPE a [<!ENTITY % x SYSTEM "{secret.as_uri()}"> %x;]>',
    ):
        with pytest.raises(Unreadable) as refusal:
            parse(f"{declaration}<PNR_Reply><pnrHeader>&x;</pnrHeader></PNR_Reply>".encode())
        assert "agency" not in str(refusal.value)


def test_a_document_type_is_refused_however_it_is_hidden():
    billion = "".join(f'<!ENTITY x{n} "{f"&x{n - 1};" * 10}">' for n in range(1, 12))
    whole = f'<?xml version="1.0"?><!-- <b> --><?pi ?>\n<!DOCTYPE a [<!ENTITY x0 "ha">{billion}]><a b="&x11;">&x11;</a>'
    for body in (whole.encode(), whole.replace('1.0"', '1.0" encoding="UTF-16"').encode("utf-16")):
        with pytest.raises(Unreadable):
            parse(body)


@pytest.mark.parametrize(
    "prolog", [b" " * 100_000, b"<?p ?>" * 20_000, b"<!-- x -->" * 20_000, b"<?p" * 50_000, b"<!--" * 50_000]
)
def test_a_prolog_without_end_costs_one_look(prolog):
    for body in (prolog + b"<!DOCTYPE a><a/>", prolog + b"<"):
        with pytest.raises(Unreadable):
            parse(body)


def test_an_entity_that_nobody_declared_is_no_readable_reply():
    with pytest.raises(Unreadable):
        parse(b"<PNR_Reply>&x;</PNR_Reply>")


def test_fifty_megabytes_are_not_looked_at():
    with pytest.raises(Unreadable, match="larger than"):
        read(b"<PNR_Reply>" + b" " * 50_000_000 + b"</PNR_Reply>")


def test_a_reply_that_is_nested_without_end_is_refused():
    with pytest.raises(Unreadable):
        parse(b"<a>" * 5000 + b"</a>" * 5000)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"   ",
        b"\x00",
        b"<",
        b"<html><body>502 Bad Gateway<br></body></html>",
        b"upstream connect error",
        b"<PNR_Reply>\xff\xfe</PNR_Reply>",
        b"<PNR_Reply>\x01</PNR_Reply>",
        b"<a/><b/>",
        b"<soap:Fault><faultcode>soap:Client</faultcode><faultstring>cut of",
        b'<Offer_ConfirmCarOfferReply xmlns="http://xml.amadeus.com/ROFRKR_13_1_1A">',
        ORDER[: len(ORDER) // 2],
        ORDER[:-1],
    ],
)
def test_what_is_no_whole_reply_is_unreadable_by_name(body):
    with pytest.raises(Unreadable):
        read(body)


def test_a_reply_whose_prefix_nobody_declared_is_read_when_nothing_else_is_wrong():
    whole = b'<AMA_TicketIgnoreRefundRS xsi:schemaLocation="x"><Success></Success></AMA_TicketIgnoreRefundRS>'
    assert read(whole).status == "ok"
    with pytest.raises(Unreadable):
        read(whole[:-5])


def test_an_empty_envelope_says_nothing():
    with pytest.raises(Unreadable, match="empty body"):
        read(b'<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body/></e:Envelope>')


def test_names_are_local_whatever_the_namespace_and_paths_may_branch_and_skip():
    root = parse(
        b'<x:a xmlns:x="u"><b xmlns="v"> one <!-- no --> </b><y:c xmlns:y="w"><b>two</b></y:c><d><e><b/></e></d></x:a>'
    )
    assert name(root) == "a"
    assert text(root, "b") == "one"
    assert text(root, "c/b") == "two"
    assert text(root, "c|d//b") == "two"
    assert len(every(root, "//b")) == 3
    assert texts(root, "//b") == ("one", "two")
    assert text(root, "z/b", "none") == text(root, "d/e/b", "none") == "none"
    assert first(root, "z") is None
    assert every(None, "b") == []
    assert message(root) is root


def test_the_largest_reply_is_bounded():
    assert xml.LARGEST == 24 * 1024 * 1024
