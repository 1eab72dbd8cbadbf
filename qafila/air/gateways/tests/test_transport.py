"""HTTP to a supplier: what left is told apart from what did not, and no reply is larger than we allow."""

from __future__ import annotations

import gzip
from collections.abc import Iterator

import pytest

from qafila.air.gateways.errors import NotSent, SupplierError, Unanswered, Unreadable
from qafila.air.gateways.settings import Patience
from qafila.air.gateways.tests.scripted import HALF, HANG_UP, RESET, Said, Scripted
from qafila.air.gateways.transport import Transport

SIZE = 100_000


@pytest.fixture
def transport() -> Iterator[Transport]:
    made = Transport("ndc", Patience(connect=1, read=2, whole=3, size=SIZE))
    yield made
    made.close()


@pytest.mark.parametrize(
    ("address", "headers"),
    [
        ("http://127.0.0.1:9/", {}),
        ("http://127.0.0.1:99999/", {}),
        ("http://[bad/", {}),
        ("ftp://127.0.0.1/", {}),
        ("nowhere", {}),
        ("{base}/", {"SOAPAction": "PNRRET_17_1_1Å"}),
    ],
)
def test_what_cannot_be_written_or_reaches_nobody_was_never_sent(
    transport: Transport, address: str, headers: dict[str, str]
) -> None:
    with Scripted({}) as desk:
        with pytest.raises(NotSent) as raised:
            transport.send("POST", address.replace("{base}", desk.base), headers=headers, content=b"secret")
        assert desk.asked == []
    assert "secret" not in str(raised.value)
    assert "ndc" in str(raised.value)


@pytest.mark.parametrize("then", [RESET, HANG_UP, HALF])
def test_what_breaks_off_after_it_was_sent_is_unanswered(transport: Transport, then: str) -> None:
    with Scripted({"POST /": Said(200, b"x" * 1000, then=then)}) as desk:
        with pytest.raises(Unanswered):
            transport.send("POST", f"{desk.base}/", headers={}, content=b"{}")
        assert desk.count("POST /") == 1, "once, whatever happens"


@pytest.mark.parametrize(
    ("body", "packed"),
    [
        (b"x" * (SIZE + 1), ""),
        (gzip.compress(b"x" * 50_000_000), "gzip"),
        (gzip.compress(gzip.compress(b"x" * 50_000_000)), "gzip, gzip"),
        (b"no gzip at all", "gzip"),
    ],
)
def test_a_reply_too_large_or_packed_wrongly_is_unreadable(transport: Transport, body: bytes, packed: str) -> None:
    headers = {"content-encoding": packed} if packed else {}
    with Scripted({"GET /": Said(200, body, headers)}) as desk, pytest.raises(SupplierError) as raised:
        transport.send("GET", f"{desk.base}/", headers={})
    assert type(raised.value) is Unreadable


def test_a_reply_is_unpacked_and_its_body_is_in_no_repr(transport: Transport) -> None:
    said = Said(200, gzip.compress(b"a passport"), {"content-encoding": "gzip"})
    with Scripted({"GET /": said}) as desk:
        reply = transport.send("GET", f"{desk.base}/", headers={})
    assert reply.body == b"a passport"
    assert "passport" not in repr(reply)
