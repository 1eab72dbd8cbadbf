"""A whole order at the simulated Duffel, over a real socket, found through the registry as the product finds it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, HTTPServer
from queue import Queue
from threading import Thread
from zoneinfo import ZoneInfo

import pytest

from qafila.air.gateways.calllog import Exchange
from qafila.air.gateways.duffel.adapter import DuffelSupplier
from qafila.air.gateways.duffel.webhook import event, verify
from qafila.air.gateways.errors import OrderNotFound, SupplierRefused
from qafila.air.gateways.outcomes import Done, Doubt, Refused, Unknown
from qafila.air.gateways.registry import supplier
from qafila.air.gateways.values import (
    CouponStatus,
    Offer,
    OrderRef,
    OrderSnapshot,
    PassengerType,
    Passport,
    Priced,
    SearchQuery,
    Slice,
    Traveller,
)
from tests.harness.supplier import Simulator

QUERY = SearchQuery((Slice("SXR", "JED", date(2027, 1, 18)),), adults=2, infants=1, limit=100)
FAMILY = (
    Traveller("T1", PassengerType.ADULT, "Aisha", "Khan", "MRS", "F", date(1980, 3, 4),
              Passport("M1234567", "IND", "IND", date(2032, 5, 1)), "aisha@example.com", "+919811111111"),
    Traveller("T2", PassengerType.ADULT, "Omar", "Khan", "MR", "M", date(1979, 1, 1)),
    Traveller("T3", PassengerType.INFANT, "Zain", "Khan", "MSTR", "M", date(2026, 5, 1), infant_of="T1"),
)  # fmt: skip


@pytest.fixture
def kept() -> list[Exchange]:
    return []


@pytest.fixture
def duffel(simulated: Simulator, kept: list[Exchange]) -> Iterator[DuffelSupplier]:
    found = supplier("duffel", simulated.data_dir, demo=True, log=kept.append)
    assert isinstance(found, DuffelSupplier)
    yield found
    found.close()


@pytest.fixture
def offer(duffel: DuffelSupplier) -> Offer:
    return next(offer for offer in duffel.search(QUERY) if offer.can_hold)


def held(duffel: DuffelSupplier, offer: Offer, key: str) -> OrderSnapshot:
    outcome = duffel.hold(offer, FAMILY, key)
    assert isinstance(outcome, Done), outcome
    return outcome.value


def priced(duffel: DuffelSupplier, ref: OrderRef) -> Priced:
    outcome = duffel.price(ref)
    assert isinstance(outcome, Done), outcome
    return outcome.value


def test_offers_are_simulated_cheapest_first_and_some_must_be_paid_at_once(duffel: DuffelSupplier) -> None:
    offers = duffel.search(QUERY)
    totals = [offer.total.amount for offer in offers]
    assert totals == sorted(totals)
    assert all(offer.simulated for offer in offers)
    assert {offer.can_hold for offer in offers} == {True, False}
    assert all(offer.segments[0].departs.tzinfo == ZoneInfo("Asia/Kolkata") for offer in offers)
    assert all(offer.segments[-1].arrives.tzinfo == ZoneInfo("Asia/Riyadh") for offer in offers)
    instant = next(offer for offer in offers if not offer.can_hold)
    outcome = duffel.hold(instant, FAMILY, "WALK-INSTANT")
    assert isinstance(outcome, Refused)
    assert (outcome.code, outcome.by) == ("INSTANT_PAYMENT", "us")


def test_an_order_is_held_priced_issued_and_refunded(
    duffel: DuffelSupplier, offer: Offer, simulated: Simulator, kept: list[Exchange]
) -> None:
    order = held(duffel, offer, "WALK-1")
    assert (order.key, order.paid, order.total, order.simulated) == ("WALK-1", False, offer.total, True)
    assert [traveller.type.value for traveller in order.travellers] == ["ADT", "ADT", "INF"]
    assert order.travellers[2].infant_of == order.travellers[0].id
    assert order.time_limit is not None

    price = priced(duffel, order.ref)
    assert price.total == offer.total
    issued = duffel.issue(order.ref, price, "WALK-2")
    assert isinstance(issued, Done), issued
    assert {document.travellers[0] for document in issued.value.documents} == {each.id for each in order.travellers}
    assert all(len(document.number) == 13 for document in issued.value.documents)
    again = duffel.issue(order.ref, price, "WALK-3")
    assert isinstance(again, Done)
    assert again.value.documents == issued.value.documents
    (truth,) = simulated.orders(key="WALK-1")
    assert truth["counts"]["issued"] == 1
    assert sorted(each["number"] for each in truth["documents"]) == sorted(
        document.number for document in issued.value.documents
    )

    paid = duffel.cancel(order.ref, "WALK-4")
    assert isinstance(paid, Refused)
    assert paid.code == "DOCUMENTS_LIVE"
    quote = duffel.refund_quote(order.ref, issued.value.documents)
    assert quote.paid == offer.total
    refunded = duffel.refund(quote, "WALK-5")
    assert isinstance(refunded, Done), refunded
    assert refunded.value.refund == quote.refund
    assert isinstance(duffel.refund(quote, "WALK-6"), Done)
    after = duffel.retrieve(order.ref)
    assert after.cancelled
    assert {document.status for document in after.documents} == {CouponStatus.REFUNDED}
    (truth,) = simulated.orders(key="WALK-1")
    # On its day of issue Duffel voids the documents: its own answer does not tell which of the two it was.
    assert {each["status"] for each in truth["documents"]} <= {"VOID", "REFUNDED"}
    assert truth["counts"]["cancelled"] == 1
    with pytest.raises(SupplierRefused):
        duffel.refund_quote(order.ref, issued.value.documents)

    told = repr(kept)
    secrets = (duffel.settings.token, "aisha@example.com", "+919811111111", "M1234567", "1980-03-04")
    assert [secret for secret in secrets if secret in told] == []
    assert all(exchange.reference for exchange in kept)


def test_a_hold_is_let_go_and_then_neither_priced_nor_issued(duffel: DuffelSupplier, offer: Offer) -> None:
    order = held(duffel, offer, "WALK-7")
    price = priced(duffel, order.ref)
    gone = duffel.cancel(order.ref, "WALK-8")
    assert isinstance(gone, Done), gone
    assert gone.value.cancelled
    assert isinstance(duffel.cancel(order.ref, "WALK-9"), Done)
    for outcome in (duffel.price(order.ref), duffel.issue(order.ref, price, "WALK-10")):
        assert isinstance(outcome, Refused)
        assert outcome.code == "ORDER_CANCELLED"


def test_an_orphan_is_found_by_its_key(duffel: DuffelSupplier, offer: Offer) -> None:
    order = held(duffel, offer, "WALK-11")
    for number in range(3):
        held(duffel, offer, f"WALK-12-{number}")
    found = duffel.find("WALK-11")
    assert found is not None
    assert found.ref == order.ref
    assert duffel.find("WALK-NOBODY") is None


def test_a_hold_whose_answer_is_lost_is_found(duffel: DuffelSupplier, offer: Offer, simulated: Simulator) -> None:
    simulated.arm("reset", "duffel.create_order", "after")
    order = held(duffel, offer, "WALK-13")
    assert order.key == "WALK-13"
    assert len(simulated.orders(key="WALK-13")) == 1
    simulated.arm("reset", "duffel.create_order", "before")
    outcome = duffel.hold(offer, FAMILY, "WALK-14")
    assert isinstance(outcome, Unknown)
    assert (outcome.doubt, outcome.sent, simulated.orders(key="WALK-14")) == (Doubt.UNANSWERED, True, [])


def test_documents_that_come_late_are_unconfirmed_and_then_read(
    duffel: DuffelSupplier, offer: Offer, simulated: Simulator
) -> None:
    order = held(duffel, offer, "WALK-15")
    price = priced(duffel, order.ref)
    simulated.arm("late_documents", "duffel.pay", "after", params={"seconds": 30})
    outcome = duffel.issue(order.ref, price, "WALK-16")
    assert isinstance(outcome, Unknown)
    assert (outcome.doubt, outcome.ref) == (Doubt.UNCONFIRMED, order.ref)
    simulated.ask("POST", "/clock", {"advance": 31})
    later = duffel.issue(order.ref, price, "WALK-17")
    assert isinstance(later, Done)
    assert len(later.value.documents) == 3
    (truth,) = simulated.orders(key="WALK-15")
    assert truth["counts"]["issued"] == 1


def test_a_price_that_moved_after_it_was_read_is_refused_and_nothing_is_paid(
    duffel: DuffelSupplier, offer: Offer, simulated: Simulator
) -> None:
    order = held(duffel, offer, "WALK-18")
    price = priced(duffel, order.ref)
    (truth,) = simulated.orders(key="WALK-18")
    simulated.ask("POST", f"/airline/{truth['locator']}/price", {"percent": 5})
    outcome = duffel.issue(order.ref, price, "WALK-19")
    assert isinstance(outcome, Refused)
    assert (outcome.code, outcome.by) == ("PRICE_CHANGED", "us")
    anew = duffel.issue(order.ref, priced(duffel, order.ref), "WALK-20")
    assert isinstance(anew, Done)


def test_what_nobody_made_is_not_found(duffel: DuffelSupplier) -> None:
    with pytest.raises(OrderNotFound):
        duffel.retrieve(OrderRef("duffel", "ord_00009hthhsUZ8W4LxQgkjo"))


def test_the_simulators_webhooks_are_signed_and_name_their_order(
    duffel: DuffelSupplier, offer: Offer, simulated: Simulator
) -> None:
    came: Queue[tuple[str, bytes]] = Queue()

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            self.send_response(200)
            self.send_header("content-length", "0")
            self.end_headers()
            came.put((self.headers["X-Duffel-Signature"], body))

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    server = HTTPServer(("127.0.0.1", 0), Receiver)
    thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        simulated.ask("POST", "/webhooks", {"url": f"http://127.0.0.1:{server.server_address[1]}/"})
        simulated.arm("webhook_twice", "duffel.create_order", "after")
        order = held(duffel, offer, "WALK-21")
        mine = (came.get(timeout=30), came.get(timeout=30))
        secret = duffel.settings.webhook_secret
        assert all(verify(secret, header, body) for header, body in mine)
        assert not verify("another", *mine[0])
        first, second = (event(body) for _, body in mine)
        assert first.id == second.id
        assert (first.type, duffel.retrieve(OrderRef("duffel", first.order_id)).ref) == ("order.created", order.ref)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
