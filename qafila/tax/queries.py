"""What the law says on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q

from qafila.tax.errors import NoRate
from qafila.tax.models import TaxRate


@dataclass(frozen=True)
class RateInfo:
    """A rate in force: in percent, with the law that sets it."""

    code: str
    name: str
    country: str
    rate: Decimal
    effective_from: date
    effective_to: date | None
    law: str


def _info(row: TaxRate) -> RateInfo:
    return RateInfo(row.code, row.name, row.country, row.rate, row.effective_from, row.effective_to, row.law)


def rate_on(code: str, day: date, country: str = "IN") -> RateInfo:
    """The rate of a rule on a day, e.g. `rate_on("GST_TOUR", invoice_date)`. One query. Refuses: NoRate."""
    row = (
        TaxRate.objects.filter(Q(effective_to=None) | Q(effective_to__gte=day))
        .filter(code=code, country=country, effective_from__lte=day)
        .order_by("-effective_from")
        .first()
    )
    if row is None:
        raise NoRate(f"No rate {code} is in force in {country} on {day:%d %b %Y}.")
    return _info(row)


def rates_on(day: date, country: str = "IN") -> list[RateInfo]:
    """Every rate in force on a day, by code: what a rate sheet offers. One query."""
    rows = TaxRate.objects.filter(Q(effective_to=None) | Q(effective_to__gte=day)).filter(
        country=country, effective_from__lte=day
    )
    return [_info(row) for row in rows.order_by("code", "-effective_from")]
