"""Ticket_CreateTSTFromPricingReply: the numbers of the stored fares, which the issuing command wants."""

from __future__ import annotations

from dataclasses import dataclass

from qafila.air.gateways.amadeus.problems import Problem, problems
from qafila.air.gateways.amadeus.replies.tattoos import references
from qafila.air.gateways.amadeus.xml import Element, every, expect, first, text


@dataclass(frozen=True, slots=True)
class StoredTst:
    """One stored fare: its number, and whose it is (`2`, an infant `2/INF`); one may serve several passengers."""

    number: str
    travellers: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TstReply:
    """`locator` is empty before the first commit."""

    locator: str
    tsts: tuple[StoredTst, ...]
    problems: tuple[Problem, ...]


def tst_reply(el: Element) -> TstReply:
    """The stored fares. Raises: Unreadable (another message)."""
    reply = expect(
        el,
        "Ticket_CreateTSTFromPricingReply",
        "Ticket_CreateTSTFromMasterPricerReply",
        "Ticket_CreateTSMFromPricingReply",
    )
    stored = []
    for one in every(reply, "tstList"):
        number = text(one, "tstReference/uniqueReference") or text(one, "tstReference/iDDescription/iDSequenceNumber")
        travellers, segments = references(first(one, "paxInformation"))
        if number:
            stored.append(StoredTst(number, travellers, segments))
    return TstReply(text(reply, "pnrLocatorData//controlNumber"), tuple(stored), problems(reply))
