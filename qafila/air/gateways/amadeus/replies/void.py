"""Ticket_CancelDocumentReply: one verdict for each document."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from qafila.air.gateways.amadeus.problems import Problem, line_failure, problems
from qafila.air.gateways.amadeus.xml import Element, every, expect, text, texts

VoidStatus = Literal["voided", "already", "refused", "doubtful"]


@dataclass(frozen=True, slots=True)
class VoidResult:
    """What became of one document: its 13 digits, when the supplier names it."""

    number: str
    status: VoidStatus
    code: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class VoidReply:
    """Every document's result; `problems` of the message as a whole and of the documents."""

    results: tuple[VoidResult, ...]
    problems: tuple[Problem, ...]

    def of(self, number: str) -> VoidResult | None:
        """The result of one document, with or without its check digit; a single result without a number is any's."""
        for result in self.results:
            if result.number and (number.startswith(result.number) or result.number.startswith(number)):
                return result
        return self.results[0] if len(self.results) == 1 and not self.results[0].number else None


def void_reply(el: Element) -> VoidReply:
    """The results, judged by `statusCode` (O done, N not done). `responseType` X is normal and says nothing.
    Raises: Unreadable (another message).
    """
    reply = expect(el, "Ticket_CancelDocumentReply")
    return VoidReply(tuple(_result(one) for one in every(reply, "transactionResults")), problems(reply))


def _result(el: Element) -> VoidResult:
    found = problems(el)
    words = "; ".join(problem.text for problem in found if problem.text)
    numbers = texts(el, "ticketNumbers//documentDetails/number") or texts(el, "//documentDetails/number")
    number = re.sub(r"\D", "", numbers[0])[:13] if numbers else ""
    status = _status(text(el, "responseDetails/statusCode"), words)
    return VoidResult(number, status, found[0].code if found else "", words)


def _status(letter: str, words: str) -> VoidStatus:
    if letter == "O":
        return "voided"
    if letter != "N" or line_failure(words):
        return "doubtful"
    return "already" if re.search(r"ALREADY\s+(?:BEEN\s+)?(?:VOID|CANCEL)", words.upper()) else "refused"
