"""A webhook is believed when it is signed, and then only as far as: go and retrieve this order."""

from __future__ import annotations

import hashlib
import hmac
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qafila.air.gateways.duffel.webhook import WebhookEvent, event, verify
from qafila.air.gateways.errors import Unreadable

VECTORS = json.loads(
    (Path(__file__).parents[4] / "tests" / "fixtures" / "suppliers" / "vectors" / "duffel-webhook.json").read_text()
)["vectors"]
SECRET, BODY = "a_secret", b'{"id": "wev_1"}'


def signed(stamp: str = "1641667496", body: bytes = BODY, secret: str = SECRET) -> str:
    return hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["header"][:20])
def test_a_genuine_signature_is_told_from_the_others(vector: dict[str, Any]) -> None:
    assert verify(vector["secret"], vector["header"], vector["body"].encode()) is vector["genuine"]


def test_the_genuine_event_of_the_vector_is_about_no_order() -> None:
    assert event(VECTORS[0]["body"].encode()) == WebhookEvent("eve_0000AFEsrBKZAcKgGtZCnQ", "order.updated", "", "")


@pytest.mark.parametrize(
    "header",
    [
        f"t=1641667496,v1={signed()}",
        f"v1={signed()},t=1641667496",
        f" t=1641667496 , v1={signed()} ",
        f"t=1641667496,v1={'0' * 64},v1={signed()}",
        f"t=1641667496,v2=whatever,v1={signed()},v0=x,noise",
    ],
)
def test_one_of_several_signatures_is_enough(header: str) -> None:
    assert verify(SECRET, header, BODY)


@pytest.mark.parametrize(
    "header",
    [
        "",
        None,
        "nah",
        "t=1641667496",
        f"v1={signed()}",
        f"t=,v1={signed('')}",
        f"t=1641667496,t=1,v1={signed()}",
        f"t=1641667497,v1={signed()}",
        f"t=1641667496,v1={signed()[:-1]}",
        f"t=1641667496,v1={signed().upper()}",
        f"t=1641667496,v2={signed()}",
        f"t=1641667496,v1={signed(secret='another')}",
        f"t=1641667496,v1={signed(body=BODY + b' ')}",
        f"t=-1,v1={signed('-1')}",
        f"t=١٢٣,v1={signed('١٢٣')}",
        "t=1641667496,v1=é\ud800",
        f"t=1641667496,v1={signed()}" + "," * 4096,
        "t=1641667496," + "v1=" * 100,
    ],
)
def test_everything_else_is_forged(header: str | None) -> None:
    assert not verify(SECRET, header, BODY)


def test_without_a_secret_nothing_is_genuine() -> None:
    assert not verify("", f"t=1641667496,v1={signed(secret='')}", BODY)


@given(header=st.text(max_size=200), body=st.binary(max_size=200))
def test_no_header_and_no_body_can_break_it(header: str, body: bytes) -> None:
    assert verify(SECRET, header, body) is False


def an_event(**changes: Any) -> bytes:
    told = {
        "id": "wev_1",
        "api_version": "v2",
        "type": "order.created",
        "data": {"object": {"id": "ord_1", "total_amount": "1.00"}},
        "live_mode": True,
        "idempotency_key": "ord_1",
    }
    return json.dumps(told | changes).encode()


@pytest.mark.parametrize(
    ("changes", "order"),
    [
        ({}, "ord_1"),
        ({"data": {"object": {"id": "aic_1", "order_id": "ord_2"}}, "idempotency_key": "aic_1"}, "ord_2"),
        ({"data": {"id": "ord_3"}}, "ord_3"),
        ({"data": {"object": {}}, "idempotency_key": "ord_4"}, "ord_4"),
        ({"data": {"object": {"id": "pay_1", "order_id": "ord_5"}}, "type": "payment.created"}, "ord_5"),
        ({"data": {"object": {}}, "idempotency_key": "ZmFpbGVk", "type": "order.creation_failed"}, ""),
        ({"data": None, "idempotency_key": None}, ""),
        ({"data": ["ord_1"], "idempotency_key": 7}, ""),
    ],
)
def test_an_event_names_its_order_wherever_it_stands(changes: dict[str, Any], order: str) -> None:
    assert event(an_event(**changes)).order_id == order


def test_the_same_event_again_bears_the_same_id_and_another_event_of_the_order_does_not() -> None:
    first, again, other = event(an_event()), event(an_event()), event(an_event(id="wev_2"))
    assert first == again
    assert len({first, again, other}) == 2
    assert other.idempotency_key == first.idempotency_key


def test_an_event_carries_nothing_that_could_be_taken_for_the_truth() -> None:
    assert event(an_event()).__slots__ == ("id", "type", "order_id", "idempotency_key")


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b"null", b'{"id": "wev_1"}', b'{"type": "x"}', b"\xff", b"x" * 5_000_000]
)
def test_what_is_no_event_is_unreadable(body: bytes) -> None:
    with pytest.raises(Unreadable):
        event(body)
