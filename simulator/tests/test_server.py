import json
import logging
import resource
import socket
import time
from contextlib import ExitStack, suppress

import httpx
import pytest

from simulator.http import HttpAnswer
from simulator.tests.serving import ISSUED, connected, everything, exchanged, served


@pytest.fixture(scope="module")
def shared():
    with served() as made:
        yield made


@pytest.fixture
def here(shared):
    shared.faults.clear()
    shared.latency.ms = 0.0
    shared.latency.steps.clear()
    shared.supplier.seen.clear()
    return shared


def read_answers(client, many):
    """(status, body) of so many answers on one connection."""
    got, answers = b"", []
    while len(answers) < many:
        head, found, rest = got.partition(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0] or 0)
        if found and len(rest) >= length:
            answers.append((int(head.split()[1]), rest[:length]))
            got = rest[length:]
        else:
            part = client.recv(65536)
            assert part, got
            got += part
    return answers


def test_a_request_arrives_whole_and_its_answer_comes_back(here):
    answer = httpx.post(f"{here.base}/1A/x%20y?wsdl&a=1&a=2", content=b"<xml/>", headers={"SOAPAction": "http://x/Y"})
    assert (answer.status_code, answer.content) == (200, ISSUED)
    seen = here.supplier.seen[-1]
    assert (seen.method, seen.path, seen.query, seen.body) == (
        "POST",
        "/1A/x y",
        {"wsdl": [""], "a": ["1", "2"]},
        b"<xml/>",
    )
    assert seen.headers["soapaction"] == "http://x/Y"


def test_requests_of_one_connection_are_answered_in_their_order(here):
    many = 50
    with connected(here.port) as client:
        for number in range(many):
            client.sendall(f"POST /{number} HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\n\r\na".encode())
        assert len(read_answers(client, many)) == many
    assert [request.path for request in here.supplier.seen] == [f"/{number}" for number in range(many)]


def test_a_chunked_body_is_put_together(here):
    head = b"POST /1A HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n"
    assert exchanged(here.port, head + b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n").startswith(b"HTTP/1.1 200")
    assert here.supplier.seen[-1].body == b"abcde"


def test_a_client_that_waits_to_be_asked_for_its_body_is_asked(here):
    with connected(here.port) as client:
        client.sendall(b"POST /1A HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-length: 2\r\n\r\n")
        assert client.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        client.sendall(b"ab")
        assert read_answers(client, 1)[0][0] == 200


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"HELLO\r\n\r\n", 400),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400),
        (b"POST /1A HTTP/1.1\r\ncontent-length: -4\r\n\r\n", 400),
        (b"POST /1A HTTP/1.1\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\nx", 400),
        (b"POST /1A HTTP/1.1\r\nhost: x\r\ncontent-length: 8388609\r\n\r\n", 413),
        (b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n", 414),
        (b"GET / HTTP/1.1\r\nx: " + b"a" * 70_000, 431),
        (b"GET / HTTP/1.1\r\n" + b"a: b\r\n" * 200 + b"\r\n", 431),
        (b"GET / HTTP/1.1\r\nhost: x\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n", 400),
    ],
)
def test_what_is_no_request_is_refused_and_nothing_is_done(here, sent, status):
    answer = exchanged(here.port, sent)
    assert answer.split()[1] == str(status).encode()
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["error"]
    assert here.supplier.seen == []


def test_an_endless_body_is_cut_off(here):
    with connected(here.port) as client:
        client.sendall(b"POST /1A HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n")
        chunk = b"10000\r\n" + b"a" * 65536 + b"\r\n"
        for _ in range(8 * 16 + 1):
            client.sendall(chunk)
        assert everything(client).startswith(b"HTTP/1.1 413")
    assert here.supplier.seen == []


def test_a_supplier_that_fails_is_answered_as_500_and_the_log_holds_no_name(here, caplog):
    with caplog.at_level(logging.ERROR, "simulator.server"):
        answer = httpx.get(f"{here.base}/broken")
    assert answer.status_code == 500
    assert "RuntimeError at serving.py" in caplog.text
    assert "SPECIMEN" not in caplog.text + answer.text


def test_a_connection_ends_when_the_client_says_so(here):
    assert b"connection: close" in exchanged(here.port, b"GET /1A HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
    assert b"connection: close" in exchanged(here.port, b"GET /1A HTTP/1.0\r\n\r\n")


def test_a_client_that_goes_away_leaves_nothing_behind(here):
    here.latency.ms = 200
    with connected(here.port) as client:
        client.sendall(b"GET /1A HTTP/1.1\r\nhost: x\r\n\r\n")
        deadline = time.monotonic() + 10
        while not here.supplier.seen and time.monotonic() < deadline:
            time.sleep(0.01)
    while here.ask(lambda: len(here.server.connections)) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert here.ask(lambda: len(here.server.connections)) == 0


def test_latency_holds_the_answer_back_and_not_the_effect(here):
    here.latency.steps["amadeus.issue"] = 300
    before = here.effects()
    with connected(here.port) as client:
        client.sendall(b"POST /1A HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n")
        client.settimeout(0.1)
        with pytest.raises(TimeoutError):
            client.recv(1)
        assert here.effects() == before + 1
        client.settimeout(10)
        assert read_answers(client, 1)[0][0] == 200
    assert here.latency.seconds("duffel.pay") == 0


def test_a_slow_answer_holds_up_no_other_client(here):
    here.latency.steps["amadeus.issue"] = 60_000
    with connected(here.port) as slow:
        slow.sendall(b"POST /1A HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n")
        assert httpx.get(f"{here.base}/air/orders", timeout=10).status_code == 200


def test_a_client_that_reads_nothing_does_not_fill_the_house(here, monkeypatch):
    big = HttpAnswer(200, {}, b"a" * 1_000_000)
    monkeypatch.setattr(here.supplier, "handle", lambda request: here.supplier.seen.append(request) or big)
    with connected(here.port) as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.sendall(b"GET /1A HTTP/1.1\r\nhost: x\r\n\r\n" * 200)
        # Asked often enough for it to have read all that arrived.
        for _ in range(50):
            here.ask(lambda: None)
        assert len(here.supplier.seen) < 40


def test_a_client_that_never_reads_is_given_up(here, monkeypatch):
    big = HttpAnswer(200, {}, b"a" * 8_000_000)
    monkeypatch.setattr(here.supplier, "handle", lambda request: here.supplier.seen.append(request) or big)
    with connected(here.port) as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.sendall(b"GET /1A HTTP/1.1\r\nhost: x\r\n\r\n")
        deadline = time.monotonic() + 10
        while not here.supplier.seen and time.monotonic() < deadline:
            time.sleep(0.01)
        here.ask(here.server._sweep)
        assert here.ask(lambda: len(here.server.connections)) == 1
        monkeypatch.setattr("simulator.server._IDLE", 0.0)
        here.ask(here.server._sweep)
        here.ask(lambda: None)
        assert here.ask(lambda: len(here.server.connections)) == 0


def test_whoever_sends_many_requests_at_once_takes_turns_with_others(here, monkeypatch):
    def slowly(request):
        time.sleep(0.005)
        here.supplier.seen.append(request)
        return HttpAnswer(200)

    monkeypatch.setattr(here.supplier, "handle", slowly)
    with connected(here.port) as flood:
        flood.sendall(b"GET /1A HTTP/1.1\r\nhost: x\r\n\r\n" * 400)
        deadline = time.monotonic() + 10
        while not here.supplier.seen and time.monotonic() < deadline:
            time.sleep(0.001)
        assert httpx.get(f"{here.base}/air/orders", timeout=10).status_code == 200
        assert [each.path for each in list(here.supplier.seen)].index("/air/orders") < 300
        read_answers(flood, 400)


def test_more_connections_than_there_is_room_for_are_ended_and_the_others_served(here, monkeypatch):
    monkeypatch.setattr("simulator.server._CONNECTIONS", 3)
    with ExitStack() as open_ones:
        first, *_ = [open_ones.enter_context(connected(here.port)) for _ in range(3)]
        while here.ask(lambda: len(here.server.connections)) < 3:
            pass
        with connected(here.port) as late:
            late.settimeout(10)
            with suppress(ConnectionResetError):
                assert late.recv(1) == b""
        first.sendall(b"GET /1A HTTP/1.1\r\nhost: x\r\n\r\n")
        assert read_answers(first, 1)[0][0] == 200


@pytest.mark.parametrize(("files", "served"), [(resource.RLIM_INFINITY, True), (1024, True), (65, False), (10, False)])
def test_room_for_connections_is_what_the_process_may_open(here, monkeypatch, files, served):
    monkeypatch.setattr(resource, "getrlimit", lambda kind: (files, files))
    here.ask(lambda: here.server.connections.add(object()))
    assert here.ask(here.server.full) is not served
    here.ask(here.server.connections.clear)


def test_a_taken_port_is_told(here):
    with served() as other:
        from simulator.listener import Listener

        with pytest.raises(OSError, match="in use"):
            Listener("127.0.0.1", other.port).bind()
