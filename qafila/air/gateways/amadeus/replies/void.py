"""Ticket_CancelDocumentReply: one verdict for each document."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from qafila.air.gateways.amadeus.problems import Problem, errors, line_failure, problems
from qafila.air.gateways.amadeus.xml import Element, every, expect, text, texts

VoidStatus = Literal["voided", "already", "refused", "doubtful"]
_ALREADY = "6150"  # often without a word


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
        """The result of one document, with or without its check digit or its airline; a single result without a number
        is any's.
        """
        for result in self.results:
            if result.number and _same(number, result.number):
                return result
        return self.results[0] if len(self.results) == 1 and not self.results[0].number else None


def void_reply(el: Element) -> VoidReply:
    """The results, judged by `statusCode` (O done, N not done). `responseType` X is normal and says nothing. An error
    of the message without a result is the refusal of whatever was asked for. Raises: Unreadable (another message).
    """
    reply = expect(el, "Ticket_CancelDocumentReply")
    found = problems(reply)
    results = tuple(_result(one) for one in every(reply, "transactionResults"))
    if not results and (wrong := errors(found)):
        code, words = wrong[0].code, "; ".join(problem.text for problem in wrong if problem.text)
        results = (VoidResult("", _status("N", code, words), code, words),)
    return VoidReply(results, found)


def _same(asked: str, answered: str) -> bool:
    """Check digits are left out or not; a document may be answered by its ten digits without the airline's three."""
    if len(answered) in (10, 11):
        return asked[3:13] == answered[:10]
    return asked.startswith(answered) or answered.startswith(asked)


def _result(el: Element) -> VoidResult:
    found = problems(el)
    words = "; ".join(problem.text for problem in found if problem.text)
    numbers = texts(el, "ticketNumbers//documentDetails/number") or texts(el, "//documentDetails/number")
    number = re.sub(r"\D", "", numbers[0])[:13] if numbers else ""
    code = found[0].code if found else ""
    return VoidResult(number, _status(text(el, "responseDetails/statusCode"), code, words), code, words)


def _status(letter: str, code: str, words: str) -> VoidStatus:
    if letter == "O":
        return "voided"
    if letter != "N" or line_failure(words):
        return "doubtful"
    already = code.lstrip("0") == _ALREADY or re.search(r"ALREADY\s+(?:BEEN\s+)?(?:VOID|CANCEL)", words.upper())
    return "already" if already else "refused"
