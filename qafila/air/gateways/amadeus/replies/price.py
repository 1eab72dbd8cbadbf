"""Fare_PricePNRWithBookingClassReply and its sisters: what each passenger would pay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qafila.air.gateways.amadeus.problems import Problem, problems
from qafila.air.gateways.amadeus.replies import limits
from qafila.air.gateways.amadeus.replies.breakdown import breakdown, kind_of
from qafila.air.gateways.amadeus.replies.figures import money
from qafila.air.gateways.amadeus.replies.tattoos import references
from qafila.air.gateways.amadeus.xml import Element, every, expect, first, text, texts
from qafila.air.gateways.settings import AmadeusSettings
from qafila.air.gateways.values import FareLine, Money, TaxLine, TimeLimit, total_of

_REPLIES = (
    "Fare_PricePNRWithBookingClassReply",
    "Fare_PricePNRWithLowerFaresReply",
    "Fare_PricePNRWithLowestFareReply",
    "Ticket_DisplayTSTReply",
)


@dataclass(frozen=True, slots=True)
class PricedTst:
    """One fare of the reply: the number that stores it, and one passenger's fare (`fare.travellers` says whose).
    `ticketable` False: the supplier shows it and will not issue it.
    """

    number: str
    fare: FareLine
    time_limits: tuple[TimeLimit, ...] = ()
    notes: tuple[str, ...] = ()
    ticketable: bool = True


@dataclass(frozen=True, slots=True)
class PriceReply:
    """All fares offered. They are alternatives where one passenger occurs twice: never add them all up."""

    fares: tuple[PricedTst, ...]
    problems: tuple[Problem, ...]
    time_limits: tuple[TimeLimit, ...] = ()
    notes: tuple[str, ...] = ()


def price_reply(el: Element, settings: AmadeusSettings) -> PriceReply:
    """The fares. Raises: Unreadable (another message)."""
    reply = expect(el, *_REPLIES)
    fares: list[PricedTst] = []
    notes: list[str] = []
    for one in every(reply, "fareList"):
        priced = _priced(one, settings)
        if isinstance(priced, str):
            notes.append(priced)
        else:
            fares.append(priced)
    found = limits.distinct(limit for fare in fares for limit in fare.time_limits)
    return PriceReply(tuple(fares), problems(reply), found, tuple(notes))


def chosen(reply: PriceReply, travellers: Sequence[str] = (), numbers: Sequence[str] = ()) -> tuple[PricedTst, ...]:
    """One fare for every traveller on every flight. Alternatives come in the supplier's order: the first offered is
    taken, unless `numbers` names others, or it cannot be issued and another can; a fare that shares a flight of a
    traveller with one taken already is left. Empty when one of `travellers` would be left without.
    """
    wanted = set(numbers)
    in_order = sorted(reply.fares, key=lambda one: (one.number not in wanted, not one.ticketable))
    taken: list[PricedTst] = []
    covered: set[tuple[str, str]] = set()
    for one in in_order:
        pairs = {
            (who, where) for who in one.fare.travellers or ("",) for where in one.fare.segments or ("",)
        }  # fmt: skip
        if not pairs & covered:
            covered |= pairs
            taken.append(one)
    priced = {who for who, _ in covered}
    if any(who not in priced for who in travellers):
        return ()
    return tuple(sorted(taken, key=reply.fares.index))


def total(fares: Sequence[PricedTst]) -> Money | None:
    """What all their passengers pay together; None for no fares, or fares of two currencies."""
    amounts = [one.fare.total.times(one.fare.count) for one in fares]
    return total_of(amounts) if len({amount.currency for amount in amounts}) == 1 else None


def _priced(el: Element, settings: AmadeusSettings) -> PricedTst | str:
    """The fare, or a sentence on why it cannot be read."""
    number = text(el, "fareReference/uniqueReference")
    travellers, _ = references(first(el, "paxSegReference"))
    amounts = _amounts(el)
    fees, whole = amounts.get("TOF"), amounts.get("712") or amounts.get("T")
    if whole is None and (fared := amounts.get("TFT")):
        whole = fared + fees if fees and fees.currency == fared.currency else fared
    if whole is None:
        return f"fare {number}: no readable total"
    taxes, notes = _taxes(el)
    filed = amounts.get("B")
    parts = breakdown(amounts.get("E") or filed, whole, taxes, fees if fees and fees.amount else None)
    segments = _segments(el)
    limit, unread = limits.fare(el, settings)
    said = texts(el, "warningInformation/warningText/errorFreeText")
    ticketable = "NTF" not in texts(el, "fareIndicators/fareDetails/fareCategory")
    fare = FareLine(
        passenger_type=kind_of(travellers, (), _code(el)),
        count=max(len(travellers), 1),
        base=parts.base,
        tax=parts.tax,
        total=parts.total,
        taxes=taxes,
        fees=parts.fees,
        filed=filed if filed != parts.base else None,
        fare_bases=_bases(el),
        validating_carrier=text(el, "validatingCarrier/carrierInformation/carrierCode"),
        refundable=False if any("NON-REFUNDABLE" in words.upper() for words in said) else None,
        baggage=_baggage(el),
        travellers=travellers,
        segments=segments,
        reference=number,
    )
    return PricedTst(
        number,
        fare,
        (limit,) if limit else (),
        (
            *notes,
            *parts.notes,
            *((unread,) if unread else ()),
            *(() if ticketable else (f"fare {number} cannot be ticketed",)),
            *dict.fromkeys(said),
        ),
        ticketable,
    )


def _amounts(el: Element) -> dict[str, Money]:
    """The first amount of each qualifier: B base as filed, E equivalent, 712 all in all, TFT without and TOF of fees. A
    bulk fare's main line (IT, BT) has none.
    """
    found: dict[str, Money] = {}
    for one in every(el, "fareDataInformation/fareDataMainInformation|fareDataSupInformation"):
        amount = money(text(one, "fareAmount"), text(one, "fareCurrency"))
        if amount is not None:
            found.setdefault(text(one, "fareDataQualifier").upper(), amount)
    return found


def _taxes(el: Element) -> tuple[tuple[TaxLine, ...], tuple[str, ...]]:
    lines, notes = [], []
    for one in every(el, "taxInformation"):
        code, nature = text(one, "taxDetails/taxType/isoCountry"), text(one, "taxDetails/taxNature")
        shown = first(one, "amountDetails/fareDataMainInformation")
        amount = money(text(shown, "fareAmount"), text(shown, "fareCurrency"))
        if amount is None:
            notes.append(f"tax {code} {text(shown, 'fareAmount')}".strip())
        else:
            lines.append(TaxLine(code, amount, nature))
    return tuple(lines), tuple(notes)


def _code(el: Element) -> str:
    """The passenger type code a fare was filed for: of its flights, or of a stored fare as a whole."""
    return text(el, "segmentInformation//fareBasisDetails/discTktDesignator") or text(
        el, "statusInformation/firstStatusDetails/tstFlag"
    )


def _segments(el: Element) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for one in every(el, "segmentInformation/segmentReference"):
        found.update(dict.fromkeys(references(one)[1]))
    return tuple(found)


def _bases(el: Element) -> tuple[str, ...]:
    found = []
    for one in every(el, "segmentInformation/fareQualifier/fareBasisDetails"):
        basis, designator = text(one, "primaryCode") + text(one, "fareBasisCode"), text(one, "ticketDesignator")
        found.append(f"{basis}/{designator}" if designator else basis)
    return tuple(basis for basis in found if basis)


def _baggage(el: Element) -> str:
    """`1PC, 0PC`; `30K`: what each flight allows, told once when all are the same. A quantity of type W is a weight."""
    told = []
    for one in every(el, "segmentInformation/bagAllowanceInformation/bagAllowanceDetails"):
        pieces, weight = text(one, "baggageQuantity"), text(one, "baggageWeight")
        if text(one, "baggageType").upper() == "W":
            pieces, weight = "", weight or pieces
        told.append(f"{weight}{text(one, 'measureUnit', 'K')}" if weight else f"{pieces}PC" if pieces else "")
    return ", ".join(dict.fromkeys(words for words in told if words))
