"""Amadeus over HTTP: what a request is, who sends it, which conversation it belongs to, and the reply's envelope."""

from __future__ import annotations

import re

from simulator.access import AMADEUS_PATH, Access
from simulator.amadeus import mischief
from simulator.amadeus.catalogue import ACTIONS, BY_OPERATION, namespace, understood
from simulator.amadeus.desk import AGENCY, Call, Desk
from simulator.amadeus.envelope import Standing, addressing_fault, bare, fault, reply
from simulator.amadeus.office import Office
from simulator.amadeus.reading import text, texts
from simulator.amadeus.security import admit, used
from simulator.amadeus.sessions import Session, Sessions
from simulator.amadeus.soap import Asked, MissingHeader, Turned, read
from simulator.amadeus.verbs import pricing, records, refunding, searching, selling, ticketing
from simulator.amadeus.wsdl import wsdl
from simulator.book import Book
from simulator.clock import Clock
from simulator.faults import FaultBook
from simulator.http import HttpAnswer, HttpRequest
from simulator.store import Store
from simulator.world import World

_XML = {"content-type": "text/xml; charset=utf-8"}
_BODY = re.compile(rb"<(?:[\w.-]+:)?Body[^>]*>\s*<(?:[\w.-]+:)?([\w.-]+)")
_OPTION = re.compile(rb"<(?:[\w.-]+:)?optionCode[^>]*>\s*(\d+)\s*<")
_LOCATOR = re.compile(rb"<(?:[\w.-]+:)?controlNumber[^>]*>\s*(\w+)\s*<")
_SESSION = re.compile(rb"<(?:[\w.-]+:)?SessionId[^>]*>\s*(\w+)\s*<")
_ENDS = {"10", "11", "16"}
_VERBS: dict[str, mischief.Verb] = {
    "amadeus.search": searching.search,
    "amadeus.sell": selling.sell,
    "amadeus.add": records.add,
    "amadeus.commit": records.add,
    "amadeus.end": records.add,
    "amadeus.retrieve": records.retrieve,
    "amadeus.cancel": records.cancel,
    "amadeus.fop": pricing.pay,
    "amadeus.price": pricing.price,
    "amadeus.tst": pricing.store,
    "amadeus.issue": ticketing.issue,
    "amadeus.edoc": ticketing.display,
    "amadeus.void": ticketing.void,
    "amadeus.sales": ticketing.report,
    "amadeus.refund_init": refunding.begin,
    "amadeus.refund_update": refunding.change,
    "amadeus.refund_process": refunding.process,
    "amadeus.refund_ignore": refunding.drop,
}


class Amadeus:
    """The SOAP side of the simulator, at `access.AMADEUS_PATH`."""

    steps = frozenset(
        {each.step for each in BY_OPERATION.values()}
        | {"amadeus.commit", "amadeus.end", "amadeus.wsdl", "amadeus.unknown"}
    )

    def __init__(self, book: Book, world: World, clock: Clock, store: Store, faults: FaultBook, access: Access) -> None:
        own = access.amadeus
        country = world.airport(own.office[:3]).country
        office = Office(own.office, AGENCY, country, book.office_zone, "INR")
        self._desk = Desk(book, world, clock, store, faults, own, Sessions(store), office)
        self._wsdl = wsdl(own.endpoint)
        store.when_undone(self._desk.rendered.clear)
        book.when_settled(self._let_go)

    def step(self, request: HttpRequest) -> str:
        """`amadeus.` and the step, read off the body, where that can be, without parsing it; `amadeus.unknown` for
        anything else."""
        if request.method != "POST":
            return "amadeus.wsdl"
        body = request.body
        found = _BODY.search(body)
        if found is None or found[1].decode() not in BY_OPERATION:
            try:
                return self._step_of(read(body))
            except (MissingHeader, Turned):
                return "amadeus.unknown"
        options = {each.decode() for each in _OPTION.findall(body)}
        conversation = _SESSION.search(body)
        session = conversation[1].decode() if conversation else ""
        return self._named(found[1].decode(), options, _LOCATOR.search(body) is not None, session)

    def _step_of(self, asked: Asked) -> str:
        options = set(texts(asked.body, "pnrActions/optionCode"))
        located = bool(text(asked.body, "reservationInfo/reservation/controlNumber"))
        return self._named(asked.operation, options, located, asked.claim.id if asked.claim else "")

    def _named(self, operation: str, options: set[str], located: bool, session: str) -> str:
        """Storing a new record is a commit, storing a changed one an end, anything else of that message an add."""
        spoken = BY_OPERATION.get(operation)
        if spoken is None:
            return "amadeus.unknown"
        if spoken.step != "amadeus.add" or not _ENDS & options:
            return spoken.step
        kept = self._desk.sessions.peek(session) if not located else None
        return "amadeus.end" if located or (kept and kept.work.locator) else "amadeus.commit"

    def handle(self, request: HttpRequest) -> HttpAnswer:
        """Answer a request. Never raises for what a client sends."""
        if request.path != AMADEUS_PATH:
            return HttpAnswer(404, {"content-type": "text/plain"}, b"not found\n")
        if request.method == "GET" and any(name.lower() == "wsdl" for name in request.query):
            return HttpAnswer(200, _XML, self._wsdl)
        if request.method != "POST":
            return HttpAnswer(405, {"allow": "POST"}, b"")
        try:
            asked = read(request.body)
        except MissingHeader as missing:
            return HttpAnswer(500, _XML, addressing_fault(missing))
        except Turned as turned:
            return HttpAnswer(500, _XML, bare(fault(turned)))
        with self._desk.store.transaction():
            return self._answer(request, asked)

    def _answer(self, request: HttpRequest, asked: Asked) -> HttpAnswer:
        """Everything of one request is one transaction: nonce, effect, session."""
        desk = self._desk
        session: Session | None = None
        standing: Standing | None = None
        try:
            if request.headers.get("soapaction", "").strip('"') != asked.action:
                raise Turned(" 12|validation|soap message header incorrect")
            spoken = understood(asked.action, asked.operation)
            if spoken is None:
                raise Turned(" 12|validation|soap message header incorrect")
            session, stateless = self._conversation(asked)
            schema = namespace(*spoken)
            call = Call(desk, asked, spoken[0], schema, session, stateless, self._step_of(asked))
            body, status = self._body(call), 200
        except Turned as turned:
            body, status = fault(turned), 500
            if session is not None and turned.ends:
                session.status = "End"
        if session is not None:
            standing = self._close(asked, session)
        told = reply(
            body,
            endpoint=desk.access.endpoint,
            action=asked.action if asked.action.startswith(ACTIONS) else ACTIONS,
            relates_to=asked.message_id,
            standing=standing,
        )
        return HttpAnswer(status, dict(_XML), told)

    def _body(self, call: Call) -> str:
        if call.step == "amadeus.signout":
            if call.stateless:
                raise Turned("99|Session|Not authenticated")
            return mischief.perform(call, _sign_out)
        return mischief.perform(call, _VERBS[call.step])

    def _conversation(self, asked: Asked) -> tuple[Session, bool]:
        """The session a request belongs to, and whether it is a passing one. Raises: Turned."""
        desk, now, claim = self._desk, self._desk.clock.now(), asked.claim
        if claim is not None and claim.status in {"InSeries", "End"}:
            if not claim.id:
                raise Turned("99|Session|Not authenticated")
            return desk.sessions.resume(claim, now), False
        if claim is not None and claim.status != "Start":
            raise Turned(" 12|validation|soap message header incorrect")
        nonce = admit(asked, desk.access)
        if not desk.store.use_nonce(nonce, now.timestamp()):
            raise used()
        if claim is None:
            return desk.sessions.single(now), True
        self._let_go()
        return desk.sessions.start(now), False

    def _close(self, asked: Asked, session: Session) -> Standing:
        """Keep the session, or let it go with what was in work."""
        if asked.claim is not None and asked.claim.status == "End":
            session.status = "End"
        if session.status == "End":
            self._abandon(session)
        else:
            self._desk.sessions.keep(session)
        return session.standing

    def _let_go(self) -> None:
        """Conversations that are idle are over, and the seats they took go back."""
        left = self._desk.sessions.idle(self._desk.clock.now())
        if left:
            with self._desk.store.transaction():
                for session in left:
                    self._abandon(session)

    def _abandon(self, session: Session) -> None:
        if session.work.held:
            self._desk.book.release(session.work.held, session.work.seats)
            session.work.held = []
        session.status = "End"
        self._desk.sessions.keep(session)


def _sign_out(call: Call) -> str:
    call.session.status = "End"
    status = "<processStatus><statusCode>P</statusCode></processStatus>"
    return f'<Security_SignOutReply xmlns="{call.schema}">{status}</Security_SignOutReply>'
