"""What a package costs and what tax is in it: one function prices sheet, booking, quotation and invoice. Pure.

Source: domain.md 3 "Rate sheet" and "Money of a booking".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_DOWN, Decimal
from typing import Literal

from qafila.kernel.money import minor_units, rounded

ZERO = Decimal(0)
HUNDRED = Decimal(100)
Kind = Literal["gst", "tcs"]
Mode = Literal["exclusive", "inclusive"]

TAXED_AS = {"meals": "hotel", "ticket": "flight", "ground": "ground_services"}
"""Components that a sheet knows by another name: a tax on `hotel` is also on the meals sold with the room."""


@dataclass(frozen=True)
class Rate:
    """One component's price a head, in the sheet's currency."""

    item: str
    adult: Decimal
    child: Decimal = ZERO
    infant: Decimal = ZERO


@dataclass(frozen=True)
class TaxLine:
    """One tax: `rate` in percent, added to its base (`exclusive`) or found inside it (`inclusive`)."""

    name: str
    kind: Kind
    rate: Decimal
    mode: Mode
    applies_to: tuple[str, ...]

    def takes(self, item: str) -> bool:
        return item in self.applies_to or TAXED_AS.get(item) in self.applies_to


@dataclass(frozen=True)
class Counts:
    """How many travel, by tier."""

    adult: int = 0
    child: int = 0
    infant: int = 0

    @property
    def heads(self) -> int:
        return self.adult + self.child + self.infant


@dataclass(frozen=True)
class TaxAmount:
    """A tax as computed: its line, its base and its amount, in the currency of the price."""

    line: TaxLine
    base: Decimal
    amount: Decimal


@dataclass(frozen=True)
class Priced:
    """A price taken apart, in one currency.

    `net` is the sum of rate x count as printed on the sheet, inclusive taxes inside. `tax_total` is every GST or VAT,
    added and included alike; `tcs_total` every TCS. `gross` is what is asked for: net + the added taxes.
    """

    net: Decimal
    items: dict[str, Decimal] = field(hash=False)
    taxes: tuple[TaxAmount, ...]
    tax_total: Decimal
    tcs_total: Decimal
    gross: Decimal

    @property
    def revenue(self) -> Decimal:
        """What is the agency's own: gross without any tax."""
        return self.gross - self.tax_total - self.tcs_total


def price(rates: Iterable[Rate], tax_lines: Sequence[TaxLine], counts: Counts, currency: str) -> Priced:
    """Price a sale: each component times its heads, each tax on its own base, rounded half-up a tax line.

    Exclusive: base x rate / 100, added. Inclusive: base x rate / (100 + rate), inside. Several taxes over one base are
    each on that base, never on one another - but TCS is collected on the whole amount the buyer pays for the package,
    so its base holds the GST added to its items (Income-tax Act 2025, s. 394(1): "the amount or the aggregate of
    amounts"; the conservative reading).
    """
    items: dict[str, Decimal] = {}
    for rate in rates:
        amount = rate.adult * counts.adult + rate.child * counts.child + rate.infant * counts.infant
        items[rate.item] = items.get(rate.item, ZERO) + amount
    items = {item: rounded(amount, currency) for item, amount in items.items()}
    net = sum(items.values(), ZERO)
    taxes = tuple(_taxed(line, items, tax_lines, currency) for line in tax_lines)
    added = sum((t.amount for t in taxes if t.line.mode == "exclusive"), ZERO)
    return Priced(
        net=net,
        items=items,
        taxes=taxes,
        tax_total=sum((t.amount for t in taxes if t.line.kind == "gst"), ZERO),
        tcs_total=sum((t.amount for t in taxes if t.line.kind == "tcs"), ZERO),
        gross=net + added,
    )


def _taxed(line: TaxLine, items: dict[str, Decimal], lines: Sequence[TaxLine], currency: str) -> TaxAmount:
    taken = [item for item in items if line.takes(item)]
    base = sum((items[item] for item in taken), ZERO)
    if line.kind == "tcs":
        for other in lines:
            if other.kind == "gst" and other.mode == "exclusive":
                shared = sum((items[item] for item in taken if other.takes(item)), ZERO)
                base += rounded(shared * other.rate / HUNDRED, currency)
    return TaxAmount(line, base, tax_on(base, line.rate, line.mode, currency))


def tax_on(base: Decimal, rate: Decimal, mode: Mode, currency: str) -> Decimal:
    """The tax of one base, half-up at the currency's minor unit."""
    divisor = HUNDRED if mode == "exclusive" else HUNDRED + rate
    return rounded(base * rate / divisor, currency)


@dataclass(frozen=True)
class GstPart:
    """A part of the GST on an invoice: the account it is owed on, its name on paper, its amount."""

    account: str
    label: str
    amount: Decimal


CGST, SGST, IGST = "2061-C", "2061-S", "2061-I"


def gst_split(amount: Decimal, agency_state: str, place_of_supply: str, currency: str) -> list[GstPart]:
    """GST by whom it belongs to: inside one state half to the centre, half to the state, else to the Union.

    The odd minor unit of a half goes to the state's part, so that the parts always sum to the amount. An unknown place
    of supply is the agency's own state. Nothing to split gives no parts. Source: IGST Act 2017, ss. 7, 8 and 12(2).
    """
    if not amount:
        return []
    if place_of_supply and agency_state and place_of_supply != agency_state:
        return [GstPart(IGST, "IGST", amount)]
    quantum = Decimal(1).scaleb(-minor_units(currency))
    half = (amount / 2).quantize(quantum, rounding=ROUND_DOWN)
    parts = [GstPart(CGST, "CGST", half), GstPart(SGST, "SGST", amount - half)]
    return [part for part in parts if part.amount]
