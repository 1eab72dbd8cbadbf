"""What stands on an invoice, line by line, from a sale's own rates and taxes. Pure.

Source: domain.md 2.4 ("booking invoice") and 3 ("Rate sheet": the same function prices sheet, booking and invoice).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from qafila.kernel.money import ZERO
from qafila.tax.rules import Counts, Rate, TaxAmount, gst_split
from qafila.tax.sac import TOUR_OPERATOR

ITEMS = {
    "flight": "Air travel",
    "hotel": "Hotel stay",
    "meals": "Meals",
    "visa": "Visa",
    "ground_services": "Ground transport",
    "package": "Package",
}
TIERS = (("adult", "adults"), ("child", "children"), ("infant", "infants"))
TCS_ACCOUNT = "2065"
VAT_ACCOUNT = "2061-V"


@dataclass(frozen=True)
class BillLine:
    """One line, in the invoice's currency. A tax that is `included` is inside the items' amounts already."""

    kind: Literal["item", "tax"]
    description: str
    quantity: int
    rate: Decimal
    amount: Decimal
    sac: str = ""
    tax_account: str = ""
    percent: Decimal | None = None
    base: Decimal | None = None
    included: bool = False


def item_lines(rates: Sequence[Rate], counts: Counts, net_total: Decimal) -> list[BillLine]:
    """A line for each component and tier that was sold; what was agreed beside the rates is a line of its own."""
    lines = []
    for rate in rates:
        for tier, words in TIERS:
            heads, each = getattr(counts, tier), getattr(rate, tier)
            if heads and each:
                name = f"{ITEMS.get(rate.item, rate.item)}, {words if heads != 1 else tier}"
                lines.append(BillLine("item", name, heads, each, heads * each, sac=TOUR_OPERATOR))
    agreed = net_total - sum((line.amount for line in lines), ZERO)
    if agreed:
        name = "Agreed reduction" if agreed < 0 else ("Agreed addition" if lines else "Package as agreed")
        lines.append(BillLine("item", name, 1, agreed, agreed, sac=TOUR_OPERATOR))
    return lines


def tax_lines(
    taxes: Sequence[TaxAmount], country: str, agency_state: str, place_of_supply: str, currency: str
) -> list[BillLine]:
    """GST split by whom it belongs to, each part with its own rate; TCS as it is; elsewhere than in India, VAT."""
    lines = []
    for tax in taxes:
        included = tax.line.mode == "inclusive"
        base = tax.base - tax.amount if included else tax.base
        if tax.line.kind == "tcs":
            if tax.amount:
                lines.append(_tax(tax.line.name, TCS_ACCOUNT, tax.amount, tax.line.rate, base, included))
            continue
        if country != "IN":
            if tax.amount:
                lines.append(_tax(tax.line.name, VAT_ACCOUNT, tax.amount, tax.line.rate, base, included))
            continue
        parts = gst_split(tax.amount, agency_state, place_of_supply, currency)
        for part in parts:
            percent = tax.line.rate / len(parts)
            lines.append(_tax(f"{part.label} ({tax.line.name})", part.account, part.amount, percent, base, included))
    return lines


def _tax(name: str, account: str, amount: Decimal, percent: Decimal, base: Decimal, included: bool) -> BillLine:
    return BillLine("tax", name, 1, amount, amount, tax_account=account, percent=percent, base=base, included=included)


def gross_of(lines: Sequence[BillLine]) -> Decimal:
    """What the lines ask for: the items and the taxes that are not inside them."""
    return sum((line.amount for line in lines if not line.included), ZERO)
