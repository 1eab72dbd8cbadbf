"""What a supplier says went wrong, in all the shapes it says it: one `Problem` for each, and `Fault` for SOAP's own.
Source: suppliers.md 3, error shapes (a) to (f).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from qafila.air.gateways.amadeus.xml import Element, first, name, text, texts, value

Severity = Literal["error", "warning", "info", "fine", "unknown"]

_SEVERITIES: dict[str, Severity] = {
    **dict.fromkeys(("EC", "X", "ERR", "ERC"), "error"),
    **dict.fromkeys(("WEC", "WZZ", "WA", "W"), "warning"),
    "INF": "info",
    **dict.fromkeys(("O", "STA"), "fine"),
}  # fmt: skip

# Where in a reply: the nearest of these above a problem, and the reference that tells which one it is.
_PLACES = {
    "travellerInfo": ("traveller", "elementManagementPassenger/reference"),
    "itineraryInfo": ("segment", "elementManagementItinerary/reference"),
    "dataElementsIndiv": ("element", "elementManagementData/reference"),
    "tstData": ("fare", "tstGeneralInformation/generalInformation"),
    "fareList": ("fare", "fareReference"),
    "recommendation": ("offer", ""),
    "segmentInformation": ("segment", ""),
    "enhancedPassengerGroup": ("traveller", "//referenceDetails|reference"),
    "transactionResults": ("document", "ticketNumbers/documentDetails"),
    "docDetailsGroup": ("document", "docInfo/documentDetails"),
    "docGroup": ("document", "docDetailsGroup/docInfo/documentDetails"),
    "generalDocGroup": ("document", "docInfo/documentDetails"),
    "ticketInfoGroup": ("document", "ticketInfo/documentDetails"),
    "documentGroup": ("document", "ticketInfoGroup/ticketInfo/documentDetails"),
    "eligibilityInfo": ("document", "//documentDetails"),
    "fopDescription": ("payment", "fopReference/reference"),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One error, warning or remark of a supplier: its code and its words, where in the reply it stood (message,
    traveller, segment, element, fare, document, payment, offer) and of which one (`PT 2`: a tattoo; a document number).
    """

    code: str
    text: str
    severity: Severity
    place: str = "message"
    owner: str = ""  # whose code list: 1A, an airline
    reference: str = ""
    category: str = ""  # as written: EC, WEC, INF …

    def __str__(self) -> str:
        words = " ".join(part for part in (self.code, self.text) if part)
        return f"{self.place} {self.reference}: {words}" if self.reference else words


@dataclass(frozen=True, slots=True)
class Fault:
    """A SOAP fault, its string `code|level|text` taken apart. `code` is the fault code when the string has no bars."""

    code: str
    level: str
    text: str
    actor: str = ""

    def __str__(self) -> str:
        return " ".join(part for part in (self.code, self.level, self.text) if part)


def fault(el: Element) -> Fault | None:
    """The fault of a whole envelope, of a body, or of a bare fault; None when there is none."""
    found = el if name(el) == "Fault" else first(el if name(el) == "Body" else first(el, "Body"), "Fault")
    if found is None:
        return None
    kind = (text(found, "faultcode") or text(found, "Code/Subcode/Value") or text(found, "Code/Value")).rpartition(":")[
        2
    ]
    words = text(found, "faultstring") or text(found, "Reason/Text")
    actor = text(found, "faultactor") or text(found, "Role")
    code, level, rest = _bars(words[:_LONGEST])
    return Fault(code or kind.rpartition(":")[2], level, rest, actor)


def _bars(words: str) -> tuple[str, str, str]:
    """`1929|Application|INVALID RECORD LOCATOR` in its three parts; words without bars are text alone."""
    parts = [part.strip() for part in words.split("|", 2)]
    if len(parts) == 1:
        return "", "", words
    return parts[0], parts[1], " ".join(parts[2:])


def errors(found: tuple[Problem, ...]) -> tuple[Problem, ...]:
    """Those that are errors for certain."""
    return tuple(problem for problem in found if problem.severity == "error")


def simultaneous(problem: Problem) -> bool:
    """Somebody else changed the order meanwhile. The code 8111 alone does not say so: NEED RECEIVED FROM has it too."""
    return "SIMULTANEOUS" in problem.text.upper()


_LINE = re.compile(
    r"COMMUNICATIONS? LINE|LINE (?:IS )?UNAVAILABLE|LINK (?:DOWN|UNAVAILABLE)|TIME ?-?OUT|NO (?:REPLY|RESPONSE)|"
    r"UNABLE TO (?:REACH|CONTACT|CONNECT)|SYSTEM (?:UNAVAILABLE|ERROR|DOWN|UNABLE)|TRY AGAIN|RETRY|TEMPORAR|"
    r"NOT AVAILABLE NOW|BEING PROCESSED|ALREADY PROCESSED|"
    r"HOST (?:UNAVAILABLE|DOWN)|SERVER (?:UNAVAILABLE|DOWN)|TECHNICAL|EDIFACT",
    re.IGNORECASE,
)


def line_failure(words: str) -> bool:
    """The words of a line that broke, whatever the code: nobody knows what reached the other side."""
    return bool(_LINE.search(words))


def problems(el: Element) -> tuple[Problem, ...]:
    """Everything a reply complains about, wherever it stands, in document order; the first 200 of a flood."""
    found: dict[Problem, None] = {}
    words = _Words()
    for anchor in el.iter(*_ANCHORS):
        problem = _problem(anchor, words)
        if problem is not None:
            found[problem] = None
        if len(found) >= _MOST:
            break
    return tuple(found)


def _problem(anchor: Element, words: _Words) -> Problem | None:
    kind = name(anchor)
    if kind in ("Error", "Warning"):
        return _ama(anchor, "error" if kind == "Error" else "warning")
    code = text(anchor, "errorCode|applicationErrorCode|error|dataValue|rejectNumber")
    if not code or (kind == "applicationErrorValue" and first(anchor, "errorDetails") is not None):
        return None
    category = text(anchor, "errorCategory|codeListQualifier|qualifier")
    owner = text(anchor, "errorCodeOwner|codeListResponsibleAgency|responsibleAgency")
    group = _group(anchor, words)
    place, reference = _place(anchor)
    told = words.of(group) or _beside(group)
    return Problem(code, told, _severity(category, code, group), place, owner, reference, category)


def _ama(anchor: Element, severity: Severity) -> Problem | None:
    code, words = anchor.get("Code", ""), value(anchor) or anchor.get("ShortText", "")
    if not (code or words):
        return None
    return Problem(code, words, severity, owner=anchor.get("Owner", ""), category=anchor.get("Type", ""))


def _group(anchor: Element, words: _Words) -> Element:
    """What holds code and words together: the parent when words stand beside, else the grandparent, never the reply."""
    parent = anchor.getparent()
    if parent is None or parent.getparent() is None or words.of(parent):
        return anchor if parent is None else parent
    grandparent = parent.getparent()
    return grandparent if grandparent is not None and not _whole(grandparent) else parent


def _whole(el: Element) -> bool:
    above = el.getparent()
    return above is None or name(above) in ("Body", "Envelope")


_WORDS = frozenset({"text", "description", "errortext", "rejectmessage"})
_MOST, _LONGEST = 200, 400  # problems of one reply; characters of one text
_ANCHORS = tuple(
    "{*}" + local
    for local in ("errorDetails", "errorDetail", "applicationErrorDetail", "applicationErrorValue", "Error", "Warning")
)


class _Words:
    """The words of groups, each group looked through once."""

    def __init__(self) -> None:
        self._known: dict[Element, str] = {}

    def of(self, group: Element) -> str:
        if group not in self._known:
            self._known[group] = "; ".join(dict.fromkeys(islice(_leaves(group), 20)))
        return self._known[group]


def _leaves(group: Element) -> Iterator[str]:
    for leaf in group.iterdescendants():
        local = name(leaf).lower()
        if (local.endswith("freetext") or local in _WORDS) and value(leaf):
            yield " ".join(value(leaf).split())[:_LONGEST]


def _beside(group: Element) -> str:
    """A coupon display has its words in a text of the whole message, beside the error."""
    above = group.getparent()
    if name(group) != "error" or above is None or not _whole(above):
        return ""
    return "; ".join(dict.fromkeys(" ".join(words.split()) for words in texts(above, "textInfo/freeText")))


def _severity(category: str, code: str, group: Element) -> Severity:
    if category:
        return _SEVERITIES.get(category.upper(), "unknown")
    if code in ("OK", "O"):
        return "fine"
    # Older replies have no category: what the group around it is called must do.
    local = name(group).lower()
    if "warning" in local:
        return "warning"
    return "error" if "error" in local else "unknown"


def _place(anchor: Element) -> tuple[str, str]:
    for above in anchor.iterancestors():
        if (known := _PLACES.get(name(above))) is not None:
            place, path = known
            return place, _reference(above, path)
    return "message", ""


def _reference(el: Element, path: str) -> str:
    at = first(el, path) if path else None
    kind = text(at, "qualifier|type") if name(el) not in _NUMBERED else ""
    number = text(at, "number|value|uniqueReference|tstReferenceNumber")
    return f"{kind} {number}".strip()


_NUMBERED = frozenset({"transactionResults", "docDetailsGroup", "docGroup", "generalDocGroup", "ticketInfoGroup",
                       "documentGroup", "eligibilityInfo"})  # fmt: skip
