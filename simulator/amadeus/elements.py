"""The lines of a PNR that are neither names nor flights: contacts, special requests, remarks, form of payment.

They are kept in `order.extra["elements"]` with the number (tattoo) they were given, which they keep for ever.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any, cast

from simulator.model import Order

TICKETING = 1  # the number of the TK line; it is rendered from the order's state
FIRST = 2
AIRLINE_LIMIT = 9000  # the SSR by which the airline tells its own limit
DOCUMENTS = 9001  # the FA and FB lines, in twos


@dataclass(slots=True)
class Element:
    """`kind` is AP, SSR, RM, FP, OS …; `subtype` the contact's or the request's type, a remark's category."""

    number: int
    kind: str
    subtype: str = ""
    text: str = ""
    company: str = ""
    status: str = ""
    passengers: list[int] = field(default_factory=list)
    segments: list[int] = field(default_factory=list)


def elements(order: Order) -> list[Element]:
    """In the order in which they were entered."""
    return [Element(**told) for told in cast(list[dict[str, Any]], order.extra.get("elements", []))]


def put(order: Order, changed: list[Element]) -> None:
    """Replace them all, and say the same in the fields that both dialects share."""
    order.extra["elements"] = [asdict(element) for element in changed]
    order.contacts = [(each.subtype, each.text) for each in changed if each.kind == "AP"]
    order.remarks = [each.text for each in changed if each.kind == "RM"]
    order.form_of_payment = next((each.text for each in changed if each.kind == "FP"), "")
    order.key = next((text[3:] for text in order.remarks if text.startswith("QK/")), order.key)
    passports = {tattoo: each.text for each in changed if each.subtype == "DOCS" for tattoo in each.passengers}
    for passenger in order.passengers:
        passenger.passport = passports.get(passenger.tattoo, passenger.passport)


def numbers(order: Order) -> Iterator[int]:
    """Numbers that were never given in this PNR, from the lowest."""
    given = cast(int, order.extra.get("last_element", FIRST - 1))
    while True:
        given += 1
        order.extra["last_element"] = given
        yield given
