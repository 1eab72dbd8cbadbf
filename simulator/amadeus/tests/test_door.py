"""Who is let in and what is turned away, each with the recorded fault."""

from __future__ import annotations

import base64
import hashlib
import json
import random
import secrets

import pytest

from simulator.access import AMADEUS_PATH
from simulator.amadeus.security import digest
from simulator.amadeus.sessions import LIMIT
from simulator.amadeus.tests import messages as m
from simulator.amadeus.tests.client import ACTIONS, Client, Reply, series
from simulator.amadeus.tests.conftest import Stage, hold
from simulator.amadeus.tests.paths import FIXTURES
from simulator.http import HttpRequest

READ = "PNR_Retrieve"
VECTORS = json.loads((FIXTURES.parent / "vectors" / "amadeus-wss-digest.json").read_text(encoding="utf-8"))["vectors"]


@pytest.fixture
def client(stage: Stage) -> Client:
    return stage.client()


@pytest.fixture
def content(stage: Stage) -> str:
    """A question that would be answered."""
    return m.retrieve(hold(stage).locator)


@pytest.mark.parametrize("vector", VECTORS, ids=[str(place) for place in range(len(VECTORS))])
def test_the_digest_is_that_of_the_public_vectors(vector: dict[str, str]) -> None:
    password = vector.get("password") or base64.b64decode(vector["password_b64"]).decode()
    assert digest(password, base64.b64decode(vector["nonce_b64"]), vector["created"]) == vector["digest_b64"]


def test_a_stateless_question_is_answered_with_a_session_that_is_over(client: Client, content: str) -> None:
    reply = client.stateless(READ, content)
    told = reply.header("Session")
    assert reply.status == 200
    assert reply.name == "PNR_Reply"
    assert told is not None
    assert told.get("TransactionStatusCode") == "End"
    assert reply.relates_to() == reply.sent_id


@pytest.mark.parametrize(
    "wrong",
    [{"password": "something else"}, {"user": "WSNOBODY"}, {"office": "DELQF2100"}],
    ids=["digest", "user", "office"],
)
def test_a_wrong_digest_user_or_office_is_told_as_bad_credentials(
    client: Client, content: str, wrong: dict[str, str]
) -> None:
    reply = client.send(READ, content, client.security(**wrong))  # type: ignore[arg-type]
    assert reply.fault == " 11|Session|"
    assert reply.header("Session") is None


def test_a_digest_without_the_inner_hash_of_the_password_is_refused(client: Client, content: str) -> None:
    nonce = secrets.token_bytes(16)
    right = client.security(nonce=nonce)
    created = "2026-11-21T10:00:00.123Z"
    outer = hashlib.sha1(nonce + created.encode() + client.access.password.encode())  # noqa: S324 - the supplier's
    plain = base64.b64encode(outer.digest()).decode()
    assert client.send(READ, content, right.replace(digest(client.access.password, nonce, created), plain)).fault == (
        " 11|Session|"
    )


def test_a_nonce_is_good_for_one_request(client: Client, content: str) -> None:
    nonce = secrets.token_bytes(16)
    assert client.send(READ, content, client.security(nonce=nonce)).status == 200
    assert client.send(READ, content, client.security(nonce=nonce)).fault == " 11|Session|"


def test_no_security_and_no_session_is_not_authenticated(client: Client, content: str) -> None:
    assert client.send(READ, content, "").fault == "99|Session|Not authenticated"


@pytest.mark.parametrize("name", ["MessageID", "Action", "To"])
def test_a_missing_addressing_header_is_a_fault_without_a_session(client: Client, content: str, name: str) -> None:
    blocks = client.security()
    parts = {
        "MessageID": "<a:MessageID>X1</a:MessageID>",
        "Action": f"<a:Action>{ACTIONS}PNRRET_14_2_1A</a:Action>",
        "To": f"<a:To>{client.access.endpoint}</a:To>",
    }
    del parts[name]
    reply = client.post(_envelope("".join(parts.values()) + blocks, content), f"{ACTIONS}PNRRET_14_2_1A")
    assert reply.fault == "A required header representing a Message Addressing Property is not present"
    assert reply.text("faultcode") == "wsa:MessageAddressingHeaderRequired"
    assert reply.header("Session") is None
    problem = reply.header("FaultDetail")
    assert problem is not None
    assert problem[0].text == f"wsa:{name}"


def _envelope(header: str, content: str) -> str:
    return (
        '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns:a="http://www.w3.org/2005/08/addressing">'
        f"<e:Header>{header}</e:Header><e:Body><PNR_Retrieve>{content}</PNR_Retrieve></e:Body></e:Envelope>"
    )


@pytest.mark.parametrize("code", ["PNRRET_14_2", "PNRADD_14_2_1A", "NOSUCH_01_1_1A", "PNRRET_14_2_1AX"])
def test_an_action_that_is_unknown_or_of_another_message_is_an_incorrect_header(
    client: Client, content: str, code: str
) -> None:
    assert client.stateless(READ, content, code=code).fault == " 12|validation|soap message header incorrect"


def test_the_action_of_the_http_header_must_be_that_of_the_envelope(client: Client, content: str) -> None:
    addressed = f"<a:Action>{ACTIONS}PNRRET_14_2_1A</a:Action><a:To>{client.access.endpoint}</a:To>"
    envelope = _envelope(f"<a:MessageID>X1</a:MessageID>{addressed}{client.security()}", content)
    told = client.post(envelope, f"{ACTIONS}PNRRET_17_1_1A")
    assert told.fault == " 12|validation|soap message header incorrect"


def test_a_conversation_counts_on_by_one_and_keeps_its_token(client: Client, content: str) -> None:
    client.start(READ, content)
    assert client.session is not None
    first = client.session
    client.go_on(READ, content)
    assert client.session == (first[0], first[1] + 1, first[2])


@pytest.mark.parametrize("change", ["same", "skipped", "token"])
def test_a_wrong_sequence_or_token_is_illogical_and_the_conversation_goes_on(
    client: Client, content: str, change: str
) -> None:
    client.start(READ, content)
    assert client.session is not None
    id, sequence, token = client.session  # noqa: A001
    sent = {"same": (sequence, token), "skipped": (sequence + 2, token), "token": (sequence + 1, "ANOTHER")}[change]
    reply = client.send(READ, content, series(id, str(sent[0]), sent[1]))
    assert reply.fault == "93|Session|Illogical conversation"
    assert client.go_on(READ, content).status == 200


def test_a_conversation_that_was_ended_is_inactive(client: Client, content: str) -> None:
    client.start(READ, content)
    kept = client.session
    ended = client.sign_out()
    told = ended.header("Session")
    assert ended.text("processStatus/statusCode") == "P"
    assert told is not None
    assert told.get("TransactionStatusCode") == "End"
    client.session = kept
    assert client.go_on(READ, content).fault == "95|Session|Inactive conversation"


def test_the_last_call_may_end_the_conversation_without_a_sign_out(client: Client, content: str) -> None:
    client.start(READ, content)
    kept = client.session
    assert client.go_on(READ, content, status="End").name == "PNR_Reply"
    client.session = kept
    assert client.go_on(READ, content).fault == "95|Session|Inactive conversation"


def test_after_fifteen_minutes_of_silence_a_conversation_is_inactive(
    stage: Stage, client: Client, content: str
) -> None:
    client.start(READ, content)
    stage.clock.advance(14 * 60)
    assert client.go_on(READ, content).status == 200
    stage.clock.advance(15 * 60 + 1)
    assert client.go_on(READ, content).fault == "95|Session|Inactive conversation"


def test_going_on_without_a_session_is_not_authenticated(client: Client, content: str) -> None:
    assert client.send(READ, content, series("", "", "")).fault == "99|Session|Not authenticated"
    assert client.send(READ, content, series("NOSUCH", "2", "T")).fault == "95|Session|Inactive conversation"


def test_a_user_has_so_many_conversations_and_idle_ones_make_room(stage: Stage, client: Client, content: str) -> None:
    open_already = len(stage.store.items("amadeus.session"))
    for _ in range(LIMIT - open_already):
        assert client.start(READ, content).status == 200
    reply = client.start(READ, content)
    assert reply.fault.startswith(" 14|Session|")
    assert reply.header("Session") is None
    assert client.stateless(READ, content).status == 200
    stage.clock.advance(15 * 60 + 1)
    assert client.start(READ, content).status == 200


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "<",
        "hello",
        "<a/>",
        '<!DOCTYPE e [<!ENTITY x "y">]><e/>',
        '<!DOCTYPE e SYSTEM "file:///etc/hostname"><e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"/>',
        '<?xml version="1.0"?><!DOCTYPE e [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><e>&b;</e>',
    ],
)
def test_what_is_no_envelope_or_declares_a_document_type_is_a_presentation_fault(client: Client, raw: str) -> None:
    assert client.post(raw, "x").fault.startswith("18|Presentation|")


def test_an_empty_body_is_an_incorrect_header_and_a_huge_one_is_not_read(client: Client) -> None:
    empty = '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body/></e:Envelope>'
    assert client.post(empty, "x").fault == " 12|validation|soap message header incorrect"
    assert client.post(" " * 2_000_001 + empty, "x").fault.startswith("18|Presentation|")


def test_a_locator_that_is_not_ours_is_invalid(client: Client, content: str) -> None:
    for locator in ("NOSUCH", "", "ord_1", "'; --"):
        reply = client.stateless(READ, m.retrieve(locator))
        assert reply.fault == "1929|Application|INVALID RECORD LOCATOR"
        assert reply.text("faultactor") == "SI:Backend"


def test_whatever_is_done_to_a_request_it_is_answered(stage: Stage) -> None:
    """Cut, doubled and scrambled requests of a whole order."""
    sent: list[tuple[str, bytes]] = []

    class Recording(Client):
        def post(self, envelope: str, action: str, sent_id: str = "") -> Reply:
            sent.append((action, envelope.encode()))
            return super().post(envelope, action, sent_id)

    recording = Recording(stage.access.amadeus)
    stage.clients.append(recording)
    recording.stateless("Fare_MasterPricerTravelBoardSearch", m.search([("SXR", "JED", stage.clock.now().date())]))
    recording.start(READ, m.retrieve(hold(stage).locator))
    for operation, content in (
        (
            "PNR_AddMultiElements",
            m.option(0) + m.person(7, "DAR", "OMAR") + m.data(m.remark("X"), m.ssr("DOCS", "P", 7)),
        ),
        ("Fare_PricePNRWithBookingClass", m.price(currency="EUR")),
        ("Ticket_CreateTSTFromPricing", m.store("1")),
        ("DocIssuance_IssueTicket", m.issue("1")),
        ("Ticket_CancelDocument", m.void("1234567890123")),
        ("AMA_TicketInitRefundRQ", m.refund("1234567890123")),
        ("PNR_Cancel", m.cancel(0, "<element><identifier>ST</identifier><number>1</number></element>")),
        ("Air_SellFromRecommendation", m.sell([m.Flown(0, "180127", "SXR", "DEL", "6E", "1", "Y")], 1)),
    ):
        recording.go_on(operation, content)
    draw = random.Random(11)
    for _ in range(400):
        action, body = draw.choice(sent)
        cut, end = sorted(draw.randrange(len(body)) for _ in range(2))
        if draw.random() < 0.5:
            old, new = draw.choice([(b">1<", b">-1<"), (b">", b">\xc2\xa0"), (b"1", b"9" * 40), (b"1", b"")])
            changed = body.replace(old, new, draw.randrange(1, 40))
        else:
            changed = draw.choice([body[:cut], body[:cut] + body[end:], body + body, body[:end] + body[cut:]])
        request = HttpRequest("POST", AMADEUS_PATH, {}, {"soapaction": f'"{action}"'}, changed)
        stage.dialect.step(request)
        assert stage.dialect.handle(request).status in {200, 500}
