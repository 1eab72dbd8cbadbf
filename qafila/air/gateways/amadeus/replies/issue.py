"""DocIssuance_IssueTicketReply and its sisters: a letter and a text; never a ticket number (that is in the order)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from qafila.air.gateways.amadeus.problems import Problem, line_failure, problems
from qafila.air.gateways.amadeus.xml import Element, expect, text

IssueStatus = Literal["issued", "already", "refused", "doubtful"]


@dataclass(frozen=True, slots=True)
class IssueReply:
    """`issued`: the letter O. `already`: ticketed before (3025), no failure. `refused`: X in plain words.
    `doubtful`: the line broke, or a letter nobody knows: only the order can tell. The text with OK stands in an
    error group too.
    """

    status: IssueStatus
    code: str
    text: str
    letter: str = ""
    problems: tuple[Problem, ...] = ()


def issue_reply(el: Element) -> IssueReply:
    """The verdict of an issuing command, by its letter. Raises: Unreadable (another message)."""
    reply = expect(
        el,
        "DocIssuance_IssueTicketReply",
        "DocIssuance_IssueCombinedReply",
        "DocIssuance_IssueMiscellaneousDocumentsReply",
    )
    letter = text(reply, "processingStatus/statusCode") or text(reply, "//statusCode")
    found = problems(reply)
    code = found[0].code if found else ""
    words = "; ".join(dict.fromkeys(problem.text for problem in found if problem.text))
    return IssueReply(_status(letter, found, words), code, words, letter, found)


def _status(letter: str, found: tuple[Problem, ...], words: str) -> IssueStatus:
    if letter == "O":
        return "issued"
    if letter != "X":
        return "doubtful"
    if any(problem.code.lstrip("0") == "3025" for problem in found) or "ALREADY TICKETED" in words.upper():
        return "already"
    return "doubtful" if line_failure(words) else "refused"
