"""Free baggage of a search reply: a combination of flights names a coverage (B), that an allowance (F) for each
slice.
"""

from __future__ import annotations

from qafila.air.gateways.amadeus.xml import Element, every, first, text


class Baggage:
    """What travellers may check in, `1PC` or `23K`, by combination and slice; nothing where the reply does not say."""

    def __init__(self, reply: Element) -> None:
        self._coverage: dict[str, list[tuple[str, frozenset[str]]]] = {}
        self._allowances: dict[str, str] = {}
        for group in every(reply, "serviceFeesGrp"):
            if text(group, "serviceTypeInfo/carrierFeeDetails/type", "FBA") != "FBA":
                continue  # bags for a fee
            for one in every(group, "serviceCoverageInfoGrp"):
                covered = [_covered(part) for part in every(one, "serviceCovInfoGrp")]
                self._coverage.setdefault(text(one, "itemNumberInfo/itemNumber/number"), covered)
            for one in every(group, "freeBagAllowanceGrp"):
                number = text(one, "itemNumberInfo/itemNumberDetails/number")
                self._allowances.setdefault(number, _allowance(first(one, "freeBagAllownceInfo/baggageDetails")))

    def of(self, combination: Element, slice_number: int) -> str:
        """The allowance on a slice, counted from 0."""
        for one in every(combination, "referencingDetail"):
            if text(one, "refQualifier") != "B":
                continue
            for allowance, slices in self._coverage.get(text(one, "refNumber"), ()):
                if not slices or str(slice_number + 1) in slices:
                    return self._allowances.get(allowance, "")
        return ""


def _covered(part: Element) -> tuple[str, frozenset[str]]:
    """The allowance of a part and the requested segments (RS) it is for; none named: all."""
    counted = every(part, "coveragePerFlightsInfo/numberOfItemsDetails")
    slices = frozenset(text(one, "refNum") for one in counted if text(one, "referenceQualifier") == "RS")
    return text(part, "refInfo/referencingDetail/refNumber"), slices


def _allowance(details: Element | None) -> str:
    free = text(details, "freeAllowance")
    unit = {"N": "PC", "W": text(details, "unitQualifier", "K")}.get(text(details, "quantityCode"), "")
    return f"{free}{unit}" if free else ""
