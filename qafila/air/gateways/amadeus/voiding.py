"""Voiding a document on its day of issue, and how its coupons stand, which is the evidence."""

from __future__ import annotations

from dataclasses import replace

from qafila.air.gateways.amadeus import requests
from qafila.air.gateways.amadeus.judging import decide, refusal_before
from qafila.air.gateways.amadeus.looking import coupons_before, document_of, order, ticket_number, with_coupons
from qafila.air.gateways.amadeus.problems import errors
from qafila.air.gateways.amadeus.replies.void import VoidReply, void_reply
from qafila.air.gateways.amadeus.session import Wire
from qafila.air.gateways.errors import SupplierError
from qafila.air.gateways.outcomes import Done, Doubt, Outcome
from qafila.air.gateways.values import CouponStatus, Document, OrderRef
from qafila.air.gateways.verdicts import Said, Seen, ours, settle

_UNDONE = {CouponStatus.FLOWN: "flown", CouponStatus.REFUNDED: "refunded", CouponStatus.EXCHANGED: "exchanged"}


def void(wire: Wire, ref: OrderRef, document: Document, key: str) -> Outcome[Document]:
    """One request outside every conversation; a document that is void already is Done and nothing is sent. Raises:
    Settled.
    """
    number = ticket_number(document)
    if not number:
        raise ours("NO_TICKET_NUMBER", "This document has no ticket number of 13 digits.")
    before = _before(wire, ref, number, key)
    if before is not None and before.status is CouponStatus.VOID:
        done = replace(document, status=CouponStatus.VOID, coupons=before.coupons)
        return Done(done, ("The document was void already; nothing was sent.",))
    if before is not None and before.status in _UNDONE:
        raise ours("NOT_VOIDABLE", f"The document is {_UNDONE[before.status]}.")

    def judged(reply: VoidReply) -> Said[VoidReply]:
        result = reply.of(number)
        if result is None:
            return Said("doubt", reply, text="The reply says nothing of this document.")
        if result.status == "voided":
            return Said("yes", reply)
        if result.status == "refused":
            return Said("no", reply, result.code, result.text or "Not voided.")
        doubt = Doubt.UNCONFIRMED if result.status == "already" else Doubt.UNDECIDED
        return Said("doubt", reply, result.code, result.text or result.status, doubt)

    body = requests.void(wire.settings, number)
    said = decide(lambda: wire.send("Ticket_CancelDocument", body, key=key), void_reply, judged, ref)
    if said.word == "yes":
        return Done(replace(document, status=CouponStatus.VOID, coupons=()))
    return settle(said, lambda: _look(wire, ref, document, key), ref)


def _before(wire: Wire, ref: OrderRef, number: str, key: str) -> Document | None:
    """How the document stands before anything is sent. Raises: Settled (no such ticket; the supplier is out of reach).
    A display that is refused for another reason stops nothing.
    """
    reply = coupons_before(wire, ref, [number], key)
    if reply is None:
        return None
    state = reply.of(number)
    if state is None and any("NOT FOUND" in problem.text.upper() for problem in errors(reply.problems)):
        raise refusal_before(reply.problems, ref)
    return state


def _look(wire: Wire, ref: OrderRef, document: Document, key: str) -> Seen[Document]:
    """What the coupons say; what the order's own line says when they say nothing."""
    _, snapshot = order(wire, ref, key=key)
    snapshot = with_coupons(wire, snapshot, key=key)
    found = document_of(snapshot, document.number)
    if found is not None and found.status is CouponStatus.VOID:
        return Seen("all", replace(document, status=CouponStatus.VOID, coupons=found.coupons))
    if found is None or found.status is CouponStatus.UNKNOWN:
        raise SupplierError("The coupons of the document could not be read.", supplier=wire.settings.code)
    return Seen("none", notes=(f"The document is {found.status.value}.",))
