"""Conversations: strictly serial, fifteen minutes of patience, and the PNR in work that is not stored yet.

A session is one row of the store, written with every reply, so that it outlives a restart.
Sources: supplier reference, 3 (sequence, faults 93, 95, 99); the idle limit is its section 7.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from simulator.amadeus.envelope import Standing
from simulator.amadeus.soap import Claim, Turned
from simulator.codec import order_text, read_order
from simulator.model import Order, PricedFare, Segment
from simulator.store import Store

IDLE = 15 * 60  # seconds
LIMIT = 50  # open sessions of one user
KIND = "amadeus.session"
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # 32, so that a byte draws one evenly
_SHELL = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class Work:
    """What a session has in view. `order` is a changed copy that is not stored; None: as the store has it.

    `quoted` is the last pricing, its numbers the fareReferences; `stored` the TSTs made and not committed; `held` the
    segments whose seats were taken and not committed; `refund` the documents of the refund record in work.
    """

    locator: str = ""
    version: int = 0
    order: Order | None = None
    quoted: list[PricedFare] = field(default_factory=list)
    stored: list[PricedFare] = field(default_factory=list)
    held: list[Segment] = field(default_factory=list)
    seats: int = 0
    refund: list[str] = field(default_factory=list)

    @property
    def changed(self) -> bool:
        return self.order is not None or bool(self.stored)

    def forget(self) -> None:
        """Nothing in view, nothing in work. Seats that were held are the caller's to give back."""
        self.locator, self.version, self.order, self.seats = "", 0, None, 0
        self.quoted, self.stored, self.held, self.refund = [], [], [], []


@dataclass(slots=True)
class Session:
    """`sequence` is the number of the last request answered."""

    id: str
    token: str
    sequence: int
    used_at: float
    work: Work = field(default_factory=Work)
    status: str = "InSeries"

    @property
    def standing(self) -> Standing:
        return Standing(self.status, self.id, self.sequence, self.token)


class Sessions:
    """The open conversations of the one user."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def start(self, now: datetime) -> Session:
        """Open one. Raises: Turned when the user has too many open."""
        if len(self._store.items(KIND, LIMIT)) >= LIMIT:
            raise Turned(" 14|Session|Max number of sessions reached")
        return Session(_drawn(10), _drawn(26), 1, now.timestamp())

    def single(self, now: datetime) -> Session:
        """What a stateless call is told: a session that is over with its first reply. It is not kept."""
        return Session(_drawn(10), _drawn(26), 1, now.timestamp(), status="End")

    def resume(self, claim: Claim, now: datetime) -> Session:
        """Go on with an open one. Raises: Turned with 95 (ended, idle, never was) or 93 (wrong token or sequence)."""
        session = self.peek(claim.id)
        if session is None or now.timestamp() - session.used_at > IDLE:
            raise Turned("95|Session|Inactive conversation", ends=True)
        known = secrets.compare_digest(session.token.encode(), claim.token.encode())
        if not known or claim.sequence != str(session.sequence + 1):
            raise Turned("93|Session|Illogical conversation")
        session.sequence += 1
        session.used_at = now.timestamp()
        return session

    def peek(self, id: str) -> Session | None:  # noqa: A002
        """The open session of this id, idle or not."""
        kept = self._store.item(KIND, id) if id else None
        return _read(id, kept) if kept else None

    def keep(self, session: Session) -> None:
        """Write it, or forget it when it is over."""
        if session.status == "End":
            self._store.drop(KIND, session.id)
        else:
            self._store.put(KIND, session.id, _told(session), session.used_at)

    def idle(self, now: datetime) -> list[Session]:
        """Those nobody spoke in for fifteen minutes: their seats go back and they are forgotten."""
        return [_read(name, kept) for name, kept in self._store.items(KIND, LIMIT, before=now.timestamp() - IDLE)]


def _drawn(length: int) -> str:
    return "".join(_LETTERS[byte & 31] for byte in secrets.token_bytes(length))


def _told(session: Session) -> dict[str, Any]:
    work = session.work
    told: dict[str, Any] = {
        "token": session.token,
        "sequence": session.sequence,
        "used_at": session.used_at,
        "locator": work.locator,
        "version": work.version,
    }
    if work.order is not None:
        told["order"] = order_text(work.order)
    if work.quoted or work.stored or work.held:
        told["parts"] = [_shell(work.quoted), _shell(work.stored), _shell([], work.held)]
    if work.refund or work.seats:
        told |= {"refund": work.refund, "seats": work.seats}
    return told


def _read(id: str, told: dict[str, Any]) -> Session:  # noqa: A002
    work = Work(told["locator"], told["version"], refund=told.get("refund", []), seats=told.get("seats", 0))
    if "order" in told:
        work.order = read_order(told["order"])
    if "parts" in told:
        quoted, stored, held = (read_order(part) for part in told["parts"])
        work.quoted, work.stored, work.held = quoted.fares, stored.fares, held.segments
    return Session(id, told["token"], told["sequence"], told["used_at"], work)


def _shell(fares: list[PricedFare], segments: list[Segment] | None = None) -> str:
    """Fares and segments as the store writes an order, so that there is one way of writing them."""
    return order_text(Order("", "amadeus", "", _SHELL, 1, "", "", "", [], segments or [], fares))
