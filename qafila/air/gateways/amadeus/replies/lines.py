"""The lines of an order beside names and flights: what each is about, without contact data, passports or cards."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from qafila.air.gateways.amadeus.replies.tattoos import references
from qafila.air.gateways.amadeus.xml import Element, every, first, text, texts
from qafila.air.gateways.masking import masked

# Lines that are made of what must not leave the adapter; of a form of payment its kind is kept.
_PRIVATE = frozenset({"AP", "AM", "AB", "FP", "FZ", "MA", "MB"})
_HARMLESS = frozenset({"FA", "FB", "FE", "FH", "FHA", "FHD", "FHE", "FHM", "FM", "FV"})
_PRIVATE_SSR = re.compile(r"DOC[SAO]|CTC[ERM]|FOID|PSPT|FQT.|EPAY|INF[TO]|CHLD|ADIP|PCTC", re.ASCII)


@dataclass(frozen=True, slots=True)
class PnrElement:
    """A line of the order: its kind (TK, FA, SSR, RM …), the code of a service (ADTK) or the category of a remark,
    its text (masked; empty for contacts and passports), whom and which flights it is about. `accepted` False: it was
    refused.
    """

    kind: str
    tattoo: str
    text: str = field(repr=False)
    code: str = ""
    status: str = ""
    line: str = ""
    travellers: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()
    accepted: bool = True


@dataclass(frozen=True, slots=True)
class RawLine:
    """A line with the place it was read from and its words as they are: for reading, not for keeping."""

    shown: PnrElement
    words: str = field(repr=False)
    el: Element = field(repr=False)


def lines(reply: Element) -> tuple[RawLine, ...]:
    """Every line, in the order of the reply."""
    return tuple(_line(one) for one in every(reply, "dataElementsMaster/dataElementsIndiv"))


def _line(el: Element) -> RawLine:
    management = first(el, "elementManagementData")
    kind = text(management, "segmentName").upper()
    ssr = first(el, "serviceRequest/ssr")
    remark = first(el, "extendedRemark/structuredRemark")
    words = _words(el, ssr)
    code = text(ssr, "type").upper() or text(remark, "category") or text(el, "miscellaneousRemarks/remarks/category")
    travellers, segments = references(
        first(el, "referenceForDataElement"), infants=bool(re.match(r"\s*INF\b", words)) and kind.startswith("F")
    )
    shown = PnrElement(
        kind=kind,
        tattoo=text(management, "reference/number"),
        text=_shown(kind, code, words),
        code=code,
        status=text(ssr, "status"),
        line=text(management, "lineNumber"),
        travellers=travellers,
        segments=segments,
        accepted=text(management, "status").upper() != "ERR",
    )
    return RawLine(shown, words, el)


def _words(el: Element, ssr: Element | None) -> str:
    if ssr is not None:
        return " ".join(texts(ssr, "freeText"))
    return " ".join(
        texts(el, "otherDataFreetext/longFreetext")
        or texts(el, "miscellaneousRemarks/remarks/freetext")
        or texts(el, "extendedRemark/structuredRemark/freetext")
    )


def _shown(kind: str, code: str, words: str) -> str:
    if kind == "FP":
        paid = re.match(r"(?:PAX|INF)?\s*([A-Z]{2,8})", words)
        return paid[1][:4] if paid and paid[1].startswith("CC") else (paid[1] if paid else "")
    if kind in _PRIVATE or (kind in ("SSR", "SK") and _PRIVATE_SSR.match(code)):
        return ""
    if kind == "OS" and re.search(r"\bCTC|@|//", words):
        return ""
    return words if kind in _HARMLESS else masked(words)
