"""The fares stored in an order (TST). Their amounts are of one passenger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qafila.air.gateways.amadeus.replies import limits
from qafila.air.gateways.amadeus.replies.breakdown import breakdown, kind_of
from qafila.air.gateways.amadeus.replies.figures import money, none_of
from qafila.air.gateways.amadeus.replies.tattoos import references
from qafila.air.gateways.amadeus.xml import Element, every, first, text, texts
from qafila.air.gateways.settings import AmadeusSettings
from qafila.air.gateways.values import FareLine, Money, OrderTraveller, TaxLine, TimeLimit, total_of


@dataclass(frozen=True, slots=True)
class PnrTst:
    """A stored fare of the order. `fare` is None when the order shows no readable total."""

    number: str
    fare: FareLine | None
    travellers: tuple[str, ...]
    segments: tuple[str, ...]
    time_limits: tuple[TimeLimit, ...] = ()
    notes: tuple[str, ...] = ()


def stored_fares(
    reply: Element, people: Sequence[OrderTraveller], validating: str, settings: AmadeusSettings, city: str
) -> tuple[PnrTst, ...]:
    """All stored fares, from `tstData`; where an order has none, their totals from its pricing records."""
    found = tuple(_tst(one, people, validating, settings, city) for one in every(reply, "tstData"))
    if found:
        return found
    records = every(reply, "pricingRecordGroup/productPricingQuotationRecord")
    return tuple(_record(one, people, validating) for one in records)


def total(tsts: Sequence[PnrTst]) -> Money | None:
    """What the stored fares come to for all their passengers; None when one has no total, or there are two
    currencies.
    """
    if not tsts or any(tst.fare is None for tst in tsts):
        return None
    amounts = [tst.fare.total.times(tst.fare.count) for tst in tsts if tst.fare]
    return total_of(amounts) if len({amount.currency for amount in amounts}) == 1 else None


def _tst(
    el: Element, people: Sequence[OrderTraveller], validating: str, settings: AmadeusSettings, city: str
) -> PnrTst:
    infants = any(
        text(one, "freetextDetail/type") == "41" and text(one, "longFreetext") == "INF"
        for one in every(el, "tstFreetext")
    )
    travellers, segments = references(first(el, "referenceForTstData"), infants=infants)
    number = text(el, "tstGeneralInformation/generalInformation/tstReferenceNumber")
    amounts = {
        text(one, "qualifier"): money(text(one, "amount"), text(one, "currencyCode"))
        for one in every(el, "fareData/monetaryInfo")
    }
    taxes, notes = _taxes(el)
    filed, whole = amounts.get("F") or amounts.get("B"), amounts.get("T")
    limit, unread = limits.fare(el, settings, city)
    found_limits = (limit,) if limit else ()
    notes = (*notes, unread) if unread else notes
    if whole is None:
        return PnrTst(number, None, travellers, segments, found_limits, (*notes, f"stored fare {number}: no total"))
    parts = breakdown(amounts.get("E") or filed, whole, taxes, None)
    fare = FareLine(
        passenger_type=kind_of(travellers, people, "INF" if infants else ""),
        count=max(len(travellers), 1),
        base=parts.base,
        tax=parts.tax,
        total=parts.total,
        taxes=taxes,
        filed=filed if filed != parts.base else None,
        fare_bases=_bases(el),
        validating_carrier=validating,
        baggage=", ".join(dict.fromkeys(texts(el, "fareBasisInfo/fareElement/baggageAllowance"))),
        travellers=travellers,
        segments=segments,
        reference=number,
    )
    own = tuple(f"stored fare {number}: {note}" for note in parts.notes)
    return PnrTst(number, fare, travellers, segments, found_limits, (*notes, *own))


def _taxes(el: Element) -> tuple[tuple[TaxLine, ...], tuple[str, ...]]:
    lines, notes = [], []
    for one in every(el, "fareData/taxFields"):
        code, amount = text(one, "taxCountryCode"), money(text(one, "taxAmount"), text(one, "taxCurrency"))
        if amount is None:
            notes.append(f"tax {code} {text(one, 'taxAmount')}".strip())  # EXEMPT
        elif text(one, "taxIndicator") == "O":
            notes.append(f"tax {code} paid before: {amount}")  # an exchange
        else:
            lines.append(TaxLine(code, amount, text(one, "taxNatureCode")))
    return tuple(lines), tuple(notes)


def _bases(el: Element) -> tuple[str, ...]:
    found = []
    for one in every(el, "fareBasisInfo/fareElement"):
        basis, designator = text(one, "primaryCode") + text(one, "fareBasis"), text(one, "ticketDesignator")
        found.append(f"{basis}/{designator}" if designator else basis)
    return tuple(basis for basis in found if basis)


def _record(el: Element, people: Sequence[OrderTraveller], validating: str) -> PnrTst:
    travellers, segments = references(el)
    number = text(el, "pricingRecordId/uniqueReference")
    shown = next(
        (
            money(text(one, "amount"), text(one, "currency"))
            for one in every(el, "documentDetailsGroup/totalFare/monetaryDetails|otherMonetaryDetails")
            if text(one, "typeQualifier") == "T"
        ),
        None,
    )
    if shown is None:
        return PnrTst(number, None, travellers, segments, (), (f"stored fare {number}: no total",))
    fare = FareLine(
        passenger_type=kind_of(travellers, people),
        count=max(len(travellers), 1),
        base=shown,
        tax=none_of(shown.currency),
        total=shown,
        validating_carrier=validating,
        travellers=travellers,
        segments=segments,
        reference=number,
    )
    return PnrTst(number, fare, travellers, segments, (), (f"stored fare {number}: only its total is shown",))
