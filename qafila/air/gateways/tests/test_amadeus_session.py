"""A conversation with Amadeus is serial, counts on, and is signed out, whatever happens in it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from qafila.air.gateways.amadeus import requests
from qafila.air.gateways.amadeus.session import Conversation, Wire
from qafila.air.gateways.calllog import discard
from qafila.air.gateways.errors import NotOurs, NotSent, RateLimited, SessionLost, Unanswered
from qafila.air.gateways.settings import AmadeusSettings, Patience
from qafila.air.gateways.tests.between import Asked, Between, Said, between, envelope, fault, says, vanishes

MESSAGE = "PNR_Retrieve"
NOTHING = "<PNR_Reply/>"


@pytest.fixture
def line() -> Iterator[Between]:
    with between() as place:
        yield place


@pytest.fixture
def wire(line: Between) -> Iterator[Wire]:
    made = Wire(settings(line.url), discard)
    yield made
    made.close()


def settings(url: str) -> AmadeusSettings:
    return AmadeusSettings(
        endpoint=url, user="U", password="S3cr3t", office="SXRQF2100", patience=Patience(connect=1, read=2, whole=3)
    )


def ask(talk: Conversation) -> None:
    talk.ask(MESSAGE, requests.retrieve(talk.wire.settings, "ABC123"))


def told(line: Between) -> list[tuple[str, str, str]]:
    return [(asked.message, asked.session, asked.sequence) for asked in line.asked]


def plain(line: Between, count: int = 1) -> None:
    line.script[MESSAGE] += [says(NOTHING)] * count
    line.script["Security_SignOut"] += [says("<Security_SignOutReply/>")]


def test_it_starts_goes_on_and_ends(line: Between, wire: Wire) -> None:
    plain(line, 3)
    with Conversation(wire) as talk:
        for _ in range(3):
            ask(talk)
    assert told(line) == [
        (MESSAGE, "Start", ""),
        (MESSAGE, "InSeries", "2"),
        (MESSAGE, "InSeries", "3"),
        ("Security_SignOut", "End", "4"),
    ]
    assert len({asked.message_id for asked in line.asked}) == 4
    assert [b"UsernameToken" in asked.text.encode() for asked in line.asked] == [True, False, False, False]


def test_a_call_outside_a_conversation_has_no_session(line: Between, wire: Wire) -> None:
    plain(line)
    wire.send(MESSAGE, requests.retrieve(wire.settings, "ABC123"))
    assert told(line) == [(MESSAGE, "", "")]
    assert line.asked[0].action == '"http://webservices.amadeus.com/PNRRET_17_1_1A"'


def test_two_threads_in_one_conversation_wait_for_each_other(line: Between, wire: Wire) -> None:
    within, most = 0, 0

    def slow(asked: Asked, pass_on: object) -> Said:
        nonlocal within, most
        within += 1
        most = max(most, within)
        time.sleep(0.05)
        within -= 1
        return Said(envelope(asked, NOTHING))

    line.script[MESSAGE] += [slow] * 7
    line.script["Security_SignOut"] += [says("<Security_SignOutReply/>")]
    with Conversation(wire) as talk:
        ask(talk)
        threads = [threading.Thread(target=ask, args=(talk,)) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert most == 1
    assert [int(asked.sequence) for asked in line.asked[1:]] == list(range(2, 9))


def test_a_number_is_never_used_again_after_a_request_nobody_answered(line: Between, wire: Wire) -> None:
    line.script[MESSAGE] += [says(NOTHING), vanishes]
    line.script["Security_SignOut"] += [says("<Security_SignOutReply/>")]
    with Conversation(wire) as talk:
        ask(talk)
        with pytest.raises(Unanswered):
            ask(talk)
        with pytest.raises(SessionLost):
            ask(talk)
    assert told(line) == [(MESSAGE, "Start", ""), (MESSAGE, "InSeries", "2"), ("Security_SignOut", "End", "3")]


def test_what_never_began_is_not_signed_out(line: Between, wire: Wire) -> None:
    line.script[MESSAGE] += [vanishes]
    with Conversation(wire) as talk, pytest.raises(Unanswered):
        ask(talk)
    assert told(line) == [(MESSAGE, "Start", "")]
    with Conversation(wire):
        pass
    assert len(line.asked) == 1


def test_what_the_supplier_ended_is_not_signed_out(line: Between, wire: Wire) -> None:
    line.script[MESSAGE] += [says(NOTHING), says(NOTHING, session="End")]
    with Conversation(wire) as talk:
        ask(talk)
        ask(talk)
        with pytest.raises(SessionLost):
            ask(talk)
    assert [message for message, _, _ in told(line)] == [MESSAGE, MESSAGE]


def test_a_lost_conversation_is_not_signed_out_and_nothing_more_is_sent(line: Between, wire: Wire) -> None:
    line.script[MESSAGE] += [says(NOTHING), says(fault("95|Session|Inactive conversation"), 500, session="")]
    with Conversation(wire) as talk:
        ask(talk)
        reply = talk.ask(MESSAGE, requests.retrieve(wire.settings, "ABC123"))
        assert reply.fault is not None
        assert reply.fault.code == "95"
        with pytest.raises(SessionLost):
            ask(talk)
    assert len(line.asked) == 2


def test_one_out_of_step_is_signed_out_once(line: Between, wire: Wire) -> None:
    line.script[MESSAGE] += [says(NOTHING), says(fault("93|Session|Illogical conversation"), 500)]
    line.script["Security_SignOut"] += [says(fault("93|Session|Illogical conversation"), 500)]
    with Conversation(wire) as talk:
        ask(talk)
        ask(talk)
        talk.sign_out()
    assert [message for message, _, _ in told(line)].count("Security_SignOut") == 1


def test_a_business_fault_leaves_the_conversation_open(line: Between, wire: Wire) -> None:
    line.script[MESSAGE] += [says(NOTHING), says(fault("1929|Application|INVALID RECORD LOCATOR"), 500), says(NOTHING)]
    line.script["Security_SignOut"] += [says("<Security_SignOutReply/>")]
    with Conversation(wire) as talk:
        for _ in range(3):
            ask(talk)
    assert [sequence for _, _, sequence in told(line)] == ["", "2", "3", "4"]


def test_a_sign_out_that_fails_is_logged_and_changes_nothing(
    line: Between, wire: Wire, caplog: pytest.LogCaptureFixture
) -> None:
    line.script[MESSAGE] += [says(NOTHING)]
    line.script["Security_SignOut"] += [vanishes]
    with Conversation(wire) as talk:
        ask(talk)
    assert "was not signed out" in caplog.text
    assert "TOKEN" not in caplog.text


def test_it_is_signed_out_when_the_business_goes_wrong(line: Between, wire: Wire) -> None:
    plain(line)
    talk = Conversation(wire)

    def business() -> None:
        with talk:
            ask(talk)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        business()
    assert line.asked[-1].message == "Security_SignOut"


def test_a_reply_of_another_conversation_is_none_of_ours(line: Between, wire: Wire) -> None:
    def other(asked: Asked, pass_on: object) -> Said:
        return Said(envelope(asked, NOTHING).replace(b"SESSION1", b"SESSION2"))

    line.script[MESSAGE] += [says(NOTHING), other]
    line.script["Security_SignOut"] += [says("<Security_SignOutReply/>")]
    with Conversation(wire) as talk:
        ask(talk)
        with pytest.raises(NotOurs):
            ask(talk)
    assert line.last("Security_SignOut").session_id == "SESSION1"


def test_too_many_requests_is_told_as_such(line: Between, wire: Wire) -> None:
    line.script[MESSAGE] += [lambda asked, pass_on: Said(b"slow down", 429)]
    with pytest.raises(RateLimited):
        wire.send(MESSAGE, requests.retrieve(wire.settings, "ABC123"))


def test_where_nobody_listens_nothing_was_sent() -> None:
    with between() as place:
        url = place.url
    wire = Wire(settings(url), discard)
    with pytest.raises(NotSent):
        wire.send(MESSAGE, requests.retrieve(wire.settings, "ABC123"))
    wire.close()


def test_a_request_that_never_left_used_no_number(line: Between, wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    """Signed out under a number that skips one, the conversation would stay open at the supplier's side."""
    plain(line)

    def unreachable(*_: object, **__: object) -> None:
        raise NotSent("nobody listens")

    with Conversation(wire) as talk:
        ask(talk)
        monkeypatch.setattr(wire.transport, "send", unreachable)
        with pytest.raises(NotSent):
            ask(talk)
    assert told(line) == [(MESSAGE, "Start", ""), ("Security_SignOut", "End", "2")]


def test_a_first_reply_that_tells_no_number_was_number_one(line: Between, wire: Wire) -> None:
    def unnumbered(asked: Asked, pass_on: object) -> Said:
        return Said(envelope(asked, NOTHING).replace(b"<s:SequenceNumber>1</s:SequenceNumber>", b""))

    line.script[MESSAGE] += [unnumbered, says(NOTHING)]
    line.script["Security_SignOut"] += [says("<Security_SignOutReply/>")]
    with Conversation(wire) as talk:
        ask(talk)
        ask(talk)
    assert [sequence for _, _, sequence in told(line)] == ["", "2", "3"]


def test_a_sign_out_that_is_refused_is_logged(line: Between, wire: Wire, caplog: pytest.LogCaptureFixture) -> None:
    line.script[MESSAGE] += [says(NOTHING)]
    line.script["Security_SignOut"] += [says(fault("93|Session|Illogical conversation"), 500)]
    with Conversation(wire) as talk:
        ask(talk)
    assert "was not signed out: 93 Session Illogical conversation" in caplog.text


def test_a_mistake_of_ours_while_signing_out_changes_nothing(
    line: Between, wire: Wire, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def stumbles(_: object) -> None:
        raise KeyError("S3cr3t")

    line.script[MESSAGE] += [says(NOTHING)]
    with Conversation(wire) as talk:
        ask(talk)
        monkeypatch.setattr(requests, "sign_out", stumbles)
    assert "was not signed out: KeyError" in caplog.text
    assert "S3cr3t" not in caplog.text
