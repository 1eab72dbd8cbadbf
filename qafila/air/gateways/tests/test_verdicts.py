"""The rules of a verdict, once for all suppliers: what was said, what the record shows, and what may be told of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn

import pytest

from qafila.air.gateways.errors import NotOurs, NotSent, SupplierError, Unanswered, Unreadable
from qafila.air.gateways.outcomes import Done, Doubt, Outcome, Refused, Unknown
from qafila.air.gateways.values import Document, OrderRef
from qafila.air.gateways.verdicts import (
    Said,
    Seen,
    Settled,
    discreet,
    doubt_of,
    ours,
    says_already,
    settle,
    understood,
    unsent,
    verdict,
)

REF = OrderRef("ndc", "ord_1")
YES: Said[str] = Said("yes")
NO: Said[str] = Said("no", code="2161", text="PROHIBITED TICKETING CARRIER")
DOUBT: Said[str] = Said("doubt", text="No whole reply came.", doubt=Doubt.UNANSWERED)
ALL: Seen[str] = Seen("all", "tickets")
SOME: Seen[str] = Seen("some", documents=(Document("1762400000001", ("T1",)),))
NONE: Seen[str] = Seen("none")


def fails() -> NoReturn:
    raise Unanswered("nobody there")


def stumbles(*_: object) -> NoReturn:
    raise KeyError("4111111111111111")


LOOKS: dict[str, Callable[[], Seen[str]]] = {
    "all": lambda: ALL,
    "some": lambda: SOME,
    "none": lambda: NONE,
    "fails": fails,
    "stumbles": stumbles,
}
UNCONFIRMED, PARTIAL = Doubt.UNCONFIRMED, Doubt.PARTIAL


@pytest.mark.parametrize(
    ("said", "look", "expected"),
    [
        *((said, "all", "done") for said in (YES, NO, DOUBT)),
        *((said, "some", PARTIAL) for said in (YES, NO, DOUBT)),
        *((YES, look, UNCONFIRMED) for look in ("none", "fails", "stumbles")),
        *((DOUBT, look, Doubt.UNANSWERED) for look in ("none", "fails", "stumbles")),
        *((NO, look, Doubt.UNDECIDED) for look in ("fails", "stumbles")),
        (NO, "none", "refused"),
    ],
)
def test_only_a_clean_no_and_a_record_without_effect_make_a_refusal(said: Said[str], look: str, expected: Any) -> None:
    outcome = settle(said, LOOKS[look], REF)
    match outcome:
        case Done(value=value):
            assert (expected, value) == ("done", "tickets")
        case Refused():
            assert (expected, outcome.code, outcome.by) == ("refused", "2161", "supplier")
        case Unknown():
            assert (outcome.doubt, outcome.sent, outcome.ref) == (expected, True, REF)
            assert outcome.text
            assert outcome.seen == (SOME.documents if look == "some" else ())
            assert "4111" not in repr(outcome)


def test_a_verb_answers_with_an_outcome_whatever_happens_in_it(caplog: pytest.LogCaptureFixture) -> None:
    @verdict
    def verb(call: Callable[[], Outcome[str]]) -> Outcome[str]:
        return call()

    def declined() -> NoReturn:
        raise ours("NOT_PRICED", "This is no price of that order.")

    def unreachable() -> NoReturn:
        raise unsent(NotSent("nobody listens"), REF)

    assert verb(lambda: Done("held")) == Done("held")
    assert verb(declined) == Refused("NOT_PRICED", "This is no price of that order.", by="us")
    assert verb(unreachable) == Unknown(Doubt.NOT_SENT, "nobody listens", sent=False, ref=REF)
    for mistake in (stumbles, fails):
        outcome = verb(mistake)
        assert isinstance(outcome, Unknown)
        assert (outcome.doubt, outcome.sent) == (Doubt.UNDECIDED, True), "nobody knows how far it came"
    assert "KeyError in test_verdicts.py, line " in caplog.text
    assert "4111" not in caplog.text, "the words of an error may quote a reply"


def test_what_a_reader_did_not_foresee_is_unreadable() -> None:
    assert understood(len, "four") == 4
    with pytest.raises(Unreadable, match="KeyError in test_verdicts"):
        understood(stumbles, "reply")
    for known in (NotOurs("another's"), ours("A", "B")):

        def knows(_: str, known: Exception = known) -> NoReturn:
            raise known

        with pytest.raises((NotOurs, Settled)):
            understood(knows, "reply")


@pytest.mark.parametrize(
    ("error", "doubt"),
    [
        (NotSent("x"), Doubt.NOT_SENT),
        (Unanswered("x"), Doubt.UNANSWERED),
        (Unreadable("x"), Doubt.UNREADABLE),
        (NotOurs("x"), Doubt.NOT_OURS),
        (SupplierError("x"), Doubt.UNDECIDED),
    ],
)
def test_a_doubt_says_what_went_wrong(error: SupplierError, doubt: Doubt) -> None:
    assert doubt_of(error) is doubt


@pytest.mark.parametrize(
    ("words", "already"),
    [
        ("ALL PASSENGERS/SEGMENTS ALREADY TICKETED", True),
        ("already_paid", True),
        ("order_creation_already_attempted", True),
        ("duplicate_booking", True),
        ("The order change is in progress.", True),
        ("duplicate_passenger_name", False),
        ("PROHIBITED TICKETING CARRIER", False),
        ("past_payment_required_by_date", False),
        ("", False),
    ],
)
def test_a_no_that_says_it_is_done_already_is_known_by_its_words(words: str, already: bool) -> None:
    assert says_already("code", words) is already


def test_what_is_secret_is_in_no_word_of_an_outcome() -> None:
    secrets = ("M1234567", "aisha@example.com")
    told = Refused("20", "PASSPORT M-1234 567 OF AISHA//EXAMPLE.COM", notes=("m1234567",))
    assert discreet(told, secrets) == Refused("20", "PASSPORT *** OF ***", notes=("***",))
    assert discreet(Done("held", ("CHECK M1234567",)), secrets) == Done("held", ("CHECK ***",))
