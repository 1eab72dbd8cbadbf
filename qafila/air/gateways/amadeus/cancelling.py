"""Letting an order's seats go, once its documents are void or refunded."""

from __future__ import annotations

from qafila.air.gateways.amadeus import requests
from qafila.air.gateways.amadeus.judging import complaint, decide, require, step
from qafila.air.gateways.amadeus.looking import living, order, reader, with_coupons
from qafila.air.gateways.amadeus.pricing import on_their_way, opened
from qafila.air.gateways.amadeus.replies.pnr import PnrReply
from qafila.air.gateways.amadeus.session import Conversation, Wire
from qafila.air.gateways.outcomes import Done, Doubt, Outcome, Unknown
from qafila.air.gateways.values import CouponStatus, OrderRef, OrderSnapshot, SegmentState
from qafila.air.gateways.verdicts import Said, Seen, Settled, ours, settle


def cancel(wire: Wire, ref: OrderRef, key: str) -> Outcome[OrderSnapshot]:
    """Cancels the whole itinerary and stores that; an order that holds none is Done and nothing is sent. Raises:
    Settled.
    """
    settings = wire.settings
    with Conversation(wire, key) as talk:
        pnr, snapshot = opened(wire, talk, ref)
        if let_go(snapshot):
            return Done(snapshot, ("The order was cancelled already; nothing was sent.",))
        if on_their_way(pnr, snapshot):
            raise ours("TICKETS_ON_THEIR_WAY", "The order says that it is ticketed, and its tickets do not show yet.")
        _check_documents(wire, ref, snapshot, key)
        sender = requests.received_from(settings)
        require(step(lambda: talk.ask("PNR_AddMultiElements", sender), reader(wire), ref).problems, ref)

        def judged(reply: PnrReply) -> Said[PnrReply]:
            wrong = complaint(reply, reply.problems)
            if wrong is not None:
                return wrong
            shown = reply.snapshot
            if reply.locator.upper() == ref.id.upper() and shown is not None and let_go(shown):
                return Said("yes", reply)
            return Said("doubt", reply, text="; ".join(map(str, reply.problems)) or "The reply still shows flights.")

        body = requests.cancel(settings)
        said = decide(lambda: talk.ask("PNR_Cancel", body), reader(wire), judged, ref)
    if said.word == "yes" and said.reply is not None and said.reply.snapshot is not None:
        return Done(with_coupons(wire, said.reply.snapshot, key=key))

    def look() -> Seen[OrderSnapshot]:
        _, now = order(wire, ref, key=key)
        return Seen("all", with_coupons(wire, now, key=key)) if let_go(now) else Seen("none")

    return settle(said, look, ref)


def let_go(snapshot: OrderSnapshot) -> bool:
    """No flight of the order is held any more. Where none can be read, some may be."""
    states = {segment.state for segment in snapshot.segments}
    return snapshot.cancelled or states == {SegmentState.CANCELLED}


def _check_documents(wire: Wire, ref: OrderRef, snapshot: OrderSnapshot, key: str) -> None:
    """Raises: Settled (a living ticket; tickets of which nobody can tell)."""
    if not living(snapshot):
        return
    alive = living(with_coupons(wire, snapshot, key=key))
    if any(document.status is not CouponStatus.UNKNOWN for document in alive):
        raise ours("TICKETED", "The order has tickets that are neither void nor refunded.")
    if alive:
        text = "Whether the tickets of the order are void could not be read."
        raise Settled(Unknown(Doubt.UNDECIDED, text, sent=False, ref=ref))
