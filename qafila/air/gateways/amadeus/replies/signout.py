"""Security_SignOutReply: whether the conversation is over."""

from __future__ import annotations

from dataclasses import dataclass

from qafila.air.gateways.amadeus.problems import Problem, problems
from qafila.air.gateways.amadeus.xml import Element, expect, text


@dataclass(frozen=True, slots=True)
class SignoutReply:
    done: bool
    problems: tuple[Problem, ...] = ()


def signout_reply(el: Element) -> SignoutReply:
    """Done when the status is P (processed). Raises: Unreadable (another message)."""
    reply = expect(el, "Security_SignOutReply")
    return SignoutReply(text(reply, "processStatus/statusCode") == "P", problems(reply))
