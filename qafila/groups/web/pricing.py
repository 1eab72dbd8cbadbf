"""The Pricing tab: the rate sheet as a grid, its totals while one types, and what the inventory says."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from qafila.groups import queries
from qafila.groups.actions.save_rate_sheet import save_rate_sheet
from qafila.groups.refresh import refresh_from_inventory
from qafila.groups.schemas import DraftSheet, SheetIn
from qafila.groups.sheets import ITEMS, LABELS, TIERS, Sheet, one_of_each
from qafila.kernel.errors import Invalid
from qafila.kernel.forms import nested, parse, parse_data
from qafila.kernel.http import Request
from qafila.kernel.money import text
from qafila.kernel.web import page, refreshed, render
from qafila.tax.rules import Rate, TaxLine

CHANGED = "sheet-changed"


@page("groups.view", methods=("GET", "POST"))
def pricing(request: Request, code: str) -> HttpResponse:
    """GET, POST /groups/<code>/tab/pricing: the rate sheet; posting saves it (group_pricing.edit)."""
    found = queries.group(request.actor, code)
    if request.method == "POST":
        said = parse_data(_without_empty_taxes(nested(request.POST)), SheetIn)
        save_rate_sheet(actor=request.actor, group_id=found.id, sheet=said)
        return refreshed(_("The rate sheet of %(code)s is saved.") % {"code": found.code}, CHANGED)
    sheet = queries.rate_sheet(found.id)
    return render(
        request,
        "groups/pricing.html",
        group=found,
        sheet=sheet,
        rows=_rows(sheet),
        taxes=[(tax, f"{tax.rate.normalize():f}") for tax in sheet.tax_lines] or [(None, "")],
        items=[(item, LABELS[item]) for item in ITEMS],
        totals=one_of_each(sheet.rates, sheet.tax_lines, sheet.currency),
        modes=[("exclusive", _("added")), ("inclusive", _("included"))],
        kinds=[("gst", "GST/VAT"), ("tcs", "TCS")],
    )


@page("groups.view")
def totals(request: Request, code: str) -> HttpResponse:
    """GET /groups/<code>/tab/pricing/totals: what one of each costs by the sheet as typed so far, as a fragment."""
    sheet = queries.rate_sheet(queries.group(request.actor, code).id)
    data = _without_empty_taxes(nested(request.GET))
    data.pop("version", None)
    data.setdefault("tax_lines", [])
    try:
        draft = parse_data(data, DraftSheet)
    except Invalid as wrong:  # a figure half typed is no refusal yet: say what is missing, in place
        return render(request, "groups/totals.html", sheet=sheet, wrong=wrong.detail)
    rates, taxes = _drafted(draft)
    return render(request, "groups/totals.html", sheet=sheet, totals=one_of_each(rates, taxes, sheet.currency))


@page("group_pricing.edit", methods=("POST",))
def refresh(request: Request, code: str) -> HttpResponse:
    """POST /groups/<code>/tab/pricing/refresh: the sheet as the inventory would have it; nothing is saved."""
    found = queries.group(request.actor, code)
    fresh = refresh_from_inventory(request.actor, found.id)
    return render(request, "groups/refresh.html", group=found, fresh=fresh, sheet=fresh.sheet, tiers=TIERS)


@page("group_pricing.edit", methods=("POST",))
def keep(request: Request, code: str) -> HttpResponse:
    """POST /groups/<code>/tab/pricing/keep: save the figures that the inventory gave; everything else stays."""
    found = queries.group(request.actor, code)
    save_rate_sheet(actor=request.actor, group_id=found.id, sheet=parse(request, SheetIn))
    return refreshed(_("The sheet of %(code)s has the inventory's figures.") % {"code": found.code}, CHANGED)


def _rows(sheet: Sheet) -> list[dict[str, Any]]:
    """The four components with their figures, the group's own lines where there are any."""
    given = {rate.item for rate in sheet.rates}
    return [
        {
            "item": item,
            "label": LABELS[item],
            "figures": [(tier, text(getattr(sheet.rate(item), tier)) if item in given else "") for tier in TIERS],
        }
        for item in ITEMS
    ]


def _without_empty_taxes(data: dict[str, Any]) -> dict[str, Any]:
    """The form without tax rows nobody filled: a row's selects always say something."""
    rows = data.get("tax_lines")
    if isinstance(rows, list):
        data["tax_lines"] = [row for row in rows if not isinstance(row, dict) or row.get("name") or row.get("rate")]
    elif rows is None:
        data["tax_lines"] = []
    return data


def _drafted(draft: DraftSheet) -> tuple[list[Rate], list[TaxLine]]:
    given = [(item, getattr(draft.line_items, item)) for item in ITEMS]
    rates = [Rate(item, rate.adult, rate.child, rate.infant) for item, rate in given if rate is not None]
    taxes = [TaxLine(t.name, t.kind, t.rate, t.mode, tuple(t.applies_to)) for t in draft.tax_lines]
    return rates, taxes
