"""The parts pages are made of, as tags and filters; docs/ui.md shows each. Loaded in every template."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import template
from django.http import QueryDict
from django.template import Context
from django.utils.html import format_html, format_html_join, json_script
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from qafila.kernel.money import text
from qafila.kernel.ui import charts, fields, formats, markup, tables
from qafila.kernel.web import new_key

register = template.Library()

# ---- words, numbers, dates


@register.filter
def money(value: object, currency: object = "") -> SafeString | str:
    """`{{ amount|money:currency }}`: 48,500.00 with a muted INR in front."""
    return formats.money(value, str(currency or ""))


@register.filter
def statement(value: object, currency: object = "") -> SafeString | str:
    """As money, but negatives in brackets."""
    return formats.money(value, str(currency or ""), brackets=True)


@register.filter
def figure(value: object, currency: object = "") -> SafeString | str:
    """`{{ amount|figure:currency }}`: for columns of one currency: its grouping, no code, (1,200.00)."""
    return formats.figure(value, str(currency or ""))


@register.filter
def day(value: object, pattern: str = "j M Y") -> str:
    """`{{ d|day }}`: 18 Jan 2027; `{{ d|day:"D j M" }}`: Mon 18 Jan."""
    return formats.day(value, pattern)


@register.filter
def moment(value: object, style: str = "") -> SafeString | str:
    """`{{ at|moment }}`: an instant in the viewer's zone; `|moment:"ago"` as 3 h ago, `|moment:"time"` as 14:05."""
    return formats.moment(value, style)


@register.filter(name="hijri")
def hijri_filter(value: object) -> str:
    return formats.hijri(value)


@register.simple_tag
def hijri(value: object) -> SafeString | str:
    """The Hijri date, muted, to stand beside a Gregorian one."""
    text = formats.hijri(value)
    return format_html('<span class="hijri">{}</span>', text) if text else ""


@register.filter
def countdown(value: Any) -> SafeString | str:
    """Time left until an instant, counted down by the script; turns amber, then red."""
    shown = formats.moment(value)
    if not isinstance(shown, SafeString):
        return formats.NONE
    iso = value if isinstance(value, str) else value.isoformat()
    return format_html('<time class="countdown" datetime="{}" data-countdown>{}</time>', iso, formats.day(value))


@register.filter
def mono(value: object) -> SafeString | str:
    """A code in the monospaced face."""
    return format_html('<span class="mono">{}</span>', value) if value not in (None, "") else formats.NONE


@register.filter
def initials(name: object) -> str:
    return formats.initials(name)


@register.filter
def words(state: object) -> str:
    return formats.words(state)


@register.filter
def route(value: object) -> SafeString | str:
    """`{{ "SXR-DEL-JED"|route }}` or lists of airports: codes with arrows between."""
    chains = formats.airports(value)
    if not chains:
        return formats.NONE
    arrow = markup.icon("arrow-right", label=_("to"))
    parts: list[Any] = []
    for n, chain in enumerate(chains):
        if n:
            parts.append(format_html('<span class="turn" aria-hidden="true">{}</span>', "·"))
        for k, code in enumerate(chain):
            parts += [arrow, code] if k else [code]
    return format_html('<span class="route" dir="ltr">{}</span>', markup.joined(parts))


@register.filter
def allowed(right: str, actor: Any) -> bool:
    """`{% if "bookings.edit"|allowed:actor %}`; several rights with spaces between: all of them."""
    return bool(actor) and bool(actor.may(*right.split()))


@register.filter
def plain(value: Any) -> str:
    """A value as attributes need it: no digit grouping, a point for decimals, whatever the language."""
    return "" if value is None else text(value) if isinstance(value, Decimal) else str(value)


@register.filter
def get(container: Any, key: Any) -> Any:
    """A mapping's value or an object's attribute by a key known only to the template."""
    return container.get(key) if hasattr(container, "get") else getattr(container, str(key), None)


# ---- small marks


@register.simple_tag
def icon(name: str, extra: str = "", label: str = "") -> SafeString:
    return markup.icon(name, extra, label)


@register.simple_tag
def pill(state: Any, label: str = "", tone: str = "", machine: str = "", large: bool = False) -> SafeString | str:
    """`{% pill booking.state machine="air_booking" %}` or `{% pill "x" "Words" tone="amber" %}`."""
    return markup.pill(state, label, tone=tone, machine=machine, large=large)


@register.inclusion_tag("ui/code.html")
def code(value: object, href: str = "") -> dict[str, Any]:
    """A code with a button that copies it."""
    return {"value": value, "href": href}


@register.simple_tag
def count(number: Any, tone: str = "") -> SafeString:
    return format_html('<span class="count{}">{}</span>', f" count-{tone}" if tone else "", number)


@register.simple_tag
def form_key() -> SafeString:
    """The idempotency key of a form that opens now."""
    return format_html('<input type="hidden" name="idempotency_key" value="{}">', new_key())


@register.simple_tag
def script_words() -> SafeString:
    """The sentences the scripts say, in the page's language, as data."""
    return json_script(
        {
            "unreachable": _("The server could not be reached. Check the connection and try again."),
            "fault": _("Something went wrong on our side. Nothing is half-done; try again."),
            "list": _("Choose one from the list."),
            "leave": _("What you changed here is not saved yet."),
            "leaveTitle": _("Leave without saving?"),
            "leaveYes": _("Leave"),
        },
        "words",
    )


# ---- figures


@register.inclusion_tag("ui/kv.html")
def kv(label: str, value: Any = "", note: str = "") -> dict[str, Any]:
    """One label and value inside `<dl class="kv">`."""
    return {"label": label, "value": formats.NONE if value in (None, "") else value, "note": note}


@register.simple_block_tag
def fact(content: SafeString, label: str) -> SafeString:
    """`{% fact "PNR" %}…{% endfact %}`: as kv, for values with markup."""
    return format_html("<div><dt>{}</dt><dd>{}</dd></div>", label, content)


@register.inclusion_tag("ui/kpi.html")
def kpi(label: str, value: Any, sub: Any = "", href: str = "", icon: str = "", tone: str = "") -> dict[str, Any]:
    """One figure inside `<div class="kpis">`; tone "owed" or "cleared" colours it."""
    return {"label": label, "value": value, "sub": sub, "href": href, "icon": icon, "tone": tone}


@register.inclusion_tag("ui/capacity.html")
def capacity(booked: Any, total: Any, large: bool = False) -> dict[str, Any]:
    """Seats taken of seats there are."""
    return {**charts.filled(booked, total), "large": large}


@register.inclusion_tag("ui/progress.html")
def progress(done: Any, total: Any, label: str = "") -> dict[str, Any]:
    return {"done": done, "total": total, "label": label}


@register.inclusion_tag("ui/bars.html")
def bars(items: Iterable[Any], label: str = "", tone: str = "brand", every: int = 1) -> dict[str, Any]:
    """Bars of (label, value[, tone]); `every=2` names only every second bar."""
    return {"bars": charts.bars(items, tone), "label": label, "every": every}


@register.inclusion_tag("ui/spark.html")
def spark(values: Iterable[Any], label: str = "") -> dict[str, Any]:
    return {"points": charts.spark(list(values)), "label": label}


@register.inclusion_tag("ui/donut.html")
def donut(items: Iterable[Any], centre: Any = "", label: str = "") -> dict[str, Any]:
    """A ring of (label, value[, tone]) with its key beside it."""
    return {"slices": charts.donut(items), "centre": centre, "label": label}


# ---- pages


@register.inclusion_tag("ui/nothing.html")
def nothing(icon: str, title: str, text: str = "", url: str = "", action: str = "") -> dict[str, Any]:
    """What an empty place says, and what to do next. (Not named empty: that word belongs to `{% for %}`.)"""
    return {"icon": icon, "title": title, "text": text, "url": url, "action": action}


@register.inclusion_tag("ui/note.html")
def note(text: str, tone: str = "", icon: str = "") -> dict[str, Any]:
    """A sentence that must be read here: tone blue, amber, red or green."""
    signs = {"amber": "alert-triangle", "red": "alert-circle", "green": "circle-check"}
    return {"text": text, "tone": tone, "icon": icon or signs.get(tone, "info-circle")}


@register.inclusion_tag("ui/tabs.html", takes_context=True)
def tabs(
    context: Context, entries: Iterable[Any], active: str = "", key: str = "", target: str = "tab"
) -> dict[str, Any]:
    """A page's tabs (each key, label, url, count?), fetched when opened; `key` names what is remembered."""
    listed = list(entries)
    request = context.get("request")
    asked = active or (request.GET.get("tab", "") if request else "")
    known = [t["key"] for t in listed]
    current = asked if asked in known else (known[0] if known else "")
    chosen = next((t for t in listed if t["key"] == current), None)
    return {"tabs": listed, "current": current, "chosen": chosen, "key": key, "target": target, "asked": asked in known}


@register.inclusion_tag("ui/pager.html", takes_context=True)
def pager(context: Context, page: Any, target: str = "") -> dict[str, Any]:
    """First, last, total, and links to the neighbouring pages."""
    return {"page": page, "numbers": tables.page_window(page), "request": context.get("request"), "target": target}


def _head(context: Context, label: str, key: str, css: str, target: str) -> dict[str, Any]:
    request = context.get("request")
    now = request.GET.get("sort", "") if request else ""
    standing = {key: "ascending", f"-{key}": "descending"}.get(now, "") if key else ""
    then = f"-{key}" if standing == "ascending" else key
    return {
        "label": label,
        "key": key if request else "",
        "css": css,
        "standing": standing,
        "then": then,
        "request": request,
        "target": target,
    }


@register.inclusion_tag("ui/th.html", takes_context=True)
def sort_th(context: Context, label: str, key: str = "", css: str = "", target: str = "list") -> dict[str, Any]:
    """A column head; with a key it sorts, and again turns the order round."""
    return _head(context, label, key, css, target)


@register.inclusion_tag("ui/th.html", takes_context=True)
def column_head(context: Context, column: Any, target: str = "list") -> dict[str, Any]:
    """The head of a generic list's column."""
    return _head(context, column.label, column.sort, tables.css_of(column), target)


@register.simple_tag(takes_context=True)
def list_row(context: Context, listing: Any, row: Any) -> SafeString:
    """One row of a generic list; it opens where its row link or its first linked column leads."""
    return tables.table_row(listing, row, context.get("actor"))


@register.simple_tag
def keep(query: QueryDict, names: str) -> SafeString:
    """Hidden fields that keep these parts of the address when a filter form is sent."""
    pairs = ((name, query[name]) for name in names.split() if query.get(name))
    return format_html_join("", '<input type="hidden" name="{}" value="{}">', pairs)


# Where a thumb should reach at the counter and at the airport, the first four one may open.
THUMB = ("/app", "/sales/bookings", "/groups", "/tickets", "/operations/approvals", "/finance/journals")


@register.simple_tag
def thumb_of(nav: Iterable[Any]) -> list[Any]:
    entries = {item["url"]: item for section in nav or () for item in section["items"]}
    return [entries[url] for url in THUMB if url in entries][:4]


@register.simple_block_tag(takes_context=True)
def dialog(context: Context, content: SafeString, id: str, title: str, size: str = "") -> SafeString:  # noqa: A002
    """`{% dialog "issue" "Issue ticket" %}…{% enddialog %}`, opened by any `data-open="issue"`."""
    inner = {"id": id, "title": title, "size": size, "content": content}
    assert context.template is not None
    return context.template.engine.get_template("ui/dialog.html").render(Context(inner))


# ---- fields: see qafila/kernel/ui/fields.py

for tag in (fields.field, fields.select, fields.typeahead, fields.money_field, fields.check, fields.button):
    tag(register)
