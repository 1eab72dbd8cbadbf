"""The rate sheet of a group: what a place costs, by component and tier, and the taxes on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from qafila.groups.models import RateSheetLine, SheetTaxLine, TravelGroup
from qafila.kernel.errors import NotFound
from qafila.tax.rules import Counts, Priced, Rate, TaxLine, price

ITEMS = ("flight", "hotel", "visa", "ground_services")
LABELS = {"flight": "Flight", "hotel": "Hotel and meals", "visa": "Visa", "ground_services": "Ground services"}
TIERS = ("adult", "child", "infant")


@dataclass(frozen=True)
class Sheet:
    """A group's rate sheet as it stands. `hotel` includes meals. Rates a person, in `currency`."""

    group_id: int
    currency: str
    version: int
    rates: tuple[Rate, ...]
    tax_lines: tuple[TaxLine, ...]

    @property
    def is_complete(self) -> bool:
        return complete(self.rates)

    def rate(self, item: str) -> Rate:
        """A component's rate; nothing where the sheet is silent."""
        return next((rate for rate in self.rates if rate.item == item), Rate(item, Decimal(0)))

    def priced(self, counts: Counts) -> Priced:
        """What so many people cost by this sheet."""
        return price(self.rates, self.tax_lines, counts, self.currency)


def complete(rates: Sequence[Rate]) -> bool:
    """A sheet is complete when all four components have their line and an adult's place costs something."""
    return {rate.item for rate in rates} >= set(ITEMS) and any(rate.adult > 0 for rate in rates)


def one_of_each(rates: Sequence[Rate], taxes: Sequence[TaxLine], currency: str) -> dict[str, Priced]:
    """What one adult, one child, one infant cost: the totals under the sheet."""
    return {tier: price(rates, taxes, Counts(**{tier: 1}), currency) for tier in TIERS}


def rate_sheet(group_id: int) -> Sheet:
    """The rate sheet of a group. Three queries. Refuses: NotFound."""
    head = TravelGroup.objects.filter(pk=group_id, deleted_at=None).values_list("currency", "sheet_version").first()
    if head is None:
        raise NotFound("There is no such group.", field="group_id")
    lines = {line.item: line for line in RateSheetLine.objects.filter(group_id=group_id)}
    rates = [Rate(i, lines[i].adult, lines[i].child, lines[i].infant) for i in ITEMS if i in lines]
    taxes = SheetTaxLine.objects.filter(group_id=group_id).order_by("n")
    return Sheet(group_id, head[0], head[1], tuple(rates), tuple(_tax(tax) for tax in taxes))


def _tax(row: SheetTaxLine) -> TaxLine:
    return TaxLine(
        name=row.name,
        kind="tcs" if row.kind == "tcs" else "gst",
        rate=row.rate,
        mode="inclusive" if row.mode == "inclusive" else "exclusive",
        applies_to=tuple(row.applies_to),
    )
