"""Receivers are told what happened: signed, at least once, in any order, and never a thing that did not happen."""

from __future__ import annotations

import hashlib
import hmac
import json

from simulator.duffel.signing import signature
from simulator.duffel.tests.receiver import Receiver
from simulator.duffel.tests.recorded import RECORDED
from simulator.duffel.tests.shop import Shop


def genuine(secret: str, header: str, body: bytes) -> bool:
    """Verified as a receiver would, from the header alone."""
    parts = dict(part.split("=", 1) for part in header.split(",") if "=" in part)
    signed = parts.get("t", "").encode() + b"." + body
    return hmac.compare_digest(hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest(), parts.get("v1", ""))


def test_signatures_are_those_of_the_recorded_vectors():
    vectors = json.loads((RECORDED / "vectors" / "duffel-webhook.json").read_text())["vectors"]
    for vector in vectors:
        stamp = vector["header"].partition(",")[0].removeprefix("t=")
        made = signature(vector["secret"], int(stamp) if stamp.isdigit() else 0, vector["body"].encode())
        assert (made == vector["header"]) == vector["genuine"]
        assert genuine(vector["secret"], vector["header"], vector["body"].encode()) == vector["genuine"]


def test_the_life_of_an_order_is_told_in_signed_events(shop: Shop, receiver: Receiver):
    shop.hold()  # before anybody registered: not told
    shop.door.post("/webhooks", json={"url": receiver.url})
    held = shop.hold()
    payment = shop.pay(held).json()["data"]
    quote = shop.quote(held)
    shop.confirm(quote)
    events = receiver.wait(6)
    assert [(each["type"], each["idempotency_key"]) for each in events] == [
        ("order.created", held["id"]),
        ("payment.created", payment["id"]),
        ("order.updated", held["id"]),
        ("order_cancellation.created", quote["id"]),
        ("order_cancellation.confirmed", quote["id"]),
        ("order.updated", held["id"]),
    ]
    assert len({each["id"] for each in events}) == 6
    assert events[0]["data"]["object"]["id"] == held["id"]
    assert all(genuine(shop.secret, header, body) for header, body in receiver.got)


def test_what_the_airline_and_the_clock_do_is_told_without_a_clients_request(shop: Shop, receiver: Receiver):
    held = shop.hold()
    shop.door.post("/webhooks", json={"url": receiver.url})
    shop.door.post(f"/airline/{held['booking_reference']}/segments/1", json={"status": "UN"})
    receiver.wait(1)
    change = shop.again(held)["airline_initiated_changes"][0]
    shop.advance(days=2)
    told = [(each["type"], each["idempotency_key"]) for each in receiver.wait(2)]
    assert told == [("order.airline_initiated_change_detected", change["id"]), ("order.updated", held["id"])]


def test_a_receiver_chooses_its_events_and_can_leave(shop: Shop, receiver: Receiver):
    made = shop.post("/air/webhooks", {"url": receiver.url, "events": ["payment.created"]})
    assert made.status_code == 201
    assert made.json()["data"]["secret"] == shop.secret
    shop.pay(shop.hold())
    assert [each["type"] for each in receiver.wait(1)] == ["payment.created"]
    assert shop.client.delete(f"/air/webhooks/{made.json()['data']['id']}").status_code == 204
    assert shop.get("/air/webhooks").json()["data"] == []
    for wrong in ({"url": "ftp://x", "events": ["order.created"]}, {"url": receiver.url, "events": ["order.eaten"]}):
        assert shop.post("/air/webhooks", wrong).status_code == 422
    assert shop.post("/air/webhooks", {"url": receiver.url, "events": []}).status_code == 422


def test_an_event_is_sent_again_until_the_receiver_takes_it(shop: Shop):
    receiver = Receiver(500, 503)
    try:
        shop.door.post("/webhooks", json={"url": receiver.url})
        shop.hold()
        events = receiver.wait(3)
        assert len({each["id"] for each in events}) == 1
        told = shop.door.get("/webhooks").json()["deliveries"]
        assert [each["response_status_code"] for each in told][:2] == [500, 503]
    finally:
        receiver.close()


def test_an_event_comes_twice(shop: Shop, receiver: Receiver):
    shop.door.post("/webhooks", json={"url": receiver.url})
    shop.fault("webhook_twice", "duffel.create_order")
    shop.hold()
    first, second = receiver.wait(2)
    assert first == second


def test_an_event_comes_late_and_others_overtake_it(shop: Shop, receiver: Receiver):
    shop.door.post("/webhooks", json={"url": receiver.url})
    shop.fault("webhook_late", "duffel.create_order", seconds=0.4)
    shop.pay(shop.hold())
    assert [each["type"] for each in receiver.wait(3)] == ["payment.created", "order.updated", "order.created"]


def test_events_come_out_of_order(shop: Shop, receiver: Receiver):
    shop.door.post("/webhooks", json={"url": receiver.url})
    shop.fault("webhook_out_of_order", "duffel.create_order")
    shop.pay(shop.hold())
    told = [each["type"] for each in receiver.wait(3)]
    assert told[0] != "order.created"
    assert sorted(told) == ["order.created", "order.updated", "payment.created"]


def test_a_forged_event_has_a_signature_that_is_not_ours(shop: Shop, receiver: Receiver):
    shop.door.post("/webhooks", json={"url": receiver.url})
    shop.fault("webhook_forged", "duffel.create_order", "before")
    shop.hold()
    receiver.wait(1)
    shop.fault("webhook_forged", "duffel.create_order", "after")
    shop.hold()
    receiver.wait(3)
    assert [genuine(shop.secret, header, body) for header, body in receiver.got] == [False, True, False]


def test_what_never_happened_is_not_told(shop: Shop, receiver: Receiver):
    shop.door.post("/webhooks", json={"url": receiver.url})
    held = shop.hold()
    receiver.wait(1)
    shop.fault("wrong_relates_to", "duffel.pay", "before")  # rehearsed and undone
    shop.pay(held)
    shop.fault("accepted_202", "duffel.create_order", "before")
    shop.post("/air/orders", shop.order(shop.holdable()))
    assert [each["type"] for each in receiver.wait(2)] == ["order.created", "order.creation_failed"]


def test_an_address_nobody_can_reach_does_not_keep_others_from_being_told(shop: Shop, receiver: Receiver):
    for wrong in (
        "http://127.0.0.1:99999/",
        "http://127.0.0.1:0/",
        "http://[::1/",
        "http://a b/",
        "http:///x",
        "ftp://x",
    ):
        assert shop.door.post("/webhooks", json={"url": wrong}).status_code == 400
    for nobody in ("http://a..b/", "http://127.0.0.1:9/"):
        assert shop.door.post("/webhooks", json={"url": nobody}).status_code == 200
    shop.door.post("/webhooks", json={"url": receiver.url})
    held = shop.hold()
    assert [each["idempotency_key"] for each in receiver.wait(1)] == [held["id"]]
