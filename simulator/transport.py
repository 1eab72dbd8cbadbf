"""What becomes of a request when the network or the supplier's front door fails: the transport faults."""

from __future__ import annotations

import json
import random
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace

from simulator.faults import Fault, FaultBook
from simulator.http import Dialect, HttpAnswer, HttpRequest
from simulator.store import Store

_BAD_GATEWAY = (
    b"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n"
    b"</body>\r\n</html>\r\n"
)
_SOAP_FAULT = (
    b'<?xml version="1.0" encoding="UTF-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/">'
    b"<soap:Body><soap:Fault><faultcode>soap:Server</faultcode><faultstring> 7777|System|UNEXPECTED CONDITION"
    b"</faultstring></soap:Fault></soap:Body></soap:Envelope>"
)
_API_ERROR = (
    b'{"meta":{"status":500,"request_id":"simulated"},"errors":[{"type":"api_error","code":"unforeseen_condition",'
    b'"title":"Unforeseen condition","message":"Something went wrong. The order may still have been created on the '
    b'airline\'s side.","documentation_url":"https://duffel.com/docs/api/overview/errors"}]}'
)


@dataclass(slots=True)
class Delivery:
    """How an answer goes out. `answer` None: none does, the connection just ends (`abort`: with a reset)."""

    answer: HttpAnswer | None
    wait: float = 0.0  # seconds it is held back
    abort: bool = False
    cut: bool = False  # half of the body, under the content-length of all of it
    byte_seconds: float = 0.0  # the body byte by byte, so far apart
    gone: float | None = None  # the port is closed for so many seconds,
    silently: bool = False  # or does not answer connects
    keep: bool = True


_Show = Callable[["Faulty", HttpRequest, Fault], Delivery]


class Faulty:
    """A dialect behind a network that fails as the fault book says."""

    def __init__(self, dialect: Dialect, faults: FaultBook, store: Store) -> None:
        self._dialect = dialect
        self._faults = faults
        self._store = store

    def deliver(self, request: HttpRequest, step: str) -> Delivery:
        """Run the request, or not, as the first transport fault that hits it says."""
        fault = self._faults.transport(step)
        if fault is None:
            return Delivery(self._dialect.handle(request))
        return _SHOWN[fault.name](self, request, fault)

    def _effect(self, request: HttpRequest, fault: Fault) -> None:
        """For faults that show nothing of the answer: it took effect, or the request never arrived."""
        if fault.when == "after":
            self._dialect.handle(request)

    def _answer(self, request: HttpRequest, fault: Fault) -> HttpAnswer:
        """For faults that spoil the answer: what it was, or what it would have been."""
        if fault.when == "after":
            return self._dialect.handle(request)
        with self._store.rehearsal():
            return self._dialect.handle(request)

    # -- the faults -----------------------------------------------------------------------------------------------

    def connect_refused(self, request: HttpRequest, fault: Fault) -> Delivery:
        self._effect(request, fault)
        return Delivery(None, abort=True, gone=fault.number("seconds", 1), silently=fault.name == "connect_timeout")

    def read_timeout(self, request: HttpRequest, fault: Fault) -> Delivery:
        self._effect(request, fault)
        return Delivery(None, wait=fault.number("seconds", 30))

    def reset(self, request: HttpRequest, fault: Fault) -> Delivery:
        self._effect(request, fault)
        return Delivery(None, abort=True)

    def half_body(self, request: HttpRequest, fault: Fault) -> Delivery:
        return Delivery(self._answer(request, fault), cut=True, keep=False)

    def html_502(self, request: HttpRequest, fault: Fault) -> Delivery:
        self._effect(request, fault)
        return Delivery(HttpAnswer(502, {"content-type": "text/html"}, _BAD_GATEWAY))

    def slow_drip(self, request: HttpRequest, fault: Fault) -> Delivery:
        # A whole good answer to a request that took no effect would be a lie: there a gateway's page drips.
        if fault.when == "after":
            answer = self._dialect.handle(request)
        else:
            answer = HttpAnswer(502, {"content-type": "text/html"}, _BAD_GATEWAY)
        return Delivery(answer, byte_seconds=max(fault.number("byte_seconds", 0.05), 0.001))

    def wrong_relates_to(self, request: HttpRequest, fault: Fault) -> Delivery:
        return Delivery(_of_another(self._answer(request, fault)))

    def duplicate(self, request: HttpRequest, fault: Fault) -> Delivery:
        self._effect(request, fault)
        return Delivery(self._dialect.handle(request))

    def garbled(self, request: HttpRequest, fault: Fault) -> Delivery:
        answer = HttpAnswer(200, _content_type(request))
        if fault.when == "after":
            answer = self._dialect.handle(request)
        noise = random.Random(fault.seed).randbytes(max(len(answer.body), 400))  # noqa: S311 - a fault must be repeatable
        return Delivery(replace(answer, body=noise))

    def fault_500(self, request: HttpRequest, fault: Fault) -> Delivery:
        self._effect(request, fault)
        body = _API_ERROR if request.path.startswith("/air/") else _SOAP_FAULT
        return Delivery(HttpAnswer(500, _content_type(request), body))


_SHOWN: dict[str, _Show] = {
    "connect_refused": Faulty.connect_refused,
    "connect_timeout": Faulty.connect_refused,
    "read_timeout": Faulty.read_timeout,
    "reset": Faulty.reset,
    "half_body": Faulty.half_body,
    "html_502": Faulty.html_502,
    "slow_drip": Faulty.slow_drip,
    "wrong_relates_to": Faulty.wrong_relates_to,
    "duplicate": Faulty.duplicate,
    "garbled": Faulty.garbled,
    "fault_500": Faulty.fault_500,
}


def _content_type(request: HttpRequest) -> dict[str, str]:
    json_spoken = request.path.startswith("/air/")
    return {"content-type": "application/json" if json_spoken else "text/xml; charset=utf-8"}


_RELATES_TO = re.compile(rb"(<(?:\w+:)?RelatesTo\b[^>]*>)[^<]*(<)")


def _of_another(answer: HttpAnswer) -> HttpAnswer:
    """The answer as one to somebody else's message: RelatesTo, or the names of the order and of its documents."""
    body, changed = _RELATES_TO.subn(rb"\g<1>urn:uuid:" + str(uuid.uuid4()).encode() + rb"\g<2>", answer.body)
    if not changed:
        try:
            told = json.loads(answer.body)
        except ValueError:
            return answer
        if isinstance(told, dict):
            _rename(told.get("data"))
        body = json.dumps(told).encode()
    return replace(answer, body=body)


def _rename(data: object) -> None:
    if not isinstance(data, dict):
        return
    for name in ("id", "order_id"):
        if isinstance(data.get(name), str):
            data[name] = data[name].partition("_")[0] + "_" + uuid.uuid4().hex[:22]
    if isinstance(data.get("booking_reference"), str):
        data["booking_reference"] = uuid.uuid4().hex[:6].upper()
    if isinstance(data.get("metadata"), dict):
        data["metadata"] = {}
    for document in data.get("documents") or ():
        if isinstance(document, dict) and "unique_identifier" in document:
            document["unique_identifier"] = f"999{uuid.uuid4().int % 10**10:010d}"
