"""What a package costs one customer. Pure. Source: domain.md, "Money of a booking" and "Create package booking"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from qafila.kernel.money import ZERO, rounded, spread, text
from qafila.sales.errors import BookingTypeDoesNotFit, RatesDisagree, RatesMissing
from qafila.sales.types import COMPONENTS, Tier
from qafila.tax.rules import Counts, Priced, Rate, TaxLine, price

FITS: dict[str, tuple[str, ...]] = {
    "UMRAH": ("umrah",),
    "UMRAH_ZIYARAT": ("umrah_ziyarat", "umrah"),
    "HAJ": ("hajj",),
    "HAJ_ZIYARAT": ("hajj_ziyarat", "hajj"),
    "ZIYARAT": ("ziyarat",),
    "GENERAL_DOMESTIC": ("domestic", "tour"),
    "GENERAL_INTERNATIONAL": ("international", "tour"),
}
"""Booking types that a group of each type sells; the first is its own."""

ALIASES = {"haj": "hajj", "haj_ziyarat": "hajj_ziyarat", "general": "tour", "general_domestic": "domestic"}
TIER_WORDS: dict[Tier, str] = {"adult": "adults", "child": "children", "infant": "infants"}


@dataclass(frozen=True)
class RatesAsked:
    """The rates a seller gave, per person; None or absent: not given. `total`: the agreed net total."""

    adult: Decimal | None = None
    child: Decimal | None = None
    infant: Decimal | None = None
    components: Mapping[str, Decimal] = field(default_factory=dict)
    total: Decimal | None = None

    @property
    def any(self) -> bool:
        return bool(self.components) or any(v is not None for v in (self.adult, self.child, self.infant, self.total))


def booking_type(asked: str, group_type: str) -> str:
    """The booking's type in our words; none asked is the group's own. Refuses: BookingTypeDoesNotFit."""
    word = asked.strip().lower().replace("-", "_").replace(" ", "_")
    word = ALIASES.get(word, word)
    fits = FITS[group_type]
    if not word:
        return fits[0]
    if word not in fits:
        raise BookingTypeDoesNotFit(
            f"{asked} does not fit this departure, which sells {' or '.join(fits)}.", field="booking_type"
        )
    return word


def sold_rates(
    sheet: Sequence[Rate], asked: RatesAsked, counts: Counts, currency: str, *, sheet_complete: bool = True
) -> tuple[Rate, ...]:
    """The component rates of a sale, per person and tier, in `currency`.

    A component given replaces the sheet's and re-sums the adult rate. A tier's rate given alone is spread over the
    tier's components in proportion, the last of them taking the remainder; where no component has a rate it is all
    flight. Refuses: RatesMissing (a tier that travels has no rate from anywhere), RatesDisagree (adult rate and
    components given, and they differ).
    """
    base = {rate.item: rate for rate in sheet}
    adult: dict[str, Decimal] = {item: base[item].adult if item in base else ZERO for item in COMPONENTS}
    child: dict[str, Decimal] = {item: base[item].child if item in base else ZERO for item in COMPONENTS}
    infant: dict[str, Decimal] = {item: base[item].infant if item in base else ZERO for item in COMPONENTS}
    adult.update(asked.components)
    if asked.adult is not None:
        if asked.components and sum(adult.values(), ZERO) != asked.adult:
            raise RatesDisagree(
                f"The components come to {text(sum(adult.values(), ZERO))} a head and the adult rate given is"
                f" {text(asked.adult)}: leave one out, or make them agree.",
                field="adult_rate",
            )
        adult = _over(asked.adult, adult, currency)
    if asked.child is not None:
        child = _over(asked.child, child if any(child.values()) else adult, currency)
    if asked.infant is not None:
        infant = _over(asked.infant, infant if any(infant.values()) else {}, currency)
    if asked.total is None and not sheet_complete:
        _need_rates(asked, counts)
    return tuple(
        Rate(item, adult[item], child[item], infant[item])
        for item in COMPONENTS
        if item != "meals" or adult[item] or child[item] or infant[item]
    )


def _over(total: Decimal, weights: Mapping[str, Decimal], currency: str) -> dict[str, Decimal]:
    weighty = [item for item in COMPONENTS if weights.get(item)]
    if not weighty:
        return {item: total if item == "flight" else ZERO for item in COMPONENTS}
    shares = dict(zip(weighty, spread(total, [weights[item] for item in weighty], currency), strict=True))
    return {item: shares.get(item, ZERO) for item in COMPONENTS}


def _need_rates(asked: RatesAsked, counts: Counts) -> None:
    given = {"adult": asked.adult is not None or bool(asked.components), "child": asked.child is not None}
    given["infant"] = asked.infant is not None
    for tier, count in (("adult", counts.adult), ("child", counts.child), ("infant", counts.infant)):
        if count and not given[tier]:
            raise RatesMissing(
                f"The group's rate sheet is not complete: give the {tier} rate, or price the group first.",
                field=f"{tier}_rate",
            )


def price_sale(
    rates: Sequence[Rate], taxes: Sequence[TaxLine], counts: Counts, currency: str, agreed: Decimal | None = None
) -> Priced:
    """A sale's price: rates x counts and the taxes on them; with an agreed total that total, and the taxes on it.

    The agreed total is spread over the components as the rates would have it, so that each tax keeps its own base.
    """
    if agreed is None:
        return price(rates, taxes, counts, currency)
    usual = price(rates, taxes, counts, currency)
    parts = _over(rounded(agreed, currency), usual.items, currency)
    return price([Rate(item, part) for item, part in parts.items()], taxes, Counts(adult=1), currency)
