"""PNR_Reply: the order as it stands at Amadeus."""

from __future__ import annotations

from dataclasses import dataclass

from qafila.air.gateways.amadeus.problems import Problem
from qafila.air.gateways.amadeus.xml import Element
from qafila.air.gateways.settings import AmadeusSettings
from qafila.air.gateways.values import FareLine, OrderSegment, OrderSnapshot, OrderTraveller, TimeLimit


@dataclass(frozen=True, slots=True)
class PnrElement:
    """A line of the order: its kind (AP, TK, FA, SSR, RM …), its text, and whom and which flights it is about."""

    kind: str
    tattoo: str
    text: str
    line: str = ""
    travellers: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PnrTst:
    """A stored fare of the order."""

    number: str
    fare: FareLine | None
    travellers: tuple[str, ...]
    segments: tuple[str, ...]
    time_limits: tuple[TimeLimit, ...] = ()


@dataclass(frozen=True, slots=True)
class PnrReply:
    """`locator` is empty, and `snapshot` None, as long as nothing is stored (option 0). `ticketing`: the indicator of the
    TK line (OK, TL, XL). `changed`: the supplier holds changes of this conversation that are not stored yet.
    """

    locator: str
    snapshot: OrderSnapshot | None
    problems: tuple[Problem, ...]
    travellers: tuple[OrderTraveller, ...] = ()
    segments: tuple[OrderSegment, ...] = ()
    elements: tuple[PnrElement, ...] = ()
    tsts: tuple[PnrTst, ...] = ()
    ticketing: str = ""
    version: str = ""
    changed: bool = False
    notes: tuple[str, ...] = ()


def pnr_reply(el: Element, settings: AmadeusSettings) -> PnrReply:
    """The order. Raises: Unreadable (another message)."""
    raise NotImplementedError
