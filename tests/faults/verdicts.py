"""One cell of the table: a fault, before or after its effect, at the request that makes the difference of one verb."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from typing import Any

from qafila.air.gateways.amadeus.adapter import AmadeusSupplier
from qafila.air.gateways.duffel.adapter import DuffelSupplier
from qafila.air.gateways.outcomes import Done, Outcome, Refused, Unknown
from qafila.air.gateways.protocol import Supplier
from qafila.air.gateways.settings import AmadeusSettings, DuffelSettings, Patience
from qafila.air.gateways.values import (
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
from qafila.kernel import clock
from tests.harness.supplier import Simulator

# A fault that keeps us waiting is waited for no longer than this; any other is given the time a busy machine needs.
HASTY = Patience(connect=0.3, read=0.7, whole=1.0)
KEEPS_WAITING = frozenset({"connect_timeout", "read_timeout", "slow_drip"})

# The request of each verb that takes effect, as the simulator names its steps.
DECISIVE = {
    "amadeus": {
        "hold": "amadeus.commit",
        "price": "amadeus.end",
        "issue": "amadeus.issue",
        "void": "amadeus.void",
        "refund": "amadeus.refund_process",
        "cancel": "amadeus.cancel",
    },
    "duffel": {
        "hold": "duffel.create_order",
        "price": "duffel.get_order",  # stores nothing: the price of an order is read
        "issue": "duffel.pay",
        "refund": "duffel.confirm_cancellation",
        "cancel": "duffel.confirm_cancellation",
    },
}
TRANSPORT = (
    "connect_refused", "connect_timeout", "read_timeout", "reset", "half_body", "html_502", "slow_drip",
    "wrong_relates_to", "duplicate", "garbled", "fault_500",
)  # fmt: skip
BUSINESS = (
    "session_expired", "simultaneous_change", "price_changed", "time_limit_passed", "segment_cancelled",
    "partial_issue", "late_documents", "void_refused", "rate_limited", "accepted_202", "issue_refused",
)  # fmt: skip
PARAMETERS: dict[str, dict[str, Any]] = {
    # Longer than any case: the port opens again when the faults are taken back.
    "connect_refused": {"seconds": 60},
    "connect_timeout": {"seconds": 60},
    "read_timeout": {"seconds": 20},
    "slow_drip": {"byte_seconds": 0.05},
    "late_documents": {"seconds": 30},
    "price_changed": {"percent": 7},
    "issue_refused": {"code": "2161", "text": "PROHIBITED TICKETING CARRIER"},
}
EFFECT = {
    "hold": "held", "price": "priced", "issue": "issued", "void": "voided", "refund": "refunded", "cancel": "cancelled",
}  # fmt: skip
_days = count(40)


@dataclass
class Desk:
    """One supplier, patient for what prepares a case; `caller` calls the verb of the case."""

    name: str
    simulator: Simulator
    tried: int = 0
    patient: Supplier = field(init=False)
    hasty: Supplier = field(init=False)
    caller: Supplier = field(init=False)

    def __post_init__(self) -> None:
        self.patient = adapter(self.name, self.simulator, Patience(2, 10, 15))
        self.hasty = adapter(self.name, self.simulator, HASTY)
        self.caller = self.patient

    def __enter__(self) -> Desk:
        return self

    def __exit__(self, *_: object) -> None:
        self.patient.close()
        self.hasty.close()

    def offer(self) -> Offer:
        """An offer that can be held, on a day of its own: seats of one case are not those of another."""
        day = clock.today() + timedelta(days=next(_days))
        found = self.patient.search(SearchQuery((Slice("SXR", "JED", day),), adults=2))
        return next(offer for offer in found if offer.can_hold)

    def held(self, key: str) -> OrderSnapshot:
        return done(self.patient.hold(self.offer(), travellers(), key))

    def priced(self, key: str) -> tuple[OrderSnapshot, Priced]:
        order = self.held(key)
        return order, done(self.patient.price(order.ref))

    def issued(self, key: str) -> OrderSnapshot:
        order, priced = self.priced(key)
        done(self.patient.issue(order.ref, priced, key))
        return self.patient.retrieve(order.ref)


def adapter(name: str, simulator: Simulator, patience: Patience) -> Supplier:
    """The product's adapter for the simulator's access."""
    access = simulator.access[name]
    if name == "amadeus":
        return AmadeusSupplier(
            AmadeusSettings(
                endpoint=access["endpoint"],
                user=access["user"],
                password=access["password"],
                office=access["office"],
                world="simulated",
                patience=patience,
            )
        )
    return DuffelSupplier(
        DuffelSettings(token=access["token"], base=access["base"], world="simulated", patience=patience)
    )


def travellers() -> tuple[Traveller, ...]:
    """A couple with all that a supplier may ask for."""
    return tuple(
        Traveller(
            ref=f"T{number}",
            type=PassengerType.ADULT,
            first_name=first,
            last_name="DAR",
            title=title,
            gender=gender,
            birth_date=date(1980 + number, 3, 4),
            passport=Passport(f"N123456{number}", "IND", "IND", date(2033, 1, 1)),
            email=f"{first.lower()}@example.com",
            phone="+919419012345",
        )
        for number, first, title, gender in ((1, "AHMAD", "MR", "M"), (2, "SARA", "MRS", "F"))
    )


def done(outcome: Outcome[Any]) -> Any:
    """What came of it. A case is prepared without faults: anything but Done is the test's own failure."""
    assert isinstance(outcome, Done), outcome
    return outcome.value


# -- the verbs ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Case:
    """A verb ready to be called, and how to see in the truth how often it took effect and for whom."""

    call: Callable[[], Outcome[Any]]
    effects: Callable[[], int]
    truth: Callable[[], dict[str, Any] | None]


def prepared(desk: Desk, verb: str, key: str) -> Case:
    """The order in the state from which the verb starts."""
    if verb == "hold":
        offer, people = desk.offer(), travellers()

        def by_key() -> dict[str, Any] | None:
            return next(iter(desk.simulator.orders(key=key)), None)

        return Case(lambda: desk.caller.hold(offer, people, key), lambda: len(desk.simulator.orders(key=key)), by_key)
    call, ref = ready(desk, verb, key)
    locator = desk.patient.retrieve(ref).locator
    # Duffel gives money back by cancelling the order: that is the effect to count.
    effect = "cancelled" if (desk.name, verb) == ("duffel", "refund") else EFFECT[verb]
    before = desk.simulator.order(locator)["counts"][effect]
    return Case(
        call,
        lambda: int(desk.simulator.order(locator)["counts"][effect]) - before,
        lambda: desk.simulator.order(locator),
    )


def ready(desk: Desk, verb: str, key: str) -> tuple[Callable[[], Outcome[Any]], OrderRef]:
    if verb in {"price", "cancel"}:
        order = desk.held(key)
        if verb == "price":
            return (lambda: desk.caller.price(order.ref)), order.ref
        return (lambda: desk.caller.cancel(order.ref, key)), order.ref
    if verb == "issue":
        order, priced = desk.priced(key)
        return (lambda: desk.caller.issue(order.ref, priced, key)), order.ref
    order = desk.issued(key)
    if verb == "void":
        return (lambda: desk.caller.void(order.ref, order.documents[0], key)), order.ref
    assert verb == "refund", verb
    quote = desk.patient.refund_quote(order.ref, order.documents)
    return (lambda: desk.caller.refund(quote, key)), order.ref


def tried(desk: Desk, verb: str, fault: str, when: str) -> str:
    """One cell: the verdict, held against the truth; "does not apply" where the fault has nothing to spoil."""
    desk.tried += 1
    if desk.tried % 20 == 0:
        # A sign-out that a fault swallowed leaves a session open, until the supplier ends it after 15 idle minutes.
        desk.simulator.ask("POST", "/clock", {"advance": 16 * 60})
    desk.caller = desk.hasty if fault in KEEPS_WAITING else desk.patient
    # The truth knows both suppliers' orders by their key: no case of one may be taken for a case of the other.
    case = prepared(desk, verb, f"{desk.name[0]}-{verb}-{fault.replace('_', '-')}-{when}"[:40])
    armed = desk.simulator.arm(fault, DECISIVE[desk.name][verb], when, params=PARAMETERS.get(fault, {}))
    outcome = case.call()
    hits = desk.simulator.hits(armed)
    desk.simulator.calm()

    judge(verb, fault, outcome, case)
    if hits:
        return named(outcome)
    assert named(outcome) == "Done", "without a fault everything goes well"
    return "does not apply"


# -- the judgement -----------------------------------------------------------------------------------------------------


def judge(verb: str, fault: str, outcome: Outcome[Any], case: Case) -> None:
    """The verdict is what the truth justifies. A second effect is never justified, but where something between us and
    the supplier repeats a hold: no supplier knows an idempotency key, and the second hold lapses by itself.
    """
    effects, truth = case.effects(), case.truth()
    assert effects <= (2 if (verb, fault) == ("hold", "duplicate") else 1), f"{verb} took effect {effects} times"
    match outcome:
        case Done(value=value):
            # What lapsed is let go as well: there is nothing left to cancel.
            lapsed = verb == "cancel" and truth is not None and truth["cancelled_at"] is not None
            if (verb != "price" or "amadeus" in str(value.ref)) and not lapsed:
                assert effects >= 1, f"Done, and the supplier knows nothing of it: {truth}"
            if verb == "issue":
                assert truth is not None
                real = {each["number"] for each in truth["documents"]}
                assert {each.number for each in value.documents} == real
                assert len(real) == len(travellers()), "one document a passenger, no more"
        case Refused():
            assert effects == 0, f"Refused, and it took effect: {outcome} {truth}"
        case Unknown(sent=False):
            assert effects == 0, f"said never to have been sent, and it took effect: {outcome}"
        case Unknown():
            assert outcome.text, "a doubt says what it is about"


def cells(supplier: str) -> Iterator[tuple[str, str, str]]:
    """(verb, fault, when): every fault, before and after, at every verb the supplier has."""
    for verb in DECISIVE[supplier]:
        for fault in (*TRANSPORT, *BUSINESS):
            for when in ("before", "after"):
                yield verb, fault, when


def named(outcome: Outcome[Any]) -> str:
    """The verdict in a word or two, as the table of verdicts shows it."""
    match outcome:
        case Done():
            return "Done"
        case Refused(by=by):
            return "Refused" if by == "supplier" else "Refused (by us)"
        case Unknown(sent=False):
            return f"Unknown, {outcome.doubt}, not sent"
        case Unknown():
            return f"Unknown, {outcome.doubt}"
