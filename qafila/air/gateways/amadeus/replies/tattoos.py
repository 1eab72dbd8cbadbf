"""Tattoos: the numbers by which an order's parts name each other. An infant shares the number of the adult who
carries it and is `2/INF` here.
"""

from __future__ import annotations

from qafila.air.gateways.amadeus.xml import Element, every, text

_TRAVELLERS = frozenset({"PA", "PT", "P", "PAX", "PP", "PX"})
_INFANTS = frozenset({"PI", "INF"})
_SEGMENTS = frozenset({"ST", "S", "SEG", "SS"})


def infant(tattoo: str) -> str:
    """The name of the infant that an adult carries."""
    return f"{tattoo}/INF"


def references(el: Element | None, *, infants: bool = False) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The travellers and the segments that the references below an element name, each once, in order. `infants`: the
    whole thing is about the infants of the travellers named.
    """
    travellers: dict[str, None] = {}
    segments: dict[str, None] = {}
    for one in every(el, "//refDetails|reference|referenceDetails|passengerReference"):
        kind = text(one, "refQualifier|qualifier|type").upper()
        number = text(one, "refNumber|number|value")
        if not number:
            continue
        if kind in _INFANTS or (infants and kind in _TRAVELLERS):
            travellers[infant(number)] = None
        elif kind in _TRAVELLERS:
            travellers[number] = None
        elif kind in _SEGMENTS:
            segments[number] = None
    return tuple(travellers), tuple(segments)
