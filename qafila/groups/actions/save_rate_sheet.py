"""Pricing a departure."""

from __future__ import annotations

from typing import Any

from qafila.groups.errors import GroupNotOpen
from qafila.groups.facts import RateSheetSaved
from qafila.groups.keeping import lock
from qafila.groups.models import RateSheetLine, SheetTaxLine, TravelGroup
from qafila.groups.schemas import RateIn, SheetIn, TaxLineIn
from qafila.groups.sheets import ITEMS, LABELS, TIERS, Sheet, rate_sheet
from qafila.groups.steps import tell
from qafila.kernel.actor import Actor
from qafila.kernel.audit import record
from qafila.kernel.errors import Invalid, StaleVersion
from qafila.kernel.facts import announce
from qafila.kernel.money import ZERO, minor_units, rounded, text
from qafila.kernel.transaction import action


@action
def save_rate_sheet(*, actor: Actor, group_id: int, sheet: SheetIn) -> int:
    """Save a group's rate sheet; answers its new version. Lines left out stay; tax lines, when given, replace all.

    The group is priced once all four components have their line. Bookings made keep the rates they were sold at.
    Refuses: NotFound, StaleVersion, GroupNotOpen (cancelled), Invalid at the figure. Source: document 001, 6.
    """
    actor.need("group_pricing.edit")
    row = lock(group_id)
    if row.sheet_version != sheet.version:
        raise StaleVersion(row.sheet_version)
    if row.cancelled_at is not None:
        raise GroupNotOpen(f"Group {row.code} is cancelled.", state="cancelled")
    before = rate_sheet(group_id)
    _write_rates(row, sheet)
    if sheet.tax_lines is not None:
        _write_taxes(row, sheet.tax_lines)
    after = rate_sheet(group_id)
    version = row.sheet_version + 1
    TravelGroup.objects.filter(pk=row.pk).update(sheet_version=version, is_priced=after.is_complete)
    adult = sum((rate.adult for rate in after.rates), start=ZERO)
    said = f"Rate sheet saved: {row.currency} {text(adult)} an adult before tax"
    tell(actor, row.pk, "priced", said if after.is_complete else f"{said}; not complete yet")
    record(actor, "group.priced", "group", row.pk, before=_plain(before), after=_plain(after))
    announce(actor, RateSheetSaved(row.pk, version))
    return version


def _write_rates(row: TravelGroup, sheet: SheetIn) -> None:
    for item in ITEMS:
        rate: RateIn | None = getattr(sheet.line_items, item)
        if rate is None:
            continue
        for tier in TIERS:
            amount = getattr(rate, tier)
            if amount != rounded(amount, row.currency):
                digits = minor_units(row.currency)
                raise Invalid(
                    f"{LABELS[item]}, {tier}: {row.currency} has at most {digits} digits after the point.",
                    field=("line_items", item, tier),
                )
        figures = {tier: getattr(rate, tier) for tier in TIERS}
        RateSheetLine.objects.update_or_create(group_id=row.pk, item=item, defaults=figures)


def _write_taxes(row: TravelGroup, lines: list[TaxLineIn]) -> None:
    seen: set[str] = set()
    for n, line in enumerate(lines):
        if line.name.casefold() in seen:
            raise Invalid(f"Two tax lines are called {line.name}.", field=("tax_lines", n, "name"))
        seen.add(line.name.casefold())
    SheetTaxLine.objects.filter(group_id=row.pk).delete()
    SheetTaxLine.objects.bulk_create(
        SheetTaxLine(
            group_id=row.pk,
            n=n,
            name=line.name,
            kind=line.kind,
            rate=line.rate,
            mode=line.mode,
            applies_to=[item for item in ITEMS if item in line.applies_to],
        )
        for n, line in enumerate(lines, 1)
    )


def _plain(sheet: Sheet) -> dict[str, Any]:
    rates = {r.item: f"{text(r.adult)} / {text(r.child)} / {text(r.infant)}" for r in sheet.rates}
    taxes = [f"{t.name} {t.rate.normalize():f}% {t.mode} on {', '.join(t.applies_to)}" for t in sheet.tax_lines]
    return {**rates, "taxes": taxes}
