"""Issuing: exactly once, and never on a price or an order that moved. The reply has no ticket number, so an issue is
always the command and a look at the order afterwards. Source: suppliers.md 6.4.
"""

from __future__ import annotations

from dataclasses import replace

from qafila.air.gateways.amadeus import requests
from qafila.air.gateways.amadeus.judging import decide, refusal
from qafila.air.gateways.amadeus.looking import DEAD, living, order, with_coupons
from qafila.air.gateways.amadeus.pricing import PriceToken, differences, opened, token_of
from qafila.air.gateways.amadeus.problems import simultaneous
from qafila.air.gateways.amadeus.replies.issue import IssueReply, issue_reply
from qafila.air.gateways.amadeus.replies.pnr import PnrReply
from qafila.air.gateways.amadeus.session import Conversation, Wire
from qafila.air.gateways.outcomes import Done, Doubt, Outcome, Unknown
from qafila.air.gateways.values import Issued, OrderRef, OrderSnapshot, Priced, SegmentState
from qafila.air.gateways.verdicts import Said, Seen, Settled, ours, settle
from qafila.kernel import clock

_STANDING = frozenset({SegmentState.CONFIRMED, SegmentState.FLOWN})


def issue(wire: Wire, ref: OrderRef, priced: Priced, key: str) -> Outcome[Issued]:
    """Electronic tickets for the stored fares of `priced`. Nothing is sent when the order is ticketed already. Raises:
    Settled.
    """
    token = token_of(priced)
    if token is None or priced.ref != ref:
        raise ours("NOT_PRICED", "This is no price of that order.")
    with Conversation(wire, key) as talk:
        pnr, snapshot = opened(wire, talk, ref)
        if snapshot.documents:
            snapshot = with_coupons(wire, snapshot, key=key)
        done = _already(ref, snapshot)
        if done is not None:
            return done
        _check(ref, pnr, snapshot, token, priced)
        body = requests.issue(wire.settings, [fare.number for fare in token.fares])
        said = decide(lambda: talk.ask("DocIssuance_IssueTicket", body), issue_reply, _judged, ref)
    before = frozenset(document.number for document in snapshot.documents)
    return settle(said, lambda: _look(wire, ref, before, key), ref)


def _already(ref: OrderRef, snapshot: OrderSnapshot) -> Outcome[Issued] | None:
    """Done when every traveller has a living ticket, PARTIAL when some have, or nobody can tell who travels; None when
    nobody has.
    """
    alive = living(snapshot)
    if not alive:
        return None
    if snapshot.travellers and not snapshot.unticketed():
        return Done(Issued(alive, snapshot), ("The order was ticketed already; nothing was sent.",))
    return Unknown(
        Doubt.PARTIAL,
        "Some travellers have tickets and others have none; nothing was sent.",
        ref=ref,
        seen=alive,
        notes=snapshot.notes,
    )


def _check(ref: OrderRef, pnr: PnrReply, snapshot: OrderSnapshot, token: PriceToken, priced: Priced) -> None:
    """Raises: Settled (the flights do not stand, the price moved, the time is up)."""
    fallen = [segment for segment in snapshot.segments if segment.state not in _STANDING]
    if snapshot.cancelled or fallen or not snapshot.segments:
        told = ", ".join(f"{segment.carrier}{segment.number} {segment.status}" for segment in fallen)
        raise ours("SEGMENTS_NOT_CONFIRMED", f"Not every flight is confirmed: {told or 'there is none'}.")
    moved = differences(pnr, token.fares)
    if any(tst.fare is None for tst in pnr.tsts if tst.number in {fare.number for fare in token.fares}):
        raise Settled(Unknown(Doubt.UNREADABLE, " ".join(moved), sent=False, ref=ref))
    if moved:
        raise ours("PRICE_CHANGED", " ".join(moved))
    paying = {traveller for fare in token.fares for traveller in fare.travellers}
    if paying and paying != {traveller.id for traveller in snapshot.travellers}:
        raise ours("PRICE_CHANGED", "The travellers are not those the price was made for.")
    limit = snapshot.time_limit
    ends = [end for end in (limit.at if limit else None, priced.valid_until) if end is not None]
    if ends and min(ends) <= clock.now():
        raise ours("TIME_LIMIT_PASSED", f"The time limit passed at {min(ends):%d %b %Y %H:%M %Z}.")


def _judged(reply: IssueReply) -> Said[IssueReply]:
    """3025 is a yes of somebody else's making. After 8111 tickets may exist that the order could not be told of."""
    if reply.status in ("issued", "already"):
        return Said("yes", reply, reply.code, reply.text)
    if reply.status == "refused" and not any(simultaneous(problem) for problem in reply.problems):
        return refusal(reply, reply.code, reply.text)
    return Said("doubt", reply, reply.code, reply.text or f"The letter {reply.letter or 'is missing'}.")


def _look(wire: Wire, ref: OrderRef, before: frozenset[str], key: str) -> Seen[Issued]:
    """What the order shows of new tickets: those it had before the command were all dead."""
    _, snapshot = order(wire, ref, key=key)
    new = tuple(document for document in living(snapshot) if document.number not in before)
    told = replace(snapshot, documents=tuple(each for each in snapshot.documents if each in new or each.status in DEAD))
    if not new:
        return Seen("none", notes=snapshot.notes)
    if told.unticketed() or not told.travellers:
        return Seen("some", documents=new, notes=snapshot.notes)
    seen = with_coupons(wire, snapshot, key=key)
    numbers = {document.number for document in new}
    return Seen("all", Issued(tuple(each for each in seen.documents if each.number in numbers), seen))
