"""A reply mangled on its way, after the supplier did what it was asked: no verdict that the truth contradicts."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qafila.air.gateways.outcomes import Done, Outcome, Refused, Unknown
from qafila.air.gateways.tests import mangled
from qafila.air.gateways.tests.between import Answer, Asked, Said
from qafila.air.gateways.tests.counters import Counter
from qafila.air.gateways.tests.people import travellers

Verb = Callable[[Counter], tuple[str, str, Callable[[], Outcome[Any]]]]


def hold(counter: Counter) -> tuple[str, str, Callable[[], Outcome[Any]]]:
    offer, key = counter.offer(), counter.key()
    return "held", "", lambda: counter.supplier.hold(offer, travellers(), key)


def price(counter: Counter) -> tuple[str, str, Callable[[], Outcome[Any]]]:
    order = counter.held()
    return "priced", order.locator, lambda: counter.supplier.price(order.ref)


def issue(counter: Counter) -> tuple[str, str, Callable[[], Outcome[Any]]]:
    priced, key = counter.priced(), counter.key()
    return "issued", priced.ref.id, lambda: counter.supplier.issue(priced.ref, priced, key)


def void(counter: Counter) -> tuple[str, str, Callable[[], Outcome[Any]]]:
    order, key = counter.issued(), counter.key()
    return "voided", order.locator, lambda: counter.supplier.void(order.ref, order.documents[0], key)


def cancel(counter: Counter) -> tuple[str, str, Callable[[], Outcome[Any]]]:
    order, key = counter.held(), counter.key()
    return "cancelled", order.locator, lambda: counter.supplier.cancel(order.ref, key)


VERBS: tuple[tuple[Verb, str], ...] = (
    (hold, "PNR_AddMultiElements"),
    (price, "PNR_AddMultiElements"),
    (issue, "DocIssuance_IssueTicket"),
    (void, "Ticket_CancelDocument"),
    (cancel, "PNR_Cancel"),
)


def mangling(way: Callable[[bytes, Random], bytes], seed: int) -> Answer:
    """It is passed on and takes effect; what comes back is no longer what was said."""

    def answer(asked: Asked, pass_on: Callable[[], Said]) -> Said:
        real = pass_on()
        assert real.body is not None
        return Said(way(real.body, Random(seed)), real.status)

    return answer


@pytest.mark.parametrize(("verb", "message"), VERBS)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(way=st.sampled_from(mangled.WAYS), seed=st.integers(0, 10_000))
def test_a_mangled_reply_never_makes_a_false_verdict(
    counter: Counter, verb: Verb, message: str, way: Callable[[bytes, Random], bytes], seed: int
) -> None:
    effect, locator, call = verb(counter)
    counter.line.script[message] = [mangling(way, seed)]
    if verb is hold:  # the names go before the commit, in a message of the same name
        counter.line.script[message].insert(0, lambda asked, pass_on: pass_on())

    outcome = call()

    match outcome:
        case Done(value=value) if locator:
            assert counter.simulated.ask("GET", f"/truth/orders/{locator}")["counts"][effect] == 1
        case Done(value=value):
            assert counter.simulated.ask("GET", f"/truth/orders/{value.locator}")["counts"][effect] == 1
        case Refused():
            pytest.fail(f"it took effect, and was called refused: {outcome}")
        case Unknown():
            assert outcome.sent, f"it took effect, and was called not sent: {outcome}"


@pytest.mark.parametrize(("verb", "message"), VERBS[2:])
def test_fifty_megabytes_are_not_read_to_their_end(counter: Counter, verb: Verb, message: str) -> None:
    _, _, call = verb(counter)
    flood = b"<soap:Envelope xmlns:soap='http://schemas.xmlsoap.org/soap/envelope/'><soap:Body>" + b"<a>" * 17_000_000

    def answer(asked: Asked, pass_on: Callable[[], Said]) -> Said:
        pass_on()
        return Said(flood)

    counter.line.script[message] = [answer]

    assert isinstance(call(), Done), "the supplier's record settles it"
