"""Every failure of the network, before a request took effect and after: what the client sees and what was done."""

import json
import socket
import time

import httpx
import pytest

from simulator.tests.serving import ISSUED, connected, everything, served

BOTH = pytest.mark.parametrize(("when", "done"), [("before", 0), ("after", 1)])
ISSUE = b"POST /1A HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n"


@pytest.fixture
def here():
    with served() as made:
        yield made


def arm(here, name, when, step="amadeus.issue", **params):
    here.faults.add({"name": name, "step": step, "when": when, "params": params})


def issue(here, path="/1A", timeout=5.0):
    return httpx.post(f"{here.base}{path}", timeout=timeout)


@BOTH
def test_a_reset_connection_shows_neither_an_answer_nor_an_end(here, when, done):
    arm(here, "reset", when)
    with connected(here.port) as client:
        client.sendall(ISSUE)
        with pytest.raises(ConnectionResetError):
            client.recv(100)
    assert here.effects() == done
    assert issue(here).status_code == 200


@BOTH
def test_no_answer_comes_and_then_the_connection_ends(here, when, done):
    arm(here, "read_timeout", when, seconds=0.4)
    with pytest.raises(httpx.ReadTimeout):
        issue(here, timeout=0.1)
    assert here.effects() == done
    arm(here, "read_timeout", when, seconds=0.1)
    with connected(here.port) as client:
        client.sendall(ISSUE)
        assert everything(client) == b""
    assert here.effects() == 2 * done


@BOTH
def test_half_a_body_comes_under_the_length_of_all_of_it(here, when, done):
    arm(here, "half_body", when)
    with connected(here.port) as client:
        client.sendall(ISSUE)
        head, _, body = everything(client).partition(b"\r\n\r\n")
    assert f"content-length: {len(ISSUED)}".encode() in head
    assert body == ISSUED[: len(ISSUED) // 2]
    assert here.effects() == done
    arm(here, "half_body", when)
    with pytest.raises(httpx.RemoteProtocolError):
        issue(here)


@BOTH
def test_a_gateways_page_comes_instead_of_the_answer(here, when, done):
    arm(here, "html_502", when)
    answer = issue(here)
    assert (answer.status_code, answer.headers["content-type"]) == (502, "text/html")
    assert answer.text.startswith("<html>")
    assert here.effects() == done


@BOTH
def test_an_answer_drips_and_is_the_true_one_only_if_it_took_effect(here, when, done):
    arm(here, "slow_drip", when, byte_seconds=0.001)
    with connected(here.port) as client:
        client.sendall(ISSUE.replace(b"host", b"connection: close\r\nhost"))
        pieces = []
        while part := client.recv(65536):
            pieces.append(part)
    body = b"".join(pieces).partition(b"\r\n\r\n")[2]
    assert len(pieces) > 20
    assert (body == ISSUED) is bool(done)
    assert (b"502" in body) is not bool(done)
    assert here.effects() == done


@BOTH
def test_the_answer_is_to_another_message(here, when, done):
    arm(here, "wrong_relates_to", when)
    answer = issue(here).content
    assert b"mine" not in answer
    assert b"OK ETICKET" in answer
    assert here.effects() == done


@BOTH
def test_the_answer_is_of_another_order(here, when, done):
    arm(here, "wrong_relates_to", when, step="duffel.pay")
    told = issue(here, "/air/payments").json()["data"]
    assert told["id"].startswith("ord_")
    assert told["id"] != "ord_1"
    assert told["booking_reference"] != "ABCDEF"
    assert told["documents"][0]["unique_identifier"] != "0651"
    assert here.effects() == done


@pytest.mark.parametrize(("when", "done"), [("before", 1), ("after", 2)])
def test_a_repeated_request_is_done_as_often_as_it_arrived(here, when, done):
    arm(here, "duplicate", when)
    assert issue(here).content == ISSUED
    assert here.effects() == done


@BOTH
def test_an_answer_nobody_can_read_comes_with_a_good_status(here, when, done):
    arm(here, "garbled", when)
    answer = issue(here)
    assert answer.status_code == 200
    assert b"Envelope" not in answer.content
    assert len(answer.content) >= 400
    assert here.effects() == done


@BOTH
@pytest.mark.parametrize(
    ("path", "step", "word"), [("/1A", "amadeus.issue", "soap:Fault"), ("/air/payments", "duffel.pay", "api_error")]
)
def test_an_error_that_nobody_knows_is_told_in_the_suppliers_own_words(here, when, done, path, step, word):
    arm(here, "fault_500", when, step=step)
    answer = issue(here, path)
    assert answer.status_code == 500
    assert word in answer.text
    assert here.effects() == done


@BOTH
def test_the_port_is_closed_for_a_while_and_opens_again(here, when, done):
    arm(here, "connect_refused", when, seconds=0.5)
    with pytest.raises(httpx.ReadError):
        issue(here)
    with pytest.raises(httpx.ConnectError):
        issue(here)
    assert here.effects() == done
    assert again(here) == 200
    assert here.effects() == done + 1


@BOTH
def test_connects_hang_for_a_while_and_are_taken_again(here, when, done):
    arm(here, "connect_timeout", when, seconds=1)
    with pytest.raises(httpx.ReadError):
        issue(here)
    with pytest.raises(httpx.ConnectTimeout):
        issue(here, timeout=httpx.Timeout(5, connect=0.2))
    assert here.effects() == done
    assert again(here) == 200
    assert here.effects() == done + 1


def test_idle_connections_end_when_the_port_closes(here):
    with connected(here.port) as idle:
        idle.sendall(ISSUE)
        assert idle.recv(65536).startswith(b"HTTP/1.1 200")
        here.ask(lambda: here.server.go_away(0.1, False))
        with pytest.raises(ConnectionResetError):
            idle.recv(1)
    assert again(here) == 200


def test_a_port_that_is_away_can_be_closed_for_good():
    with served() as here:
        here.ask(lambda: here.server.go_away(60, True))
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", here.port), timeout=5)


def test_a_fault_hits_its_own_step_only(here):
    arm(here, "html_502", "before", step="duffel.*")
    assert issue(here).status_code == 200
    assert issue(here, "/air/payments").status_code == 502
    assert issue(here, "/air/payments").status_code == 200
    assert json.loads(issue(here, "/air/payments").content)["data"]["id"] == "ord_1"


def again(here):
    """The status once the port is open, within ten seconds."""
    deadline = time.monotonic() + 10
    while True:
        try:
            return issue(here).status_code
        except httpx.TransportError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
