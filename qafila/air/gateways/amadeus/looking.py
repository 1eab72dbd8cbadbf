"""Reading the supplier's record: the order, and how the coupons of its documents stand."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial

from qafila.air.gateways.amadeus import requests
from qafila.air.gateways.amadeus.problems import errors
from qafila.air.gateways.amadeus.refusals import problem_error, raise_for
from qafila.air.gateways.amadeus.replies.edoc import EdocReply, edoc_reply
from qafila.air.gateways.amadeus.replies.pnr import PnrReply, pnr_reply
from qafila.air.gateways.amadeus.session import Wire
from qafila.air.gateways.amadeus.xml import Element
from qafila.air.gateways.errors import (
    AccessRefused,
    NotOurs,
    RateLimited,
    SessionLost,
    SupplierError,
    SupplierRefused,
    Unreadable,
)
from qafila.air.gateways.values import CouponStatus, Document, OrderRef, OrderSnapshot
from qafila.air.gateways.verdicts import understood, unsent

MOST = 100  # documents of an order that are asked about: nine travellers have some thirty
DEAD = frozenset({CouponStatus.VOID, CouponStatus.REFUNDED, CouponStatus.EXCHANGED})


def reader(wire: Wire) -> Callable[[Element], PnrReply]:
    """Reads PNR_Replies for the settings of this supplier."""
    return partial(pnr_reply, settings=wire.settings)


def order(wire: Wire, ref: OrderRef, *, key: str = "") -> tuple[PnrReply, OrderSnapshot]:
    """The order as it is stored, by a call outside every conversation. Raises: OrderNotFound, SupplierError."""
    reply = wire.send("PNR_Retrieve", requests.retrieve(wire.settings, ref.id), key=key)
    raise_for(reply, wire.settings.code)
    pnr = understood(reader(wire), reply.message)
    return pnr, stored_order(wire, ref, pnr)


def stored_order(wire: Wire, ref: OrderRef, pnr: PnrReply) -> OrderSnapshot:
    """The order of a reply that must show that one. Raises: OrderNotFound and SupplierRefused (it says why not),
    NotOurs (another order), Unreadable.
    """
    if pnr.snapshot is None or not pnr.locator:
        if errors(pnr.problems):
            raise problem_error(pnr.problems, wire.settings.code)
        raise Unreadable("The reply shows no stored order.", supplier=wire.settings.code)
    if pnr.locator.upper() != ref.id.upper():
        raise NotOurs("The reply shows another order.", supplier=wire.settings.code)
    return pnr.snapshot


def coupons(wire: Wire, numbers: Iterable[str], *, key: str = "") -> EdocReply:
    """How the coupons of these documents (MOST at the most) stand: one call for all, one more for each that the reply
    leaves out. Raises: SupplierRefused, SupplierError.
    """
    wanted = list(dict.fromkeys(numbers))[:MOST]
    got = _coupons(wire, wanted, key)
    documents, problems = list(got.documents), list(got.problems)
    if len(wanted) > 1:
        for number in [each for each in wanted if got.of(each) is None]:
            more = _coupons(wire, [number], key)
            documents += more.documents
            problems += more.problems
    return EdocReply(tuple(documents), tuple(problems))


def _coupons(wire: Wire, numbers: Sequence[str], key: str) -> EdocReply:
    reply = wire.send("Ticket_ProcessEDoc", requests.coupons(wire.settings, numbers), key=key)
    raise_for(reply, wire.settings.code)
    return understood(edoc_reply, reply.message)


def with_coupons(wire: Wire, snapshot: OrderSnapshot, *, key: str = "") -> OrderSnapshot:
    """The same order with its documents' coupon states. What cannot be asked stays UNKNOWN, and a note says so."""
    numbers = [number for each in snapshot.documents if (number := ticket_number(each))]
    if not numbers:
        return snapshot
    try:
        states = coupons(wire, numbers, key=key)
    except SupplierError as error:
        return replace(snapshot, notes=(*snapshot.notes, f"Coupon states could not be read: {error.detail}"))
    unread = [number for number in numbers if states.of(number) is None]
    notes = [f"The coupon states of {number} were not told." for number in unread]
    notes += [str(problem) for problem in errors(states.problems)]
    documents = tuple(_merged(each, states.of(each.number)) for each in snapshot.documents)
    return replace(snapshot, documents=documents, notes=(*snapshot.notes, *notes))


def coupons_before(wire: Wire, ref: OrderRef, numbers: Sequence[str], key: str) -> EdocReply | None:
    """How documents stand before a deciding request; None when the supplier will not show it, which stops nothing.
    Raises: Settled (it is out of reach).
    """
    try:
        return coupons(wire, numbers, key=key)
    except (AccessRefused, RateLimited, SessionLost) as error:
        raise unsent(error, ref) from error
    except SupplierRefused:
        return None
    except SupplierError as error:
        raise unsent(error, ref) from error


def _merged(document: Document, state: Document | None) -> Document:
    if state is None:
        return document
    status = state.status if state.status is not CouponStatus.UNKNOWN else document.status
    return replace(document, status=status, coupons=state.coupons or document.coupons)


def living(snapshot: OrderSnapshot) -> tuple[Document, ...]:
    """The tickets that are not known to be void, refunded or exchanged."""
    return tuple(each for each in snapshot.documents if each.kind == "ticket" and each.status not in DEAD)


def ticket_number(document: Document) -> str:
    """Its 13 digits, without a check digit; empty when it has none."""
    return found[0] if (found := re.match(r"[0-9]{13}(?=[0-9]?\Z)", document.number)) else ""


def document_of(snapshot: OrderSnapshot, number: str) -> Document | None:
    """One document of the order, with or without its check digit."""
    return next((each for each in snapshot.documents if each.number[:13] == number[:13]), None)
