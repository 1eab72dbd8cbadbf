"""Something between us and the supplier: it passes requests on, keeps them, and says else where a test wants."""

from __future__ import annotations

import re
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
from lxml import etree

_SESSION = (
    '<s:Session xmlns:s="http://xml.amadeus.com/2010/06/Session_v3" TransactionStatusCode="{status}">'
    "<s:SessionId>{id}</s:SessionId><s:SequenceNumber>{sequence}</s:SequenceNumber>"
    "<s:SecurityToken>TOKEN</s:SecurityToken></s:Session>"
)


@dataclass(frozen=True)
class Asked:
    """One request: the message's name, its header, the body as text."""

    message: str
    message_id: str
    session: str  # Start, InSeries, End; "" for a stateless call
    session_id: str
    sequence: str
    text: str
    action: str

    @property
    def envelope(self) -> etree._Element:
        return etree.fromstring(self.text.encode())


@dataclass(frozen=True)
class Said:
    """A reply; `body` None closes the connection without one."""

    body: bytes | None
    status: int = 200


PassOn = Callable[..., Said]
Answer = Callable[[Asked, PassOn], Said]
"""What to say to a request; the second argument passes it on (or another text) and gives the real reply."""


def _field(text: str, name: str) -> str:
    found = re.search(rf"<(?:\w+:)?{name}(?:\s[^>]*)?>([^<]*)<", text)
    return found[1] if found else ""


def read(text: str, action: str) -> Asked:
    root = etree.fromstring(text.encode())
    body = root.find("{http://schemas.xmlsoap.org/soap/envelope/}Body")
    assert body is not None
    session = re.search(r'TransactionStatusCode="(\w+)"', text)
    return Asked(
        etree.QName(body[0]).localname,
        _field(text, "MessageID"),
        session[1] if session else "",
        _field(text, "SessionId"),
        _field(text, "SequenceNumber"),
        text,
        action,
    )


def envelope(asked: Asked, message: str, *, relates_to: str | None = None, session: str | None = None) -> bytes:
    """A reply to that request. `session` "": no such block; its status otherwise, InSeries for what is in one."""
    status = ("InSeries" if asked.session in ("Start", "InSeries") else asked.session) if session is None else session
    block = _SESSION.format(status=status, id=asked.session_id or "SESSION1", sequence=asked.sequence or "1")
    related = asked.message_id if relates_to is None else relates_to
    return (
        '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" '
        'xmlns:wsa="http://www.w3.org/2005/08/addressing"><soap:Header>'
        + (f"<wsa:RelatesTo>{related}</wsa:RelatesTo>" if related else "")
        + (block if status else "")
        + f"</soap:Header><soap:Body>{message}</soap:Body></soap:Envelope>"
    ).encode()


def says(message: str, status: int = 200, **header: str) -> Answer:
    """Always this message, nothing is passed on."""
    return lambda asked, pass_on: Said(envelope(asked, message, **header), status)


def says_after(message: str, status: int = 200, instead: tuple[str, str] = ("", ""), **header: str) -> Answer:
    """The request is passed on and takes effect; what comes back is this message, in the real reply's session.
    `instead`: what of the request is written otherwise before it is passed on.
    """

    def answer(asked: Asked, pass_on: PassOn) -> Said:
        real = pass_on(asked.text.replace(*instead) if instead[0] else asked.text).body
        assert real is not None
        session = re.search(rb"<(?:\w+:)?Session .*?</(?:\w+:)?Session>", real, re.DOTALL)
        told = envelope(asked, message, **{"session": "", **header})
        block = session[0].replace(b"awsse:", b"s:") if session else b""
        block = block.replace(b"<s:Session ", b'<s:Session xmlns:s="http://xml.amadeus.com/2010/06/Session_v3" ', 1)
        return Said(told.replace(b"</soap:Header>", block + b"</soap:Header>"), status)

    return answer


def changed(old: str, new: str) -> Answer:
    """The real reply with every `old` (a pattern) written as `new`."""

    def answer(asked: Asked, pass_on: PassOn) -> Said:
        real = pass_on()
        assert real.body is not None
        assert re.search(old.encode(), real.body, re.DOTALL), f"the reply has no {old}"
        return Said(re.sub(old.encode(), new.encode(), real.body, flags=re.DOTALL), real.status)

    return answer


def fault(words: str, code: str = "soap:Server") -> str:
    return f"<soap:Fault><faultcode>{code}</faultcode><faultstring>{words}</faultstring></soap:Fault>"


def vanishes(asked: Asked, pass_on: PassOn) -> Said:
    """The connection closes, and nothing was done."""
    return Said(None)


def vanishes_after(asked: Asked, pass_on: PassOn) -> Said:
    """It was done, and the connection closes."""
    pass_on()
    return Said(None)


class Between:
    """`says["PNR_Retrieve"] = [answer, …]`: each is used once, in order; after them, everything is passed on."""

    def __init__(self, upstream: str = "") -> None:
        self.upstream = upstream
        self.asked: list[Asked] = []
        self.spoken_for = 0  # messages within a conversation that were answered here
        self.script: dict[str, list[Answer]] = defaultdict(list)
        self.url = ""
        self._client = httpx.Client(timeout=20, trust_env=False)
        self._lock = threading.Lock()

    def names(self) -> list[str]:
        """The messages that were asked, in order."""
        return [each.message for each in self.asked]

    def last(self, message: str) -> Asked:
        return [each for each in self.asked if each.message == message][-1]

    def count(self, message: str) -> int:
        return self.names().count(message)

    def answer(self, text: str, action: str) -> Said:
        asked = read(text, action)
        with self._lock:
            self.asked.append(asked)
            waiting = self.script[asked.message]
            answer = waiting.pop(0) if waiting else None
            self.spoken_for += bool(answer) and asked.session != ""

        def pass_on(other: str = "") -> Said:
            headers = {"SOAPAction": action, "Content-Type": "text/xml; charset=utf-8"}
            real = self._client.post(self.upstream, content=(other or text).encode(), headers=headers)
            return Said(real.content, real.status_code)

        return answer(asked, pass_on) if answer else pass_on()


@contextmanager
def between(upstream: str = "") -> Iterator[Between]:
    """It listens on a port of its own until the block ends."""
    place = Between(upstream)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            text = self.rfile.read(int(self.headers["Content-Length"])).decode()
            said = place.answer(text, self.headers["SOAPAction"])
            if said.body is None:
                self.close_connection = True
                return
            self.send_response(said.status)
            self.send_header("Content-Type", "text/xml; charset=utf-8")
            self.send_header("Content-Length", str(len(said.body)))
            self.end_headers()
            self.wfile.write(said.body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the library's
            return None

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    place.url = f"http://127.0.0.1:{server.server_port}/1ASIWQAFSIM"
    try:
        yield place
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
        place._client.close()
