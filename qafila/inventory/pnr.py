"""Which record locator holds: one function, used by every screen, document and issue (domain, section 2.5)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Source = Literal["request", "ticket", "passenger", "leg", "block", "group_flight", "none"]
SHAPE = re.compile(r"^[A-Z0-9]{5,8}$")


@dataclass(frozen=True)
class Pnr:
    """A record locator and where it came from; `value` is empty when no source has one."""

    value: str
    source: Source


def resolve_pnr(
    *,
    direction: str,
    leg: str | None = None,
    block: str = "",
    block_return: str = "",
    group_flight: str = "",
    passenger: str = "",
    ticket: str = "",
    requested: str = "",
) -> Pnr:
    """Passenger override > leg > block (return legs: the block's return PNR) > group flight.

    At issue what was asked for, then what the ticket carries, come before the four.
    """
    of_block = (block_return or block) if direction == "return" else block
    candidates: list[tuple[str, Source]] = [
        (requested, "request"),
        (ticket, "ticket"),
        (passenger, "passenger"),
        (leg or "", "leg"),
        (of_block, "block"),
        (group_flight, "group_flight"),
    ]
    return next((Pnr(value.upper(), source) for value, source in candidates if value), Pnr("", "none"))
