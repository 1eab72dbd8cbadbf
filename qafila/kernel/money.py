"""Money: Decimal and a currency, rounded half-up to the currency's minor unit. Never float."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Annotated

from babel.numbers import get_currency_precision, list_currencies
from pydantic import AfterValidator, Field, PlainSerializer

ZERO = Decimal(0)


@cache
def minor_units(currency: str) -> int:
    """Digits after the point: INR 2, KWD/BHD/OMR 3, JPY 0."""
    return get_currency_precision(currency)


@cache
def _quantum(currency: str) -> Decimal:
    return Decimal(1).scaleb(-minor_units(currency))


def rounded(amount: Decimal, currency: str) -> Decimal:
    """The amount half-up at the currency's minor unit."""
    return amount.quantize(_quantum(currency), rounding=ROUND_HALF_UP)


def converted(amount: Decimal, rate: Decimal, currency: str) -> Decimal:
    """`amount` x `rate`, rounded in `currency`."""
    return rounded(amount * rate, currency)


def spread(amount: Decimal, weights: Sequence[Decimal], currency: str) -> list[Decimal]:
    """The amount divided in proportion to the weights; the last takes the remainder. Sum is exact."""
    if not weights:
        return []
    whole = sum(weights, ZERO)
    shares = [rounded(amount * weight / whole, currency) if whole else ZERO for weight in weights[:-1]]
    shares.append(amount - sum(shares, ZERO))
    return shares


def text(amount: Decimal) -> str:
    """The amount as JSON carries it: at least two digits after the point, no exponent."""
    digits = f"{amount:f}"
    whole, _, cents = digits.partition(".")
    return f"{whole}.{cents.rstrip('0').ljust(2, '0')}"


@cache
def currencies() -> frozenset[str]:
    # ISO 4217 also lists metals, funds and "no currency" (XAU, XXX…): nobody pays in those.
    return frozenset(
        code for code in list_currencies() if not code.startswith("X") or code in ("XAF", "XCD", "XOF", "XPF")
    )


def _known(code: str) -> str:
    if code not in currencies():
        raise ValueError(f"{code} is not an ISO 4217 currency")
    return code


Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$", examples=["INR"]), AfterValidator(_known)]
"""A request's currency: three capital letters that ISO 4217 knows."""

# 15 digits and 3 decimals are what numeric(18,3) holds.
AmountIn = Annotated[Decimal, Field(ge=0, max_digits=15, decimal_places=3, examples=["52000.00"])]
"""A request's amount: not negative, at most three digits after the point."""
PositiveAmountIn = Annotated[Decimal, Field(gt=0, max_digits=15, decimal_places=3, examples=["52000.00"])]
RateIn = Annotated[Decimal, Field(gt=0, max_digits=12, decimal_places=6, examples=["22.45"])]
Amount = Annotated[Decimal, PlainSerializer(text, return_type=str)]
"""An answer's amount: a decimal string."""
