"""Conversations with Amadeus. One conversation is strictly serial: a lock holds it, a SequenceNumber is never used
twice, and it is signed out however it ends. Source: suppliers.md 3.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable
from dataclasses import replace
from types import TracebackType

from qafila.air.gateways.amadeus import requests
from qafila.air.gateways.amadeus.envelope import Reply, SessionHeader, Transaction, new_message_id, read, written
from qafila.air.gateways.amadeus.security import username_token
from qafila.air.gateways.amadeus.versions import ACTIONS, version
from qafila.air.gateways.amadeus.xml import Element
from qafila.air.gateways.calllog import CallLog, Recorder
from qafila.air.gateways.errors import NotOurs, NotSent, RateLimited, SessionLost, SupplierError
from qafila.air.gateways.settings import AmadeusSettings, Patience
from qafila.air.gateways.transport import HttpReply, Transport
from qafila.kernel import clock

logger = logging.getLogger(__name__)

# Faults of level Session after which the conversation is no more; 93 (out of step) leaves it open at the other side.
_GONE = frozenset({"11", "12", "14", "95", "99"})


class Wire:
    """Sends one message at a time to the access point, and has every exchange recorded. Threads may share it."""

    def __init__(self, settings: AmadeusSettings, log: CallLog) -> None:
        self.settings = settings
        self.recorder = Recorder(log, settings.code)
        self.transport = Transport(settings.code, settings.patience)
        # Nobody waits a minute for a good-bye.
        self.hasty = Transport(settings.code, _hasty(settings.patience))

    def send(
        self,
        message: str,
        body: Element,
        *,
        session: SessionHeader | None = None,
        key: str = "",
        secrets: Iterable[str] = (),
        hasty: bool = False,
    ) -> Reply:
        """One request, sent once. Raises: NotSent, Unanswered, Unreadable, NotOurs, RateLimited, Misconfigured."""
        spoken = version(self.settings, message)
        message_id = new_message_id()
        token = username_token(self.settings.password) if session is None or not session.id else None
        request = written(
            self.settings,
            spoken,
            body,
            message_id=message_id,
            session=session,
            credentials=token,
            flow=key,
        )
        hidden = {self.settings.password, *secrets}
        hidden |= {token.digest, token.nonce} if token else set()
        hidden |= {session.token} if session else set()
        started, got, error = clock.now(), None, ""
        try:
            got = self._post(request, spoken.action, hasty=hasty)
            reply = self._read(got, message_id)
            hidden |= {reply.session.token} if reply.session else set()
            error = str(reply.fault or "")
        except SupplierError as wrong:
            error = f"{type(wrong).__name__}: {wrong.detail}"
            raise
        finally:
            self.recorder.record(
                message,
                message_id,
                request,
                got.body if got else None,
                status=got.status if got else None,
                error=error,
                started=started,
                key=key,
                secrets=hidden,
            )
        return reply

    def _post(self, request: bytes, action: str, *, hasty: bool) -> HttpReply:
        headers = {
            "Content-Type": "text/xml; charset=utf-8",
            "SOAPAction": f'"{ACTIONS}{action}"',
            "Accept": "text/xml",
            "Accept-Encoding": "gzip",
        }
        transport = self.hasty if hasty else self.transport
        return transport.send("POST", self.settings.endpoint, headers=headers, content=request)

    def _read(self, got: HttpReply, message_id: str) -> Reply:
        if got.status == 429:
            raise RateLimited("The supplier asks us to wait.", supplier=self.settings.code, supplier_code="429")
        return read(got.body, message_id, status=got.status, supplier=self.settings.code)

    def close(self) -> None:
        """Gives connections back."""
        self.transport.close()
        self.hasty.close()


def _hasty(patience: Patience) -> Patience:
    return replace(patience, read=min(patience.read, 10.0), whole=min(patience.whole, 15.0))


class Conversation:
    """`with Conversation(wire, key) as talk: talk.ask(…)`. The first `ask` starts it; leaving the block signs it out.
    What goes wrong while signing out is logged and changes nothing.
    """

    def __init__(self, wire: Wire, key: str = "", secrets: Iterable[str] = ()) -> None:
        self.wire, self.key, self.secrets = wire, key, tuple(secrets)
        self._lock = threading.Lock()
        self._session: SessionHeader | None = None
        self._sequence = 0  # the last one that was used, answered or not
        self._begun = self._over = self._broken = False

    def __enter__(self) -> Conversation:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.sign_out()

    def ask(self, message: str, body: Element) -> Reply:
        """The next message of the conversation. Raises: SessionLost (it broke off before; nothing was sent), and what
        `Wire.send` raises.
        """
        with self._lock:
            if self._over or self._broken:
                raise SessionLost("The conversation is over.", supplier=self.wire.settings.code)
            return self._ask(message, body, "InSeries")

    def _ask(self, message: str, body: Element, transaction: Transaction, *, hasty: bool = False) -> Reply:
        header = self._next(transaction)
        self._begun, self._broken = True, True  # until a reply shows that it goes on
        try:
            reply = self.wire.send(message, body, session=header, key=self.key, secrets=self.secrets, hasty=hasty)
        except NotSent:  # its number was not used, and a sign-out that skipped one would be refused
            self._sequence -= bool(header.id)
            raise
        self._learn(header, reply)
        return reply

    def _next(self, transaction: Transaction) -> SessionHeader:
        if not self._begun:
            return SessionHeader("Start")
        if self._session is None:
            raise SessionLost("The conversation never began.", supplier=self.wire.settings.code)
        self._sequence += 1
        return replace(self._session, status=transaction, sequence=self._sequence)

    def _learn(self, asked: SessionHeader, reply: Reply) -> None:
        told = reply.session
        if told is not None and asked.id and told.id and told.id != asked.id:
            raise NotOurs("The reply belongs to another conversation.", supplier=self.wire.settings.code)
        if told is not None and told.id and reply.ours:
            self._session = told
            self._sequence = max(self._sequence, told.sequence, 1)  # what began it was number 1, told or not
            self._over = told.status == "End"
            self._broken = False
        if reply.fault is not None and reply.fault.level.lower() == "session":
            self._broken = True
            self._over = self._over or reply.fault.code in _GONE

    def sign_out(self) -> None:
        """Ends it at the supplier's side, once. Never raises for what the supplier does."""
        with self._lock:
            if self._over or self._session is None:
                return
            try:
                reply = self._ask("Security_SignOut", requests.sign_out(self.wire.settings), "End", hasty=True)
                wrong = str(reply.fault or "")
            except SupplierError as error:
                wrong = error.detail
            except Exception as error:  # a verdict has been earned: nothing here may cost it
                wrong = type(error).__name__
            finally:
                self._over = True
            if wrong:
                logger.warning("A conversation with %s was not signed out: %s", self.wire.settings.code, wrong)
