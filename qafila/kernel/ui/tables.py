"""The cells of a generic list, by the kind of their column."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from qafila.kernel.pagination import Page
from qafila.kernel.ui import charts, formats, markup

CSS = {"money": "num", "number": "num", "pill": "pill-cell"}


def page_window(page: Page[Any], around: int = 2) -> list[int | None]:
    """Page numbers to offer: the first, the last, and those around the current one; None stands for a gap."""
    wanted = {1, page.pages, *range(page.page - around, page.page + around + 1)}
    numbers = sorted(n for n in wanted if 1 <= n <= page.pages)
    shown: list[int | None] = []
    for n in numbers:
        if shown and shown[-1] is not None and n - shown[-1] > 1:
            shown.append(None)
        shown.append(n)
    return shown


def _pill(column: Any, row: Any, value: Any) -> SafeString | str:
    label = getattr(row, f"{column.key}_label", "")
    tone = getattr(row, getattr(column, "tone", "") or f"{column.key}_tone", "")
    return markup.pill(value, label, tone=tone)


def _money(column: Any, row: Any, value: Any) -> SafeString | str:
    if column.currency.startswith("="):
        return formats.figure(value, column.currency[1:])
    return formats.money(value, getattr(row, column.currency, ""))


def _capacity(column: Any, row: Any, value: Any) -> SafeString | str:
    return render_to_string("ui/capacity.html", charts.filled(value, getattr(row, f"{column.key}_total", 0)))


def _spaced(text: str, css: str) -> SafeString:
    return format_html('<span class="{}">{}</span>', css, text)


SHOWN: dict[str, Callable[[Any, Any, Any], SafeString | str]] = {
    "pill": _pill,
    "money": _money,
    "capacity": _capacity,
    "code": lambda _column, _row, value: _spaced(str(value), "mono"),
    "number": lambda _column, _row, value: _spaced(str(value), "num"),
    "date": lambda _column, _row, value: _spaced(formats.day(value), "num"),
    "datetime": lambda _column, _row, value: formats.moment(value),
}


def inside(column: Any, row: Any) -> SafeString | str:
    """What a cell says; nothing for a value that is not there."""
    value = column.value(row)
    if value is None or value == "":
        return ""
    show = SHOWN.get(column.kind)
    return show(column, row, value) if show else str(value)


def css_of(column: Any) -> str:
    names = [
        CSS.get(column.kind, ""),
        "lead-cell" if column.primary else "",
        "d-none d-md-table-cell" if column.hide_on_phone else "",
    ]
    return " ".join(name for name in names if name)


def leads(column: Any, actor: Any) -> bool:
    """Whether the column's cells are links for this person: nobody is shown a way that is closed to them."""
    return column.link is not None and (not column.needs or (bool(actor) and bool(actor.may(column.needs))))


def cell(column: Any, row: Any, actor: Any = None) -> SafeString:
    """A whole <td>, named for the phone, linked when the column links."""
    shown: SafeString | str = inside(column, row)
    css = css_of(column)
    if shown == "":
        css = f"{css} blank-cell".strip()
    elif leads(column, actor):
        shown = format_html('<a href="{}">{}</a>', column.link(row), shown)
    named = format_html(' class="{}"', css) if css else ""
    return format_html('<td{} data-label="{}">{}</td>', named, _(column.label) if column.label else "", shown)


def table_row(listing: Any, row: Any, actor: Any = None) -> SafeString:
    """A whole <tr>: clicking it, or Enter on it, opens its link."""
    cells = format_html_join("", "{}", ((cell(column, row, actor),) for column in listing.columns))
    opens = listing.row_link or next((c.link for c in listing.columns if leads(c, actor)), None)
    href = format_html(' data-href="{}"', opens(row)) if opens else ""
    return format_html("<tr{}>{}</tr>", href, cells)
