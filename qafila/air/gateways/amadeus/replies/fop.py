"""FOP_CreateFormOfPaymentReply: whether the form of payment stands in the order."""

from __future__ import annotations

from dataclasses import dataclass

from qafila.air.gateways.amadeus.problems import Problem, errors, problems
from qafila.air.gateways.amadeus.xml import Element, every, expect, text


@dataclass(frozen=True, slots=True)
class FormOfPayment:
    """One form of payment as stored: its tattoo, its code (CASH, CCVI …), whose it is (passenger tattoos)."""

    tattoo: str
    code: str
    travellers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FopReply:
    """`done`: at least one form of payment was stored and nothing was refused."""

    forms: tuple[FormOfPayment, ...]
    problems: tuple[Problem, ...]
    done: bool


def fop_reply(el: Element) -> FopReply:
    """The stored forms of payment. Raises: Unreadable (another message)."""
    reply = expect(el, "FOP_CreateFormOfPaymentReply")
    forms = tuple(
        FormOfPayment(
            text(one, "fopReference/reference/number"),
            text(one, "mopDescription/mopDetails/fopPNRDetails/fopDetails/fopCode") or text(one, "//fopCode"),
            tuple(
                text(who, "value")
                for who in every(one, "passengerAssociation/passengerReference")
                if text(who, "type") in ("PAX", "PT", "PA") and text(who, "value")
            ),
        )
        for one in every(reply, "fopDescription")
    )
    found = problems(reply)
    return FopReply(forms, found, bool(forms) and not errors(found))
