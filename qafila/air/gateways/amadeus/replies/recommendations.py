"""From a search reply's recommendations to offers. A recommendation is a price for several combinations of flights;
every combination is an offer. Its token is JSON text of what selling it needs:

{"v": 1, "slices": [["SXR", "JED"], …], "segments": [{"slice": 0, "carrier": "SV", "number": "1", "origin": "SXR",
"destination": "JED", "date": "2027-01-18", "departs": "09:05", "arrival_date": "2027-01-18", "arrives": "11:40",
"class": "V"}, …], "fares": [{"type": "ADT", "count": 2, "total": "300.00"}], "total": "600.00", "currency": "SAR",
"validating": "SV"}; dates and times are local to the airport.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from qafila.air.gateways.amadeus.replies.baggage import Baggage
from qafila.air.gateways.amadeus.replies.figures import amount, clock, day, money, office_zone, within
from qafila.air.gateways.amadeus.replies.people import passenger_type
from qafila.air.gateways.amadeus.replies.proposals import Proposal, proposals_of
from qafila.air.gateways.amadeus.xml import Element, every, first, text, texts
from qafila.air.gateways.settings import AmadeusSettings
from qafila.air.gateways.values import FareLine, LimitKind, Money, Offer, OfferSegment, TimeLimit, total_of

_CABINS = {"Y": "economy", "M": "economy", "W": "premium_economy", "C": "business", "J": "business", "F": "first"}


@dataclass(frozen=True, slots=True)
class _Fared:
    """What a recommendation charges one type of passenger, and in which classes, flight by flight of each slice."""

    line: FareLine
    products: dict[int, list[Element]]
    limits: tuple[TimeLimit, ...]
    notes: tuple[str, ...]


def offers_of(reply: Element, settings: AmadeusSettings) -> tuple[list[Offer], list[str]]:
    """All offers in the reply's order, and notes on recommendations that cannot be read."""
    currency = text(reply, "conversionRate/conversionRateDetail/currency") or settings.currency
    flights = proposals_of(reply)
    baggage = Baggage(reply)
    offers: list[Offer] = []
    notes: list[str] = []
    for one in every(reply, "recommendation"):
        number = text(one, "itemNumber/itemNumberId/number")
        fared = [found for found in (_fared(el, currency, settings) for el in every(one, "paxFareProduct")) if found]
        whole = _total(one, currency, fared)
        if not fared or len(fared) < len(every(one, "paxFareProduct")) or whole is None:
            notes.append(f"recommendation {number}: no readable price")
            continue
        for combination in every(one, "segmentFlightRef"):
            segments, about = _flown(combination, flights, fared, baggage)
            if segments:
                offers.append(_offer(settings, segments, fared, whole, about))
            else:
                notes.append(f"recommendation {number}: flights that are not in the reply")
    return offers, notes


def _flown(
    combination: Element,
    flights: Sequence[dict[str, Proposal | None]],
    fared: Sequence[_Fared],
    baggage: Baggage,
) -> tuple[tuple[OfferSegment, ...], tuple[str, ...]]:
    """The flights of a combination in the classes of its first fare, and notes on them; none when one is missing."""
    references = [
        text(one, "refNumber").lstrip("0")
        for one in every(combination, "referencingDetail")
        if text(one, "refQualifier") == "S"
    ]
    if len(references) != len(flights):
        return (), ()
    found: list[OfferSegment] = []
    notes: list[str] = []
    for number, (reference, proposals) in enumerate(zip(references, flights, strict=True)):
        proposal = proposals.get(reference)
        if proposal is None:
            return (), ()
        notes += proposal.notes
        products = fared[0].products.get(number, [])
        for place, segment in enumerate(proposal.segments):
            product = products[min(place, len(products) - 1)] if products else None
            found.append(_sold_as(segment, product, baggage.of(combination, number)))
    return tuple(found), tuple(notes)


def _sold_as(segment: OfferSegment, product: Element | None, baggage: str) -> OfferSegment:
    cabin = text(product, "cabinProduct/cabin")
    seats = text(product, "cabinProduct/avlStatus")
    return replace(
        segment,
        booking_class=text(product, "cabinProduct/rbd"),
        cabin=_CABINS.get(cabin, cabin),
        fare_basis=text(product, "fareProductDetail/fareBasis"),
        seats_left=int(seats) if re.fullmatch(r"\d{1,2}", seats, re.ASCII) else None,
        baggage=baggage,
    )


def _fared(el: Element, currency: str, settings: AmadeusSettings) -> _Fared | None:
    """One type of passenger: the amount is of each of them, taxes included."""
    detail = first(el, "paxFareDetail")
    total = money(text(detail, "totalFareAmount"), currency)
    tax = money(text(detail, "totalTaxAmount", "0"), currency)
    if total is None or tax is None:
        return None
    messages = [_message(one) for one in every(el, "fare/pricingMessage")]
    products = {
        _slice(one, place): every(one, "groupOfFares/productInformation")
        for place, one in enumerate(every(el, "fareDetails"))
    }
    line = FareLine(
        passenger_type=passenger_type(text(el, "paxReference/ptc")),
        count=max(len(every(el, "paxReference/traveller")), 1),
        base=total - tax,
        tax=tax,
        total=total,
        fare_bases=tuple(text(one, "fareProductDetail/fareBasis") for listed in products.values() for one in listed),
        validating_carrier=_validating(detail),
        refundable=_refundable(messages),
        reference=text(detail, "paxFareNum"),
    )
    limits, unread = _limits(messages, settings)
    told = (f"{code} {words}" for code, _, words in messages if code != "LTD")
    return _Fared(line, products, limits, (*unread, *told))


def _slice(el: Element, place: int) -> int:
    number = text(el, "segmentRef/segRef")
    return int(number) - 1 if re.fullmatch(r"[1-9]\d?", number, re.ASCII) else place


def _message(el: Element) -> tuple[str, str, str]:
    kind = first(el, "freeTextQualification")
    words = " ".join(texts(el, "description"))
    return text(kind, "textSubjectQualifier"), text(kind, "informationType"), words


def _validating(detail: Element | None) -> str:
    shared = every(detail, "codeShareDetails")
    named = next((one for one in shared if text(one, "transportStageQualifier") == "V"), None)
    return text(named, "company")


def _refundable(messages: Iterable[tuple[str, str, str]]) -> bool | None:
    if any(code == "PEN" and (kind == "70" or "NON-REFUNDABLE" in words.upper()) for code, kind, words in messages):
        return False
    return None


def _limits(
    messages: Iterable[tuple[str, str, str]], settings: AmadeusSettings
) -> tuple[tuple[TimeLimit, ...], tuple[str, ...]]:
    """`LAST TKT DTE 25SEP16 - SEE ADV PURCHASE`: until the end of that day by our office's clock; `11AUG17/12:14 LT`
    tells the time as well.
    """
    limits, notes = [], []
    for code, _, words in messages:
        if code != "LTD":
            continue
        parts = re.split(r"[\s/]+", words)
        place = next((number for number, part in enumerate(parts) if day(part)), len(parts))
        on = day("".join(parts[place : place + 1]))
        if on is None:
            notes.append(f"time limit not read: {words}")
        else:
            hour = "".join(parts[place + 1 : place + 2])
            when = clock(hour) if re.fullmatch(r"\d\d:?\d\d", hour, re.ASCII) else None
            limits.append(TimeLimit(LimitKind.TICKETING, within(on, when, office_zone(settings)), words))
    return tuple(limits), tuple(notes)


def _total(recommendation: Element, currency: str, fared: Sequence[_Fared]) -> Money | None:
    """All travellers together: the first amount without a type of its own; else the sum of all passengers."""
    for one in every(recommendation, "recPriceInfo/monetaryDetail"):
        figure = amount(text(one, "amount"))
        if not text(one, "amountType") and figure is not None:
            return money(text(one, "amount"), text(one, "currency", currency))
    return total_of(one.line.total.times(one.line.count) for one in fared) if fared else None


def _offer(
    settings: AmadeusSettings,
    segments: tuple[OfferSegment, ...],
    fared: Sequence[_Fared],
    total: Money,
    about: tuple[str, ...],
) -> Offer:
    lines = tuple(one.line for one in fared)
    limits = dict.fromkeys(limit for one in fared for limit in one.limits)
    told = (note for one in fared for note in (*one.notes, *_differences(one, fared[0])))
    notes = dict.fromkeys((*told, *about))
    if (added := total_of(line.total.times(line.count) for line in lines)) != total:
        notes[f"the fares of the travellers add up to {added}"] = None
    validating = next((line.validating_carrier for line in lines if line.validating_carrier), "")
    refundable = False if any(line.refundable is False for line in lines) else None
    return Offer(
        supplier=settings.code,
        token=json.dumps(_token(segments, lines, total, validating), separators=(",", ":")),
        segments=segments,
        fares=lines,
        total=total,
        validating_carrier=validating,
        time_limits=tuple(sorted(limits, key=lambda limit: limit.at)),
        refundable=refundable,
        notes=tuple(notes),
        simulated=settings.world == "simulated",
    )


def _differences(one: _Fared, sold: _Fared) -> tuple[str, ...]:
    """A child may be fared in another class than the adults' that is sold: pricing the order will show it."""
    classes, sold_classes = (
        [text(product, "cabinProduct/rbd") for listed in fared.products.values() for product in listed]
        for fared in (one, sold)
    )
    kind = one.line.passenger_type.value
    return (f"{kind} fared in classes {' '.join(classes)}",) if classes != sold_classes else ()


def _token(
    segments: tuple[OfferSegment, ...], lines: tuple[FareLine, ...], total: Money, validating: str
) -> dict[str, Any]:
    numbers = sorted({segment.slice for segment in segments})
    by_slice = [[segment for segment in segments if segment.slice == number] for number in numbers]
    return {
        "v": 1,
        "slices": [[flown[0].origin, flown[-1].destination] for flown in by_slice],
        "segments": [
            {
                "slice": segment.slice,
                "carrier": segment.carrier,
                "number": segment.number,
                "origin": segment.origin,
                "destination": segment.destination,
                "date": f"{segment.departs:%Y-%m-%d}",
                "departs": f"{segment.departs:%H:%M}",
                "arrival_date": f"{segment.arrives:%Y-%m-%d}",
                "arrives": f"{segment.arrives:%H:%M}",
                "class": segment.booking_class,
            }
            for segment in segments
        ],
        "fares": [
            {"type": line.passenger_type.value, "count": line.count, "total": str(line.total.amount)} for line in lines
        ],
        "total": str(total.amount),
        "currency": total.currency,
        "validating": validating,
    }
