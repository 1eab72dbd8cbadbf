"""What a person types from an airline's screen, and what is checked of it before it is believed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from qafila.air.gateways.moments import Moment
from qafila.air.gateways.outcomes import Refused
from qafila.air.gateways.values import FareLine, Money
from qafila.air.gateways.verdicts import Settled

NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed for one call; each verb looks at its own part. `tickets` by traveller ref, `airline_locators` by
    carrier. `by` is who typed it.
    """

    locator: str = ""
    airline_locators: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    ticketing_limit: Moment | None = None
    total: Money | None = None
    fares: tuple[FareLine, ...] = ()
    tickets: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    refund: Money | None = None
    penalty: Money | None = None
    used: Money | None = None
    refund_reference: str = ""
    by: str = field(default="")


class Declined(Settled):
    """What was typed is not taken: something is missing, cannot be right, or comes too late; the code names it."""

    def __init__(self, code: str, sentence: str) -> None:
        self.refused = Refused(code, sentence, by="us")
        super().__init__(self.refused)


def costs_something(total: Money) -> None:
    """No order is for nothing. Refuses: Declined."""
    if total.amount <= 0:
        raise Declined("TOTAL_INVALID", f"{total} is no price: type what the order costs.")


def locator_of(written: str, *, field: str = "LOCATOR") -> str:
    """A record locator: 5 to 8 letters and digits, upper-case. Refuses: Declined."""
    plain = written.strip().upper()
    if not plain:
        raise Declined(f"{field}_MISSING", "The record locator is missing.")
    if not re.fullmatch(r"[A-Z0-9]{5,8}", plain):
        raise Declined(f"{field}_INVALID", f"{plain[:20]} is no record locator: 5 to 8 letters and digits.")
    return plain


def locator_warnings(locator: str) -> tuple[str, ...]:
    """Airlines' locators have 6 characters, some 5 or 7; a GDS's have 6."""
    return () if len(locator) == 6 else (f"{locator} has {len(locator)} characters: most locators have 6.",)


def ticket_number(written: str) -> str:
    """A ticket's 13 digits: the airline's numeric code and ten more. Blanks and hyphens go; a 14th digit must be the
    check digit, the number modulo 7, and goes too. Refuses: Declined.
    """
    plain = re.sub(r"[\s-]", "", written)
    if not plain:
        raise Declined("TICKET_NUMBER_MISSING", "A ticket number is missing.")
    if not re.fullmatch(r"[0-9]{13,14}", plain):
        raise Declined("TICKET_NUMBER_INVALID", f"{plain[:20]} is no ticket number: 13 digits, such as 176-2400000123.")
    number = plain[:13]
    if len(plain) == 14 and int(number) % 7 != int(plain[13]):
        raise Declined("TICKET_NUMBER_INVALID", f"{plain} ends with a wrong check digit: a digit is declined.")
    if not number.strip("0") or not number[3:].strip("0"):
        raise Declined("TICKET_NUMBER_INVALID", f"{number} is no ticket number.")
    return number


def ticket_numbers(written: Mapping[str, str], travellers: tuple[str, ...]) -> dict[str, str]:
    """A number of its own for every traveller and for nobody else. Refuses: Declined."""
    if unknown := sorted(written.keys() - set(travellers)):
        raise Declined("TICKET_TRAVELLER_UNKNOWN", f"{unknown[0]} is no traveller of this order.")
    found: dict[str, str] = {}
    for traveller in travellers:
        if not written.get(traveller, "").strip():
            raise Declined("TICKET_NUMBER_MISSING", f"The ticket number of {traveller} is missing.")
        number = ticket_number(written[traveller])
        if number in found.values():
            raise Declined("TICKET_NUMBER_TWICE", f"{number} was typed for two travellers.")
        found[traveller] = number
    return found
